//! Stamps: skips a step whose inputs are what they were when it last succeeded.
//!
//! Invariants: a stamp is written only after success; a changed, added or removed input file makes it stale.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A step's stamp file and the state of its inputs now.
pub struct Stamp {
    path: PathBuf,
    now: String,
}

impl Stamp {
    /// Looks at the inputs: files, or folders with all that lies in them but build output.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn of(path: PathBuf, inputs: &[PathBuf]) -> anyhow::Result<Self> {
        let mut files = BTreeSet::new();
        for input in inputs {
            collect(input, &mut files)?;
        }
        let mut hasher = DefaultHasher::new();
        for file in &files {
            let facts = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
            (file, facts.len(), facts.modified().ok()).hash(&mut hasher);
        }
        Ok(Self { path, now: format!("{:016x} {}\n", hasher.finish(), files.len()) })
    }

    /// Whether the step succeeded with exactly these inputs.
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|then| then == self.now)
    }

    /// Notes that the step succeeded.
    ///
    /// # Errors
    /// When the stamp cannot be written.
    pub fn write(&self) -> anyhow::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.path, &self.now).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Adds every file at or below `path`; `target`, `build` and dot folders hold output, not input.
fn collect(path: &Path, into: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        into.insert(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let output = name == "target" || name == "build" || name.starts_with('.');
        if entry.path().is_dir() {
            if !output {
                collect(&entry.path(), into)?;
            }
        } else {
            into.insert(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_fresh_until_an_input_changes_appears_or_goes() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in");
        fs::create_dir(&input).unwrap();
        fs::write(input.join("a"), "1").unwrap();
        let look = || Stamp::of(folder.path().join("stamp"), std::slice::from_ref(&input)).unwrap();
        assert!(!look().is_fresh());
        look().write().unwrap();
        assert!(look().is_fresh());
        fs::write(input.join("a"), "22").unwrap();
        assert!(!look().is_fresh());
        look().write().unwrap();
        fs::write(input.join("b"), "").unwrap();
        assert!(!look().is_fresh());
        fs::remove_file(input.join("b")).unwrap();
        assert!(look().is_fresh());
        fs::create_dir(input.join("target")).unwrap();
        fs::write(input.join("target/out"), "").unwrap();
        assert!(look().is_fresh(), "build output is no input");
    }
}
