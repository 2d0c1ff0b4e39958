//! What the disk does at which operation: the plan, the count and the photographs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ferrule_launcher_model::store::Files;

use crate::files::FaultFiles;
use crate::photo::{Loss, Photo};
use crate::vfs;

/// An operation that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// A file is opened.
    Open,
    /// Bytes are read.
    Read,
    /// Bytes are written.
    Write,
    /// A file is cut off.
    Truncate,
    /// A file is made durable.
    Sync,
    /// A lock is taken.
    Lock,
    /// A file is deleted.
    Delete,
    /// A file gets another name.
    Rename,
    /// The names in a folder are made durable.
    SyncFolder,
    /// A folder is made.
    MakeFolder,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Open,
        Self::Read,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::Lock,
        Self::Delete,
        Self::Rename,
        Self::SyncFolder,
        Self::MakeFolder,
    ];
}

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The device fails.
    Io,
    /// No space is left; only what needs space fails.
    Full,
    /// A write ends in its middle and fails.
    Short,
    /// Somebody else holds the lock.
    Locked,
    /// Nothing may be written.
    ReadOnly,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Io, Self::Full, Self::Short, Self::Locked, Self::ReadOnly];

    /// Whether an operation can fail this way.
    pub fn can_hit(self, operation: Operation) -> bool {
        use Operation as Op;
        match self {
            Self::Io => operation != Op::Lock,
            Self::Full => matches!(operation, Op::Write | Op::Sync | Op::Rename | Op::MakeFolder),
            Self::Short => operation == Op::Write,
            Self::Locked => operation == Op::Lock,
            Self::ReadOnly => {
                matches!(operation, Op::Write | Op::Truncate | Op::Delete | Op::Rename | Op::MakeFolder)
            }
        }
    }
}

/// When and how the disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The operation that fails, counted from 1 among those that the fault can hit.
    pub at: u64,
    /// How.
    pub fault: Fault,
    /// Whether all later ones fail too.
    pub sticky: bool,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    folder: PathBuf,
    plan: Option<Plan>,
    /// Whether files may only be read, and none be made.
    pub(crate) is_read_only: bool,
    /// Operations so far that the plan's fault can hit.
    hits: u64,
    fired: bool,
    counts: BTreeMap<Operation, u64>,
    /// What each file held when it was last synced.
    durable: BTreeMap<PathBuf, Vec<u8>>,
    /// The names that a sync of the folder has made durable, with the file that each stands for.
    camera: Option<Vec<Photo>>,
    /// Files that were written and not synced.
    dirty: BTreeSet<PathBuf>,
}

/// A registered disk.
#[derive(Debug, Clone)]
pub struct FaultDisk {
    name: String,
    pub(crate) state: Arc<Mutex<State>>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl FaultDisk {
    /// Registers a disk for the files of one folder. It stays registered to the end of the process.
    pub fn install(folder: &Path) -> Self {
        let name = format!("ferrule-fault-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let state = State { folder: folder.to_owned(), ..State::default() };
        let disk = Self { name, state: Arc::new(Mutex::new(state)) };
        vfs::register(&disk.name, Arc::clone(&disk.state));
        disk
    }

    /// The name of its SQLite VFS.
    pub fn vfs(&self) -> String {
        self.name.clone()
    }

    /// Its file calls.
    pub fn files(&self) -> Arc<dyn Files> {
        Arc::new(FaultFiles { state: Arc::clone(&self.state) })
    }

    /// Its file calls, as the icon store knows them.
    pub fn icon_files(&self) -> Arc<dyn ferrule_icon_cache::store::Files> {
        Arc::new(FaultFiles { state: Arc::clone(&self.state) })
    }

    /// Starts counting anew, with a plan or without.
    pub fn plan(&self, plan: Option<Plan>) {
        let mut state = lock(&self.state);
        state.plan = plan;
        state.hits = 0;
        state.fired = false;
        state.counts.clear();
    }

    /// From now on files are opened to be read and none is made, as where modes forbid it. Modes themselves are no test:
    /// they bind no superuser, and tests may run as one.
    pub fn read_only(&self, is_read_only: bool) {
        lock(&self.state).is_read_only = is_read_only;
    }

    /// Whether the planned fault has happened.
    pub fn fired(&self) -> bool {
        lock(&self.state).fired
    }

    /// The operations since the last plan, by kind.
    pub fn counts(&self) -> BTreeMap<Operation, u64> {
        lock(&self.state).counts.clone()
    }

    /// Begins to photograph the folder before every operation that changes it. What is in it now is durable.
    pub fn start_camera(&self) {
        let mut state = lock(&self.state);
        let folder = state.folder.clone();
        state.durable = Photo::read(&folder).files;
        state.dirty.clear();
        state.camera = Some(Vec::new());
    }

    /// Ends photographing; the photographs in order.
    pub fn stop_camera(&self) -> Vec<Photo> {
        lock(&self.state).camera.take().unwrap_or_default()
    }
}

pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Counts an operation; answers the fault that it has to have.
    pub(crate) fn before(&mut self, operation: Operation) -> Option<Fault> {
        *self.counts.entry(operation).or_default() += 1;
        let changes = !matches!(operation, Operation::Open | Operation::Read | Operation::Lock);
        if changes && self.camera.is_some() {
            self.photograph();
        }
        let plan = self.plan.filter(|plan| plan.fault.can_hit(operation))?;
        self.hits += 1;
        let now = self.hits == plan.at || (plan.sticky && self.hits > plan.at);
        self.fired |= now;
        now.then_some(plan.fault)
    }

    fn photograph(&mut self) {
        let killed = Photo::read(&self.folder);
        let cut = killed.after_power_cut(&self.durable, &self.dirty);
        if let Some(camera) = &mut self.camera {
            for photo in [killed, cut] {
                // A picture that is there already shows nothing new.
                if camera.iter().rev().take(2).all(|taken| taken.files != photo.files) {
                    camera.push(photo);
                }
            }
        }
    }

    pub(crate) fn written(&mut self, file: &Path) {
        self.dirty.insert(file.to_owned());
    }

    pub(crate) fn synced(&mut self, file: &Path) {
        if self.camera.is_some()
            && let Ok(bytes) = std::fs::read(file)
        {
            self.durable.insert(file.to_owned(), bytes);
            self.dirty.remove(file);
        }
    }

    pub(crate) fn deleted(&mut self, file: &Path) {
        self.durable.remove(file);
        self.dirty.remove(file);
    }

    pub(crate) fn renamed(&mut self, from: &Path, to: &Path) {
        if let Some(bytes) = self.durable.remove(from) {
            self.durable.insert(to.to_owned(), bytes);
        } else {
            self.durable.remove(to);
        }
        self.dirty.remove(to);
        if self.dirty.remove(from) {
            self.dirty.insert(to.to_owned());
        }
    }
}

impl From<Loss> for &'static str {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Killed => "killed",
            Loss::PowerCut => "power cut",
        }
    }
}
