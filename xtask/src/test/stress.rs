//! jcstress on what threads share in the guard: the decision word, the beacon, the worker's token.
//!
//! What it is: a short run by day and a longer one in the night. What it is not: proof; it has seen no forbidden outcome.
//!
//! Invariant: what is counted is what the tool itself counts at its end.

use std::ffi::OsString;

use crate::maven;
use crate::project::Project;
use crate::run::Step;
use crate::test::report::Report;
use crate::test::runner::Shown;

const MAIN: &str = "org.openjdk.jcstress.Main";

/// Builds and runs the stress tests.
///
/// # Errors
/// When Maven or the JVM cannot be started.
pub fn run(project: &Project, is_nightly: bool, report: &mut Report) -> anyhow::Result<()> {
    let class_path = match maven::class_path(project, "stress") {
        Ok(class_path) => class_path,
        Err(error) => {
            report.fail("jcstress", &format!("{error:#}"));
            return Ok(());
        }
    };
    let folder = project.notes().join("jcstress");
    std::fs::create_dir_all(&folder)?;
    // One JVM a test and way of compiling it by day; what the tool itself calls its default in the night.
    let mode = if is_nightly { "default" } else { "sanity" };
    let arguments: [OsString; 7] = [
        "-cp".into(),
        class_path.into(),
        MAIN.into(),
        "-m".into(),
        mode.into(),
        "-r".into(),
        folder.clone().into(),
    ];
    let step = Step::new("jcstress", "java").folder(&folder).args(arguments);
    report.run("jcstress", step, lines)
}

/// Lines of jcstress: its counts stand at the end; how far it is and what it found out about the machine is held back.
fn lines(line: &str) -> Shown {
    let line = line.trim_start();
    // It ends with 0 then: where it may not bind threads to processors, or has no list of tests, nothing ran.
    if line.starts_with("FATAL:") {
        return Shown::Count(0, 1);
    }
    if line.is_empty() || line.starts_with('(') || line.starts_with("-----") {
        return Shown::No;
    }
    let count = |begin: &str| -> Option<usize> {
        line.strip_prefix(begin)?.split_once(" matching")?.0.trim().parse().ok()
    };
    let passed = ["All remaining tests:", "Interesting tests:"].iter().find_map(|begin| count(begin));
    let failed = ["Failed tests:", "Error tests:"].iter().find_map(|begin| count(begin));
    match (passed, failed) {
        (Some(passed), _) => Shown::Count(passed, 0),
        (_, Some(failed)) => Shown::Count(0, failed),
        _ => Shown::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_at_the_end_are_read_and_progress_is_held_back() {
        for (line, shown) in [
            ("  All remaining tests: 6 matching test results. Use -v to print them.", Shown::Count(6, 0)),
            ("  Failed tests: No matches.", Shown::Yes),
            ("  Failed tests: 2 matching test results. ", Shown::Count(0, 2)),
            ("  Error tests: 1 matching test results.", Shown::Count(0, 1)),
            ("FATAL: No matching tests.", Shown::Count(0, 1)),
            ("(Results: 168 planned; 72 passed, 0 failed, 0 soft errs, 0 hard errs)", Shown::No),
            ("----- [OK] Checking for C1 availability", Shown::No),
            ("", Shown::No),
        ] {
            assert_eq!(lines(line), shown, "{line}");
        }
    }
}
