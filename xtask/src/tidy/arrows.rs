//! Rules about who may know whom: arrows between crates and between Kotlin modules go one way.

use super::builds::{Module, modules_of_poms};
use super::{Finding, House, Rule};
use crate::tidy::house::Package;

pub const RULES: [Rule; 2] = [
    Rule { id: "arrows-rust", wants: "cli, bridge → core/compare → the other cores", check: rust },
    Rule {
        id: "arrows-kotlin",
        wants: "demo, android → bindings → guard; legacy knows none of them",
        check: kotlin,
    },
];

/// What only the bridge may name.
const FFI: [&str; 6] = ["jni", "jni-sys", "uniffi", "tracing-android", "ndk", "android_log-sys"];

fn rust(house: &House) -> Vec<Finding> {
    let ours = |package: &&Package| package.folder.is_some();
    let mut found = Vec::new();
    for package in house.packages.iter().filter(ours) {
        let Some(folder) = package.folder.as_deref() else { continue };
        for dependency in &package.dependencies {
            let target = house.packages.iter().filter(ours).find(|other| other.name == dependency.name);
            let target = target.and_then(|other| other.folder.as_deref());
            if let Some(why) = forbidden(folder, &dependency.name, target, dependency.dev) {
                let manifest = format!("{folder}/Cargo.toml");
                let line = house.file(&manifest).and_then(|file| {
                    file.text
                        .lines()
                        .position(|line| line.starts_with(dependency.name.as_str()))
                        .map(|at| at + 1)
                });
                found.push(Finding::new(manifest, line.unwrap_or(0), format!("{}: {why}", dependency.name)));
            }
        }
    }
    found
}

/// Why the crate in `from` may not name this dependency, which lies in `to` if it is one of ours.
fn forbidden(from: &str, name: &str, to: Option<&str>, dev: bool) -> Option<&'static str> {
    let is_bridge = |folder: &str| folder == "bridge" || folder.starts_with("bridge/");
    let test_only = |folder: &str| folder.starts_with("tests/") || folder == "fuzz";
    if FFI.contains(&name) && !is_bridge(from) && !test_only(from) {
        return Some("only the bridge knows FFI");
    }
    let to = to?;
    if to == "cli" || to == "xtask" {
        return Some("a program is nobody's dependency");
    }
    if from == "xtask" {
        return Some("xtask links none of the crates it builds");
    }
    if test_only(to) && !test_only(from) && !dev {
        return Some("what ships does not need test-only crates");
    }
    if from.starts_with("core/") {
        if is_bridge(to) {
            return Some("a core does not know the bridge");
        }
        if to.starts_with("core/") && from != "core/compare" {
            return Some("cores do not know each other; core/compare does");
        }
    }
    (is_bridge(to) && from == "cli").then_some("the command line uses the cores, not the bridge")
}

fn kotlin(house: &House) -> Vec<Finding> {
    let mut found = Vec::new();
    for Module { name, path, dependencies } in modules_of_poms(house) {
        for dependency in dependencies.iter().filter(|dependency| dependency.scope != "test") {
            let ours = dependency.group == super::builds::GROUP;
            let allowed: &[&str] = match name.as_str() {
                "guard" | "legacy" => &[],
                "bindings" => &["guard"],
                "android" => &["guard", "bindings"],
                "demo" => &["guard", "bindings", "legacy"],
                _ => continue,
            };
            let artifact = dependency.artifact.trim_start_matches("ferrule-");
            let foreign = name == "guard" && !ours && dependency.artifact != "kotlin-stdlib";
            if foreign {
                let message = format!("guard needs {}; it may need nothing", dependency.artifact);
                found.push(Finding::new(&path, dependency.line, message));
            } else if ours && !allowed.contains(&artifact) {
                found.push(Finding::new(&path, dependency.line, format!("{name} may not know {artifact}")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::house::{Dependency, Package, SourceFile};
    use super::super::testing::{findings, house};
    use super::*;

    fn package(name: &str, folder: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|name| Dependency {
                name: name.trim_start_matches("dev ").into(),
                dev: name.starts_with("dev "),
            })
            .collect();
        Package { name: name.into(), folder: Some(folder.into()), dependencies, ..Package::default() }
    }

    #[test]
    fn every_arrow_that_points_the_other_way_is_found() {
        let packages = vec![
            package("os", "core/os", &["jni", "model", "bridge", "thiserror", "dev kit"]),
            package("model", "core/model", &["kit"]),
            package("compare", "core/compare", &["os", "model"]),
            package("bridge", "bridge", &["os", "uniffi", "cli"]),
            package("cli", "cli", &["os", "bridge"]),
            package("kit", "tests/kit", &["os", "jni"]),
            package("xtask", "xtask", &["os"]),
        ];
        let files = vec![SourceFile::new("core/os/Cargo.toml", "[dependencies]\njni = \"1\"\n")];
        let house = House { files, packages };
        assert_eq!(
            findings("arrows-rust", &house),
            [
                "bridge/Cargo.toml:0",
                "cli/Cargo.toml:0",
                "core/model/Cargo.toml:0",
                "core/os/Cargo.toml:0",
                "core/os/Cargo.toml:0",
                "core/os/Cargo.toml:2",
                "xtask/Cargo.toml:0",
            ]
        );
    }

    #[test]
    fn kotlin_arrows_that_point_the_other_way_are_found() {
        let pom = |dependencies: &[(&str, &str, &str)]| {
            let all: String = dependencies
                .iter()
                .map(|(group, artifact, scope)| {
                    format!(
                        "<dependency>\n<groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
                         <scope>{scope}</scope></dependency>\n"
                    )
                })
                .collect();
            format!("<project>\n<dependencies>\n{all}</dependencies></project>")
        };
        let ours = super::super::builds::GROUP;
        let kotlin = "org.jetbrains.kotlin";
        let guard =
            pom(&[(kotlin, "kotlin-stdlib", "compile"), ("a", "b", "compile"), ("org.junit", "j", "test")]);
        let legacy = pom(&[(ours, "guard", "compile"), ("a", "b", "compile")]);
        let bindings =
            pom(&[(ours, "guard", "compile"), (ours, "legacy", "compile"), (ours, "demo", "test")]);
        let parent = "<project><modules><module>guard</module><module>legacy</module><module>bindings</module></modules></project>";
        let sample = [
            ("kotlin-bindings/pom.xml", parent),
            ("kotlin-bindings/guard/pom.xml", &guard),
            ("kotlin-bindings/legacy/pom.xml", &legacy),
            ("kotlin-bindings/bindings/pom.xml", &bindings),
        ];
        assert_eq!(
            findings("arrows-kotlin", &house(&sample)),
            [
                "kotlin-bindings/bindings/pom.xml:5",
                "kotlin-bindings/guard/pom.xml:5",
                "kotlin-bindings/legacy/pom.xml:3"
            ]
        );
    }
}
