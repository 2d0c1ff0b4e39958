//! First answers of JVMs that have just started, with the shared library as a device has it.
//!
//! What it is: a private copy of the library without its debug information, in a folder in which the JVMs find it by
//! name. What it is not: the starts and their clocks are the module `bench`'s, in Kotlin.
//!
//! Invariant: where nothing can strip the copy, that is said and the whole library is measured.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

use super::BenchArguments;
use super::measured::{self, Measured};
use crate::maven;
use crate::project::Project;
use crate::run::Step;

/// Starts JVMs and prints how long their first answers took.
const MAIN: &str = "dev.ferrule.bench.ColdStartKt";

/// Starts of each way; odd, for a median.
const RUNS: &str = "21";
const RUNS_QUICK: &str = "5";

/// Measures, unless the filter leaves cold starts out.
///
/// # Errors
/// When the library cannot be copied, or a JVM fails.
pub fn starts(
    project: &Project,
    arguments: &BenchArguments,
    class_path: &str,
) -> anyhow::Result<Vec<Measured>> {
    if arguments.filter.as_ref().is_some_and(|filter| !MAIN.to_lowercase().contains(&filter.to_lowercase())) {
        return Ok(Vec::new());
    }
    let printed = Step::new("cold starts", "java")
        .folder(&project.kotlin())
        .arg(maven::property("java.library.path", &packaged(project)?))
        .arg(super::homes(project))
        .arg("-cp")
        .arg(class_path)
        .args([MAIN, if arguments.quick { RUNS_QUICK } else { RUNS }])
        .quietly()?;
    measured::of_cold_starts(&printed)
}

/// A folder with the library as it is packaged.
fn packaged(project: &Project) -> anyhow::Result<PathBuf> {
    let folder = project.notes().join("packaged");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let library = project.library();
    let copy = folder.join(library.file_name().context("a library without a name")?);
    fs::copy(&library, &copy).with_context(|| format!("cannot copy to {}", copy.display()))?;
    if let Err(error) = Step::new("strip", "strip").arg("--strip-unneeded").arg(&copy).quietly() {
        eprintln!(
            "bench: cold starts load a library with its debug information: {error} (apt-get install binutils)"
        );
    }
    Ok(folder)
}
