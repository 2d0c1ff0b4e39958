//! `cargo xtask bindings`: the shared library of the release profile, and the Kotlin that belongs to it.
//!
//! Invariants: the generated Kotlin always comes from the very library that is shipped; a file whose text did not
//! change keeps its time, so that the Kotlin compiler has nothing to do.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::need::{self, Need};
use crate::project::{Project, files_below};
use crate::run::Step;
use crate::stamp::Stamp;

/// The program that writes the Kotlin, a binary target of one of our crates.
const GENERATOR: &str = "uniffi-bindgen";

/// Builds and generates, then says where.
///
/// # Errors
/// When a tool is missing or a step fails.
pub fn run(project: &Project) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust])?;
    let _lock = project.lock()?;
    build_for_tests(project)?;
    println!("{}\n{}", project.library().display(), project.generated().display());
    Ok(ExitCode::SUCCESS)
}

/// Like [`build`], and the library that the Kotlin tests crash a process with, and the command line that adds up what they export.
///
/// # Errors
/// When a step fails; its output has been shown.
pub fn build_for_tests(project: &Project) -> anyhow::Result<()> {
    build(project)?;
    Step::cargo("what Kotlin's tests need")
        .folder(&project.root)
        .args(["build", "--quiet", "--release", "--package", "ferrule-crashtest", "--package", "ferrule-cli"])
        .quietly()?;
    Ok(())
}

/// Builds the library and generates its Kotlin, as far as something changed.
///
/// # Errors
/// When a step fails; its output has been shown.
pub fn build(project: &Project) -> anyhow::Result<()> {
    Step::cargo("shared library (release)")
        .folder(&project.root)
        .args(["build", "--quiet", "--release", "--package", "ferrule-bridge", "--lib"])
        .quietly()?;
    let stamp = Stamp::of(
        project.generated().with_file_name("uniffi.stamp"),
        &[project.library(), project.root.join("bridge/uniffi.toml")],
    )?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let Some(package) = project.package_with_target("bin", GENERATOR) else {
        bail!("no package of the workspace has the binary {GENERATOR}");
    };
    let fresh = project.notes().join("uniffi");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("cannot clear {}", fresh.display()))?;
    }
    Step::cargo("Kotlin of the library")
        .folder(&project.root)
        .args(["run", "--quiet", "--package", package, "--bin", GENERATOR, "--", "generate"])
        .arg(project.library())
        .args(["--language", "kotlin", "--no-format", "--out-dir"])
        .arg(&fresh)
        .quietly()?;
    let changed = mirror(&fresh, &project.generated())?;
    eprintln!("generated Kotlin: {changed} files changed");
    stamp.write()
}

/// Makes `to` hold what `from` holds, touching only what differs; how many files that were.
fn mirror(from: &Path, to: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let wanted = files_below(from)?;
    let mut changed = 0;
    for path in files_below(to)?.difference(&wanted) {
        fs::remove_file(to.join(path))?;
        changed += 1;
    }
    for path in &wanted {
        let text = fs::read(from.join(path))?;
        let place = to.join(path);
        if fs::read(&place).is_ok_and(|old| old == text) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&place, text).with_context(|| format!("cannot write {}", place.display()))?;
        changed += 1;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirror_touches_only_what_differs() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("dev")).unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(from.join("dev/a.kt"), "a").unwrap();
        fs::write(to.join("gone.kt"), "").unwrap();
        assert_eq!(mirror(&from, &to).unwrap(), 2);
        let then = fs::metadata(to.join("dev/a.kt")).unwrap().modified().unwrap();
        assert_eq!(mirror(&from, &to).unwrap(), 0);
        assert_eq!(fs::metadata(to.join("dev/a.kt")).unwrap().modified().unwrap(), then);
        assert!(!to.join("gone.kt").exists());
    }
}
