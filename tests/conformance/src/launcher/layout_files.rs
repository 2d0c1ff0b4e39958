//! `launcher/layout_files`: the shipped layouts and grid options as files (A.9, D.1).
//!
//! There is no expected answer beside them. Each must be read to its end; every place of a default workspace, and the
//! layout that each grid names, must fit the grid that `device_profiles.xml` declares.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};
use ferrule_launcher_model::layout::xml::{Event, XmlReader};

use crate::{Case, Kind};

pub fn kind() -> Kind {
    Kind { name: "launcher/layout_files", path: "launcher/layouts", load }
}

type Element = (String, BTreeMap<String, String>);

#[derive(Clone, Copy)]
struct Grid {
    columns: i64,
    rows: i64,
    dock: i64,
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).context("file name")?.to_owned();
        if name.ends_with(".xml") {
            files.push((name, std::fs::read_to_string(&file)?));
        }
    }
    files.sort();
    let profiles = files.iter().find(|(name, _)| name == "device_profiles.xml");
    let declared = match profiles {
        Some((_, text)) => elements(text)?.into_iter().filter(|(name, _)| name == "grid-option").collect(),
        None => Vec::new(),
    };
    Ok(files
        .into_iter()
        .map(|(name, text)| {
            let grid = grid_of(&name, &declared);
            let id = name.clone();
            let run = move || check(&name, &text, grid).map_err(|error| format!("{error:#}"));
            Case { id, run: Box::new(run) }
        })
        .collect())
}

fn elements(text: &str) -> anyhow::Result<Vec<Element>> {
    let mut reader = XmlReader::new(text)?;
    let mut out = Vec::new();
    loop {
        match reader.next_event()? {
            Event::Start => {
                let attributes =
                    reader.attributes().map(|(_, name, value)| (name.to_owned(), value.to_owned()));
                out.push((reader.name().to_owned(), attributes.collect()));
            }
            Event::End => {}
            Event::EndOfDocument => return Ok(out),
        }
    }
}

fn number(attributes: &BTreeMap<String, String>, name: &str) -> Option<i64> {
    attributes.get(name)?.parse().ok()
}

/// The grid that names this layout; a layout that no grid names says its size in its own name.
fn grid_of(file: &str, declared: &[Element]) -> Option<Grid> {
    let layout = file.strip_suffix(".xml")?;
    let reference = format!("@xml/{layout}");
    let option = declared.iter().find(|(_, option)| option.get("defaultLayoutId") == Some(&reference));
    if let Some((_, option)) = option {
        return Some(Grid {
            columns: number(option, "numColumns")?,
            rows: number(option, "numRows")?,
            dock: number(option, "numHotseatIcons")?
                .max(number(option, "numExtendedHotseatIcons").unwrap_or(0)),
        });
    }
    let (columns, rows) = layout.strip_prefix("default_workspace_")?.split_once('x')?;
    let columns = columns.parse().ok()?;
    Some(Grid { columns, rows: rows.parse().ok()?, dock: i64::MAX })
}

fn check(name: &str, text: &str, grid: Option<Grid>) -> anyhow::Result<()> {
    let elements = elements(text)?;
    let (root, _) = elements.first().context("no root")?;
    if name == "device_profiles.xml" {
        ensure!(root == "profiles", "root {root}");
        let displays = elements.iter().filter(|(name, _)| name == "display-option").count();
        ensure!(displays > 0, "no display option");
        return Ok(());
    }
    ensure!(root == "favorites", "root {root}");
    let grid = grid.context("no grid for this layout")?;
    let mut places = 0;
    for (tag, attributes) in &elements {
        let Some(screen) = number(attributes, "screen") else { continue };
        places += 1;
        if number(attributes, "container") == Some(-101) {
            ensure!((0..grid.dock).contains(&screen), "{tag}: slot {screen} of {}", grid.dock);
            continue;
        }
        for (axis, size) in [("x", grid.columns), ("y", grid.rows)] {
            let value = number(attributes, axis).with_context(|| format!("{tag}: no {axis}"))?;
            ensure!((-size..size).contains(&value), "{tag}: {axis} {value} of {size}");
        }
    }
    ensure!(places > 0, "no place");
    Ok(())
}
