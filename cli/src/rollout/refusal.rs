//! Why a command of the rollout does not answer: place, reason and code, for people on standard error and for programs in the output.
//!
//! Invariants: with `--json` whatever is refused is an object of its own, so that a program never has to read prose; each code is in
//! `docs/codes.md`.

use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use ferrule_rollout::RoCode;
use serde_json::json;

use super::{SCHEMA_VERSION, UNREADABLE};
use crate::output::{Output, say};
use crate::target;

/// A file cannot be read.
pub const UNREADABLE_INPUT: &str = "RO_INPUT_UNREADABLE";
/// A file cannot be written.
pub const UNWRITTEN: &str = "RO_OUT_UNWRITTEN";
/// What is to be written is also read.
pub const OUT_IS_INPUT: &str = "RO_OUT_IS_INPUT";
/// There is no feature of that name.
pub const NO_FEATURE: &str = "RO_FEATURE_UNKNOWN";
/// No ledger fits what was asked for.
pub const NO_EVIDENCE: &str = "RO_EVIDENCE_NONE";
/// The ledgers were gathered under another configuration.
pub const OTHER_CONFIG: &str = "RO_EVIDENCE_OTHER_CONFIG";
/// The configuration as a whole makes no state.
pub const CONFIG_UNUSABLE: &str = "RO_CONFIG_UNUSABLE";
/// An argument does not fit the others, or what the file says.
pub const ARGUMENT: &str = "RO_ARGUMENT";

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: &'static str,
    place: String,
    message: String,
}

impl Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {} [{}]", self.place, self.message, self.code)
    }
}

impl Refusal {
    /// With a code, what it is about, and why.
    pub fn new(code: &'static str, place: impl Display, message: impl Display) -> Self {
        Self { code, place: place.to_string(), message: message.to_string() }
    }

    /// One whose reason is the code's own sentence.
    pub fn of(code: RoCode, place: impl Display) -> Self {
        Self::new(code.as_str(), place, code.sentence())
    }

    /// A file that cannot be read.
    pub fn unread(place: impl Display, error: impl Display) -> Self {
        Self::new(UNREADABLE_INPUT, place, error)
    }

    /// A file that cannot be written.
    pub fn unwritten(place: impl Display, error: impl Display) -> Self {
        Self::new(UNWRITTEN, place, error)
    }

    /// An output that is also an input.
    pub fn overwrites(out: &Path, input: &Path) -> Self {
        Self::new(OUT_IS_INPUT, out.display(), format!("{}. {}", target::why(input), target::REMEDY))
    }

    /// A name that is none of those there are, with the one that was probably meant.
    pub fn no_feature<'n>(name: &str, whose: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        let near = ferrule_rollout::config::nearest(name, known);
        let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        Self::new(NO_FEATURE, name, format!("{whose} no such feature{near}"))
    }

    /// Says it; the exit code that goes with it.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn refuse(&self, json: bool, output: &mut Output) -> io::Result<ExitCode> {
        self.tell(json, output)?;
        Ok(ExitCode::from(UNREADABLE))
    }

    /// Says it, where the other inputs are answered all the same.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn tell(&self, json: bool, output: &mut Output) -> io::Result<()> {
        say(&self.to_string());
        if json {
            output.json(&json!({
                "schema_version": SCHEMA_VERSION,
                "error": {"code": self.code, "place": self.place, "message": self.message},
            }))?;
        }
        Ok(())
    }
}
