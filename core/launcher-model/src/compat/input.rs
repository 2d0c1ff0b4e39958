//! What a load decides from: rows as a cursor reads them, build flags, grid, platform.
//!
//! [`LoadRow`] is made from any row source; it keeps beside the cursor's view the two columns that the clean-up compares
//! inside SQLite. Nothing here decides.

use super::placement::Grid;
use crate::platform::PlatformSnapshot;
use crate::rows::{Table, Value, ValueRef};

/// A column's value as SQLite's own comparisons see it; the clean-up (B.5) compares inside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum SqlKey {
    /// NULL: equal to nothing, and poison to `NOT IN` (C11).
    #[default]
    Null,
    /// A whole number.
    Int(i64),
    /// A fraction: compared as its floor here, equal to no id.
    Fraction(i64),
    /// Text or blob: greater than every number, equal to no id.
    Text,
}

impl SqlKey {
    pub(crate) fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Real(number) => Self::Fraction(number.floor() as i64),
            ValueRef::Text(_) | ValueRef::Blob(_) => Self::Text,
        }
    }
}

/// A column that a load reads. Its number is its place in [`Column::NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Id,
    Title,
    Intent,
    Container,
    Screen,
    CellX,
    CellY,
    SpanX,
    SpanY,
    ItemType,
    WidgetId,
    Icon,
    Provider,
    Restored,
    Profile,
    Rank,
    Options,
    Source,
}

impl Column {
    /// The names in `favorites`, in the order of the variants.
    pub(crate) const NAMES: [&str; 18] = [
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
        "appWidgetId",
        "icon",
        "appWidgetProvider",
        "restored",
        "profileId",
        "rank",
        "options",
        "appWidgetSource",
    ];
}

/// Notes that the cursor refuses a value.
fn refused<T: Default>(is_unreadable: &mut bool) -> T {
    *is_unreadable = true;
    T::default()
}

/// One row of `favorites`, as Android's cursor reads it: numbers as 32-bit integers, NULL and text as 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadRow {
    /// SQLite's row id. Rows load in its order, not in that of insertion.
    pub row_id: i64,
    /// Title, not trimmed.
    pub title: Option<String>,
    /// Intent text.
    pub intent: Option<String>,
    /// Container.
    pub container: i32,
    /// Page or dock index.
    pub screen: i32,
    /// Column.
    pub cell_x: i32,
    /// Row.
    pub cell_y: i32,
    /// Width in cells.
    pub span_x: i32,
    /// Height in cells.
    pub span_y: i32,
    /// Item type (A.2).
    pub item_type: i32,
    /// Widget id.
    pub widget_id: i32,
    /// Whether an icon is stored.
    pub has_icon: bool,
    /// Widget provider.
    pub provider: Option<String>,
    /// State bits (A.4).
    pub restored: i32,
    /// Profile serial, cut to 32 bits as Launcher3 reads it.
    pub profile: i32,
    /// Order in a collection.
    pub rank: i32,
    /// Option bits (A.5).
    pub options: i32,
    /// Surface that a widget came from.
    pub source: i32,
    /// `container` as SQL compares it.
    pub sql_container: SqlKey,
    /// `itemType` as SQL compares it.
    pub sql_type: SqlKey,
    /// `profileId` as it is stored. `compat` never looks at it; `safe` tells by it when a serial was cut.
    pub sql_profile: SqlKey,
    /// A column has a type that the cursor refuses: a blob where a number or text is read.
    pub is_unreadable: bool,
    /// Width and height that a store of its own keeps for the row, or that a foreign launcher's big folder has; `None` for
    /// rows of Launcher3's table. `compat` never
    /// looks at it; `safe` gives these cells, and takes the place for known whatever else cannot be read.
    pub cells: Option<(i32, i32)>,
    /// `screen` as Launcher3's table has it, where a store's load says it otherwise: no page of ours is below 0, and what waits
    /// for a slot of the dock asks for none. `compat` never looks at it; `safe` asks Launcher3 about this one.
    pub legacy_screen: Option<i32>,
}

impl LoadRow {
    /// Reads the rows of a table `favorites`, whatever further columns it has; a column it lacks reads as NULL. Rows
    /// without a numeric `_id` are not among them, but in [`LoadRow::nameless_of`].
    pub fn from_table(table: &Table) -> Vec<Self> {
        let reader = Reader::of(table);
        let read = |values: &Vec<Value>| Self::from_values(reader.columns(values), reader.has_icon(values));
        table.rows.iter().filter_map(read).collect()
    }

    /// The rows of a table `favorites` whose `_id` is no whole number, as only a table without that primary key can have them.
    /// Nothing can name them, so no load takes them; who lists rows lists them as held. `row_id` is the row's place in the
    /// table, from 1.
    pub fn nameless_of(table: &Table) -> Vec<Self> {
        let reader = Reader::of(table);
        let nameless = (1..)
            .zip(&table.rows)
            .filter(|(_, values)| !matches!(reader.columns(values)(Column::Id), ValueRef::Integer(_)));
        nameless
            .map(|(place, values)| Self::read(place, reader.columns(values), reader.has_icon(values)))
            .collect()
    }

    /// Reads one row. The icon is not asked for: all that a load wants to know is whether there is one.
    pub(crate) fn from_values<'v>(value: impl Fn(Column) -> ValueRef<'v>, has_icon: bool) -> Option<Self> {
        let ValueRef::Integer(row_id) = value(Column::Id) else { return None };
        Some(Self::read(row_id, value, has_icon))
    }

    fn read<'v>(row_id: i64, value: impl Fn(Column) -> ValueRef<'v>, has_icon: bool) -> Self {
        let mut is_unreadable = false;
        let mut int = |value: ValueRef<'_>| value.int().unwrap_or_else(|_| refused(&mut is_unreadable));
        let (container, item_type) = (value(Column::Container), value(Column::ItemType));
        let profile = value(Column::Profile);
        let mut row = Self {
            row_id,
            container: int(container),
            screen: int(value(Column::Screen)),
            cell_x: int(value(Column::CellX)),
            cell_y: int(value(Column::CellY)),
            span_x: int(value(Column::SpanX)),
            span_y: int(value(Column::SpanY)),
            item_type: int(item_type),
            widget_id: int(value(Column::WidgetId)),
            has_icon,
            restored: int(value(Column::Restored)),
            profile: int(profile),
            rank: int(value(Column::Rank)),
            options: int(value(Column::Options)),
            source: int(value(Column::Source)),
            sql_container: SqlKey::of(container),
            sql_type: SqlKey::of(item_type),
            sql_profile: SqlKey::of(profile),
            ..Self::default()
        };
        let mut text = |value: ValueRef<'_>| match value.text() {
            Ok(text) => text.map(std::borrow::Cow::into_owned),
            Err(_) => refused(&mut is_unreadable),
        };
        row.title = text(value(Column::Title));
        row.intent = text(value(Column::Intent));
        row.provider = text(value(Column::Provider));
        row.is_unreadable = is_unreadable;
        row
    }

    /// The id as Launcher3 reads it.
    pub fn id(&self) -> i32 {
        self.row_id as i32
    }
}

/// Where a table has the columns of a load.
struct Reader([Option<usize>; Column::NAMES.len()]);

impl Reader {
    fn of(table: &Table) -> Self {
        Self(Column::NAMES.map(|name| table.index_of(name)))
    }

    fn columns<'v>(&self, values: &'v [Value]) -> impl Fn(Column) -> ValueRef<'v> {
        move |column| {
            let place = self.0.get(column as usize).copied().flatten();
            place.and_then(|at| values.get(at)).map_or(ValueRef::Null, Value::as_ref)
        }
    }

    fn has_icon(&self, values: &[Value]) -> bool {
        matches!(self.columns(values)(Column::Icon), ValueRef::Blob(bytes) if !bytes.is_empty())
    }
}

/// Switches of the launcher's build and settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildFlags {
    /// The build pins a search bar to the first page. True in AOSP's build.
    pub qsb_on_first_screen: bool,
    /// `enableSmartspaceRemovalToggle`: the user can remove it.
    pub smartspace_removal_toggle: bool,
    /// The setting behind that toggle; on when never set.
    pub smartspace_enabled: bool,
    /// The search bar is a real widget of the first page.
    pub first_page_widget: bool,
    /// Archived apps are supported.
    pub support_archiving: bool,
    /// App pairs are enabled.
    pub app_pairs: bool,
    /// Widgets are enabled.
    pub widgets: bool,
}

impl Default for BuildFlags {
    fn default() -> Self {
        Self {
            qsb_on_first_screen: true,
            smartspace_removal_toggle: false,
            smartspace_enabled: true,
            first_page_widget: false,
            support_archiving: true,
            app_pairs: true,
            widgets: true,
        }
    }
}

/// Where a load is stopped, if it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CancelAt {
    /// Nowhere.
    #[default]
    Never,
    /// Before the deletions are committed (B.2.9).
    BeforeCommit,
    /// After the clean-up.
    AfterSanitise,
}

/// Everything that a load decides from.
#[derive(Debug, Clone, Copy)]
pub struct LoadInput<'a> {
    /// The rows, in any order.
    pub rows: &'a [LoadRow],
    /// The grid.
    pub grid: Grid,
    /// Build flags.
    pub flags: BuildFlags,
    /// What the platform said.
    pub platform: &'a PlatformSnapshot,
    /// Whether an earlier load of this process left the first row pinned (C19).
    pub prior_load_pinned: bool,
    /// Where the load is stopped.
    pub cancel_at: CancelAt,
    /// Whether the rows are of the grid's own file; a preview of another file is not cleaned up (B.2.2).
    pub is_current_file: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;

    #[test]
    fn rows_are_read_as_a_cursor_reads_them() {
        // README "Facts": NULL and text are 0, a serial is cut to 32 bits; SQL sees the value as it is stored.
        let names = ["_id", "itemType", "container", "profileId", "cellX", "icon"];
        let values = vec![
            Value::Integer(7),
            Value::Text("x".to_owned()),
            Value::Null,
            Value::Integer((1 << 32) + 10),
            Value::Real(2.9),
            Value::Blob(vec![1]),
        ];
        let columns =
            names.map(|name| rows::Column { name: name.to_owned(), ..rows::Column::default() }).to_vec();
        let rows = LoadRow::from_table(&Table { columns: columns.clone(), rows: vec![values.clone()] });
        let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        assert_eq!((row.id(), row.item_type, row.container, row.profile, row.cell_x), (7, 0, 0, 10, 2));
        assert_eq!((row.sql_type, row.sql_container), (SqlKey::Text, SqlKey::Null));
        assert!(row.has_icon && !row.is_unreadable);

        let mut refused = values;
        refused[4] = Value::Blob(Vec::new());
        let rows = LoadRow::from_table(&Table { columns, rows: vec![refused, vec![Value::Null]] });
        assert_eq!(rows.iter().map(|row| row.is_unreadable).collect::<Vec<_>>(), [true]);
    }
}
