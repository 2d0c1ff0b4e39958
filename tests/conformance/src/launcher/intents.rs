//! `launcher/intents`: `Intent.parseUri(text, 0)` and `toUri(0)` of the framework, text by text.

use std::path::Path;

use anyhow::Context;
use ferrule_launcher_model::intent::{Extra, FailureClass, Intent, IntentFault};
use serde_json::{Map, Value, json};

use super::facts::{Facts, json_lines};
use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "launcher/intents", path: "launcher/peer/intents_cases.jsonl", load }
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = case.get("id").and_then(Value::as_str).context("a case without id")?.to_owned();
            Ok(Case { id, run: Box::new(move || run(&case)) })
        })
        .collect()
}

fn run(case: &Value) -> Result<(), String> {
    let input = case["input"].as_str().ok_or("no input text")?;
    let mut facts = Facts::default();
    match Intent::parse(input) {
        Err(error) => {
            facts.same("exception", &case["exception"]["class"], &json!(class_name(error.class())));
            if error.class() == FailureClass::UriSyntax {
                let index = error.index.map_or(json!(-1), |index| json!(index));
                facts.same("error_index", &case["error_index"], &index);
                let message = case["exception"]["message"].as_str().unwrap_or_default();
                facts.same("message", &json!(message.starts_with(message_start(error.fault))), &json!(true));
            }
            if error.offset > input.len() {
                facts.differ("offset", "inside the text", &error.offset.to_string());
            }
        }
        Ok(intent) => {
            facts.same("exception", &case["exception"], &Value::Null);
            facts.same("result", &case["result"], &describe(&intent));
            reparse(&case["reparse"], &intent, &mut facts);
        }
    }
    facts.verdict()
}

/// Prints, reads again, and compares what survived.
fn reparse(expected: &Value, intent: &Intent, facts: &mut Facts) {
    let printed = intent.to_uri();
    match Intent::parse(&printed) {
        Err(error) => {
            facts.same(
                "reparse.exception",
                &expected["exception"]["class"],
                &json!(class_name(error.class())),
            );
        }
        Ok(again) => {
            let text = again.to_uri();
            facts.same("reparse.exception", &expected["exception"], &Value::Null);
            facts.same("reparse.to_uri", &expected["to_uri"], &json!(text));
            facts.same("reparse.to_uri_stable", &expected["to_uri_stable"], &json!(text == printed));
            facts.same(
                "reparse.filter_equals",
                &expected["filter_equals"],
                &json!(intent.filter_equals(&again)),
            );
            facts.same("reparse.same_fields", &expected["same_fields"], &json!(*intent == again));
            if let Some(result) = expected.get("result") {
                facts.same("reparse.result", result, &describe(&again));
            }
        }
    }
}

fn class_name(class: FailureClass) -> &'static str {
    match class {
        FailureClass::UriSyntax => "java.net.URISyntaxException",
        FailureClass::NumberFormat => "java.lang.NumberFormatException",
        FailureClass::Oversize => "(ours: oversize)",
    }
}

fn message_start(fault: IntentFault) -> &'static str {
    match fault {
        IntentFault::EndNotFound => "uri end not found",
        IntentFault::UnknownKey => "unknown EXTRA type",
        IntentFault::IllegalFormat => "illegal Intent URI format",
        IntentFault::OldExtrasUnclosed => "EXTRA missing trailing ')'",
        IntentFault::OldExtraWithoutKey => "EXTRA missing '='",
        IntentFault::OldExtraWithoutValue => "EXTRA missing '!'",
        IntentFault::OldExtraUnknownType => "EXTRA has unknown type",
        IntentFault::OldExtraBadNumber => "EXTRA value can't be parsed",
        IntentFault::Number | IntentFault::Oversize => "(no message)",
    }
}

/// The intent in the form of a case's `result`.
pub(super) fn describe(intent: &Intent) -> Value {
    let mut extras: Vec<(&str, &Extra)> = intent.extras.iter().collect();
    extras.sort_by_key(|(key, _)| *key);
    let mut categories: Vec<&str> = intent.categories.keys().collect();
    categories.sort_unstable();
    let bounds = intent.source_bounds.map(|b| format!("{} {} {} {}", b.left, b.top, b.right, b.bottom));
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("action", json!(intent.action));
    put("data", json!(intent.data));
    put("scheme", json!(intent.scheme()));
    put("type", json!(intent.mime_type));
    put("identifier", json!(intent.identifier));
    put("package", json!(intent.package));
    put("component", json!(intent.component.as_ref().map(|component| component.to_full_text())));
    put("categories", if categories.is_empty() { Value::Null } else { json!(categories) });
    put("flags", json!(intent.flags));
    put("source_bounds", json!(bounds));
    let extras: Vec<Value> = extras.into_iter().map(|(key, extra)| describe_extra(key, extra)).collect();
    put("extras", if extras.is_empty() { Value::Null } else { Value::Array(extras) });
    put("selector", intent.selector.as_deref().map_or(Value::Null, describe));
    put("to_uri", json!(intent.to_uri()));
    Value::Object(out)
}

fn describe_extra(key: &str, extra: &Extra) -> Value {
    let (name, value) = match extra {
        Extra::String(text) => ("String", json!(text)),
        Extra::Boolean(value) => ("Boolean", json!(value)),
        Extra::Byte(value) => ("Byte", json!(value)),
        Extra::Char(_) => ("Character", json!(extra.to_text())),
        Extra::Double(value) => {
            ("Double", json!({"java": extra.to_text(), "bits": format!("{:x}", value.to_bits())}))
        }
        Extra::Float(value) if !value.is_finite() => ("Float", json!(extra.to_text())),
        Extra::Float(value) => {
            ("Float", json!({"java": extra.to_text(), "bits": format!("{:x}", value.to_bits())}))
        }
        Extra::Int(value) => ("Integer", json!(value)),
        Extra::Long(value) => ("Long", json!(value)),
        Extra::Short(value) => ("Short", json!(value)),
    };
    json!({"key": key, "type": name, "value": value})
}
