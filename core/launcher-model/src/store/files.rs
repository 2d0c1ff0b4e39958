//! What the store does with files outside of SQLite, and the names it uses.
//!
//! The few calls are a trait, so that the fault tests can make each of them fail and see the order of all.

use std::ffi::OsString;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The file system, as far as the store needs it.
pub trait Files: Debug + Send + Sync {
    /// Renames a file over whatever has the new name.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file; one that is not there is no failure.
    ///
    /// # Errors
    /// The system's.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Reads a whole file of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// The system's; a longer file.
    fn read(&self, file: &Path, bytes_max: u64) -> io::Result<Vec<u8>>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// The system's.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Makes an empty file that its owner alone may read and write (contracts 7); one that is there stays as it is.
    ///
    /// # Errors
    /// The system's.
    fn make_private(&self, file: &Path) -> io::Result<()>;

    /// Makes a folder, and those above it; one that is there is no failure.
    ///
    /// # Errors
    /// The system's.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The system's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl Files for SystemFiles {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn read(&self, file: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        if fs::metadata(file)?.len() > bytes_max {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "the file is larger than a store can be",
            ));
        }
        fs::read(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Only Unix has folders that can be opened and synced; elsewhere a rename is as durable as it gets.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }
}

/// The path with something behind its whole name, as SQLite names its side files.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder that a file lies in.
pub(crate) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The suffixes of what SQLite keeps beside a database.
pub(crate) const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Makes room for a new database: what is left of an earlier one goes, an empty private file takes its name. SQLite gives
/// the log and the journal the same rights.
pub(crate) fn fresh_database(files: &dyn Files, file: &Path) -> io::Result<()> {
    remove_database(files, file)?;
    files.make_private(file)
}

/// Removes a database and all that lies beside it.
pub(crate) fn remove_database(files: &dyn Files, file: &Path) -> io::Result<()> {
    for suffix in SIDE_FILES {
        files.remove(&beside(file, suffix))?;
    }
    files.remove(file)
}
