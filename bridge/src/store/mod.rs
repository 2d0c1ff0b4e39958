//! Files behind the cores' storage traits: the only code of the library that opens files for them.
//!
//! What it is not: it decides nothing; what is written where and in which order is the core's business.
//!
//! Invariants: files are 0600; a new file appears whole or not at all; nothing here is `unsafe`.

pub mod device_id;
pub mod slot_file;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// Only the owner reads and writes (contracts 7).
const MODE: u32 = 0o600;

/// Makes a file whole and durable: written beside its place, synced, moved there, and the folder synced.
///
/// Two writers must be kept apart by the caller's lock: they would share the file beside.
fn create_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let beside = path.with_extension("new");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // Best effort: a leftover is overwritten by the next try and never read.
        let _ = fs::remove_file(&beside);
    }
    written?;
    File::open(folder)?.sync_all()
}

/// The exclusive lock of a lock file, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
struct Lock(File);

impl Lock {
    /// Takes it without waiting; `None` if another opener holds it.
    fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(MODE).open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone is not enough: a child between fork and exec has the same open file, and would keep the lock.
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_with_its_owner_although_a_forked_child_still_has_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::try_take(&path).unwrap().unwrap();
        assert!(Lock::try_take(&path).unwrap().is_none());
        let of_the_child = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(Lock::try_take(&path).unwrap().is_some());
        drop(of_the_child);
    }
}
