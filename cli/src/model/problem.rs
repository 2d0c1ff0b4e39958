//! What keeps a command over a home screen from answering.

use std::path::Path;

use ferrule_launcher_model::json::SpecError;
use ferrule_launcher_model::open::OpenError;
use ferrule_launcher_model::store::StoreError;
use ferrule_launcher_model::upgrade::Crash;

pub use crate::problem::Problem;
use crate::problem::{ATTENTION, USAGE, without_code};

impl Problem {
    /// A database that is not opened.
    pub fn opening(file: &Path, error: &OpenError) -> Self {
        Self::new(error.code(), file, without_code(error.to_string(), error.code()), remedy(error))
    }

    /// A store that is not opened, or does not do what is asked of it.
    pub fn store(file: &Path, error: &StoreError) -> Self {
        let is_usage = matches!(
            error,
            StoreError::TooNew { .. }
                | StoreError::Foreign { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::Refused { .. }
                | StoreError::NoSnapshot { .. }
                | StoreError::Exists { .. }
        );
        match error {
            StoreError::Source(error) => Self::opening(file, error),
            _ => Self {
                exit: if is_usage { USAGE } else { ATTENTION },
                ..Self::new(error.code(), file, without_code(error.to_string(), error.code()), error.remedy())
            },
        }
    }

    /// A file that has to be a store and is another database.
    pub fn no_store(file: &Path) -> Self {
        let detail = "this is no store of Ferrule's".to_owned();
        let remedy = "Make one of a launcher's database: ferrule model import --store STORE DB.";
        Self::new("LM_STORE_FOREIGN", file, detail, remedy)
    }

    /// A file that shall be written and is there.
    pub fn taken(file: &Path, remedy: &'static str) -> Self {
        Self::new("LM_STORE_EXISTS", file, "the file is there already".to_owned(), remedy)
    }

    /// A folder that something shall be written to and that is not there.
    pub fn no_folder(folder: &Path) -> Self {
        Self::new("LM_SOURCE_ABSENT", folder, "no such folder".to_owned(), "Make the folder first.")
    }

    /// An item that is not there.
    pub fn no_item(file: &Path, item: i64) -> Self {
        let detail = format!("there is no item {item}");
        Self::new("LM_STORE_REFUSED", file, detail, "List the items: ferrule model show --json STORE.")
    }

    /// A database that Launcher3 itself cannot open.
    pub fn crash(file: &Path, crash: &Crash) -> Self {
        let detail = format!("Launcher3 crashes when it opens this file: {crash:?}");
        let remedy = "Look at the rows as they are stored: ferrule model show FILE.";
        Self { exit: ATTENTION, ..Self::new(crash.code(), file, detail, remedy) }
    }

    /// A file given with `--input` that does not say what a load needs.
    pub fn spec(file: &Path, error: &SpecError) -> Self {
        let detail = without_code(error.to_string(), error.code());
        Self::new(
            error.code(),
            file,
            detail,
            "Correct the value at that path; the keys are those of a load case's input.",
        )
    }

    /// A file given with `--input` that is no JSON, or cannot be read.
    pub fn input(file: &Path, detail: String) -> Self {
        let remedy = "Give one JSON object with grid, flags and platform, or leave --input out.";
        Self::new("LM_INPUT_MALFORMED", file, detail, remedy)
    }
}

/// What to do about a database that is not opened.
fn remedy(error: &OpenError) -> &'static str {
    match error {
        OpenError::Absent => "Check the path; give the main file, not the folder.",
        OpenError::NotAFile => "Give the database file itself, for example launcher.db in that folder.",
        OpenError::Unreadable(_) => "Check permissions and that the disk with the temporary folder has room.",
        OpenError::ZeroBytes => "Copy the file off the phone again, with the launcher stopped.",
        OpenError::NotADatabase => "Give the .db file; a backup archive has to be unpacked first.",
        OpenError::Empty => "This database holds no home screen; look for another .db beside it.",
        OpenError::NothingLeft => {
            "Copy the file off the phone again; if it is the only one, repair it with sqlite3 .recover."
        }
        OpenError::NotATable => "Copy the rows into a table of that name with sqlite3, and import that file.",
        OpenError::Unknown { .. } => "This is another program's database; look for launcher*.db.",
        OpenError::Changed => "Stop the launcher, or copy the file with its -wal and -shm first.",
        OpenError::TooLarge { .. } => "This is no home screen's size; check that it is the right file.",
        OpenError::Damaged(_) => {
            "Copy the file off the phone again; if it is the only one, repair it with sqlite3 .recover."
        }
    }
}
