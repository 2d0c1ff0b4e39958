//! A store on the workstation: recognised by its header, read through a private copy, changed only where that is asked for.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ferrule_launcher_model::home::Home;
use ferrule_launcher_model::open::{OpenError, copy_content};
use ferrule_launcher_model::store::schema::APPLICATION_ID;
use ferrule_launcher_model::store::{EpochMillis, GridSize, OpenOptions, OpenReport};
use tempfile::TempDir;

use super::problem::Problem;
use crate::output::printable;
use crate::problem::ATTENTION;
use crate::progress::waiting;

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where a file says which program made it.
const APPLICATION: std::ops::Range<usize> = 68..72;
/// What belongs to a store beside its file.
const SIDE_FILES: [&str; 2] = ["-wal", "-journal"];
/// The folder of its snapshots.
const SNAPSHOTS: &str = ".snapshots";
/// The grid of a store that has to be made, until an import says another.
pub const ORDINARY: GridSize = GridSize { columns: 5, rows: 5, dock: 5 };

/// The time.
pub fn now() -> EpochMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    EpochMillis(i64::try_from(since).unwrap_or(i64::MAX))
}

/// How a store is opened, or made.
pub fn options() -> OpenOptions {
    OpenOptions::new(now(), ORDINARY, 0)
}

/// Whether a file says of itself that it is a store.
pub fn is_store(file: &Path) -> bool {
    let mut header = [0; APPLICATION.end];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok()
        && header.starts_with(MAGIC)
        && header.get(APPLICATION) == Some(APPLICATION_ID.to_be_bytes().as_slice())
}

/// What keeps a path from being an existing store.
///
/// # Errors
/// The problem, with what to do.
pub fn existing(file: &Path) -> Result<(), Problem> {
    let found = fs::metadata(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::opening(file, &OpenError::Absent),
        _ => Problem::opening(file, &OpenError::Unreadable(error)),
    })?;
    if !found.is_file() {
        return Err(Problem::opening(file, &OpenError::NotAFile));
    }
    if let Err(error) = File::open(file) {
        return Err(Problem::opening(file, &OpenError::Unreadable(error)));
    }
    match found.len() {
        0 => Err(Problem::opening(file, &OpenError::ZeroBytes)),
        _ if is_store(file) => Ok(()),
        _ => {
            let mut magic = [0; MAGIC.len()];
            let read = File::open(file).and_then(|mut file| file.read_exact(&mut magic));
            let is_database = read.is_ok() && magic == *MAGIC;
            Err(if is_database {
                Problem::no_store(file)
            } else {
                Problem::opening(file, &OpenError::NotADatabase)
            })
        }
    }
}

/// A private copy of a store; gone when it is dropped.
pub struct Copy {
    /// The home screen in it.
    pub home: Home,
    /// What its opening showed: what would be salvaged of the store itself.
    pub report: OpenReport,
    _folder: TempDir,
}

impl Copy {
    /// Copies a store with its log and its snapshots, and opens the copy.
    ///
    /// # Errors
    /// What keeps it from being copied or opened.
    pub fn of(file: &Path) -> Result<Self, Problem> {
        existing(file)?;
        let _waiting = waiting(&format!("reading {}", file.display()));
        let unreadable = |error| Problem::opening(file, &OpenError::Unreadable(error));
        let folder = tempfile::Builder::new().prefix("ferrule-store-").tempdir().map_err(unreadable)?;
        let copy = copy(file, folder.path()).map_err(unreadable)?;
        let (home, report) = Home::open(&copy, options()).map_err(|error| Problem::store(file, &error))?;
        Ok(Self { home, report, _folder: folder })
    }
}

fn copy(file: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let copy = folder.join("store.db");
    copy_content(file, &copy)?;
    for side in SIDE_FILES {
        let from = beside(file, side);
        if from.is_file() {
            copy_content(&from, &beside(&copy, side))?;
        }
    }
    let snapshots = beside(file, SNAPSHOTS);
    if snapshots.is_dir() {
        let to = beside(&copy, SNAPSHOTS);
        fs::create_dir(&to)?;
        for entry in fs::read_dir(snapshots)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                copy_content(&entry.path(), &to.join(entry.file_name()))?;
            }
        }
    }
    Ok(copy)
}

/// The name beside a file.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Opens a store to change it, and says what had to be salvaged for that; the exit code that goes with it.
///
/// # Errors
/// What keeps it from being opened.
pub fn open(file: &Path) -> Result<(Home, u8), Problem> {
    existing(file)?;
    let (home, report) = Home::open(file, options()).map_err(|error| Problem::store(file, &error))?;
    let Some(salvage) = &report.salvage else { return Ok((home, 0)) };
    for (code, detail) in super::salvage_lines(salvage) {
        eprintln!("ferrule: {code}: {}: {}", printable(&file.display().to_string()), printable(&detail));
    }
    Ok((home, ATTENTION))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_copy_of_a_read_only_store_can_be_written() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = from.path().join("home.store");
        fs::write(&file, "store").unwrap();
        fs::write(beside(&file, "-wal"), "log").unwrap();
        for name in [file.clone(), beside(&file, "-wal")] {
            let mut permissions = fs::metadata(&name).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(&name, permissions).unwrap();
        }
        let copied = copy(&file, to.path()).unwrap();
        for (name, content) in [(beside(&copied, "-wal"), "log"), (copied, "store")] {
            assert_eq!(fs::read_to_string(&name).unwrap(), content);
            assert!(!fs::metadata(&name).unwrap().permissions().readonly(), "{}", name.display());
        }
    }
}
