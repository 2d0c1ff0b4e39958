//! `ferrule-parity COUNT SEED PROGRAM…`: feeds random databases to a legacy loader and to the core.
//!
//! The program reads `input` objects of load cases and writes `output` objects, one a line. Exit code 0: all agree; 1:
//! at least one differs, and the first is printed with its seed and input; 2: the program failed. Then one store is rolled
//! back to legacy after its process was killed (`rollback`), and both legacy OS checks are asked about phones (`phones`).

mod legacy;
mod phones;
mod rollback;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use ferrule_parity::{answer, differences, input};

/// The command line.
#[derive(Parser)]
#[command(name = "ferrule-parity", about = "Random databases: the core beside the Kotlin legacy")]
struct Arguments {
    /// How many databases
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The seed of the first one; the next ones follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print an input and end
    #[arg(long)]
    print: bool,
    /// Make a store there, bring an item back and wait to be killed: for the rollback's child
    #[arg(long, value_name = "STORE", hide = true)]
    bring_back: Option<PathBuf>,
    /// The legacy loader and its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.print {
        println!("{}", input(arguments.seed));
        return ExitCode::SUCCESS;
    }
    if let Some(store) = &arguments.bring_back {
        return match rollback::child(store) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("parity: {error:#}");
                ExitCode::from(2)
            }
        };
    }
    if let Err(error) = rollback::check(&arguments.program) {
        eprintln!("rollback: {error:#}");
        return ExitCode::from(1);
    }
    match phones::compare(&arguments.program, arguments.count, arguments.seed) {
        Ok(0) => {}
        Ok(_) => return ExitCode::from(1),
        Err(error) => {
            eprintln!("phones: {error:#}");
            return ExitCode::from(2);
        }
    }
    match compare(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("parity: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Compares all and says how many differ.
fn compare(arguments: &Arguments) -> anyhow::Result<u64> {
    let first = arguments.seed;
    let questions = (0..usize::try_from(arguments.count)?).map(move |at| input(first + at as u64));
    let mut differing = 0;
    let mut rows = 0;
    legacy::ask(&arguments.program, questions, |at, legacy| {
        let seed = first + at as u64;
        let input = input(seed);
        rows += input["rows"].as_array().map_or(0, Vec::len);
        let core = answer(&input).map_err(anyhow::Error::msg)?;
        let found = differences(&legacy, &core);
        if found.is_empty() {
            return Ok(());
        }
        differing += 1;
        if differing == 1 {
            println!("seed {seed}: legacy and core differ\n{}\ninput {input}", found.join("\n"));
        } else if differing <= SHOWN_MAX {
            println!("seed {seed}: {}", found.first().map_or("", String::as_str));
        }
        Ok(())
    })?;
    println!("{rows} rows in {} databases, first seed {}", arguments.count, arguments.seed);
    println!("{} passed, {differing} failed", arguments.count - differing);
    Ok(differing)
}

/// How many differing databases are named.
const SHOWN_MAX: u64 = 20;
