//! `ferrule model load`: what a launcher makes of a database, row by row (contracts 3).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ferrule_launcher_model::compat::outcome::SweepStep;
use ferrule_launcher_model::compat::{LoadOutcome, LoadRow, Verdict};
use ferrule_launcher_model::export::NoteCode;
use ferrule_launcher_model::home::Phone;
use ferrule_launcher_model::json::{LoadSpec, compat_report, list_nameless, list_quarantine, safe_report};
use ferrule_launcher_model::safe::{Deviation, Remedy, RowOutcome, SafeOutcome, State};
use serde_json::{Value, json};

use super::board::Board;
use super::explain::label as item_label;
use super::grid::Size;
use super::problem::Problem;
use super::source::{Reach, Remark, Source};
use super::stored::{Copy, ORDINARY, is_store, now};
use crate::output::{Output, Tone, printable};
use crate::problem::refuse;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  What Launcher3 makes of a home screen if everything on it is installed:
    ferrule model load --personality compat --grid 5x5/5 launcher.db
  The same for a phone that is described in a file (grid, flags, platform):
    ferrule model load --personality compat --input phone.json launcher.db
  What Ferrule keeps, where, and why:
    ferrule model load --personality safe launcher.db
  The same of a store, of which nothing is written:
    ferrule model load --personality safe home.store
  Which rows Launcher3 would delete, and why:
    ferrule model load --json --personality compat launcher.db | jq '.decisions[] | select(.verdict == \"delete\")'

The file is copied with its -wal and -shm, and only the copy is opened. Old AOSP files are upgraded in the copy first, as
Launcher3 does. The codes in brackets are explained in docs/codes.md.

Exit codes: 0 done, 1 the file is damaged or Launcher3 would crash on it, 2 usage error or unreadable input.";

/// How the rows are decided.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Personality {
    /// As Launcher3 does, flaws included
    Compat,
    /// As Ferrule does: nothing is lost in doubt
    Safe,
}

/// What is loaded, and for which phone.
#[derive(Args)]
pub struct LoadArguments {
    /// Print one JSON object instead of a text
    #[arg(long)]
    json: bool,
    /// How rows are decided
    #[arg(long, value_enum)]
    personality: Personality,
    /// The phone: a JSON object with grid, flags and platform [default: everything is installed and enabled]
    #[arg(long, value_name = "FILE.json", conflicts_with = "grid")]
    input: Option<PathBuf>,
    /// The grid [default: told by the file's name, else large enough for the rows]
    #[arg(long, value_name = "COLSxROWS/DOCK")]
    grid: Option<Size>,
    /// The launcher's database, or a store
    #[arg(value_name = "DB")]
    database: PathBuf,
}

/// Loads and prints.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &LoadArguments, output: &mut Output) -> io::Result<ExitCode> {
    match Loaded::new(arguments) {
        Ok(loaded) => {
            if arguments.json {
                output.json(&loaded.json())?;
            } else {
                loaded.print(output)?;
            }
            Ok(if loaded.source.is_damaged { ExitCode::from(1) } else { ExitCode::SUCCESS })
        }
        Err(problem) => Ok(refuse(&problem)),
    }
}

/// What a personality made of the rows.
enum Answer {
    Compat(LoadOutcome),
    Safe(SafeOutcome),
}

/// A load with all that it was made from.
struct Loaded<'a> {
    file: &'a Path,
    source: Source,
    size: Size,
    answer: Answer,
    /// The store, where it is one: what is in its quarantine is no row of a load.
    store: Option<Copy>,
}

impl<'a> Loaded<'a> {
    fn new(arguments: &'a LoadArguments) -> Result<Self, Problem> {
        let file = arguments.database.as_path();
        let given = arguments.input.as_deref().map(read_spec).transpose()?;
        if is_store(file) {
            return Self::of_store(arguments, given);
        }
        let platform = given.as_ref().map(|spec| &spec.platform);
        let source = Source::read(file, Reach::Upgraded(platform))?;
        let spec = match given {
            Some(mut spec) => {
                spec.platform.pinned_shortcuts.extend(source.pinned.iter().cloned());
                spec
            }
            None => {
                let size = arguments.grid.unwrap_or_else(|| Size::guess(&name(file), &source.rows));
                LoadSpec::assuming_present(&source.rows, size.grid())
            }
        };
        let answer = match arguments.personality {
            Personality::Compat => Answer::Compat(spec.load(&source.rows)),
            // No file of another launcher keeps pages without items in an order of its own.
            Personality::Safe => Answer::Safe(spec.safe_load(&source.rows, &[])),
        };
        let size = Size { columns: spec.grid.columns, rows: spec.grid.rows, dock: spec.grid.hotseat };
        Ok(Self { file, source, size, answer, store: None })
    }

    /// A store: its own grid if no other is given, its pages, and what it holds besides rows.
    fn of_store(arguments: &'a LoadArguments, given: Option<LoadSpec>) -> Result<Self, Problem> {
        let file = arguments.database.as_path();
        let copy = Copy::of(file)?;
        let mut source = Source::of_store(&copy);
        let own = copy.home.content().layout().map_or(ORDINARY, |layout| layout.grid);
        let own = Size { columns: own.columns, rows: own.rows, dock: own.dock };
        let spec = given.unwrap_or_else(|| {
            LoadSpec::assuming_present(&source.rows, arguments.grid.unwrap_or(own).grid())
        });
        let answer = match arguments.personality {
            Personality::Compat => Answer::Compat(spec.load(&source.rows)),
            Personality::Safe => {
                // Each is listed with the code that brought it there.
                source.remarks.retain(|remark| remark.code != NoteCode::Quarantined.code());
                let phone = Phone { grid: spec.grid, flags: spec.flags, platform: &spec.platform };
                Answer::Safe(copy.home.preview(&phone, now()).outcome)
            }
        };
        let size = Size { columns: spec.grid.columns, rows: spec.grid.rows, dock: spec.grid.hotseat };
        Ok(Self { file, source, size, answer, store: Some(copy) })
    }

    /// The object of contracts 3, then our own keys.
    fn json(&self) -> Value {
        let mut report = match &self.answer {
            Answer::Compat(outcome) => compat_report(&self.source.rows, outcome),
            Answer::Safe(outcome) => {
                let mut report = safe_report(outcome);
                list_nameless(&mut report, &self.source.nameless);
                if let Some(copy) = &self.store {
                    list_quarantine(&mut report, copy.home.content());
                }
                report
            }
        };
        report.insert("file".into(), json!(self.file.display().to_string()));
        report.insert("product".into(), json!(self.source.product.word()));
        report.insert("user_version".into(), json!(self.source.user_version));
        report.insert(
            "grid".into(),
            json!({ "cols": self.size.columns, "rows": self.size.rows, "hotseat": self.size.dock }),
        );
        report.insert("notes".into(), json!(self.source.remarks));
        Value::Object(report)
    }

    fn print(&self, output: &mut Output) -> io::Result<()> {
        let Size { columns, rows, dock } = self.size;
        let items = match &self.answer {
            Answer::Compat(outcome) => &outcome.model.items,
            Answer::Safe(outcome) => &outcome.items,
        };
        let head = format!(
            "{}: {} {}, {} of {} rows loaded into {columns}x{rows}, dock {dock}",
            printable(&self.file.display().to_string()),
            self.source.product.word(),
            self.source.user_version,
            items.len(),
            self.source.rows.len() + self.source.nameless.len(),
        );
        output.line(&output.tone(Tone::Heading, &head))?;
        print_remarks(&self.source.remarks, output)?;
        Board::of_items(items.values(), self.size).print(output)?;
        match &self.answer {
            Answer::Compat(outcome) => self.print_losses(outcome, output),
            Answer::Safe(outcome) => self.print_kept(outcome, output),
        }
    }

    /// The rows that do not appear, each with its reason.
    fn print_losses(&self, outcome: &LoadOutcome, output: &mut Output) -> io::Result<()> {
        let swept = |id: i32| outcome.swept.iter().find(|(swept, _)| *swept == id).map(|(_, step)| *step);
        let mut losses = Vec::new();
        for decision in &outcome.decisions {
            let (what, code) = match (decision.verdict, swept(decision.id)) {
                (_, Some(step)) => (sweep_words(step), step.code()),
                (Verdict::Accept, None) => continue,
                (Verdict::Delete(_), None) => ("deleted", decision.verdict.code()),
                (Verdict::Zombie(_), None) => ("kept in the database, not shown", decision.verdict.code()),
                (Verdict::Adrift(_), None) => ("loaded, but inside nothing", decision.verdict.code()),
            };
            losses.push((decision.id, what, code));
        }
        if losses.is_empty() {
            return output.line(&output.tone(Tone::Good, "Every row is shown."));
        }
        output.line(&output.tone(Tone::Heading, "Not shown"))?;
        for (id, what, code) in losses {
            let title = self.source.rows.iter().find(|row| row.id() == id).map(label).unwrap_or_default();
            let code = output.tone(Tone::Faint, &format!("[{code}]"));
            output.line(&output.tone(Tone::Warning, &format!("  {id:>5}  {title}: {what} {code}")))?;
        }
        Ok(())
    }
}

impl Loaded<'_> {
    /// The rows that are not live at the place where they were left, each with its state, its code and what would bring it back.
    fn print_kept(&self, outcome: &SafeOutcome, output: &mut Output) -> io::Result<()> {
        let mut kept: Vec<Kept> = outcome.rows.iter().filter_map(Kept::of).collect();
        kept.extend(self.source.nameless.iter().map(|row| Kept {
            id: None,
            title: label(row),
            what: State::Held.as_str(),
            code: Deviation::HeldRowId.code(),
            remedies: &[],
        }));
        let content = self.store.as_ref().map(|copy| copy.home.content());
        for item in content.iter().flat_map(|content| content.quarantined()) {
            kept.push(Kept {
                id: Some(item.id.0),
                title: item_label(item),
                what: State::Quarantined.as_str(),
                code: item.quarantine.as_ref().map_or("", |quarantine| quarantine.why.code.as_str()),
                remedies: &[Remedy::RestoreOrDismiss],
            });
        }
        if kept.is_empty() {
            return output.line(&output.tone(Tone::Good, "Every row is shown where it was left."));
        }
        output.line(&output.tone(Tone::Heading, "Not where it was left, and kept"))?;
        for Kept { id, title, what, code, remedies } in kept {
            let remedies: Vec<&str> = remedies.iter().map(Remedy::as_str).collect();
            let hint =
                if remedies.is_empty() { String::new() } else { format!("; helps: {}", remedies.join(", ")) };
            let id = id.map_or_else(|| "no id".to_owned(), |id| id.to_string());
            let code = output.tone(Tone::Faint, &format!("[{code}]"));
            output.line(&output.tone(Tone::Warning, &format!("  {id:>5}  {title}: {what}{hint} {code}")))?;
        }
        Ok(())
    }
}

/// A row that is not live at the place where it was left.
struct Kept<'a> {
    id: Option<i64>,
    title: String,
    what: &'static str,
    code: &'a str,
    remedies: &'a [Remedy],
}

impl<'a> Kept<'a> {
    fn of(row: &'a RowOutcome) -> Option<Self> {
        if row.state == State::Live && row.moved_by().is_none() {
            return None;
        }
        let title = row.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("(no title)");
        Some(Self {
            id: Some(row.row_id),
            title: printable(title),
            what: if row.state == State::Live { "moved" } else { row.state.as_str() },
            code: row.code(),
            remedies: &row.remedies,
        })
    }
}

/// Prints what was noticed about the file.
///
/// # Errors
/// When stdout is closed or full.
pub fn print_remarks(remarks: &[Remark], output: &mut Output) -> io::Result<()> {
    for remark in remarks {
        let code = output.tone(Tone::Faint, &format!("[{}]", remark.code));
        output.line(&format!("  note: {} {code}", printable(&remark.detail)))?;
    }
    Ok(())
}

/// A row's title, else what it points to.
pub fn label(row: &LoadRow) -> String {
    let title = row.title.as_deref().filter(|title| !title.trim().is_empty());
    let target = row.provider.as_deref().or(row.intent.as_deref());
    printable(title.or(target).unwrap_or("(no title)"))
}

/// The file's own name.
pub fn name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn sweep_words(step: SweepStep) -> &'static str {
    match step {
        SweepStep::EmptyFolder => "removed by the clean-up: an empty folder",
        SweepStep::BadAppPair => "removed by the clean-up: an app pair without two members",
        SweepStep::Unparented => "removed by the clean-up: its folder does not exist",
    }
}

/// Reads the description of a phone.
///
/// # Errors
/// What is wrong with it, with the path of the value.
pub fn read_spec(path: &Path) -> Result<LoadSpec, Problem> {
    let text = fs::read_to_string(path).map_err(|error| Problem::input(path, error.to_string()))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| Problem::input(path, error.to_string()))?;
    LoadSpec::from_json(&value).map_err(|error| Problem::spec(path, &error))
}
