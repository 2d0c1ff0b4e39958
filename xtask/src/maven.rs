//! How the Kotlin modules are built with Maven.
//!
//! Invariants: no compile daemon is left behind; the modules learn where the shared library lies through the one
//! property `ferrule.library`, and never look for it themselves.

use std::path::PathBuf;

use crate::project::Project;
use crate::run::Step;

/// A Maven run over the Kotlin modules, not yet told what to do.
pub fn step(project: &Project, label: &str) -> Step {
    let mut library = std::ffi::OsString::from("-Dferrule.library=");
    library.push(project.library());
    Step::new(label, "mvn")
        .folder(&project.kotlin())
        .args(["-B", "-Dkotlin.compiler.daemon=false", "-Dstyle.color=never"])
        .arg(library)
}

/// What a Maven build reads: the modules and the generated Kotlin.
pub fn inputs(project: &Project) -> Vec<PathBuf> {
    vec![project.kotlin(), project.generated(), project.library()]
}
