//! `icons/update_handler`: update sessions as tables. `icons/persisted_state`: the text of an item's state.
//!
//! Our tables cannot hold a component that is no component, so such a row of a case counts as deleted (S6).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::Variant;
use ferrule_icon_cache::session::{Named, Plan, Reason};
use ferrule_icon_cache::store::ScanRow;
use ferrule_icon_cache::validity::{ItemState, Token, Tokens};
use serde_json::{Value, json};

use crate::{Case, Kind};

/// Sessions.
pub fn kind() -> Kind {
    Kind { name: "icons/update_handler", path: "icons/update_handler_cases.json", load: cases }
}

/// States.
pub fn states() -> Kind {
    Kind { name: "icons/persisted_state", path: "icons/persisted_state_cases.json", load: state_cases }
}

fn file(path: &Path) -> anyhow::Result<Value> {
    serde_json::from_str(&std::fs::read_to_string(path)?).context("no JSON")
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let rows = file(path)?["cases"].as_array().cloned().unwrap_or_default();
    let case = |row: Value| Case { id: text(&row, "name").to_owned(), run: Box::new(move || run(&row)) };
    Ok(rows.into_iter().map(case).collect())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// `c7` is `com.android.fake7/.FakeActivity`, `pkg(c7)` its package; anything else is a component's own text.
fn component(name: &str) -> Option<Component> {
    let package = |name: &str| name.strip_prefix('c').map(|number| format!("com.android.fake{number}"));
    let number = name.strip_prefix('c').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(inner) = name.strip_prefix("pkg(").and_then(|rest| rest.strip_suffix(')')) {
        return package(inner).map(|package| Component::of_package(&package));
    }
    match number {
        Some(_) => package(name).map(|package| Component::new(&package, ".FakeActivity")),
        None => Component::parse(name),
    }
}

/// `c1:fresh-1:appinfo=app-fresh@user0`.
fn named(item: &str) -> Option<Named> {
    let (item, user) = item.split_once("@user").unwrap_or((item, "0"));
    let mut parts = item.split(':');
    let key = IconKey::new(component(parts.next()?)?, ProfileSerial(user.parse().ok()?));
    let tokens = parts.next().map(Tokens::same);
    let app_tokens = parts.find_map(|part| part.strip_prefix("appinfo=")).map(Tokens::same);
    Some(Named { key, tokens, app_tokens, rank: 0 })
}

fn run(case: &Value) -> Result<(), String> {
    let mut stored = Vec::new();
    let mut deleted: BTreeSet<i64> = BTreeSet::new();
    let tables = [("db", 0), ("db_user10", 10)];
    for (table, user) in tables {
        for row in case[table].as_array().into_iter().flatten() {
            let id = row[0].as_i64().unwrap_or_default();
            match component(row[1].as_str().unwrap_or_default()) {
                Some(component) => stored.push((
                    id,
                    IconKey::new(component, ProfileSerial(user)),
                    row[2].as_str().unwrap_or(""),
                )),
                None => drop(deleted.insert(id)),
            }
        }
    }
    let rows = stored.iter().map(|(_, key, token)| ScanRow {
        key: key.clone(),
        label: Some(Token::new(token)),
        pictures: vec![(Variant::Plain, Some(Token::new(token)))],
    });
    let mut plan = Plan::new(rows.collect(), None);
    for package in case["ignore"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        plan.spare(ferrule_icon_cache::key::PackageOf::new(package, ProfileSerial(0)));
    }
    for pass in case["passes"].as_array().into_iter().flatten() {
        let items = pass.as_array().into_iter().flatten().filter_map(Value::as_str);
        plan.pass(
            items
                .map(|item| named(item).ok_or_else(|| format!("cannot read {item}")))
                .collect::<Result<_, _>>()?,
        );
    }
    let (mut updated, mut notices, mut added) = (BTreeSet::new(), 0, BTreeSet::new());
    while let Some(task) = plan.next_task() {
        if task.reason == Reason::Add {
            added.insert(task.key.component.to_string());
        }
        if let Some(notice) = plan.done(&task, true) {
            updated.extend(notice.packages);
            notices += 1;
        }
    }
    let deletions = plan.finish();
    deleted.extend(stored.iter().filter(|(_, key, _)| deletions.keys.contains(key)).map(|(id, ..)| *id));
    let calls = i32::from(!deleted.is_empty());
    let expected_added = case["expect_added"].as_array().map(|names| {
        let names = names.iter().filter_map(Value::as_str).filter_map(component);
        names.map(|component| component.to_string()).collect::<BTreeSet<_>>()
    });
    let mut found = Vec::new();
    for (fact, actual) in [
        ("expect_delete", json!(deleted)),
        ("expect_delete_calls", json!(calls)),
        ("expect_updated_packages", json!(updated)),
        ("expect_callback_calls", json!(notices)),
    ] {
        let expected = &case[fact];
        if !expected.is_null() && *expected != actual {
            found.push(format!("{fact}: expected {expected}, got {actual}"));
        }
    }
    if expected_added.as_ref().is_some_and(|expected| *expected != added) {
        found.push(format!("expect_added: expected {expected_added:?}, got {added:?}"));
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn state_cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let file = file(path)?;
    let separator = file["separator"].clone();
    let mut all = vec![Case {
        id: "separator".to_owned(),
        run: Box::new(move || same("separator", &separator, &json!(ItemState::SEPARATOR))),
    }];
    for row in file["format"].as_array().into_iter().flatten() {
        let row = row.clone();
        all.push(Case { id: format!("format/{}", text(&row, "text")), run: Box::new(move || format(&row)) });
    }
    for row in file["parse"].as_array().into_iter().flatten() {
        let row = row.clone();
        let run = move || same("ok", &row["ok"], &json!(ItemState::parse(text(&row, "text")).is_some()));
        all.push(Case { id: format!("parse/{}", all.len()), run: Box::new(run) });
    }
    for law in file["equality"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        all.push(Case { id: format!("equality/{law}"), run: Box::new(equality) });
    }
    Ok(all)
}

fn same(what: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(format!("{what}: expected {expected}, got {actual}")) }
}

fn format(row: &Value) -> Result<(), String> {
    let strings = |key: &str| -> Vec<String> {
        row[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let [locale, sdk, theme, is_circle] =
        <[String; 4]>::try_from(strings("fields")).map_err(|_| "four fields")?;
    let state = ItemState { locale, sdk, theme, is_circle, extras: strings("extras") };
    same("text", &row["text"], &json!(state.to_string()))?;
    same("reads back", &json!(true), &json!(ItemState::parse(&state.to_string()) == Some(state)))
}

/// The laws in words: fields and extras, in order, make equality; a changed base field keeps the extras.
fn equality() -> Result<(), String> {
    let state = ItemState::parse("l;;s;;t;;c;;a;;b").ok_or("a state")?;
    let swapped = ItemState { extras: vec!["b".into(), "a".into()], ..state.clone() };
    let other = ItemState { locale: "m".into(), ..state.clone() };
    let holds = state == state.clone() && state != swapped && other.extras == state.extras && other != state;
    if holds { Ok(()) } else { Err("states compare otherwise".to_owned()) }
}
