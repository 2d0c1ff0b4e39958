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

/// Takes the exclusive lock of a lock file without waiting; `None` if another opener holds it. It ends with the file.
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(MODE).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
