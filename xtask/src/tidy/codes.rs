//! Rules about stable codes: sources and `docs/codes.md` name the same ones, and each has a whole entry.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::string_literals;
use super::{Finding, House, Rule, SourceFile};

pub const RULES: [Rule; 2] = [
    Rule {
        id: "codes-complete",
        wants: "sources and docs/codes.md name the same codes (contracts 1)",
        check: complete,
    },
    Rule { id: "codes-entries", wants: "a code has Cause, Effect, Remedy and Example", check: entries },
];

/// The areas of contracts 1.
const AREAS: [&str; 9] = ["OS_", "GLASS_", "FX_", "FL_", "LM_", "IC_", "RO_", "FFI_", "BUILD_"];
/// What each entry says.
const PARTS: [&str; 4] = ["Cause", "Effect on the device", "Remedy", "Example"];

fn complete(house: &House) -> Vec<Finding> {
    let mut used: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for file in house.files.iter().filter(|file| is_source(&file.path)) {
        for (line, text) in string_literals(&file.text) {
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            for code in words.filter(|word| is_code(word)) {
                used.entry(code.to_owned()).or_insert((file.path.clone(), line));
            }
        }
    }
    let mut found = Vec::new();
    let mut listed = BTreeSet::new();
    for (page, line, code) in headings(house) {
        if !used.contains_key(code) {
            found.push(Finding::new(&page.path, line, format!("no source has {code}")));
        }
        if !listed.insert(code) {
            found.push(Finding::new(&page.path, line, format!("{code} has two entries")));
        }
    }
    for (code, (path, line)) in &used {
        if !listed.contains(code.as_str()) {
            found.push(Finding::new(path, *line, format!("{code} has no entry in docs/codes.md")));
        }
    }
    found
}

fn entries(house: &House) -> Vec<Finding> {
    let mut found = Vec::new();
    for (page, line, code) in headings(house) {
        let body: Vec<&str> =
            page.text.lines().skip(line).take_while(|text| !text.starts_with("## ")).collect();
        for part in PARTS {
            let marker = format!("**{part}**");
            let is_filled = |text: &&str| {
                text.find(&marker).is_some_and(|at| {
                    let words = text.get(at + marker.len()..).unwrap_or_default();
                    words.chars().filter(|c| c.is_alphanumeric()).count() >= 3
                })
            };
            if !body.iter().any(is_filled) {
                found.push(Finding::new(&page.path, line, format!("{code} lacks its {part}")));
            }
        }
    }
    found
}

/// Every code that has a heading, with the page and the line.
fn headings(house: &House) -> Vec<(&SourceFile, usize, &str)> {
    let is_page = |file: &&SourceFile| {
        file.path == "docs/codes.md" || (file.path.starts_with("docs/codes/") && file.path.ends_with(".md"))
    };
    let mut found = Vec::new();
    for page in house.files.iter().filter(is_page) {
        for (index, line) in page.text.lines().enumerate() {
            let code = line.strip_prefix("## ").map(|rest| rest.trim().trim_matches('`'));
            if let Some(code) = code.filter(|code| is_code(code)) {
                found.push((page, index + 1, code));
            }
        }
    }
    found
}

/// Sources that ship and may therefore show a code to somebody.
fn is_source(path: &str) -> bool {
    let rust = path.ends_with(".rs") && path.contains("/src/");
    let ships = ["core/", "bridge/src/", "cli/src/"].iter().any(|folder| path.starts_with(folder));
    let test = path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs");
    let kotlin = path.starts_with("kotlin-bindings/") && path.ends_with(".kt") && path.contains("/src/main/");
    (rust && ships && !test) || kotlin
}

/// `AREA_SCREAMING_SNAKE`.
fn is_code(text: &str) -> bool {
    let screaming = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let rest = AREAS.iter().find_map(|area| text.strip_prefix(area));
    // One that ends with `_` is the beginning of several.
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_uppercase())
            && rest.chars().all(screaming)
            && !rest.ends_with('_')
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};

    const ENTRY: &str = "**Cause** bad bytes.\n**Effect on the device** none at all.\n**Remedy** fix it.\n**Example** `x=yz`.\n";

    #[test]
    fn a_code_without_an_entry_and_an_entry_without_a_code_are_found() {
        let page = format!("# Codes\n## OS_KNOWN\n{ENTRY}## FX_GONE\n{ENTRY}## OS_KNOWN\n{ENTRY}## Areas\n");
        let sample = [
            (
                "core/a/src/b.rs",
                "//! \"OS_IN_A_COMMENT\"\nA => \"OS_KNOWN\",\nB => \"OS_NEW\",\nC => \"OS_ lower: OS_IN_WORDS, FERRULE_OS_DIR\",",
            ),
            ("core/a/tests/c.rs", "\"OS_ONLY_TESTED\""),
            ("kotlin-bindings/g/src/main/kotlin/G.kt", "val a = \"FFI_MISSING\" + \"OS_IGNORED_\""),
            ("docs/codes.md", &page),
        ];
        assert_eq!(
            findings("codes-complete", &house(&sample)),
            [
                "core/a/src/b.rs:3",
                "core/a/src/b.rs:4",
                "docs/codes.md:12",
                "docs/codes.md:7",
                "kotlin-bindings/g/src/main/kotlin/G.kt:1"
            ]
        );
    }

    #[test]
    fn an_entry_with_a_part_missing_or_empty_is_found() {
        let page = format!(
            "## OS_WHOLE\n{ENTRY}## OS_PART\n**Cause** bad.\n**Effect on the device** …\n**Example** `x=yz`\n"
        );
        assert_eq!(findings("codes-entries", &house(&[("docs/codes.md", &page)])), ["docs/codes.md:6"; 2]);
    }
}
