//! The columns of `favorites`, each family's newest table, in one place.
//!
//! What tells a database's family, makes a table, exports one or reads one of its rows takes names and declarations from
//! here. Not here: older steps (`recognise`, `upgrade`), nor what a column means.

/// The columns of `favorites` at version 32 with their declarations, in order (A.1). `profileId` gets its default from
/// whoever makes the table: the serial of its user.
pub const AOSP_COLUMNS: [(&str, &str); 19] = [
    ("_id", "INTEGER PRIMARY KEY"),
    ("title", "TEXT"),
    ("intent", "TEXT"),
    ("container", "INTEGER"),
    ("screen", "INTEGER"),
    ("cellX", "INTEGER"),
    ("cellY", "INTEGER"),
    ("spanX", "INTEGER"),
    ("spanY", "INTEGER"),
    ("itemType", "INTEGER"),
    ("appWidgetId", "INTEGER NOT NULL DEFAULT -1"),
    ("icon", "BLOB"),
    ("appWidgetProvider", "TEXT"),
    ("modified", "INTEGER NOT NULL DEFAULT 0"),
    ("restored", "INTEGER NOT NULL DEFAULT 0"),
    ("profileId", "INTEGER"),
    ("rank", "INTEGER NOT NULL DEFAULT 0"),
    ("options", "INTEGER NOT NULL DEFAULT 0"),
    ("appWidgetSource", "INTEGER NOT NULL DEFAULT -1"),
];

/// The columns of MIUI's `favorites` at version 60, in order (G.2). Types are the original's, `STRING` included: they decide
/// how SQLite stores a value.
pub const MIUI_COLUMNS: [(&str, &str); 26] = [
    ("_id", "INTEGER PRIMARY KEY"),
    ("title", "TEXT"),
    ("intent", "TEXT"),
    ("container", "INTEGER"),
    ("screen", "INTEGER"),
    ("cellX", "INTEGER"),
    ("cellY", "INTEGER"),
    ("spanX", "INTEGER"),
    ("spanY", "INTEGER"),
    ("itemType", "INTEGER"),
    ("appWidgetId", "INTEGER NOT NULL DEFAULT -1"),
    ("isShortcut", "INTEGER"),
    ("iconType", "INTEGER"),
    ("iconPackage", "TEXT"),
    ("iconResource", "TEXT"),
    ("icon", "BLOB"),
    ("uri", "TEXT"),
    ("displayMode", "INTEGER"),
    ("launchCount", "TEXT"),
    ("sortMode", "INTEGER"),
    ("itemFlags", "INTEGER NOT NULL DEFAULT 0"),
    ("profileId", "INTEGER NOT NULL DEFAULT 0"),
    ("label", "STRING"),
    ("appWidgetProvider", "STRING"),
    ("originWidgetId", "INTEGER NOT NULL DEFAULT -1"),
    ("product_id", "STRING"),
];

/// The names of a table's columns, in order.
pub fn names<const N: usize>(columns: &[(&'static str, &'static str); N]) -> [&'static str; N] {
    columns.map(|(name, _)| name)
}
