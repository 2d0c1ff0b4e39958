//! `cargo xtask check-versions`: one version, one place.
//!
//! The source for the Kotlin side is `gradle/libs.versions.toml`: a pom's property `version.NAME` equals its NAME.
//! Cargo's side is the root `Cargo.toml`: the version of the project, of Rust, and of each crate that the catalog
//! names too. Invariant: a difference names both places.

use std::collections::BTreeMap;
use std::process::ExitCode;

use roxmltree::Document;
use toml::{Table, Value};

use crate::project::Project;
use crate::tidy::House;

/// The catalog's path.
const CATALOG: &str = "gradle/libs.versions.toml";

/// Compares and prints what differs.
///
/// # Errors
/// When the project's files cannot be read.
pub fn run(project: &Project) -> anyhow::Result<ExitCode> {
    let (agree, problems) = check(&House::read(project)?);
    for problem in &problems {
        println!("{problem}");
    }
    println!("check-versions: {agree} versions agree, {} do not", problems.len());
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A version and where it stands.
struct Place {
    version: String,
    at: String,
}

/// How many versions agree, and a sentence for each that does not.
pub fn check(house: &House) -> (usize, Vec<String>) {
    let mut problems = Vec::new();
    let mut agree = 0;
    let catalog = catalog(house, &mut problems);
    let properties = pom_properties(house, &mut problems);
    let mut compare = |what: &str, place: &Place, source: &Place| {
        if place.version == source.version {
            agree += 1;
            None
        } else {
            Some(format!(
                "{what}: {} says {}, {} says {}",
                place.at, place.version, source.at, source.version
            ))
        }
    };
    for (name, places) in &properties {
        for place in places {
            match catalog.get(name) {
                Some(source) => problems.extend(compare(name, place, source)),
                None => problems.push(format!("{name}: {} has it, {CATALOG} does not", place.at)),
            }
        }
    }
    for (name, place) in cargo_versions(house, &mut problems) {
        if let Some(source) = catalog.get(&name) {
            problems.extend(compare(&name, source, &place));
        }
    }
    if let Some(source) = project_version(house) {
        for place in project_versions(house) {
            problems.extend(compare("the project's version", &place, &source));
        }
    }
    for (name, source) in &catalog {
        if !properties.contains_key(name) && is_of_a_library(house, name) {
            problems.push(format!("{name}: {} has it, no pom does (property version.{name})", source.at));
        }
    }
    (agree, problems)
}

/// Whether one of the catalog's libraries has this version; a plugin's version may be Gradle's alone.
fn is_of_a_library(house: &House, name: &str) -> bool {
    let text = house.file(CATALOG).map(|file| file.text.as_str()).unwrap_or_default();
    let libraries = text.split("[plugins]").next().unwrap_or_default();
    libraries.contains(&format!("version.ref = \"{name}\""))
}

/// `[versions]` of the catalog.
fn catalog(house: &House, problems: &mut Vec<String>) -> BTreeMap<String, Place> {
    let Some(file) = house.file(CATALOG) else {
        problems.push(format!("{CATALOG} is missing"));
        return BTreeMap::new();
    };
    let table = match file.text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => {
            problems.push(format!("{CATALOG}: {}", error.message()));
            return BTreeMap::new();
        }
    };
    let versions = table.get("versions").and_then(Value::as_table).cloned().unwrap_or_default();
    let place = |name: &str, value: &Value| Place {
        version: value.as_str().unwrap_or_default().to_owned(),
        at: format!("{CATALOG}{}", line_of(&file.text, &format!("{name} ="))),
    };
    versions.iter().map(|(name, value)| (name.clone(), place(name, value))).collect()
}

/// `version.NAME` properties of every pom; a dependency with a literal version is a problem.
fn pom_properties(house: &House, problems: &mut Vec<String>) -> BTreeMap<String, Vec<Place>> {
    let mut found: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for file in house.files.iter().filter(|file| file.path.ends_with("pom.xml")) {
        let document = match Document::parse(&file.text) {
            Ok(document) => document,
            Err(error) => {
                problems.push(format!("{}: {error}", file.path));
                continue;
            }
        };
        for node in document.descendants().filter(|node| node.is_element()) {
            let text = node.text().unwrap_or_default().trim();
            let at = format!("{}:{}", file.path, document.text_pos_at(node.range().start).row);
            let tag = node.tag_name().name();
            let parent =
                node.parent_element().map(|parent| parent.tag_name().name().to_owned()).unwrap_or_default();
            if let Some(name) = tag.strip_prefix("version.").filter(|_| parent == "properties") {
                found.entry(name.to_owned()).or_default().push(Place { version: text.to_owned(), at });
            } else if tag == "version" && parent == "dependency" && !text.starts_with("${") {
                problems
                    .push(format!("{at} writes the version {text}; take it from a property version.NAME"));
            }
        }
    }
    found
}

/// Crate versions and `rust` of the root manifest.
fn cargo_versions(house: &House, problems: &mut Vec<String>) -> BTreeMap<String, Place> {
    let mut found = BTreeMap::new();
    let Some(file) = house.file("Cargo.toml") else { return found };
    let Ok(table) = file.text.parse::<Table>() else {
        problems.push("Cargo.toml cannot be read".to_owned());
        return found;
    };
    let workspace = table.get("workspace").and_then(Value::as_table).cloned().unwrap_or_default();
    let dependencies = workspace.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
    for (name, value) in &dependencies {
        let version =
            value.as_str().or_else(|| value.get("version").and_then(Value::as_str)).unwrap_or_default();
        let at = format!("Cargo.toml{}", line_of(&file.text, &format!("{name} =")));
        found.insert(
            name.clone(),
            Place { version: version.trim_start_matches(['=', '^', '~']).to_owned(), at },
        );
    }
    let rust =
        workspace.get("package").and_then(|package| package.get("rust-version")).and_then(Value::as_str);
    if let Some(version) = rust {
        let at = format!("Cargo.toml{}", line_of(&file.text, "rust-version ="));
        found.insert("rust".to_owned(), Place { version: version.to_owned(), at });
    }
    found
}

/// `[workspace.package] version`.
fn project_version(house: &House) -> Option<Place> {
    let file = house.file("Cargo.toml")?;
    let table = file.text.parse::<Table>().ok()?;
    let version = table.get("workspace")?.get("package")?.get("version")?.as_str()?.to_owned();
    Some(Place { version, at: format!("Cargo.toml{}", line_of(&file.text, "version =")) })
}

/// The project's version as the poms and Gradle spell it.
fn project_versions(house: &House) -> Vec<Place> {
    let mut found = Vec::new();
    for file in house.files.iter().filter(|file| file.path.ends_with("pom.xml")) {
        let Ok(document) = Document::parse(&file.text) else { continue };
        for node in
            document.descendants().filter(|node| node.is_element() && node.tag_name().name() == "version")
        {
            let parent =
                node.parent_element().map(|parent| parent.tag_name().name().to_owned()).unwrap_or_default();
            let text = node.text().unwrap_or_default().trim();
            if ["project", "parent"].contains(&parent.as_str()) && !text.starts_with("${") {
                let at = format!("{}:{}", file.path, document.text_pos_at(node.range().start).row);
                found.push(Place { version: text.to_owned(), at });
            }
        }
    }
    let assigned = |line: &str| {
        let value = line.trim().strip_prefix("version")?.trim_start().strip_prefix('=')?;
        Some(value.trim().trim_matches('"').to_owned())
    };
    let scripts = |path: &str| path.ends_with("gradle.properties") || path.ends_with("build.gradle.kts");
    for file in house.files.iter().filter(|file| scripts(&file.path)) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(version) =
                assigned(line).filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
            {
                found.push(Place { version, at: format!("{}:{}", file.path, index + 1) });
            }
        }
    }
    found
}

/// `:LINE` of the first line that starts with this word.
fn line_of(text: &str, word: &str) -> String {
    text.lines().position(|line| line.starts_with(word)).map(|at| format!(":{}", at + 1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::testing::house;

    const CARGO: &str = "[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.95\"\n[workspace.dependencies]\nuniffi = { version = \"=0.32.2\" }\n";

    fn problems(catalog: &str, pom: &str, cargo: &str) -> Vec<String> {
        check(&house(&[(CATALOG, catalog), ("k/pom.xml", pom), ("Cargo.toml", cargo)])).1
    }

    fn pom(properties: &str, dependency: &str) -> String {
        format!(
            "<project>\n<version>0.1.0</version>\n<properties>{properties}</properties>\n<dependencies><dependency>\
             <version>{dependency}</version></dependency></dependencies></project>"
        )
    }

    #[test]
    fn equal_versions_pass() {
        let catalog = "[versions]\njna = \"5\"\nuniffi = \"0.32.2\"\nrust = \"1.95\"\n[libraries]\njna = { module = \"a:b\", version.ref = \"jna\" }\n";
        let pom = pom("<version.jna>5</version.jna>", "${version.jna}");
        let (agree, problems) =
            check(&house(&[(CATALOG, catalog), ("k/pom.xml", &pom), ("Cargo.toml", CARGO)]));
        assert_eq!((agree, problems), (4, Vec::new()));
    }

    #[test]
    fn each_difference_names_both_places() {
        let catalog = "[versions]\njna = \"5\"\nuniffi = \"0.32.1\"\n";
        let pom = pom("<version.jna>6</version.jna>", "${version.jna}").replace("0.1.0", "0.2.0");
        assert_eq!(
            problems(catalog, &pom, CARGO),
            [
                "jna: k/pom.xml:3 says 6, gradle/libs.versions.toml:2 says 5",
                "uniffi: gradle/libs.versions.toml:3 says 0.32.1, Cargo.toml:5 says 0.32.2",
                "the project's version: k/pom.xml:2 says 0.2.0, Cargo.toml:2 says 0.1.0",
            ]
        );
    }

    #[test]
    fn a_version_that_one_side_lacks_or_writes_out_is_named() {
        let catalog =
            "[versions]\njna = \"5\"\n[libraries]\njna = { module = \"a:b\", version.ref = \"jna\" }\n";
        assert_eq!(
            problems(catalog, &pom("<version.x>1</version.x>", "7"), CARGO),
            [
                "k/pom.xml:4 writes the version 7; take it from a property version.NAME",
                "x: k/pom.xml:3 has it, gradle/libs.versions.toml does not",
                "jna: gradle/libs.versions.toml:2 has it, no pom does (property version.jna)",
            ]
        );
        assert_eq!(problems("[versions", "<project/>", CARGO).len(), 1, "a broken catalog is one problem");
    }
}
