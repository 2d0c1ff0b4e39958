//! What the Kotlin modules need when they run, out of their poms, with the versions of the catalog.
//!
//! Invariant: a dependency whose version the catalog does not know is an error, so nothing is published without one.

use std::fs;

use anyhow::Context;
use roxmltree::{Document, Node};
use toml::{Table, Value};

use super::repository::Needed;
use crate::project::Project;
use crate::tidy::GROUP;

/// What is an Android archive at its maker's, for Android.
const ARCHIVES: [&str; 1] = ["jna"];

/// What these modules need, our own modules left out, in the order of their names.
///
/// # Errors
/// When a pom or the catalog cannot be read, or the catalog lacks a version.
pub fn of(project: &Project, modules: &[&str]) -> anyhow::Result<Vec<Needed>> {
    let catalog = project.root.join("gradle/libs.versions.toml");
    let catalog: Table = fs::read_to_string(&catalog)
        .with_context(|| format!("cannot read {}", catalog.display()))?
        .parse()
        .with_context(|| format!("{} is no TOML", catalog.display()))?;
    let mut needed: Vec<Needed> = Vec::new();
    for module in modules {
        let path = project.kotlin().join(module).join("pom.xml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for one in read(&text, &catalog).with_context(|| path.display().to_string())? {
            if !needed.iter().any(|other| other.group == one.group && other.artifact == one.artifact) {
                needed.push(one);
            }
        }
    }
    needed.sort_by(|a, b| (&a.group, &a.artifact).cmp(&(&b.group, &b.artifact)));
    Ok(needed)
}

fn read(pom: &str, catalog: &Table) -> anyhow::Result<Vec<Needed>> {
    let document = Document::parse(pom).context("is no XML")?;
    let lists = document.root_element().children().filter(|node| node.tag_name().name() == "dependencies");
    let mut found = Vec::new();
    for node in lists.flat_map(|list| list.children().filter(Node::is_element)) {
        let child = |name: &str| {
            let child = node.children().find(|child| child.tag_name().name() == name);
            child.and_then(|child| child.text()).map(|text| text.trim().to_owned())
        };
        let (group, artifact) =
            (child("groupId").unwrap_or_default(), child("artifactId").unwrap_or_default());
        let compiled = child("scope").is_none_or(|scope| scope == "compile" || scope == "runtime");
        if group == GROUP || !compiled {
            continue;
        }
        let version = version(catalog, &format!("{group}:{artifact}"))
            .with_context(|| format!("the catalog has no version of {group}:{artifact}"))?;
        let kind = ARCHIVES.contains(&artifact.as_str()).then_some("aar");
        found.push(Needed {
            group,
            artifact,
            version,
            kind,
            optional: child("optional").is_some_and(|word| word == "true"),
        });
    }
    Ok(found)
}

/// The version of `group:artifact` in the catalog.
fn version(catalog: &Table, module: &str) -> Option<String> {
    let libraries = catalog.get("libraries")?.as_table()?;
    let entry =
        libraries.values().find(|entry| entry.get("module").and_then(Value::as_str) == Some(module))?;
    let name = entry.get("version")?.get("ref")?.as_str()?;
    Some(catalog.get("versions")?.get(name)?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = "[versions]\njna = \"5\"\n[libraries]\njna = { module = \"net.java.dev.jna:jna\", version.ref = \"jna\" }\n\
                           junit = { module = \"j:u\" }\n";

    fn dependency(group: &str, artifact: &str, more: &str) -> String {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>{more}</dependency>"
        )
    }

    fn names(dependencies: &str) -> anyhow::Result<Vec<String>> {
        let pom = format!("<project><dependencies>{dependencies}</dependencies></project>");
        let found = read(&pom, &CATALOG.parse().unwrap())?;
        Ok(found
            .iter()
            .map(|n| format!("{}:{} {:?} {}", n.artifact, n.version, n.kind, n.optional))
            .collect())
    }

    #[test]
    fn what_runs_is_needed_and_what_tests_or_is_ours_is_not() {
        let all = dependency("net.java.dev.jna", "jna", "<optional>true</optional>")
            + &dependency("dev.ferrule", "ferrule-guard", "")
            + &dependency("j", "u", "<scope>test</scope>")
            + &dependency("p", "q", "<scope>provided</scope>");
        assert_eq!(names(&all).unwrap(), ["jna:5 Some(\"aar\") true"]);
    }

    #[test]
    fn a_version_that_the_catalog_lacks_is_an_error() {
        let error = names(&dependency("j", "u", "")).unwrap_err();
        assert!(error.to_string().contains("j:u"), "{error}");
    }
}
