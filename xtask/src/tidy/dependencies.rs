//! Rules about manifests and build files: each dependency has its reason, and nothing ties the project to a machine.

use super::{Finding, House, Rule};

pub const RULES: [Rule; 3] = [
    Rule { id: "dependency-why", wants: "each dependency says why on its line", check: why },
    Rule { id: "one-version", wants: "members take versions from the workspace", check: one_version },
    Rule {
        id: "no-workplace",
        wants: "no machine's paths and no registry's hosts in the project",
        check: workplace,
    },
];

fn why(house: &House) -> Vec<Finding> {
    let Some(manifest) = house.file("Cargo.toml") else {
        return vec![Finding::new("Cargo.toml", 0, "there is no root manifest")];
    };
    dependency_lines(&manifest.text, "[workspace.dependencies]")
        .filter(|(_, line)| !line.contains("path = "))
        .filter(|(_, line)| {
            line.rsplit_once('#').is_none_or(|(_, words)| words.trim().split(' ').count() < 2)
        })
        .map(|(at, line)| {
            let name = line.split([' ', '=']).next().unwrap_or_default();
            Finding::new("Cargo.toml", at, format!("{name} has no # reason"))
        })
        .collect()
}

fn one_version(house: &House) -> Vec<Finding> {
    let members = house.files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    let mut found = Vec::new();
    for file in members.filter(|file| !file.text.contains("[workspace]")) {
        for section in ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"] {
            for (at, line) in
                dependency_lines(&file.text, section).filter(|(_, line)| !line.contains("workspace = true"))
            {
                let name = line.split([' ', '=']).next().unwrap_or_default();
                found.push(Finding::new(&file.path, at, format!("{name} does not come from the workspace")));
            }
        }
    }
    found
}

/// The `name = …` lines of one section, with their numbers from 1.
fn dependency_lines<'a>(text: &'a str, section: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let inside = text.lines().enumerate().skip_while(move |(_, line)| line.trim() != section).skip(1);
    inside
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| line.contains('=') && line.starts_with(|c: char| c.is_alphabetic()))
        .map(|(index, line)| (index + 1, line))
}

fn workplace(house: &House) -> Vec<Finding> {
    // Put together here so that this file does not find itself.
    let needles = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("repo", ".maven."),
        concat!("repo1", ".maven."),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("deb.", "debian.org"),
        concat!("security.", "debian.org"),
        concat!("artifact", "ory"),
    ];
    let mut found = Vec::new();
    for file in &house.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(needle) = needles.iter().find(|needle| starts_a_path(line, needle)) {
                found.push(Finding::new(
                    &file.path,
                    index + 1,
                    format!("{needle} belongs to a machine, not here"),
                ));
            }
        }
    }
    found
}

/// Whether the needle stands there on its own, not inside a longer path such as `docs/work/`.
fn starts_a_path(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !needle.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "_-.}$".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let manifest = "[workspace.dependencies]\nours = { path = \"core/a\" }\n\n# Group.\nserde = \"1\" # JSON of tests\n\
                        clap = \"4\"\ntoml = \"1\" # toml\n\n[profile.dev]\ndebug = 1\n";
        assert_eq!(
            findings("dependency-why", &house(&[("Cargo.toml", manifest)])),
            ["Cargo.toml:6", "Cargo.toml:7"]
        );
        assert_eq!(findings("dependency-why", &house(&[])), ["Cargo.toml:0"]);
    }

    #[test]
    fn a_member_with_its_own_version_is_found() {
        let member = "[dependencies]\na.workspace = true\nb = { workspace = true, features = [\"x\"] }\nc = \"1\"\n\n\
                      [dev-dependencies]\nd = { path = \"../d\" }\n";
        assert_eq!(
            findings("one-version", &house(&[("core/a/Cargo.toml", member)])),
            ["core/a/Cargo.toml:4", "core/a/Cargo.toml:7"]
        );
    }

    #[test]
    fn a_machines_path_or_a_registrys_host_is_found() {
        let path = concat!("cd /wo", "rk/main\nsrc/wo", "rk/here\n");
        let host = concat!("url = 'https://repo1", ".maven.org/x'");
        assert_eq!(
            findings("no-workplace", &house(&[(".ci/run", path), ("build.gradle.kts", host)])),
            [".ci/run:1", "build.gradle.kts:1"]
        );
    }
}
