//! What ends up in the shared library and beside it: crates, the C code that they bundle, Rust's own library, and the
//! jars that an app needs with it.
//!
//! What it is not: a list by hand. cargo says which crates the bridge links for Android's targets, the sources of
//! `libsqlite3-sys` say which SQLite they bundle, and the poms say what Kotlin needs. Invariants: nothing that only
//! builds or tests need is in it; components are in the order of their names and named once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use super::repository::Needed;
use crate::need;
use crate::project::{Project, cargo_metadata};
use crate::run::Step;

/// The package whose library is shipped.
const SHIPPED: &str = "ferrule-bridge";

/// What it is shipped for, by Android's names and by cargo's.
pub const TARGETS: [(&str, &str); 3] = [
    ("arm64-v8a", "aarch64-linux-android"),
    ("armeabi-v7a", "armv7-linux-androideabi"),
    ("x86_64", "x86_64-linux-android"),
];

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its package URL, which names it everywhere.
    pub purl: String,
    /// Its name in the lists of vulnerabilities, where that is another.
    pub cpe: Option<String>,
    /// SPDX expression.
    pub licence: String,
    /// SHA-256 of the archive that it was built from.
    pub sha256: Option<String>,
    /// Where its source is kept.
    pub source: Option<String>,
    /// How it reaches a device.
    pub place: Place,
    /// The library works without it.
    pub optional: bool,
    /// The licence texts and notices that came with it.
    pub texts: Vec<String>,
    /// The package URLs of what it needs.
    pub needs: Vec<String>,
}

/// How a part reaches a device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// It is part of the shared library.
    #[default]
    Library,
    /// The archive's pom names it; the app brings it.
    Beside,
}

/// All parts, and the package URL of what is shipped itself.
///
/// # Errors
/// When cargo fails, or a file that must say something does not.
pub fn of(project: &Project, needed: &[Needed]) -> anyhow::Result<(String, Vec<Component>)> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let checksums = checksums(&lock)?;
    let mut parts: BTreeMap<String, Component> = BTreeMap::new();
    for (_, target) in TARGETS {
        let tree = Step::cargo("what the library links")
            .folder(&project.root)
            .args(["tree", "--locked", "--package", SHIPPED, "--target", target])
            .args(["--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", " {p}"])
            .quietly()?;
        let metadata = cargo_metadata(&project.root, &["--locked", "--filter-platform", target])?;
        for (name, version, needs) in read_tree(&tree)? {
            let package = package_of(&metadata, &name, &version)?;
            let part = parts.entry(purl_of_crate(&name, &version)).or_insert_with(|| {
                let sha256 = checksums.get(&(name.clone(), version.clone())).cloned();
                Component { sha256, ..of_crate(package, &name, &version) }
            });
            for need in needs {
                if !part.needs.contains(&need) {
                    part.needs.push(need);
                }
            }
            if name == "libsqlite3-sys" {
                let sqlite = sqlite(&folder_of(package)?)?;
                part.needs.push(sqlite.purl.clone());
                part.needs.dedup();
                parts.insert(sqlite.purl.clone(), sqlite);
            }
        }
    }
    let rust = standard_library()?;
    let kotlin: Vec<Component> = needed.iter().map(of_jar).collect();
    let root = parts.keys().find(|purl| purl.starts_with(&format!("pkg:cargo/{SHIPPED}@"))).cloned();
    let root = root.with_context(|| format!("cargo tree does not name {SHIPPED}"))?;
    if let Some(bridge) = parts.get_mut(&root) {
        bridge.needs.push(rust.purl.clone());
        bridge.needs.extend(kotlin.iter().map(|jar| jar.purl.clone()));
    }
    parts.insert(rust.purl.clone(), rust);
    parts.extend(kotlin.into_iter().map(|jar| (jar.purl.clone(), jar)));
    for part in parts.values_mut() {
        part.needs.sort();
    }
    Ok((root, parts.into_values().collect()))
}

/// Name, version and what it needs, of each line of `cargo tree --prefix depth`.
fn read_tree(text: &str) -> anyhow::Result<Vec<(String, String, Vec<String>)>> {
    let mut parts: Vec<(String, String, Vec<String>)> = Vec::new();
    // The places in `parts` of the line that is being read and of those above it.
    let mut open: Vec<usize> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let depth: Option<usize> = words.next().and_then(|word| word.parse().ok());
        let (name, version) = (words.next(), words.next().and_then(|word| word.strip_prefix('v')));
        let (Some(depth), Some(name), Some(version)) = (depth, name, version) else {
            bail!("cargo tree says what cannot be read: {line}");
        };
        open.truncate(depth);
        if let Some((_, _, needs)) = open.last().and_then(|at| parts.get_mut(*at)) {
            let purl = purl_of_crate(name, version);
            if !needs.contains(&purl) {
                needs.push(purl);
            }
        }
        let at = parts.iter().position(|(n, v, _)| n == name && v == version);
        open.push(at.unwrap_or(parts.len()));
        if at.is_none() {
            parts.push((name.to_owned(), version.to_owned(), Vec::new()));
        }
    }
    Ok(parts)
}

fn purl_of_crate(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{version}")
}

fn package_of<'a>(metadata: &'a Value, name: &str, version: &str) -> anyhow::Result<&'a Value> {
    let is = |package: &&Value| {
        let says = |key: &str, word: &str| package.get(key).and_then(Value::as_str) == Some(word);
        says("name", name) && says("version", version)
    };
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages
        .and_then(|packages| packages.iter().find(is))
        .with_context(|| format!("cargo metadata does not know {name} {version}"))
}

fn folder_of(package: &Value) -> anyhow::Result<PathBuf> {
    let manifest =
        package.get("manifest_path").and_then(Value::as_str).context("a package has no manifest")?;
    Ok(Path::new(manifest).parent().unwrap_or(Path::new("")).to_owned())
}

fn of_crate(package: &Value, name: &str, version: &str) -> Component {
    let text = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let ours = package.get("source").is_none_or(Value::is_null);
    let folder = folder_of(package).ok().filter(|_| !ours);
    let licence = text("license").unwrap_or_default().replace('/', " OR ");
    Component {
        name: name.to_owned(),
        version: version.to_owned(),
        purl: purl_of_crate(name, version),
        source: text("repository"),
        texts: folder.map(|folder| texts_in(&folder, &licence)).unwrap_or_default(),
        licence,
        ..Component::default()
    }
}

/// The licence texts in a crate's folder: of several to choose from the MIT licence, which is the shortest.
fn texts_in(folder: &Path, licence: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"].iter().any(|start| name.starts_with(start))
    };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file() && named(path)).collect();
    files.sort();
    let is_mit = |path: &&PathBuf| path.to_string_lossy().to_uppercase().ends_with("LICENSE-MIT");
    if licence.contains(" OR ")
        && let Some(mit) = files.iter().find(is_mit).cloned()
    {
        files.retain(|path| *path == mit || path.to_string_lossy().to_uppercase().contains("NOTICE"));
    }
    files
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .map(|text| text.trim().replace("\r\n", "\n"))
        .collect()
}

/// The SQLite that the binding bundles, by its own header.
fn sqlite(folder: &Path) -> anyhow::Result<Component> {
    let path = folder.join("sqlite3/sqlite3.h");
    let header = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let version = defined(&header, "SQLITE_VERSION").context("sqlite3.h names no version")?;
    let source = defined(&header, "SQLITE_SOURCE_ID").context("sqlite3.h names no source")?;
    Ok(Component {
        name: "sqlite".to_owned(),
        purl: format!("pkg:generic/sqlite@{version}"),
        cpe: Some(format!("cpe:2.3:a:sqlite:sqlite:{version}:*:*:*:*:*:*:*")),
        licence: "blessing".to_owned(),
        source: Some("https://sqlite.org/src".to_owned()),
        texts: vec![format!(
            "SQLite {version} ({source}) is in the public domain: https://sqlite.org/copyright.html"
        )],
        version,
        ..Component::default()
    })
}

/// The text of `#define NAME "text"`.
fn defined(header: &str, name: &str) -> Option<String> {
    header.lines().find_map(|line| {
        let rest = line.strip_prefix("#define ")?.strip_prefix(name)?;
        let text = rest.strip_prefix(char::is_whitespace)?.trim().strip_prefix('"')?;
        text.split('"').next().map(str::to_owned)
    })
}

fn standard_library() -> anyhow::Result<Component> {
    let said = need::version_of("rustc", "-vV").context("rustc cannot be run")?;
    let version =
        said.lines().find_map(|line| line.strip_prefix("release: ")).context("rustc names no release")?;
    Ok(Component {
        name: "rust-std".to_owned(),
        version: version.to_owned(),
        purl: format!("pkg:github/rust-lang/rust@{version}"),
        cpe: Some(format!("cpe:2.3:a:rust-lang:rust:{version}:*:*:*:*:*:*:*")),
        licence: "MIT OR Apache-2.0".to_owned(),
        source: Some("https://github.com/rust-lang/rust".to_owned()),
        ..Component::default()
    })
}

fn of_jar(needed: &Needed) -> Component {
    let Needed { group, artifact, version, kind, optional } = needed;
    let kind = kind.map(|kind| format!("?type={kind}")).unwrap_or_default();
    Component {
        name: artifact.clone(),
        version: version.clone(),
        purl: format!("pkg:maven/{group}/{artifact}@{version}{kind}"),
        licence: if artifact == "jna" { "Apache-2.0 OR LGPL-2.1-or-later" } else { "Apache-2.0" }.to_owned(),
        place: Place::Beside,
        optional: *optional,
        ..Component::default()
    }
}

/// The checksums of `Cargo.lock`, by name and version.
fn checksums(lock: &str) -> anyhow::Result<BTreeMap<(String, String), String>> {
    let table: toml::Table = lock.parse().context("Cargo.lock is no TOML")?;
    let packages = table.get("package").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let read = |package: &toml::Value| {
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    Ok(packages.iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_what_each_part_needs() {
        let text = "0 a v1.0.0 (/p/a)\n1 b v2.0.0\n2 c v3.0.0\n1 c v3.0.0 (*)\n1 d v4.0.0\n2 b v2.0.0 (*)\n";
        let purls = |names: &[&str]| names.iter().map(|name| format!("pkg:cargo/{name}")).collect::<Vec<_>>();
        let parts = read_tree(text).unwrap();
        let found: Vec<(&str, &[String])> =
            parts.iter().map(|(name, _, needs)| (name.as_str(), &needs[..])).collect();
        assert_eq!(
            found,
            [
                ("a", &purls(&["b@2.0.0", "c@3.0.0", "d@4.0.0"])[..]),
                ("b", &purls(&["c@3.0.0"])[..]),
                ("c", &[][..]),
                ("d", &purls(&["b@2.0.0"])[..]),
            ]
        );
        assert!(read_tree("error: no such package\n").is_err());
    }

    #[test]
    fn sqlites_version_is_read_from_its_header() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sqlite3")).unwrap();
        let header = "/* x */\n#define SQLITE_VERSION_NUMBER 3050002\n#define SQLITE_VERSION        \"3.50.2\"\n\
                      #define SQLITE_SOURCE_ID      \"2025-06-28 abc\"\n";
        fs::write(folder.path().join("sqlite3/sqlite3.h"), header).unwrap();
        let sqlite = sqlite(folder.path()).unwrap();
        assert_eq!(sqlite.purl, "pkg:generic/sqlite@3.50.2");
        assert!(sqlite.texts[0].contains("2025-06-28 abc"));
        fs::write(folder.path().join("sqlite3/sqlite3.h"), "").unwrap();
        assert!(super::sqlite(folder.path()).is_err());
    }

    #[test]
    fn of_two_licences_to_choose_from_the_short_one_is_taken_and_a_notice_stays() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE", "README.md"] {
            fs::write(folder.path().join(name), format!("{name}\r\ntext\n")).unwrap();
        }
        assert_eq!(texts_in(folder.path(), "MIT OR Apache-2.0"), ["LICENSE-MIT\ntext", "NOTICE\ntext"]);
        assert_eq!(texts_in(folder.path(), "MIT AND Apache-2.0").len(), 3);
    }
}
