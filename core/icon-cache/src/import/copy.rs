//! Copying a database with all that belongs to it, for files that nobody in this process has open (contracts 4).
//!
//! A copy of the main file alone misses every row that still lies in the write-ahead log. All are taken together, and
//! again if one of them changed meanwhile. Nothing is ever written beside or into the source.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::ImportError;
use crate::store::{SIDE_FILES, beside};

/// The largest database that is copied, in bytes.
const SOURCE_BYTES_MAX: u64 = 1 << 30;

/// How often a copy is tried while the source changes.
const ATTEMPTS: usize = 3;

/// A private copy. It is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Copied {
    dir: TempDir,
}

impl Copied {
    /// Copies a source and what lies beside it into a new folder within `scratch`.
    pub(crate) fn of(source: &Path, scratch: &Path) -> Result<Self, ImportError> {
        for _ in 0..ATTEMPTS {
            let before = stamps(source)?;
            let dir = tempfile::Builder::new().prefix("ferrule-icons-").tempdir_in(scratch)?;
            let copied = Self { dir };
            copy(source, &copied.main())?;
            for (suffix, stamp) in SIDE_FILES.iter().zip(before.iter().skip(1)) {
                if stamp.is_some() {
                    copy(&beside(source, suffix), &beside(&copied.main(), suffix))?;
                }
            }
            if stamps(source)? == before {
                return Ok(copied);
            }
        }
        Err(ImportError::Changed)
    }

    /// The copy of the main file.
    pub(crate) fn main(&self) -> PathBuf {
        self.dir.path().join("source.db")
    }
}

/// Copies bytes into a new file of our own, without the source's permissions: a read-only copy could not be opened
/// where a log has to be replayed.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create_new(to)?).map(drop)
}

type Stamp = Option<(u64, Option<SystemTime>)>;

/// Length and time of the file and its side files: what tells whether they changed.
fn stamps(source: &Path) -> Result<[Stamp; 4], ImportError> {
    let stamp = |metadata: Metadata| (metadata.len(), metadata.modified().ok());
    let main = match fs::metadata(source) {
        Ok(metadata) if metadata.is_file() => Some(stamp(metadata)),
        Ok(_) => return Err(ImportError::Unknown),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ImportError::Absent),
        Err(error) => return Err(error.into()),
    };
    let [wal, shm, journal] = SIDE_FILES
        .map(|suffix| fs::metadata(beside(source, suffix)).ok().filter(Metadata::is_file).map(stamp));
    let all = [main, wal, shm, journal];
    let bytes = all.iter().flatten().fold(0_u64, |sum, (len, _)| sum.saturating_add(*len));
    if bytes > SOURCE_BYTES_MAX { Err(ImportError::TooLarge) } else { Ok(all) }
}
