//! How the Kotlin modules are built with Maven.
//!
//! Invariants: no compile daemon is left behind; the modules learn where the shared library lies through the one
//! property `ferrule.library`, and never look for it themselves.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::project::Project;
use crate::run::Step;
use crate::stamp::Stamp;

/// Writes the class path of a module; its version is that of the parent pom.
const CLASS_PATH_GOAL: &str = "dependency:build-classpath";

/// A Maven run over the Kotlin modules, not yet told what to do.
pub fn step(project: &Project, label: &str) -> Step {
    Step::new(label, "mvn")
        .folder(&project.kotlin())
        .args(["-B", "-Dkotlin.compiler.daemon=false", "-Dstyle.color=never"])
        .arg(library_property(project))
}

/// `-Dferrule.library=…`, for Maven and for a JVM.
pub fn library_property(project: &Project) -> OsString {
    property("ferrule.library", &project.library())
}

/// `-DNAME=PATH`.
pub fn property(name: &str, path: &Path) -> OsString {
    let mut property = OsString::from(format!("-D{name}="));
    property.push(path);
    property
}

/// Compiles a module and its tests, and returns the class path of the tests, the module's own first.
///
/// # Errors
/// When Maven fails; its output has been shown.
pub fn test_class_path(project: &Project, module: &str) -> anyhow::Result<String> {
    let target = project.kotlin().join(module).join("target");
    let note = target.join("test-class-path.txt");
    let stamp = Stamp::of(target.join("xtask-tests.stamp"), &[project.kotlin()])?;
    if !stamp.is_fresh() || !note.exists() {
        step(project, "tests of the Kotlin modules")
            .args(["-q", "--projects", module, "--also-make", "-DskipTests", "test-compile", CLASS_PATH_GOAL])
            .args(["-Dmdep.includeScope=test".into(), property("mdep.outputFile", &note)])
            .quietly()?;
        stamp.write()?;
    }
    let libraries = fs::read_to_string(&note).with_context(|| format!("cannot read {}", note.display()))?;
    let own = ["test-classes", "classes"].map(|folder| target.join(folder).display().to_string());
    Ok(format!("{}:{}:{}", own[0], own[1], libraries.trim()))
}

/// Packages a module and what it needs, if something changed, and returns its class path, the module's own first.
///
/// # Errors
/// When Maven fails; its output has been shown.
pub fn class_path(project: &Project, module: &str) -> anyhow::Result<String> {
    let target = project.kotlin().join(module).join("target");
    let note = target.join("class-path.txt");
    let inputs = [project.kotlin(), project.generated(), project.library()];
    let stamp = Stamp::of(target.join("xtask.stamp"), &inputs)?;
    if !stamp.is_fresh() || !note.exists() {
        step(project, "Kotlin modules")
            // Benches are a module of this profile only.
            .args([
                "-q",
                "-Pbench",
                "--projects",
                module,
                "--also-make",
                "-DskipTests",
                "package",
                CLASS_PATH_GOAL,
            ])
            .arg(property("mdep.outputFile", &note))
            .quietly()?;
        stamp.write()?;
    }
    let libraries = fs::read_to_string(&note).with_context(|| format!("cannot read {}", note.display()))?;
    Ok(format!("{}:{}", target.join("classes").display(), libraries.trim()))
}
