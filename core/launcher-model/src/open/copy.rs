//! Copying a database with all that belongs to it.
//!
//! A copy of the main file alone misses every row that still lies in the write-ahead log, and a file whose writer died
//! in a transaction needs its journal to be whole (contracts 4). All are taken together, and again if one of them
//! changed meanwhile.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::{Note, OpenError};
use crate::salvage::log;

/// The largest file that is copied, in bytes.
pub const SOURCE_BYTES_MAX: u64 = 1 << 30;

/// How often a copy is tried while the source changes.
const ATTEMPTS: usize = 3;

/// The names beside a database that belong to it.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Which side files were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leftovers {
    /// A write-ahead log with content: rows may be in it alone.
    pub wal: bool,
    /// The index of the log.
    pub shm: bool,
    /// A rollback journal with content: a writer died in a transaction, which is undone in the copy.
    pub journal: bool,
}

/// A private copy. It is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Copied {
    dir: TempDir,
    leftovers: Leftovers,
    read_only: bool,
    truncated: Option<(u64, u64)>,
    log_is_unusable: bool,
}

impl Copied {
    /// Copies a source and what lies beside it.
    pub(super) fn of(source: &Path, scratch: &Path) -> Result<Self, OpenError> {
        for _ in 0..ATTEMPTS {
            let before = Stamps::of(source)?;
            let copied = Self::once(source, scratch, &before)?;
            if Stamps::of(source)? == before {
                return Ok(copied);
            }
        }
        Err(OpenError::Changed)
    }

    fn once(source: &Path, scratch: &Path, stamps: &Stamps) -> Result<Self, OpenError> {
        let dir = tempfile::Builder::new().prefix("ferrule-source-").tempdir_in(scratch)?;
        let main = dir.path().join(MAIN);
        copy_content(source, &main)?;
        let mut leftovers = Leftovers::default();
        for (suffix, stamp) in SIDE_FILES.iter().zip(&stamps.sides) {
            if let Some(stamp) = stamp {
                copy_content(&beside(source, suffix), &beside(&main, suffix))?;
                match *suffix {
                    "-wal" => leftovers.wal = stamp.len > 0,
                    "-shm" => leftovers.shm = true,
                    _ => leftovers.journal = stamp.len > 0,
                }
            }
        }
        let truncated = if leftovers.wal { None } else { missing_pages(&main, stamps.main.len)? };
        if let Some((expected, _)) = truncated.filter(|(expected, _)| *expected <= SOURCE_BYTES_MAX) {
            // SQLite refuses a file that is shorter than its header says; with empty pages at its end it reads the others.
            File::options().write(true).open(&main)?.set_len(expected)?;
        }
        let log_is_unusable =
            leftovers.wal && log::is_unusable(BufReader::new(File::open(beside(&main, "-wal"))?))?;
        Ok(Self { dir, leftovers, read_only: stamps.read_only, truncated, log_is_unusable })
    }

    /// The copy of the main file.
    pub(super) fn main(&self) -> PathBuf {
        self.dir.path().join(MAIN)
    }

    /// What the copying showed.
    pub(super) fn notes(&self) -> Vec<Note> {
        let side_files = (self.leftovers != Leftovers::default()).then_some(Note::SideFiles(self.leftovers));
        let read_only = self.read_only.then_some(Note::ReadOnly);
        let truncated = self.truncated.map(|(expected, found)| Note::Truncated { expected, found });
        let log = self.log_is_unusable.then_some(Note::LogUnusable);
        side_files.into_iter().chain(read_only).chain(truncated).chain(log).collect()
    }
}

/// The name of the copy of the main file.
const MAIN: &str = "source.db";

/// The path of a side file. SQLite appends to the whole name, extension included.
fn beside(main: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(main);
    name.push(suffix);
    PathBuf::from(name)
}

/// Copies bytes into a new file of our own, without the source's permissions: a read-only copy could not be opened
/// where a log has to be replayed.
///
/// # Errors
/// What keeps the one from being read or the other from being made; one that is there is left as it is.
pub fn copy_content(from: &Path, to: &Path) -> io::Result<()> {
    let mut target = File::create_new(to)?;
    io::copy(&mut File::open(from)?, &mut target).map(drop)
}

/// Length and time of a file: what tells whether it changed.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The stamps of a database and its side files.
#[derive(Debug, PartialEq, Eq)]
struct Stamps {
    main: Stamp,
    sides: Vec<Option<Stamp>>,
    read_only: bool,
}

impl Stamps {
    fn of(source: &Path) -> Result<Self, OpenError> {
        let metadata = match fs::metadata(source) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::Absent),
            Err(error) => return Err(error.into()),
        };
        if !metadata.is_file() {
            return Err(OpenError::NotAFile);
        }
        if metadata.len() == 0 {
            return Err(OpenError::ZeroBytes);
        }
        let mut sides = Vec::with_capacity(SIDE_FILES.len());
        let mut total = metadata.len();
        for suffix in SIDE_FILES {
            let stamp = fs::metadata(beside(source, suffix)).ok().filter(Metadata::is_file);
            total = total.saturating_add(stamp.as_ref().map_or(0, Metadata::len));
            sides.push(stamp.as_ref().map(Stamp::from));
        }
        if total > SOURCE_BYTES_MAX {
            return Err(OpenError::TooLarge { what: "bytes of file", limit: SOURCE_BYTES_MAX });
        }
        Ok(Self { main: (&metadata).into(), sides, read_only: metadata.permissions().readonly() })
    }
}

/// The bytes that the header promises and those there are, where it promises more. A header whose page count is not
/// kept up to date (by very old SQLite) promises nothing.
fn missing_pages(main: &Path, found: u64) -> io::Result<Option<(u64, u64)>> {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    File::open(main)?.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map(u32::from_be_bytes)
    };
    let page_size =
        header.get(16..18).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok()).map(u16::from_be_bytes);
    let page_size = page_size.map(|size| if size == 1 { 1 << 16 } else { u64::from(size) });
    let is_database = header.starts_with(b"SQLite format 3\0");
    let (Some(page_size), Some(pages), true) =
        (page_size, number(28), is_database && number(24) == number(92))
    else {
        return Ok(None);
    };
    let expected = page_size.saturating_mul(u64::from(pages));
    Ok((expected > found).then_some((expected, found)))
}

/// The header of a database file.
const HEADER_BYTES: usize = 100;
