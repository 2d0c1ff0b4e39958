//! `cargo xtask symbolize`: functions and lines of the addresses in a crash report.
//!
//! What it is not: it guesses nothing. Invariant: an address is looked up in the symbols of its own build or not at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use addr2line::Loader;
use anyhow::{Context, anyhow, ensure};
use clap::Args;

use super::{crash, facts_of};
use crate::project::files_below;

/// The report and the symbols.
#[derive(Args)]
pub struct SymbolizeArguments {
    /// Folder with unstripped libraries or kept symbols, at any depth, of one build or of many
    #[arg(long, value_name = "DIR")]
    symbols: PathBuf,
    /// The report: a tombstone, a logcat, lines of a contained panic [default: what is piped in]
    report: Option<PathBuf>,
}

/// Prints each frame with its lines.
///
/// # Errors
/// When the report or a library cannot be read, or the report has no frame.
pub fn run(arguments: &SymbolizeArguments) -> anyhow::Result<ExitCode> {
    let bytes = match &arguments.report {
        Some(path) => fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes)?;
            bytes
        }
    };
    print!("{}", explained(&String::from_utf8_lossy(&bytes), &arguments.symbols)?);
    Ok(ExitCode::SUCCESS)
}

/// Each frame of a report, with the functions it is in, innermost first, and their lines.
///
/// # Errors
/// When the report has no frame, or symbols cannot be read.
pub fn explained(report: &str, symbols: &Path) -> anyhow::Result<String> {
    let frames = crash::frames(report);
    ensure!(
        !frames.is_empty(),
        "the report has no frame with a build id: docs/crashes.md shows how one looks"
    );
    let known = by_build_id(symbols)?;
    let mut open: BTreeMap<&str, Loader> = BTreeMap::new();
    let mut text = String::new();
    for frame in &frames {
        let crash::Frame { number, build_id, address } = frame;
        let Some(path) = known.get(build_id) else {
            writeln!(
                text,
                "#{number:02} {address:#x}: no symbols of build {build_id} below {}",
                symbols.display()
            )?;
            continue;
        };
        if !open.contains_key(build_id.as_str()) {
            let loader = Loader::new(path).map_err(|error| anyhow!("{}: {error}", path.display()))?;
            open.insert(build_id, loader);
        }
        let Some(loader) = open.get(build_id.as_str()) else { continue };
        let mut inner =
            loader.find_frames(*address).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let mut known_lines = 0;
        while let Some(one) = inner.next().map_err(|error| anyhow!("{}: {error}", path.display()))? {
            let name = one.function.as_ref().and_then(|name| name.demangle().ok());
            let place = one.location.map(|at| format!("{}:{}", at.file.unwrap_or("?"), at.line.unwrap_or(0)));
            let name = name.as_deref().unwrap_or("?");
            writeln!(text, "#{number:02} {address:#x} {name} at {}", place.as_deref().unwrap_or("?"))?;
            known_lines += 1;
        }
        if known_lines == 0 {
            match loader.find_symbol(*address) {
                Some(name) => {
                    let name = addr2line::demangle_auto(name.into(), None);
                    writeln!(text, "#{number:02} {address:#x} {name} at ?")?;
                }
                // A backtrace goes on into whoever called; a base only says whose the first frames are.
                None => writeln!(text, "#{number:02} {address:#x} is outside of the library: the caller's")?,
            }
        }
    }
    Ok(text)
}

/// The libraries with lines below a folder, by their build ids.
fn by_build_id(folder: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut known = BTreeMap::new();
    for name in files_below(folder)? {
        let path = folder.join(name);
        if let Ok(facts) = facts_of(&path)
            && let Some(id) = facts.build_id.filter(|_| facts.lines)
        {
            known.insert(id, path);
        }
    }
    Ok(known)
}
