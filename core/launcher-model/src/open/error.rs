//! What can be said about a source that could not be opened, and about one that could.

use std::io;

use super::Leftovers;
use crate::recognise::Product;

/// Why a source is not opened. The source is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("LM_SOURCE_ABSENT: no such file")]
    Absent,
    /// It is a folder, a device or another thing without content of its own.
    #[error("LM_SOURCE_NOT_A_FILE: not a file")]
    NotAFile,
    /// It cannot be read, or the private copy cannot be made.
    #[error("LM_SOURCE_UNREADABLE: {0}")]
    Unreadable(#[from] io::Error),
    /// It has no bytes. SQLite would take it as a new database; a launcher would start afresh on it.
    #[error("LM_SOURCE_ZERO_BYTES: the file is empty")]
    ZeroBytes,
    /// Its bytes are not those of a database.
    #[error("LM_SOURCE_NOT_A_DATABASE: not an SQLite database")]
    NotADatabase,
    /// A database without `favorites`.
    #[error("LM_SOURCE_EMPTY: no table of items")]
    Empty,
    /// A table `favorites` that is no launcher's.
    #[error("LM_SOURCE_UNKNOWN: `favorites` has the columns {columns:?}")]
    Unknown {
        /// Its columns.
        columns: Vec<String>,
    },
    /// Somebody wrote to it while it was copied, three times over.
    #[error("LM_SOURCE_CHANGED: the file changed while it was copied")]
    Changed,
    /// File or rows exceed what a home screen can be.
    #[error("LM_SOURCE_TOO_LARGE: {what} above {limit}")]
    TooLarge {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// It is damaged, and of its items none can be read.
    #[error("LM_SOURCE_NOTHING_LEFT: damaged, and no item can be read")]
    NothingLeft,
    /// A view or a virtual table `favorites`: what it would show is for the program that made it to say.
    #[error("LM_SOURCE_NOT_A_TABLE: `favorites` is no ordinary table")]
    NotATable,
    /// SQLite cannot read its schema.
    #[error("LM_SOURCE_DAMAGED: {0}")]
    Damaged(rusqlite::Error),
}

impl OpenError {
    /// SQLite's failures, told apart.
    pub(super) fn sqlite(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotADatabase,
            _ => Self::Damaged(error),
        }
    }

    /// Whose file it is, as far as that is known: a database without items is empty, anything else is nobody's.
    pub fn product(&self) -> Product {
        match self {
            Self::Empty | Self::ZeroBytes => Product::Empty,
            Self::Absent
            | Self::NotAFile
            | Self::Unreadable(_)
            | Self::NotADatabase
            | Self::Unknown { .. }
            | Self::Changed
            | Self::TooLarge { .. }
            | Self::NothingLeft
            | Self::NotATable
            | Self::Damaged(_) => Product::Unknown,
        }
    }

    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent => "LM_SOURCE_ABSENT",
            Self::NotAFile => "LM_SOURCE_NOT_A_FILE",
            Self::Unreadable(_) => "LM_SOURCE_UNREADABLE",
            Self::ZeroBytes => "LM_SOURCE_ZERO_BYTES",
            Self::NotADatabase => "LM_SOURCE_NOT_A_DATABASE",
            Self::Empty => "LM_SOURCE_EMPTY",
            Self::Unknown { .. } => "LM_SOURCE_UNKNOWN",
            Self::Changed => "LM_SOURCE_CHANGED",
            Self::TooLarge { .. } => "LM_SOURCE_TOO_LARGE",
            Self::NothingLeft => "LM_SOURCE_NOTHING_LEFT",
            Self::NotATable => "LM_SOURCE_NOT_A_TABLE",
            Self::Damaged(_) => "LM_SOURCE_DAMAGED",
        }
    }
}

/// Something worth saying about a source that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Side files lay beside it and were taken along.
    SideFiles(Leftovers),
    /// The source may not be written by us; it would not be anyway.
    ReadOnly,
    /// The file is shorter than its header says: pages are missing at its end.
    Truncated {
        /// Bytes that the header promises.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// SQLite's own check finds the file damaged; rows are salvaged.
    Damaged {
        /// The first thing it finds.
        detail: String,
    },
    /// The write-ahead log beside it has content that SQLite does not accept: what was committed there is missing.
    LogUnusable,
    /// Columns and tables contradict the version that the file claims (A.1).
    VersionMismatch,
}

impl Note {
    /// Whether rows may be missing.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Truncated { .. } | Self::Damaged { .. } | Self::LogUnusable => true,
            Self::SideFiles(_) | Self::ReadOnly | Self::VersionMismatch => false,
        }
    }

    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SideFiles(_) => "LM_SOURCE_SIDE_FILES",
            Self::ReadOnly => "LM_SOURCE_READ_ONLY",
            Self::Truncated { .. } => "LM_SOURCE_TRUNCATED",
            Self::Damaged { .. } => "LM_SOURCE_DAMAGED",
            Self::LogUnusable => "LM_SOURCE_LOG_UNUSABLE",
            Self::VersionMismatch => "LM_SOURCE_VERSION_MISMATCH",
        }
    }
}
