//! Rules about `unsafe`: where it may stand, and what stands above it.

use super::lexer::code_only;
use super::{Finding, House, Rule};

pub const RULES: [Rule; 2] = [
    Rule { id: "unsafe-place", wants: "unsafe only in bridge/src/jni and in test-only crates", check: place },
    Rule { id: "unsafe-argued", wants: "each unsafe has its SAFETY line", check: argued },
];

/// Folders whose job needs `unsafe`; what lies below `tests/` never ships.
const PLACES: [&str; 3] = ["bridge/src/jni/", "bridge/src/jni.rs", "tests/"];
/// How far above an `unsafe` its argument may begin.
const LINES_ABOVE_MAX: usize = 12;

fn place(house: &House) -> Vec<Finding> {
    let outside =
        house.with_ending("rs").filter(|file| !PLACES.iter().any(|place| file.path.starts_with(place)));
    outside
        .flat_map(|file| {
            uses(&code_only(&file.text))
                .into_iter()
                .map(|line| {
                    Finding::new(&file.path, line, "unsafe has no place here; move it to bridge/src/jni")
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn argued(house: &House) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in house.with_ending("rs") {
        let lines: Vec<&str> = file.text.lines().collect();
        for line in uses(&code_only(&file.text)) {
            let above = lines.get(..line).unwrap_or_default().iter().rev().take(LINES_ABOVE_MAX);
            let statement = above.take_while(|text| !text.trim().is_empty());
            if !statement.into_iter().any(|text| text.contains("SAFETY:") || text.contains("# Safety")) {
                found.push(Finding::new(&file.path, line, "unsafe without a // SAFETY: line above it"));
            }
        }
    }
    found
}

/// The lines, from 1, that use `unsafe`; the types of unsafe functions are no use.
fn uses(code: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let is_use = line.match_indices("unsafe").any(|(at, word)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + word.len()..).unwrap_or_default();
            let whole = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            whole(before) && whole(after.chars().next()) && !is_function_type(after)
        });
        if is_use {
            found.push(index + 1);
        }
    }
    found
}

/// Whether what follows `unsafe` makes it a type: `extern "…" fn(` without a name.
fn is_function_type(after: &str) -> bool {
    let rest = after.trim_start();
    let rest = rest.strip_prefix("extern").unwrap_or(rest).trim_start();
    rest.strip_prefix("fn").is_some_and(|rest| rest.trim_start().starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};

    const BLOCK: &str = "//! A.\nfn a() {\n    unsafe { b() }\n}\n";

    #[test]
    fn unsafe_in_the_wrong_place_is_found() {
        let sample = [
            ("core/a/src/lib.rs", BLOCK),
            ("bridge/src/lib.rs", "#![deny(unsafe_code)]\n// unsafe is for jni\nlet a = \"unsafe\";"),
            ("bridge/src/jni/a.rs", BLOCK),
            ("cli/src/main.rs", "type A = unsafe extern \"C\" fn(i32);\n#[unsafe(no_mangle)]\nfn a() {}"),
        ];
        assert_eq!(findings("unsafe-place", &house(&sample)), ["cli/src/main.rs:2", "core/a/src/lib.rs:3"]);
    }

    #[test]
    fn unsafe_without_an_argument_is_found() {
        let good = "// SAFETY: b has no condition.\nlet a =\n    unsafe { b() };\n\n/// # Safety\n/// None.\npub unsafe fn c() {}";
        let far = "// SAFETY: about something else.\nlet a = 1;\n\nunsafe { b() }";
        let sample =
            [("bridge/src/jni/a.rs", BLOCK), ("bridge/src/jni/b.rs", good), ("tests/c/src/lib.rs", far)];
        assert_eq!(
            findings("unsafe-argued", &house(&sample)),
            ["bridge/src/jni/a.rs:3", "tests/c/src/lib.rs:4"]
        );
    }
}
