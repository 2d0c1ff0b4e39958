//! `cargo xtask rom`: what a ROM's tree takes: a folder of prebuilts, and the blueprint of a build from source.
//!
//! What it is not: no Soong runs here; a test reads what is written with a parser of blueprints. Invariants: the folder
//! of prebuilts is whole, each file that its blueprint names is in it; the blueprint from source has the crates, features
//! and dependencies that cargo resolves for the device.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Args;
use serde_json::Value;

use super::archive;
use crate::project::Project;
use crate::run::Step;

/// The target whose crates are named; Soong builds the others from the same blueprint.
const TARGET: &str = "aarch64-linux-android";

/// What lies in `rom/` and is copied as it is.
const STATIC: [&str; 2] = ["Android.bp", "ferrule.aconfig"];

/// What to write and where to.
#[derive(Args)]
pub struct RomArguments {
    /// The compiled state (`ferrule rollout compile`): writes the folder of prebuilts too
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Folder with ABI/libferrule.so, as cargo-ndk fills it [default: target/jniLibs]
    #[arg(long, value_name = "DIR", requires = "state")]
    libs: Option<PathBuf>,
    /// Where to [default: target/package/rom]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Writes `source/Android.bp`, and with a state `prebuilt/`.
///
/// # Errors
/// When a step fails, or a library is not fit for a device.
pub fn run(project: &Project, arguments: &RomArguments) -> anyhow::Result<ExitCode> {
    let out = arguments.out.clone().unwrap_or_else(|| project.package().join("rom"));
    let source = out.join("source");
    fs::create_dir_all(&source).with_context(|| format!("cannot make {}", source.display()))?;
    fs::write(source.join("Android.bp"), from_source(project)?)?;
    println!("{}", source.join("Android.bp").display());
    let Some(state) = &arguments.state else { return Ok(ExitCode::SUCCESS) };
    let state = fs::read(state).with_context(|| format!("cannot read {}", state.display()))?;
    let libs = arguments.libs.clone().unwrap_or_else(|| project.target.join("jniLibs"));
    super::build(project)?;
    let jars = super::jars(project, &super::modules(project))?;
    let package = super::pack(project, Some(&libs), jars, &project.package())?;
    let folder = out.join("prebuilt");
    prebuilts(project, &package.archive, &state, &folder)?;
    println!("{}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// Unfolds an Android archive into what `rom/Android.bp` names.
fn prebuilts(project: &Project, aar: &[u8], state: &[u8], folder: &Path) -> anyhow::Result<()> {
    let mut files = vec![("rollout.state".to_owned(), state.to_vec())];
    for (name, bytes) in archive::read(aar)? {
        match name.as_str() {
            "classes.jar" => files.push(("ferrule.jar".to_owned(), bytes)),
            "NOTICE" | "proguard.txt" | "sbom.cdx.json" => files.push((name, bytes)),
            other if other.starts_with("jni/") => files.push((name, bytes)),
            _ => {}
        }
    }
    for name in STATIC {
        files.push((name.to_owned(), fs::read(project.root.join("rom").join(name))?));
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// One of our crates as Soong builds it.
#[derive(Debug, Default)]
struct Crate {
    features: Vec<String>,
    libraries: Vec<String>,
    macros: Vec<String>,
}

/// The blueprint for the root of a checkout.
pub fn from_source(project: &Project) -> anyhow::Result<String> {
    let tree = Step::cargo("crates of the library")
        .folder(&project.root)
        .args(["tree", "--locked", "--package", "ferrule-bridge", "--target", TARGET])
        .args(["--edges", "normal", "--prefix", "depth", "--format", " {p} [{f}]"])
        .quietly()?;
    let mut text = String::from(
        "// Ferrule from source: copy this to the root of its checkout in a ROM's tree. Written by `cargo xtask rom`.\n\
         // The crates that are not ours must be modules of the tree; docs/rom-integration.md lists what that asks.\n\n\
         package {\n    default_applicable_licenses: [\"ferrule_license\"],\n}\n\n\
         license {\n    name: \"ferrule_license\",\n    license_kinds: [\"SPDX-license-identifier-Apache-2.0\"],\n    \
         license_text: [\"LICENSE\"],\n}\n",
    );
    for (name, one) in crates_of(&tree)? {
        write_crate(project, &name, &one, &mut text)?;
    }
    text += KOTLIN;
    if project.kotlin().join("android/pom.xml").is_file() {
        text += ANDROID;
    }
    Ok(text)
}

/// The Kotlin modules. What UniFFI generates is an explicit step before, as Soong runs no build scripts.
const KOTLIN: &str = r#"
java_library {
    name: "ferrule-guard",
    srcs: ["kotlin-bindings/guard/src/main/kotlin/**/*.kt"],
    static_libs: ["kotlin-stdlib"],
    sdk_version: "system_current",
    min_sdk_version: "28",
    system_ext_specific: true,
}

// `cargo xtask bindings` writes them before the tree is handed on.
filegroup {
    name: "ferrule_uniffi_kotlin",
    srcs: ["kotlin-bindings/bindings/target/generated/uniffi/**/*.kt"],
}

java_library {
    name: "ferrule-bindings",
    srcs: [
        ":ferrule_uniffi_kotlin",
        "kotlin-bindings/bindings/src/main/kotlin/**/*.kt",
    ],
    static_libs: [
        "ferrule-guard",
        "jna",
        "kotlin-stdlib",
        "kotlinx-coroutines-core-jvm",
    ],
    required: ["libferrule"],
    sdk_version: "system_current",
    min_sdk_version: "28",
    system_ext_specific: true,
}
"#;

/// The Android module, where it is there. It reaches hidden classes, as a framework's own code does.
const ANDROID: &str = r#"
java_library {
    name: "ferrule-android",
    srcs: ["kotlin-bindings/android/src/main/kotlin/**/*.kt"],
    static_libs: ["ferrule-bindings"],
    platform_apis: true,
    system_ext_specific: true,
}
"#;

/// Our crates in the order of their names, out of `cargo tree`: those whose line ends with a path.
fn crates_of(tree: &str) -> anyhow::Result<BTreeMap<String, Crate>> {
    let mut ours: BTreeMap<String, Crate> = BTreeMap::new();
    let mut open: Vec<String> = Vec::new();
    for line in tree.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let (Some(depth), Some(name)) = (words.next().and_then(|word| word.parse().ok()), words.next())
        else {
            bail!("cargo tree says what cannot be read: {line}");
        };
        open.truncate(depth);
        if let Some(holder) = open.last().and_then(|holder| ours.get_mut(holder)) {
            let list =
                if line.contains(" (proc-macro) ") { &mut holder.macros } else { &mut holder.libraries };
            if !list.iter().any(|other| other == name) {
                list.push(name.to_owned());
            }
        }
        open.push(name.to_owned());
        let is_ours = line
            .split_once(" (")
            .is_some_and(|(_, rest)| rest.starts_with('/') || rest.get(1..3) == Some(":\\"));
        if is_ours {
            let features =
                line.rsplit_once('[').and_then(|(_, rest)| rest.split(']').next()).unwrap_or_default();
            let features = features.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            ours.entry(name.to_owned()).or_default().features = features;
        }
    }
    ensure!(!ours.is_empty(), "cargo tree names none of our crates");
    Ok(ours)
}

fn write_crate(project: &Project, name: &str, one: &Crate, text: &mut String) -> anyhow::Result<()> {
    let packages = project.metadata.get("packages").and_then(Value::as_array);
    let is = |package: &&Value| package.get("name").and_then(Value::as_str) == Some(name);
    let package =
        packages.and_then(|all| all.iter().find(is)).with_context(|| format!("no package {name}"))?;
    let word = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
    let targets = package.get("targets").and_then(Value::as_array);
    let kinds = |target: &Value| target.get("kind").map(Value::to_string).unwrap_or_default();
    let target = targets.and_then(|all| all.iter().find(|target| kinds(target).contains("lib\"")));
    let target = target.with_context(|| format!("{name} has no library"))?;
    let of_target = |key: &str| target.get(key).and_then(Value::as_str).unwrap_or_default();
    let source = Path::new(of_target("src_path"));
    let source = source.strip_prefix(&project.root).unwrap_or(source).to_string_lossy().replace('\\', "/");
    let shared = kinds(target).contains("cdylib");
    let (kind, own) =
        if shared { ("rust_ffi_shared", "libferrule".to_owned()) } else { ("rust_library", module(name)) };
    writeln!(text, "\n{kind} {{\n    name: \"{own}\",\n    crate_name: \"{}\",", of_target("name"))?;
    writeln!(text, "    srcs: [\"{source}\"],\n    edition: \"{}\",", word("edition"))?;
    writeln!(text, "    cargo_env_compat: true,\n    cargo_pkg_version: \"{}\",", word("version"))?;
    list(text, "features", one.features.iter().cloned());
    list(text, "rustlibs", one.libraries.iter().map(|name| module(name)));
    list(text, "proc_macros", one.macros.iter().map(|name| module(name)));
    if shared {
        text.push_str("    shared_libs: [\"liblog\"],\n    ld_flags: [\"-Wl,-z,max-page-size=16384\"],\n");
    }
    text.push_str("    min_sdk_version: \"28\",\n    system_ext_specific: true,\n}\n");
    Ok(())
}

/// What Soong's modules of crates are called.
fn module(name: &str) -> String {
    format!("lib{}", name.replace('-', "_"))
}

fn list(text: &mut String, key: &str, values: impl Iterator<Item = String>) {
    let mut values: Vec<String> = values.map(|value| format!("        \"{value}\",\n")).collect();
    values.sort();
    if !values.is_empty() {
        *text += &format!("    {key}: [\n{}    ],\n", values.concat());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use android_bp::BluePrint;

    use super::*;

    fn strings(module: &android_bp::Module, key: &str) -> Vec<String> {
        let values = module.get_array(key).cloned().unwrap_or_default();
        values
            .iter()
            .filter_map(
                |value| if let android_bp::Value::String(text) = value { Some(text.clone()) } else { None },
            )
            .collect()
    }

    /// Type and name of each module; no name twice.
    fn modules(blueprint: &BluePrint) -> BTreeMap<String, String> {
        let named = blueprint
            .modules
            .iter()
            .filter_map(|module| Some((module.get_string("name")?.clone(), module.typ.clone())));
        let all: Vec<(String, String)> = named.collect();
        let found: BTreeMap<String, String> = all.iter().cloned().collect();
        assert_eq!(found.len(), all.len(), "a name stands twice: {all:?}");
        found
    }

    #[test]
    fn the_blueprint_of_the_prebuilts_names_what_is_written_and_nothing_else() {
        let project = Project::find().unwrap();
        let text = fs::read_to_string(project.root.join("rom/Android.bp")).unwrap();
        let blueprint = BluePrint::parse(&text).unwrap();
        let types: BTreeSet<String> = modules(&blueprint).into_values().collect();
        for wanted in
            ["cc_prebuilt_library_shared", "java_import", "prebuilt_etc", "aconfig_declarations", "license"]
        {
            assert!(types.contains(wanted), "{wanted} is missing");
        }
        let folder = tempfile::tempdir().unwrap();
        let abis = super::super::TARGETS.map(|(abi, _)| (format!("jni/{abi}/libferrule.so"), Vec::new()));
        let rest = ["classes.jar", "NOTICE", "proguard.txt", "sbom.cdx.json", "R.txt"]
            .map(|name| (name.to_owned(), Vec::new()));
        let aar = archive::write(&abis.into_iter().chain(rest).collect()).unwrap();
        prebuilts(&project, &aar, b"state", folder.path()).unwrap();
        // Every quoted word with a dot or a slash in it is a file.
        let quoted = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split('"').skip(1).step_by(2));
        let files: BTreeSet<&str> = quoted
            .filter(|word| {
                word.contains(".so")
                    || ["NOTICE", "ferrule.jar", "rollout.state", "proguard.txt", "ferrule.aconfig"]
                        .contains(word)
            })
            .collect();
        assert_eq!(files.len(), 8, "{files:?}");
        for file in files {
            assert!(folder.path().join(file).is_file(), "{file} is named and not written");
        }
    }

    #[test]
    fn the_blueprint_from_source_has_our_crates_as_cargo_resolves_them() {
        let project = Project::find().unwrap();
        let text = from_source(&project).unwrap();
        let blueprint = BluePrint::parse(&text).unwrap();
        let modules = modules(&blueprint);
        assert_eq!(modules.get("libferrule").map(String::as_str), Some("rust_ffi_shared"));
        assert_eq!(modules.get("ferrule-guard").map(String::as_str), Some("java_library"));
        for module in &blueprint.modules {
            for library in strings(module, "rustlibs").iter().filter(|name| name.starts_with("libferrule")) {
                assert_eq!(
                    modules.get(library).map(String::as_str),
                    Some("rust_library"),
                    "{library} is no module"
                );
            }
            if module.typ.starts_with("rust_") {
                for source in strings(module, "srcs") {
                    assert!(project.root.join(&source).is_file(), "{source} is not there");
                }
            }
        }
        let model = blueprint.modules.iter().find(|module| {
            module.get_string("crate_name").is_some_and(|name| name == "ferrule_launcher_model")
        });
        let model = model.unwrap();
        assert!(strings(model, "rustlibs").contains(&"librusqlite".to_owned()));
        assert!(
            strings(model, "features").contains(&"sqlite".to_owned()),
            "{:?}",
            strings(model, "features")
        );
    }

    #[test]
    fn macros_are_told_from_libraries() {
        let tree = "0 a v1 (/p/a) [default]\n1 b v1 (/p/b) []\n2 c v2 [std,x]\n1 m v3 (proc-macro) []\n2 q v1 []\n1 c v2 [std,x] (*)\n";
        let crates = crates_of(tree).unwrap();
        assert_eq!(crates["a"].libraries, ["b", "c"]);
        assert_eq!(crates["a"].macros, ["m"]);
        assert_eq!(crates["a"].features, ["default"]);
        assert_eq!(crates["b"].libraries, ["c"]);
        assert_eq!(crates.len(), 2);
    }
}
