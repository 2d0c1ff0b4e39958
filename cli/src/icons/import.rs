//! `ferrule icons import`: legacy caches into a store (S15), or what would come of it.
//!
//! What a row is valid for becomes its token: nobody on a workstation knows what is installed on the phone. A launcher that
//! opens the store compares, shows what is there and draws again what has changed.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use ferrule_icon_cache::import::{ImportReport, LegacyFile, LegacyRow, Validity};
use ferrule_icon_cache::lookup::{IconCache, Millis, NoProvider, Options};
use ferrule_icon_cache::store::inspect::Inspected;
use ferrule_icon_cache::store::{Condition, OpenOptions, Store};
use ferrule_icon_cache::validity::Tokens;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{SCHEMA, problem};
use crate::output::{Output, Tone, printable};
use crate::problem::{ATTENTION, Problem, refuse};
use crate::progress::waiting;
use crate::target::overwritten;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  What an import would bring, without writing anything:
    ferrule icons import app_icons.db
  Make a store of a phone's icons and look at it:
    ferrule icons import app_icons.db --into icons.store
    ferrule icons render icons.store --out sheet.png
  Files of which nothing can be read, for a script:
    ferrule icons import --json *.db | jq -r 'select(.code) | .file + \" \" + .code'

Every generation of app_icons.db is read, told by its columns and not by its version. The files are copied with their -wal and -shm,
and only the copies are opened. A store that is there keeps what it knows; icons of another size than its own are skipped.
A launcher that opens the store shows these icons at once and draws again those whose app or system has changed since.

Exit codes: 0 done, 1 a file is damaged and what could be read came in, or the store could not be written, 2 usage error or
unreadable input.";

/// Rows that are taken over in one go.
const BATCH: usize = 64;

/// What is imported, and where to.
#[derive(Args)]
pub struct ImportArguments {
    /// Print one JSON object a file instead of a text
    #[arg(long)]
    json: bool,
    /// The store to import into; made if there is none [default: none, only say what would come in]
    #[arg(long, value_name = "STORE")]
    into: Option<PathBuf>,
    /// Legacy caches, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What became of a file.
struct Imported {
    release: u32,
    size_px: u32,
    has_freshness: bool,
    is_whole: bool,
    report: ImportReport,
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
    let mut worst = 0;
    for file in &arguments.files {
        let imported = target.import(file);
        worst = worst.max(match &imported {
            Ok(imported) => u8::from(!imported.is_whole),
            Err(problem) => {
                refuse(problem);
                problem.exit
            }
        });
        match imported {
            Ok(imported) if arguments.json => output.json(&imported.object(file))?,
            Ok(imported) => imported.print(file, arguments.into.is_some(), output)?,
            Err(problem) if arguments.json => output.json(&refused(file, &problem))?,
            Err(_) => {}
        }
    }
    Ok(ExitCode::from(worst))
}

/// Where imports go: a store, opened or made with the first file that comes in, so that a refused one leaves nothing behind; or
/// one that is thrown away.
struct Target<'a> {
    into: Option<&'a Path>,
    /// The size of the icons of a store that is there.
    size_px: Option<u32>,
    open: Option<Arc<IconCache>>,
    trial: Option<TempDir>,
}

impl<'a> Target<'a> {
    fn new(arguments: &'a ImportArguments) -> Result<Self, Problem> {
        let into = arguments.into.as_deref();
        let mut target = Self { into, size_px: None, open: None, trial: None };
        let Some(store) = into else { return Ok(target) };
        if let Some(input) = overwritten(store, arguments.files.iter().map(PathBuf::as_path)) {
            return Err(Problem::overwrites("IC_OUT_TAKEN", store, input));
        }
        if store.exists() {
            // A copy is looked at first: who opens a damaged store, or one of another size, empties it.
            let there = Inspected::open(store, &std::env::temp_dir());
            let there = there.map_err(|error| problem::of_store(store, &error))?;
            target.size_px = Some(there.facts().size_px);
        }
        if let Some(folder) =
            store.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
        {
            return Err(problem::no_folder(folder));
        }
        Ok(target)
    }

    fn import(&mut self, file: &Path) -> Result<Imported, Problem> {
        let _waiting = waiting(&format!("importing {}", file.display()));
        let legacy = LegacyFile::open(file, &std::env::temp_dir());
        let legacy = legacy.map_err(|error| problem::of_import(file, &error))?;
        let size_px = *self.size_px.get_or_insert(legacy.size_px);
        let cache = self.cache(size_px)?;
        let mut imported = Imported {
            release: legacy.release,
            size_px: legacy.size_px,
            has_freshness: legacy.has_freshness(),
            is_whole: legacy.is_whole(),
            report: ImportReport::default(),
        };
        let mut batch = Vec::with_capacity(BATCH);
        let mut take = |batch: &mut Vec<LegacyRow>| {
            let report = cache.import(batch.drain(..), size_px, |row| Some(tokens(&row.validity)));
            imported.report.add(&report);
        };
        legacy.each(|row| {
            batch.push(row);
            if batch.len() == BATCH {
                take(&mut batch);
            }
        });
        take(&mut batch);
        self.written(&cache)?;
        Ok(imported)
    }

    fn cache(&mut self, size_px: u32) -> Result<Arc<IconCache>, Problem> {
        if let Some(cache) = &self.open {
            return Ok(Arc::clone(cache));
        }
        let path = match (self.into, &self.trial) {
            (Some(store), _) => store.to_owned(),
            (None, Some(folder)) => folder.path().join("icons.store"),
            (None, None) => {
                let folder =
                    tempfile::tempdir().map_err(|error| problem::unwritten(Path::new("."), &error))?;
                let path = folder.path().join("icons.store");
                self.trial = Some(folder);
                path
            }
        };
        // Nobody waits for time or listens here.
        let options = Options::new(size_px, Arc::new(|| Millis(0)), Arc::new(|task| task()));
        let options = Options { store: OpenOptions::new(size_px), ..options };
        let store = Store::open(&path, options.store.clone());
        if store.condition() != Condition::Good {
            return Err(store.last_error().map_or_else(
                || problem::unwritten(&path, &io::ErrorKind::Other.into()),
                |error| problem::of_store(&path, error),
            ));
        }
        drop(store);
        let cache = IconCache::open(&path, options, Arc::new(NoProvider));
        self.open = Some(Arc::clone(&cache));
        Ok(cache)
    }

    /// Whether all that was taken is in the file.
    fn written(&self, cache: &IconCache) -> Result<(), Problem> {
        let health = cache.health();
        if health.condition == Condition::Good && health.figure("store_rows_given_up") == Some(0) {
            return Ok(());
        }
        let code = health.last_error.unwrap_or("IC_STORE_IO");
        let place = self.into.unwrap_or(Path::new("."));
        let detail = "not all icons could be written".to_owned();
        let remedy = "Free some space or choose another folder, and import again; what came in is kept.";
        Err(Problem { exit: ATTENTION, ..Problem::new(code, place, detail, remedy) })
    }
}

/// What a row was valid for, as one text.
fn tokens(validity: &Validity) -> Tokens {
    match validity {
        Validity::Freshness(text) => Tokens::same(text),
        Validity::Version { version, updated_ms, state } => {
            Tokens::same(&format!("{version},{updated_ms},{state}"))
        }
    }
}

fn refused(file: &Path, problem: &Problem) -> Value {
    json!({ "schema": SCHEMA, "file": file.display().to_string(), "code": problem.code, "detail": problem.detail })
}

impl Imported {
    fn object(&self, file: &Path) -> Value {
        let report = &self.report;
        let skipped: Map<String, Value> =
            report.skipped.iter().map(|(reason, count)| (reason.code().to_owned(), json!(count))).collect();
        json!({
            "schema": SCHEMA,
            "file": file.display().to_string(),
            "code": (!self.is_whole).then_some("IC_IMPORT_DAMAGED"),
            "release": self.release,
            "size_px": self.size_px,
            "validity": if self.has_freshness { "freshness" } else { "version" },
            "rows": report.rows,
            "imported": report.imported,
            "kept": report.kept,
            "themed": report.themed,
            "skipped": skipped,
        })
    }

    fn print(&self, file: &Path, is_written: bool, output: &mut Output) -> io::Result<()> {
        let report = &self.report;
        let what = if is_written { "came in" } else { "would come in" };
        let head = format!(
            "{}: release {}, icons of {} px; {} of {} {what}, {} with a monochrome form",
            printable(&file.display().to_string()),
            self.release,
            self.size_px,
            report.imported,
            report.rows,
            report.themed,
        );
        output.line(&output.tone(Tone::Heading, &head))?;
        if report.kept > 0 {
            output
                .line(&format!("  {:>5}  known to the store already, kept as they are there", report.kept))?;
        }
        for (reason, count) in &report.skipped {
            let code = output.tone(Tone::Faint, &format!("[{}]", reason.code()));
            output.line(&format!("  {count:>5}  skipped: {} {code}", reason.words()))?;
        }
        if !self.is_whole {
            let warning = "The file is damaged: what could be read came in, rows may be missing.";
            output.line(&output.tone(Tone::Warning, &format!("{warning} [IC_IMPORT_DAMAGED]")))?;
        }
        Ok(())
    }
}
