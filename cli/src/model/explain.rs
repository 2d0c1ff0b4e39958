//! `ferrule model explain`: why items of a store are not where or what the user left them.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ferrule_launcher_model::home::{Explained, Phone};
use ferrule_launcher_model::json::{LoadSpec, remedy};
use ferrule_launcher_model::safe::State;
use ferrule_launcher_model::store::{Content, Item, ItemId, Place};
use serde_json::{Value, json};

use super::load::read_spec;
use super::problem::Problem;
use super::stored::{Copy, now};
use super::when::date;
use crate::output::{Output, Tone, printable};
use crate::problem::refuse;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Everything that is not where or what the user left it, since when, and what helps:
    ferrule model explain home.store
  One item, with its whole history:
    ferrule model explain home.store 17
  As the home screen would be on a phone that is described in a file:
    ferrule model explain --input phone.json home.store
  What is held, for a script:
    ferrule model explain --json home.store | jq 'select(.state == \"held\") | .item'

What would bring an item back depends on the phone: without --input only what follows from the store is said. The store is
copied and only the copy is opened.

Exit codes: 0 done, 2 usage error, no such item or unreadable input.";

/// What is explained.
#[derive(Args)]
pub struct ExplainArguments {
    /// Print one JSON object an item instead of a text
    #[arg(long)]
    json: bool,
    /// The phone: a JSON object with grid, flags and platform; the copy of the store is loaded for it first
    #[arg(long, value_name = "FILE.json")]
    input: Option<PathBuf>,
    /// The store
    #[arg(value_name = "STORE")]
    store: PathBuf,
    /// The number of an item [default: all that there is something to explain about]
    #[arg(value_name = "ITEM")]
    item: Option<i64>,
}

/// Explains and prints.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ExplainArguments, output: &mut Output) -> io::Result<ExitCode> {
    match explained(arguments) {
        Ok((copy, lines)) => {
            print(copy, &lines, arguments, output)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => Ok(refuse(&problem)),
    }
}

fn explained(arguments: &ExplainArguments) -> Result<(Copy, Vec<Explained>), Problem> {
    let file = arguments.store.as_path();
    let spec: Option<LoadSpec> = arguments.input.as_deref().map(read_spec).transpose()?;
    let mut copy = Copy::of(file)?;
    if let Some(spec) = &spec {
        let phone = Phone { grid: spec.grid, flags: spec.flags, platform: &spec.platform };
        if let Some(error) = copy.home.load(&phone, now()).problem {
            return Err(Problem::store(file, &error));
        }
    }
    let failed = |error| Problem::store(file, &error);
    let lines = match arguments.item {
        None => copy.home.explain_all().map_err(failed)?,
        Some(number) => {
            let found = copy.home.explain(ItemId(number)).map_err(failed)?;
            vec![found.ok_or_else(|| Problem::no_item(file, number))?]
        }
    };
    Ok((copy, lines))
}

fn print(
    mut copy: Copy,
    lines: &[Explained],
    arguments: &ExplainArguments,
    output: &mut Output,
) -> io::Result<()> {
    if arguments.json {
        for line in lines {
            output.json(&object(copy.home.content(), line))?;
        }
        return Ok(());
    }
    if lines.is_empty() {
        return output.line(&output.tone(Tone::Good, "Every item is where and what it was left."));
    }
    for line in lines {
        let content = copy.home.content();
        let title = content.items.get(&line.item).map(label).unwrap_or_default();
        let what = match (line.state, &line.code) {
            (State::Live, None) => "is where and what it was left",
            (State::Live, Some(_)) => "was moved",
            (State::Held, _) => "is held",
            (State::Quarantined, _) => "is in quarantine",
            (State::Opaque, _) => "is kept as it is",
        };
        let since = line.since.map(|since| format!(" since {}", date(since))).unwrap_or_default();
        let code = line.code.as_deref().map(|code| output.tone(Tone::Faint, &format!(" [{code}]")));
        output.line(&format!("{:>5}  {title} {what}{since}{}", line.item.0, code.unwrap_or_default()))?;
        let at = |place: Option<Place>| place.map(|place| words(content, place));
        if let Some(left) = at(line.left) {
            let now = at(line.place).map(|now| format!(", is {now}")).unwrap_or_default();
            output.line(&format!("       was {left}{now}"))?;
        }
        if let Some(legacy) = line.legacy.filter(|legacy| legacy.is_deleted()) {
            let code = output.tone(Tone::Faint, &format!("[{}]", legacy.code()));
            output.line(&format!("       Launcher3 would have deleted it {code}"))?;
        }
        if !line.remedies.is_empty() {
            let remedies: Vec<&str> = line.remedies.iter().map(|remedy| remedy.as_str()).collect();
            output.line(&output.tone(Tone::Good, &format!("       helps: {}", remedies.join(", "))))?;
        }
    }
    if let Some(number) = arguments.item {
        for entry in copy.home.audit(Some(ItemId(number))).unwrap_or_default() {
            let code = entry.code.map(|code| format!(" [{code}]")).unwrap_or_default();
            output.line(&format!("       {}  {}{code}", date(entry.at), entry.event.word()))?;
        }
    }
    Ok(())
}

fn object(content: &Content, line: &Explained) -> Value {
    let place = |place: Option<Place>| place.map(|place| facts(content, place));
    json!({
        "item": line.item.0,
        "state": line.state.as_str(),
        "code": line.code,
        "since_ms": line.since.map(|since| since.0),
        "title": content.items.get(&line.item).map(label),
        "moved": line.moved.as_ref().map(|moved| json!({
            "code": moved.code, "at_ms": moved.at.0, "from": place(moved.from),
        })),
        "place": place(line.place),
        "left": place(line.left),
        "legacy_code": line.legacy.map(|legacy| legacy.code()),
        "remedies": line.remedies.iter().map(remedy).collect::<Value>(),
    })
}

/// An item's title, else what it points to.
pub fn label(item: &Item) -> String {
    use ferrule_launcher_model::neutral::Title;
    let title = match &item.title {
        Title::None => None,
        Title::Text(text) | Title::Resource(text) => {
            Some(text.as_str()).filter(|text| !text.trim().is_empty())
        }
    };
    let target = item.widget.provider.as_deref().or(item.intent.as_deref());
    printable(title.or(target).unwrap_or("(no title)"))
}

/// A place counted as people count.
fn words(content: &Content, place: Place) -> String {
    match place {
        Place::Desktop { page, x, y, .. } => {
            let pages = content.layout().map(|layout| layout.pages.as_slice()).unwrap_or_default();
            match pages.iter().position(|known| known.id == page) {
                Some(at) => {
                    format!("on page {}, column {}, row {}", at + 1, i64::from(x) + 1, i64::from(y) + 1)
                }
                None => format!(
                    "on a page of another grid, column {}, row {}",
                    i64::from(x) + 1,
                    i64::from(y) + 1
                ),
            }
        }
        Place::Dock { slot } => format!("in slot {} of the dock", i64::from(slot) + 1),
        Place::Inside { parent, order } => {
            format!("place {} in collection {}", i64::from(order) + 1, parent.0)
        }
        Place::Elsewhere { container } => format!("in container {container}, which is not there"),
    }
}

fn facts(content: &Content, place: Place) -> Value {
    match place {
        Place::Desktop { page, x, y, width, height } => {
            let pages = content.layout().map(|layout| layout.pages.as_slice()).unwrap_or_default();
            let at = pages.iter().position(|known| known.id == page);
            json!({ "container": -100, "page": at, "cellX": x, "cellY": y, "spanX": width, "spanY": height })
        }
        Place::Dock { slot } => json!({ "container": -101, "slot": slot }),
        Place::Inside { parent, order } => json!({ "container": parent.0, "rank": order }),
        Place::Elsewhere { container } => json!({ "container": container }),
    }
}
