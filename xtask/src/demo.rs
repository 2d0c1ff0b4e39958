//! `cargo xtask demo`: builds what changed, then runs the JVM program that plays the framework.
//!
//! Invariant: the exit code is the program's own.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;
use crate::stamp::Stamp;
use crate::{bindings, maven};

/// The class that is run.
const MAIN: &str = "dev.ferrule.demo.MainKt";

/// What the demo takes; handed on to the program.
#[derive(Args)]
pub struct DemoArguments {
    /// A property file, or a folder of them [default: the sample phones of the project]
    #[arg(long, value_name = "FILE-OR-DIR")]
    props: Vec<PathBuf>,
    /// Where the HTML page goes
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
    let class_path = class_path(project)?;
    drop(lock);
    let mut library = std::ffi::OsString::from("-Dferrule.library=");
    library.push(project.library());
    let mut step = Step::new("demo", "java").arg(library).arg("-cp").arg(class_path).arg(MAIN);
    for path in &arguments.props {
        step = step.arg("--props").arg(path);
    }
    if let Some(path) = &arguments.out {
        step = step.arg("--out").arg(path);
    }
    let status = step.with_own_output()?;
    // No code means that a signal ended it, which is an internal failure of the demo.
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Packages the modules, if something changed, and returns the demo's class path.
fn class_path(project: &Project) -> anyhow::Result<String> {
    let note = project.kotlin().join("demo/target/class-path.txt");
    let stamp = Stamp::of(project.kotlin().join("demo/target/xtask.stamp"), &maven::inputs(project))?;
    if !stamp.is_fresh() || !note.exists() {
        let mut output = std::ffi::OsString::from("-Dmdep.outputFile=");
        output.push(&note);
        maven::step(project, "Kotlin modules")
            .args([
                "-q",
                "--projects",
                "demo",
                "--also-make",
                "-DskipTests",
                "package",
                "dependency:build-classpath",
            ])
            .arg(output)
            .quietly()?;
        stamp.write()?;
    }
    let libraries = fs::read_to_string(&note).with_context(|| format!("cannot read {}", note.display()))?;
    let classes = project.kotlin().join("demo/target/classes");
    Ok(format!("{}:{}", classes.display(), libraries.trim()))
}
