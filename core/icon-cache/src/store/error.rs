//! Why the store could not do something. None of it reaches a user: a failed read is a miss, a failed write is owed or
//! given up, and both are counted. What is here is for the health report and the command line.

use std::io;
use std::path::{Path, PathBuf};

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Opening the store.
    Open,
    /// Making a new store.
    Create,
    /// Reading rows.
    Read,
    /// Committing rows.
    Write,
    /// Emptying the store.
    Clear,
    /// Reading a file of another launcher.
    Import,
}

impl Step {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "opening",
            Self::Create => "making",
            Self::Read => "reading",
            Self::Write => "writing to",
            Self::Clear => "emptying",
            Self::Import => "importing from",
        }
    }

    /// Whether only reading was asked for.
    fn is_reading(self) -> bool {
        matches!(self, Self::Read | Self::Import)
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

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A newer Ferrule wrote the file, and says that this one would do harm (contracts 5).
    #[error("IC_STORE_TOO_NEW: {at}: needs a reader of format {min_reader}, this one knows {known}")]
    TooNew {
        /// Where.
        at: At,
        /// What the file asks for.
        min_reader: i64,
        /// What this code knows.
        known: i64,
    },
    /// There is no file. Only for those who look at a store: who opens one makes it.
    #[error("IC_STORE_ABSENT: {at}: there is no such file")]
    Absent {
        /// Where.
        at: At,
    },
    /// The file is somebody else's.
    #[error("IC_STORE_FOREIGN: {at}: no store of icons, but a file of another program's or a folder")]
    Foreign {
        /// Where.
        at: At,
    },
    /// Somebody else has the file open.
    #[error("IC_STORE_LOCKED: {at}: another process or handle has it open")]
    Locked {
        /// Where.
        at: At,
    },
    /// The file or its folder cannot be written; for those who look at a store: not be read.
    #[error("IC_STORE_READ_ONLY: {at}: no permission to {}", if at.step.is_reading() { "read" } else { "write" })]
    ReadOnly {
        /// Where.
        at: At,
    },
    /// The disk is full.
    #[error("IC_STORE_DISK_FULL: {at}: no space is left")]
    DiskFull {
        /// Where.
        at: At,
    },
    /// The disk or the file system failed.
    #[error("IC_STORE_IO: {at}: {detail}")]
    Io {
        /// Where.
        at: At,
        /// What the system says.
        detail: String,
    },
    /// The file is damaged.
    #[error("IC_STORE_DAMAGED: {at}: {detail}")]
    Damaged {
        /// Where.
        at: At,
        /// What was found.
        detail: String,
    },
}

impl StoreError {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooNew { .. } => "IC_STORE_TOO_NEW",
            Self::Absent { .. } => "IC_STORE_ABSENT",
            Self::Foreign { .. } => "IC_STORE_FOREIGN",
            Self::Locked { .. } => "IC_STORE_LOCKED",
            Self::ReadOnly { .. } => "IC_STORE_READ_ONLY",
            Self::DiskFull { .. } => "IC_STORE_DISK_FULL",
            Self::Io { .. } => "IC_STORE_IO",
            Self::Damaged { .. } => "IC_STORE_DAMAGED",
        }
    }

    /// What can be done about it, in one sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::TooNew { .. } => "None needed: this Ferrule keeps a file of its own beside the newer one.",
            Self::Absent { .. } => "Check the path; a store is made by the first launcher that opens it.",
            Self::Foreign { .. } => {
                "Give the store a path of its own; until then it lies beside the other file."
            }
            Self::Locked { .. } => {
                "Close the other user of the store; until then icons are kept in memory only."
            }
            Self::ReadOnly { at } if at.step.is_reading() => "Give the process permission to read the file.",
            Self::ReadOnly { .. } => "Give the process permission to write to the store and its folder.",
            Self::DiskFull { .. } => "Free some space; writing goes on by itself.",
            Self::Io { .. } => "None needed once; if it stays, the storage is failing.",
            Self::Damaged { .. } => "None needed: what is damaged is drawn again.",
        }
    }

    /// Whether the file itself is at fault.
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
            // A missing table, a value of the wrong type, a broken constraint: the file is not what it says.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_was_refused() {
        for (step, word) in
            [(Step::Read, "read"), (Step::Import, "read"), (Step::Open, "write"), (Step::Write, "write")]
        {
            let error =
                StoreError::io(&io::ErrorKind::PermissionDenied.into(), At::new(Path::new("a.db"), step));
            assert!(error.to_string().ends_with(&format!("a.db: no permission to {word}")), "{error}");
            assert!(error.remedy().contains(&format!("permission to {word} ")), "{}", error.remedy());
        }
    }
}
