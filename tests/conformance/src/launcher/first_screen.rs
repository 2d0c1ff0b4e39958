//! `launcher/first_screen`: broadcasts to installers, with and without the installed extras.

use std::path::Path;

use ferrule_launcher_model::first_screen::{
    ACTION, ActiveSession, Broadcast, FirstScreenError, InstallerLists, PlacedWidget, ScreenItem, Spot,
    plain, with_installed,
};
use serde_json::{Value, json};

use super::json::{differences, flag, int, lines, list};
use crate::{Case, Kind};

/// The kind.
pub fn kinds() -> Vec<Kind> {
    vec![Kind { name: "launcher/first_screen", path: "launcher/peer/first_screen_cases.jsonl", load: cases }]
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, run)
}

fn run(case: &Value) -> Result<(), String> {
    let input = &case["input"];
    let items: Vec<ScreenItem<'_>> = list(input, "items").map(item).collect();
    let sessions: Vec<ActiveSession<'_>> = list(input, "sessions")
        .map(|session| ActiveSession {
            package: session["pkg"].as_str().unwrap_or_default(),
            installer: session["installer"].as_str(),
            profile: int(session, "serial", 0),
        })
        .collect();
    let widgets: Vec<PlacedWidget<'_>> = list(input, "items")
        .filter(|item| item["kind"] == "widget")
        .chain(list(input, "widgets_on_all_screens"))
        .map(|widget| PlacedWidget {
            package: widget["pkg"].as_str().unwrap_or_default(),
            screen: int(widget, "screen", 0) as i32,
        })
        .collect();
    let record = |package: &str| input["installer_of_record"][package].as_str();

    let mut actual = serde_json::Map::new();
    match plain(&items, &sessions, 0) {
        Ok(broadcasts) => {
            actual.insert("plain_broadcasts".into(), broadcasts.iter().map(facts).collect());
        }
        Err(FirstScreenError::NoInstaller) => {
            let thrown = json!({
                "class": "java.lang.NullPointerException",
                "message": "element cannot be mapped to a null key",
            });
            actual.insert("plain_exception".into(), thrown);
        }
    }
    let mut lists = with_installed(&items, &sessions, &widgets, 0, record);
    lists.iter_mut().for_each(InstallerLists::trim);
    actual.insert("extras_models".into(), lists.iter().map(list_facts).collect());
    let broadcasts: Vec<Broadcast> = lists.into_iter().map(InstallerLists::into_broadcast).collect();
    actual.insert("extras_broadcasts".into(), broadcasts.iter().map(facts).collect());

    let mut found = Vec::new();
    differences("output", &case["output"], &Value::Object(actual), &mut found);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn item(value: &Value) -> ScreenItem<'_> {
    let is_collection = matches!(value["kind"].as_str(), Some("folder" | "pair"));
    let has_component = !flag(value, "no_component", false) && !is_collection;
    ScreenItem {
        package: value["pkg"].as_str().filter(|_| has_component),
        spot: match int(value, "container", -100) {
            -100 => Spot::Workspace,
            -101 => Spot::Hotseat,
            _ => Spot::Elsewhere,
        },
        is_widget: value["kind"] == "widget",
        contents: contents(value),
    }
}

fn contents(value: &Value) -> Vec<&str> {
    list(value, "contents")
        .flat_map(|child| match child["kind"] == "pair" {
            true => contents(child),
            false => child["pkg"].as_str().into_iter().collect(),
        })
        .collect()
}

fn facts(broadcast: &Broadcast) -> Value {
    let mut facts = json!({
        "action": ACTION,
        "package": broadcast.installer,
        "folderItem": broadcast.folder_items,
        "hotseatItem": broadcast.hotseat_items,
        "verificationToken": "PendingIntent",
        "widgetItem": broadcast.widget_items,
        "workspaceItem": broadcast.workspace_items,
    });
    if let Some(installed) = &broadcast.installed {
        facts["workspaceInstalledItems"] = json!(installed.workspace_items);
        facts["hotseatInstalledItems"] = json!(installed.hotseat_items);
        facts["widgetInstalledItems"] = json!(installed.widget_items);
    }
    facts
}

fn list_facts(lists: &InstallerLists) -> Value {
    json!({
        "installer": lists.installer,
        "pending_collection": lists.pending_collection,
        "pending_workspace": lists.pending_workspace,
        "pending_hotseat": lists.pending_hotseat,
        "pending_widget": lists.pending_widget,
        "installed_workspace": lists.installed_workspace,
        "installed_hotseat": lists.installed_hotseat,
        "widgets_first_screen": lists.widgets_first_screen,
        "widgets_other_screens": lists.widgets_other_screens,
    })
}
