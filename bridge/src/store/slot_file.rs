//! The first-launch record as a file: `first_launch.slots`, with its lock beside it.
//!
//! What it is: [`SlotStorage`] over `std::fs`, plus `flock` (which the standard library does not offer on Android
//! in this toolchain). What it is not: it knows neither slots nor states (docs/formats/first-launch.md).
//!
//! Invariants: the lock lies in a file of its own, because the data file is replaced when it is created; `flock`
//! belongs to the open file, so it also keeps apart two values in one process, and the kernel frees it when the
//! process ends, however it ends.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use ferrule_os4_compat::first_launch::SlotStorage;

use super::{Lock, create_durably};

const DATA: &str = "first_launch.slots";
const LOCK: &str = "first_launch.lock";

/// The first-launch record of one user in that user's folder.
///
/// ```
/// use ferrule::store::slot_file::SlotFile;
/// use ferrule_os4_compat::FirstLaunch;
/// # let folder = tempfile::tempdir()?;
/// let first_launch = FirstLaunch::new(SlotFile::in_folder(folder.path()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct SlotFile {
    data: PathBuf,
    lock: PathBuf,
    held: Option<Lock>,
    /// Open between a write and its sync.
    unsynced: Option<File>,
}

impl SlotFile {
    /// In an existing folder that no backup includes and that belongs to the user whose record it is. Opens nothing.
    pub fn in_folder(folder: &Path) -> Self {
        Self { data: folder.join(DATA), lock: folder.join(LOCK), held: None, unsynced: None }
    }
}

impl SlotStorage for SlotFile {
    type Error = io::Error;

    fn try_lock(&mut self) -> io::Result<bool> {
        if self.held.is_some() {
            return Ok(true);
        }
        self.held = Lock::try_take(&self.lock)?;
        Ok(self.held.is_some())
    }

    fn unlock(&mut self) {
        self.held = None;
    }

    fn read(&mut self, limit_bytes: usize) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(&self.data) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut bytes = Vec::new();
        file.take(limit_bytes as u64).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn create(&mut self, content: &[u8]) -> io::Result<()> {
        create_durably(&self.data, content)
    }

    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.data)?;
        file.write_all_at(bytes, offset_bytes)?;
        self.unsynced = Some(file);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.unsynced.take() {
            Some(file) => file.sync_data(),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    use ferrule_os4_compat::FirstLaunch;
    use ferrule_os4_compat::FlCode;
    use ferrule_os4_compat::first_launch::{
        Answer, BuildId, Delivery, DeviceId, Kind, OsEvidence, Start, User,
    };

    use super::*;

    fn start(major: u8) -> Start {
        Start {
            user: User::Full { id: 0 },
            unlocked: true,
            os: OsEvidence::HyperOs(major),
            device_id: DeviceId([7; 16]),
            build_id: BuildId::new("OS4.0.9.0.XZZCNXM"),
        }
    }

    fn deliver(kind: Kind, attempt: u8) -> Answer {
        Answer::Deliver(Delivery { kind, attempt })
    }

    #[test]
    fn upgrade_is_delivered_once_and_survives_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let open = || FirstLaunch::new(SlotFile::in_folder(folder.path()));
        assert_eq!(open().start(&start(3)).answer, Answer::Nothing);
        let mut first_launch = open();
        assert_eq!(first_launch.start(&start(4)).answer, deliver(Kind::Upgrade { from: 3 }, 1));
        first_launch.acknowledge().unwrap();
        assert_eq!(open().start(&start(4)).answer, Answer::Nothing);
        assert_eq!(open().start(&start(5)).answer, Answer::Nothing);
    }

    #[test]
    fn files_are_for_the_owner_only_and_nothing_is_left_beside() {
        let folder = tempfile::tempdir().unwrap();
        FirstLaunch::new(SlotFile::in_folder(folder.path())).start(&start(3));
        let mut names = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            names.push(entry.file_name().into_string().unwrap());
        }
        names.sort();
        assert_eq!(names, [LOCK, DATA]);
    }

    #[test]
    fn second_opener_delivers_nothing_until_the_first_one_gives_up() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = FirstLaunch::new(SlotFile::in_folder(folder.path()));
        let mut second = FirstLaunch::new(SlotFile::in_folder(folder.path()));
        assert_eq!(first.start(&start(4)).answer, deliver(Kind::Fresh, 1));
        let outcome = second.start(&start(4));
        assert_eq!(outcome.answer, Answer::Nothing);
        assert_eq!(outcome.reasons[0].code, FlCode::HeldElsewhere.into());
        drop(first);
        assert_eq!(second.start(&start(4)).answer, deliver(Kind::Fresh, 2));
    }

    #[test]
    fn missing_folder_and_unreadable_file_deliver_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut missing = FirstLaunch::new(SlotFile::in_folder(&folder.path().join("no")));
        let outcome = missing.start(&start(4));
        assert_eq!(outcome.answer, Answer::Nothing);
        assert_eq!(outcome.reasons[0].code, FlCode::LockFailed.into());

        fs::create_dir(folder.path().join(DATA)).unwrap();
        let outcome = FirstLaunch::new(SlotFile::in_folder(folder.path())).start(&start(4));
        assert_eq!(outcome.answer, Answer::Nothing);
        assert_eq!(outcome.reasons[0].code, FlCode::ReadFailed.into());
    }

    #[test]
    fn hostile_file_is_read_in_part_and_recovered_from() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATA), vec![0xFF; 10_000_000]).unwrap();
        let mut first_launch = FirstLaunch::new(SlotFile::in_folder(folder.path()));
        assert_eq!(first_launch.start(&start(4)).answer, Answer::Recovered);
        assert_eq!(first_launch.start(&start(4)).answer, Answer::Nothing);
    }

    const CHILD_FOLDER: &str = "FERRULE_SLOT_FILE_CHILD";

    /// Not a test of its own: the second process of the test below, which delivers and then waits to be killed.
    #[test]
    fn child_process_delivers_and_waits() {
        let Some(folder) = std::env::var_os(CHILD_FOLDER) else { return };
        let mut first_launch = FirstLaunch::new(SlotFile::in_folder(Path::new(&folder)));
        println!("child {:?}", first_launch.start(&start(4)).answer);
        let mut line = String::new();
        io::stdin().read_line(&mut line).unwrap();
    }

    #[test]
    fn killed_process_frees_the_lock_and_the_next_attempt_follows() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "store::slot_file::tests::child_process_delivers_and_waits"])
            .env(CHILD_FOLDER, folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let delivered = lines.find(|line| line.contains("child ")).unwrap();
        assert!(delivered.contains("attempt: 1"), "{delivered}");

        let mut here = FirstLaunch::new(SlotFile::in_folder(folder.path()));
        assert_eq!(here.start(&start(4)).answer, Answer::Nothing);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(here.start(&start(4)).answer, deliver(Kind::Fresh, 2));
    }
}
