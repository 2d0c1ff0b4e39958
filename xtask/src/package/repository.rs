//! A Maven repository in a folder, as Maven and Gradle read one.
//!
//! Invariants: each file stands beside its checksums; no time goes into a file, so the same artifacts make the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Group, name and version of what is published.
pub struct Coordinates<'a> {
    /// For example `dev.ferrule`.
    pub group: &'a str,
    /// For example `ferrule-android`.
    pub artifact: &'a str,
    /// For example `0.1.0`.
    pub version: &'a str,
}

/// What the artifact needs.
pub struct Needed {
    /// Its group.
    pub group: String,
    /// Its name.
    pub artifact: String,
    /// Its version.
    pub version: String,
    /// `aar`, where it is no jar.
    pub kind: Option<&'static str>,
    /// Whether it works without.
    pub optional: bool,
}

/// Publishes files under `root`: each by what follows the version in its name, for example `-sources.jar`. The folder
/// that they are in.
///
/// # Errors
/// When a file cannot be written.
pub fn publish(root: &Path, of: &Coordinates<'_>, files: &[(&str, &[u8])]) -> anyhow::Result<PathBuf> {
    let artifact = root.join(of.group.replace('.', "/")).join(of.artifact);
    let folder = artifact.join(of.version);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (ending, bytes) in files {
        place(&folder.join(format!("{}-{}{ending}", of.artifact, of.version)), bytes)?;
    }
    place(&artifact.join("maven-metadata.xml"), metadata(of).as_bytes())?;
    Ok(folder)
}

/// A file with its checksums.
fn place(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = |path: PathBuf, bytes: &[u8]| {
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    write(path.to_owned(), bytes)?;
    write(beside(".sha1"), hex(&Sha1::digest(bytes)).as_bytes())?;
    write(beside(".sha256"), hex(&Sha256::digest(bytes)).as_bytes())
}

/// Bytes as lower-case digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn metadata(of: &Coordinates<'_>) -> String {
    let Coordinates { group, artifact, version } = of;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata>\n  <groupId>{group}</groupId>\n  \
         <artifactId>{artifact}</artifactId>\n  <versioning>\n    <latest>{version}</latest>\n    \
         <release>{version}</release>\n    <versions>\n      <version>{version}</version>\n    </versions>\n  \
         </versioning>\n</metadata>\n"
    )
}

/// The pom of an Android archive.
pub fn pom(of: &Coordinates<'_>, name: &str, description: &str, needed: &[Needed]) -> String {
    let Coordinates { group, artifact, version } = of;
    let needed: String = needed
        .iter()
        .map(|one| {
            let kind = one.kind.map(|kind| format!("      <type>{kind}</type>\n")).unwrap_or_default();
            let optional = if one.optional { "      <optional>true</optional>\n" } else { "" };
            format!(
                "    <dependency>\n      <groupId>{}</groupId>\n      <artifactId>{}</artifactId>\n      \
                 <version>{}</version>\n{kind}      <scope>compile</scope>\n{optional}    </dependency>\n",
                one.group, one.artifact, one.version
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  \
         <modelVersion>4.0.0</modelVersion>\n  <groupId>{group}</groupId>\n  <artifactId>{artifact}</artifactId>\n  \
         <version>{version}</version>\n  <packaging>aar</packaging>\n  <name>{name}</name>\n  \
         <description>{description}</description>\n  <licenses>\n    <license>\n      <name>Apache-2.0</name>\n      \
         <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>\n    </license>\n  </licenses>\n  \
         <dependencies>\n{needed}  </dependencies>\n</project>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF: Coordinates<'_> =
        Coordinates { group: "dev.ferrule", artifact: "ferrule-android", version: "1.2.3" };

    #[test]
    fn files_lie_where_maven_looks_with_their_checksums() {
        let root = tempfile::tempdir().unwrap();
        let folder = publish(root.path(), &OF, &[(".aar", b"abc"), ("-sources.jar", b"")]).unwrap();
        assert_eq!(folder, root.path().join("dev/ferrule/ferrule-android/1.2.3"));
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(text("ferrule-android-1.2.3.aar"), "abc");
        assert_eq!(text("ferrule-android-1.2.3.aar.sha1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(text("ferrule-android-1.2.3-sources.jar.sha256").starts_with("e3b0c44298fc1c14"));
        let metadata = fs::read_to_string(folder.parent().unwrap().join("maven-metadata.xml")).unwrap();
        assert!(roxmltree::Document::parse(&metadata).is_ok());
        publish(root.path(), &OF, &[(".aar", b"d")]).unwrap();
        assert!(
            !folder.join("ferrule-android-1.2.3-sources.jar").exists(),
            "what is no longer published is gone"
        );
    }

    #[test]
    fn the_pom_names_what_is_needed() {
        let needed = [
            Needed {
                group: "g".into(),
                artifact: "jna".into(),
                version: "5".into(),
                kind: Some("aar"),
                optional: false,
            },
            Needed {
                group: "g".into(),
                artifact: "o".into(),
                version: "1".into(),
                kind: None,
                optional: true,
            },
        ];
        let text = pom(&OF, "Name", "What it is", &needed);
        let document = roxmltree::Document::parse(&text).unwrap();
        let texts = |name: &str| -> Vec<&str> {
            document.descendants().filter(|n| n.tag_name().name() == name).filter_map(|n| n.text()).collect()
        };
        assert_eq!(texts("packaging"), ["aar"]);
        assert_eq!(texts("artifactId"), ["ferrule-android", "jna", "o"]);
        assert_eq!(texts("type"), ["aar"]);
        assert_eq!(texts("optional"), ["true"]);
    }
}
