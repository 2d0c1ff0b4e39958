//! Zip archives whose bytes depend on nothing but what is in them.
//!
//! Invariants: entries stand in the order of their names, have no time of their own, and are packed by the one compressor
//! that does not look at the processor; reading takes whole entries or none.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use anyhow::{Context, ensure};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Names and what they hold.
pub type Entries = BTreeMap<String, Vec<u8>>;

/// More than any archive of ours unpacks to, in bytes.
const UNPACKED_MAX: u64 = 1 << 30;

/// Packs the entries.
///
/// # Errors
/// When an entry is too large for the format.
pub fn write(entries: &Entries) -> anyhow::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options).with_context(|| format!("cannot pack {name}"))?;
        zip.write_all(bytes).with_context(|| format!("cannot pack {name}"))?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Unpacks an archive; folders are left out.
///
/// # Errors
/// When it is none, is damaged, names an entry twice, or unpacks to more than a gigabyte.
pub fn read(bytes: &[u8]) -> anyhow::Result<Entries> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).context("is no archive")?;
    let mut entries = Entries::new();
    let mut left = UNPACKED_MAX;
    for index in 0..zip.len() {
        let file = zip.by_index(index).context("has a damaged entry")?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().context("has an entry without a name")?.into_owned();
        let mut content = Vec::new();
        file.take(left + 1).read_to_end(&mut content).with_context(|| format!("{name} is damaged"))?;
        left = left.checked_sub(content.len() as u64).context("unpacks to more than a gigabyte")?;
        ensure!(entries.insert(name.clone(), content).is_none(), "has {name} twice");
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_what_is_read_and_the_same_bytes_each_time() {
        let entries = Entries::from([
            ("b/two.txt".to_owned(), b"two".repeat(100)),
            ("a".to_owned(), Vec::new()),
            ("c.bin".to_owned(), (0..=255).collect()),
        ]);
        let bytes = write(&entries).unwrap();
        assert_eq!(read(&bytes).unwrap(), entries);
        assert_eq!(write(&entries).unwrap(), bytes);
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let bytes = write(&Entries::from([("a".to_owned(), b"some text that is packed".to_vec())])).unwrap();
        assert!(read(b"no archive").is_err());
        assert!(read(&bytes[..bytes.len() - 5]).is_err());
        let mut broken = bytes.clone();
        let at =
            bytes.windows(4).position(|part| part == b"\x01\x02\x14\x03" || part == b"PK\x01\x02").unwrap();
        // The checksum in the directory.
        broken[at + 16] ^= 1;
        assert!(read(&broken).is_err());
    }
}
