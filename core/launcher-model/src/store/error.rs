//! Why the store could not do something: one enum, a code and a remedy each, with the file and the step it happened at.
//!
//! No failure leaves anything half written: a write is one transaction, a file is swapped in whole or not at all. Messages
//! name files and steps, never what is on the home screen.

use std::io;
use std::path::{Path, PathBuf};

use super::change::Refusal;
use crate::open::OpenError;

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Opening the store.
    Open,
    /// Making a new store.
    Create,
    /// Reading the home screen.
    Read,
    /// Committing changes.
    Write,
    /// Importing.
    Import,
    /// Writing an export.
    Export,
    /// Making, listing or reading snapshots.
    Snapshot,
    /// Going back to a snapshot.
    Restore,
    /// Reading what is left of a damaged file.
    Salvage,
    /// Putting a finished file in the place of the store.
    Swap,
}

impl Step {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "opening",
            Self::Create => "making the store",
            Self::Read => "reading",
            Self::Write => "writing",
            Self::Import => "importing",
            Self::Export => "exporting",
            Self::Snapshot => "taking a snapshot",
            Self::Restore => "going back to a snapshot",
            Self::Salvage => "salvaging",
            Self::Swap => "swapping files",
        }
    }
}

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: PathBuf,
    /// What was being done.
    pub step: Step,
}

impl At {
    pub(crate) fn new(file: &Path, step: Step) -> Self {
        Self { file: file.to_owned(), step }
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        write!(f, "{} {}", self.step.word(), name.to_string_lossy())
    }
}

/// Why something could not be done. The store holds what it held before.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A newer Ferrule wrote the store, and says that this one would do harm (contracts 5).
    #[error("LM_STORE_TOO_NEW: {at}: needs a reader of format {min_reader}, this one knows {known}")]
    TooNew {
        /// Where.
        at: At,
        /// What the store asks for.
        min_reader: i64,
        /// What this code knows.
        known: i64,
    },
    /// There is something else: another program's database, or a folder.
    #[error("LM_STORE_FOREIGN: {at}: this is another program's database, or a folder")]
    Foreign {
        /// Where.
        at: At,
    },
    /// Another process, or another handle in this one, has the store open.
    #[error("LM_STORE_LOCKED: {at}: somebody else has the store open")]
    Locked {
        /// Where.
        at: At,
    },
    /// The file or its folder cannot be written.
    #[error("LM_STORE_READ_ONLY: {at}: no permission to write")]
    ReadOnly {
        /// Where.
        at: At,
    },
    /// The disk is full.
    #[error("LM_STORE_DISK_FULL: {at}: no space is left")]
    DiskFull {
        /// Where.
        at: At,
    },
    /// The disk or the file system failed.
    #[error("LM_STORE_IO: {at}: {detail}")]
    Io {
        /// Where.
        at: At,
        /// What the system says.
        detail: String,
    },
    /// The file turned out to be damaged while it was in use; the next opening salvages it.
    #[error("LM_STORE_DAMAGED: {at}: {detail}")]
    Damaged {
        /// Where.
        at: At,
        /// What was found.
        detail: String,
    },
    /// A finished copy was not what it should be; it was thrown away.
    #[error("LM_STORE_VERIFY: {at}: {detail}")]
    Verify {
        /// Where.
        at: At,
        /// What differs.
        detail: String,
    },
    /// A change that may not be made.
    #[error("LM_STORE_REFUSED: {at}: {refusal}")]
    Refused {
        /// Where.
        at: At,
        /// Why.
        refusal: Refusal,
    },
    /// There is no such snapshot, or it is damaged.
    #[error("LM_STORE_NO_SNAPSHOT: {at}: snapshot {id} is not there or not whole")]
    NoSnapshot {
        /// Where.
        at: At,
        /// The number asked for.
        id: u64,
    },
    /// The file to be written is there already.
    #[error("LM_STORE_EXISTS: {at}: the file is there already")]
    Exists {
        /// Where.
        at: At,
    },
    /// The source of an import cannot be read; the code is the source's.
    #[error(transparent)]
    Source(#[from] OpenError),
}

impl StoreError {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooNew { .. } => "LM_STORE_TOO_NEW",
            Self::Foreign { .. } => "LM_STORE_FOREIGN",
            Self::Locked { .. } => "LM_STORE_LOCKED",
            Self::ReadOnly { .. } => "LM_STORE_READ_ONLY",
            Self::DiskFull { .. } => "LM_STORE_DISK_FULL",
            Self::Io { .. } => "LM_STORE_IO",
            Self::Damaged { .. } => "LM_STORE_DAMAGED",
            Self::Verify { .. } => "LM_STORE_VERIFY",
            Self::Refused { .. } => "LM_STORE_REFUSED",
            Self::NoSnapshot { .. } => "LM_STORE_NO_SNAPSHOT",
            Self::Exists { .. } => "LM_STORE_EXISTS",
            Self::Source(error) => error.code(),
        }
    }

    /// What can be done about it, in one sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::TooNew { .. } => "Update Ferrule; until then legacy answers and the file stays as it is.",
            Self::Foreign { .. } => "Give the store a path of its own.",
            Self::Locked { .. } => "Close the other user of the store and open it again.",
            Self::ReadOnly { .. } => "Give the process permission to write to the store and its folder.",
            Self::DiskFull { .. } => "Free some space and try again.",
            Self::Io { .. } => "Try again; if it stays, the storage is failing.",
            Self::Damaged { .. } => "Open the store again: what can be read is salvaged.",
            Self::Verify { .. } => "Try again; if it stays, the storage is failing.",
            Self::Refused { .. } => "Read the home screen again and decide on what is there now.",
            Self::NoSnapshot { .. } => "List the snapshots and choose another.",
            Self::Exists { .. } => "Choose a name that is free, or remove the file when nobody has it open.",
            Self::Source(_) => "See the entry of the code: it is about the file that was to be imported.",
        }
    }

    /// Whether the file itself is at fault, so that only salvage helps.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// SQLite's failures, told apart.
    pub(crate) fn sqlite(error: &rusqlite::Error, at: At) -> Self {
        use rusqlite::ErrorCode as Code;
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked | Code::FileLockingProtocolFailed) => {
                Self::Locked { at }
            }
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly { at },
            Some(Code::DiskFull) => Self::DiskFull { at },
            Some(Code::SystemIoFailure | Code::OutOfMemory | Code::CannotOpen) => Self::Io { at, detail },
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged { at, detail },
            // A missing table or column, a value of the wrong type, a broken constraint: the file is not what it says.
            _ => Self::Damaged { at, detail },
        }
    }

    /// The system's failures, told apart.
    pub(crate) fn io(error: &io::Error, at: At) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { at },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { at },
            _ => Self::Io { at, detail: error.to_string() },
        }
    }
}

/// Adds where it happened to a failure of SQLite or the system.
pub(crate) trait Located<T> {
    /// Turns the failure into the store's own.
    fn at(self, file: &Path, step: Step) -> Result<T, StoreError>;
}

impl<T> Located<T> for rusqlite::Result<T> {
    fn at(self, file: &Path, step: Step) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::sqlite(&error, At::new(file, step)))
    }
}

impl<T> Located<T> for io::Result<T> {
    fn at(self, file: &Path, step: Step) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::io(&error, At::new(file, step)))
    }
}
