//! What a folder holds at one moment, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What kind of end a photograph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The process was killed: everything written is there.
    Killed,
    /// The power went: of files written since their last sync only what was synced is there.
    PowerCut,
}

/// The files of a folder, subfolders included, with their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The kind of end.
    pub loss: Loss,
    /// The files.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Photo {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    files.insert(path, bytes);
                }
            }
        }
        Self { loss: Loss::Killed, files }
    }

    /// The same moment after a power cut.
    pub(crate) fn after_power_cut(
        &self,
        durable: &BTreeMap<PathBuf, Vec<u8>>,
        dirty: &BTreeSet<PathBuf>,
    ) -> Self {
        let files = self
            .files
            .iter()
            .map(|(path, bytes)| {
                let kept = if dirty.contains(path) {
                    durable.get(path).cloned().unwrap_or_default()
                } else {
                    bytes.clone()
                };
                (path.clone(), kept)
            })
            .collect();
        Self { loss: Loss::PowerCut, files }
    }

    /// Lays the files out in another folder.
    ///
    /// # Panics
    /// When they cannot be written.
    pub fn lay_out(&self, from: &Path, to: &Path) {
        for (path, bytes) in &self.files {
            let target = to.join(path.strip_prefix(from).expect("the file is in the folder"));
            fs::create_dir_all(target.parent().expect("a file has a folder")).expect("the folder is made");
            fs::write(&target, bytes).expect("the file is written");
        }
    }
}
