//! The Android archive: classes, libraries, rules for shrinkers and what the Android Gradle Plugin reads, without it.
//!
//! What it is not: it builds and downloads nothing, and nothing of it is an Android resource. Invariants: every class of
//! the modules is in `classes.jar` once; the same parts make the same bytes.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};

use super::archive::{self, Entries};

/// The oldest Android that the classes run on.
pub const MIN_SDK: u32 = 28;

/// Where the rules for shrinkers lie in a jar; in an archive they have a place of their own.
const RULES_IN_JAR: &str = "META-INF/proguard/";

/// What goes in.
pub struct Parts {
    /// The jars of the modules, each class in one of them.
    pub jars: Vec<PathBuf>,
    /// Stripped libraries: ABI and file.
    pub libraries: Vec<(String, PathBuf)>,
    /// The manifest of the Android module, if it has its own.
    pub manifest: Option<PathBuf>,
    /// Who made what is in it, under which licence.
    pub notice: String,
    /// The bill of materials.
    pub sbom: String,
}

/// The archive's bytes.
///
/// # Errors
/// When a part cannot be read, or two jars differ about an entry.
pub fn assemble(parts: &Parts) -> anyhow::Result<Vec<u8>> {
    let (classes, rules) = merged(&parts.jars)?;
    let manifest = match &parts.manifest {
        Some(path) => fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => plain_manifest().into_bytes(),
    };
    let mut entries = Entries::from([
        ("AndroidManifest.xml".to_owned(), manifest),
        ("R.txt".to_owned(), Vec::new()),
        ("classes.jar".to_owned(), archive::write(&classes)?),
        ("proguard.txt".to_owned(), rules),
        ("META-INF/com/android/build/gradle/aar-metadata.properties".to_owned(), metadata().into_bytes()),
        // At the root and not among the classes: an app's packaging trips over two of the same name there.
        ("NOTICE".to_owned(), parts.notice.clone().into_bytes()),
        ("sbom.cdx.json".to_owned(), parts.sbom.clone().into_bytes()),
    ]);
    for (abi, path) in &parts.libraries {
        let name = path.file_name().context("a library has a file name")?.to_string_lossy();
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        entries.insert(format!("jni/{abi}/{name}"), bytes);
    }
    archive::write(&entries)
}

/// The entries of all jars together, and their rules for shrinkers.
fn merged(jars: &[PathBuf]) -> anyhow::Result<(Entries, Vec<u8>)> {
    let (mut classes, mut rules) = (Entries::new(), Vec::new());
    for path in jars {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let entries = archive::read(&bytes).with_context(|| path.display().to_string())?;
        for (name, content) in entries {
            if name.starts_with(RULES_IN_JAR) {
                rules.extend(content);
                continue;
            }
            if name == "META-INF/MANIFEST.MF" || name.starts_with("META-INF/maven/") {
                continue;
            }
            if let Some(other) = classes.insert(name.clone(), content.clone()) {
                ensure!(other == content, "{}: {name} is another one in an earlier jar", path.display());
            }
        }
    }
    if !classes.keys().any(|name| name.ends_with(".class")) {
        bail!("the jars hold no class: {jars:?}");
    }
    classes.insert("META-INF/MANIFEST.MF".to_owned(), b"Manifest-Version: 1.0\r\n\r\n".to_vec());
    Ok((classes, rules))
}

fn plain_manifest() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <manifest xmlns:android=\"http://schemas.android.com/apk/res/android\" package=\"dev.ferrule\">\n    \
         <uses-sdk android:minSdkVersion=\"{MIN_SDK}\" />\n</manifest>\n"
    )
}

/// What the Android Gradle Plugin asks of the app that takes the archive: nothing special.
fn metadata() -> String {
    "aarFormatVersion=1.0\naarMetadataVersion=1.0\nminCompileSdk=1\nminCompileSdkExtension=0\n\
     minAndroidGradlePluginVersion=1.0.0\ncoreLibraryDesugaringEnabled=false\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn jar(folder: &Path, name: &str, entries: &[(&str, &str)]) -> PathBuf {
        let entries = entries.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        let path = folder.join(name);
        fs::write(&path, archive::write(&entries.collect()).unwrap()).unwrap();
        path
    }

    fn parts(jars: Vec<PathBuf>, libraries: Vec<(String, PathBuf)>) -> Parts {
        Parts { jars, libraries, manifest: None, notice: "notice".to_owned(), sbom: "{}".to_owned() }
    }

    #[test]
    fn an_archive_has_classes_rules_libraries_and_metadata_and_the_same_bytes_twice() {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("libferrule.so");
        fs::write(&library, "code").unwrap();
        let jars = vec![
            jar(
                folder.path(),
                "a.jar",
                &[("a/A.class", "A"), ("META-INF/MANIFEST.MF", "one"), ("META-INF/a.kotlin_module", "m")],
            ),
            jar(
                folder.path(),
                "b.jar",
                &[
                    ("b/B.class", "B"),
                    ("META-INF/MANIFEST.MF", "two"),
                    ("META-INF/maven/g/b/pom.xml", "<project/>"),
                    ("META-INF/proguard/ferrule.pro", "-keep class b.B\n"),
                ],
            ),
        ];
        let parts =
            parts(jars, vec![("arm64-v8a".to_owned(), library.clone()), ("x86_64".to_owned(), library)]);
        let bytes = assemble(&parts).unwrap();
        assert_eq!(assemble(&parts).unwrap(), bytes);
        let entries = archive::read(&bytes).unwrap();
        let names: Vec<&str> = entries.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "AndroidManifest.xml",
                "META-INF/com/android/build/gradle/aar-metadata.properties",
                "NOTICE",
                "R.txt",
                "classes.jar",
                "jni/arm64-v8a/libferrule.so",
                "jni/x86_64/libferrule.so",
                "proguard.txt",
                "sbom.cdx.json",
            ]
        );
        assert_eq!(entries["proguard.txt"], b"-keep class b.B\n");
        let classes = archive::read(&entries["classes.jar"]).unwrap();
        let names: Vec<&str> = classes.keys().map(String::as_str).collect();
        assert_eq!(names, ["META-INF/MANIFEST.MF", "META-INF/a.kotlin_module", "a/A.class", "b/B.class"]);
        let manifest = String::from_utf8(entries["AndroidManifest.xml"].clone()).unwrap();
        let document = roxmltree::Document::parse(&manifest).unwrap();
        assert_eq!(document.root_element().attribute("package"), Some("dev.ferrule"));
    }

    #[test]
    fn jars_that_differ_about_a_class_or_hold_none_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let a = jar(folder.path(), "a.jar", &[("a/A.class", "A")]);
        let b = jar(folder.path(), "b.jar", &[("a/A.class", "other")]);
        let none = jar(folder.path(), "c.jar", &[("x.txt", "")]);
        assert!(assemble(&parts(vec![a.clone(), a.clone()], Vec::new())).is_ok());
        let error = assemble(&parts(vec![a, b], Vec::new())).unwrap_err();
        assert!(error.to_string().contains("a/A.class is another one"), "{error}");
        assert!(assemble(&parts(vec![none], Vec::new())).is_err());
    }
}
