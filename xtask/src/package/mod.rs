//! `cargo xtask aar`: the Android archive with its sources, symbols, notice and bill of materials, in a Maven repository
//! of its own.
//!
//! What it is: packing what cargo and Maven have built, without the Android Gradle Plugin. What it is not: it compiles
//! nothing for Android; `docs/native-build.md` says how the libraries are made that `--libs` names. Invariants: a library
//! that fails `check-elf` is not packed; the same inputs make the same bytes; what was packed is opened again and checked.

mod aar;
mod archive;
mod components;
mod needed;
mod notice;
mod repository;
pub mod rom;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, bail, ensure};
use clap::Args;
use serde_json::Value;

use crate::need::{self, Need};
use crate::project::{Project, files_below};
use crate::tidy::GROUP;
use crate::{bindings, elf, maven};
use aar::Parts;
use archive::Entries;
use components::TARGETS;
use repository::Coordinates;

/// The name of what is published.
const ARTIFACT: &str = "ferrule-android";

/// The modules whose classes go in, as far as they are there.
const MODULES: [&str; 3] = ["guard", "bindings", "android"];

/// The one library that is packed.
const LIBRARY: &str = "libferrule.so";

/// What every phone of today runs: libraries without one for it make no archive for an app.
const NEEDED_ABI: &str = "arm64-v8a";

/// What to pack and where to.
#[derive(Args)]
pub struct AarArguments {
    /// Folder with ABI/libferrule.so, as cargo-ndk fills it [default: target/jniLibs, if there; else none is packed]
    #[arg(long, value_name = "DIR")]
    libs: Option<PathBuf>,
    /// A jar of guard, bindings or android that somebody else has built: all of them, or none [default: Maven builds them]
    #[arg(long, value_name = "FILE")]
    jar: Vec<PathBuf>,
    /// The Maven repository to publish to [default: target/package/maven]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Builds the modules, packs, publishes and says where.
///
/// # Errors
/// When a tool is missing, a step fails, or a library is not fit for a device.
pub fn run(project: &Project, arguments: &AarArguments) -> anyhow::Result<ExitCode> {
    let _lock = project.lock()?;
    let jars = if arguments.jar.is_empty() {
        build(project)?;
        jars(project, &modules(project))?
    } else {
        need::check(&[Need::Rust, Need::Objcopy])?;
        arguments.jar.clone()
    };
    let usual = project.target.join("jniLibs");
    let libs = arguments.libs.clone().or_else(|| usual.is_dir().then_some(usual));
    let package = pack(project, libs.as_deref(), jars, &project.package())?;
    fit_for_phones(&package.abis)?;
    let root = arguments.out.clone().unwrap_or_else(|| project.package().join("maven"));
    let folder = publish(project, &root, &package)?;
    let opened = archive::read(&package.archive)?;
    contents(&opened, &package)?;
    let abis = if package.abis.is_empty() {
        eprintln!("no library is packed: docs/native-build.md says how they are made");
        "classes only, runs on no phone".to_owned()
    } else {
        package.abis.join(", ")
    };
    println!("{GROUP}:{ARTIFACT}:{} ({abis})\n{}", version(project)?, folder.display());
    Ok(ExitCode::SUCCESS)
}

/// Refuses libraries without one for [`NEEDED_ABI`]; an archive without any is known by that.
fn fit_for_phones(abis: &[String]) -> anyhow::Result<()> {
    ensure!(
        abis.is_empty() || abis.iter().any(|abi| abi == NEEDED_ABI),
        "the libraries are for {} and none is for {NEEDED_ABI}: an app with them finds no library on a phone; \
         build it as docs/native-build.md says",
        abis.join(", ")
    );
    Ok(())
}

/// Builds the library and the jars of the modules, as far as a source is newer than they are.
///
/// # Errors
/// When a step fails; its output has been shown.
pub fn build(project: &Project) -> anyhow::Result<()> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven, Need::Objcopy])?;
    bindings::build(project)?;
    let modules = modules(project);
    let oldest = jars(project, &modules)?.iter().map(|jar| changed(jar)).min().flatten();
    let newest = sources_of(project, &modules)?.iter().map(|source| changed(source)).max().flatten();
    if oldest.is_some() && oldest >= newest {
        return Ok(());
    }
    let step = maven::step(project, "Kotlin modules").args([
        "-q",
        "--projects",
        &modules.join(","),
        "--also-make",
        "-DskipTests",
        "package",
    ]);
    maven::noting_test_class_paths(step).quietly()?;
    maven::stamp_test_class_paths(project, &modules)?;
    Ok(())
}

/// When a file was written; `None`, which is before every time, where it is not there.
fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

/// The jars of the modules, whether they are built or not.
fn jars(project: &Project, modules: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let version = version(project)?;
    let jar = |module: &&str| {
        project.kotlin().join(module).join("target").join(format!("ferrule-{module}-{version}.jar"))
    };
    Ok(modules.iter().map(jar).collect())
}

/// Everything that the jars are made of.
fn sources_of(project: &Project, modules: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = vec![project.kotlin().join("pom.xml")];
    let folders = modules.iter().map(|module| project.kotlin().join(module).join("src/main"));
    for folder in folders.chain([project.generated()]).filter(|folder| folder.is_dir()) {
        files.extend(files_below(&folder)?.into_iter().map(|name| folder.join(name)));
    }
    files.extend(modules.iter().map(|module| project.kotlin().join(module).join("pom.xml")));
    Ok(files)
}

/// Packs what a test run has built, twice, and checks what came out: how many things were checked.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_built(project: &Project) -> anyhow::Result<usize> {
    let scratch = project.notes().join("aar");
    let libs = scratch.join("libs");
    // The machine's own library takes the place of one for a device: packing does not ask which it is.
    let stand_in = libs.join("x86_64").join(LIBRARY);
    fs::create_dir_all(libs.join("x86_64"))?;
    fs::copy(project.library(), &stand_in)
        .with_context(|| format!("{} is not built", project.library().display()))?;
    let jars = jars(project, &modules(project))?;
    let package = pack(project, Some(&libs), jars.clone(), &scratch)?;
    let again = pack(project, Some(&libs), jars, &scratch)?;
    ensure!(package.archive == again.archive, "the same parts made another archive");
    ensure!(package.sources == again.sources, "the same sources made another archive");
    let folder = publish(project, &scratch.join("maven"), &package)?;
    let name = format!("{ARTIFACT}-{}.aar", version(project)?);
    let opened = archive::read(&fs::read(folder.join(name))?)?;
    // With the workstation's library it is for no phone: nobody shall find and take it.
    fs::remove_dir_all(scratch.join("maven"))?;
    contents(&opened, &package)
}

/// Whether an opened archive has what an app and a scanner need; how many things were looked at.
fn contents(opened: &Entries, package: &Package) -> anyhow::Result<usize> {
    let sbom = &package.sbom;
    let entry = |name: &str| opened.get(name).with_context(|| format!("the archive lacks {name}"));
    let classes = archive::read(entry("classes.jar")?)?;
    let wanted = [
        "dev/ferrule/guard/Rollout.class",
        "dev/ferrule/os4/OsCompat.class",
        "dev/ferrule/launcher/LauncherModel.class",
        "dev/ferrule/bindings/NativeBridge.class",
        "dev/ferrule/android/rollout/DeviceSafeguard.class",
    ];
    for class in wanted {
        ensure!(classes.contains_key(class), "the archive lacks {class}");
    }
    ensure!(
        classes.keys().any(|name| name.starts_with("dev/ferrule/uniffi/")),
        "the generated classes are missing"
    );
    let foreign = classes.keys().find(|name| name.ends_with(".class") && !name.starts_with("dev/ferrule/"));
    ensure!(foreign.is_none(), "the archive brings {foreign:?}, which is not ours");
    let rules = String::from_utf8_lossy(entry("proguard.txt")?);
    ensure!(
        rules.contains("CalledFromNative") && rules.contains("com.sun.jna"),
        "the rules for shrinkers are missing"
    );
    let manifest = String::from_utf8_lossy(entry("AndroidManifest.xml")?);
    ensure!(
        manifest.contains("\"${applicationId}.permission.FERRULE_DUMP\""),
        "the manifest declares no permission for dumps in the app's own name"
    );
    for name in ["R.txt", "META-INF/com/android/build/gradle/aar-metadata.properties"] {
        entry(name)?;
    }
    let notice = String::from_utf8_lossy(entry("NOTICE")?);
    ensure!(notice.contains("rusqlite") && notice.contains("MPL-2.0"), "the notice lacks a part");
    for abi in &package.abis {
        ensure!(
            entry(&format!("jni/{abi}/{LIBRARY}"))?.starts_with(b"\x7fELF"),
            "the library of {abi} is none"
        );
    }
    let faults = sbom::faults(sbom);
    ensure!(faults.is_empty(), "the bill of materials {}", faults.join("; it "));
    ensure!(sbom.contains("pkg:generic/sqlite@3."), "the bill of materials lacks SQLite");
    ensure!(
        sbom.contains("pkg:cargo/rusqlite@") && sbom.contains("pkg:maven/net.java.dev.jna/jna@"),
        "it lacks a part"
    );
    ensure!(!sbom.contains("pkg:cargo/proptest@"), "what only tests need is in the bill of materials");
    Ok(wanted.len() + 10)
}

/// What is published.
struct Package {
    abis: Vec<String>,
    archive: Vec<u8>,
    sources: Vec<u8>,
    symbols: Entries,
    notice: String,
    sbom: String,
    pom: String,
}

/// Packs the jars, and the libraries below `libs`; takes the latter apart below `work`.
fn pack(project: &Project, libs: Option<&Path>, jars: Vec<PathBuf>, work: &Path) -> anyhow::Result<Package> {
    let version = version(project)?;
    let modules = modules(project);
    let needed = needed::of(project, &modules)?;
    let (root, parts) = components::of(project, &needed)?;
    let (notice, sbom) = (notice::text(&parts), sbom::text(&root, &version, &parts));
    let (mut libraries, mut symbols) = (Vec::new(), Entries::new());
    for (abi, library) in libs.map(found_in).transpose()?.unwrap_or_default() {
        let stripped = elf::symbols::split(&library, &work.join("jni").join(&abi))?;
        let kept = elf::symbols::beside(&stripped);
        let faults = elf::check(&stripped, &kept);
        if let Some(fault) = faults.first() {
            bail!("{}: {fault}", library.display());
        }
        let bytes = fs::read(&kept).with_context(|| format!("cannot read {}", kept.display()))?;
        symbols.insert(format!("{abi}/{LIBRARY}"), bytes);
        libraries.push((abi, stripped));
    }
    let manifest = project.kotlin().join("android/src/main/AndroidManifest.xml");
    let parts = Parts {
        jars,
        manifest: manifest.is_file().then_some(manifest),
        libraries,
        notice: notice.clone(),
        sbom: sbom.clone(),
    };
    let description =
        "The home screen, its icons and the OS4 checks in Rust, behind Kotlin, with the guard in front.";
    Ok(Package {
        abis: parts.libraries.iter().map(|(abi, _)| abi.clone()).collect(),
        archive: aar::assemble(&parts)?,
        sources: archive::write(&sources(project, &modules)?)?,
        symbols,
        notice,
        sbom,
        pom: repository::pom(&coordinates(&version), "Ferrule for Android", description, &needed),
    })
}

/// Writes a package into the repository at `root`; the folder it lies in.
fn publish(project: &Project, root: &Path, package: &Package) -> anyhow::Result<PathBuf> {
    let version = version(project)?;
    let mut files: Vec<(&str, &[u8])> = vec![
        (".aar", &package.archive),
        (".pom", package.pom.as_bytes()),
        ("-sources.jar", &package.sources),
        ("-cyclonedx.json", package.sbom.as_bytes()),
        ("-notice.txt", package.notice.as_bytes()),
    ];
    // Large, and of no use to whoever only compares what is shipped: packed here and not before.
    let symbols = archive::write(&package.symbols)?;
    if !package.symbols.is_empty() {
        files.push(("-symbols.zip", &symbols));
    }
    repository::publish(root, &coordinates(&version), &files)
}

fn coordinates(version: &str) -> Coordinates<'_> {
    Coordinates { group: GROUP, artifact: ARTIFACT, version }
}

/// The modules that are there.
fn modules(project: &Project) -> Vec<&'static str> {
    MODULES.into_iter().filter(|module| project.kotlin().join(module).join("pom.xml").is_file()).collect()
}

/// ABI and library, of each `DIR/ABI/libferrule.so`.
fn found_in(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let libraries = TARGETS.map(|(abi, _)| (abi.to_owned(), folder.join(abi).join(LIBRARY)));
    let found: Vec<(String, PathBuf)> = libraries.into_iter().filter(|(_, path)| path.is_file()).collect();
    ensure!(!found.is_empty(), "{} holds no ABI/{LIBRARY}", folder.display());
    Ok(found)
}

/// The sources of the modules, the generated ones too, by their packages.
fn sources(project: &Project, modules: &[&str]) -> anyhow::Result<Entries> {
    let written = modules.iter().map(|module| project.kotlin().join(module).join("src/main/kotlin"));
    let mut entries = Entries::new();
    for root in written.chain([project.generated()]).filter(|root| root.is_dir()) {
        for name in files_below(&root)? {
            let bytes =
                fs::read(root.join(&name)).with_context(|| format!("cannot read {}", name.display()))?;
            entries.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(entries)
}

/// The project's version.
fn version(project: &Project) -> anyhow::Result<String> {
    let packages = project.metadata.get("packages").and_then(Value::as_array);
    let ours = packages.and_then(|packages| packages.first()).and_then(|package| package.get("version"));
    ours.and_then(Value::as_str).map(str::to_owned).context("cargo names no version of the project")
}

#[cfg(test)]
mod tests {
    use super::fit_for_phones;

    #[test]
    fn libraries_without_the_one_for_phones_are_not_published() {
        let named = |abis: &[&str]| fit_for_phones(&abis.iter().map(|abi| (*abi).to_owned()).collect::<Vec<_>>());
        assert!(named(&["arm64-v8a", "x86_64"]).is_ok());
        assert!(named(&[]).is_ok());
        for lacking in [&["x86_64"][..], &["armeabi-v7a", "x86_64"]] {
            let error = named(lacking).unwrap_err().to_string();
            assert!(error.contains(lacking[0]) && error.contains("none is for arm64-v8a"), "{error}");
        }
    }
}
