//! The store's own file calls, counted with SQLite's.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ferrule_launcher_model::store::{Files, SystemFiles};

use crate::disk::{Fault, Operation, State, lock};

#[derive(Debug)]
pub(crate) struct FaultFiles {
    pub(crate) state: Arc<Mutex<State>>,
}

impl FaultFiles {
    fn before(&self, operation: Operation) -> io::Result<()> {
        match lock(&self.state).before(operation) {
            None => Ok(()),
            Some(Fault::Full) => Err(io::ErrorKind::StorageFull.into()),
            Some(Fault::ReadOnly) => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
            Some(Fault::Io | Fault::Short | Fault::Locked) => Err(io::Error::other("the device fails")),
        }
    }
}

impl Files for FaultFiles {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.before(Operation::Rename)?;
        SystemFiles.rename(from, to)?;
        lock(&self.state).renamed(from, to);
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        if !file.exists() {
            return Ok(());
        }
        self.before(Operation::Delete)?;
        SystemFiles.remove(file)?;
        lock(&self.state).deleted(file);
        Ok(())
    }

    fn read(&self, file: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        self.before(Operation::Read)?;
        SystemFiles.read(file, bytes_max)
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        self.before(Operation::SyncFolder)
    }

    fn make_private(&self, file: &Path) -> io::Result<()> {
        self.before(Operation::Open)?;
        SystemFiles.make_private(file)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.before(Operation::MakeFolder)?;
        SystemFiles.make_folder(folder)
    }
}

/// The icon store asks for three of the calls.
impl ferrule_icon_cache::store::Files for FaultFiles {
    fn remove(&self, file: &Path) -> io::Result<()> {
        Files::remove(self, file)
    }

    fn make_private(&self, file: &Path) -> io::Result<()> {
        Files::make_private(self, file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Files::rename(self, from, to)
    }
}
