//! Rules about what a file holds: its length, its name, what may not stand in it.

use super::lexer::{code_only, shipped_code};
use super::{Finding, House, Rule};

/// A longer file has more than one reason to change.
const LINES_MAX: usize = 500;

pub const RULES: [Rule; 6] = [
    Rule { id: "file-length", wants: "a source file has at most 500 lines", check: file_length },
    Rule {
        id: "no-leftovers",
        wants: "work that is not done is an issue, not a comment",
        check: no_leftovers,
    },
    Rule { id: "no-prints", wants: "cores and bridge neither print nor stop half-way", check: no_prints },
    Rule { id: "no-clock", wants: "cores take the time as an argument", check: no_clock },
    Rule { id: "whole-tests", wants: "no test is switched off or expects a panic", check: whole_tests },
    Rule { id: "names", wants: "a file is named for what it does", check: names },
];

const SOURCES: [&str; 6] = ["rs", "kt", "kts", "java", "sh", "py"];

fn file_length(house: &House) -> Vec<Finding> {
    let sources = house.files.iter().filter(|file| SOURCES.iter().any(|ending| file.is(ending)));
    sources
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let message = format!("has {lines} lines; split it by reason to change");
            (lines > LINES_MAX).then(|| Finding::new(&file.path, LINES_MAX + 1, message))
        })
        .collect()
}

fn no_leftovers(house: &House) -> Vec<Finding> {
    // Put together here so that this file does not find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK:")];
    let looked_at = house.files.iter().filter(|file| {
        SOURCES.iter().chain(&["md", "toml", "xml", "yml"]).any(|ending| file.is(ending))
            || file.path == ".ci/run"
    });
    let mut found = Vec::new();
    for file in looked_at {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| has_word(line, word)) {
                found.push(Finding::new(
                    &file.path,
                    index + 1,
                    format!("{word} is left over; file an issue"),
                ));
            }
        }
    }
    found
}

fn no_prints(house: &House) -> Vec<Finding> {
    let words = ["println!", "eprintln!", "print!", "eprint!", "dbg!", "todo!", "unimplemented!"];
    let looked_at = |path: &str| is_library(path) && !path.contains("/src/bin/");
    let message = |word: &str| format!("{word} in a library; log with tracing or return the value");
    in_code(house, looked_at, shipped_code, &words, message)
}

fn no_clock(house: &House) -> Vec<Finding> {
    let words = ["SystemTime::now", "Instant::now"];
    let looked_at = |path: &str| path.starts_with("core/") && path.contains("/src/");
    let message = |word: &str| format!("{word} in a core; take the time as an argument");
    in_code(house, looked_at, shipped_code, &words, message)
}

fn whole_tests(house: &House) -> Vec<Finding> {
    let words = ["#[ignore", "#[should_panic", "@Disabled", "@Ignore"];
    let message = |word: &str| format!("{word} hides a test; assert the wrong result and say why");
    in_code(house, |_| true, code_only, &words, message)
}

fn names(house: &House) -> Vec<Finding> {
    let vague = ["util", "utils", "helper", "helpers", "misc", "common", "stuff"];
    let sources = house.files.iter().filter(|file| SOURCES.iter().any(|ending| file.is(ending)));
    let vague_part = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part).to_lowercase();
        vague.iter().any(|word| {
            stem == *word
                || stem.ends_with(&format!("_{word}"))
                || (stem.len() > 5 && stem.ends_with("utils"))
        })
    };
    sources
        .filter_map(|file| {
            let part = file.path.split('/').find(|part| vague_part(part))?;
            Some(Finding::new(&file.path, 0, format!("{part} says nothing; name what it holds")))
        })
        .collect()
}

/// Sources that ship: cores and bridge, without their tests and benches.
fn is_library(path: &str) -> bool {
    (path.starts_with("core/") || path.starts_with("bridge/src/")) && path.contains("src/")
}

/// Every use of a word in code, not in comments or literals.
fn in_code(
    house: &House,
    looked_at: fn(&str) -> bool,
    code_of: fn(&str) -> String,
    words: &[&str],
    message: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in house.files.iter().filter(|file| (file.is("rs") || file.is("kt")) && looked_at(&file.path)) {
        for (index, line) in code_of(&file.text).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| has_word(line, word)) {
                found.push(Finding::new(&file.path, index + 1, message(word)));
            }
        }
    }
    found
}

/// Whether the line holds the word, not as the end or the start of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let open = !word.ends_with(|c: char| c.is_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !(word.starts_with(|c: char| c.is_alphanumeric()) && part(before)) && (open || !part(after))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};
    use super::*;

    #[test]
    fn a_file_of_501_lines_is_found() {
        let (ok, long) = ("x\n".repeat(LINES_MAX), "x\n".repeat(LINES_MAX + 1));
        let sample =
            [("a/ok.rs", ok.as_str()), ("a/long.kt", long.as_str()), ("docs/long.md", long.as_str())];
        assert_eq!(findings("file-length", &house(&sample)), ["a/long.kt:501"]);
    }

    #[test]
    fn leftovers_are_found() {
        let text = ["fn a() {} // ", concat!("TO", "DO"), ": later\nlet mas", concat!("TO", "DO"), "n = 1;"]
            .concat();
        assert_eq!(findings("no-leftovers", &house(&[("a.rs", &text)])), ["a.rs:1"]);
    }

    #[test]
    fn prints_in_libraries_are_found() {
        let text = "fn a() {\n    println!(\"x\");\n    // dbg!(1)\n    eprintln!(\"y\");\n}";
        let sample = [("core/a/src/lib.rs", text), ("bridge/src/b.rs", text), ("cli/src/c.rs", text)];
        assert_eq!(
            findings("no-prints", &house(&sample)),
            ["bridge/src/b.rs:2", "bridge/src/b.rs:4", "core/a/src/lib.rs:2", "core/a/src/lib.rs:4"]
        );
    }

    #[test]
    fn a_clock_in_a_core_is_found() {
        let text = "fn a() { std::time::Instant::now(); }";
        let sample = [("core/a/src/lib.rs", text), ("bridge/src/b.rs", text)];
        assert_eq!(findings("no-clock", &house(&sample)), ["core/a/src/lib.rs:1"]);
    }

    #[test]
    fn tests_that_are_switched_off_are_found() {
        let sample = [
            ("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}"),
            ("B.kt", "@Test @Disabled fun b() {}"),
            ("c.rs", "// #[should_panic] is not for us\n#[ignored_field]\nfn c() {}"),
        ];
        assert_eq!(findings("whole-tests", &house(&sample)), ["B.kt:1", "a.rs:2"]);
    }

    #[test]
    fn vague_names_are_found() {
        let sample = [
            ("core/a/src/utils.rs", ""),
            ("k/StringUtils.kt", ""),
            ("k/common/A.kt", ""),
            ("core/a/src/slots.rs", ""),
        ];
        assert_eq!(
            findings("names", &house(&sample)),
            ["core/a/src/utils.rs:0", "k/StringUtils.kt:0", "k/common/A.kt:0"]
        );
    }
}
