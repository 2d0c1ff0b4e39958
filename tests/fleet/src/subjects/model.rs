//! Small home screens, loaded as Launcher3 loads them and as `safe` does.

use ferrule_compare::model;
use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::json::LoadSpec;
use ferrule_launcher_model::rows::{Column, Table, Value};
use ferrule_rollout::diff::Tree;

use super::Answered;
use crate::Draw;

/// What is special about a home screen.
pub const CLASSES: [&str; 4] = ["plain", "folders", "two on one cell", "unknown types"];

const COLUMNS: [&str; 13] = [
    "_id",
    "title",
    "intent",
    "container",
    "screen",
    "cellX",
    "cellY",
    "spanX",
    "spanY",
    "itemType",
    "profileId",
    "restored",
    "rank",
];
const GRID: Grid = Grid { columns: 5, rows: 5, hotseat: 5, search_columns: 5, folder: (4, 4) };

/// Asks about one home screen.
pub fn ask(draw: &mut Draw, planted: bool) -> Answered {
    // Most home screens are ordinary; the others are explained and prove nothing (R57).
    let class = CLASSES[[0, 0, 0, 1, 1, 1, 1, 1, 2, 3][draw.below(10) as usize]];
    let items = 3 + draw.below(3) as i64;
    let rows = home(class, items);
    let spec = LoadSpec::assuming_present(&rows, GRID);
    let legacy = model::legacy_tree(&spec.load(&rows));
    let right = model::candidate_tree(&spec.safe_load(&rows, &[]));
    let candidate = if planted { without_first_title(right) } else { right };
    let comparison = model::compare(&spec.input(&rows), &[], &legacy, &candidate);
    Answered { class, input: format!("{class} {items}"), comparison }
}

fn home(class: &str, items: i64) -> Vec<LoadRow> {
    let row = |id: i64, container: i64, x: i64, kind: i64| {
        let intent = match kind {
            2 => Value::Null,
            _ => Value::Text(format!(
                "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
                 launchFlags=0x10200000;component=com.example.app{id}/.Main;end"
            )),
        };
        vec![
            Value::Integer(id),
            Value::Text(format!("App {id}")),
            intent,
            Value::Integer(container),
            Value::Integer(0),
            Value::Integer(x),
            Value::Integer(1),
            Value::Integer(1),
            Value::Integer(1),
            Value::Integer(kind),
            Value::Integer(0),
            Value::Integer(0),
            Value::Integer(if container > 0 { x } else { 0 }),
        ]
    };
    let mut rows: Vec<Vec<Value>> = (0..items.min(4)).map(|x| row(x + 1, -100, x, 0)).collect();
    match class {
        "folders" => {
            rows.push(row(10, -100, 4, 2));
            rows.extend([row(11, 10, 0, 0), row(12, 10, 1, 0)]);
        }
        "two on one cell" => rows.push(row(10, -100, 0, 0)),
        "unknown types" => rows.push(row(10, -100, 4, 77)),
        _ => {}
    }
    let columns = COLUMNS.map(|name| Column { name: name.to_owned(), ..Column::default() }).to_vec();
    LoadRow::from_table(&Table { columns, rows })
}

/// The planted bug: the first item has lost its title.
fn without_first_title(tree: Tree) -> Tree {
    let Tree::Map(fields) = tree else { return tree };
    let empty = |items: Vec<Tree>| {
        let mut items = items.into_iter();
        let first = items.next().map(|first| match first {
            Tree::Map(fields) => Tree::Map(
                fields
                    .into_iter()
                    .map(|(name, value)| if name == "title" { (name, Tree::text("")) } else { (name, value) })
                    .collect(),
            ),
            other => other,
        });
        first.into_iter().chain(items).collect()
    };
    let fields = fields.into_iter().map(|(name, value)| match value {
        Tree::List(items) if name == "items" => (name, Tree::List(empty(items))),
        value => (name, value),
    });
    Tree::Map(fields.collect())
}
