//! `cargo xtask check-elf`: whether shared libraries are what a device and a crash report need; `symbolize` reads the latter.
//!
//! What it is: the one check of every `.so` that is packaged, for the machine's own and for Android's alike. What it is
//! not: it builds nothing. Invariant: a fault is one line on stdout, `FILE: what is wrong: how to set it right`.

mod crash;
pub mod facts;
pub mod lines;
pub mod rules;
pub mod symbols;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;

use crate::project::Project;
use facts::Facts;
use rules::Fault;

/// What to check.
#[derive(Args)]
pub struct ElfArguments {
    /// Stripped libraries
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder with their symbols, under the same names [default: the folder `symbols` beside each file]
    #[arg(long, value_name = "DIR")]
    symbols: Option<PathBuf>,
}

/// Checks the files and prints what is wrong.
///
/// # Errors
/// Never: what cannot be read is a finding.
pub fn run(arguments: &ElfArguments) -> anyhow::Result<ExitCode> {
    let mut failed = 0;
    for file in &arguments.files {
        let symbols =
            arguments.symbols.as_ref().map(|folder| folder.join(file.file_name().unwrap_or_default()));
        let faults = check(file, &symbols.unwrap_or_else(|| symbols::beside(file)));
        for fault in &faults {
            println!("{}: {fault}", file.display());
        }
        failed += usize::from(!faults.is_empty());
    }
    println!("{} passed, {failed} failed", arguments.files.len() - failed);
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Takes the library of the release profile apart as a package would, checks it, and prints what is wrong: how many
/// names it exports, and how many faults it has.
///
/// # Errors
/// When it has not been built, or cannot be taken apart.
pub fn check_release(project: &Project) -> anyhow::Result<(usize, usize)> {
    let stripped = symbols::split(&project.library(), &project.package().join("host"))?;
    let faults = check(&stripped, &symbols::beside(&stripped));
    for fault in &faults {
        println!("{}: {fault}", stripped.display());
    }
    let facts = facts_of(&stripped).map_err(|why| anyhow!("{}: {why}", stripped.display()))?;
    Ok((facts.exports.len(), faults.len()))
}

/// Everything that is wrong with a library and with its symbols.
pub fn check(file: &Path, symbols: &Path) -> Vec<Fault> {
    let facts = match facts_of(file) {
        Ok(facts) => facts,
        Err(why) => return vec![Fault::Unreadable(why)],
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut faults = rules::of_library(&facts, &name);
    match facts_of(symbols) {
        Ok(kept) => faults.extend(rules::of_symbols(&kept, &facts)),
        Err(why) => faults.push(Fault::NoSymbols(format!("{}: {why}", symbols.display()))),
    }
    faults
}

/// What a file says about itself, or why it cannot be asked.
pub fn facts_of(file: &Path) -> Result<Facts, String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    facts::read(&bytes)
}
