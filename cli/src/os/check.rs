//! `ferrule os check`: one answer a phone.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::os::answer::{self, Answer};
use crate::os::phone;
use crate::os::settings::Settings;
use crate::output::{Output, printable};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Ask a phone on the cable:
    adb shell getprop | ferrule os check -
  Property files, as a table and as JSON:
    ferrule os check build.prop
    ferrule os check --json *.prop | jq .glass
  A dump with a folder a partition is one phone, merged in load order; other folders are one phone a file:
    ferrule os check dump/ collection/
  Properties say nothing of libraries and memory; say it yourself:
    ferrule os check --probe rustruntime.v5=present --device ram_gib=12 --device abi=arm64-v8a build.prop
  The same phone, hot and saving its battery:
    ferrule os check --runtime thermal=3 --runtime battery_saver=on build.prop

The codes in brackets are explained in docs/codes.md.";

/// What is checked, and how the answer is printed.
#[derive(Args)]
pub struct CheckArguments {
    /// Print one JSON object a line instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
    /// Property files (build.prop, or the output of getprop), folders of one phone each, or - for stdin
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
}

/// Answers for each path; exit code 2 if one could not be read.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &CheckArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut answers = Vec::new();
    let mut unreadable = false;
    for path in &arguments.paths {
        let sources = phone::sources(path).unwrap_or_else(|problem| {
            eprintln!("ferrule: {}", printable(&problem));
            unreadable = true;
            Vec::new()
        });
        for source in sources {
            match source.read() {
                Ok(phone) => {
                    let answer = Answer::about(source.name(), phone, &arguments.settings);
                    if arguments.json {
                        output.json(&answer)?;
                    } else {
                        answers.push(answer);
                    }
                }
                Err(problem) => {
                    eprintln!("ferrule: {}", printable(&problem));
                    unreadable = true;
                }
            }
        }
    }
    if !answers.is_empty() {
        answer::print(&answers, output)?;
    }
    Ok(if unreadable { ExitCode::from(2) } else { ExitCode::SUCCESS })
}
