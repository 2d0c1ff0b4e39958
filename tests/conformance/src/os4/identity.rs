//! Kinds about which OS this is: decision vectors, real property files, real build numbers, launcher versions.
//!
//! Expected values come from the data only; the mapping of families is that of contracts 2.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use ferrule_os4_compat::incremental::{Form, Incremental};
use ferrule_os4_compat::launcher_version::LauncherNumbers;
use ferrule_os4_compat::{LauncherVersion, OsIdentity, PropertyMap};
use serde_json::Value;

use crate::{Case, Kind};

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "os4/identity", path: "os4/os_vectors.jsonl", load: load_vectors },
        Kind { name: "os4/props", path: "os4/props/index.csv", load: load_props },
        Kind { name: "os4/incrementals", path: "os4/incrementals.tsv", load: load_incrementals },
        Kind { name: "os4/launcher", path: "os4/launcher_vectors.json", load: load_launcher },
    ]
}

/// Collects the facts that differ.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, fact: &str, expected: T, got: T) {
        if expected != got {
            self.0.push(format!("{fact}: expected {expected:?}, got {got:?}"));
        }
    }

    fn finish(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.join("\n")) }
    }
}

/// The data's family → ours, and whether it says spoofed (contracts 2).
fn map_family(name: &str) -> Result<(&'static str, bool)> {
    Ok(match name {
        "HyperOS" => ("hyperos", false),
        "HyperOS-spoofed" => ("hyperos", true),
        "MIUI" | "MIUI-port" => ("miui", false),
        "XiaomiGo" => ("xiaomi_go", false),
        "unknown-xiaomi" | "other" | "Other" => ("other", false),
        other => bail!("unknown family {other:?}"),
    })
}

fn describe(identity: &OsIdentity) -> String {
    let reasons: Vec<String> =
        identity.reasons.iter().map(|reason| format!("  {} ({})", reason.code, reason.detail)).collect();
    format!("reasons:\n{}", reasons.join("\n"))
}

struct Expected {
    family: &'static str,
    major: Option<u32>,
    /// `None` where the data have no such column.
    at_least_os4: Option<bool>,
    spoofed: bool,
    /// `None` where the data have no such column; `Some(None)` where it says that there is no SDK.
    sdk: Option<Option<u32>>,
}

impl Expected {
    fn check(&self, map: &PropertyMap) -> Result<(), String> {
        let identity = OsIdentity::decide(map);
        let mut differences = Differences::default();
        differences.compare("family", self.family, identity.family.as_str());
        differences.compare("major", self.major, identity.major);
        differences.compare("spoofed", self.spoofed, identity.spoofed);
        if let Some(at_least_os4) = self.at_least_os4 {
            differences.compare("at_least_os4", at_least_os4, identity.at_least_os4());
        }
        if let Some(sdk) = self.sdk {
            differences.compare("sdk", sdk, identity.sdk);
        }
        if identity.reasons.is_empty() {
            differences.0.push("no reason".to_owned());
        }
        differences.finish().map_err(|text| format!("{text}\n{}", describe(&identity)))
    }
}

fn optional_number(text: &str) -> Result<Option<u32>> {
    if text.is_empty() {
        Ok(None)
    } else {
        Ok(Some(text.parse().with_context(|| format!("number {text:?}"))?))
    }
}

fn load_vectors(path: &Path) -> Result<Vec<Case>> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let read = |(at, line)| {
        vector_case(line).unwrap_or_else(|error| Case::not_understood(format!("line {}", at + 1), &error))
    };
    Ok(lines.enumerate().map(read).collect())
}

fn vector_case(line: &str) -> Result<Case> {
    let row: Value = serde_json::from_str(line)?;
    let id = row["name"].as_str().context("name")?.to_owned();
    let props = row["props"].as_object().with_context(|| format!("{id}: props"))?;
    let pairs: Vec<(&str, &str)> = props
        .iter()
        .map(|(key, value)| Ok((key.as_str(), value.as_str().context("value")?)))
        .collect::<Result<_>>()?;
    let (family, _) = map_family(row["family"].as_str().with_context(|| format!("{id}: family"))?)?;
    let major = match &row["major"] {
        Value::Null => None,
        number => Some(u32::try_from(number.as_u64().with_context(|| format!("{id}: major"))?)?),
    };
    let flag = |name: &str| row[name].as_bool().with_context(|| format!("{id}: {name}"));
    let expected = Expected {
        family,
        major,
        at_least_os4: Some(flag("at_least_os4")?),
        spoofed: flag("spoof_suspected")?,
        sdk: None,
    };
    // The three ways in must agree: pairs, a file and getprop output.
    let file: String = pairs.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    let getprop: String = pairs.iter().map(|(key, value)| format!("[{key}]: [{value}]\n")).collect();
    let maps = [
        ("pairs", PropertyMap::from_pairs(pairs)),
        ("file", PropertyMap::parse(file.as_bytes())),
        ("getprop", PropertyMap::parse(getprop.as_bytes())),
    ];
    let run = Box::new(move || {
        maps.iter().try_for_each(|(way, map)| expected.check(map).map_err(|text| format!("as {way}: {text}")))
    });
    Ok(Case { id, run })
}

fn load_props(path: &Path) -> Result<Vec<Case>> {
    let folder = path.parent().context("folder of index.csv")?;
    let text = fs::read_to_string(path)?;
    let mut rows = csv_rows(&text);
    let header = rows.next().context("header")?;
    let column =
        |name: &str| header.iter().position(|title| title == name).with_context(|| format!("column {name}"));
    let (file, family) = (column("file")?, column("expected_family")?);
    let (major, sdk) = (column("expected_major")?, column("sdk")?);
    let mut cases = Vec::new();
    for row in rows {
        let cell = |at: usize| row.get(at).map(String::as_str).with_context(|| format!("short row {row:?}"));
        let id = cell(file)?.to_owned();
        let path = folder.join(&id);
        let (family, spoofed) = match map_family(cell(family)?) {
            Ok(mapped) => mapped,
            Err(error) => {
                cases.push(Case::not_understood(id, &error));
                continue;
            }
        };
        // `expected_major` applies where it is not empty; the families without one have none.
        let major = optional_number(cell(major)?)?;
        let sdk = Some(optional_number(cell(sdk)?)?);
        let expected = Expected { family, major, at_least_os4: None, spoofed, sdk };
        let run = Box::new(move || {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            expected.check(&PropertyMap::parse(&bytes))
        });
        cases.push(Case { id, run });
    }
    Ok(cases)
}

/// Rows of a CSV text with quoted cells; a doubled quote is a quote.
fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    text.lines().filter(|line| !line.is_empty()).map(|line| {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                other => cell.push(other),
            }
        }
        cells.push(cell);
        cells
    })
}

fn load_incrementals(path: &Path) -> Result<Vec<Case>> {
    let text = fs::read_to_string(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().context("header")?.split('\t').collect();
    let column =
        |name: &str| header.iter().position(|title| *title == name).with_context(|| format!("column {name}"));
    let (version, codename, android) = (column("version")?, column("codename")?, column("android")?);
    let mut cases = Vec::new();
    let mut unparsed = Vec::new();
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell =
            |column: usize| cells.get(column).copied().with_context(|| format!("short row {}", at + 2));
        let (version, android) = (cell(version)?.to_owned(), cell(android)?.to_owned());
        if Incremental::parse(&version).is_err() {
            unparsed.push(version.clone());
        }
        let id = format!("{}:{version}:{}", at + 2, cell(codename)?);
        cases.push(Case { id, run: Box::new(move || check_incremental(&version, &android)) });
    }
    if !cases.is_empty() {
        let unparsed = Arc::new(unparsed);
        let run = Box::new(move || match unparsed.len() {
            0 | 1 => Ok(()),
            _ => Err(format!("more than one text does not parse: {unparsed:?}")),
        });
        cases.push(Case { id: "at_most_one_unparsed".to_owned(), run });
    }
    Ok(cases)
}

/// A row's letter against its Android column. How many rows may fail to parse is a case of its own.
fn check_incremental(version: &str, android: &str) -> Result<(), String> {
    let Ok(build) = Incremental::parse(version) else { return Ok(()) };
    if build.form() == Form::Legacy {
        let of_the_letter = ["4.1", "4.2", "4.3"].contains(&android);
        return if of_the_letter { Ok(()) } else { Err(format!("android: tracker {android}, letter J")) };
    }
    let Some(from_letter) = build.android() else {
        return match build.android_letter() {
            Some(letter) => Err(format!("letter {letter} is not known; the tracker says Android {android}")),
            None => Ok(()),
        };
    };
    // The tracker writes 8.0 and 8.1 where the letter says 8, and 4.4 where it says 4.4.
    let agrees = android == from_letter || android.split('.').next() == Some(from_letter);
    if agrees { Ok(()) } else { Err(format!("android: tracker {android}, letter {from_letter}")) }
}

fn load_launcher(path: &Path) -> Result<Vec<Case>> {
    let data: Value = serde_json::from_slice(&fs::read(path)?)?;
    let list = |name: &str| data[name].as_array().with_context(|| format!("{name} is no list"));
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a name is no text");
    let mut cases = Vec::new();
    for pair in list("pairs")? {
        let name = text(&pair[0])?;
        let code = u32::try_from(pair[1].as_u64().context("a code is no number")?)?;
        cases.push(Case { id: format!("pair:{name}"), run: Box::new(move || check_pair(&name, code)) });
    }
    for name in list("names_only")? {
        let name = text(name)?;
        cases.push(Case { id: format!("name:{name}"), run: Box::new(move || check_name(&name).map(drop)) });
    }
    for name in list("bad")? {
        let name = text(name)?;
        let run = {
            let name = name.clone();
            Box::new(move || match LauncherVersion::parse(&name) {
                Ok(parsed) => Err(format!("should be refused, got {parsed:?}")),
                Err(_) => Ok(()),
            })
        };
        cases.push(Case { id: format!("bad:{name:?}"), run });
    }
    Ok(cases)
}

fn check_name(name: &str) -> Result<LauncherVersion, String> {
    let version = LauncherVersion::parse(name).map_err(|error| format!("refused: {error}"))?;
    let mut differences = Differences::default();
    differences.compare("printed", name.to_owned(), version.to_string());
    differences.compare("rust", name.ends_with("-R"), version.is_rust());
    differences.finish().map(|()| version)
}

fn check_pair(name: &str, code: u32) -> Result<(), String> {
    let version = check_name(name)?;
    let mut differences = Differences::default();
    differences.compare("version_code", code, version.numbers().version_code());
    differences.compare(
        "numbers of the code",
        LauncherNumbers::from_version_code(code),
        Some(version.numbers()),
    );
    differences.finish()
}
