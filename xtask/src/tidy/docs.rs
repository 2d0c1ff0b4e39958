//! Rules about the documentation: links lead somewhere, commands are understood.

use std::collections::BTreeSet;

use clap::Parser;

use super::{Finding, House, Rule, SourceFile};
use crate::Arguments;

pub const RULES: [Rule; 4] = [
    Rule { id: "links", wants: "a link inside the project leads somewhere", check: links },
    Rule { id: "commands", wants: "a cargo xtask command in the docs exists", check: commands },
    Rule { id: "snippets", wants: "Kotlin and Java in the docs is compiled", check: snippets },
    Rule { id: "readme", wants: "README shows the two commands", check: readme },
];

fn links(house: &House) -> Vec<Finding> {
    let paths: BTreeSet<&str> = house.files.iter().map(|file| file.path.as_str()).collect();
    let is_there =
        |path: &str| paths.contains(path) || paths.iter().any(|p| p.starts_with(&format!("{path}/")));
    let mut found = Vec::new();
    for file in house.with_ending("md") {
        for (line, target) in targets(file) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) =
                target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
            let place = if path.is_empty() { Some(file.path.clone()) } else { resolve(&file.path, path) };
            let Some(place) = place.filter(|place| place.is_empty() || is_there(place)) else {
                found.push(Finding::new(&file.path, line, format!("{path} is not there")));
                continue;
            };
            let page = house.file(&place).filter(|page| page.is("md"));
            if let (Some(anchor), Some(page)) = (anchor, page)
                && !anchors(page).contains(anchor)
            {
                found.push(Finding::new(&file.path, line, format!("{place} has no heading #{anchor}")));
            }
        }
    }
    found
}

/// The targets of `[text](target)` outside code fences, with their lines.
fn targets(file: &SourceFile) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, text) in prose(&file.text) {
        let mut rest = text;
        while let Some((_, tail)) = rest.split_once("](") {
            let target = tail.split([')', ' ']).next().unwrap_or_default();
            found.push((line, target.trim_matches(['<', '>'])));
            rest = tail;
        }
    }
    found
}

/// Lines outside code fences, from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((index + 1, line))
    })
}

/// The path that `target` means in a file at `from`; `None` if it leaves the project.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchors of a page's headings, spelled as the usual viewers do.
fn anchors(page: &SourceFile) -> BTreeSet<String> {
    let headings = prose(&page.text).filter_map(|(_, line)| {
        let words = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
        let kept = words
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .collect::<String>();
        Some(kept.replace(' ', "-"))
    });
    headings.collect()
}

fn commands(house: &House) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in house.with_ending("md") {
        for (index, line) in file.text.lines().enumerate() {
            for command in xtask_commands(line) {
                let words = std::iter::once("xtask").chain(command.split_whitespace());
                if let Err(error) = Arguments::try_parse_from(words)
                    && !matches!(
                        error.kind(),
                        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
                    )
                {
                    let why = error.to_string();
                    let why = why.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
                    found.push(Finding::new(&file.path, index + 1, format!("cargo xtask {command}: {why}")));
                }
            }
        }
    }
    found
}

/// What follows `cargo xtask` in a line of code or between backticks, up to a comment, a pipe or a placeholder.
fn xtask_commands(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, word) in line.match_indices("cargo xtask ") {
        let before = line.get(..at).unwrap_or_default();
        let is_code =
            before.ends_with('`') || before.trim().is_empty() || before.trim_end().ends_with(['$', '&', ';']);
        let tail = line.get(at + word.len()..).unwrap_or_default();
        let end = tail.find(['`', '#', '|', '[', '…', ';', '&', '<']).unwrap_or(tail.len());
        let command = tail.get(..end).unwrap_or_default().trim();
        if is_code && !command.is_empty() {
            found.push(command);
        }
    }
    found
}

fn snippets(house: &House) -> Vec<Finding> {
    let sources: Vec<String> = house
        .files
        .iter()
        .filter(|file| (file.is("kt") || file.is("java")) && file.path.contains("/src/test/"))
        .map(|file| file.text.replace("\r\n", "\n"))
        .collect();
    let mut found = Vec::new();
    for file in house.with_ending("md") {
        let mut lines = file.text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            if !["```kotlin", "```java"].contains(&line.trim()) {
                continue;
            }
            let block: Vec<&str> =
                lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "```").collect();
            let block = block.join("\n");
            if !sources.iter().any(|source| source.contains(block.trim())) {
                found.push(Finding::new(
                    &file.path,
                    at + 1,
                    "no test source holds this snippet word for word",
                ));
            }
        }
    }
    found
}

fn readme(house: &House) -> Vec<Finding> {
    let text = house.file("README.md").map(|file| file.text.as_str()).unwrap_or_default();
    ["cargo xtask demo", "cargo xtask test"]
        .iter()
        .filter(|command| !text.lines().any(|line| line.trim_start().starts_with(*command)))
        .map(|command| {
            Finding::new("README.md", 0, format!("does not show `{command}` on a line of its own"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, house};

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let page = "# A page\n[ok](../README.md) [ok](b.md#some-words-here) [ok](#a-page) [ok](https://x.y)\n[bad](c.md)\n\
                    ```\n[code](d.md)\n```\n[bad](b.md#other) [bad](../../out.md)\n[folder](../docs)";
        let sample = [("README.md", ""), ("docs/a.md", page), ("docs/b.md", "## Some words, here\n")];
        assert_eq!(findings("links", &house(&sample)), ["docs/a.md:3", "docs/a.md:7", "docs/a.md:7"]);
    }

    #[test]
    fn a_command_that_xtask_does_not_know_is_found() {
        let page = "cargo xtask demo --props x   # good\n`cargo xtask dmeo` and `cargo xtask test --fast`\n\
                    Prose about cargo xtask nothing.\n`cargo xtask test | demo`\n$ cargo xtask conformance os4/glass";
        assert_eq!(findings("commands", &house(&[("README.md", page)])), ["README.md:2"; 2]);
    }

    #[test]
    fn a_snippet_that_nobody_compiles_is_found() {
        let page = "```kotlin\nfun a() = 1\n```\n```java\nint b;\n```\n```text\nno code\n```\n";
        let sample = [("README.md", page), ("k/src/test/kotlin/A.kt", "package a\n\nfun a() = 1\n")];
        assert_eq!(findings("snippets", &house(&sample)), ["README.md:4"]);
    }

    #[test]
    fn a_readme_without_the_two_commands_is_found() {
        assert_eq!(findings("readme", &house(&[("README.md", "cargo xtask demo\n")])), ["README.md:0"]);
        assert_eq!(findings("readme", &house(&[])), ["README.md:0"; 2]);
    }
}
