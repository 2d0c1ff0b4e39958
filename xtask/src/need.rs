//! Prerequisites: what a command needs from the machine, and how to get what is missing.
//!
//! Invariant: everything missing is named at once, each with a command that brings it.

use std::process::{Command, Stdio};

use anyhow::bail;

/// A program that must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `cargo` and `rustc` of the workspace's version or later.
    Rust,
    /// A JDK (not only a JRE), 17 or later.
    Jdk,
    /// Maven.
    Maven,
    /// A C++ compiler, for libFuzzer.
    Cxx,
}

/// The oldest JDK that builds and runs the Kotlin modules.
const JDK_MIN: u32 = 17;
/// The oldest Rust, equal to `rust-version` of the workspace.
const RUST_MIN: u32 = 95;

impl Need {
    /// What is wrong with this machine, with the remedy; `None` if all is well.
    fn missing(self) -> Option<String> {
        match self {
            Need::Rust => match version_of("rustc", "--version").as_deref().and_then(rust_minor) {
                Some(minor) if minor >= RUST_MIN => None,
                Some(minor) => Some(format!(
                    "Rust 1.{RUST_MIN} (found 1.{minor}): rustup toolchain install 1.{RUST_MIN}"
                )),
                None => Some(format!(
                    "Rust 1.{RUST_MIN}: install rustup, then rustup toolchain install 1.{RUST_MIN}"
                )),
            },
            Need::Jdk => match version_of("javac", "-version").as_deref().and_then(first_number) {
                Some(version) if version >= JDK_MIN => None,
                Some(version) => {
                    Some(format!("JDK {JDK_MIN} (found {version}): apt-get install openjdk-17-jdk-headless"))
                }
                None => Some(format!("JDK {JDK_MIN} (javac): apt-get install openjdk-17-jdk-headless")),
            },
            Need::Maven => match version_of("mvn", "--version") {
                Some(_) => None,
                None => Some("Maven 3.8 (mvn): apt-get install maven".to_owned()),
            },
            Need::Cxx => match version_of("g++", "--version") {
                Some(_) => None,
                None => Some("a C++ compiler (g++): apt-get install g++".to_owned()),
            },
        }
    }
}

/// Checks all of them.
///
/// # Errors
/// Names everything that is missing, a line each.
pub fn check(needs: &[Need]) -> anyhow::Result<()> {
    let missing: Vec<String> = needs.iter().filter_map(|need| need.missing()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("this machine lacks\n  {}", missing.join("\n  "))
}

/// What a program says about its version, on whichever stream; `None` if it cannot be run.
pub fn version_of(program: &str, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// The minor version in `rustc 1.95.0 (…)`.
fn rust_minor(text: &str) -> Option<u32> {
    text.strip_prefix("rustc 1.")?.split('.').next()?.parse().ok()
}

/// The first number in a text such as `javac 17.0.15`.
fn first_number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(rust_minor("rustc 1.95.0 (59807616e 2026-04-14)"), Some(95));
        assert_eq!(rust_minor("rustc 1.96.0-nightly"), Some(96));
        assert_eq!(rust_minor("gcc 12"), None);
        assert_eq!(first_number("javac 17.0.15\n"), Some(17));
        assert_eq!(first_number("javac 1.8.0_402"), Some(1), "JDK 8 and older count as too old");
        assert_eq!(first_number("javac"), None);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert_eq!(version_of("ferrule-no-such-program", "--version"), None);
    }
}
