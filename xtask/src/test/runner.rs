//! Runs a program, shows the lines that matter and counts the tests that its runner reports.
//!
//! Invariant: what is not understood is shown; only the lines of tests that passed are held back.

use std::io::{BufRead, BufReader};

use crate::run::Step;

/// What to do with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Show it.
    Yes,
    /// Hold it back.
    No,
    /// Show it; it says that so many passed and failed.
    Count(usize, usize),
}

/// How a program went.
pub struct Ran {
    /// It ended with 0.
    pub success: bool,
    /// Tests that its lines say passed.
    pub passed: usize,
    /// Tests that its lines say failed.
    pub failed: usize,
}

/// Runs it; its stderr goes straight through.
///
/// # Errors
/// When it cannot be started.
pub fn run(step: Step, shown: fn(&str) -> Shown) -> anyhow::Result<Ran> {
    let (mut child, stdout) = step.spawn_reading()?;
    let mut ran = Ran { success: false, passed: 0, failed: 0 };
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        match shown(&line) {
            Shown::No => continue,
            Shown::Yes => {}
            Shown::Count(passed, failed) => {
                ran.passed += passed;
                ran.failed += failed;
            }
        }
        println!("{line}");
    }
    ran.success = child.wait()?.success();
    Ok(ran)
}

/// Every line matters, none counts.
pub fn all_lines(_: &str) -> Shown {
    Shown::Yes
}

/// Lines of a program whose last one is `N passed, N failed`.
pub fn sum_lines(line: &str) -> Shown {
    let counts = line.strip_suffix(" failed").and_then(|rest| rest.split_once(" passed, "));
    match counts.map(|(passed, failed)| (passed.parse(), failed.parse())) {
        Some((Ok(passed), Ok(failed))) => Shown::Count(passed, failed),
        _ => Shown::Yes,
    }
}

/// Lines of `cargo test`: libtest and libtest-mimic.
pub fn cargo_lines(line: &str) -> Shown {
    if let Some(rest) = line.strip_prefix("test result:") {
        let number = |word: &str| {
            let before = rest.split(word).next()?;
            before.trim_end().rsplit([' ', ';']).next()?.parse().ok()
        };
        if let (Some(passed), Some(failed)) = (number(" passed"), number(" failed")) {
            return if (passed, failed) == (0, 0) { Shown::No } else { Shown::Count(passed, failed) };
        }
    }
    let passed = line.starts_with("test ") && line.ends_with(" ok");
    let nothing = line.trim().is_empty() || line == "running 0 tests";
    if passed || nothing { Shown::No } else { Shown::Yes }
}

/// What Maven ends with even where it is told to use no colour.
const RESET: &str = "\x1b[0m";

/// Lines of Maven with Surefire.
pub fn maven_lines(line: &str) -> Shown {
    if line.replace(RESET, "").trim().is_empty() {
        return Shown::No;
    }
    if let Some(at) = line.find("Tests run: ") {
        let rest = line.get(at..).unwrap_or_default();
        let number = |word: &str| -> Option<usize> {
            let after = rest.split(word).nth(1)?;
            after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        // A class's own line ends with its time; the module's sum does not.
        let of_a_class = rest.contains("Time elapsed");
        let counts = (number("Tests run: "), number("Failures: "), number("Errors: "), number("Skipped: "));
        return match counts {
            (Some(run), Some(failures), Some(errors), Some(skipped)) if !of_a_class => {
                let failed = failures + errors;
                Shown::Count(run.saturating_sub(failed + skipped), failed)
            }
            _ if line.starts_with("[INFO]") => Shown::No,
            _ => Shown::Yes,
        };
    }
    let words = ["Building ", "BUILD "];
    let kept = !line.starts_with("[INFO]") || words.iter().any(|word| line.contains(word));
    if kept { Shown::Yes } else { Shown::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cargo_test_are_counted_or_held_back() {
        for (line, shown) in [
            (
                "test result: ok. 34 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                Shown::Count(34, 0),
            ),
            ("test result: FAILED. 33 passed; 1 failed; 0 ignored", Shown::Count(33, 1)),
            ("test result: ok. 0 passed; 0 failed; 0 ignored", Shown::No),
            ("test os4/identity::row 7 ... ok", Shown::No),
            ("test a::b ... FAILED", Shown::Yes),
            ("error: test failed", Shown::Yes),
        ] {
            assert_eq!(cargo_lines(line), shown, "{line}");
        }
    }

    #[test]
    fn the_last_line_of_a_sum_counts() {
        assert_eq!(sum_lines("10000 passed, 0 failed"), Shown::Count(10_000, 0));
        assert_eq!(sum_lines("9 passed, 1 failed"), Shown::Count(9, 1));
        assert_eq!(sum_lines("seed 7: legacy and core differ"), Shown::Yes);
    }

    #[test]
    fn lines_of_maven_are_counted_once() {
        for (line, shown) in [
            (
                "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in dev.A",
                Shown::No,
            ),
            ("[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 2", Shown::Count(10, 0)),
            ("[ERROR] Tests run: 12, Failures: 1, Errors: 2, Skipped: 0", Shown::Count(9, 3)),
            (
                "[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 1 s <<< FAILURE! -- in dev.A",
                Shown::Yes,
            ),
            ("[INFO] Building Ferrule guard 0.1.0", Shown::Yes),
            ("[INFO] --- compile", Shown::No),
            ("[WARNING] careful", Shown::Yes),
            ("\x1b[0m\x1b[0m", Shown::No),
        ] {
            assert_eq!(maven_lines(line), shown, "{line}");
        }
    }
}
