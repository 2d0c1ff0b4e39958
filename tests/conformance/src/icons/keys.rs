//! `icons/keys`: the texts of components and keys, and packages matched exactly.

use std::path::Path;

use anyhow::Context;
use ferrule_icon_cache::key::{Component, IconKey, PackageOf, ProfileSerial};
use serde_json::{Value, json};

use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "icons/keys", path: "icons/component_key_cases.json", load: cases }
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path)?).context("no JSON")?;
    let mut all = Vec::new();
    for (table, run) in
        [("parse", parse as fn(&Value) -> Result<(), String>), ("flatten", flatten), ("package_key", package)]
    {
        for (number, row) in file[table].as_array().into_iter().flatten().cloned().enumerate() {
            let name = row["in"].as_str().or(row["text"].as_str()).map_or(number.to_string(), str::to_owned);
            all.push(Case { id: format!("{table}/{name}"), run: Box::new(move || run(&row)) });
        }
    }
    if file["like_delete"].is_object() {
        all.push(Case { id: "like_delete".to_owned(), run: Box::new(exact) });
    }
    Ok(all)
}

fn same(what: &str, expected: &Value, actual: Value) -> Result<(), String> {
    if *expected == actual { Ok(()) } else { Err(format!("{what}: expected {expected}, got {actual}")) }
}

fn parse(row: &Value) -> Result<(), String> {
    let key = IconKey::parse(row["in"].as_str().unwrap_or_default());
    same("ok", &row["ok"], json!(key.is_some()))?;
    let Some(key) = key else { return Ok(()) };
    same("pkg", &row["pkg"], json!(key.component.package()))?;
    same("cls", &row["cls"], json!(key.component.class()))?;
    same("reads back", &json!(true), json!(IconKey::parse(&key.to_string()) == Some(key)))
}

fn flatten(row: &Value) -> Result<(), String> {
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    same("text", &row["text"], json!(Component::new(text("pkg"), text("cls")).to_string()))
}

fn package(row: &Value) -> Result<(), String> {
    let component = Component::of_package(row["pkg"].as_str().unwrap_or_default());
    same("text", &row["text"], json!(component.to_string()))?;
    same("is a package's", &json!(true), json!(component.is_package()))
}

/// The hazard that the table names: a wildcard of LIKE in a package's name.
fn exact() -> Result<(), String> {
    let package = PackageOf::new("com.a_b", ProfileSerial(0));
    let held = |package_name: &str| {
        package.holds(&IconKey::new(Component::new(package_name, ".M"), ProfileSerial(0)))
    };
    same("com.a_b", &json!(true), json!(held("com.a_b")))?;
    same("com.axb", &json!(false), json!(held("com.axb")))
}
