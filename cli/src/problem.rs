//! What keeps a command from answering: code, place, reason, remedy. Each area says below its own folder which there are.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

use crate::output::{Output, printable};
use crate::target;

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
    /// An output that is also an input.
    pub fn overwrites(code: &'static str, out: &Path, input: &Path) -> Self {
        Self::new(code, out, target::why(input), target::REMEDY)
    }

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

/// What was found in a file that is checked.
pub trait Checked: Sized {
    /// What is wrong with the file, as a code; `None` if it is whole.
    fn code(&self) -> Option<&'static str>;
    /// As a JSON object.
    fn object(&self, file: &Path) -> Value;
    /// As the JSON object of a file that could not be checked.
    fn refused(file: &Path, problem: &Problem) -> Value;
    /// As a text.
    ///
    /// # Errors
    /// When stdout is closed or full.
    fn print(&self, file: &Path, output: &mut Output) -> io::Result<()>;
}

/// Checks each file and says what was found; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn check_each<C: Checked>(
    files: &[PathBuf],
    json: bool,
    output: &mut Output,
    check: impl Fn(&Path) -> Result<C, Problem>,
) -> io::Result<ExitCode> {
    let mut worst = 0;
    for file in files {
        match check(file) {
            Ok(found) => {
                worst = worst.max(u8::from(found.code().is_some()));
                if json { output.json(&found.object(file))? } else { found.print(file, output)? }
            }
            Err(problem) => {
                refuse(&problem);
                worst = worst.max(problem.exit);
                if json {
                    output.json(&C::refused(file, &problem))?;
                }
            }
        }
    }
    Ok(ExitCode::from(worst))
}

/// The sentence of an error whose text begins with its code.
pub fn without_code(text: String, code: &str) -> String {
    text.strip_prefix(code).and_then(|rest| rest.strip_prefix(": ")).map_or(text.clone(), str::to_owned)
}
