//! The rule about the two builds: Maven's poms and Gradle's scripts have the same modules, dependencies and tests.
//!
//! It reads only what our own scripts use: `include("…")`, `scope(libs.name)`, `scope(project(":name"))`. A line of a
//! dependency block that it cannot read is a finding, so nothing slips through by being clever.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::{Finding, House, Rule};

/// The Maven group of our own modules.
pub const GROUP: &str = "dev.ferrule";

/// Where the poms lie.
const FOLDER: &str = "kotlin-bindings";

pub const RULES: [Rule; 1] = [Rule {
    id: "builds-equal",
    wants: "Maven and Gradle have the same modules, dependencies and tasks",
    check: equal,
}];

/// A dependency in a pom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PomDependency {
    /// `groupId`.
    pub group: String,
    /// `artifactId`.
    pub artifact: String,
    /// `scope`, `compile` where the pom names none.
    pub scope: String,
    /// Its line in the pom.
    pub line: usize,
}

/// A Kotlin module as its pom describes it.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its folder's name.
    pub name: String,
    /// Its pom, from the root.
    pub path: String,
    /// What the pom names outside `dependencyManagement` and plugins.
    pub dependencies: Vec<PomDependency>,
}

/// The modules that the parent pom names, with what their poms say.
pub fn modules_of_poms(house: &House) -> Vec<Module> {
    let parent = format!("{FOLDER}/pom.xml");
    let Some(parent) = house.file(&parent) else { return Vec::new() };
    let Ok(document) = Document::parse(&parent.text) else { return Vec::new() };
    let names = document
        .descendants()
        .filter(|node| node.has_tag_name_local("module"))
        .filter_map(|node| node.text());
    names
        .map(|name| {
            let path = format!("{FOLDER}/{}/pom.xml", name.trim());
            let dependencies = house.file(&path).map(|file| dependencies_of(&file.text)).unwrap_or_default();
            Module { name: name.trim().to_owned(), path, dependencies }
        })
        .collect()
}

/// Names without regard to the pom's namespace.
trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// The text of the child with this name.
fn child_text(node: Node<'_, '_>, name: &str) -> String {
    let child = node.children().find(|child| child.has_tag_name_local(name));
    child.and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
}

/// The dependencies of `<project><dependencies>`.
fn dependencies_of(pom: &str) -> Vec<PomDependency> {
    let Ok(document) = Document::parse(pom) else { return Vec::new() };
    let root = document.root_element();
    let lists = root.children().filter(|node| node.has_tag_name_local("dependencies"));
    lists
        .flat_map(|list| list.children().filter(|node| node.has_tag_name_local("dependency")))
        .map(|node| {
            let scope = child_text(node, "scope");
            PomDependency {
                group: child_text(node, "groupId"),
                artifact: child_text(node, "artifactId"),
                scope: if scope.is_empty() { "compile".to_owned() } else { scope },
                line: document.text_pos_at(node.range().start).row as usize,
            }
        })
        .collect()
}

fn equal(house: &House) -> Vec<Finding> {
    let poms = modules_of_poms(house);
    let mut found = Vec::new();
    if poms.is_empty() {
        return vec![Finding::new(format!("{FOLDER}/pom.xml"), 0, "names no module, or is no XML")];
    }
    let settings = house.file("settings.gradle.kts").map(|file| file.text.as_str()).unwrap_or_default();
    let maven: BTreeSet<&str> = poms.iter().map(|module| module.name.as_str()).collect();
    let gradle = included(settings);
    for name in maven.difference(&gradle) {
        found.push(Finding::new(
            "settings.gradle.kts",
            0,
            format!("does not include {name}, which Maven has"),
        ));
    }
    for name in gradle.difference(&maven) {
        found.push(Finding::new("settings.gradle.kts", 0, format!("includes {name}, which Maven has not")));
    }
    let catalog =
        house.file("gradle/libs.versions.toml").map(|file| libraries(&file.text)).unwrap_or_default();
    for module in poms.iter().filter(|module| gradle.contains(module.name.as_str())) {
        let path = format!("{FOLDER}/{}/build.gradle.kts", module.name);
        let Some(script) = house.file(&path) else {
            found.push(Finding::new(&path, 0, "is missing; Maven has this module"));
            continue;
        };
        let (scripted, unread) = scripted_dependencies(&script.text, &catalog);
        for (line, text) in unread {
            found.push(Finding::new(&path, line, format!("cannot read the dependency {text}")));
        }
        let named: BTreeSet<(String, bool)> = module
            .dependencies
            .iter()
            .filter(|d| !is_implied(&d.artifact))
            .map(|d| (d.artifact.clone(), d.scope == "test"))
            .collect();
        for (artifact, test) in named.difference(&scripted) {
            found.push(Finding::new(
                &path,
                0,
                format!("lacks {artifact}{}, which the pom has", scope_word(*test)),
            ));
        }
        let surefire =
            house.file(&module.path).map(|pom| test_properties_of_pom(&pom.text)).unwrap_or_default();
        let test_task = test_properties_of_script(&script.text);
        for name in surefire.difference(&test_task) {
            found.push(Finding::new(
                &path,
                0,
                format!("its tests lack the system property {name}, which the pom sets"),
            ));
        }
        for name in test_task.difference(&surefire) {
            found.push(Finding::new(
                &module.path,
                0,
                format!("its tests lack the system property {name}, which Gradle sets"),
            ));
        }
        for (line, command) in foreign_commands(&script.text) {
            found.push(Finding::new(&path, line, format!("a task may only run cargo xtask, not {command}")));
        }
        for (artifact, test) in scripted.difference(&named) {
            found.push(Finding::new(
                &module.path,
                0,
                format!("lacks {artifact}{}, which Gradle has", scope_word(*test)),
            ));
        }
    }
    found
}

/// What the other build brings by itself: Gradle's Kotlin plugin adds the standard library, and its test suites the
/// launcher that Surefire brings along.
fn is_implied(artifact: &str) -> bool {
    ["kotlin-stdlib", "junit-platform-launcher"].contains(&artifact)
}

/// For messages.
fn scope_word(test: bool) -> &'static str {
    if test { " for tests" } else { "" }
}

/// The last part of each module path in `include(…)`.
fn included(settings: &str) -> BTreeSet<&str> {
    let code: Vec<&str> = settings.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in code {
        inside |= line.trim_start().starts_with("include(");
        if inside {
            let quoted = line.split('"').skip(1).step_by(2);
            found.extend(quoted.filter_map(|path| path.rsplit(':').next()));
            inside = !line.contains(')');
        }
    }
    found
}

/// Alias (with dots) → artifact, of the catalog's `[libraries]`.
fn libraries(catalog: &str) -> BTreeMap<String, String> {
    let Ok(table) = catalog.parse::<toml::Table>() else { return BTreeMap::new() };
    let libraries = table.get("libraries").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let artifact = |value: &toml::Value| {
        let module = value.get("module").and_then(toml::Value::as_str)?;
        module.split_once(':').map(|(_, artifact)| artifact.to_owned())
    };
    libraries.iter().filter_map(|(alias, value)| Some((alias.replace('-', "."), artifact(value)?))).collect()
}

/// Artifacts (and whether only tests need them), and the lines that could not be read.
type Scripted = (BTreeSet<(String, bool)>, Vec<(usize, String)>);

/// The dependency block of a build script.
fn scripted_dependencies(script: &str, catalog: &BTreeMap<String, String>) -> Scripted {
    let scopes = [
        "api",
        "implementation",
        "compileOnly",
        "runtimeOnly",
        "testImplementation",
        "testRuntimeOnly",
        "testCompileOnly",
    ];
    let (mut read, mut unread) = (BTreeSet::new(), Vec::new());
    let block = script.lines().enumerate().skip_while(|(_, line)| line.trim() != "dependencies {").skip(1);
    for (index, line) in block.take_while(|(_, line)| line.trim() != "}") {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let parsed = line.split_once('(').and_then(|(scope, rest)| {
            if !scopes.contains(&scope) {
                return None;
            }
            let inner = rest.strip_suffix(')')?.trim();
            let inner =
                inner.strip_prefix("platform(").and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
            let artifact = if let Some(alias) = inner.strip_prefix("libs.") {
                catalog.get(alias)?.clone()
            } else {
                // A second word names a configuration, as a Maven type does: the same artifact.
                let words = inner.strip_prefix("project(\"")?.strip_suffix("\")")?;
                let path = words.split("\", \"").next()?;
                format!("ferrule-{}", path.rsplit(':').next()?)
            };
            Some((artifact, scope.starts_with("test")))
        });
        match parsed {
            Some((artifact, _)) if is_implied(&artifact) => {}
            Some(dependency) => {
                read.insert(dependency);
            }
            None => unread.push((index + 1, line.to_owned())),
        }
    }
    (read, unread)
}

/// The system properties that Surefire hands to the tests.
fn test_properties_of_pom(pom: &str) -> BTreeSet<String> {
    let Ok(document) = Document::parse(pom) else { return BTreeSet::new() };
    let lists = document.descendants().filter(|node| node.has_tag_name_local("systemPropertyVariables"));
    let properties = lists.flat_map(|list| list.children().filter(Node::is_element));
    properties.map(|node| node.tag_name().name().to_owned()).collect()
}

/// The system properties that Gradle's test task hands to the tests.
fn test_properties_of_script(script: &str) -> BTreeSet<String> {
    let calls = script.split("systemProperty(\"").skip(1);
    calls.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Commands that a task runs besides `cargo xtask`, with their lines.
fn foreign_commands(script: &str) -> Vec<(usize, String)> {
    let lines = script.lines().enumerate();
    let commands =
        lines.filter_map(|(index, line)| Some((index + 1, line.trim().strip_prefix("commandLine(")?)));
    commands
        .filter(|(_, words)| !words.starts_with("\"cargo\", \"xtask\", "))
        .map(|(line, words)| (line, words.trim_end_matches(')').to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};
    use super::*;

    const CATALOG: &str = "[versions]\nj = \"5\"\n[libraries]\njunit-jupiter = { module = \"org.junit:junit-jupiter\", version.ref = \"j\" }\n";
    const PARENT: &str =
        "<project xmlns=\"urn:x\"><modules><module>guard</module><module>demo</module></modules></project>";
    const GUARD: &str = "<project><dependencies><dependency><groupId>org.junit</groupId>\
        <artifactId>junit-jupiter</artifactId><scope>test</scope></dependency></dependencies></project>";
    const DEMO: &str = "<project><dependencies><dependency><groupId>dev.ferrule</groupId>\
        <artifactId>ferrule-guard</artifactId></dependency></dependencies></project>";

    fn sample(settings: &str, guard: &str, demo: &str) -> House {
        house(&[
            ("gradle/libs.versions.toml", CATALOG),
            ("kotlin-bindings/pom.xml", PARENT),
            ("kotlin-bindings/guard/pom.xml", GUARD),
            ("kotlin-bindings/demo/pom.xml", DEMO),
            ("settings.gradle.kts", settings),
            ("kotlin-bindings/guard/build.gradle.kts", guard),
            ("kotlin-bindings/demo/build.gradle.kts", demo),
        ])
    }

    const SETTINGS: &str = "include(\n  \":kotlin-bindings:guard\",\n  \":kotlin-bindings:demo\",\n)\n";
    const GUARD_KTS: &str = "dependencies {\n    testImplementation(libs.junit.jupiter)\n}\n";
    const DEMO_KTS: &str = "dependencies {\n    implementation(project(\":kotlin-bindings:guard\"))\n}\n";

    #[test]
    fn equal_builds_pass() {
        assert_eq!(findings("builds-equal", &sample(SETTINGS, GUARD_KTS, DEMO_KTS)), [""; 0]);
    }

    #[test]
    fn a_module_or_dependency_in_one_build_only_is_found() {
        let other = "include(\":kotlin-bindings:guard\", \":kotlin-bindings:other\")\n";
        assert_eq!(
            findings("builds-equal", &sample(other, GUARD_KTS, DEMO_KTS)),
            ["settings.gradle.kts:0"; 2]
        );
        let main = GUARD_KTS.replace("testImplementation", "implementation");
        assert_eq!(
            findings("builds-equal", &sample(SETTINGS, &main, DEMO_KTS)),
            ["kotlin-bindings/guard/build.gradle.kts:0", "kotlin-bindings/guard/pom.xml:0"]
        );
        let tests = format!("{DEMO_KTS}tasks.test {{ systemProperty(\"a.b\", 1) }}\ncommandLine(\"make\")\n");
        assert_eq!(
            findings("builds-equal", &sample(SETTINGS, GUARD_KTS, &tests)),
            ["kotlin-bindings/demo/build.gradle.kts:5", "kotlin-bindings/demo/pom.xml:0"]
        );
        let clever = "dependencies {\n    add(\"api\", \"a:b:1\")\n}\n";
        assert_eq!(
            findings("builds-equal", &sample(SETTINGS, GUARD_KTS, clever)),
            ["kotlin-bindings/demo/build.gradle.kts:0", "kotlin-bindings/demo/build.gradle.kts:2"]
        );
        assert_eq!(findings("builds-equal", &house(&[])), ["kotlin-bindings/pom.xml:0"]);
    }
}
