//! `ferrule rollout gate`, `diff`, `export` and `merge`: ledgers, line by line.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::config::{Config, FeatureConfig, parse};
use ferrule_rollout::ledger::detail::Details;
use ferrule_rollout::ledger::export::{LINE_BYTES_MAX, Line, ledger_of};
use ferrule_rollout::ledger::fleet::KEYS_MAX;
use ferrule_rollout::ledger::merge::{Filter, Merge, MergeError};
use ferrule_rollout::ledger::{CREDIT_A_DAY, CREDIT_MAX, Context, Outcome, Tally, gate as weigh};
use ferrule_rollout::stage::Stage;
use ferrule_rollout::told::{Told, is_beside_ledgers};
use serde::Serialize;
use serde_json::json;

use super::refusal::{ARGUMENT, CONFIG_UNUSABLE, NO_EVIDENCE, OTHER_CONFIG, Refusal};
use super::report::gather::{GUARD, each_line};
use super::{ATTENTION, SCHEMA_VERSION, cut, file};
use crate::output::{Output, Tone, say};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  ferrule rollout merge --feature launcher.model --stage shadow fleet/*.jsonl
  ferrule rollout gate --config ferrule.toml --feature launcher.model fleet/*.jsonl

Exit codes: 0 the gate is open, 1 it is shut, 2 the evidence cannot be used.";

/// Which ledgers.
#[derive(Args)]
pub struct EvidenceArguments {
    /// Files of JSON lines; - is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only this feature
    #[arg(long)]
    feature: Option<String>,
    /// Only this operation
    #[arg(long)]
    op: Option<String>,
    /// Only this build of the candidate
    #[arg(long)]
    build: Option<String>,
    /// Only what was gathered at this stage
    #[arg(long, value_parser = stage)]
    stage: Option<Stage>,
    /// Only what was gathered at this share of a canary
    #[arg(long)]
    permille: Option<u16>,
}

/// A stage by its name, so that a mistyped one is no stage at which nothing was gathered.
fn stage(name: &str) -> Result<Stage, String> {
    Stage::parse(name).ok_or_else(|| super::change::no_stage(name))
}

impl EvidenceArguments {
    fn filter(&self) -> Filter {
        Filter {
            feature: self.feature.clone(),
            op: self.op.clone(),
            candidate_build: self.build.clone(),
            stage: self.stage.map(|stage| stage.as_str().to_owned()),
            permille: self.permille,
        }
    }

    /// Every line, with its file and number; memory for one line.
    fn each_line(&self, mut take: impl FnMut(&str) -> Result<(), MergeError>) -> Result<(), Refusal> {
        for path in &self.files {
            let name = path.display();
            let input: Box<dyn io::Read> = if path.as_os_str() == "-" {
                Box::new(io::stdin())
            } else {
                Box::new(File::open(path).map_err(|error| Refusal::unread(&name, error))?)
            };
            let mut input = BufReader::new(input);
            let mut line = Vec::new();
            for number in 1_u64.. {
                line.clear();
                let limit = LINE_BYTES_MAX as u64 + 1;
                let read = io::Read::take(&mut input, limit).read_until(b'\n', &mut line);
                let place = || format!("{name}:{number}");
                if read.map_err(|error| Refusal::unread(place(), error))? == 0 {
                    break;
                }
                let syntax = |why: &str| Refusal::new(RoCode::LedgerSyntax.as_str(), place(), why);
                if line.len() > LINE_BYTES_MAX {
                    return Err(syntax(&format!("the line is longer than {LINE_BYTES_MAX} bytes")));
                }
                let text = std::str::from_utf8(&line).map_err(|_| syntax("the line is not UTF-8"))?;
                // What a device exports holds more than its ledgers.
                if !is_beside_ledgers(text) {
                    take(text).map_err(|error| of_merge(&place(), &error))?;
                }
            }
        }
        Ok(())
    }

    /// The sum with the details of every ledger that fits, in one reading: standard input comes only once.
    fn sum_with_details(&self) -> Result<(Tally, Details), Refusal> {
        let mut merge = Merge::new(self.filter());
        let (filter, mut fitting) = (self.filter(), Fitting::default());
        let (mut sum, mut device) = (Details::default(), Details::default());
        self.each_line(|text| {
            merge.line(text)?;
            if text.trim().is_empty() {
                return Ok(());
            }
            let line = Line::read(text)?;
            if matches!(line, Line::Ledger(_)) {
                sum.merge(&std::mem::take(&mut device));
            }
            if fitting.takes(&line, &filter) {
                line.add_to_details(&mut device);
            }
            Ok(())
        })?;
        sum.merge(&device);
        Ok((self.end(merge)?.0, sum))
    }

    /// The sum, and devices that came again.
    fn sum(&self) -> Result<(Tally, Vec<String>), Refusal> {
        let mut merge = Merge::new(self.filter());
        self.each_line(|line| merge.line(line))?;
        self.end(merge)
    }

    fn end(&self, merge: Merge) -> Result<(Tally, Vec<String>), Refusal> {
        let nothing = nothing_fits(self, merge.others());
        let (tally, duplicates) = merge.end().map_err(|error| of_merge("the ledgers", &error))?;
        Ok((tally.ok_or(nothing)?, duplicates))
    }
}

fn of_merge(place: &str, error: &MergeError) -> Refusal {
    Refusal::new(error.code().as_str(), place, error)
}

/// Why no ledger fits what was asked for, with the features that there were.
fn nothing_fits<'n>(asked: &EvidenceArguments, others: impl Iterator<Item = &'n str>) -> Refusal {
    let others: Vec<&str> = others.collect();
    match &asked.feature {
        Some(name) if !others.is_empty() && !others.contains(&name.as_str()) => {
            Refusal::no_feature(name, "the ledgers have", others)
        }
        _ => Refusal::new(NO_EVIDENCE, "the evidence", "no ledger fits"),
    }
}

/// Where lines are gathered that belong to ledgers that fit.
#[derive(Default)]
struct Fitting {
    wanted: bool,
    device: String,
}

impl Fitting {
    /// Whether this line belongs to a ledger that the filter wants.
    fn takes(&mut self, line: &Line, filter: &Filter) -> bool {
        if let Line::Ledger(ledger) = line {
            self.wanted = filter.wants_line(ledger);
            self.device.clone_from(&ledger.device);
        }
        self.wanted && line.device() == self.device
    }
}

/// What is added up.
#[derive(Args)]
pub struct MergeArguments {
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What is weighed.
#[derive(Args)]
pub struct GateArguments {
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// The configuration that the evidence was gathered under
    #[arg(long)]
    config: PathBuf,
    /// Days since the last kill drill; without it there was none
    #[arg(long, value_name = "DAYS")]
    drill: Option<u32>,
    /// What a device's guard exported: the times of a feature that runs on the caller's thread; once for each device
    #[arg(long)]
    guard: Vec<PathBuf>,
    /// Fields that differ from themselves without a rule
    #[arg(long, value_name = "FIELDS", default_value_t = 0)]
    noise: u32,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What is shown.
#[derive(Args)]
pub struct DiffArguments {
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

/// What is handed on.
#[derive(Args)]
pub struct ExportArguments {
    #[command(flatten)]
    evidence: EvidenceArguments,
}

impl GateArguments {
    /// The evidence, what the configuration says of its feature, and what guards told.
    fn read(&self) -> Result<(Tally, FeatureConfig, Told), Refusal> {
        let config = read_config(&self.config)?;
        let names = || config.features.iter().map(|feature| feature.settings.name.as_str());
        if let Some(name) = &self.evidence.feature
            && config.named(name).is_none()
        {
            return Err(Refusal::no_feature(name, "the configuration has", names()));
        }
        let (tally, _) = self.evidence.sum()?;
        let name = &tally.sum.key.feature;
        let unknown = || Refusal::no_feature(name, "the configuration has", names());
        let feature = config.named(name).ok_or_else(unknown)?.clone();
        if feature.hash() != tally.sum.key.config {
            return Err(Refusal::new(OTHER_CONFIG, name, other_config(&tally.sum.key.config, &feature)));
        }
        let mut told = Told::default();
        for path in &self.guard {
            each_line(path, |line| told.line(line).map_err(|error| (GUARD, error.to_string())))?;
        }
        Ok((tally, feature, told))
    }
}

/// What is said of evidence that was gathered under another configuration.
pub fn other_config(gathered: &str, feature: &FeatureConfig) -> String {
    format!("the evidence is of configuration {gathered}, this one is {}", feature.hash())
}

#[derive(Serialize)]
struct BlockLine {
    code: &'static str,
    detail: String,
}

/// Adds up.
///
/// # Errors
/// When stdout is closed or full.
pub fn merge(arguments: &MergeArguments, output: &mut Output) -> io::Result<ExitCode> {
    let (tally, duplicates) = match arguments.evidence.sum() {
        Ok(sum) => sum,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    for device in &duplicates {
        say(&format!("device {device} came again; it is counted once [RO_LEDGER_DUPLICATE]"));
    }
    let (sum, trials) = (&tally.sum, tally.trials);
    let (comparisons, real) = (sum.comparisons(), sum.real());
    let (bound, device_bound) = (tally.bound(), tally.device_bound());
    if arguments.json {
        let outcomes: serde_json::Map<String, serde_json::Value> = Outcome::ALL
            .into_iter()
            .map(|outcome| (outcome.as_str().to_owned(), json!(sum.count(outcome))))
            .collect();
        output.json(&json!({
            "schema_version": SCHEMA_VERSION, "kind": "merged", "feature": sum.key.feature, "op": sum.key.op,
            "legacy_build": sum.key.legacy_build, "candidate_build": sum.key.candidate_build,
            "comparator": sum.key.comparator, "config": sum.key.config, "stage": sum.key.rung.stage.as_str(),
            "permille": sum.key.rung.permille, "devices": tally.devices, "devices_burned": tally.devices_burned,
            "duplicates": tally.duplicates, "comparisons": comparisons, "trials": trials, "real": real, "bound95": bound,
            "device_bound95": device_bound, "distinct_inputs": sum.distinct.estimate(),
            "unseen": sum.distinct.unseen(trials), "classes": sum.classes.len(), "days": sum.days,
            "outcomes": outcomes,
        }))?;
    } else {
        let key = &sum.key;
        let name = format!("{} {}", cut(&key.feature, 60), cut(&key.op, 38));
        output.line(&output.tone(Tone::Heading, name.trim_end()))?;
        output.line(&format!(
            "  at {}, build {}, against {}",
            key.rung,
            cut(&key.candidate_build, 30),
            cut(&key.legacy_build, 30)
        ))?;
        output.wrapped(&format!(
            "  {comparisons} comparisons, {real} real mismatches: below {bound:.2e} at 95 %"
        ))?;
        if trials < comparisons {
            output.wrapped(&format!(
                "  {trials} of them count: of one device {CREDIT_A_DAY} a day, {CREDIT_MAX} in all"
            ))?;
        }
        output.line(&format!(
            "  {} devices, {} burned: below {device_bound:.2e} at 95 %; {} shards came again",
            tally.devices, tally.devices_burned, tally.duplicates
        ))?;
        output.line(&format!(
            "  about {} different inputs, {:.2} % unseen, {} classes, {} days",
            sum.distinct.estimate(),
            sum.distinct.unseen(trials) * 100.0,
            sum.classes.len(),
            sum.days
        ))?;
    }
    Ok(ExitCode::from(if real > 0 || tally.duplicates > 0 { ATTENTION } else { 0 }))
}

/// Weighs.
///
/// # Errors
/// When stdout is closed or full.
pub fn gate(arguments: &GateArguments, output: &mut Output) -> io::Result<ExitCode> {
    let (tally, feature, told) = match arguments.read() {
        Ok(read) => read,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let name = &tally.sum.key.feature;
    let context = Context {
        classes: feature.classes.clone(),
        waivers: feature.waivers.len() as u32,
        drill_days_ago: arguments.drill,
        legacy_present: feature.legacy_present,
        unruled_noise: arguments.noise,
        inline: feature.inline.then(|| told.inline_times(name)),
    };
    let Some(verdict) = weigh(&tally, feature.settings.template, &context) else {
        return Refusal::new(ARGUMENT, name, "it is at its last stage").refuse(arguments.json, output);
    };
    if arguments.json {
        let blocks: Vec<BlockLine> = verdict
            .blocks
            .iter()
            .map(|block| BlockLine { code: block.code.as_str(), detail: block.detail.clone() })
            .collect();
        output.json(&json!({
            "schema_version": SCHEMA_VERSION, "feature": name, "from": verdict.from.to_string(),
            "to": verdict.to.to_string(), "open": verdict.passes(), "blocks": blocks,
        }))?;
    } else {
        let word = if verdict.passes() {
            output.tone(Tone::Good, "open")
        } else {
            output.tone(Tone::Warning, "shut")
        };
        output.line(&format!("{}: {} → {}: {word}", cut(name, 50), verdict.from, verdict.to))?;
        for block in &verdict.blocks {
            output.line(&format!("  {:<20} {}", block.code.as_str(), cut(&block.detail, 76)))?;
        }
    }
    Ok(ExitCode::from(if verdict.passes() { 0 } else { ATTENTION }))
}

/// Shows explained differences and real mismatches.
///
/// # Errors
/// When stdout is closed or full.
pub fn diff(arguments: &DiffArguments, output: &mut Output) -> io::Result<ExitCode> {
    let (tally, details) = match arguments.evidence.sum_with_details() {
        Ok(sum) => sum,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let sum = &tally.sum;
    let burning = Outcome::ALL.into_iter().filter(|outcome| outcome.burns() && sum.count(*outcome) > 0);
    let mut rows: Vec<(String, u64, &str)> =
        burning.map(|outcome| (outcome.as_str().to_owned(), sum.count(outcome), "real")).collect();
    for (code, explained) in &sum.explained {
        rows.push((
            code.clone(),
            explained.count,
            if explained.accepted { "accepted" } else { "not accepted" },
        ));
    }
    for (what, count, kind) in &rows {
        if arguments.json {
            let feature = &sum.key.feature;
            output.json(&json!({
                "schema_version": SCHEMA_VERSION, "feature": feature, "what": what, "count": count, "kind": kind,
            }))?;
        } else {
            output.line(&format!("{count:>12} {:<60} {kind}", cut(what, 60)))?;
        }
    }
    signatures(&details, &sum.key.feature, arguments.json, output)?;
    if rows.is_empty() && details.signatures.is_empty() {
        let feature = &sum.key.feature;
        match arguments.json {
            true => output.json(&json!({
                "schema_version": SCHEMA_VERSION, "feature": feature, "what": null, "count": 0, "kind": "none",
            }))?,
            false => output.line("no difference")?,
        }
    }
    Ok(ExitCode::from(if sum.real() > 0 { ATTENTION } else { 0 }))
}

/// Where answers differed, with examples as the device redacted them (R20, R21).
fn signatures(details: &Details, feature: &str, is_json: bool, output: &mut Output) -> io::Result<()> {
    for (signature, seen) in &details.signatures {
        if is_json {
            output.json(&json!({
                "schema_version": SCHEMA_VERSION, "feature": feature, "what": signature, "count": seen.count,
                "kind": seen.code.as_deref().unwrap_or("signature"), "devices": seen.devices, "places": seen.places,
                "exemplars": seen.exemplars,
            }))?;
            continue;
        }
        let head = format!("{:>12} signature {signature}, devices: {}", seen.count, seen.devices);
        output.line(&output.tone(Tone::Heading, &cut(&head, 100)))?;
        for place in &seen.places {
            output.line(&format!("{:>12} {}", "", cut(place, 80)))?;
        }
        for example in seen.exemplars.iter().flatten() {
            output.line(&format!("{:>14} {}", "e.g.", cut(example, 84)))?;
        }
    }
    if details.overflow > 0 && !is_json {
        output.line(&format!("{:>12} more found no room", details.overflow))?;
    }
    Ok(())
}

/// Hands on the lines that fit, as they are.
///
/// # Errors
/// When stdout is closed or full.
pub fn export(arguments: &ExportArguments, output: &mut Output) -> io::Result<ExitCode> {
    let filter = arguments.evidence.filter();
    let mut others = BTreeSet::new();
    let (mut wanted, mut found) = (false, false);
    let mut failed: io::Result<()> = Ok(());
    let done = arguments.evidence.each_line(|text| {
        if text.trim().is_empty() || failed.is_err() {
            return Ok(());
        }
        let line = Line::read(text)?;
        if let Line::Ledger(ledger) = &line {
            // One that is none is no ledger that was not asked for.
            ledger_of(ledger)?;
            wanted = filter.wants_line(ledger);
            found |= wanted;
            if !found && others.len() < KEYS_MAX {
                others.insert(ledger.feature.clone());
            }
        }
        if wanted {
            failed = output.json(&line);
        }
        Ok(())
    });
    failed?;
    match done {
        Ok(()) if found => Ok(ExitCode::SUCCESS),
        // Nothing is a rightful answer of a filter, and more often a mistyped name.
        Ok(()) => {
            nothing_fits(&arguments.evidence, others.iter().map(String::as_str)).tell(false, output)?;
            Ok(ExitCode::from(ATTENTION))
        }
        Err(refusal) => refusal.refuse(false, output),
    }
}

/// A configuration that can be used.
///
/// # Errors
/// When it cannot be read, or is no configuration as a whole.
pub fn read_config(path: &Path) -> Result<Config, Refusal> {
    let unusable = || {
        Refusal::new(CONFIG_UNUSABLE, path.display(), "it is unusable as a whole; see ferrule rollout lint")
    };
    parse(&file::text(path)?, None).config.ok_or_else(unusable)
}
