//! Prerequisites: what a command needs from the machine, and how to get what is missing.
//!
//! Invariant: everything missing is named at once, each with a command that brings it.

use std::fmt;
use std::process::{Command, Stdio};

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
    /// A program that takes symbols off a library.
    Objcopy,
}

/// The oldest JDK that builds and runs the Kotlin modules.
const JDK_MIN: u32 = 17;
/// The oldest Rust: `rust-version` of the workspace.
const RUST_MIN: &str = env!("CARGO_PKG_RUST_VERSION");

impl Need {
    /// What is wrong with this machine, with the remedy; `None` if all is well.
    fn missing(self) -> Option<String> {
        match self {
            Need::Rust => {
                let found = version_of("rustc", "--version");
                let found = found.as_deref().and_then(rust_version);
                if found >= rust_version(&format!("rustc {RUST_MIN}")) {
                    return None;
                }
                let found =
                    found.map(|(major, minor)| format!(" (found {major}.{minor})")).unwrap_or_default();
                Some(format!("Rust {RUST_MIN}{found}: rustup toolchain install {RUST_MIN}"))
            }
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
            Need::Objcopy => {
                match ["objcopy", "llvm-objcopy"].iter().find_map(|name| version_of(name, "--version")) {
                    Some(_) => None,
                    None => Some("objcopy: apt-get install binutils".to_owned()),
                }
            }
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
    Err(Missing(missing).into())
}

/// What the machine lacks, each with its remedy.
#[derive(Debug)]
pub struct Missing(Vec<String>);

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "this machine lacks\n  {}", self.0.join("\n  "))
    }
}

impl std::error::Error for Missing {}

/// What a program says about its version, on whichever stream; `None` if it cannot be run.
pub fn version_of(program: &str, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Major and minor in `rustc 1.95.0 (…)`.
fn rust_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("rustc ")?.split(['.', '-', ' ']);
    Some((parts.next()?.parse().ok()?, parts.next()?.trim().parse().ok()?))
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
        assert_eq!(rust_version("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(rust_version("rustc 1.96.0-nightly"), Some((1, 96)));
        assert_eq!(rust_version("gcc 12"), None);
        assert_eq!(first_number("javac 17.0.15\n"), Some(17));
        assert_eq!(first_number("javac 1.8.0_402"), Some(1), "JDK 8 and older count as too old");
        assert_eq!(first_number("javac"), None);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert_eq!(version_of("ferrule-no-such-program", "--version"), None);
    }
}
