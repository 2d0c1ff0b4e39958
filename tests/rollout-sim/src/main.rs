//! `rollout-sim`: runs histories and prints seeds, figures and the coverage of faults.

use std::process::ExitCode;

use clap::Parser;
use ferrule_rollout_sim::{Outcome, run};

/// A device in a bottle: the rollout engine under injected faults.
#[derive(Parser)]
struct Arguments {
    /// The first seed
    #[arg(long, default_value_t = 20_261_125)]
    seed: u64,
    /// How many seeds at most
    #[arg(long, default_value_t = u64::MAX)]
    seeds: u64,
    /// Steps of each seed
    #[arg(long, default_value_t = 2_000)]
    steps: u64,
    /// Stop when so many faults were injected
    #[arg(long, default_value_t = 1_000_000)]
    faults: u64,
}

fn main() -> ExitCode {
    let Arguments { seed, seeds, steps, faults } = Arguments::parse();
    let mut all = Outcome::default();
    let mut count = 0;
    while count < seeds && all.coverage.total() < faults {
        match run(seed.wrapping_add(count), steps) {
            Ok(outcome) => all.add(&outcome),
            Err(violation) => {
                println!("{violation}");
                return ExitCode::from(1);
            }
        }
        count += 1;
    }
    println!(
        "seeds {seed}..{}, {} steps, {} calls, {} deaths in flight, 0 violations of RO-I1 to RO-I7",
        seed.wrapping_add(count),
        all.steps,
        all.calls,
        all.deaths
    );
    println!("{}", all.coverage);
    ExitCode::SUCCESS
}
