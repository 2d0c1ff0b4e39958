//! `docs/codes.md` and the codes in this crate's source say the same (contracts 1).
#![allow(clippy::unwrap_used, reason = "helpers outside of test functions; a failure ends the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every word in a text that has the form of one of this crate's codes.
fn codes(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .filter(|word| word.strip_prefix("LM_").is_some_and(|rest| !rest.is_empty()))
        .map(str::to_owned)
        .collect()
}

fn source(dir: &Path, text: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source(&path, text);
        } else {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_code_in_the_source_has_an_entry_with_its_four_parts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    source(&root.join("src"), &mut text);
    let page = fs::read_to_string(root.join("../../docs/codes.md")).unwrap();
    for code in codes(&text) {
        let entries: Vec<&str> = page.split(&format!("\n## {code}\n")).skip(1).collect();
        assert_eq!(entries.len(), 1, "{code} has {} entries", entries.len());
        let entry = entries.concat();
        let entry = entry.split("\n## ").next().unwrap();
        for part in ["**Cause** ", "**Effect on the device** ", "**Remedy** ", "**Example** "] {
            assert_eq!(entry.matches(part).count(), 1, "{code}: {part}");
        }
    }
}
