//! Reading a home screen from the tables and writing the difference between two.
//!
//! Writes name their columns and update rows in place, so that columns and tables of a newer format keep what they hold
//! (contracts 5). Everything happens in the caller's transaction; foreign keys are checked when it ends, unique places
//! are freed before they are taken.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, named_params, params};

use super::change::AuditEntry;
use super::check::cells;
use super::image;
use super::item::{Content, EpochMillis, Item, Layout, LayoutId, Place, Position, Since};
use super::records::{BadRow, Meta, Records, Table, assemble, kind_words};
use super::schema;
use crate::neutral::Title;
use crate::rows::Value;

/// Why a home screen cannot be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    Sqlite(rusqlite::Error),
    Bad(BadRow),
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// The home screen and the file's own facts.
pub(crate) fn read(connection: &Connection) -> Result<(Content, Meta), ReadError> {
    let mut records = Records::new();
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Audit) {
        let (name, _, columns) = table.shape();
        let query = format!("SELECT {} FROM {name} ORDER BY rowid", columns.join(", "));
        let mut statement = connection.prepare(&query)?;
        let rows = statement
            .query_map([], |row| (0..columns.len()).map(|at| crate::sqlite::value(row, at)).collect())?;
        records.insert(table, rows.collect::<rusqlite::Result<_>>()?);
    }
    assemble(records).map_err(ReadError::Bad)
}

/// Sets one fact of the file.
pub(crate) fn set_meta(connection: &Connection, key: &str, value: impl ToSql) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![key, value])
        .map(drop)
}

/// Makes the tables of a new store, with nothing in them but the file's own facts.
pub(crate) fn create(connection: &Connection, now: EpochMillis) -> rusqlite::Result<()> {
    connection.execute_batch(schema::CREATE)?;
    connection.execute_batch(schema::KEPT)?;
    connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    set_meta(connection, "format", schema::FORMAT)?;
    set_meta(connection, "min_reader", schema::MIN_READER)?;
    set_meta(connection, "created_ms", now.0)
}

/// Writes what differs between what the tables hold and what they shall hold.
pub(crate) fn write(connection: &Connection, old: Option<&Content>, new: &Content) -> rusqlite::Result<()> {
    connection.pragma_update(None, "defer_foreign_keys", true)?;
    write_meta(connection, old, new)?;
    let changed: Vec<&Item> = new
        .items
        .values()
        .filter(|item| old.and_then(|old| old.items.get(&item.id)) != Some(*item))
        .collect();
    let removed = old.into_iter().flat_map(|old| old.items.keys()).filter(|id| !new.items.contains_key(id));
    for id in removed {
        connection.prepare_cached("DELETE FROM items WHERE id = ?1")?.execute([id.0])?;
    }
    for item in &changed {
        connection.prepare_cached("DELETE FROM cells WHERE item_id = ?1")?.execute([item.id.0])?;
        connection
            .prepare_cached("UPDATE positions SET seated = 0 WHERE item_id = ?1")?
            .execute([item.id.0])?;
    }
    for (id, layout) in &new.layouts {
        write_layout(connection, *id, layout, old.and_then(|old| old.layouts.get(id)))?;
    }
    for item in &changed {
        write_item(connection, item)?;
    }
    for item in &changed {
        for (layout, position) in &item.positions {
            write_position(connection, new, item, *layout, *position)?;
        }
        let kept: Vec<i64> = item.positions.keys().map(|layout| layout.0).collect();
        drop_others(connection, "positions", "layout_id", item, &kept)?;
    }
    for id in old.into_iter().flat_map(|old| old.layouts.keys()) {
        if !new.layouts.contains_key(id) {
            connection.execute("DELETE FROM pages WHERE layout_id = ?1", [id.0])?;
            connection.execute("DELETE FROM layouts WHERE id = ?1", [id.0])?;
        }
    }
    Ok(())
}

fn write_meta(connection: &Connection, old: Option<&Content>, new: &Content) -> rusqlite::Result<()> {
    let facts = |content: &Content| {
        [
            ("main_profile", content.main_profile.0),
            ("active_layout", content.active.0),
            ("next_item", content.next_item),
            ("next_page", content.next_page),
        ]
    };
    let before = old.map(facts);
    for (at, (key, value)) in facts(new).into_iter().enumerate() {
        if before.and_then(|before| before.get(at).copied()) != Some((key, value)) {
            set_meta(connection, key, value)?;
        }
    }
    if old.map(|old| old.family) != Some(new.family) {
        set_meta(connection, "family", new.family.word())?;
    }
    if old.map(|old| old.source_version) != Some(new.source_version) {
        set_meta(connection, "source_version", new.source_version)?;
    }
    if old.map(|old| &old.declared) != Some(&new.declared) {
        connection.execute("DELETE FROM source_columns", [])?;
        for (column, ord) in new.declared.iter().zip(0_i64..) {
            connection.execute(
                "INSERT INTO source_columns (ord, name, declared, default_sql) VALUES (?1, ?2, ?3, ?4)",
                params![ord, column.name, column.declared, column.default],
            )?;
        }
    }
    Ok(())
}

fn write_layout(
    connection: &Connection,
    id: LayoutId,
    layout: &Layout,
    old: Option<&Layout>,
) -> rusqlite::Result<()> {
    if old == Some(layout) {
        return Ok(());
    }
    connection.execute(
        "INSERT INTO layouts (id, columns, rows, dock) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET columns = excluded.columns, rows = excluded.rows, dock = excluded.dock",
        params![id.0, layout.grid.columns, layout.grid.rows, layout.grid.dock],
    )?;
    for page in old.into_iter().flat_map(|old| &old.pages) {
        if layout.pages.iter().any(|kept| kept.id == page.id) {
            // Out of the way, so that order and numbers can be given anew one by one. Numbers in use have 32 bits.
            connection.execute(
                "UPDATE pages SET ord = -id, number = -1099511627776 - id WHERE id = ?1",
                [page.id.0],
            )?;
        } else {
            connection.execute("DELETE FROM pages WHERE id = ?1", [page.id.0])?;
        }
    }
    for (page, ord) in layout.pages.iter().zip(0_i64..) {
        connection.execute(
            "INSERT INTO pages (id, layout_id, ord, number, title) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET ord = excluded.ord, number = excluded.number, title = excluded.title",
            params![page.id.0, id.0, ord, page.number, page.title],
        )?;
    }
    Ok(())
}

fn write_item(connection: &Connection, item: &Item) -> rusqlite::Result<()> {
    let (kind, style) = kind_words(item.kind);
    let (title, is_resource) = match &item.title {
        Title::None => (None, false),
        Title::Text(text) => (Some(text), false),
        Title::Resource(name) => (Some(name), true),
    };
    connection
        .prepare_cached(
            "INSERT INTO items (id, source_id, profile, kind, style, item_type, title, title_is_resource, intent, icon,
               widget_id, widget_provider, widget_source, restored, options, modified_ms, hold_code, hold_since_ms)
             VALUES (:id, :source, :profile, :kind, :style, :type, :title, :resource, :intent, :icon,
               :widget, :provider, :surface, :restored, :options, :modified, :hold, :since)
             ON CONFLICT (id) DO UPDATE SET source_id = :source, profile = :profile, kind = :kind, style = :style,
               item_type = :type, title = :title, title_is_resource = :resource, intent = :intent, icon = :icon,
               widget_id = :widget, widget_provider = :provider, widget_source = :surface, restored = :restored,
               options = :options, modified_ms = :modified, hold_code = :hold, hold_since_ms = :since",
        )?
        .execute(named_params! {
            ":id": item.id.0,
            ":source": item.source_id,
            ":profile": item.profile.0,
            ":kind": kind,
            ":style": style,
            ":type": item.item_type,
            ":title": title,
            ":resource": is_resource,
            ":intent": item.intent,
            ":icon": item.icon.as_deref(),
            ":widget": item.widget.id,
            ":provider": item.widget.provider,
            ":surface": item.widget.source,
            ":restored": item.restored,
            ":options": item.options,
            ":modified": item.modified.0,
            ":hold": item.hold.as_ref().map(|hold| hold.code.as_str()),
            ":since": item.hold.as_ref().map(|hold| hold.since.0),
        })?;
    connection.prepare_cached("DELETE FROM item_columns WHERE item_id = ?1")?.execute([item.id.0])?;
    for (name, value) in &item.columns {
        connection
            .prepare_cached("INSERT INTO item_columns (item_id, name, value) VALUES (?1, ?2, ?3)")?
            .execute(params![item.id.0, name, value])?;
    }
    match &item.quarantine {
        None => {
            connection.prepare_cached("DELETE FROM quarantine WHERE item_id = ?1")?.execute([item.id.0])?;
        }
        Some(quarantine) => {
            let Since { code, since } = &quarantine.why;
            connection
                .prepare_cached(
                    "INSERT INTO quarantine (item_id, code, since_ms, until_ms) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (item_id) DO UPDATE SET code = excluded.code, since_ms = excluded.since_ms,
                       until_ms = excluded.until_ms",
                )?
                .execute(params![item.id.0, code, since.0, quarantine.until.map(|until| until.0)])?;
        }
    }
    Ok(())
}

/// The columns of a place as they are stored.
#[derive(Default)]
struct PlaceColumns {
    word: &'static str,
    page: Option<i64>,
    cells: Option<[i32; 4]>,
    slot: Option<i32>,
    parent: Option<i64>,
    parent_kind: Option<&'static str>,
    order: Option<i32>,
    container: Option<i64>,
}

impl PlaceColumns {
    /// A place; a wish for a collection that is gone is one for the container of that number.
    fn of(content: &Content, layout: LayoutId, item: &Item, place: Place) -> Self {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                let known = content
                    .layouts
                    .get(&layout)
                    .is_some_and(|layout| layout.pages.iter().any(|known| known.id == page));
                if !known {
                    return Self { word: "elsewhere", container: Some(-100), ..Self::default() };
                }
                let cells = Some([x, y, width, height]);
                Self { word: "desktop", page: Some(page.0), cells, ..Self::default() }
            }
            Place::Dock { slot } => Self { word: "dock", slot: Some(slot), ..Self::default() },
            Place::Inside { parent, order } => match content.items.get(&parent) {
                Some(found) if item.kind.fits_inside(found.kind) => Self {
                    word: "inside",
                    parent: Some(parent.0),
                    parent_kind: Some(kind_words(found.kind).0),
                    order: Some(order),
                    ..Self::default()
                },
                _ => Self { word: "elsewhere", container: Some(parent.0), ..Self::default() },
            },
            Place::Elsewhere { container } => {
                Self { word: "elsewhere", container: Some(container), ..Self::default() }
            }
        }
    }
}

fn write_position(
    connection: &Connection,
    content: &Content,
    item: &Item,
    layout: LayoutId,
    position: Position,
) -> rusqlite::Result<()> {
    let columns = PlaceColumns::of(content, layout, item, position.place);
    let [x, y, width, height] = match columns.cells {
        Some(cells) => cells.map(Some),
        None => [None; 4],
    };
    connection
        .prepare_cached(
            "INSERT INTO positions (layout_id, item_id, item_kind, place, seated, page_id, x, y, width, height, slot,
               parent_id, parent_kind, ord, container)
             VALUES (:layout, :item, :kind, :place, :seated, :page, :x, :y, :width, :height, :slot,
               :parent, :parent_kind, :ord, :container)
             ON CONFLICT (layout_id, item_id) DO UPDATE SET item_kind = :kind, place = :place, seated = :seated,
               page_id = :page, x = :x, y = :y, width = :width, height = :height, slot = :slot,
               parent_id = :parent, parent_kind = :parent_kind, ord = :ord, container = :container",
        )?
        .execute(named_params! {
            ":layout": layout.0,
            ":item": item.id.0,
            ":kind": kind_words(item.kind).0,
            ":place": columns.word,
            ":seated": position.seated,
            ":page": columns.page,
            ":x": x,
            ":y": y,
            ":width": width,
            ":height": height,
            ":slot": columns.slot,
            ":parent": columns.parent,
            ":parent_kind": columns.parent_kind,
            ":ord": columns.order,
            ":container": columns.container,
        })?;
    if let (true, Place::Desktop { page, x, y, width, height }) = (position.seated, position.place) {
        let mut statement = connection.prepare_cached(
            "INSERT INTO cells (page_id, x, y, layout_id, item_id) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (column, row) in cells(x, y, width, height) {
            statement.execute(params![page.0, column, row, layout.0, item.id.0])?;
        }
    }
    Ok(())
}

/// Deletes the rows of an item whose second key is none of those kept.
fn drop_others(
    connection: &Connection,
    table: &str,
    key: &str,
    item: &Item,
    kept: &[i64],
) -> rusqlite::Result<()> {
    let kept: Vec<String> = kept.iter().map(i64::to_string).collect();
    let query = format!("DELETE FROM {table} WHERE item_id = ?1 AND {key} NOT IN ({})", kept.join(", "));
    connection.prepare_cached(&query)?.execute([item.id.0]).map(drop)
}

/// Appends to the audit trail; the oldest entries without an image go beyond [`schema::AUDIT_KEPT`].
pub(crate) fn append_audit(connection: &Connection, entries: &[AuditEntry]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO audit (at_ms, item_id, event, code, image) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for entry in entries {
        let item = entry.item.map(|item| item.0);
        statement.execute(params![entry.at.0, item, entry.event.word(), entry.code, entry.image])?;
    }
    connection
        .prepare_cached("DELETE FROM audit WHERE image IS NULL AND seq <= (SELECT max(seq) FROM audit) - ?1")?
        .execute([schema::AUDIT_KEPT])
        .map(drop)
}

/// Appends one write to the journal, with the images of every item that it changes.
pub(crate) fn append_journal(
    connection: &Connection,
    old: &Content,
    new: &Content,
    cause: &str,
    now: EpochMillis,
) -> rusqlite::Result<()> {
    connection.execute("INSERT INTO journal (at_ms, cause) VALUES (?1, ?2)", params![now.0, cause])?;
    let seq = connection.last_insert_rowid();
    let mut statement = connection.prepare_cached(
        "INSERT INTO journal_changes (seq, item_id, before, after) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut ids: Vec<_> = old.items.keys().chain(new.items.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let (before, after) = (old.items.get(id), new.items.get(id));
        if before != after {
            statement.execute(params![seq, id.0, before.map(image::encode), after.map(image::encode)])?;
        }
    }
    connection
        .prepare_cached("DELETE FROM journal WHERE seq <= ?1")?
        .execute([seq - schema::JOURNAL_KEPT])
        .map(drop)
}
