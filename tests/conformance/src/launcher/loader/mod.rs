//! `launcher/loader`: whole loads, compared fact by fact, second load included.

mod input;
mod output;
mod second;

use std::path::Path;

use ferrule_launcher_model::compat::LoadOutcome;
use serde_json::Value;

use super::facts::json_lines;
use super::json::{differences, lines};
use crate::{Case, Kind};
pub use input::{CaseInput, table};
pub(super) use output::report;

/// The kind.
pub fn kinds() -> Vec<Kind> {
    vec![Kind { name: "launcher/loader", path: "launcher/peer/loader_cases.jsonl", load: cases }]
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, run)
}

/// A case, read once, to be run many times without its second load.
pub struct Prepared {
    id: String,
    input: CaseInput,
    expected: Value,
}

impl Prepared {
    /// Reads all cases of a file.
    pub fn read_all(path: &Path) -> anyhow::Result<Vec<Self>> {
        json_lines(path)?
            .into_iter()
            .map(|case| {
                Ok(Self {
                    id: case["id"].as_str().unwrap_or_default().to_owned(),
                    input: CaseInput::read(&case["input"]).map_err(anyhow::Error::msg)?,
                    expected: of_first_load(&case["output"]),
                })
            })
            .collect()
    }

    /// The case's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The facts of the first load that differ, one a line.
    pub fn first_load_differences(&self) -> Vec<String> {
        let actual = output::first_load(&self.input, &self.input.load());
        let mut found = Vec::new();
        differences("output", &self.expected, &Value::Object(actual), &mut found);
        found
    }
}

/// Runs one case and compares every key of its output.
pub fn run(case: &Value) -> Result<(), String> {
    let input = CaseInput::read(&case["input"])?;
    let outcome = input.load();
    let actual = output::report(&input, &outcome);
    let mut found = Vec::new();
    differences("output", &with_sorted_pins(&case["output"]), &actual, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// The whole `output` object for an `input` object with its rows.
///
/// # Errors
/// When the input does not have the form of a case.
pub fn answer(input: &Value) -> Result<Value, String> {
    let input = CaseInput::read(input)?;
    Ok(output::report(&input, &input.load()))
}

/// The facts in which two outputs differ, one a line; the order of the second load's pin calls is none.
pub fn differences_between(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    differences("output", &with_sorted_pins(expected), &with_sorted_pins(actual), &mut found);
    found
}

/// The facts of an output that the first load alone decides.
fn of_first_load(output: &Value) -> Value {
    let mut output = output.clone();
    if let Some(facts) = output.as_object_mut() {
        facts.shift_remove("second_load");
        facts.shift_remove("intent_parse");
    }
    output
}

/// The file has the second load's pin calls in the order of a hash map; they are compared as a set.
fn with_sorted_pins(output: &Value) -> Value {
    let mut output = output.clone();
    if let Some(calls) = output.pointer_mut("/second_load/pin_calls").and_then(Value::as_array_mut) {
        calls.sort_by_key(Value::to_string);
    }
    output
}

impl CaseInput {
    /// Runs the load.
    pub fn load(&self) -> LoadOutcome {
        self.spec.load(&self.rows)
    }
}
