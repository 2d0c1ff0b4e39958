//! A state file on a workstation: the disk under the core's store.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ferrule_rollout::slot::{Disk, FILE_BYTES};

/// The file, and the lock that lies beside it while this lives.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    open: Option<File>,
    _lock: File,
}

impl StateFile {
    /// Takes the lock (R48).
    ///
    /// # Errors
    /// When another process holds it, or the folder cannot be written.
    pub fn lock(path: &Path) -> io::Result<Self> {
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(path.with_extension("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(io::Error::other("another process holds the state's lock"));
            }
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        Ok(Self { path: path.to_owned(), open: None, _lock: lock })
    }
}

/// A state file's bytes, no more than it can have; `None` if there is none.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(mut bytes) => {
            bytes.truncate(FILE_BYTES);
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts a file in place as a whole: written beside it, synced, renamed, the folder synced.
///
/// # Errors
/// When any of that fails; what was there is untouched.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

impl Disk for StateFile {
    type Error = io::Error;

    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        read(&self.path)
    }

    fn create(&mut self, content: &[u8]) -> io::Result<()> {
        replace(&self.path, content)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        self.open = Some(file);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.open.as_ref().map_or(Ok(()), File::sync_data)
    }
}
