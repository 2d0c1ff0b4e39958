//! Where things lie: the root, the target folder, the shared library, the Kotlin modules.
//!
//! Invariant: every path of the project that xtask uses is named here once.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

/// The project on disk.
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder (`CARGO_TARGET_DIR` counts).
    pub target: PathBuf,
    /// What `cargo metadata --no-deps` said: packages and their targets.
    pub metadata: Value,
}

impl Project {
    /// Finds the project that this xtask belongs to.
    ///
    /// # Errors
    /// When cargo cannot be run or does not know the workspace.
    pub fn find() -> anyhow::Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = match manifest {
            Some(path) => path,
            None => std::env::current_dir().context("there is no current folder")?,
        };
        let metadata = cargo_metadata(&start, &["--no-deps"])?;
        let folder = |key: &str| metadata.get(key).and_then(Value::as_str).map(PathBuf::from);
        let (Some(root), Some(target)) = (folder("workspace_root"), folder("target_directory")) else {
            bail!("cargo metadata names no workspace root");
        };
        Ok(Self { root, target, metadata })
    }

    /// The shared library of the release profile.
    pub fn library(&self) -> PathBuf {
        self.release_library("ferrule")
    }

    /// The library that crashes its process on purpose, for tests only.
    pub fn crashtest(&self) -> PathBuf {
        self.release_library("ferrule_crashtest")
    }

    /// The library with the wire forms that were not chosen, for benches only.
    pub fn wire_bench(&self) -> PathBuf {
        self.release_library("ferrule_wire_bench")
    }

    fn release_library(&self, name: &str) -> PathBuf {
        let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        self.target.join("release").join(format!("{prefix}{name}{suffix}"))
    }

    /// The folder of the Kotlin modules.
    pub fn kotlin(&self) -> PathBuf {
        self.root.join("kotlin-bindings")
    }

    /// Where the generated Kotlin goes; build output, never committed.
    pub fn generated(&self) -> PathBuf {
        self.kotlin().join("bindings/target/generated/uniffi")
    }

    /// What is handed on: stripped libraries with their symbols, archives, a Maven repository.
    pub fn package(&self) -> PathBuf {
        self.target.join("package")
    }

    /// xtask's own notes: stamps, logs, the lock.
    pub fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// What a test run leaves for people to read: lists of broken rules and what caught them.
    pub fn report(&self) -> PathBuf {
        self.target.join("report")
    }

    /// The package that has a target of this kind (`bin`, `bench`…) and name.
    pub fn package_with_target(&self, kind: &str, name: &str) -> Option<&str> {
        let packages = self.metadata.get("packages")?.as_array()?;
        let has = |target: &Value| {
            let kinds = target.get("kind").and_then(Value::as_array);
            target.get("name").and_then(Value::as_str) == Some(name)
                && kinds.is_some_and(|kinds| kinds.iter().any(|k| k.as_str() == Some(kind)))
        };
        let holder = packages.iter().find(|package| {
            package.get("targets").and_then(Value::as_array).is_some_and(|all| all.iter().any(has))
        });
        holder?.get("name")?.as_str()
    }

    /// Holds every other building xtask back until the guard is dropped.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn lock(&self) -> anyhow::Result<File> {
        let folder = self.notes();
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join("lock");
        let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("xtask: another task is building here; waiting for it");
                file.lock().context("cannot wait for the other task")?;
            }
            Err(TryLockError::Error(error)) => return Err(error).context("cannot lock the target folder"),
        }
        Ok(file)
    }
}

/// Every file below a folder, named from there.
pub fn files_below(folder: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.insert(name.to_owned());
            }
        }
    }
    Ok(found)
}

/// Runs `cargo metadata` in `folder`.
///
/// # Errors
/// When cargo fails or answers with something that is not JSON.
pub fn cargo_metadata(folder: &Path, extra: &[&str]) -> anyhow::Result<Value> {
    let output = Command::new(cargo())
        .args(["metadata", "--format-version", "1"])
        .args(extra)
        .current_dir(folder)
        .output()
        .context("cargo cannot be run")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")
}

/// The cargo that runs us, else the one on the path.
pub fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
