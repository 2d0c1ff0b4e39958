//! Asks the Kotlin legacy's OS check and its restatement in Rust about every phone file and about random phones.
//!
//! Each phone has a name, which is printed where they differ; without a single file nothing is proven and it fails.

use std::fs;

use anyhow::{Context, ensure};
use ferrule_compare::os::Phone;
use ferrule_parity::os;

use crate::legacy;

/// How many differing phones are named.
const SHOWN_MAX: u64 = 20;

/// Compares all and says how many differ.
pub fn compare(program: &[String], count: u64, seed: u64) -> anyhow::Result<u64> {
    let mut phones = of_files()?;
    let files = phones.len();
    ensure!(files > 0, "no phone file in the conformance data");
    phones.extend((seed..seed + count).map(|seed| (format!("random phone {seed}"), os::phone(seed))));
    let questions: Vec<_> = phones.iter().map(|(_, phone)| os::question(phone)).collect();
    let mut differing = 0;
    let mut left = phones.iter();
    legacy::ask(program, questions.into_iter(), |_, told| {
        let (name, phone) = left.next().context("more answers than phones")?;
        let found = os::differences(&told, &os::answers(phone));
        if found.is_empty() {
            return Ok(());
        }
        differing += 1;
        if differing <= SHOWN_MAX {
            println!("{name}: {}", found.first().map_or("", String::as_str));
        }
        if differing == 1 {
            println!("{}", os::question(phone)["phone"]);
        }
        Ok(())
    })?;
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
