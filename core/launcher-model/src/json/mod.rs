//! The JSON form of a load: its input without the rows, and what it did (contracts 3).
//!
//! For the command line and for tests on a workstation; no shipped library has the feature `json`. Keys are those of the
//! load cases, so that a case's input can be fed to a real database and its output compared key by key. Unknown keys are
//! ignored; a value of the wrong type is an error with its path.

mod reader;
mod report;
mod safe_report;
mod spec;

pub use reader::SpecError;
pub use report::{collections, compat_report, database_report, item, model_report};
pub use safe_report::{list_nameless, list_quarantine, remedy, safe_report};
pub use spec::LoadSpec;
