//! `ferrule-parity COUNT SEED PROGRAM…`: feeds random databases to a legacy loader and to the core.
//!
//! The program reads `input` objects of load cases and writes `output` objects, one a line. Exit code 0: all agree; 1:
//! at least one differs, and the first is printed with its seed and input; 2: the program failed. Then one store is rolled
//! back to legacy after its process was killed (`rollback`), and both legacy OS checks are asked about phones (`phones`).

mod phones;
mod rollback;

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use anyhow::{Context, bail};
use clap::Parser;
use ferrule_parity::{answer, differences, input};
use serde_json::Value;

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
    let (program, rest) = arguments.program.split_first().context("name the legacy loader's program")?;
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let stdin = child.stdin.take().context("no stdin")?;
    let stdout = child.stdout.take().context("no stdout")?;
    let seeds = arguments.seed..arguments.seed + arguments.count;
    let sent = seeds.clone();
    // The legacy loader answers while more is being written, so writing has a thread of its own.
    let writer = thread::spawn(move || -> std::io::Result<()> {
        let mut stdin = BufWriter::new(stdin);
        for seed in sent {
            writeln!(stdin, "{}", input(seed))?;
        }
        stdin.flush()
    });
    let mut answers = BufReader::new(stdout).lines();
    let mut differing = 0;
    let mut rows = 0;
    for seed in seeds {
        let Some(line) = answers.next() else { bail!("the legacy loader ended before seed {seed}") };
        let legacy: Value = serde_json::from_str(&line?).with_context(|| format!("seed {seed}"))?;
        let input = input(seed);
        rows += input["rows"].as_array().map_or(0, Vec::len);
        let core = answer(&input).map_err(anyhow::Error::msg)?;
        let found = differences(&legacy, &core);
        if found.is_empty() {
            continue;
        }
        differing += 1;
        if differing == 1 {
            println!("seed {seed}: legacy and core differ\n{}\ninput {input}", found.join("\n"));
        } else if differing <= SHOWN_MAX {
            println!("seed {seed}: {}", found.first().map_or("", String::as_str));
        }
    }
    writer.join().map_err(|_| anyhow::anyhow!("the writer failed"))??;
    if !child.wait()?.success() {
        bail!("the legacy loader failed");
    }
    println!("{rows} rows in {} databases, first seed {}", arguments.count, arguments.seed);
    println!("{} passed, {differing} failed", arguments.count - differing);
    Ok(differing)
}

/// How many differing databases are named.
const SHOWN_MAX: u64 = 20;
