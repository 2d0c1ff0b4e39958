//! `ferrule rollout status` and `why`: what a state says.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::bucket::bucket;
use ferrule_rollout::engine::{Decision, Facts, Feature, Party, State, decide, refusals};
use ferrule_rollout::slot::Loaded;
use ferrule_rollout::slot::slots::load;
use serde::Serialize;

use super::refusal::Refusal;
use super::{SCHEMA_VERSION, TRIPPED, cut, file};
use crate::output::{Output, Tone};

/// The device that decisions are made for; what is not given is unknown and meets no target.
#[derive(Args, Default)]
pub struct FactArguments {
    /// SDK_INT of the device
    #[arg(long)]
    sdk: Option<u32>,
    /// ro.product.model of the device
    #[arg(long)]
    model: Option<String>,
    /// ABI of the process
    #[arg(long)]
    abi: Option<String>,
    /// Security patch of the device, YYYY-MM-DD
    #[arg(long)]
    patch: Option<String>,
    /// Page size of the device in bytes
    #[arg(long)]
    page_size: Option<u32>,
    /// RAM of the device in GiB
    #[arg(long)]
    ram_gib: Option<u32>,
    /// Build type of the device
    #[arg(long)]
    build_type: Option<String>,
    /// Version number of the candidate
    #[arg(long)]
    candidate: Option<u32>,
}

impl FactArguments {
    fn facts(&self) -> Facts {
        Facts {
            model: self.model.clone(),
            sdk: self.sdk,
            patch: self.patch.clone(),
            abi: self.abi.clone(),
            page_size: self.page_size,
            ram_gib: self.ram_gib,
            build_type: self.build_type.clone(),
            candidate: self.candidate,
        }
    }
}

/// Which state.
#[derive(Args)]
pub struct StatusArguments {
    /// The state file
    state: PathBuf,
    /// Print one JSON object a feature instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    facts: FactArguments,
}

/// Which feature of which state.
#[derive(Args)]
pub struct WhyArguments {
    /// The state file
    state: PathBuf,
    /// The feature's name
    feature: String,
    /// Print one JSON object a rule instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    facts: FactArguments,
}

#[derive(Serialize)]
struct FeatureLine<'a> {
    schema_version: u32,
    feature: &'a str,
    id: u16,
    stage: &'static str,
    permille: u16,
    reason: &'static str,
    answers: &'static str,
    granted: String,
    ceiling: String,
    bucket: u16,
    deaths: usize,
    quarantined: bool,
    frozen: bool,
    generation: u64,
}

#[derive(Serialize)]
struct RuleLine {
    schema_version: u32,
    rule: &'static str,
    holds: bool,
    sentence: &'static str,
}

/// Reads a state for showing it.
///
/// # Errors
/// When there is none that can be read.
pub fn read_state(path: &Path) -> Result<State, Refusal> {
    let place = path.display();
    let bytes = file::read(path).map_err(|error| Refusal::unread(&place, error))?;
    let mut state = State::default();
    match load(bytes.as_deref()).0 {
        Loaded::Absent => return Err(Refusal::unread(&place, "there is no such file")),
        Loaded::Lost => return Err(Refusal::of(RoCode::StateLost, &place)),
        Loaded::TooNew => return Err(Refusal::of(RoCode::StateTooNew, &place)),
        Loaded::State(payload) => state.durable = payload.durable,
    }
    Ok(state)
}

/// A name that no feature of a state has.
pub fn no_feature(state: &State, name: &str) -> Refusal {
    let names = state.durable.features.iter().map(|feature| feature.settings.name.as_str());
    Refusal::no_feature(name, "the state has", names)
}

/// Whether a reason is one that somebody has to look at.
fn is_tripped(reason: RoCode) -> bool {
    matches!(
        reason,
        RoCode::Killed
            | RoCode::Quarantined
            | RoCode::SafeMode
            | RoCode::Tripped
            | RoCode::Probing
            | RoCode::StateLost
            | RoCode::StateTooNew
            | RoCode::ConfigRange
    )
}

fn line<'a>(state: &State, feature: &'a Feature, decision: &Decision) -> FeatureLine<'a> {
    FeatureLine {
        schema_version: SCHEMA_VERSION,
        feature: &feature.settings.name,
        id: feature.id.number(),
        stage: decision.rung.stage.as_str(),
        permille: decision.rung.permille,
        reason: decision.reason.as_str(),
        answers: if decision.answers == Party::Candidate { "candidate" } else { "legacy" },
        granted: feature.granted.to_string(),
        ceiling: feature.settings.ceiling.to_string(),
        bucket: bucket(&feature.settings.salt, &state.durable.unit),
        deaths: feature.crashes.ages().len(),
        quarantined: feature.is_quarantined(state.durable.build),
        frozen: feature.frozen,
        generation: state.durable.generation,
    }
}

/// Shows every feature.
///
/// # Errors
/// When stdout is closed or full.
pub fn status(arguments: &StatusArguments, output: &mut Output) -> io::Result<ExitCode> {
    let state = match read_state(&arguments.state) {
        Ok(state) => state,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let facts = arguments.facts.facts();
    let durable = &state.durable;
    if !arguments.json {
        let killed = if durable.killed.any() { "all" } else { "none" };
        let safe_mode = if durable.safe_mode.is_some() { "yes" } else { "no" };
        output.line(&format!(
            "generation {}  build {:016x}  KILL {killed}  SAFE MODE {safe_mode}",
            durable.generation, durable.build
        ))?;
        let head =
            format!("{:<32} {:<14} {:<18} {:<9} {:>5} NEXT", "FEATURE", "STAGE", "WHY", "ANSWERS", "CRASH");
        output.line(&output.tone(Tone::Heading, &head))?;
    }
    let mut tripped = false;
    for feature in &durable.features {
        let decision = decide(&state, feature.id, &facts);
        tripped |= is_tripped(decision.reason);
        let line = line(&state, feature, &decision);
        if arguments.json {
            output.json(&line)?;
            continue;
        }
        let next = feature.settings.template.next(feature.granted);
        let next = match next.filter(|next| *next <= feature.settings.ceiling) {
            _ if feature.frozen => "operator".to_owned(),
            Some(next) => next.to_string(),
            None => "–".to_owned(),
        };
        let tone = if is_tripped(decision.reason) { Tone::Warning } else { Tone::Good };
        let reason = format!("{:<18}", cut(decision.reason.as_str().trim_start_matches("RO_"), 18));
        output.line(&format!(
            "{:<32} {:<14} {} {:<9} {:>5} {}",
            cut(line.feature, 32),
            decision.rung.to_string(),
            output.tone(tone, &reason),
            line.answers,
            line.deaths,
            next
        ))?;
    }
    Ok(ExitCode::from(if tripped { TRIPPED } else { 0 }))
}

/// Shows the rules behind a decision.
///
/// # Errors
/// When stdout is closed or full.
pub fn why(arguments: &WhyArguments, output: &mut Output) -> io::Result<ExitCode> {
    let state = match read_state(&arguments.state) {
        Ok(state) => state,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let Some(feature) = state.durable.named(&arguments.feature) else {
        return no_feature(&state, &arguments.feature).refuse(arguments.json, output);
    };
    let facts = arguments.facts.facts();
    let decision = decide(&state, feature.id, &facts);
    let mut rules: Vec<(bool, RoCode)> = Vec::new();
    for (holds, code) in refusals(&state, feature, &facts) {
        rules.push((holds, code));
        if holds {
            break;
        }
    }
    if rules.iter().all(|(holds, _)| !holds) {
        rules.push((true, decision.reason));
    }
    for (holds, code) in rules {
        if arguments.json {
            let (rule, sentence) = (code.as_str(), code.sentence());
            output.json(&RuleLine { schema_version: SCHEMA_VERSION, rule, holds, sentence })?;
        } else {
            let (mark, tone) = if holds { ("yes", Tone::Heading) } else { ("no ", Tone::Faint) };
            let text = format!("{mark} {:<20} {}", code.as_str(), cut(code.sentence(), 74));
            output.line(&output.tone(tone, &text))?;
        }
    }
    if !arguments.json {
        let mine = bucket(&feature.settings.salt, &state.durable.unit);
        let cohort = feature.cohort(decision.rung);
        output.line(&format!(
            "{}: {}, bucket {mine}, window {}+{}; {} answers",
            cut(&feature.settings.name, 40),
            decision.rung,
            cohort.start,
            cohort.count,
            if decision.answers == Party::Candidate { "the candidate" } else { "legacy" }
        ))?;
    }
    Ok(ExitCode::from(if is_tripped(decision.reason) { TRIPPED } else { 0 }))
}
