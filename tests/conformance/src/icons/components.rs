//! `icons/components`: real component names, stored and found again, each under its own name and label.

use std::collections::BTreeMap;
use std::path::Path;

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::Variants;
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Store, Write};
use ferrule_icon_cache::validity::Token;

use crate::{Case, Kind};

/// Names in one store.
const CHUNK: usize = 4_000;

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "icons/components", path: "icons/components.tsv", load: cases }
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(path)?;
    let lines: Vec<(usize, String)> =
        text.lines().enumerate().skip(1).map(|(number, line)| (number + 1, line.to_owned())).collect();
    let chunks = lines.chunks(CHUNK).map(<[_]>::to_vec);
    let case = |chunk: Vec<(usize, String)>| {
        let name = format!("lines {} to {}", chunk[0].0, chunk[chunk.len() - 1].0);
        Case { id: name, run: Box::new(move || run(&chunk)) }
    };
    Ok(chunks.map(case).collect())
}

fn run(lines: &[(usize, String)]) -> Result<(), String> {
    let mut labels: BTreeMap<IconKey, &str> = BTreeMap::new();
    for (number, line) in lines {
        let mut columns = line.split('\t');
        let name = columns.next().unwrap_or_default();
        let Some(component) = Component::parse(name) else {
            // A word without a slash names no component, and may not become one.
            if name.contains('/') {
                return Err(format!("line {number}: {name} is a component"));
            }
            continue;
        };
        // A short form has to become the long one, which is the same component.
        if Component::parse(&component.to_string()).as_ref() != Some(&component) {
            return Err(format!("line {number}: {name} became {component}"));
        }
        // Names that differ in capitals only are different apps.
        labels.insert(IconKey::new(component, ProfileSerial(0)), columns.nth(1).unwrap_or_default());
    }
    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = dir.path().join("icons.db");
    let write = |(key, label): (&IconKey, &&str)| Write::Put {
        key: key.clone(),
        label: Some(LabelRow {
            label: Some((**label).into()),
            token: Some(Token::new("t")),
            stale: false,
            colour: 0xFF00_0000,
            flags: 0,
        }),
        pictures: Vec::new(),
    };
    Store::open(&file, OpenOptions::new(192))
        .write(labels.iter().map(write).collect())
        .map_err(|error| error.to_string())?;
    let mut store = Store::open(&file, OpenOptions::new(192));
    for (key, label) in &labels {
        let found = store.read(key, Variants::COLOUR).label.and_then(|row| row.label);
        if found.as_deref() != Some(label) {
            return Err(format!("{key}: expected {label}, got {found:?}"));
        }
    }
    let stored: Vec<IconKey> = store.scan().unwrap_or_default().into_iter().map(|row| row.key).collect();
    if !stored.iter().eq(labels.keys()) {
        return Err(format!("{} names stored, {} scanned", labels.len(), stored.len()));
    }
    // One package goes; nothing else does.
    let Some(gone) = labels.keys().nth(labels.len() / 2).map(IconKey::package) else { return Ok(()) };
    store.write(vec![Write::DeletePackage(gone.clone())]).map_err(|error| error.to_string())?;
    let left = store.scan().unwrap_or_default();
    let expected = labels.keys().filter(|key| !gone.holds(key));
    if left.iter().map(|row| &row.key).eq(expected) {
        Ok(())
    } else {
        Err(format!("deleting {} was not exact", gone.package))
    }
}
