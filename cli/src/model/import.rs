//! `ferrule model import`: launchers' databases into a store, or what would come of it (contracts 3).

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_launcher_model::home::Home;
use ferrule_launcher_model::import::{ImportOptions, ImportReport, Outcome};
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::store::{GridSize, StoreError};
use serde_json::{Value, json};

use super::grid::Size;
use super::problem::Problem;
use super::stored;
use crate::output::{Output, Tone, printable};
use crate::problem::refuse;
use crate::progress::waiting;
use crate::target::overwritten;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  What an import would bring, without writing anything:
    ferrule model import launcher.db backup/*.db
  Make a store of a phone's home screen and look at it:
    ferrule model import --store home.store launcher4x6.db
    ferrule model show home.store
  Import a newer copy into the store; what it no longer has goes to quarantine:
    ferrule model import --store home.store --existing launcher4x6.db
  Files of which nothing can be read, for a script:
    ferrule model import --json *.db | jq -r 'select(.outcome == \"refused\") | .file + \" \" + .code'

The files are copied with their -wal and -shm, and only the copies are opened. A store that is there already is not written
to without --existing; before an import into a home screen the store keeps a snapshot of it.

Exit codes: 0 done, 1 a file or the store is damaged and what could be read came in, 2 usage error or unreadable input.";

/// What is imported, and where to.
#[derive(Args)]
pub struct ImportArguments {
    /// Print one JSON object a file instead of a text
    #[arg(long)]
    json: bool,
    /// The store to make [default: none, only say what would come in]
    #[arg(long, value_name = "OUT")]
    store: Option<PathBuf>,
    /// Import into a store that is there already
    #[arg(long, requires = "store")]
    existing: bool,
    /// The grid of the source [default: told by the file's name, else large enough for the rows]
    #[arg(long, value_name = "COLSxROWS/DOCK")]
    grid: Option<Size>,
    /// Launcher databases, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Imports each file; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ImportArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut target = match Target::new(arguments) {
        Ok(target) => target,
        Err(problem) => return Ok(refuse(&problem)),
    };
    let mut worst = target.exit;
    for file in &arguments.files {
        let report = target.import(file, arguments);
        worst = worst.max(match &report {
            Ok(report) => u8::from(report.outcome == Outcome::Salvaged),
            Err(error) => {
                let problem = Problem::store(file, error);
                refuse(&problem);
                problem.exit
            }
        });
        if arguments.json {
            output.json(&object(file, &report))?;
        } else if let Ok(report) = &report {
            print(file, report, arguments, output)?;
        }
    }
    Ok(ExitCode::from(worst))
}

/// Where imports go: a store, opened or made with the first file that comes in, so that a refused one leaves nothing behind; or
/// nowhere, into a store a file that is thrown away.
struct Target<'a> {
    store: Option<&'a Path>,
    home: Option<Home>,
    /// The exit code of its opening.
    exit: u8,
}

impl<'a> Target<'a> {
    fn new(arguments: &'a ImportArguments) -> Result<Self, Problem> {
        let store = arguments.store.as_deref();
        let Some(path) = store else { return Ok(Self { store, home: None, exit: 0 }) };
        if let Some(input) = overwritten(path, arguments.files.iter().map(PathBuf::as_path)) {
            return Err(Problem::overwrites("LM_STORE_EXISTS", path, input));
        }
        if arguments.existing {
            let (home, exit) = stored::open(path)?;
            return Ok(Self { store, home: Some(home), exit });
        }
        if path.exists() {
            return Err(Problem::taken(
                path,
                "Choose a name that is free, or say --existing to import into that store.",
            ));
        }
        match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
            Some(folder) => Err(Problem::no_folder(folder)),
            None => Ok(Self { store, home: None, exit: 0 }),
        }
    }

    fn import(&mut self, file: &Path, arguments: &ImportArguments) -> Result<ImportReport, StoreError> {
        let _waiting = waiting(&format!("importing {}", file.display()));
        let grid =
            arguments.grid.map(|size| GridSize { columns: size.columns, rows: size.rows, dock: size.dock });
        let options = ImportOptions { now: stored::now(), grid, main_profile: 0 };
        if let Some(home) = &mut self.home {
            return home.import_file(file, &options);
        }
        // A first look in a store of its own: what is refused makes no file.
        let folder = tempfile::tempdir().map_err(|error| StoreError::Source(error.into()))?;
        let (mut trial, _) = Home::open(&folder.path().join("store.db"), stored::options())?;
        let report = trial.import_file(file, &options)?;
        if let Some(path) = self.store {
            let (mut made, _) = Home::open(path, stored::options())?;
            let report = made.import_file(file, &options)?;
            self.home = Some(made);
            return Ok(report);
        }
        Ok(report)
    }
}

fn object(file: &Path, report: &Result<ImportReport, StoreError>) -> Value {
    let (product, version) = match report {
        Ok(report) => (report.product, Some(report.user_version)),
        Err(StoreError::Source(error)) => (error.product(), None),
        Err(_) => (Product::Unknown, None),
    };
    let code = match report {
        Ok(report) if report.outcome == Outcome::Salvaged => {
            report.notes.iter().map(|note| note.code).find(|code| code.starts_with("LM_SOURCE_"))
        }
        Ok(_) => None,
        Err(error) => Some(error.code()),
    };
    let done = report.as_ref().ok();
    let notes = done.map(|report| report.notes.as_slice()).unwrap_or_default();
    json!({
        "file": file.display().to_string(),
        "product": product.word(),
        "user_version": version,
        "outcome": done.map_or("refused", |report| report.outcome.word()),
        "code": code,
        "items": done.map_or(0, |report| report.items),
        "pages": done.map_or(0, |report| report.pages),
        "quarantined": done.map_or(0, |report| report.quarantined),
        "opaque": done.map_or(0, |report| report.opaque),
        "report": notes
            .iter()
            .map(|note| json!({ "code": note.code, "row": note.row, "detail": note.detail }))
            .collect::<Value>(),
        "overflow": done.map_or(0, |report| report.overflow),
        "unchanged": done.is_some_and(|report| report.unchanged),
    })
}

fn print(
    file: &Path,
    report: &ImportReport,
    arguments: &ImportArguments,
    output: &mut Output,
) -> io::Result<()> {
    let what = match (&arguments.store, report.unchanged) {
        (None, _) => "would come in",
        (Some(_), true) => "are there already, nothing changed",
        (Some(_), false) => "came in",
    };
    let head = format!(
        "{}: {} {}, {} items on {} pages {what}",
        printable(&file.display().to_string()),
        report.product.word(),
        report.user_version,
        report.items,
        report.pages,
    );
    output.line(&output.tone(Tone::Heading, &head))?;
    for (count, words) in [
        (report.opaque, "of a type that nobody here knows, kept as they are"),
        (report.overflow, "without a place of their own; the first load seats them"),
        (report.quarantined, "in quarantine; ferrule model explain lists them"),
    ] {
        if count > 0 {
            output.line(&format!("  {count:>5}  {words}"))?;
        }
    }
    for note in &report.notes {
        let row = note.row.map(|row| format!("row {row} ")).unwrap_or_default();
        let code = output.tone(Tone::Faint, &format!("[{}]", note.code));
        output.line(&format!("  note: {row}{} {code}", printable(&note.detail)))?;
    }
    if report.outcome == Outcome::Salvaged {
        let warning = "The file is damaged: what could be read came in, rows may be missing.";
        output.line(&output.tone(Tone::Warning, warning))?;
    }
    Ok(())
}
