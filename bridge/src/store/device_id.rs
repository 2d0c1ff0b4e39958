//! The random id that binds a first-launch record to this device: `first_launch.device`.
//!
//! What it is not: an identifier of the phone or the user; it is random, leaves the folder never, and is gone with a
//! factory reset.
//!
//! Invariants: once made it never changes; a damaged file is an error and not a new id, because a new id would make
//! the record look restored from elsewhere and show the welcome again.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ferrule_os4_compat::first_launch::DeviceId;

use super::{Lock, create_durably};

const NAME: &str = "first_launch.device";
const LOCK: &str = "first_launch.device.lock";
const ID_BYTES: usize = 16;

/// Reads the id, or makes it when there is none yet. Does not wait for another process.
///
/// # Errors
/// The file cannot be read or written, does not hold an id (`InvalidData`), or another process is making it at this
/// moment (`WouldBlock`). In every case nothing should be delivered by this start.
pub fn read_or_make(folder: &Path) -> io::Result<DeviceId> {
    let path = folder.join(NAME);
    if let Some(id) = read(&path)? {
        return Ok(id);
    }
    let _lock = Lock::try_take(&folder.join(LOCK))?.ok_or(io::ErrorKind::WouldBlock)?;
    // Another process may have made it between the look and the lock.
    if let Some(id) = read(&path)? {
        return Ok(id);
    }
    let mut id = [0; ID_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut id)?;
    let id = DeviceId(id);
    create_durably(&path, text(id).as_bytes())?;
    Ok(id)
}

/// 32 lower-case hex digits: whatever damage a file takes, most of it stops being that.
fn text(id: DeviceId) -> String {
    id.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> io::Result<Option<DeviceId>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut found = Vec::new();
    file.take(2 * ID_BYTES as u64 + 1).read_to_end(&mut found)?;
    let mut id = [0; ID_BYTES];
    if found.len() != 2 * ID_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    for (byte, digits) in id.iter_mut().zip(found.chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).map_err(|_| io::ErrorKind::InvalidData)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData)?;
    }
    let id = DeviceId(id);
    if text(id).as_bytes() == found { Ok(Some(id)) } else { Err(io::ErrorKind::InvalidData.into()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn id_is_made_once_and_differs_between_devices() {
        let here = tempfile::tempdir().unwrap();
        let there = tempfile::tempdir().unwrap();
        let id = read_or_make(here.path()).unwrap();
        assert_eq!(read_or_make(here.path()).unwrap(), id);
        assert_ne!(read_or_make(there.path()).unwrap(), id);
    }

    #[test]
    fn only_one_opener_makes_the_id() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::try_take(&folder.path().join(LOCK)).unwrap().unwrap();
        assert_eq!(read_or_make(folder.path()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(lock);
        read_or_make(folder.path()).unwrap();
    }

    #[test]
    fn damaged_id_is_an_error_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for damaged in [
            "",
            "00",
            "0123456789abcdef0123456789abcdeg",
            "0123456789ABCDEF0123456789abcdef",
            "+123456789abcdef0123456789abcdef",
        ] {
            fs::write(folder.path().join(NAME), damaged).unwrap();
            assert_eq!(
                read_or_make(folder.path()).unwrap_err().kind(),
                io::ErrorKind::InvalidData,
                "{damaged:?}"
            );
            assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap(), damaged);
        }
    }
}
