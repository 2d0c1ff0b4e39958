//! Asks the Kotlin legacy's OS check and its restatement in Rust about every phone file and about random phones.
//!
//! Each phone has a name, which is printed where they differ; without a single file nothing is proven and it fails.

use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, bail, ensure};
use ferrule_compare::os::Phone;
use ferrule_parity::os;
use serde_json::Value;

/// How many differing phones are named.
const SHOWN_MAX: u64 = 20;

/// Compares all and says how many differ.
pub fn compare(program: &[String], count: u64, seed: u64) -> anyhow::Result<u64> {
    let mut phones = of_files()?;
    let files = phones.len();
    ensure!(files > 0, "no phone file in the conformance data");
    phones.extend((seed..seed + count).map(|seed| (format!("random phone {seed}"), os::phone(seed))));
    let told = ask(program, &phones)?;
    let mut differing = 0;
    for ((name, phone), told) in phones.iter().zip(&told) {
        let found = os::differences(told, &os::answers(phone));
        if found.is_empty() {
            continue;
        }
        differing += 1;
        if differing <= SHOWN_MAX {
            println!("{name}: {}", found.first().map_or("", String::as_str));
        }
        if differing == 1 {
            println!("{}", os::question(phone)["phone"]);
        }
    }
    println!("{files} phone files and {count} random phones, {} answers each", os::repaired().len());
    println!("{} passed, {differing} failed", phones.len() as u64 - differing);
    Ok(differing)
}

/// The phones of all files of the corpus, by name.
fn of_files() -> anyhow::Result<Vec<(String, Phone)>> {
    let folder = ferrule_conformance::data_dir().join("os4/props");
    let mut phones = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        phones.push((name, os::phone_of(&fs::read(&path)?)));
    }
    phones.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(phones)
}

fn ask(program: &[String], phones: &[(String, Phone)]) -> anyhow::Result<Vec<Value>> {
    let (program, rest) = program.split_first().context("name the legacy's program")?;
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let stdin = child.stdin.take().context("no stdin")?;
    let stdout = child.stdout.take().context("no stdout")?;
    let questions: Vec<Value> = phones.iter().map(|(_, phone)| os::question(phone)).collect();
    // It answers while more is being written, so writing has a thread of its own.
    let writer = thread::spawn(move || -> std::io::Result<()> {
        let mut stdin = BufWriter::new(stdin);
        for question in questions {
            writeln!(stdin, "{question}")?;
        }
        stdin.flush()
    });
    let mut told = Vec::new();
    for line in BufReader::new(stdout).lines() {
        told.push(serde_json::from_str(&line?)?);
    }
    writer.join().map_err(|_| anyhow::anyhow!("the writer failed"))??;
    ensure!(child.wait()?.success(), "the legacy's OS check failed");
    if told.len() != phones.len() {
        bail!("{} answers about {} phones", told.len(), phones.len());
    }
    Ok(told)
}
