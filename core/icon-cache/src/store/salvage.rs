//! A store whose file is damaged: when that is looked for, and what is whole in it taken into a new file.
//!
//! Reading meets damage as a failure or as rows that do not pass their checksum. The next write then looks at the whole file.
//! SQLite stops at a damaged page; rows on either side of it are reached from both ends of each table. What does not pass its
//! checksum is left behind, as it would be on reading.
//!
//! Not here: a file that does not even open; that one is made anew (`Store::open`).
//!
//! Invariants: no look-up waits for it; what is owed stays owed, for rows that came over may have to be removed.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Connection;

use super::database::{self, Database};
use super::error::{At, Located, Step, StoreError};
use super::rows::Write;
use super::{Condition, Store, files, sql};
use crate::key::IconKey;
use crate::picture::Variants;

/// The ending of a file that takes what is whole of a damaged one; it is there only while that is done.
const REBUILT: &str = ".rebuilt";

/// Facts that rows were compared with; the rest of `meta` the new file has of its own.
const FACTS: [&str; 2] = ["label_state", "pixel_state"];

impl Store {
    /// Looks at the whole file if reading gave reason to, and takes what is whole of a damaged one into a new one.
    pub(super) fn settle_doubt(&mut self) {
        if !self.in_doubt || self.condition != Condition::Good {
            return;
        }
        self.in_doubt = false;
        let Some(database) = &self.database else { return };
        self.counts.checks += 1;
        let found = sql::integrity(&database.connection, 1);
        let error = match found.at(&self.file, Step::Read) {
            Ok(lines) if lines.is_empty() => return,
            Ok(lines) => {
                StoreError::Damaged { at: At::new(&self.file, Step::Read), detail: lines.join("; ") }
            }
            Err(error) => error,
        };
        if error.is_damage() {
            self.rebuild(error);
        }
    }

    /// Takes what is whole in a damaged file into a new one and puts that in its place; where that is no help, the file is
    /// made anew. What is owed stays owed: rows that came over may have to be removed.
    pub(super) fn rebuild(&mut self, error: StoreError) {
        match self.salvaged() {
            Ok(saved) => {
                self.counts.rebuilds += 1;
                self.counts.rows_saved += saved;
                self.last_error = Some(error);
                self.in_doubt = false;
                self.unswept = false;
                self.condition = Condition::Good;
            }
            Err(_) => self.replace(error),
        }
    }

    /// Removes what a rebuild left that was cut off by the end of the process.
    pub(super) fn forget_rebuilt(&self) {
        // A failure is told by the next rebuild, if there is one.
        let _ = files::remove_database(&*self.options.files, &files::beside(&self.file, REBUILT));
    }

    fn salvaged(&mut self) -> Result<u64, StoreError> {
        let Some(damaged) = self.database.take() else {
            return Err(StoreError::Damaged {
                at: At::new(&self.file, Step::Read),
                detail: "the file is not open".to_owned(),
            });
        };
        let new = files::beside(&self.file, REBUILT);
        let files = Arc::clone(&self.options.files);
        files::remove_database(&*files, &new).at(&new, Step::Create)?;
        let made = Database::open(&new, &self.options)?;
        let saved = salvage(&damaged.connection, &made.connection).at(&new, Step::Create)?;
        // Closed, and with it the log is in the file: only the file is renamed.
        made.connection.close().map_err(|(_, error)| error).at(&new, Step::Create)?;
        drop(damaged);
        files::replace_database(&*files, &new, &self.file).at(&self.file, Step::Create)?;
        let mut database = Database::open(&self.file, &self.options)?;
        database.is_new = false;
        self.database = Some(database);
        Ok(saved)
    }
}

/// Copies every row that is whole, in one transaction. How many keys came over.
fn salvage(from: &Connection, into: &Connection) -> rusqlite::Result<u64> {
    let keys = keys(from);
    database::in_transaction(into, |into| {
        let mut saved = 0;
        for key in &keys {
            let Some(write) = whole(from, key) else { continue };
            sql::write(into, &write)?;
            saved += 1;
        }
        for name in FACTS {
            let value = database::fact::<String>(from, name).ok().flatten();
            if value.is_some() {
                sql::write(into, &Write::Fact(name, value))?;
            }
        }
        Ok(saved)
    })
}

/// Every key that can be reached.
fn keys(from: &Connection) -> BTreeSet<IconKey> {
    let mut keys = BTreeSet::new();
    for table in ["icons", "pictures"] {
        for order in ["ASC", "DESC"] {
            sql::each_key(from, table, order, |key| {
                keys.insert(key);
            });
        }
    }
    keys
}

/// The rows of a key that are whole; `None` when none is.
fn whole(from: &Connection, key: &IconKey) -> Option<Write> {
    let mut found = sql::read(from, key, Variants::ALL).unwrap_or_default();
    if found.label.is_none() && found.pictures.is_empty() {
        // One of its pictures may lie on the damaged page; the others need not.
        for variant in Variants::ALL.iter() {
            let one = sql::read(from, key, Variants::COLOUR.with(variant)).unwrap_or_default();
            found.label = found.label.or(one.label);
            found.pictures.extend(one.pictures);
        }
        found.label =
            found.label.or(sql::read(from, key, Variants::COLOUR).ok().and_then(|found| found.label));
    }
    if found.label.is_none() && found.pictures.is_empty() {
        return None;
    }
    Some(Write::Put { key: key.clone(), label: found.label, pictures: found.pictures })
}
