//! Rules about how a file opens: it says what it is before it does anything.

use super::{Finding, Rule, SourceFile};

pub const RULES: [Rule; 3] = [
    Rule {
        id: "opening-rust",
        wants: "a Rust file opens with //! saying what it is",
        check: |house| missing(house.with_ending("rs"), opens_with_module_doc, "opens without a //! line"),
    },
    Rule {
        id: "opening-kotlin",
        wants: "a Kotlin main file opens with KDoc",
        check: |house| {
            let main = house.with_ending("kt").filter(|file| file.path.contains("/src/main/"));
            missing(main, opens_with_kdoc, "has no /** … */ before its first declaration")
        },
    },
    Rule {
        id: "forbid-unsafe",
        wants: "every core crate forbids unsafe code",
        check: |house| {
            let roots =
                house.files.iter().filter(|f| f.path.starts_with("core/") && f.path.ends_with("/src/lib.rs"));
            missing(roots, |text| text.contains("#![forbid(unsafe_code)]"), "lacks #![forbid(unsafe_code)]")
        },
    },
];

/// One finding for each file whose text does not pass.
fn missing<'a>(
    files: impl Iterator<Item = &'a SourceFile>,
    passes: fn(&str) -> bool,
    message: &str,
) -> Vec<Finding> {
    files.filter(|file| !passes(&file.text)).map(|file| Finding::new(&file.path, 1, message)).collect()
}

/// `//!` on the first line; a script's `#!` may stand before it.
fn opens_with_module_doc(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!/"));
    first.and_then(|line| line.strip_prefix("//!")).is_some_and(|words| !words.trim().is_empty())
}

/// KDoc at the very top, or right before the first declaration.
fn opens_with_kdoc(text: &str) -> bool {
    let skipped = ["package ", "import ", "@file:", "//"];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .find(|line| !skipped.iter().any(|word| line.starts_with(word)))
        .is_some_and(|line| line.starts_with("/**"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};

    #[test]
    fn a_rust_file_without_an_opening_is_found() {
        let sample = [
            ("core/a/src/lib.rs", "//! What it is.\n"),
            ("core/a/src/b.rs", "use std::fmt;\n//! late\n"),
            ("bridge/src/c.rs", "//!\nfn c() {}\n"),
            ("cli/src/d.rs", ""),
        ];
        assert_eq!(
            findings("opening-rust", &house(&sample)),
            ["bridge/src/c.rs:1", "cli/src/d.rs:1", "core/a/src/b.rs:1"]
        );
    }

    #[test]
    fn a_kotlin_file_without_kdoc_is_found() {
        let sample = [
            ("g/src/main/kotlin/A.kt", "/** File. */\npackage a\nclass A"),
            (
                "g/src/main/kotlin/B.kt",
                "@file:JvmName(\"B\")\npackage a\n\nimport x.Y\n\n/**\n * B.\n */\nclass B",
            ),
            ("g/src/main/kotlin/C.kt", "package a\n// a C\nclass C\n/** late */\nclass D"),
            ("g/src/test/kotlin/E.kt", "package a\nclass E"),
        ];
        assert_eq!(findings("opening-kotlin", &house(&sample)), ["g/src/main/kotlin/C.kt:1"]);
    }

    #[test]
    fn a_core_that_allows_unsafe_is_found() {
        let sample = [
            ("core/a/src/lib.rs", "//! A.\n#![forbid(unsafe_code)]\n"),
            ("core/b/src/lib.rs", "//! B.\n#![deny(unsafe_code)]\n"),
            ("bridge/src/lib.rs", "//! C.\n"),
        ];
        assert_eq!(findings("forbid-unsafe", &house(&sample)), ["core/b/src/lib.rs:1"]);
    }
}
