//! `cargo xtask demo`: builds what changed, then runs the JVM program that plays the framework.
//!
//! Invariant: the exit code is the program's own.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;
use crate::{bindings, maven};

/// The class that is run.
const MAIN: &str = "dev.ferrule.demo.MainKt";
/// The class that moves three features from OFF to LIVE.
const ROLLOUT: &str = "dev.ferrule.demo.rollout.RolloutMain";

/// What the demo takes; handed on to the program.
#[derive(Args)]
pub struct DemoArguments {
    /// A property file, or a folder of them [default, without --db: the sample phones of the project]
    #[arg(long, value_name = "FILE-OR-DIR")]
    props: Vec<PathBuf>,
    /// A launcher's database [default, without --props: the sample home screen of the project]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// The database's phone: JSON as for `ferrule model load --input`, or what `adb shell pm list packages` prints
    /// [default: everything is installed]
    #[arg(long, value_name = "FILE", requires = "db")]
    packages: Option<PathBuf>,
    /// The database's grid, such as 4x6/5 [default: told by the phone or the file's name, else large enough]
    #[arg(long, value_name = "COLSxROWS/DOCK", requires = "db")]
    grid: Option<String>,
    /// Where the HTML page goes [default: ferrule-demo.html in cargo's target folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave out the rollout from OFF to LIVE; it is told only where the samples are asked about
    #[arg(long)]
    no_rollout: bool,
}

/// Builds and runs.
///
/// # Errors
/// When a tool is missing or a build step fails.
pub fn run(project: &Project, arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven])?;
    let lock = project.lock()?;
    bindings::build(project)?;
    let class_path = maven::class_path(project, "demo")?;
    let tells_rollout = !arguments.no_rollout && arguments.props.is_empty() && arguments.db.is_none();
    if tells_rollout {
        Step::cargo("ferrule and its virtual fleet")
            .folder(&project.root)
            .args(["build", "--quiet", "--release", "--package", "ferrule-cli", "--package", "ferrule-fleet"])
            .quietly()?;
    }
    drop(lock);
    let java = |class: &str| {
        let step = Step::new("demo", "java").arg(maven::library_property(project));
        step.arg("-cp").arg(&class_path).arg(class)
    };
    let mut step = java(MAIN);
    for path in &arguments.props {
        step = step.arg("--props").arg(path);
    }
    for (name, path) in [("--db", &arguments.db), ("--packages", &arguments.packages)] {
        if let Some(path) = path {
            step = step.arg(name).arg(path);
        }
    }
    if let Some(grid) = &arguments.grid {
        step = step.arg("--grid").arg(grid);
    }
    let page = arguments.out.clone().unwrap_or_else(|| project.target.join("ferrule-demo.html"));
    let mut code = code_of(step.arg("--out").arg(page).with_own_output()?);
    if tells_rollout && code == 0 {
        println!();
        let step = java(ROLLOUT)
            .arg(project.target.join("release/ferrule"))
            .arg(project.target.join("release/ferrule-fleet"))
            .arg(project.root.join("tests/fleet/sample.toml"))
            .arg(project.notes().join("demo-rollout"))
            .arg(project.target.join("ferrule-rollout.html"));
        code = code_of(step.with_own_output()?);
    }
    Ok(ExitCode::from(code))
}

/// A program's exit code. None means that a signal ended it, which is an internal failure of the demo.
fn code_of(status: std::process::ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
