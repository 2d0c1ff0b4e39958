//! What keeps a command over icons from answering, and the way to a store's copy.

use std::io;
use std::path::Path;

use ferrule_icon_cache::import::ImportError;
use ferrule_icon_cache::store::StoreError;
use ferrule_icon_cache::store::inspect::Inspected;

use crate::problem::{ATTENTION, Problem, USAGE, without_code};
use crate::progress::waiting;

/// A store that is not opened, or does not take what is written.
pub fn of_store(file: &Path, error: &StoreError) -> Problem {
    let is_usage = matches!(
        error,
        StoreError::Absent { .. }
            | StoreError::Foreign { .. }
            | StoreError::TooNew { .. }
            | StoreError::ReadOnly { .. }
    );
    let remedy = match error {
        StoreError::Absent { .. } => {
            "Check the path, or make a store: ferrule icons import app_icons.db --into STORE."
        }
        StoreError::Foreign { .. } => {
            "Give a store of icons; a launcher's app_icons.db is imported first: ferrule icons import."
        }
        StoreError::TooNew { .. } => "Use the ferrule of the release that wrote it.",
        StoreError::Locked { .. } => "Stop whatever has the store open, or copy it with its -wal first.",
        StoreError::Damaged { .. } => {
            "A launcher makes such a store anew when it opens it; pull it again if it was whole on the phone."
        }
        other => other.remedy(),
    };
    Problem {
        exit: if is_usage { USAGE } else { ATTENTION },
        ..Problem::new(error.code(), file, without_code(error.to_string(), error.code()), remedy)
    }
}

/// A legacy cache that is not read.
pub fn of_import(file: &Path, error: &ImportError) -> Problem {
    let remedy = match error {
        ImportError::Absent => "Check the path; a launcher keeps it in its databases folder as app_icons.db.",
        ImportError::Unknown => "Give a launcher's app_icons.db, not another database or a folder.",
        ImportError::Changed => "Stop the launcher, or copy the file with its -wal and -shm first.",
        ImportError::TooLarge => "Check that it is the right file.",
        ImportError::Io(_) => "Check permissions and that the disk with the temporary folder has room.",
    };
    Problem::new(error.code(), file, without_code(error.to_string(), error.code()), remedy)
}

/// A file or folder that shall be made and is there.
pub fn taken(path: &Path, what: &str) -> Problem {
    let detail = format!("the {what} is there already");
    Problem::new("IC_OUT_TAKEN", path, detail, "Choose a name that is free; nothing is ever replaced.")
}

/// A folder that something shall be written to and that is not there.
pub fn no_folder(folder: &Path) -> Problem {
    Problem::new("IC_OUT_IO", folder, "no such folder".to_owned(), "Make the folder first.")
}

/// Something that cannot be written.
pub fn unwritten(path: &Path, error: &io::Error) -> Problem {
    let remedy = "Check that the folder is there, may be written to and has room.";
    Problem { exit: ATTENTION, ..Problem::new("IC_OUT_IO", path, error.to_string(), remedy) }
}

/// A sheet that would be larger than a picture can be.
pub fn sheet_too_large(path: &Path, detail: String) -> Problem {
    let remedy = "Draw smaller icons (--icon 48), or other columns (--columns).";
    Problem::new("IC_SHEET_SIZE", path, detail, remedy)
}

/// Opens a copy of a store.
///
/// # Errors
/// What keeps it from being copied or opened.
pub fn open(file: &Path) -> Result<Inspected, Problem> {
    let _waiting = waiting(&format!("reading {}", file.display()));
    Inspected::open(file, &std::env::temp_dir()).map_err(|error| of_store(file, &error))
}
