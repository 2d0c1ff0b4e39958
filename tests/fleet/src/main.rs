//! `ferrule-fleet`: virtual devices on the command line.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser};
use ferrule_fleet::evidence::Gathering;
use ferrule_fleet::million::Verdict;
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
    /// Merge the ledgers of so many devices, weigh them, and print the peak of memory
    Million {
        /// How many devices
        #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(10_000..=3_000_000))]
        devices: u64,
        /// A folder for the lines and the verdicts, for gates.py; about a kilobyte a device
        #[arg(long)]
        out: Option<PathBuf>,
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
        Command::Million { devices, out } => merged(devices, out.as_deref()),
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

/// How much more memory the whole fleet may take than a tenth of it; the set of devices seen is all in use by then.
const GROWTH_KIB: u64 = 4 * 1024;

/// A hundredth and a tenth first: what the rest adds to the peak is what grows with the fleet.
fn merged(devices: u64, out: Option<&Path>) -> Result<(), String> {
    let merge = |devices, copy: &mut dyn Write| -> Result<(Vec<Verdict>, Option<u64>), String> {
        let verdicts = million::merge(devices, copy).map_err(|error| error.to_string())?;
        let peak = million::peak_kib();
        let told = peak.map_or("unknown".to_owned(), |kib| format!("{:.1} MiB", kib as f64 / 1024.0));
        println!("{devices:>9} devices: peak of memory {told}");
        Ok((verdicts, peak))
    };
    merge(devices / 100, &mut io::sink())?;
    let (_, of_a_tenth) = merge(devices / 10, &mut io::sink())?;
    let (verdicts, of_all) = match out {
        None => merge(devices, &mut io::sink())?,
        Some(folder) => {
            let named = |error: io::Error| format!("{}: {error}", folder.display());
            fs::create_dir_all(folder).map_err(named)?;
            let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new).map_err(named);
            let mut lines = create("lines.jsonl")?;
            let merged = merge(devices, &mut lines)?;
            lines.flush().map_err(named)?;
            let mut features = create("features.jsonl")?;
            million::features().try_for_each(|line| writeln!(features, "{line}")).map_err(named)?;
            let mut expected = create("expected.jsonl")?;
            let mut each = merged.0.iter();
            each.try_for_each(|verdict| writeln!(expected, "{}", verdict.expected())).map_err(named)?;
            features.flush().and_then(|()| expected.flush()).map_err(named)?;
            merged
        }
    };
    for Verdict { feature, evidence, tally, .. } in &verdicts {
        println!(
            "  {feature:<24} {evidence:<16} {} devices, {} comparisons, {} real, {} ledgers came again",
            tally.devices,
            tally.sum.comparisons(),
            tally.sum.real(),
            tally.duplicates
        );
    }
    if let Some(wrong) = verdicts.iter().find(|verdict| verdict.evidence != verdict.wanted) {
        return Err(format!("{}: the gate says {}, not {}", wrong.feature, wrong.evidence, wrong.wanted));
    }
    match (of_a_tenth, of_all) {
        (Some(tenth), Some(all)) if all > tenth + GROWTH_KIB => {
            Err(format!("the peak of memory grew from {tenth} to {all} KiB"))
        }
        _ => Ok(()),
    }
}
