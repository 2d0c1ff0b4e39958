//! `ferrule model snapshots`: the copies that a store keeps of itself.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ferrule_launcher_model::snapshot::Snapshot;
use serde_json::{Value, json};

use super::problem::Problem;
use super::stored::{self, Copy, now};
use super::when::date;
use crate::output::Output;
use crate::problem::refuse;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Which snapshots there are:
    ferrule model snapshots home.store
  Make one:
    ferrule model snapshots home.store take
  Go back to number 3; the store as it is becomes a snapshot first:
    ferrule model snapshots home.store restore 3

Five are kept. take and restore change the store: nobody else may have it open.

Exit codes: 0 done, 1 the store could not be written or was damaged and is salvaged, 2 usage error, no such snapshot or unreadable input.";

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// List them
    List,
    /// Make one
    Take,
    /// Go back to one
    Restore,
}

/// Whose snapshots, and what is done.
#[derive(Args)]
pub struct SnapshotsArguments {
    /// Print one JSON object a snapshot instead of a text
    #[arg(long)]
    json: bool,
    /// The store
    #[arg(value_name = "STORE")]
    store: PathBuf,
    /// What to do
    #[arg(value_enum, default_value = "list", value_name = "ACTION")]
    action: Action,
    /// The number of the snapshot to go back to
    #[arg(value_name = "ID", required_if_eq("action", "restore"))]
    id: Option<u64>,
}

/// Does it and lists what is there then.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &SnapshotsArguments, output: &mut Output) -> io::Result<ExitCode> {
    match done(arguments) {
        Ok((snapshots, exit)) => {
            for snapshot in &snapshots {
                if arguments.json {
                    output.json(&object(snapshot))?;
                } else {
                    let Snapshot { id, at, reason, .. } = snapshot;
                    output.line(&format!("{id:>5}  {}  {}", date(*at), reason.word()))?;
                }
            }
            if snapshots.is_empty() && !arguments.json {
                output.line("There are no snapshots yet.")?;
            }
            Ok(ExitCode::from(exit))
        }
        Err(problem) => Ok(refuse(&problem)),
    }
}

fn done(arguments: &SnapshotsArguments) -> Result<(Vec<Snapshot>, u8), Problem> {
    let file = arguments.store.as_path();
    let failed = |error| Problem::store(file, &error);
    match (arguments.action, arguments.id) {
        (Action::Take, _) => {
            let (mut home, exit) = stored::open(file)?;
            home.take_snapshot(now()).map_err(failed)?;
            Ok((home.snapshots(), exit))
        }
        (Action::Restore, Some(id)) => {
            let (mut home, exit) = stored::open(file)?;
            home.go_back(id, now()).map_err(failed)?;
            Ok((home.snapshots(), exit))
        }
        (Action::List | Action::Restore, _) => Ok((Copy::of(file)?.home.snapshots(), 0)),
    }
}

fn object(snapshot: &Snapshot) -> Value {
    json!({
        "id": snapshot.id,
        "at_ms": snapshot.at.0,
        "reason": snapshot.reason.word(),
        "file": snapshot.file.file_name().map(|name| name.to_string_lossy()),
    })
}
