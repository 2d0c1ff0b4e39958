//! What the rules look at: the project's files as text, and its packages as cargo knows them.
//!
//! Invariants: a file that git ignores is not looked at (build output is nobody's style); a file that is not UTF-8 is
//! there by name but has no text.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::project::{Project, cargo_metadata};

/// One file of the project.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// From the root, with `/`.
    pub path: String,
    /// Its text; empty for what is not UTF-8.
    pub text: String,
}

impl SourceFile {
    /// A file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Whether the name ends with `.ending`.
    pub fn is(&self, ending: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, last)| last == ending)
    }
}

/// A dependency as a manifest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The package.
    pub name: String,
    /// Only its tests need it.
    pub dev: bool,
}

/// A package of the workspace or one that it needs.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its folder from the root, for one of ours; else `None`.
    pub folder: Option<String>,
    /// Its licence expression, empty where it has none.
    pub licence: String,
    /// What its manifest names.
    pub dependencies: Vec<Dependency>,
}

/// Everything that a rule may look at.
#[derive(Debug, Default)]
pub struct House {
    /// The project's files.
    pub files: Vec<SourceFile>,
    /// Every package that the targets we build for need, ours included.
    pub packages: Vec<Package>,
}

impl House {
    /// Reads the project.
    ///
    /// # Errors
    /// When git or cargo fails.
    pub fn read(project: &Project) -> anyhow::Result<Self> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])
            .current_dir(&project.root)
            .output()
            .context("git cannot be run: apt-get install git")?;
        if !output.status.success() {
            bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let mut files = Vec::new();
        for path in String::from_utf8_lossy(&output.stdout).split('\0').filter(|path| !path.is_empty()) {
            let place = project.root.join(path);
            if place.is_file() {
                let bytes = fs::read(&place).with_context(|| format!("cannot read {path}"))?;
                files.push(SourceFile::new(path, String::from_utf8(bytes).unwrap_or_default()));
            }
        }
        // The targets that the licences must hold for: the machine we test on and the one we ship to.
        let mut packages = Vec::new();
        for target in ["x86_64-unknown-linux-gnu", "aarch64-linux-android"] {
            let metadata = cargo_metadata(&project.root, &["--locked", "--filter-platform", target])?;
            for package in packages_of(&metadata) {
                if !packages.iter().any(|p: &Package| p.name == package.name && p.version == package.version)
                {
                    packages.push(package);
                }
            }
        }
        Ok(Self { files, packages })
    }

    /// The file of this path.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files whose name ends with `.ending`.
    pub fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files.iter().filter(move |file| file.is(ending))
    }
}

/// The packages in the answer of `cargo metadata`.
fn packages_of(metadata: &Value) -> Vec<Package> {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let root = text(metadata, "workspace_root");
    let read = |package: &Value| {
        let manifest = text(package, "manifest_path");
        let inside = manifest.strip_prefix(&root).and_then(|rest| rest.strip_suffix("/Cargo.toml"));
        let ours = package.get("source").is_none_or(Value::is_null);
        Package {
            name: text(package, "name"),
            version: text(package, "version"),
            folder: inside.filter(|_| ours).map(|folder| folder.trim_start_matches('/').to_owned()),
            licence: text(package, "license"),
            dependencies: list(package, "dependencies")
                .iter()
                .map(|d| Dependency { name: text(d, "name"), dev: text(d, "kind") == "dev" })
                .collect(),
        }
    };
    list(metadata, "packages").iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_answer_is_read() {
        let metadata = serde_json::json!({
            "workspace_root": "/p",
            "packages": [
                {"name": "a", "version": "1.0.0", "manifest_path": "/p/core/a/Cargo.toml", "source": null,
                 "license": "MIT", "dependencies": [{"name": "b", "kind": "dev"}, {"name": "c", "kind": null}]},
                {"name": "c", "version": "2.0.0", "manifest_path": "/r/c/Cargo.toml", "source": "registry", "license": null},
            ],
        });
        let packages = packages_of(&metadata);
        let [ours, other] = &packages[..] else { panic!("{packages:?}") };
        assert_eq!(ours.folder.as_deref(), Some("core/a"));
        assert_eq!(ours.dependencies[0], Dependency { name: "b".into(), dev: true });
        assert_eq!(ours.dependencies[1], Dependency { name: "c".into(), dev: false });
        assert_eq!((other.folder.as_deref(), other.licence.as_str()), (None, ""));
    }
}
