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
    drop(lock);
    let mut step =
        Step::new("demo", "java").arg(maven::library_property(project)).arg("-cp").arg(class_path).arg(MAIN);
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
    let status = step.arg("--out").arg(page).with_own_output()?;
    // No code means that a signal ended it, which is an internal failure of the demo.
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
