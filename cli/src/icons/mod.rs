//! `ferrule icons …`: commands over the icon cache.

mod analyze;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Output;

/// A question about icons.
#[derive(Subcommand)]
pub enum IconsCommand {
    /// Dominant colour, scale and bounds of PNG files, and their monochrome form, as AOSP computes them
    #[command(after_help = analyze::EXAMPLES)]
    Analyze(analyze::AnalyzeArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: IconsCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        IconsCommand::Analyze(arguments) => analyze::run(&arguments, output),
    }
}
