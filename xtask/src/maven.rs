//! How the Kotlin modules are built with Maven.
//!
//! Invariants: no compile daemon is left behind; the modules learn where the shared library lies through the one
//! property `ferrule.library`, and never look for it themselves.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::project::Project;
use crate::run::Step;
use crate::stamp::Stamp;

/// Writes the class path of a module; its version is that of the parent pom.
pub const CLASS_PATH_GOAL: &str = "dependency:build-classpath";
/// Where it is written, in a module's `target`.
const TEST_CLASS_PATH: &str = "test-class-path.txt";

/// A Maven run over the Kotlin modules, not yet told what to do.
pub fn step(project: &Project, label: &str) -> Step {
    Step::new(label, "mvn")
        .folder(&project.kotlin())
        .args(["-B", "-Dkotlin.compiler.daemon=false", "-Dstyle.color=never"])
        .args(lacks_google(project).then_some("-Pgoogle"))
        .arg(library_property(project))
}

/// Whether this machine's Maven repositories lack what Google publishes: tried once for each catalog, with R8.
fn lacks_google(project: &Project) -> bool {
    let catalog = project.root.join("gradle/libs.versions.toml");
    let note = project.notes().join("lacks-google");
    let Ok(stamp) = Stamp::of(note.with_extension("stamp"), std::slice::from_ref(&catalog)) else {
        return false;
    };
    if stamp.is_fresh() {
        return note.exists();
    }
    let catalog = fs::read_to_string(catalog).unwrap_or_default();
    let version = catalog.lines().find_map(|line| line.strip_prefix("r8 = \"")?.strip_suffix('"'));
    let artifact = format!("-Dartifact=com.android.tools:r8:{}", version.unwrap_or_default());
    let tried = Command::new("mvn")
        .current_dir(project.kotlin())
        .args(["-B", "-q", "-N", "dependency:get", "-Dtransitive=false", &artifact])
        .stdin(Stdio::null())
        .output();
    let lacks = tried.is_ok_and(|output| !output.status.success());
    // What cannot be noted is asked again.
    let noted = if lacks { fs::write(&note, "") } else { fs::remove_file(&note).or(Ok(())) };
    if noted.is_ok() {
        let _ = stamp.write();
    }
    lacks
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

/// What [`test_class_path`] keeps of a module: the class path, and the stamp of the sources it holds for.
fn test_class_path_note(project: &Project, module: &str) -> anyhow::Result<(PathBuf, Stamp)> {
    let target = project.kotlin().join(module).join("target");
    let stamp = Stamp::of(target.join("xtask-tests.stamp"), &[project.kotlin()])?;
    Ok((target.join(TEST_CLASS_PATH), stamp))
}

/// Lets a run that compiles the tests of all modules also write down their class paths.
pub fn noting_test_class_paths(step: Step) -> Step {
    // A path that is not absolute is each module's own.
    step.args([CLASS_PATH_GOAL, "-Dmdep.includeScope=test"])
        .arg(format!("-Dmdep.outputFile=target/{TEST_CLASS_PATH}"))
}

/// Notes that such a run has just ended, so that [`test_class_path`] need not compile again what it wrote down.
///
/// # Errors
/// When a stamp cannot be written.
pub fn stamp_test_class_paths(project: &Project, modules: &[&str]) -> anyhow::Result<()> {
    for module in modules {
        let (note, stamp) = test_class_path_note(project, module)?;
        if note.exists() {
            stamp.write()?;
        }
    }
    Ok(())
}

/// Compiles a module and its tests, and returns the class path of the tests, the module's own first.
///
/// # Errors
/// When Maven fails; its output has been shown.
pub fn test_class_path(project: &Project, module: &str) -> anyhow::Result<String> {
    let target = project.kotlin().join(module).join("target");
    let (note, stamp) = test_class_path_note(project, module)?;
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
    // Modules of the guard alone are built where there is no library yet.
    let mut inputs = vec![project.kotlin(), project.generated(), project.library()];
    inputs.retain(|input| input.exists());
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
