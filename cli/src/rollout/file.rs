//! A state file on a workstation: the disk under the core's store.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ferrule_rollout::slot::{Disk, FILE_BYTES};

use super::refusal::Refusal;

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

/// The largest configuration that is read, in bytes.
const TEXT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A configuration's text.
///
/// # Errors
/// When it cannot be read, is no UTF-8, or is larger than any configuration.
pub fn text(path: &Path) -> Result<String, Refusal> {
    let unread = |error: io::Error| Refusal::unread(path.display(), error);
    let mut text = String::new();
    let file = File::open(path).map_err(unread)?;
    file.take(TEXT_BYTES_MAX + 1).read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > TEXT_BYTES_MAX {
        let why = format!("it has more than {TEXT_BYTES_MAX} bytes; check that it is the configuration");
        return Err(Refusal::unread(path.display(), why));
    }
    Ok(text)
}

/// A state file's bytes, no more than it can have; `None` if there is none.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(FILE_BYTES as u64).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Disk for StateFile {
    type Error = io::Error;

    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        read(&self.path)
    }

    fn create(&mut self, content: &[u8]) -> io::Result<()> {
        crate::target::replace(&self.path, content)
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
