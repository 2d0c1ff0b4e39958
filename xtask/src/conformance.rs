//! `cargo xtask conformance`: hands over to the conformance crate's own program, which knows the cores.
//!
//! Invariant: the exit code is that program's own, 0 all passed, 1 some failed, 2 usage or unreadable data.

use std::path::Path;
use std::process::ExitCode;

use crate::maven;
use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;

/// The kind whose recorded answers the Kotlin legacy is held to.
const JUDGED_BY_LEGACY: &str = "icons/peer/legacy";

/// Builds the program and runs it.
///
/// # Errors
/// When it cannot be built.
pub fn run(project: &Project, dir: Option<&Path>, kinds: &[String]) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust])?;
    let lock = project.lock()?;
    Step::cargo("conformance runner")
        .folder(&project.root)
        .args([
            "build",
            "--quiet",
            "--profile",
            "proof",
            "--package",
            "ferrule-conformance",
            "--bin",
            "ferrule-conformance",
        ])
        .quietly()?;
    let mut step = Step::new("conformance", project.target.join("proof/ferrule-conformance"));
    let chosen = |word: &String| {
        let rest = JUDGED_BY_LEGACY.strip_prefix(word.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if kinds.is_empty() || kinds.iter().any(chosen) {
        // Where there is no JVM the program names that kind as absent.
        if need::check(&[Need::Jdk, Need::Maven]).is_ok() {
            step = step.env("FERRULE_LEGACY_CLASS_PATH", maven::test_class_path(project, "legacy")?);
        }
    }
    drop(lock);
    if let Some(dir) = dir {
        step = step.arg("--dir").arg(dir);
    }
    let status = step.args(kinds).with_own_output()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
