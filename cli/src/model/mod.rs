//! `ferrule model …`: commands over launcher-model.
//!
//! Invariants: a database is copied whole and only the copy is opened, so the file is never written; a store is written
//! only by the commands that say so; no file is replaced; what is wrong is said with a code, the file's name and what
//! to do about it.

mod board;
mod check;
mod explain;
mod export;
mod grid;
mod import;
mod load;
mod problem;
mod show;
mod snapshots;
mod source;
mod stored;
mod when;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;
use ferrule_launcher_model::salvage::SalvageReport;

use crate::output::Output;

/// A question about a home screen.
#[derive(Subcommand)]
pub enum ModelCommand {
    /// Import launchers' databases into a store, or say what would come in
    #[command(after_help = import::EXAMPLES)]
    Import(import::ImportArguments),
    /// Draw the pages, dock and folders that a launcher's database or a store holds
    #[command(after_help = show::EXAMPLES)]
    Show(show::ShowArguments),
    /// Load a launcher's database or a store as a launcher does and say what became of each row
    #[command(after_help = load::EXAMPLES)]
    Load(load::LoadArguments),
    /// Say why items of a store are not where they were left, since when, and what helps
    #[command(after_help = explain::EXAMPLES)]
    Explain(explain::ExplainArguments),
    /// Say whether stores and databases are whole
    #[command(after_help = check::EXAMPLES)]
    Check(check::CheckArguments),
    /// Write a store's home screen as a launcher's database
    #[command(after_help = export::EXAMPLES)]
    Export(export::ExportArguments),
    /// List, make and go back to the snapshots of a store
    #[command(after_help = snapshots::EXAMPLES)]
    Snapshots(snapshots::SnapshotsArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: ModelCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        ModelCommand::Import(arguments) => import::run(&arguments, output),
        ModelCommand::Show(arguments) => show::run(&arguments, output),
        ModelCommand::Explain(arguments) => explain::run(&arguments, output),
        ModelCommand::Check(arguments) => check::run(&arguments, output),
        ModelCommand::Export(arguments) => export::run(&arguments, output),
        ModelCommand::Snapshots(arguments) => snapshots::run(&arguments, output),
        ModelCommand::Load(arguments) => load::run(&arguments, output),
    }
}

/// What an opening salvaged, as code and words.
fn salvage_lines(salvage: &SalvageReport) -> Vec<(String, String)> {
    let mut lines = vec![
        ("LM_STORE_DAMAGED".to_owned(), salvage.detail.clone()),
        (
            salvage.origin.code().to_owned(),
            format!(
                "{} items are left, {} of them from a snapshot; {} of {} pages of the file are unreadable",
                salvage.items,
                salvage.from_snapshot.len(),
                salvage.pages.1,
                salvage.pages.0,
            ),
        ),
    ];
    if salvage.broken_rows > 0 {
        let detail = format!("{} rows make no sense", salvage.broken_rows);
        lines.push((salvage.origin.code().to_owned(), detail));
    }
    lines
}
