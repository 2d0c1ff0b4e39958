//! Every code of the crate's tables has its entry on the page `docs/codes.md` (contracts 1). That no entry is without
//! a code is a matter of the whole tree, since others share these areas: `cargo xtask tidy` holds it.
#![allow(clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;

use ferrule_os4_compat::ReasonCode;

const PARTS: [&str; 4] = ["**Cause** ", "**Effect on the device** ", "**Remedy** ", "**Example** "];

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes.md");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Entries of this crate's codes: code, section heading above it, text below it.
fn entries(page: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut entries: Vec<(String, String, String)> = Vec::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            section = heading.to_owned();
        } else if let Some(code) = line.strip_prefix("## ") {
            entries.push((code.to_owned(), section.clone(), String::new()));
        } else if let Some((_, _, text)) = entries.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    entries.retain(|(code, _, _)| ReasonCode::all().any(|own| own.as_str() == code));
    entries
}

#[test]
fn every_code_has_exactly_one_entry() {
    let on_page: Vec<String> = entries(&page()).into_iter().map(|(code, _, _)| code).collect();
    let unique: BTreeSet<&str> = on_page.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), on_page.len(), "a code has two entries");
    let in_tables: BTreeSet<&str> = ReasonCode::all().map(ReasonCode::as_str).collect();
    assert_eq!(unique, in_tables, "left: docs/codes.md, right: src/reason");
}

#[test]
fn every_entry_has_its_four_parts_and_lies_in_its_section() {
    for (code, section, text) in entries(&page()) {
        for part in PARTS {
            let said = text.lines().filter_map(|line| line.strip_prefix(part)).map(str::trim);
            assert_eq!(said.filter(|said| !said.is_empty()).count(), 1, "{code}: one line with {part:?}");
        }
        let area = code.split_once('_').map_or("", |(area, _)| area);
        assert!(section.starts_with(&format!("`{area}_`")), "{code} lies in section {section:?}");
    }
}

#[test]
fn codes_are_written_alike_and_unique() {
    let codes: Vec<ReasonCode> = ReasonCode::all().collect();
    let texts: BTreeSet<&str> = codes.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), codes.len(), "two codes have the same text");
    for code in codes {
        let area = match code {
            ReasonCode::Os(_) => "OS_",
            ReasonCode::Glass(_) => "GLASS_",
            ReasonCode::Fx(_) => "FX_",
            ReasonCode::Fl(_) => "FL_",
        };
        let text = code.as_str();
        assert!(text.starts_with(area) && !text.ends_with('_') && !text.contains("__"), "{text}");
        let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(text.bytes().all(allowed), "{text}");
        assert!(code.sentence().ends_with('.'), "{text} has no whole sentence");
    }
}
