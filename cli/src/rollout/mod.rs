//! `ferrule rollout …`: commands over the rollout's files.
//!
//! What it is: configuration, state, audit log and ledgers as files on a workstation. What it is not: on a device the guard
//! answers the same commands, and alone writes its state.
//!
//! Invariants: `--json` is one object a line with `schema_version`; text has at most 100 columns; exit code 3 says that
//! something is killed, quarantined or tripped.

mod audit;
mod change;
mod compile;
mod drill;
mod evidence;
mod file;
mod refusal;
mod report;
mod status;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Output;

/// The version of every object that is printed.
pub const SCHEMA_VERSION: u32 = 1;

/// Needs attention.
pub const ATTENTION: u8 = 1;
/// Usage error or unreadable input.
pub const UNREADABLE: u8 = 2;
/// Something is killed, quarantined or tripped.
pub const TRIPPED: u8 = 3;

/// A question about the rollout, or a change of its files.
#[derive(Subcommand)]
pub enum RolloutCommand {
    /// Check a configuration and make the state that a build ships
    #[command(after_help = compile::EXAMPLES)]
    Compile(compile::CompileArguments),
    /// Check configurations
    Lint(compile::LintArguments),
    /// What every feature of a state does, and why
    Status(status::StatusArguments),
    /// Every rule behind one feature's decision, in the order in which they are asked
    Why(status::WhyArguments),
    /// Whether the evidence lets a feature take its next step, and what is missing
    #[command(after_help = evidence::EXAMPLES)]
    Gate(evidence::GateArguments),
    /// The differences behind a ledger, by code
    Diff(evidence::DiffArguments),
    /// The audit log, with the check of its chain
    Audit(audit::AuditArguments),
    /// The lines of ledgers that fit, as JSON lines
    Export(evidence::ExportArguments),
    /// Add up the ledgers of many devices
    Merge(evidence::MergeArguments),
    /// Make one HTML page of the evidence: verdicts, bounds, differences, latency, timeline
    #[command(after_help = report::EXAMPLES)]
    Report(report::ReportArguments),
    /// Turn a feature, or all, off in a state file
    Kill(change::KillArguments),
    /// Take a kill back
    Unkill(change::KillArguments),
    /// Try a kill in a state file: how fast it counts, whether it lasts, and that it can be taken back
    Drill(drill::DrillArguments),
    /// Set a feature's stage in a state file: any lower one, or one step up
    Set(change::SetArguments),
    /// Lift a feature's quarantine and freeze, or safe mode
    Clear(change::ClearArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: RolloutCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        RolloutCommand::Compile(arguments) => compile::compile(&arguments, output),
        RolloutCommand::Lint(arguments) => compile::lint(&arguments, output),
        RolloutCommand::Status(arguments) => status::status(&arguments, output),
        RolloutCommand::Why(arguments) => status::why(&arguments, output),
        RolloutCommand::Gate(arguments) => evidence::gate(&arguments, output),
        RolloutCommand::Diff(arguments) => evidence::diff(&arguments, output),
        RolloutCommand::Audit(arguments) => audit::run(&arguments, output),
        RolloutCommand::Export(arguments) => evidence::export(&arguments, output),
        RolloutCommand::Merge(arguments) => evidence::merge(&arguments, output),
        RolloutCommand::Report(arguments) => report::run(&arguments, output),
        RolloutCommand::Kill(arguments) => change::kill(&arguments, true, output),
        RolloutCommand::Unkill(arguments) => change::kill(&arguments, false, output),
        RolloutCommand::Drill(arguments) => drill::run(&arguments, output),
        RolloutCommand::Set(arguments) => change::set(&arguments, output),
        RolloutCommand::Clear(arguments) => change::clear(&arguments, output),
    }
}

/// A text cut to so many characters, with a mark where something is missing.
fn cut(text: &str, width: usize) -> String {
    let text = crate::output::printable(text);
    if text.chars().count() <= width {
        return text;
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}
