//! What the store does with files outside of SQLite. The few calls are a trait, so that fault tests can make each fail.

use std::ffi::OsString;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The file system, as far as the store needs it.
pub trait Files: Debug + Send + Sync {
    /// Removes a file; one that is not there is no failure.
    ///
    /// # Errors
    /// The system's.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Makes an empty file that its owner alone may read and write (contracts 7); one that is there stays as it is.
    ///
    /// # Errors
    /// The system's.
    fn make_private(&self, file: &Path) -> io::Result<()>;

    /// Puts a file in the place of another, or of none.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
}

/// The system's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl Files for SystemFiles {
    fn remove(&self, file: &Path) -> io::Result<()> {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn make_private(&self, file: &Path) -> io::Result<()> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(file) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}

/// The path with something behind its whole name, as SQLite names its side files.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

/// The suffixes of what SQLite keeps beside a database.
pub(crate) const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Puts a closed database in the place of another. The other's log goes first, for the reason below.
pub(crate) fn replace_database(files: &dyn Files, from: &Path, to: &Path) -> io::Result<()> {
    for suffix in SIDE_FILES {
        files.remove(&beside(to, suffix))?;
    }
    files.rename(from, to)
}

/// Removes a database and all that lies beside it. The log goes first: a log without its file is nothing, a file with the
/// log of another is damage.
pub(crate) fn remove_database(files: &dyn Files, file: &Path) -> io::Result<()> {
    for suffix in SIDE_FILES {
        files.remove(&beside(file, suffix))?;
    }
    files.remove(file)
}
