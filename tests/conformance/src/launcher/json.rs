//! Reading JSON rows and comparing JSON values.

use std::path::Path;

use serde_json::Value;

use super::facts::json_lines;
use crate::Case;

/// One case a line of a JSON Lines file; `run` gets the whole row.
pub fn lines(path: &Path, run: fn(&Value) -> Result<(), String>) -> anyhow::Result<Vec<Case>> {
    let cases = json_lines(path)?.into_iter().enumerate().map(|(number, row)| {
        let id = row["id"].as_str().map_or_else(|| (number + 1).to_string(), str::to_owned);
        Case { id, run: Box::new(move || run(&row)) }
    });
    Ok(cases.collect())
}

/// The differences between two values, one a line, each with its path.
pub fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                match actual.get(key) {
                    Some(other) => differences(&format!("{path}.{key}"), value, other, found),
                    None => found.push(format!("{path}.{key}: expected {value}, got nothing")),
                }
            }
            for (key, value) in actual.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                found.push(format!("{path}.{key}: expected nothing, got {value}"));
            }
        }
        (Value::Array(expected_items), Value::Array(actual_items))
            if expected_items.len() == actual_items.len() =>
        {
            for (index, (expected, actual)) in expected_items.iter().zip(actual_items).enumerate() {
                differences(&format!("{path}[{index}]"), expected, actual, found);
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {expected}, got {actual}")),
    }
}

/// A whole number, or the default where the key is missing or null.
pub fn int(value: &Value, key: &str, default: i64) -> i64 {
    value[key].as_i64().unwrap_or(default)
}

/// A truth value, or the default.
pub fn flag(value: &Value, key: &str, default: bool) -> bool {
    value[key].as_bool().unwrap_or(default)
}

/// The elements of a list; none where it is missing.
pub fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}
