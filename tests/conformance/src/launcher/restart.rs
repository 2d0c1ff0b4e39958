//! `launcher/restart`: several process starts in a row, as the real code went through them.
//!
//! The rows hold observations only; what was done to make them is told by the kind of id, and repeated here with the
//! model's own parts: opening, decision of the start, load's wipe, id counter, copy to a taller grid.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use ferrule_launcher_model::upgrade::{
    FileState, GridState, IdCounter, Launcher, copy_taller, decide_start, open, wipe,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::facts::{Facts, json_lines};
use super::upgrade::{Recorded, launcher, names};
use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "launcher/restart", path: "launcher/peer/restart_cases.jsonl", load }
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = case.get("id").and_then(Value::as_str).context("a case without id")?.to_owned();
            Ok(Case { id, run: Box::new(move || run(&case).map_err(|error| format!("{error:#}"))) })
        })
        .collect()
}

fn run(case: &Value) -> anyhow::Result<()> {
    let id = case["id"].as_str().context("no id")?;
    let (fact, expected, answer) = if let Some(version) = id.strip_prefix("upgrade-loop-v") {
        ("steps", &case["steps"], upgrade_loop(version.parse()?)?)
    } else if id.starts_with("taller-then-add") {
        let (inserts, titles) = taller_then_add()?;
        let mut facts = Facts::default();
        facts.same("inserts", &case["inserts"], &inserts);
        facts.same("titles", &case["titles"], &titles);
        return facts.verdict().map_err(anyhow::Error::msg);
    } else if id.starts_with("empty-flag-restart") {
        ("steps", &case["steps"], empty_flag_restart(id.contains("-file-"))?)
    } else {
        anyhow::bail!("an id of no known kind");
    };
    let mut facts = Facts::default();
    facts.same(fact, expected, &answer);
    facts.verdict().map_err(anyhow::Error::msg)
}

const PLATFORM: Recorded = Recorded { accepts_pins: true };

/// A file whose upgrade step adds a column that is there already; three starts, each with a load and an edit.
fn upgrade_loop(version: i32) -> anyhow::Result<Value> {
    // The step's own column is the only later one that exists.
    const LATER: [(i32, &str); 6] = [
        (13, "appWidgetProvider"),
        (14, "modified"),
        (15, "restored"),
        (19, "profileId"),
        (20, "rank"),
        (22, "options"),
    ];
    const FIRST: &str = "_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, container INTEGER, screen INTEGER,
        cellX INTEGER, cellY INTEGER, spanX INTEGER, spanY INTEGER, itemType INTEGER,
        appWidgetId INTEGER NOT NULL DEFAULT -1, isShortcut INTEGER, iconType INTEGER, iconPackage TEXT,
        iconResource TEXT, icon BLOB, uri TEXT, displayMode INTEGER";
    let mut connection = Connection::open_in_memory()?;
    let later: Vec<String> = LATER
        .iter()
        .chain(&[(28, "appWidgetSource")])
        .filter(|(step, _)| *step <= version)
        .map(|(_, name)| format!(", {name} INTEGER"))
        .collect();
    connection.execute_batch(&format!(
        "CREATE TABLE favorites ({FIRST}{});
         CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY, screenRank INTEGER);
         INSERT INTO favorites (title) VALUES ('keep');
         PRAGMA user_version = {version}",
        later.concat()
    ))?;
    let launcher = launcher(&PLATFORM, true);
    let mut steps = vec![state("before", &connection, None)?];
    for start in 1..=3 {
        let opening = open(&mut connection, &launcher)?;
        steps.push(
            json!({"start": start, "open_exception": opening.crash.as_ref().map(|crash| crash.code())}),
        );
        let flag = opening.empty_flag.then_some(true);
        steps.push(state(&format!("open {start}"), &connection, flag)?);
        if opening.empty_flag {
            wipe(&connection, launcher.profile)?; // the load; its default layout is empty here
        }
        steps.push(state(&format!("load {start}"), &connection, None)?);
        let mut ids = IdCounter::from_max(0);
        steps.push(json!({"user_insert_result": add(&connection, &mut ids, &format!("user{start}"))}));
        steps.push(state(&format!("user edit {start}"), &connection, None)?);
    }
    Ok(Value::Array(steps))
}

fn state(after: &str, connection: &Connection, flag: Option<bool>) -> anyhow::Result<Value> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let columns = names(connection, "SELECT name FROM pragma_table_info('favorites')")?.len();
    let titles = titles(connection)?;
    Ok(
        json!({"after": after, "version": version, "titles": titles, "columns": columns, "prefs_empty_flag": flag}),
    )
}

fn titles(connection: &Connection) -> anyhow::Result<Vec<String>> {
    names(connection, "SELECT title FROM favorites ORDER BY _id")
}

/// Adds a row as the controller does: with the next id; −1 where it is not stored.
fn add(connection: &Connection, ids: &mut IdCounter, title: &str) -> i64 {
    let id = ids.next_id();
    match connection.execute("INSERT INTO favorites (_id, title) VALUES (?1, ?2)", (id, title)) {
        Ok(_) => id,
        Err(_) => -1,
    }
}

/// Two rows are copied to the file of a taller grid; the process that did it then adds four.
fn taller_then_add() -> anyhow::Result<(Value, Value)> {
    let launcher = launcher(&PLATFORM, true);
    let mut source = Connection::open_in_memory()?;
    open(&mut source, &launcher)?;
    source.execute_batch("INSERT INTO favorites (_id, title) VALUES (1, 's1'), (2, 's2')")?;
    let mut target = Connection::open_in_memory()?;
    let opening = open(&mut target, &Launcher { for_migration: true, ..launcher })?;
    copy_taller(&source, &mut target)?;
    let mut ids = IdCounter::from_max(opening.max_id.context("no counter")?);
    let inserts: Vec<(i64, i64)> = (1..=4)
        .map(|user| {
            let generated = { ids }.next_id();
            (generated, add(&target, &mut ids, &format!("user{user}")))
        })
        .collect();
    Ok((json!(inserts), json!(titles(&target)?)))
}

/// Preferences name one file, whose flag is set or which is missing, while the grid asks for another; three starts.
fn empty_flag_restart(file_exists: bool) -> anyhow::Result<Value> {
    let target = GridState { db_file: "launcher_4_by_4.db".to_owned(), size: (4, 4), dock: 4 };
    let mut recorded = GridState { db_file: "launcher.db".to_owned(), size: (5, 5), dock: 5 };
    let mut files: BTreeMap<String, Connection> = BTreeMap::new();
    let mut flags: BTreeMap<String, bool> = BTreeMap::new();
    if file_exists {
        let mut file = Connection::open_in_memory()?;
        open(&mut file, &launcher(&PLATFORM, true))?;
        file.execute_batch("INSERT INTO favorites (title) VALUES ('old')")?;
        files.insert(recorded.db_file.clone(), file);
        flags.insert(recorded.db_file.clone(), true);
    }
    let mut steps = Vec::new();
    for start in 1..=3 {
        let name = recorded.db_file.clone();
        let mut file = match files.remove(&name) {
            Some(file) => file,
            None => Connection::open_in_memory()?,
        };
        let opening = open(&mut file, &launcher(&PLATFORM, true))?;
        let flag = opening.empty_flag || flags.get(&name).copied().unwrap_or_default();
        let state = FileState { name: name.clone(), empty_flag: flag };
        let decision = decide_start(&state, &recorded, &target);
        if decision.wipes() {
            wipe(&file, 0)?;
            recorded = target.clone();
        }
        flags.insert(name.clone(), false); // the load lays out an empty default layout
        let at_load = titles(&file)?;
        let mut ids = IdCounter::from_max(ferrule_launcher_model::upgrade::max_id(&file)?);
        let user = format!("user{start}");
        add(&file, &mut ids, &user);
        steps.push(json!({
            "start": start,
            "open_file": name,
            "titles_at_load": at_load,
            "prefs": {
                "migration_src_db_file": recorded.db_file,
                "migration_src_device_type": 0,
                "migration_src_hotseat_count": recorded.dock,
                "migration_src_workspace_size": format!("{},{}", recorded.size.0, recorded.size.1),
            },
            "then_user_adds": user,
        }));
        files.insert(name, file);
    }
    Ok(Value::Array(steps))
}
