//! The tables of the store, as a contract. `docs/formats/icon-store.md` says the same for readers who do not read Rust; a
//! test compares the two.
//!
//! **File.** SQLite 3.37 or later (STRICT). `application_id` is [`APPLICATION_ID`], `user_version` stays 0: the version is in
//! `meta`. WAL, `synchronous = NORMAL`: a power cut may cost the last writes and never the file. Exclusive locking.
//!
//! **`meta`**: `key`, `value`. `format` and `min_reader` (contracts 5), `size_px` the side of the icons, `label_state` and
//! `pixel_state` the system's state that rows were last compared with (absent: none yet).
//!
//! **`icons`**: one row a key: what level 0 needs. `profile` serial, `package`, `class` (full); `label`, NULL never known;
//! `label_token`, NULL when unknown; `label_stale` 1: an event said so; `colour` ARGB as a signed number; `flags` as A.1, with
//! the user bits of the time of writing; `checksum` CRC32C over all of it but `label_stale`.
//!
//! **`pictures`**: one row a key and variant: `variant` 0 plain, 1 themed, 2 dark; `provider`, who drew it; `token`; `stale` as
//! above; `blob`, the row in `blobs`, NULL when the provider said that there is no such variant. Small, so that all
//! tokens are read without touching a pixel.
//!
//! **`blobs`**: `id`, never given twice; `width`, `height`, `data` (see `pack`), `checksum` CRC32C over key, variant, provider,
//! token, sides and data. The key is the one that was asked for: a reference that leads astray never shows another's icon.
//!
//! **Versions.** 1: the first.

/// `application_id` of the file: `FRIC`.
pub const APPLICATION_ID: i32 = 0x4652_4943;
/// The form that this code writes.
pub const FORMAT: i64 = 1;
/// The lowest form that a reader of what this code writes must know.
pub const MIN_READER: i64 = 1;

/// The tables.
pub const TABLES: [&str; 4] = ["meta", "icons", "pictures", "blobs"];

/// The tables of format 1.
pub const CREATE: &str = "
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

CREATE TABLE icons (
  profile INTEGER NOT NULL,
  package TEXT NOT NULL,
  class TEXT NOT NULL,
  label TEXT,
  label_token TEXT,
  label_stale INTEGER NOT NULL,
  colour INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (profile, package, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE pictures (
  profile INTEGER NOT NULL,
  package TEXT NOT NULL,
  class TEXT NOT NULL,
  variant INTEGER NOT NULL,
  provider TEXT NOT NULL,
  token TEXT NOT NULL,
  stale INTEGER NOT NULL,
  blob INTEGER,
  PRIMARY KEY (profile, package, class, variant)
) STRICT, WITHOUT ROWID;

CREATE TABLE blobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  data BLOB NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
";
