//! Rows of a legacy cache, whatever its generation (A.1, A.2), as data.
//!
//! Which columns there are decides how a row is read, not a version number: forks count as they like. Not here: whether
//! a row still holds; that is recomputed by who knows what is installed.
//!
//! Invariant: a row of any types is a row or is skipped; nothing in it is trusted.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::ImportError;
use super::copy::Copied;
use crate::key::{Component, IconKey, ProfileSerial};

/// The largest picture of a row, in bytes.
const BLOB_BYTES_MAX: usize = 4 << 20;

/// What a row was valid for when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// Until 2024: version code, time of the update in milliseconds, state of the system.
    Version {
        /// The package's version code.
        version: i64,
        /// When it was updated.
        updated_ms: i64,
        /// Language tags and SDK.
        state: String,
    },
    /// Since: one text.
    Freshness(String),
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyRow {
    /// Its number in the table; 0 where rows have none.
    pub row: i64,
    /// Whose; `None` when the name cannot be read.
    pub key: Option<IconKey>,
    /// What it is valid for.
    pub validity: Validity,
    /// Dominant colour.
    pub colour: u32,
    /// Flags as A.1; 0 where there is no such column.
    pub flags: u32,
    /// The label.
    pub label: Option<String>,
    /// The icon, as PNG.
    pub icon: Option<Vec<u8>>,
    /// The monochrome form: alpha, and perhaps eight bytes more.
    pub mono: Option<Vec<u8>>,
}

/// A copy of a legacy cache, open.
#[derive(Debug)]
pub struct LegacyFile {
    connection: Connection,
    columns: HashSet<String>,
    /// The query of all rows.
    select: String,
    /// The side of its icons, in pixels.
    pub size_px: u32,
    /// What comes before the size in its version: the release that wrote it.
    pub release: u32,
    // Dropped last, and with it the copy.
    _copied: Copied,
}

impl LegacyFile {
    /// Copies the file and opens the copy; `scratch` is where the private folder is made.
    ///
    /// # Errors
    /// [`ImportError`].
    pub fn open(source: &Path, scratch: &Path) -> Result<Self, ImportError> {
        let copied = Copied::of(source, scratch)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let unknown = |_| ImportError::Unknown;
        let connection = Connection::open_with_flags(copied.main(), flags).map_err(unknown)?;
        connection.pragma_update(None, "trusted_schema", false).map_err(unknown)?;
        connection.pragma_update(None, "cell_size_check", true).map_err(unknown)?;
        let version: i32 =
            connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(unknown)?;
        let columns = columns(&connection).map_err(unknown)?;
        let has = |name: &str| columns.contains(name);
        let dated = has("freshnessid") || (has("version") && has("lastupdated") && has("system_state"));
        if !(has("componentname") && has("profileid") && has("icon") && dated) {
            return Err(ImportError::Unknown);
        }
        let select = select(&connection, &columns).map_err(unknown)?;
        let version = version.cast_unsigned();
        let (release, size_px) = (version >> 16, version & 0xFFFF);
        Ok(Self { connection, columns, select, size_px, release, _copied: copied })
    }

    /// Reads the rows; of a damaged file those before the damage. Answers how many were handed out.
    pub fn each(&self, mut take: impl FnMut(LegacyRow)) -> u64 {
        let mut count = 0;
        let Ok(mut select) = self.connection.prepare(&self.select) else { return 0 };
        let Ok(mut rows) = select.query([]) else { return 0 };
        while let Ok(Some(row)) = rows.next() {
            let value = |at: usize| row.get_ref(at).unwrap_or(ValueRef::Null);
            take(legacy_row(value, self.columns.contains("freshnessid")));
            count += 1;
        }
        count
    }
}

impl LegacyFile {
    /// Whether SQLite finds the whole file in order; of another, rows may be missing.
    pub fn is_whole(&self) -> bool {
        self.connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
            .is_ok_and(|line| line == "ok")
    }

    /// Whether its rows say what they are valid for in one text, as since 2024.
    pub fn has_freshness(&self) -> bool {
        self.columns.contains("freshnessid")
    }
}

fn columns(connection: &Connection) -> rusqlite::Result<HashSet<String>> {
    let mut select = connection.prepare("SELECT name FROM pragma_table_info('icons')")?;
    let names = select.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| Ok(name?.to_ascii_lowercase())).collect()
}

/// The columns that a row is read from; one that the table lacks reads as NULL.
const COLUMNS: [&str; 11] = [
    "componentName",
    "profileId",
    "freshnessId",
    "version",
    "lastUpdated",
    "system_state",
    "icon_color",
    "flags",
    "label",
    "icon",
    "mono_icon",
];

/// The query of all rows, by their numbers. A view and a table made `WITHOUT ROWID` have none, nor has a table with columns of
/// all three names for them; only SQLite can say.
fn select(connection: &Connection, columns: &HashSet<String>) -> rusqlite::Result<String> {
    let has = |name: &str| columns.contains(&name.to_ascii_lowercase());
    let names = COLUMNS.map(|name| if has(name) { name } else { "NULL" }).join(", ");
    let numbered = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !has(name));
    let numbered = numbered.map(|number| format!("SELECT {number}, {names} FROM icons ORDER BY {number}"));
    match numbered.filter(|select| connection.prepare(select).is_ok()) {
        Some(select) => Ok(select),
        None => {
            let select = format!("SELECT NULL, {names} FROM icons");
            connection.prepare(&select).map(|_| select)
        }
    }
}

fn legacy_row<'a>(value: impl Fn(usize) -> ValueRef<'a>, freshness: bool) -> LegacyRow {
    let text = |at| match value(at) {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    let number = |at| match value(at) {
        ValueRef::Integer(number) => number,
        _ => 0,
    };
    let blob = |at| match value(at) {
        ValueRef::Blob(bytes) if bytes.len() <= BLOB_BYTES_MAX => Some(bytes.to_vec()),
        _ => None,
    };
    // A serial that is no number is no profile.
    let profile = match value(2) {
        ValueRef::Integer(serial) => Some(ProfileSerial(serial)),
        _ => None,
    };
    let component = text(1).as_deref().and_then(Component::parse);
    LegacyRow {
        row: number(0),
        key: component.zip(profile).map(|(component, profile)| IconKey::new(component, profile)),
        validity: if freshness {
            Validity::Freshness(text(3).unwrap_or_default())
        } else {
            Validity::Version {
                version: number(4),
                updated_ms: number(5),
                state: text(6).unwrap_or_default(),
            }
        },
        // Both columns are 32 bits wide on the other side.
        colour: (number(7) & 0xFFFF_FFFF).try_into().unwrap_or(0),
        flags: (number(8) & 0xFFFF_FFFF).try_into().unwrap_or(0),
        label: text(9),
        icon: blob(10),
        mono: blob(11),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failure ends the test")]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_whatever_numbers_them() {
        let own = "componentName TEXT, profileId INTEGER, freshnessId TEXT, icon BLOB, PRIMARY KEY (componentName, profileId)";
        let rows = "INSERT INTO icons (componentName, profileId) VALUES ('a/.Main', 0), ('b/.Main', 0);";
        for sql in [
            format!("CREATE TABLE icons ({own}); {rows}"),
            format!("CREATE TABLE icons (rowid INTEGER DEFAULT 5, {own}); {rows}"),
            format!("CREATE TABLE icons (rowid INTEGER DEFAULT 5, _rowid_ TEXT, oid TEXT, {own}); {rows}"),
            format!("CREATE TABLE icons ({own}) WITHOUT ROWID; {rows}"),
            format!(
                "CREATE TABLE icons ({own}); {rows} ALTER TABLE icons RENAME TO drawn; CREATE VIEW icons AS SELECT * FROM drawn;"
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("app_icons.db");
            Connection::open(&file).unwrap().execute_batch(&sql).unwrap();
            let legacy = LegacyFile::open(&file, folder.path()).unwrap();
            let mut components = Vec::new();
            let count = legacy.each(|row| components.push(format!("{:?}", row.key.unwrap().component)));
            assert_eq!((count, components.len()), (2, 2), "{sql}");
            components.sort();
            assert!(components[0].contains("\"a\"") && components[1].contains("\"b\""), "{components:?}");
        }
    }

    #[test]
    fn a_view_of_what_is_not_there_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app_icons.db");
        let sql = "CREATE TABLE drawn (componentName, profileId, freshnessId, icon);
            CREATE VIEW icons AS SELECT * FROM drawn; DROP TABLE drawn;";
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        assert_eq!(LegacyFile::open(&file, folder.path()).unwrap_err().code(), "IC_IMPORT_UNKNOWN");
    }
}
