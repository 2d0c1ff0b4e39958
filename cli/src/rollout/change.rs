//! `ferrule rollout kill`, `unkill`, `set` and `clear`: changes of a state file on a workstation.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::bucket::Unit;
use ferrule_rollout::engine::{Event, FeatureId, KillSource, State};
use ferrule_rollout::slot::{Applied, Keeper, Recovered};
use ferrule_rollout::stage::{Rung, Stage};
use serde::Serialize;

use super::file::StateFile;
use super::{ATTENTION, SCHEMA_VERSION, unusable};
use crate::output::{Output, Tone};

/// What is killed.
#[derive(Args)]
pub struct KillArguments {
    /// The state file
    state: PathBuf,
    /// The feature's name, or all
    feature: String,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What is set.
#[derive(Args)]
pub struct SetArguments {
    /// The state file
    state: PathBuf,
    /// The feature's name
    feature: String,
    /// off, load, shadow, canary, live, retire or complete
    stage: String,
    /// The share of devices of a canary
    #[arg(long, value_parser = clap::value_parser!(u16).range(0..=1000))]
    permille: Option<u16>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What is lifted.
#[derive(Args)]
pub struct ClearArguments {
    /// The state file
    state: PathBuf,
    /// The feature's name, or safe-mode
    feature: String,
    /// An operator has looked into the deaths
    #[arg(long, required = true)]
    yes: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct ChangeLine<'a> {
    schema_version: u32,
    feature: &'a str,
    done: bool,
    code: &'static str,
    from: String,
    to: String,
}

/// Kills, or takes the kill back.
///
/// # Errors
/// When stdout is closed or full.
pub fn kill(arguments: &KillArguments, on: bool, output: &mut Output) -> io::Result<ExitCode> {
    let name = &arguments.feature;
    change(&arguments.state, name, arguments.json, output, |id| {
        Some(Event::Kill { feature: id, source: KillSource::Command, on })
    })
}

/// Sets a rung.
///
/// # Errors
/// When stdout is closed or full.
pub fn set(arguments: &SetArguments, output: &mut Output) -> io::Result<ExitCode> {
    let Some(stage) = Stage::parse(&arguments.stage) else {
        return unusable(&arguments.stage, no_stage(&arguments.stage));
    };
    let rung = match (stage, arguments.permille) {
        (Stage::Canary, Some(permille)) => Rung::canary(permille),
        (Stage::Canary, None) => return unusable("canary", "it needs its share, --permille 0..=1000"),
        (_, Some(_)) => return unusable(stage.as_str(), "--permille is for canary only"),
        (stage, None) => Rung::of(stage),
    };
    change(&arguments.state, &arguments.feature, arguments.json, output, |id| {
        id.map(|feature| Event::Set { feature, rung })
    })
}

/// What is said of a stage that there is not.
pub fn no_stage(name: &str) -> String {
    let near = ferrule_rollout::config::nearest(name, Stage::ALL.map(Stage::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("there is no such stage{near}")
}

/// Lifts a quarantine, a freeze or safe mode.
///
/// # Errors
/// When stdout is closed or full.
pub fn clear(arguments: &ClearArguments, output: &mut Output) -> io::Result<ExitCode> {
    if arguments.feature == "safe-mode" {
        return change(&arguments.state, "all", arguments.json, output, |_| Some(Event::ClearSafeMode));
    }
    change(&arguments.state, &arguments.feature, arguments.json, output, |id| {
        id.map(|feature| Event::Clear { feature })
    })
}

/// Why a state that was recovered so cannot be changed.
fn why_unusable(recovered: Recovered) -> &'static str {
    match recovered {
        Recovered::State => "it can be read",
        Recovered::Fresh => "there is no such file",
        Recovered::Lost => RoCode::StateLost.sentence(),
        Recovered::TooNew => RoCode::StateTooNew.sentence(),
    }
}

/// The feature whose name is nearest to one that there is not, as a question; empty if none is near.
pub fn near(state: &State, name: &str) -> String {
    let names = state.durable.features.iter().map(|feature| feature.settings.name.as_str());
    let near = ferrule_rollout::config::nearest(name, names);
    near.map_or(String::new(), |near| format!("; did you mean {near}?"))
}

/// Opens a state under its lock, for a change.
///
/// # Errors
/// Why it cannot be changed, in words.
pub fn opened(path: &Path) -> Result<Keeper<StateFile>, String> {
    if !path.exists() {
        // Before the lock, whose file would stay beside nothing.
        return Err(why_unusable(Recovered::Fresh).to_owned());
    }
    let disk = StateFile::lock(path).map_err(|error| error.to_string())?;
    let (keeper, recovered) = Keeper::open(disk, Unit::default(), None).map_err(|error| error.to_string())?;
    if recovered == Recovered::State { Ok(keeper) } else { Err(why_unusable(recovered).to_owned()) }
}

/// Tells the engine and says what became of it.
fn change(
    path: &Path,
    name: &str,
    json: bool,
    output: &mut Output,
    event: impl FnOnce(Option<FeatureId>) -> Option<Event>,
) -> io::Result<ExitCode> {
    let mut keeper = match opened(path) {
        Ok(keeper) => keeper,
        Err(why) => return unusable(path.display(), why),
    };
    let id = keeper.state().durable.named(name).map(|feature| feature.id);
    if id.is_none() && name != "all" {
        return unusable(name, format!("the state has no such feature{}", near(keeper.state(), name)));
    }
    let Some(event) = event(id) else { return unusable(name, "this is for one feature") };
    let Applied { effects, error } = keeper.apply(&event);
    if let Some(error) = error {
        return unusable(path.display(), error);
    }
    let note = effects.audit.last();
    let code = note.map_or(RoCode::Refused, |note| note.reason);
    let done = note.is_some() && code != RoCode::Refused;
    let (from, to) = note.map_or((Rung::OFF, Rung::OFF), |note| (note.from, note.to));
    if json {
        let (from, to) = (from.to_string(), to.to_string());
        let schema_version = SCHEMA_VERSION;
        output.json(&ChangeLine { schema_version, feature: name, done, code: code.as_str(), from, to })?;
    } else if note.is_none() {
        output.line(&format!("{name}: nothing to change"))?;
    } else {
        let moved = if from == to { String::new() } else { format!(": {from} → {to}") };
        let tone = if done { Tone::Good } else { Tone::Warning };
        output.line(&format!("{name}{moved}. {}", output.tone(tone, code.sentence())))?;
    }
    Ok(ExitCode::from(if done || note.is_none() { 0 } else { ATTENTION }))
}
