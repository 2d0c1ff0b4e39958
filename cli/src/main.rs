//! `ferrule`: the cores on a workstation.
//!
//! What it is: the command line over the same decisions that a phone makes, for property files, version
//! strings, icons and launcher databases that somebody sends. What it is not: it decides nothing itself; each command reads its input, asks a core and
//! prints the answer, for people or, with `--json`, one object a line.
//!
//! Invariants: exit code 0 is done, 1 needs attention, 2 is a usage error or unreadable input, 3 is tripped (contracts 3); an input
//! that cannot be read does not keep the others from being answered; a closed pipe ends the output, nothing else.

mod icons;
mod model;
mod os;
mod output;
mod problem;
mod progress;
mod rollout;
mod target;
mod usage;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::output::Output;

/// The command line.
#[derive(Parser)]
#[command(
    name = "ferrule",
    version,
    about = "Asks Ferrule's cores about a phone, on a workstation",
    after_help = "Examples:\n  \
        adb shell getprop | ferrule os check -\n  \
        ferrule os check --probe rustruntime.v5=present --device ram_gib=12 phone/build.prop\n  \
        ferrule os version OS3.0.7.0.WZZCNXM\n  \
        ferrule icons analyze icon.png\n  \
        ferrule icons import app_icons.db --into icons.store\n  \
        ferrule icons render icons.store --out sheet.png\n  \
        ferrule model show launcher.db\n  \
        ferrule model import --store home.store launcher.db\n  \
        ferrule model explain home.store\n  \
        ferrule model load --personality compat --grid 5x5/5 launcher.db\n  \
        ferrule rollout compile ferrule.toml --out rollout.state\n\n\
        Exit codes: 0 done, 1 needs attention, 2 usage error or unreadable input, 3 something is killed or tripped."
)]
struct Arguments {
    #[command(subcommand)]
    area: Area,
}

/// What is asked about.
#[derive(Subcommand)]
enum Area {
    /// Which OS a phone runs, and what it may show
    #[command(subcommand)]
    Os(os::OsCommand),
    /// What icons look like to a launcher
    #[command(subcommand)]
    Icons(icons::IconsCommand),
    /// What a launcher's database holds, and what a launcher makes of it
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// Who answers, and the evidence that lets a feature move on
    #[command(subcommand)]
    Rollout(rollout::RolloutCommand),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  ferrule completions bash > ~/.local/share/bash-completion/completions/ferrule"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::refuse(&error),
    };
    let mut output = Output::stdout();
    let code = match arguments.area {
        Area::Os(command) => os::run(command, &mut output),
        Area::Icons(command) => icons::run(command, &mut output),
        Area::Model(command) => model::run(command, &mut output),
        Area::Rollout(command) => rollout::run(command, &mut output),
        Area::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "ferrule", &mut script);
            output.bytes(&script).map(|()| ExitCode::SUCCESS)
        }
    };
    match code.and_then(|code| output.end().map(|()| code)) {
        Ok(code) => code,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("cannot write: {error}"));
            ExitCode::from(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
