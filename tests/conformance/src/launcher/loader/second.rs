//! The second load on the database that the first one left, in the world that its calls left.

use std::collections::BTreeSet;

use ferrule_launcher_model::compat::{LoadOutcome, rows_after};
use ferrule_launcher_model::json::{collections, database_report, item};
use ferrule_launcher_model::platform::BoundWidget;
use serde_json::{Map, Value, json};

use super::CaseInput;
use super::output::pin_calls;

/// The case's world after the first load. A pin call only takes pins away here, as the peer's stand-in does.
fn input_after(input: &CaseInput, outcome: &LoadOutcome) -> CaseInput {
    let mut after = input.clone();
    after.rows = rows_after(&input.rows, outcome);
    after.spec.prior_load_pinned = outcome.model.first_page_pinned;
    let platform = &mut after.spec.platform;
    for call in &outcome.pin_calls {
        platform.pinned_shortcuts.retain(|pin| {
            (pin.package.as_str(), pin.profile) != (call.package.as_str(), call.profile)
                || call.ids.contains(&pin.id)
        });
    }
    let widgets = &mut platform.widgets;
    for call in outcome.bind_calls.iter().filter(|call| call.bound) {
        let provider = widgets
            .providers
            .iter()
            .flatten()
            .find(|provider| provider.component == call.provider && provider.profile == call.profile);
        if let Some(provider) = provider.cloned() {
            widgets.bound.push(BoundWidget { id: call.widget_id, provider, restore_completed: false });
        }
    }
    let freed: BTreeSet<i32> = outcome.widget_ids_freed.iter().copied().collect();
    if let Some(ids) = &mut widgets.host_ids {
        ids.extend(&outcome.widget_ids_allocated);
        ids.retain(|id| !freed.contains(id));
    }
    widgets.next_id += outcome.widget_ids_allocated.len() as i32;
    after
}

/// What the second load did differently; null when nothing.
pub fn report(input: &CaseInput, first: &LoadOutcome) -> Value {
    let after = input_after(input, first);
    let second = after.load();
    let mut report = Map::new();
    let database = database_report(&after.rows, &second);
    let mut add = |key: &str, differs: bool| {
        if let Some(value) = database.get(key).filter(|_| differs) {
            report.insert(key.to_owned(), value.clone());
        }
    };
    add("deleted", second.deletions().next().is_some());
    add("sanitise", !second.swept.is_empty());
    add("updated_rows", database["updated_rows"].as_object().is_some_and(|rows| !rows.is_empty()));
    model_differences(first, &second, &mut report);
    if !second.pin_calls.is_empty() {
        report.insert("pin_calls".into(), pin_calls(&second));
    }
    if report.is_empty() { Value::Null } else { Value::Object(report) }
}

fn model_differences(first: &LoadOutcome, second: &LoadOutcome, report: &mut Map<String, Value>) {
    let facts = |outcome: &LoadOutcome, id: &i32| {
        outcome.model.items.get(id).map_or(Value::Null, |found| {
            let mut facts = item(found);
            facts.shift_remove("title");
            facts.shift_remove("icon_source");
            Value::Object(facts)
        })
    };
    let ids: BTreeSet<&i32> = first.model.items.keys().chain(second.model.items.keys()).collect();
    let mut differing = Vec::new();
    for id in ids {
        let (before, after) = (facts(first, id), facts(second, id));
        if before != after {
            differing.push(json!({ "id": id, "first": before, "second": after }));
        }
    }
    let (before, after) = (collections(&first.model), collections(&second.model));
    if differing.is_empty() && before == after {
        return;
    }
    let same_items = differing.is_empty();
    report.insert("model_diff".into(), json!(differing));
    if same_items {
        report.insert("collections_differ".into(), json!({ "first": before, "second": after }));
    }
}
