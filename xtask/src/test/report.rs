//! The steps of a test run and how each went.
//!
//! Invariants: a step whose program fails counts as failed even if its tests all passed, and one whose runner printed
//! no count counts as one.

use std::time::Instant;

use crate::run::Step;
use crate::test::runner::{self, Shown};

/// How one step went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Tests (or rules, targets, cases) that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
    /// A word about it, or why it was left out.
    pub note: String,
    /// It did not run.
    pub skipped: bool,
}

impl Outcome {
    /// An outcome with its counts.
    pub fn counted(passed: usize, failed: usize) -> Self {
        Self { passed, failed, note: String::new(), skipped: false }
    }

    /// The same with a note.
    pub fn noting(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// All steps so far.
#[derive(Default)]
pub struct Report {
    steps: Vec<(String, Outcome, f64)>,
}

impl Report {
    /// Runs a program, shows the lines that matter and counts its tests.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn run(&mut self, name: &str, step: Step, shown: fn(&str) -> Shown) -> anyhow::Result<()> {
        eprintln!("── {name}");
        let since = Instant::now();
        let ran = runner::run(step, shown)?;
        let outcome = match (ran.success, ran.passed, ran.failed) {
            (true, 0, 0) => Outcome::counted(1, 0),
            (false, passed, 0) => Outcome::counted(passed, 1),
            (_, passed, failed) => Outcome::counted(passed, failed),
        };
        self.steps.push((name.to_owned(), outcome, since.elapsed().as_secs_f64()));
        Ok(())
    }

    /// Does something itself; an error is a failed step. Whether it went well.
    pub fn measure(&mut self, name: &str, work: impl FnOnce() -> anyhow::Result<Outcome>) -> bool {
        eprintln!("── {name}");
        let since = Instant::now();
        let outcome = work().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Outcome::counted(0, 1)
        });
        let fine = outcome.failed == 0;
        self.steps.push((name.to_owned(), outcome, since.elapsed().as_secs_f64()));
        fine
    }

    /// Notes a step that did not run, and need not.
    pub fn skip(&mut self, name: &str, why: &str) {
        let outcome = Outcome { passed: 0, failed: 0, note: format!("left out: {why}"), skipped: true };
        self.steps.push((name.to_owned(), outcome, 0.0));
    }

    /// Notes a step that should have run and could not.
    pub fn fail(&mut self, name: &str, why: &str) {
        self.steps.push((name.to_owned(), Outcome::counted(0, 1).noting(why), 0.0));
    }

    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.steps.iter().map(|(_, outcome, _)| outcome.failed).sum()
    }

    /// The table, then the sum on a line of its own.
    pub fn print(&self) {
        println!("{}", self.text());
    }

    fn text(&self) -> String {
        let mut text = format!("\n{:<24} {:>8} {:>8} {:>9}\n", "step", "passed", "failed", "seconds");
        for (name, outcome, seconds) in &self.steps {
            let note = if outcome.note.is_empty() { String::new() } else { format!("  {}", outcome.note) };
            if outcome.skipped {
                text += &format!("{name:<24} {:>8} {:>8} {:>9}{note}\n", "-", "-", "-");
            } else {
                text +=
                    &format!("{name:<24} {:>8} {:>8} {seconds:>9.1}{note}\n", outcome.passed, outcome.failed);
            }
        }
        let passed: usize = self.steps.iter().map(|(_, outcome, _)| outcome.passed).sum();
        text + &format!("\n{passed} passed, {} failed", self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_without_a_count_fails_the_run() {
        let mut report = Report::default();
        let step = |script: &str| Step::new("sample", "sh").args(["-c", script]);
        report.run("fine", step("echo 'test result: ok. 3 passed; 0 failed;'"), runner::cargo_lines).unwrap();
        report.run("quiet", step("true"), runner::all_lines).unwrap();
        report
            .run("crash", step("echo 'test result: ok. 2 passed; 0 failed;'; exit 9"), runner::cargo_lines)
            .unwrap();
        assert!(!report.measure("error", || anyhow::bail!("no")));
        report.skip("later", "--quick");
        assert_eq!(report.failed(), 2);
        let text = report.text();
        assert!(text.ends_with("\n\n6 passed, 2 failed"), "{text}");
        assert!(text.contains("left out: --quick"), "{text}");
    }
}
