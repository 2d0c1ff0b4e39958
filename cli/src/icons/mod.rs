//! `ferrule icons …`: commands over the icon cache.
//!
//! Invariants: files that are read are copied whole and only the copies are opened; a store is written by `import --into` and
//! by nothing else; no file is replaced; what is wrong is said with a code, the file's name and what to do about it.

mod analyze;
mod check;
mod export;
mod import;
mod problem;
mod render;
mod sheet;
mod stat;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Output;

/// The form of the JSON that the commands over stores print; grows when a key changes its meaning or goes.
const SCHEMA: u32 = 1;

/// A question about icons.
#[derive(Subcommand)]
pub enum IconsCommand {
    /// Dominant colour, scale and bounds of PNG files, and their monochrome form, as AOSP computes them
    #[command(after_help = analyze::EXAMPLES)]
    Analyze(analyze::AnalyzeArguments),
    /// Take a legacy cache (app_icons.db) of any release into a store, or say what would come in
    #[command(after_help = import::EXAMPLES)]
    Import(import::ImportArguments),
    /// What stores hold: icons, variants, profiles, what is stale, bytes
    #[command(after_help = stat::EXAMPLES)]
    Stat(stat::StatArguments),
    /// Say whether stores are whole: every page, every row, every picture
    #[command(after_help = check::EXAMPLES)]
    Check(check::CheckArguments),
    /// Write a store's icons as PNG files with an index
    #[command(after_help = export::EXAMPLES)]
    Export(export::ExportArguments),
    /// Draw a store's icons on one sheet, as a PNG file
    #[command(after_help = render::EXAMPLES)]
    Render(render::RenderArguments),
}

/// Runs a command.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(command: IconsCommand, output: &mut Output) -> io::Result<ExitCode> {
    match command {
        IconsCommand::Analyze(arguments) => analyze::run(&arguments, output),
        IconsCommand::Import(arguments) => import::run(&arguments, output),
        IconsCommand::Stat(arguments) => stat::run(&arguments, output),
        IconsCommand::Check(arguments) => check::run(&arguments, output),
        IconsCommand::Export(arguments) => export::run(&arguments, output),
        IconsCommand::Render(arguments) => render::run(&arguments, output),
    }
}
