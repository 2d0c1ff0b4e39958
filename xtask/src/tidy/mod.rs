//! `cargo xtask tidy`: the rules of the house that a program can check.
//!
//! A rule is a function over [`House`]: the project's files as text, and what cargo says about its packages. No rule
//! reads the disk, so each is tested on a bad sample of its own. Invariants: every finding names the rule, the file
//! and the line; every rule has its paragraph in `CONTRIBUTING.md`; a rule that found nothing to look at is no pass
//! (the tests feed each one a sample that it must reject).

mod arrows;
mod builds;
mod codes;
mod dependencies;
mod docs;
mod house;
mod lexer;
mod licences;
mod openings;
mod shape;
mod unsafety;

use std::process::ExitCode;

pub use builds::GROUP;
pub use house::{House, SourceFile};

use crate::project::Project;

/// One thing that is against a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the root.
    pub path: String,
    /// The line, from 1; 0 speaks of the whole file.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding about one line.
    pub fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

/// One rule.
pub struct Rule {
    /// Its name, a heading in `CONTRIBUTING.md`.
    pub id: &'static str,
    /// What it wants, in a few words.
    pub wants: &'static str,
    /// Looks for what is against it.
    pub check: fn(&House) -> Vec<Finding>,
}

/// Every rule, in the order of the report.
pub fn rules() -> Vec<Rule> {
    let mut all = Vec::new();
    all.extend(openings::RULES);
    all.extend(shape::RULES);
    all.extend(unsafety::RULES);
    all.extend(arrows::RULES);
    all.extend(codes::RULES);
    all.extend(dependencies::RULES);
    all.extend(licences::RULES);
    all.extend(docs::RULES);
    all.extend(builds::RULES);
    all
}

/// Checks every rule and prints what is against it.
///
/// # Errors
/// When the project's files cannot be read.
pub fn run(project: &Project) -> anyhow::Result<ExitCode> {
    let (_, failed) = check(project)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Checks every rule; how many hold and how many do not.
///
/// # Errors
/// When the project's files cannot be read.
pub fn check(project: &Project) -> anyhow::Result<(usize, usize)> {
    let house = House::read(project)?;
    let (mut passed, mut failed) = (0, 0);
    for rule in rules() {
        let mut findings = (rule.check)(&house);
        findings.sort();
        if findings.is_empty() {
            passed += 1;
            continue;
        }
        failed += 1;
        for finding in findings {
            let line = if finding.line == 0 { String::new() } else { format!(":{}", finding.line) };
            println!("{}{line}: {} [{}: {}]", finding.path, finding.message, rule.id, rule.wants);
        }
    }
    println!("tidy: {passed} rules hold, {failed} do not (CONTRIBUTING.md has a paragraph for each)");
    Ok((passed, failed))
}

/// What the tests of the rules share.
#[cfg(test)]
pub mod testing {
    use super::*;

    /// A house of these files, without packages.
    pub fn house(files: &[(&str, &str)]) -> House {
        let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
        House { files, ..House::default() }
    }

    /// `path:line` of each finding of one rule.
    pub fn findings(id: &str, house: &House) -> Vec<String> {
        let rules = rules();
        let rule = rules.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule {id}"));
        let mut found: Vec<_> =
            (rule.check)(house).iter().map(|f| format!("{}:{}", f.path, f.line)).collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_paragraph_and_a_name_of_its_own() {
        let text = include_str!("../../../CONTRIBUTING.md");
        let mut ids: Vec<_> = rules().iter().map(|rule| rule.id).collect();
        for id in &ids {
            assert!(text.contains(&format!("* **{id}**")), "CONTRIBUTING.md says nothing about {id}");
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
