//! `ferrule model …`: commands over launcher-model.
//!
//! Invariants: a database is copied whole and only the copy is opened, so the file is never written; what is wrong with
//! it is said with a code, the file's name and what to do about it.

mod board;
mod grid;
mod load;
mod problem;
mod progress;
mod show;
mod source;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Output;
use problem::Problem;

/// A question about a home screen.
#[derive(Subcommand)]
pub enum ModelCommand {
    /// Draw the pages, dock and folders that a launcher's database holds
    #[command(after_help = show::EXAMPLES)]
    Show(show::ShowArguments),
    /// Load a launcher's database as a launcher does and say what became of each row
    #[command(after_help = load::EXAMPLES)]
    Load(load::LoadArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: ModelCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        ModelCommand::Show(arguments) => show::run(&arguments, output),
        ModelCommand::Load(arguments) => load::run(&arguments, output),
    }
}

/// Says what is wrong; the exit code that goes with it.
fn refuse(problem: &Problem) -> ExitCode {
    eprintln!("ferrule: {problem}");
    ExitCode::from(problem.exit)
}
