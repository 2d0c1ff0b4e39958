//! `cargo xtask conformance`: hands over to the conformance crate's own program, which knows the cores.
//!
//! Invariant: the exit code is that program's own, 0 all passed, 1 some failed, 2 usage or unreadable data.

use std::path::Path;
use std::process::ExitCode;

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;

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
    drop(lock);
    let mut step = Step::new("conformance", project.target.join("proof/ferrule-conformance"));
    if let Some(dir) = dir {
        step = step.arg("--dir").arg(dir);
    }
    let status = step.args(kinds).with_own_output()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
