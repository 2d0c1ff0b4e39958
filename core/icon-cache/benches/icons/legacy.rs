//! The way that is replaced, at its best: one SQLite table of PNG files, as a launcher has it, with statements prepared once.
//!
//! Kinder than the platform's own: the `png` crate decodes in half the time of Android's decoder, here without looking at
//! checksums and straight into the buffer; no row is copied before it is decoded; premultiplying, which Skia does while it
//! decodes, is the same kernel that we have.

use std::path::Path;

use ferrule_icon_cache::codec::png as checked;
use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::pixels::Image;
use ferrule_icon_cache::pixels::alpha::premultiply;
use rusqlite::{Connection, params};

use super::SIDE;

/// How a database is written.
#[derive(Clone, Copy)]
pub struct Journal {
    pub name: &'static str,
    pub pragmas: &'static str,
}

/// From what a launcher has by default to the fastest that survives the death of the process.
pub const JOURNALS: [Journal; 3] = [
    Journal { name: "as_aosp", pragmas: "PRAGMA journal_mode=truncate; PRAGMA synchronous=full" },
    Journal { name: "wal_full", pragmas: "PRAGMA journal_mode=wal; PRAGMA synchronous=full" },
    Journal { name: "wal_normal", pragmas: "PRAGMA journal_mode=wal; PRAGMA synchronous=normal" },
];

/// The database of a launcher's icon cache.
pub struct Legacy(Connection);

impl Legacy {
    pub fn make(file: &Path, journal: Journal) -> Self {
        let connection = Connection::open(file).unwrap();
        connection.execute_batch(journal.pragmas).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS icons (componentName TEXT NOT NULL, profileId INTEGER NOT NULL,
                 freshnessId TEXT, icon BLOB, mono_icon BLOB, icon_color INTEGER NOT NULL DEFAULT 0,
                 flags INTEGER NOT NULL DEFAULT 0, label TEXT, PRIMARY KEY (componentName, profileId))",
            )
            .unwrap();
        Self(connection)
    }

    /// A row from pixels, in a transaction of its own.
    pub fn write(&self, key: &IconKey, pixels: &[u8]) {
        let icon = checked::encode(Image::new(SIDE, SIDE, pixels).unwrap()).unwrap();
        let sql = "INSERT OR REPLACE INTO icons VALUES (?1, ?2, ?3, ?4, NULL, ?5, 0, ?6)";
        let mut replace = self.0.prepare_cached(sql).unwrap();
        let component = key.component.to_string();
        replace.execute(params![component, key.profile.0, "1", icon, -1, "App"]).unwrap();
    }

    /// An icon into a buffer.
    pub fn read_into(&self, key: &IconKey, out: &mut [u8]) {
        let sql =
            "SELECT icon, label, icon_color, flags FROM icons WHERE componentName = ?1 AND profileId = ?2";
        let mut select = self.0.prepare_cached(sql).unwrap();
        let component = key.component.to_string();
        select
            .query_row(params![component, key.profile.0], |row| {
                decode_into(row.get_ref(0)?.as_blob()?, out);
                row.get::<_, String>(1).map(drop)
            })
            .unwrap();
    }

    /// What every row is valid for.
    pub fn scan(&self) -> usize {
        let mut select =
            self.0.prepare_cached("SELECT rowid, componentName, freshnessId FROM icons").unwrap();
        let rows = select.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>().len()
    }
}

fn decode_into(bytes: &[u8], out: &mut [u8]) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.ignore_checksums(true);
    decoder.read_info().unwrap().next_frame(out).unwrap();
    premultiply(out);
}
