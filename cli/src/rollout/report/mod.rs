//! `ferrule rollout report`: the evidence as one HTML file that needs nothing else (section 4.2).
//!
//! What it is: configuration, state, ledgers, guards' exports, audit log and kill drills on one page. What it is not: a judge: every verdict is
//! the gate's, as `ferrule rollout gate` gives it.
//!
//! Invariants: the page asks nothing of any network; the same files give the same bytes; nothing is shown that the device did not
//! hand over redacted (RO-I7).

mod chart;
mod curve;
mod differences;
mod feature;
pub mod gather;
mod html;
mod latency;
mod page;
mod style;
mod tables;
mod timeline;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::config::Config;
use ferrule_rollout::engine::State;
use ferrule_rollout::ledger::Key;
use ferrule_rollout::ledger::fleet::{Evidence, Fleet};
use ferrule_rollout::told::Told;

use super::ATTENTION;
use super::compile::{a_day, day};
use super::evidence::read_config;
use super::refusal::{ARGUMENT, Refusal};
use super::status::read_state;
use crate::output::Output;
use crate::target;
use feature::{Standing, Subject};
use gather::{GUARD, Source, each_line};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  ferrule rollout report --config ferrule.toml --out report.html fleet/*.jsonl
  ferrule rollout report --config ferrule.toml --state rollout.state --guard guard.jsonl \\
      --audit rollout.audit.0 --audit rollout.audit.1 --drills drills.jsonl --out report.html fleet/*.jsonl

Exit codes: 0 every feature is ready for its next step, 1 one is not, 2 something cannot be read.";

/// What the report is made of.
#[derive(Args)]
pub struct ReportArguments {
    /// Ledgers: files of JSON lines
    ledgers: Vec<PathBuf>,
    /// The configuration that the evidence was gathered under
    #[arg(long)]
    config: PathBuf,
    /// Where the page goes; an existing file is replaced as a whole
    #[arg(long)]
    out: PathBuf,
    /// A device's state file: where each feature stands, and what is killed or quarantined
    #[arg(long)]
    state: Option<PathBuf>,
    /// What a device's guard exported; once for each device
    #[arg(long)]
    guard: Vec<PathBuf>,
    /// The files of an audit log, at most two; in place of the guards' own entries
    #[arg(long)]
    audit: Vec<PathBuf>,
    /// What ferrule rollout drill --json printed
    #[arg(long)]
    drills: Vec<PathBuf>,
    /// Days since the last kill drill; without it the drills that are handed over count as today's
    #[arg(long, value_name = "DAYS")]
    drill: Option<u32>,
    /// The day that waivers run out by, YYYY-MM-DD; today if not given
    #[arg(long, value_name = "DAY", value_parser = a_day)]
    today: Option<String>,
    /// Print one JSON object a feature beside the page
    #[arg(long)]
    json: bool,
}

/// All that is shown.
struct Report {
    config: Config,
    state: Option<State>,
    evidence: BTreeMap<Key, Evidence>,
    told: Told,
    /// What is wrong with the chain of the audit log that was handed over.
    chain: Option<RoCode>,
    /// Devices whose logs are not shown: one device's running time is not another's.
    other_logs: usize,
    day: String,
    drill: Option<u32>,
    sources: Vec<Source>,
    commands: Vec<String>,
}

impl Report {
    /// How long ago a feature was drilled, for its gate.
    fn drill_days_ago(&self, feature: &str) -> Option<u32> {
        let drilled = self.told.drills.iter().any(|drill| drill.feature == feature && drill.passed());
        self.drill.or(drilled.then_some(0))
    }

    fn read(arguments: &ReportArguments) -> Result<Self, Refusal> {
        if arguments.audit.len() > 2 {
            let why = "an audit log has two files; give --audit twice at most";
            return Err(Refusal::new(ARGUMENT, "--audit", why));
        }
        let out = &arguments.out;
        if let Some(input) = target::overwritten(out, arguments.files().map(|(path, _)| path.as_path())) {
            return Err(Refusal::overwrites(out, input));
        }
        let day = day(arguments.today.as_deref());
        let config = read_config(&arguments.config)?;
        let state = arguments.state.as_deref().map(read_state);
        let mut told = Told::default();
        let mut other_logs = 0;
        for path in arguments.guard.iter().chain(&arguments.drills) {
            let before = told.events.len();
            each_line(path, |line| told.line(line).map_err(|error| (GUARD, error.to_string())))?;
            if before > 0 && told.events.len() > before {
                told.events.truncate(before);
                other_logs += 1;
            }
        }
        let mut chain = None;
        if !arguments.audit.is_empty() {
            (told.events, chain) = gather::audit(&arguments.audit, &config)?;
            other_logs = 0;
        }
        let mut fleet = Fleet::default();
        for path in &arguments.ledgers {
            each_line(path, |line| {
                fleet.line(line).map_err(|error| (error.code().as_str(), error.to_string()))
            })?;
        }
        let ended = fleet.end();
        let evidence = ended.map_err(|error| Refusal::new(error.code().as_str(), "the ledgers", error))?;
        let state = state.transpose()?;
        let sources = arguments.sources()?;
        let commands = arguments.commands();
        Ok(Self {
            config,
            state,
            evidence,
            told,
            chain,
            other_logs,
            day,
            drill: arguments.drill,
            sources,
            commands,
        })
    }
}

impl ReportArguments {
    /// Every file with what it is.
    fn files(&self) -> impl Iterator<Item = (&PathBuf, &'static str)> {
        let kinds: [(&[PathBuf], &'static str); 6] = [
            (std::slice::from_ref(&self.config), "configuration"),
            (self.state.as_slice(), "state"),
            (&self.guard, "guard"),
            (&self.audit, "audit log"),
            (&self.drills, "kill drills"),
            (&self.ledgers, "ledgers"),
        ];
        kinds.into_iter().flat_map(|(paths, kind)| paths.iter().map(move |path| (path, kind)))
    }

    fn sources(&self) -> Result<Vec<Source>, Refusal> {
        self.files().map(|(path, kind)| Source::of(path, kind)).collect()
    }

    /// The commands that make the report, and its verdicts, again.
    fn commands(&self) -> Vec<String> {
        let mut report = String::from("ferrule rollout report");
        for (path, kind) in self.files() {
            let option = match kind {
                "configuration" => "--config ",
                "state" => "--state ",
                "guard" => "--guard ",
                "audit log" => "--audit ",
                "kill drills" => "--drills ",
                _ => continue,
            };
            report += &format!(" {option}{}", path.display());
        }
        if let Some(days) = self.drill {
            report += &format!(" --drill {days}");
        }
        if let Some(day) = &self.today {
            report += &format!(" --today {day}");
        }
        let ledgers: Vec<String> = self.ledgers.iter().map(|path| path.display().to_string()).collect();
        let ledgers = ledgers.join(" ");
        report += &format!(" --out {} {ledgers}", self.out.display());
        let gate = format!(
            "ferrule rollout gate --config {} --feature FEATURE --stage STAGE {ledgers}",
            self.config.display()
        );
        vec![report, gate]
    }
}

/// Makes the page.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ReportArguments, output: &mut Output) -> io::Result<ExitCode> {
    let report = match Report::read(arguments) {
        Ok(report) => report,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    let page = page::render(&report);
    if let Err(error) = target::replace(&arguments.out, page.as_bytes()) {
        return Refusal::unwritten(arguments.out.display(), error).refuse(arguments.json, output);
    }
    let mut ready = true;
    for config in &report.config.features {
        let subject = Subject::new(&report, config);
        ready &= subject.standing() == Standing::Ready;
        if arguments.json {
            output.json(&serde_json::json!({
                "schema_version": super::SCHEMA_VERSION, "feature": subject.name(), "at": subject.rung.to_string(),
                "ready": subject.standing() == Standing::Ready, "verdict": subject.sentence(),
            }))?;
        } else {
            output.wrapped(&format!("{:<32} {}", super::cut(subject.name(), 32), subject.sentence()))?;
        }
    }
    if !arguments.json {
        output.line(&arguments.out.display().to_string())?;
    }
    Ok(ExitCode::from(if ready { 0 } else { ATTENTION }))
}
