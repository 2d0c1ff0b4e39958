//! `launcher/db`, `launcher/sql`, `launcher/schema`: upstream's own database files, table dumps and downgrade schemas.
//!
//! These hold no recorded answers; what is compared are facts that the files state themselves: their version and
//! columns, the intents of their rows, and that the schema that leads down from a version leads to the columns
//! of the older one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ferrule_launcher_model::intent::Intent;
use ferrule_launcher_model::open::{Note, Opened};
use ferrule_launcher_model::recognise::{Product, Shape, recognise};
use ferrule_launcher_model::upgrade::{CURRENT_VERSION, DowngradeSchema, downgrade_to, open};
use rusqlite::Connection;
use serde_json::json;

use super::facts::Facts;
use super::upgrade::{Recorded, launcher, names};
use crate::{Case, Kind};

/// The kinds.
pub fn kinds() -> [Kind; 3] {
    [
        Kind { name: "launcher/db", path: "launcher/db", load: |path| load(path, "db", database) },
        Kind { name: "launcher/sql", path: "launcher/sql", load: |path| load(path, "sql", dump) },
        Kind { name: "launcher/schema", path: "launcher/schema", load: |path| load(path, "json", schema) },
    ]
}

fn load(dir: &Path, extension: &str, run: fn(&Path) -> anyhow::Result<()>) -> anyhow::Result<Vec<Case>> {
    let mut files = Vec::new();
    collect(dir, extension, &mut files)?;
    files.sort();
    let case = |file: PathBuf| {
        let id = file.strip_prefix(dir).unwrap_or(&file).display().to_string();
        Case { id, run: Box::new(move || run(&file).map_err(|error| format!("{error:#}"))) }
    };
    Ok(files.into_iter().map(case).collect())
}

fn collect(dir: &Path, extension: &str, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, extension, files)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(())
}

/// A file is recognised at its version, gives its rows with readable intents, and is not touched.
fn database(path: &Path) -> anyhow::Result<()> {
    let before = fs::read(path)?;
    let opened = Opened::open(path)?;
    let reading = opened.read()?;
    let mut facts = Facts::default();
    facts.same("product", &json!("aosp"), &json!(opened.recognition.product.word()));
    facts.same("version agrees", &json!(true), &json!(opened.recognition.version_agrees()));
    // Whether the data folder may be written is no fact of the file.
    let notes: Vec<&str> =
        opened.notes.iter().filter(|note| **note != Note::ReadOnly).map(Note::code).collect();
    facts.same("notes", &json!([]), &json!(notes));
    facts.same("salvage", &json!(null), &json!(reading.salvage.map(|salvage| salvage.detail)));
    let mut items = 0;
    for row in reading.rows.favorites.iter() {
        items += 1;
        if let Some(text) = row.text("intent")? {
            facts.same(
                "intent",
                &json!(null),
                &json!(Intent::parse(&text).err().map(|error| error.to_string())),
            );
        }
    }
    facts.same("has items", &json!(true), &json!(items > 0));
    facts.same("source unchanged", &json!(true), &json!(fs::read(path)? == before));
    facts.verdict().map_err(anyhow::Error::msg)
}

/// A dump is recognised at the version in its name, and one of an older version becomes one of the current version
/// without losing a row but the pinned first one's.
fn dump(path: &Path) -> anyhow::Result<()> {
    let name = path.file_stem().and_then(|name| name.to_str()).context("no name")?;
    let version: i32 = match name.strip_prefix('v').and_then(|rest| rest.split_once('_')) {
        Some((version, _)) => version.parse()?,
        None => CURRENT_VERSION,
    };
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(&fs::read_to_string(path)?)?;
    connection.pragma_update(None, "user_version", version)?;
    let shape = Shape {
        user_version: version,
        tables: vec!["favorites".to_owned()],
        favorites: names(&connection, "SELECT name FROM pragma_table_info('favorites')")?,
        screens: Vec::new(),
    };
    let recognition = recognise(&shape);
    let mut facts = Facts::default();
    facts.same("product", &json!(Product::Aosp.word()), &json!(recognition.product.word()));
    facts.same("version agrees", &json!(true), &json!(recognition.version_agrees()));

    let kept =
        "SELECT quote(_id)||quote(title)||quote(intent)||quote(container)||quote(screen) FROM favorites
                WHERE NOT (screen = 0 AND container = -100 AND cellY = 0) ORDER BY _id";
    let all = "SELECT quote(_id)||quote(title)||quote(intent)||quote(container)||quote(screen) FROM favorites ORDER BY _id";
    let expected = names(&connection, if version <= 30 { kept } else { all })?;
    let platform = Recorded { accepts_pins: false };
    let opening = open(&mut connection, &launcher(&platform, true))?;
    facts.same("crash", &json!(null), &json!(opening.crash.map(|crash| crash.code())));
    facts.same("rows after the upgrade", &json!(expected), &json!(names(&connection, all)?));
    facts.verdict().map_err(anyhow::Error::msg)
}

/// A schema can be read, and leads a file of its version down to each older one that it knows.
fn schema(path: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(path)?;
    let schema = DowngradeSchema::parse(&text)?;
    let mut facts = Facts::default();
    let lowest =
        (1..schema.version).rev().take_while(|to| schema.statements(schema.version, *to).is_some()).last();
    facts.same("has a step", &json!(true), &json!(lowest.is_some()));
    if schema.version == CURRENT_VERSION {
        for to in (lowest.unwrap_or(CURRENT_VERSION)..CURRENT_VERSION).rev() {
            downgraded(&text, to, &mut facts)?;
        }
    }
    facts.verdict().map_err(anyhow::Error::msg)
}

fn downgraded(schema: &str, to: i32, facts: &mut Facts) -> anyhow::Result<()> {
    let platform = Recorded { accepts_pins: false };
    let mut connection = Connection::open_in_memory()?;
    open(&mut connection, &launcher(&platform, false))?;
    connection.execute_batch(
        "INSERT INTO favorites (_id, title, container, screen) VALUES (1, 'a', -100, 4), (2, 'b', -100, 2), (3, 'c', 1, 0)",
    )?;
    downgrade_to(&mut connection, to, schema)?;
    let tables = names(&connection, "SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let favorites = names(&connection, "SELECT name FROM pragma_table_info('favorites')")?;
    let recognition = recognise(&Shape { user_version: to, tables, favorites, screens: Vec::new() });
    facts.same(&format!("columns agree with {to}"), &json!(true), &json!(recognition.version_agrees()));
    let titles = names(&connection, "SELECT title FROM favorites ORDER BY _id")?;
    facts.same(&format!("rows at {to}"), &json!(["a", "b", "c"]), &json!(titles));
    // And back up again: pages keep their order.
    let opening = open(&mut connection, &launcher(&platform, false))?;
    facts.same(
        &format!("crash on the way back from {to}"),
        &json!(null),
        &json!(opening.crash.map(|crash| crash.code())),
    );
    let pages = "SELECT title FROM favorites WHERE container = -100 ORDER BY screen";
    facts.same(&format!("pages after {to}"), &json!(["b", "a"]), &json!(names(&connection, pages)?));
    Ok(())
}
