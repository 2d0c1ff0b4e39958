//! `ferrule-fleet`: virtual devices on the command line.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser};
use ferrule_fleet::evidence::Gathering;
use ferrule_fleet::subjects::Subject;
use ferrule_fleet::{million, scenarios};
use ferrule_rollout::stage::{Rung, Stage};

/// Virtual devices.
#[derive(Parser)]
enum Command {
    /// Let a fleet compare a feature at one stage and write its ledgers
    Evidence(EvidenceArguments),
    /// Write the scenarios of the fleet's SQL, with the verdicts of the gate in Rust
    Scenarios {
        /// The folder
        #[arg(long)]
        out: PathBuf,
    },
    /// Merge the shards of so many devices and print the peak of memory
    Million {
        /// How many devices
        #[arg(long, default_value_t = 1_000_000)]
        devices: u64,
    },
}

#[derive(Args)]
struct EvidenceArguments {
    /// The configuration
    #[arg(long)]
    config: PathBuf,
    /// The feature
    #[arg(long)]
    feature: String,
    /// The stage
    #[arg(long)]
    stage: String,
    /// The share of a canary
    #[arg(long, default_value_t = 0)]
    permille: u16,
    /// How many devices
    #[arg(long, default_value_t = 300)]
    devices: u64,
    /// Calls that each compares
    #[arg(long, default_value_t = 128)]
    calls: u64,
    /// Days that pass
    #[arg(long, default_value_t = 8)]
    days: u32,
    /// The candidate's build
    #[arg(long, default_value = "9f3c")]
    build: String,
    /// The seed
    #[arg(long, default_value_t = 20_261_125)]
    seed: u64,
    /// The device whose candidate answers wrongly once
    #[arg(long)]
    planted: Option<u64>,
    /// The file
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Evidence(arguments) => evidence(&arguments),
        Command::Scenarios { out } => scenarios::write(&out).map_err(|error| error.to_string()),
        Command::Million { devices } => {
            merged(devices);
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("ferrule-fleet: {why}");
            ExitCode::from(2)
        }
    }
}

fn evidence(arguments: &EvidenceArguments) -> Result<(), String> {
    let named = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&arguments.config).map_err(|error| named(&arguments.config, error))?;
    let config = ferrule_rollout::config::parse(&text, None).config.ok_or("the configuration is unusable")?;
    let subject = Subject::parse(&arguments.feature).ok_or("there is no such feature")?;
    let feature = config.named(subject.name()).ok_or("the configuration has no such feature")?;
    let rung = match Stage::parse(&arguments.stage) {
        Some(Stage::Canary) => Rung::canary(arguments.permille),
        Some(stage) => Rung::of(stage),
        None => return Err("there is no such stage".to_owned()),
    };
    let gathering = Gathering {
        subject,
        config: feature,
        rung,
        build: arguments.build.clone(),
        devices: arguments.devices,
        calls: arguments.calls,
        days: arguments.days,
        seed: arguments.seed,
        planted: arguments.planted,
    };
    let file = File::create(&arguments.out).map_err(|error| named(&arguments.out, error))?;
    let mut out = BufWriter::new(file);
    for number in 0..gathering.devices {
        out.write_all(gathering.device(number).as_bytes()).map_err(|error| named(&arguments.out, error))?;
    }
    out.flush().map_err(|error| named(&arguments.out, error))
}

/// A hundredth first: what the rest adds to the peak is what grows with the fleet.
fn merged(devices: u64) {
    let peak = || million::peak_kib().map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024));
    for devices in [devices / 100, devices] {
        let tally = million::merge(devices);
        println!(
            "{} devices, {} comparisons, about {} different inputs: peak of memory {}",
            tally.devices,
            tally.sum.comparisons(),
            tally.sum.distinct.estimate(),
            peak()
        );
    }
}
