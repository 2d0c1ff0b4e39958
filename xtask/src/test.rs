//! `cargo xtask test`: every test of both languages.

use std::process::ExitCode;

use clap::Args;

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;
use crate::{bindings, maven};

/// How much is run.
#[derive(Args)]
pub struct TestArguments {
    /// Leave out what takes minutes: fuzzing
    #[arg(long, conflicts_with = "nightly")]
    quick: bool,
    /// Add what takes hours
    #[arg(long)]
    nightly: bool,
}

/// Runs the steps.
///
/// # Errors
/// When a tool is missing.
pub fn run(project: &Project, _arguments: &TestArguments) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven])?;
    let _lock = project.lock()?;
    let rust =
        Step::cargo("cargo test").folder(&project.root).args(["test", "--workspace"]).with_own_output()?;
    bindings::build(project)?;
    let kotlin = maven::step(project, "Maven tests").args(["verify"]).with_own_output()?;
    Ok(if rust.success() && kotlin.success() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
