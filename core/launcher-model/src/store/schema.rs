//! The tables of the store, as a contract. `docs/formats/launcher-model-store.md` says the same for readers who do not
//! read Rust; a test compares the two.
//!
//! **Conventions.** Cells count from 0 at the upper left. Times are milliseconds since 1970-01-01 UTC. NULL means "there is
//! none", never "unknown", unless said otherwise. Every row of a table that salvage reads opens with a tag, so that a
//! row can be told from a page of the file that has lost its table.
//!
//! **File.** SQLite 3.37 or later (STRICT). `application_id` is [`APPLICATION_ID`], `user_version` stays 0: the version is in
//! `meta`. WAL, `synchronous = FULL`, exclusive locking, foreign keys on, `secure_delete` on (a deleted row leaves no copy
//! that salvage could take for a live one).
//!
//! **`meta`**: `key`, `value` of any type.
//!
//! | key | value |
//! |---|---|
//! | `format` | the form of the file, [`FORMAT`]; grows with every change |
//! | `min_reader` | the lowest `format` that a reader must know, [`MIN_READER`]; grows only when an older reader would do harm |
//! | `created_ms` | when the store was made |
//! | `family` | `aosp` or `miui`: whose vocabulary `item_type` and `item_columns` are in |
//! | `source_version` | the `user_version` of the last import; NULL or absent: there was none |
//! | `main_profile` | serial of the main profile |
//! | `active_layout` | the layout that is shown: the grid state, never kept in preferences (J.7) |
//! | `next_item`, `next_page` | the next new numbers; they only grow (SPEC-04, LM-I16) |
//! | `default_layout_due` | 1 while the home screen waits for the default layout, else 0 or absent |
//! | `last_daily_ms` | when the last daily snapshot was made; absent: never |
//!
//! **`layouts`**: `id`; `columns`, `rows` (1–64 cells), `dock` (0–64 slots).
//!
//! **`pages`**: `id`, never given twice; `layout_id`; `ord`, the place from the left, from 0 without gaps; `number`, the
//! page's number in the launcher's own tables; `title`, NULL without one. Empty pages are pages.
//!
//! **`items`**: `id` 1–2147483647, also the row's `_id` in exports; `source_id`, the row's number where it was imported from,
//! NULL if made here; `profile` serial; `kind`; `style` of a folder, NULL for others; `item_type` in the family's
//! vocabulary; `title`, NULL never labelled, empty cleared by the user; `title_is_resource` 1: the title is the name of
//! a string resource; `intent`; `icon`, bytes as they came; `widget_id`, -1 none; `widget_provider`; `widget_source`,
//! -1 unknown; `restored` (A.4) and `options` (A.5) bits; `modified_ms`, 0 unknown; `hold_code` and
//! `hold_since_ms`, both NULL unless something is missing that the item needs.
//!
//! **`item_columns`**: a value of the source that the columns above do not say: an unknown column, or a known one stored
//! otherwise than a canonical row would (`007` as text in a number's column). `item_id`, `name`, `value` of any type. An
//! edit deletes what it makes stale.
//!
//! **`source_columns`**: the unknown columns of the source's `favorites` in declared order: `ord`, `name`, `declared` type,
//! `default_sql`, NULL without default.
//!
//! **`positions`**: one row for each item and layout. `place` is `desktop` (`page_id`, `x`, `y`, `width`, `height` in cells),
//! `dock` (`slot`), `inside` (`parent_id`, `parent_kind`, `ord` from 0 without gaps) or `elsewhere` (`container`, as the
//! source said); the other columns are NULL. `seated` 1: the item has the place to itself; 0: it is in the overflow or
//! in quarantine, the place is where it was. `item_kind` and `parent_kind` repeat the kinds, so that the table itself
//! refuses folders in folders, deeper nesting and with it every cycle (LM-I3).
//!
//! **`cells`**: the cells of seated desktop items, one row a cell: `page_id`, `x`, `y` are unique, which is LM-I2.
//!
//! **`quarantine`**: `item_id`, `code`, `since_ms`, `until_ms` (NULL: until somebody decides). The item and its positions
//! stay in their tables.
//!
//! **`audit`**: what happened, for ever where something was removed: `seq`, `at_ms`, `item_id` (NULL: the whole screen; no
//! foreign key, items go, entries stay), `event`, `code` (NULL without), `image` of an item that was removed, or moved by a
//! load (see `image`).
//!
//! **`journal`** and **`journal_changes`**: one `journal` row a committed write (`seq`, `at_ms`, `cause`); for each item that it
//! changed `before` and `after` images, NULL where there was or is none. The newest [`JOURNAL_KEPT`] writes are kept.
//!
//! **`kept`** and **`kept_answer`**: what the first load of a process came to, for the first frame of the next start
//! ([`KEPT`]). `kept` has a row (`key`, `digest`) while nothing that a load reads has changed since; triggers delete it,
//! whoever writes. `answer` is stale without it.
//!
//! **Versions.** 1: the first. 2: `kept` and `kept_answer`; a store of format 1 gets them when an answer is kept. 3: key and
//! digest of `kept` are XXH3, before SHA-256; an answer under an old key is never found, and the next one takes its place.

/// `application_id` of the file: `FRLM`.
pub const APPLICATION_ID: i32 = 0x4652_4C4D;
/// The form that this code writes.
pub const FORMAT: i64 = 3;
/// The lowest form that a reader of what this code writes must know.
pub const MIN_READER: i64 = 1;
/// How many writes the journal keeps.
pub const JOURNAL_KEPT: i64 = 1_000;
/// How many audit entries without an image are kept.
pub const AUDIT_KEPT: i64 = 20_000;

/// The tables that must be there, for a store to be one.
pub const TABLES: [&str; 14] = [
    "meta",
    "layouts",
    "pages",
    "items",
    "item_columns",
    "source_columns",
    "positions",
    "cells",
    "quarantine",
    "audit",
    "journal",
    "journal_changes",
    "kept",
    "kept_answer",
];

/// Deletes what is kept when a table changes.
macro_rules! forget_kept {
    ($table:literal, $old:literal, $new:literal) => {
        concat!(
            "CREATE TRIGGER kept_not_after_insert_",
            $table,
            " AFTER INSERT ON ",
            $table,
            $new,
            " BEGIN DELETE FROM kept; END;\n",
            "CREATE TRIGGER kept_not_after_update_",
            $table,
            " AFTER UPDATE ON ",
            $table,
            $new,
            " BEGIN DELETE FROM kept; END;\n",
            "CREATE TRIGGER kept_not_after_delete_",
            $table,
            " AFTER DELETE ON ",
            $table,
            $old,
            " BEGIN DELETE FROM kept; END;\n",
        )
    };
    ($table:literal) => {
        forget_kept!($table, "", "")
    };
}

/// What format 2 adds: the kept answer, and triggers on every table that a load reads. Of `meta`, the facts that say
/// nothing about the home screen are left out.
pub const KEPT: &str = concat!(
    "CREATE TABLE kept (key BLOB NOT NULL, digest BLOB NOT NULL) STRICT;\n",
    "CREATE TABLE kept_answer (answer BLOB NOT NULL) STRICT;\n",
    forget_kept!(
        "meta",
        " WHEN OLD.key NOT IN ('format', 'min_reader', 'created_ms', 'default_layout_due', 'last_daily_ms')",
        " WHEN NEW.key NOT IN ('format', 'min_reader', 'created_ms', 'default_layout_due', 'last_daily_ms')"
    ),
    forget_kept!("layouts"),
    forget_kept!("pages"),
    forget_kept!("items"),
    forget_kept!("item_columns"),
    forget_kept!("positions"),
    forget_kept!("quarantine"),
);

/// The tables of format 1.
pub const CREATE: &str = "
CREATE TABLE meta (
  tag TEXT NOT NULL DEFAULT 'meta' CHECK (tag = 'meta'),
  key TEXT NOT NULL UNIQUE,
  value ANY
) STRICT;

CREATE TABLE layouts (
  tag TEXT NOT NULL DEFAULT 'layout' CHECK (tag = 'layout'),
  id INTEGER PRIMARY KEY CHECK (id > 0),
  columns INTEGER NOT NULL CHECK (columns BETWEEN 1 AND 64),
  rows INTEGER NOT NULL CHECK (rows BETWEEN 1 AND 64),
  dock INTEGER NOT NULL CHECK (dock BETWEEN 0 AND 64)
) STRICT;

CREATE TABLE pages (
  tag TEXT NOT NULL DEFAULT 'page' CHECK (tag = 'page'),
  id INTEGER PRIMARY KEY CHECK (id > 0),
  layout_id INTEGER NOT NULL REFERENCES layouts (id) DEFERRABLE INITIALLY DEFERRED,
  ord INTEGER NOT NULL,
  number INTEGER NOT NULL,
  title TEXT,
  UNIQUE (layout_id, ord),
  UNIQUE (layout_id, number),
  UNIQUE (layout_id, id)
) STRICT;

CREATE TABLE items (
  tag TEXT NOT NULL DEFAULT 'item' CHECK (tag = 'item'),
  id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
  source_id INTEGER,
  profile INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('app', 'shortcut', 'folder', 'app_pair', 'widget', 'internal', 'promise', 'opaque')),
  style TEXT CHECK ((style IS NULL) = (kind <> 'folder') AND (style IS NULL OR style IN ('small', 'big', 'big_nine'))),
  item_type INTEGER NOT NULL,
  title TEXT,
  title_is_resource INTEGER NOT NULL DEFAULT 0 CHECK (title_is_resource IN (0, 1)),
  intent TEXT,
  icon BLOB,
  widget_id INTEGER NOT NULL DEFAULT -1,
  widget_provider TEXT,
  widget_source INTEGER NOT NULL DEFAULT -1,
  restored INTEGER NOT NULL DEFAULT 0,
  options INTEGER NOT NULL DEFAULT 0,
  modified_ms INTEGER NOT NULL DEFAULT 0,
  hold_code TEXT,
  hold_since_ms INTEGER,
  UNIQUE (id, kind),
  CHECK ((hold_code IS NULL) = (hold_since_ms IS NULL))
) STRICT;

CREATE TABLE item_columns (
  tag TEXT NOT NULL DEFAULT 'column' CHECK (tag = 'column'),
  item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  value ANY,
  UNIQUE (item_id, name)
) STRICT;

CREATE TABLE source_columns (
  tag TEXT NOT NULL DEFAULT 'declared' CHECK (tag = 'declared'),
  ord INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  declared TEXT NOT NULL,
  default_sql TEXT
) STRICT;

CREATE TABLE positions (
  tag TEXT NOT NULL DEFAULT 'position' CHECK (tag = 'position'),
  layout_id INTEGER NOT NULL REFERENCES layouts (id) DEFERRABLE INITIALLY DEFERRED,
  item_id INTEGER NOT NULL,
  item_kind TEXT NOT NULL,
  place TEXT NOT NULL CHECK (place IN ('desktop', 'dock', 'inside', 'elsewhere')),
  seated INTEGER NOT NULL CHECK (seated IN (0, 1)),
  page_id INTEGER,
  x INTEGER,
  y INTEGER,
  width INTEGER,
  height INTEGER,
  slot INTEGER,
  parent_id INTEGER,
  parent_kind TEXT CHECK (parent_kind IN ('folder', 'app_pair')),
  ord INTEGER,
  container INTEGER,
  UNIQUE (layout_id, item_id),
  FOREIGN KEY (item_id, item_kind) REFERENCES items (id, kind)
    ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (parent_id, parent_kind) REFERENCES items (id, kind)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (layout_id, page_id) REFERENCES pages (layout_id, id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((place = 'desktop') = (page_id IS NOT NULL)),
  CHECK ((place = 'dock') = (slot IS NOT NULL)),
  CHECK ((place = 'inside') = (parent_id IS NOT NULL)),
  CHECK ((place = 'elsewhere') = (container IS NOT NULL)),
  CHECK ((parent_id IS NULL) = (parent_kind IS NULL) AND (parent_id IS NULL) = (ord IS NULL)),
  CHECK ((page_id IS NULL) = (x IS NULL) AND (x IS NULL) = (y IS NULL)
    AND (x IS NULL) = (width IS NULL) AND (x IS NULL) = (height IS NULL)),
  CHECK (seated = 0 OR place <> 'elsewhere'),
  CHECK (seated = 0 OR place <> 'desktop' OR (x >= 0 AND y >= 0 AND width BETWEEN 1 AND 64 AND height BETWEEN 1 AND 64)),
  CHECK (seated = 0 OR place <> 'dock' OR slot BETWEEN 0 AND 63),
  CHECK (place <> 'inside' OR (item_kind <> 'folder' AND parent_id <> item_id)),
  CHECK (place <> 'inside' OR parent_kind <> 'app_pair' OR item_kind <> 'app_pair')
) STRICT;
CREATE UNIQUE INDEX positions_slot ON positions (layout_id, slot) WHERE seated = 1 AND place = 'dock';
CREATE UNIQUE INDEX positions_ord ON positions (layout_id, parent_id, ord) WHERE seated = 1 AND place = 'inside';
CREATE INDEX positions_item ON positions (item_id, item_kind);
CREATE INDEX positions_parent ON positions (parent_id, parent_kind) WHERE parent_id IS NOT NULL;

CREATE TABLE cells (
  page_id INTEGER NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  layout_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  PRIMARY KEY (page_id, x, y),
  FOREIGN KEY (layout_id, item_id) REFERENCES positions (layout_id, item_id)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX cells_item ON cells (layout_id, item_id);

CREATE TABLE quarantine (
  tag TEXT NOT NULL DEFAULT 'quarantine' CHECK (tag = 'quarantine'),
  item_id INTEGER NOT NULL UNIQUE REFERENCES items (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  code TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER
) STRICT;

CREATE TABLE audit (
  tag TEXT NOT NULL DEFAULT 'audit' CHECK (tag = 'audit'),
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  item_id INTEGER,
  event TEXT NOT NULL,
  code TEXT,
  image BLOB
) STRICT;
CREATE INDEX audit_item ON audit (item_id);

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  cause TEXT NOT NULL
) STRICT;

CREATE TABLE journal_changes (
  seq INTEGER NOT NULL REFERENCES journal (seq) ON DELETE CASCADE,
  item_id INTEGER NOT NULL,
  before BLOB,
  after BLOB,
  PRIMARY KEY (seq, item_id)
) STRICT, WITHOUT ROWID;
";
