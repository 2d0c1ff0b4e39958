//! `cargo xtask vendor`: everything that a build takes from outside, in one folder; and the proof that it is everything.
//!
//! What it is not: it changes no file of the project. Invariants: the folder can be moved, as nothing in it names its
//! place; the check builds a copy of the project's files with no network at all and no cache but the folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};
use clap::Args;

use crate::need::{self, Need};
use crate::project::{Project, files_below};
use crate::run::Step;
use crate::{bindings, maven};

/// What to fill.
#[derive(Args)]
pub struct VendorArguments {
    /// The folder [default: target/vendor]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Then build the archive in a copy of the project, with the network cut
    #[arg(long)]
    check: bool,
}

/// Fills the folder, says how it is used, and checks it if asked to.
///
/// # Errors
/// When a tool is missing, something cannot be fetched, or the check fails.
pub fn run(project: &Project, arguments: &VendorArguments) -> anyhow::Result<ExitCode> {
    let _lock = project.lock()?;
    let folder = arguments.out.clone().unwrap_or_else(|| project.target.join("vendor"));
    fill(project, &folder)?;
    let folder = fs::canonicalize(&folder).with_context(|| format!("cannot find {}", folder.display()))?;
    println!(
        "without network:\n  export {}",
        environment(&folder).map(|(name, value)| format!("{name}={value}")).join(" ")
    );
    if arguments.check {
        build_without_network(project, &folder)?;
        println!("the archive was built without network");
    }
    Ok(ExitCode::SUCCESS)
}

/// The variables under which cargo and Maven, and whatever starts them, take everything from the folder.
fn environment(folder: &Path) -> [(&'static str, String); 3] {
    let below = |name: &str| folder.join(name).display().to_string();
    [
        ("CARGO_HOME", below("cargo")),
        ("CARGO_NET_OFFLINE", "true".to_owned()),
        ("MAVEN_OPTS", format!("-Dmaven.repo.local={}", below("maven"))),
    ]
}

/// cargo's and Maven's part.
///
/// # Errors
/// When something cannot be fetched.
pub fn fill(project: &Project, folder: &Path) -> anyhow::Result<()> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven])?;
    let home = folder.join("cargo");
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    Step::cargo("crates")
        .folder(&project.root)
        .args(["vendor", "--quiet", "--locked", "--versioned-dirs"])
        .arg(folder.join("crates"))
        .quietly()?;
    fs::write(home.join("config.toml"), CONFIG).context("cannot write cargo's configuration")?;
    let repository = folder.join("maven");
    fs::create_dir_all(&repository)?;
    // The modules do not compile without what is generated.
    bindings::build(project)?;
    // One quick test, as what runs tests is fetched by the first of them only.
    maven::step(project, "artifacts for Maven")
        .arg(maven::property("maven.repo.local", &fs::canonicalize(&repository)?))
        .args(["-q", "-Pbench", "-Dtest=BucketTest", "-Dsurefire.failIfNoSpecifiedTests=false", "package"])
        .arg(maven::CLASS_PATH_GOAL)
        .arg("-Dmdep.outputFile=target/vendored-class-path.txt")
        .quietly()?;
    // Where each file came from, and what could not be had: a machine's business, and Maven would ask there again.
    for name in files_below(&repository)? {
        let text = name.to_string_lossy();
        if ["_remote.repositories", ".lastUpdated", "resolver-status.properties"]
            .iter()
            .any(|end| text.ends_with(end))
        {
            fs::remove_file(repository.join(&name))?;
        }
    }
    Ok(())
}

/// Paths are taken from the folder above the one that this file is in.
const CONFIG: &str = "# Written by `cargo xtask vendor`: CARGO_HOME names this folder, and cargo takes every crate from beside it.\n\
                      [source.crates-io]\nreplace-with = \"vendored\"\n\n[source.vendored]\ndirectory = \"crates\"\n";

/// Builds the archive in a copy of the project's files, in a network that has nobody else in it.
///
/// # Errors
/// When the copy cannot be made, or the build lacks something.
pub fn build_without_network(project: &Project, folder: &Path) -> anyhow::Result<()> {
    if need::version_of("unshare", "--version").is_none() {
        bail!("unshare is missing: apt-get install util-linux");
    }
    let copy = folder.join("copy");
    if copy.exists() {
        fs::remove_dir_all(&copy).with_context(|| format!("cannot clear {}", copy.display()))?;
    }
    for name in files_of_project(project)? {
        let (from, to) = (project.root.join(&name), copy.join(&name));
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap_or(&copy))?;
            fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    let mut step = Step::new("build without network", "unshare")
        .folder(&copy)
        .args(["--map-root-user", "--net", "--"])
        .arg(crate::project::cargo())
        .args(["xtask", "aar", "--out"])
        .arg(copy.join("published"))
        .env("CARGO_TARGET_DIR", copy.join("target"))
        // Whether all is there shows in a quick build as well.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    for (name, value) in environment(folder) {
        step = step.env(name, value);
    }
    step.of_no_package().quietly()?;
    ensure!(copy.join("published/dev/ferrule").is_dir(), "nothing was published");
    Ok(())
}

/// The files that git knows or would know.
fn files_of_project(project: &Project) -> anyhow::Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])
        .current_dir(&project.root)
        .output()
        .context("git cannot be run: apt-get install git")?;
    ensure!(output.status.success(), "git ls-files failed");
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_configuration_names_no_place() {
        let config: toml::Table = CONFIG.parse().unwrap();
        let vendored = &config["source"]["vendored"]["directory"];
        assert_eq!(vendored.as_str(), Some("crates"), "beside CARGO_HOME, wherever the folder is");
        let names = environment(Path::new("/v")).map(|(name, value)| format!("{name}={value}"));
        assert_eq!(
            names,
            ["CARGO_HOME=/v/cargo", "CARGO_NET_OFFLINE=true", "MAVEN_OPTS=-Dmaven.repo.local=/v/maven"]
        );
    }
}
