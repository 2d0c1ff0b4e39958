//! Kinds `icons/mono`: the monochrome form byte for byte on flattened bitmaps, with the facts found on the way; and
//! `icons/wrapped`: wrapping an old icon ourselves gives the flattened bitmap that the platform gave, within a tolerance.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ferrule_icon_cache::pixels::resize::Scaler;
use ferrule_icon_cache::pixels::wrap::wrap;
use ferrule_icon_cache::pixels::{MonoFacts, monochrome};
use sha2::{Digest, Sha256};

use super::pictures::{Place, read, straight};
use crate::{Case, Kind};

/// Mean difference of a byte that scaling other than the platform's may make; it makes up to 0.23.
const MEAN_OFF: f64 = 0.3;

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "icons/mono", path: "icons/mono/index.tsv", load: load_mono },
        Kind { name: "icons/wrapped", path: "icons/mono/index.tsv", load: load_wrapped },
    ]
}

/// A row of the index by column.
type Row = HashMap<String, String>;

fn rows(path: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path)?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().context("an empty table")?.split('\t').collect();
    let row = |line: &str| {
        names.iter().map(|name| (*name).to_owned()).zip(line.split('\t').map(str::to_owned)).collect()
    };
    Ok(lines.filter(|line| !line.is_empty()).map(row).collect())
}

fn column<'a>(row: &'a Row, name: &str) -> Result<&'a str> {
    row.get(name).map(String::as_str).with_context(|| format!("no column {name}"))
}

fn load_mono(path: &Path) -> Result<Vec<Case>> {
    let folder = path.parent().context("a file without a folder")?;
    let case = |row: Row| -> Result<Case> {
        let name = column(&row, "name")?.to_owned();
        let input = folder.join("inputs").join(format!("{name}.png"));
        let output = folder.join("outputs").join(format!("{name}.a8"));
        let size = column(&row, "size")?.parse()?;
        let expected = MonoFacts {
            least: column(&row, "min")?.parse()?,
            most: column(&row, "max")?.parse()?,
            edge_sum: column(&row, "edge_sum")?.parse()?,
            inverted: column(&row, "inverted")? == "yes",
        };
        let sums = [column(&row, "input_sha256")?.to_owned(), column(&row, "output_sha256")?.to_owned()];
        Ok(Case { id: name, run: Box::new(move || check(&input, &output, size, expected, &sums)) })
    };
    rows(path)?.into_iter().map(case).collect()
}

fn check(
    input: &Path,
    output: &Path,
    size: u32,
    expected: MonoFacts,
    sums: &[String; 2],
) -> Result<(), String> {
    let picture = read(input).map_err(|error| format!("{error:#}"))?;
    let mut got = vec![0; picture.width as usize * picture.height as usize];
    let facts = picture.image().and_then(|image| monochrome(image, size, &mut got));
    let facts = facts.map_err(|error| error.to_string())?;
    let mut differences = Vec::new();
    let [input_sum, sum] = sums;
    let given = hex(&straight(input).map_err(|error| format!("{error:#}"))?);
    if given != *input_sum {
        differences.push(format!("input sha256: expected {input_sum}, got {given}"));
    }
    if facts != expected {
        differences.push(format!("facts: expected {expected:?}, got {facts:?}"));
    }
    // A row may come without its output; its checksum always comes.
    if let Ok(bytes) = fs::read(output) {
        let off = bytes.iter().zip(&got).filter(|(one, other)| one != other).count();
        if bytes.len() != got.len() || off > 0 {
            differences.push(format!("alpha: {off} bytes of {} differ, ours has {}", bytes.len(), got.len()));
        }
    }
    let got_sum = hex(&got);
    if got_sum != *sum {
        differences.push(format!("sha256: expected {sum}, got {got_sum}"));
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn load_wrapped(path: &Path) -> Result<Vec<Case>> {
    let place = Place { folder: "../moka192", theme: Some("Moka/96x96@2x/apps"), is_vector: false };
    let mut cases = Vec::new();
    for row in rows(path)? {
        if column(&row, "kind")? != "moka_wrapped" || column(&row, "size")? != "192" {
            continue;
        }
        let name = column(&row, "name")?.to_owned();
        let Some(icon) = place.find(path, &format!("{name}.png")) else { continue };
        let flattened = path.with_file_name("inputs").join(format!("{name}.png"));
        cases.push(Case { id: name, run: Box::new(move || check_wrapped(&icon, &flattened)) });
    }
    Ok(cases)
}

fn check_wrapped(icon: &Path, flattened: &Path) -> Result<(), String> {
    let text = |error: anyhow::Error| format!("{error:#}");
    let (icon, flattened) = (read(icon).map_err(text)?, read(flattened).map_err(text)?);
    let mut got = vec![0; flattened.pixels.len()];
    let wrapped = icon
        .image()
        .and_then(|icon| wrap(&mut Scaler::new(), icon, flattened.width, 0x00ff_ffff, false, &mut got));
    wrapped.map_err(|error| error.to_string())?;
    let total: u64 =
        got.iter().zip(&flattened.pixels).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
    let mean = total as f64 / got.len() as f64;
    if mean <= MEAN_OFF {
        Ok(())
    } else {
        Err(format!("mean difference of a byte: at most {MEAN_OFF}, got {mean}"))
    }
}
