//! The way from a crash to its line, walked on the packaged library: a contained panic in a process that has only the
//! stripped library, its report looked up in the symbols that were kept apart.
//!
//! Invariant: the library that panics has no symbols left, so that what is found was found by build id and address.

use anyhow::ensure;

use crate::elf::{lines, symbols};
use crate::maven;
use crate::project::Project;
use crate::run::Step;
use crate::test::report::Outcome;

/// The program among the tests of the bindings that panics on purpose and prints the report.
const PROGRAM: &str = "dev.ferrule.bindings.PrintPanicKt";

/// Where it panics, and a function that must be above that.
const PLACE: &str = "bridge/src/jni/selftest.rs:";
const FUNCTION: &str = "ferrule::jni::";

/// Panics and looks up.
///
/// # Errors
/// When something cannot be built or run, or the report does not lead to the line.
pub fn check(project: &Project) -> anyhow::Result<Outcome> {
    let folder = project.package().join("host");
    let stripped = symbols::split(&project.library(), &folder)?;
    let report = Step::new("a contained panic", "java")
        .arg(maven::property("ferrule.library", &stripped))
        .args(["-cp", &maven::test_class_path(project, "bindings")?, PROGRAM])
        .quietly()?;
    ensure!(report.contains("FFI_PANIC"), "nothing panicked: {report}");
    ensure!(!report.contains(FUNCTION), "the library still has symbols: {report}");
    let explained = lines::explained(&report, &folder.join(symbols::FOLDER))?;
    for wanted in [PLACE, FUNCTION] {
        ensure!(explained.contains(wanted), "{wanted} was not found in:\n{report}\n{explained}");
    }
    Ok(Outcome::counted(2, 0))
}
