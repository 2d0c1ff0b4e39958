//! `ferrule model export`: a store's home screen as a launcher's database.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ferrule_launcher_model::export::{ExportReport, Format, Overflow};
use serde_json::{Value, json};

use super::problem::Problem;
use super::stored::Copy;
use crate::output::{Output, Tone, printable};
use crate::problem::refuse;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  A database that Launcher3 can go on from:
    ferrule model export favorites launcher.db --store home.store
  The same in MIUI's shape:
    ferrule model export miui launcher4x6.db --store home.store
  What such a database could not say, without writing it:
    ferrule model export --dry-run --json favorites launcher.db --store home.store | jq '.report[]'

A file that is there is never replaced. The store is copied and only the copy is opened.

Exit codes: 0 done, 1 the file could not be written, 2 usage error or unreadable input.";

/// The shape.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// AOSP's favorites at version 32
    Favorites,
    /// MIUI's favorites and screens
    Miui,
}

/// What is exported, and where to.
#[derive(Args)]
pub struct ExportArguments {
    /// Print one JSON object instead of a text
    #[arg(long)]
    json: bool,
    /// Only say what the file could not hold
    #[arg(long)]
    dry_run: bool,
    /// The store
    #[arg(long, value_name = "STORE", required = true)]
    store: PathBuf,
    /// The shape of the database
    #[arg(value_enum, value_name = "FORMAT")]
    format: Shape,
    /// The database to make
    #[arg(value_name = "OUT")]
    out: PathBuf,
}

/// Exports and prints.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ExportArguments, output: &mut Output) -> io::Result<ExitCode> {
    match export(arguments) {
        Ok(report) => {
            if arguments.json {
                output.json(&object(arguments, &report))?;
            } else {
                print(arguments, &report, output)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => Ok(refuse(&problem)),
    }
}

fn export(arguments: &ExportArguments) -> Result<ExportReport, Problem> {
    let format = match arguments.format {
        Shape::Favorites => Format::Favorites,
        Shape::Miui => Format::Miui,
    };
    let out = arguments.out.as_path();
    if out.exists() {
        return Err(Problem::taken(out, "Choose a name that is free; an export never replaces a file."));
    }
    if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(Problem::no_folder(folder));
    }
    let copy = Copy::of(&arguments.store)?;
    if arguments.dry_run {
        return Ok(copy.home.store().rows(format, Overflow::OnFreeCells).1);
    }
    copy.home.export(format, out).map_err(|error| Problem::store(out, &error))
}

fn object(arguments: &ExportArguments, report: &ExportReport) -> Value {
    json!({
        "file": arguments.out.display().to_string(),
        "written": !arguments.dry_run,
        "items": report.items,
        "pages": report.pages,
        "report": report
            .notes
            .iter()
            .map(|note| json!({
                "code": note.code.code(), "item": note.item.map(|item| item.0), "detail": note.detail,
            }))
            .collect::<Value>(),
    })
}

fn print(arguments: &ExportArguments, report: &ExportReport, output: &mut Output) -> io::Result<()> {
    let name = printable(&arguments.out.display().to_string());
    let what = if arguments.dry_run { "would hold" } else { "holds" };
    let head = format!("{name} {what} {} items on {} pages", report.items, report.pages);
    output.line(&output.tone(Tone::Heading, &head))?;
    for note in &report.notes {
        let item = note.item.map(|item| format!("item {} ", item.0)).unwrap_or_default();
        let code = output.tone(Tone::Faint, &format!("[{}]", note.code.code()));
        output.line(&format!("  cannot say: {item}{} {code}", printable(&note.detail)))?;
    }
    Ok(())
}
