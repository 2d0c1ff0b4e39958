//! Tables, phones and stores for the tests of the home screen. Not a test itself.

use std::collections::BTreeMap;

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, LoadRow, SqlKey};
use ferrule_launcher_model::home::Phone;
use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::rows::{Column, SourceRows, Table, Value, favorites};
use ferrule_launcher_model::store::{Content, EpochMillis, Family, GridSize, ItemId, ProfileSerial};

pub const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
pub const LATER: EpochMillis = EpochMillis(1_764_000_060_000);

/// The rows as AOSP's table of version 32.
pub fn table(rows: &[LoadRow]) -> SourceRows {
    let columns = favorites::names(&favorites::AOSP_COLUMNS)
        .map(|name| Column { name: name.to_owned(), ..Column::default() })
        .to_vec();
    let int = |number: i32| Value::Integer(number.into());
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let values = |row: &LoadRow| {
        vec![
            Value::Integer(row.row_id),
            text(&row.title),
            text(&row.intent),
            if row.sql_container == SqlKey::Null { Value::Null } else { int(row.container) },
            int(row.screen),
            int(row.cell_x),
            int(row.cell_y),
            int(row.span_x),
            int(row.span_y),
            int(row.item_type),
            int(row.widget_id),
            if row.is_unreadable { Value::Text("no picture".to_owned()) } else { Value::Null },
            if row.is_unreadable { Value::Blob(vec![1]) } else { text(&row.provider) },
            int(0),
            int(row.restored),
            match row.sql_profile {
                SqlKey::Int(serial) if i32::try_from(serial).is_err() => Value::Integer(serial),
                SqlKey::Text => Value::Text("none".to_owned()),
                _ => int(row.profile),
            },
            int(row.rank),
            int(row.options),
            int(row.source),
        ]
    };
    SourceRows {
        user_version: 32,
        favorites: Table { columns, rows: rows.iter().map(values).collect() },
        screens: None,
    }
}

pub fn size_of(grid: Grid) -> GridSize {
    GridSize { columns: grid.columns, rows: grid.rows, dock: grid.hotseat }
}

pub fn import_options(grid: Grid) -> ImportOptions {
    ImportOptions { now: NOW, grid: Some(size_of(grid)).filter(|size| size.is_valid()), main_profile: 0 }
}

pub fn empty(grid: Grid) -> Content {
    let size = Some(size_of(grid)).filter(|size| size.is_valid());
    let size = size.unwrap_or(GridSize { columns: 4, rows: 5, dock: 4 });
    Content::empty(size, Family::Aosp, ProfileSerial(0))
}

pub fn phone(grid: Grid, flags: BuildFlags, platform: &PlatformSnapshot) -> Phone<'_> {
    Phone { grid, flags, platform }
}

/// The leaf items by number.
pub fn leaves(content: &Content) -> BTreeMap<ItemId, Option<String>> {
    content.items.values().filter(|item| item.is_leaf()).map(|item| (item.id, item.intent.clone())).collect()
}
