//! Runs the conformance data against the cores, one named case a row.
//!
//! The data are not part of the project: they lie in the folder that `FERRULE_CONFORMANCE_DIR` names, by default
//! `../shared/data` beside the project's root. A [`Kind`] says which file it reads and turns it into [`Case`]s; both
//! `cargo test -p ferrule-conformance` and `cargo xtask conformance` run the same list.
//!
//! Invariants: a case compares every fact that its row holds and names the ones that differ; a file that is there
//! but yields no case is a failure; nothing here knows the expected answers.

pub mod icons;
pub mod launcher;
pub mod os4;
pub mod report;
pub mod rollout;

use std::path::{Path, PathBuf};

/// One row of a data file.
pub struct Case {
    /// The row's own name, or its line number where it has none.
    pub id: String,
    /// Runs the row; the error lists the facts that differ, one a line.
    pub run: Box<dyn Fn() -> Result<(), String> + Send + Sync>,
}

impl Case {
    /// A row that cannot be understood: it fails, and its neighbours are judged all the same.
    pub fn not_understood(id: String, error: &anyhow::Error) -> Self {
        let problem = format!("{error:#}");
        Self { id, run: Box::new(move || Err(problem.clone())) }
    }
}

/// One kind of data: a file (or folder) and how to read it.
pub struct Kind {
    /// The name used on the command line, for example `os4/identity`.
    pub name: &'static str,
    /// Where the data lie below the data folder.
    pub path: &'static str,
    /// Turns the file into cases.
    pub load: fn(&Path) -> anyhow::Result<Vec<Case>>,
}

/// Why a file that is there yields no case on this machine: what it refers to is not part of the data and not installed.
/// The kind is named as absent then; it neither passes nor fails.
#[derive(Debug)]
pub struct Elsewhere(pub String);

impl std::fmt::Display for Elsewhere {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Elsewhere {}

/// Every kind that the project knows, in the order of the report.
pub fn kinds() -> Vec<Kind> {
    let mut all = os4::kinds();
    all.extend(launcher::kinds());
    all.extend(icons::kinds());
    all.extend(rollout::kinds());
    all
}

/// The data folder: `FERRULE_CONFORMANCE_DIR`, else `../shared/data` beside the project's root.
pub fn data_dir() -> PathBuf {
    std::env::var_os("FERRULE_CONFORMANCE_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
}
