//! `ferrule rollout drill`: kills a feature in a state file, looks whether the kill holds, and takes it back, with the time of each (R34, R36).
//!
//! What it is not: a drill of a device; there the guard answers the same command about its own calls.
//!
//! Invariants: a feature that somebody killed is not touched; what fails on the way leaves the feature killed, which is the safe end.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::engine::{Decision, Event, Facts, FeatureId, KillSource, Party, State, decide, step};
use ferrule_rollout::told::Drill;
use serde::Serialize;

use super::change::opened;
use super::refusal::{ARGUMENT, Refusal};
use super::status::{no_feature, read_state};
use super::{ATTENTION, SCHEMA_VERSION, cut};
use crate::output::{Output, Tone};

/// How many calls are decided after the kill: none of them may be the candidate's.
const CALLS: u64 = 1000;

/// What is drilled.
#[derive(Args)]
pub struct DrillArguments {
    /// The state file
    state: PathBuf,
    /// The feature's name
    feature: String,
    /// Print one JSON object instead of text; ferrule rollout report takes it with --drills
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct DrillLine<'a> {
    schema_version: u32,
    kind: &'static str,
    #[serde(flatten)]
    drill: &'a Drill,
}

/// Kills, looks, and takes the kill back.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &DrillArguments, output: &mut Output) -> io::Result<ExitCode> {
    let (path, name) = (&arguments.state, arguments.feature.as_str());
    let mut keeper = match opened(path) {
        Ok(keeper) => keeper,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let Some(id) = keeper.state().durable.named(name).map(|feature| feature.id) else {
        return no_feature(keeper.state(), name).refuse(arguments.json, output);
    };
    let before = of(keeper.state(), id);
    if before.reason == RoCode::Killed {
        let why = "it is killed already, and a drill would take that back; see ferrule rollout unkill";
        return Refusal::new(ARGUMENT, name, why).refuse(arguments.json, output);
    }
    let event = |on| Event::Kill { feature: Some(id), source: KillSource::Command, on };
    let since = Instant::now();
    let decided = of(&step(keeper.state(), &event(true)).0, id);
    let decided_ns = nanos(since);
    let since = Instant::now();
    if let Some(error) = keeper.apply(&event(true)).error {
        let why = format!("{error}; the feature stays killed in memory only");
        return Refusal::unwritten(path.display(), why).refuse(arguments.json, output);
    }
    let written_ns = nanos(since);
    let late = (0..CALLS).filter(|_| of(keeper.state(), id).answers == Party::Candidate).count() as u64;
    let late_calls = late + u64::from(decided.reason != RoCode::Killed);
    let survived = read_state(path).is_ok_and(|state| of(&state, id).reason == RoCode::Killed);
    let back = keeper.apply(&event(false));
    let undone = back.error.is_none() && of(keeper.state(), id) == before;
    let drill = Drill {
        feature: name.to_owned(),
        late_calls,
        decided_ns,
        written_ns: Some(written_ns),
        survived: Some(survived),
        undone: Some(undone),
        by: Some(concat!("ferrule ", env!("CARGO_PKG_VERSION")).to_owned()),
    };
    let passed = drill.passed();
    if arguments.json {
        output.json(&DrillLine { schema_version: SCHEMA_VERSION, kind: "drill", drill: &drill })?;
    } else {
        let word = |done: bool, yes: &'static str, no: &'static str| if done { yes } else { no };
        let text = format!(
            "{}: legacy answers {:.1} µs after the kill, on disk after {:.1} ms, {late_calls} late calls",
            cut(name, 30),
            decided_ns as f64 / 1e3,
            written_ns as f64 / 1e6
        );
        output.line(&output.tone(if passed { Tone::Good } else { Tone::Warning }, &text))?;
        output.line(&format!(
            "  {}; {}",
            word(survived, "a new process finds it killed", "a new process does not find it killed"),
            word(undone, "taken back, all as before", "not taken back: it stays killed")
        ))?;
    }
    Ok(ExitCode::from(if passed { 0 } else { ATTENTION }))
}

fn of(state: &State, id: FeatureId) -> Decision {
    decide(state, id, &Facts::default())
}

fn nanos(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
