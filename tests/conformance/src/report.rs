//! Runs kinds and says how they went: a line a kind, then each failing case with the facts that differ.
//!
//! It neither finds the data folder nor ends the process: `main.rs` does. Invariants: a case that panics is a failed
//! case, not the end of the run; a kind whose file is absent is named and counts as nothing; the last line is
//! `N passed, N failed`.

use std::any::Any;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::{Case, Elsewhere, Kind};

/// How many cases passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases whose every fact agrees.
    pub passed: usize,
    /// Cases with a fact that differs, and kinds whose file cannot be read.
    pub failed: usize,
    /// The latter alone.
    pub unreadable: usize,
}

/// Runs every case of these kinds below `dir` and writes the report.
///
/// # Errors
/// Only when the report cannot be written.
pub fn run(kinds: &[Kind], dir: &Path, out: &mut impl Write) -> io::Result<Tally> {
    let mut total = Tally::default();
    for kind in kinds {
        let path = dir.join(kind.path);
        if !path.exists() {
            writeln!(out, "{}: absent, {} is not in {}", kind.name, kind.path, dir.display())?;
            continue;
        }
        let mut elsewhere = None;
        let loaded = caught(|| {
            (kind.load)(&path).map_err(|error| {
                elsewhere = error.downcast_ref().map(|Elsewhere(what)| what.clone());
                format!("{error:#}")
            })
        });
        if let Some(what) = elsewhere {
            writeln!(out, "{}: absent, {what}", kind.name)?;
            continue;
        }
        let cases = match loaded {
            Ok(cases) if cases.is_empty() => Err("the file holds no case".to_owned()),
            other => other,
        };
        let cases = cases.map_err(|problem| format!("{}: {problem}", path.display()));
        let failures = match &cases {
            Ok(cases) => run_cases(cases),
            Err(problem) => vec![("data", problem.clone())],
        };
        let tally = Tally {
            passed: cases.as_ref().map_or(0, |cases| cases.len() - failures.len()),
            failed: failures.len(),
            unreadable: usize::from(cases.is_err()),
        };
        writeln!(out, "{}: {} passed, {} failed", kind.name, tally.passed, tally.failed)?;
        for (id, facts) in failures {
            writeln!(out, "  FAILED {}::{id}", kind.name)?;
            for fact in facts.lines() {
                writeln!(out, "    {fact}")?;
            }
        }
        total.passed += tally.passed;
        total.failed += tally.failed;
        total.unreadable += tally.unreadable;
    }
    writeln!(out, "{} passed, {} failed", total.passed, total.failed)?;
    Ok(total)
}

/// The failing cases, in the order of the file.
fn run_cases(cases: &[Case]) -> Vec<(&str, String)> {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((index, case)) = pick(cases, &next) {
                    if let Err(facts) = caught(|| (case.run)()) {
                        let mut failures = failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                        failures.push((index, case.id.as_str(), facts));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    failures.sort_by_key(|(index, ..)| *index);
    failures.into_iter().map(|(_, id, facts)| (id, facts)).collect()
}

/// The next case that no other worker took.
fn pick<'a>(cases: &'a [Case], next: &AtomicUsize) -> Option<(usize, &'a Case)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    cases.get(index).map(|case| (index, case))
}

/// Turns a panic into an error.
fn caught<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| Err(panic_message(payload.as_ref())))
}

/// What the panic said.
fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("without words"))
}

/// The name of `known` that is the fewest edits away from `word`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().min_by_key(|name| edits(word, name))
}

/// Levenshtein's distance, in characters.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let best = (diagonal + usize::from(a != *b)).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(path: &Path) -> anyhow::Result<Vec<Case>> {
        let case = |id: &str, run: fn() -> Result<(), String>| Case { id: id.to_owned(), run: Box::new(run) };
        let text = std::fs::read_to_string(path)?;
        anyhow::ensure!(text != "bad", "not a table");
        anyhow::ensure!(text != "elsewhere", Elsewhere("no icon theme".to_owned()));
        Ok(match text.as_str() {
            "" => Vec::new(),
            _ => vec![
                case("good", || Ok(())),
                case("differs", || Err("major: 4, expected 3\nminor: 1, expected null".to_owned())),
                case("panics", || panic!("boom")),
            ],
        })
    }

    fn report(text: Option<&str>) -> (Tally, String) {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = text {
            std::fs::write(folder.path().join("sample.tsv"), text).unwrap();
        }
        let kind = Kind { name: "area/sample", path: "sample.tsv", load: sample };
        let mut out = Vec::new();
        let tally = run(&[kind], folder.path(), &mut out).unwrap();
        (tally, String::from_utf8(out).unwrap())
    }

    #[test]
    fn every_failing_case_is_named_with_its_facts() {
        let (tally, text) = report(Some("rows"));
        assert_eq!(tally, Tally { passed: 1, failed: 2, unreadable: 0 });
        assert_eq!(
            text,
            "area/sample: 1 passed, 2 failed\n  FAILED area/sample::differs\n    major: 4, expected 3\n    \
             minor: 1, expected null\n  FAILED area/sample::panics\n    panicked: boom\n1 passed, 2 failed\n"
        );
    }

    #[test]
    fn an_absent_file_counts_as_nothing_and_an_empty_or_broken_one_fails() {
        let (tally, text) = report(None);
        assert_eq!(tally, Tally::default());
        assert!(text.starts_with("area/sample: absent, sample.tsv is not in "), "{text}");
        assert!(text.ends_with("\n0 passed, 0 failed\n"), "{text}");
        let (tally, text) = report(Some("elsewhere"));
        assert_eq!(tally, Tally::default());
        assert!(text.starts_with("area/sample: absent, no icon theme\n"), "{text}");
        for (broken, word) in [("", "the file holds no case"), ("bad", "not a table")] {
            let (tally, text) = report(Some(broken));
            assert_eq!(tally, Tally { passed: 0, failed: 1, unreadable: 1 });
            assert!(text.contains(&format!("/sample.tsv: {word}")), "the file and the cause: {text}");
        }
    }

    #[test]
    fn the_nearest_name_is_found() {
        let known = ["os4/identity", "os4/glass", "launcher/load"];
        assert_eq!(nearest("os4/identiy", known), Some("os4/identity"));
        assert_eq!(nearest("glass", known), Some("os4/glass"));
        assert_eq!(nearest("x", []), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
