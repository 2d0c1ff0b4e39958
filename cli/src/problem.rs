//! What keeps a command from answering: code, place, reason, remedy. Each area says below its own folder which there are.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::output::printable;

/// Exit code of a usage error or an unreadable input (contracts 3).
pub const USAGE: u8 = 2;
/// Exit code of something that needs attention.
pub const ATTENTION: u8 = 1;

/// A failure as a person reads it, on one line.
#[derive(Debug)]
pub struct Problem {
    /// The stable code, see `docs/codes.md`.
    pub code: &'static str,
    /// The file that it is about.
    pub place: String,
    /// What is wrong.
    pub detail: String,
    /// What to do.
    pub remedy: &'static str,
    /// The exit code.
    pub exit: u8,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.code, printable(&self.place), printable(&self.detail))?;
        write!(out, ". {}", self.remedy)
    }
}

impl Problem {
    /// One with the exit code of an unreadable input.
    pub fn new(code: &'static str, place: &Path, detail: String, remedy: &'static str) -> Self {
        Self { code, place: place.display().to_string(), detail, remedy, exit: USAGE }
    }
}

/// Says what is wrong; the exit code that goes with it.
pub fn refuse(problem: &Problem) -> ExitCode {
    eprintln!("ferrule: {problem}");
    ExitCode::from(problem.exit)
}

/// The sentence of an error whose text begins with its code.
pub fn without_code(text: String, code: &str) -> String {
    text.strip_prefix(code).and_then(|rest| rest.strip_prefix(": ")).map_or(text.clone(), str::to_owned)
}
