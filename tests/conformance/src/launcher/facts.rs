//! Comparing a case's facts with the core's answer, and reading the files that hold one case a line.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// The facts of one case that differ, one a line.
#[derive(Default)]
pub(super) struct Facts {
    differing: String,
}

impl Facts {
    /// Compares an expected value with the answer.
    pub(super) fn same(&mut self, name: &str, expected: &Value, actual: &Value) {
        if expected != actual {
            self.differ(name, &expected.to_string(), &actual.to_string());
        }
    }

    /// Notes a difference.
    pub(super) fn differ(&mut self, name: &str, expected: &str, actual: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.differing, "{name}: expected {expected}, got {actual}");
    }

    /// The outcome of the case.
    pub(super) fn verdict(self) -> Result<(), String> {
        if self.differing.is_empty() { Ok(()) } else { Err(self.differing) }
    }
}

/// The lines of a file of JSON lines.
pub(super) fn json_lines(path: &Path) -> anyhow::Result<Vec<Value>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| serde_json::from_str(line).with_context(|| format!("line {}", number + 1)))
        .collect()
}
