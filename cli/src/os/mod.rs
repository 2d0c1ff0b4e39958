//! `ferrule os …`: commands over os4-compat.

mod answer;
mod check;
mod phone;
mod settings;
mod version;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Output;

/// A question about the OS.
#[derive(Subcommand)]
pub enum OsCommand {
    /// Which OS property files speak of, which effects it may show, and why
    #[command(after_help = check::EXAMPLES)]
    Check(check::CheckArguments),
    /// Take version strings of the system or of its launcher apart
    #[command(after_help = version::EXAMPLES)]
    Version(version::VersionArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: OsCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        OsCommand::Check(arguments) => check::run(&arguments, output),
        OsCommand::Version(arguments) => version::run(&arguments, output),
    }
}
