//! `ferrule rollout kill`, `unkill`, `set` and `clear`: changes of a state file on a workstation.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::bucket::Unit;
use ferrule_rollout::engine::{Event, FeatureId, KillSource};
use ferrule_rollout::slot::{Applied, Keeper, Recovered};
use ferrule_rollout::stage::{Rung, Stage};
use serde::Serialize;

use super::file::StateFile;
use super::refusal::{ARGUMENT, Refusal};
use super::status::no_feature;
use super::{ATTENTION, SCHEMA_VERSION};
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
    /// The share of devices of a canary in ‰, as the device's command takes it
    #[arg(value_name = "PERMILLE", value_parser = clap::value_parser!(u16).range(0..=1000))]
    share: Option<u16>,
    /// The same as an option
    #[arg(long, conflicts_with = "share", value_parser = clap::value_parser!(u16).range(0..=1000))]
    permille: Option<u16>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl SetArguments {
    /// The rung that is asked for, or which argument does not fit and why.
    fn rung(&self) -> Result<Rung, (&str, String)> {
        let name = self.stage.as_str();
        let stage = Stage::parse(name).ok_or_else(|| (name, no_stage(name)))?;
        match (stage, self.share.or(self.permille)) {
            (Stage::Canary, Some(permille)) => Ok(Rung::canary(permille)),
            (Stage::Canary, None) => {
                Err((name, "it needs its share, as in canary 10, or --permille 0..=1000".to_owned()))
            }
            (_, Some(_)) => Err((name, "a share, here or as --permille, is for canary only".to_owned())),
            (stage, None) => Ok(Rung::of(stage)),
        }
    }
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
    let rung = match arguments.rung() {
        Ok(rung) => rung,
        Err((what, why)) => return Refusal::new(ARGUMENT, what, why).refuse(arguments.json, output),
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

/// Opens a state under its lock, for a change.
///
/// # Errors
/// Why it cannot be changed.
pub fn opened(path: &Path) -> Result<Keeper<StateFile>, Refusal> {
    let place = path.display();
    let absent = || Refusal::unread(&place, "there is no such file");
    if !path.exists() {
        // Before the lock, whose file would stay beside nothing.
        return Err(absent());
    }
    let disk = StateFile::lock(path).map_err(|error| Refusal::unwritten(&place, error))?;
    let opened = Keeper::open(disk, Unit::default(), None);
    let (keeper, recovered) = opened.map_err(|error| Refusal::unread(&place, error))?;
    match recovered {
        Recovered::State => Ok(keeper),
        Recovered::Fresh => Err(absent()),
        Recovered::Lost => Err(Refusal::of(RoCode::StateLost, &place)),
        Recovered::TooNew => Err(Refusal::of(RoCode::StateTooNew, &place)),
    }
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
        Err(refusal) => return refusal.refuse(json, output),
    };
    let id = keeper.state().durable.named(name).map(|feature| feature.id);
    if id.is_none() && name != "all" {
        return no_feature(keeper.state(), name).refuse(json, output);
    }
    let Some(event) = event(id) else {
        return Refusal::new(ARGUMENT, name, "this is for one feature").refuse(json, output);
    };
    let Applied { effects, error } = keeper.apply(&event);
    if let Some(error) = error {
        return Refusal::unwritten(path.display(), error).refuse(json, output);
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
        output.wrapped(&format!("{name}: nothing to change"))?;
    } else {
        let moved = if from == to { String::new() } else { format!(": {from} → {to}") };
        let tone = if done { Tone::Good } else { Tone::Warning };
        output.line(&format!("{name}{moved}. {}", output.tone(tone, code.sentence())))?;
    }
    Ok(ExitCode::from(if done || note.is_none() { 0 } else { ATTENTION }))
}
