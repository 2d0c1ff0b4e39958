//! `cargo xtask parity`: random databases, the core beside the Kotlin legacy, key by key.
//!
//! Invariant: a seed makes the same databases everywhere, so that a difference that one machine finds can be looked at
//! on another.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::maven;
use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;

/// How many databases, and which.
#[derive(Args)]
pub struct ParityArguments {
    /// How many databases
    #[arg(long, default_value_t = COUNT_NIGHTLY)]
    count: u64,
    /// The seed of the first one; the next ones follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How many a test run compares.
pub const COUNT: u64 = 1_000;
/// How many a nightly one compares.
pub const COUNT_NIGHTLY: u64 = 10_000;

/// The legacy loader's program, and the module whose tests it belongs to.
const LEGACY: (&str, &str) = ("legacy", "dev.ferrule.legacy.launcher.tool.LegacyLoads");

/// Compares and says how it went by the exit code.
///
/// # Errors
/// When a tool is missing or something cannot be built.
pub fn run(project: &Project, arguments: &ParityArguments) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven])?;
    let lock = project.lock()?;
    let step = step(project, arguments.count, arguments.seed)?;
    drop(lock);
    let status = step.with_own_output()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Builds both sides; the step that compares them.
///
/// # Errors
/// When something cannot be built.
pub fn step(project: &Project, count: u64, seed: u64) -> anyhow::Result<Step> {
    let package =
        project.package_with_target("bin", "ferrule-parity").context("there is no ferrule-parity")?;
    Step::cargo("parity runner")
        .folder(&project.root)
        .args(["build", "--quiet", "--profile", "proof", "--package", package])
        .quietly()?;
    let (module, main) = LEGACY;
    let class_path = maven::test_class_path(project, module)?;
    Ok(Step::new("parity", project.target.join("proof/ferrule-parity"))
        .args(["--count", &count.to_string(), "--seed", &seed.to_string()])
        // Without it a hot exception loses its message.
        .args(["java", "-XX:-OmitStackTraceInFastThrow", "-cp", &class_path, main]))
}
