//! `ferrule rollout audit`: the log and the check of its chain.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ferrule_rollout::RoCode;
use ferrule_rollout::audit::{End, verify};
use serde::Serialize;

use super::refusal::Refusal;
use super::{ATTENTION, SCHEMA_VERSION, TRIPPED};
use crate::output::{Output, Tone, printable};

/// A log without a record, and what is said of it.
const EMPTY: (&str, &str) =
    ("RO_AUDIT_EMPTY", "The log is empty: nothing was ever recorded, or somebody emptied it.");

/// Which log.
#[derive(Args)]
pub struct AuditArguments {
    /// The two files of the log, in either order; one if there is only one yet
    #[arg(required = true, num_args = 1..=2)]
    files: Vec<PathBuf>,
    /// Only check the chain
    #[arg(long)]
    verify: bool,
    /// Print one JSON object a record, and one for the chain
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct RecordLine<'a> {
    schema_version: u32,
    kind: &'static str,
    sequence: u64,
    boot: String,
    boottime_ms: u64,
    actor: &'static str,
    feature: Option<u16>,
    from: String,
    to: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct ChainLine {
    schema_version: u32,
    kind: &'static str,
    records: usize,
    code: Option<&'static str>,
    last_sequence: u64,
}

/// Shows and checks the log.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &AuditArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut files = [Vec::new(), Vec::new()];
    for (path, bytes) in arguments.files.iter().zip(&mut files) {
        match fs::read(path) {
            Ok(read) => *bytes = read,
            Err(error) => return Refusal::unread(path.display(), error).refuse(arguments.json, output),
        }
    }
    let [first, second] = &files;
    let report = verify([first, second]);
    if !arguments.verify {
        for record in &report.records {
            let (from, to) = (record.from.to_string(), record.to.to_string());
            if arguments.json {
                output.json(&RecordLine {
                    schema_version: SCHEMA_VERSION,
                    kind: "record",
                    sequence: record.sequence,
                    boot: format!("{:016x}", record.boot),
                    boottime_ms: record.boottime_ms,
                    actor: record.actor.as_str(),
                    feature: record.feature.map(|id| id.number()),
                    from,
                    to,
                    reason: &record.reason,
                })?;
                continue;
            }
            let feature = record.feature.map_or("all".to_owned(), |id| id.number().to_string());
            output.line(&format!(
                "{:>7} {:08x} +{:>10} ms {:<13} feature {feature:<4} {from} → {to}  {}",
                record.sequence,
                record.boot >> 32,
                record.boottime_ms,
                record.actor.as_str(),
                printable(&record.reason)
            ))?;
        }
    }
    let of = |code: RoCode| Some((code.as_str(), code.sentence()));
    let (code, exit, tone) = match report.end {
        // Nothing holds where nothing is: a log of a device that ever moved has a record.
        End::Whole if report.records.is_empty() => (Some(EMPTY), ATTENTION, Tone::Warning),
        End::Whole => (None, 0, Tone::Good),
        End::Torn(_) => (of(RoCode::AuditTorn), ATTENTION, Tone::Warning),
        End::Broken(_) => (of(RoCode::AuditBroken), TRIPPED, Tone::Warning),
    };
    let last_sequence = report.records.last().map_or(0, |record| record.sequence);
    let records = report.records.len();
    if arguments.json {
        let code = code.map(|(code, _)| code);
        let schema_version = SCHEMA_VERSION;
        output.json(&ChainLine { schema_version, kind: "chain", records, code, last_sequence })?;
    } else {
        let told = |(code, sentence)| format!("{sentence} [{code}]");
        let text = code.map_or("the chain holds".to_owned(), told);
        output.wrapped(&format!("{records} records, last {last_sequence}: {}", output.tone(tone, &text)))?;
    }
    Ok(ExitCode::from(exit))
}
