//! The answer of a load, kept beside the home screen for the first frame of the next start.
//!
//! What it is: bytes under a key. Whoever knows the key gets them from [`kept`] without the home screen being read, checked
//! or decided. What it is not: the truth. The store is opened and loaded behind it all the same, and says what differs.
//! What the bytes mean and what belongs into the key is the caller's.
//!
//! Key and digest are XXH3, 128 bits: they tell chance from truth at the speed of memory and stop no forger. Who can write the
//! file needs to forge nothing, and who names packages so that two questions look alike gets one frame of the answer to the
//! other.
//!
//! Invariants: the file itself forgets an answer in the transaction that changes what a load reads, whichever program
//! writes ([`schema::KEPT`]); one that is not whole is none; asking writes nothing, keeping what is kept writes nothing.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};
use twox_hash::XxHash3_128;
use twox_hash::xxhash3_128::Hasher;

use super::database::{connect_to_read, identity};
use super::error::{Located, Step, StoreError};
use super::persist::set_meta;
use super::{ModelStore, OpenOptions, schema};
use crate::salvage;

/// What a load was asked, and by whom: a digest.
pub type Key = [u8; 16];

/// The key of everything, in order, that an answer depends on beside the home screen.
pub fn key(parts: &[&[u8]]) -> Key {
    let mut sum = Hasher::new();
    for part in parts {
        sum.write(&(part.len() as u64).to_le_bytes());
        sum.write(part);
    }
    sum.finish_128().to_le_bytes()
}

/// What `take` makes of the answer that a store keeps under a key. `None` for every other key, after every change of the home
/// screen, and whenever anything is odd: the file is not there, locked, damaged, too new.
pub fn kept<T>(file: &Path, options: &OpenOptions, key: &Key, take: impl FnOnce(&[u8]) -> T) -> Option<T> {
    // What stands beside it takes its place at the next opening.
    if !file.is_file() || salvage::is_pending(file) {
        return None;
    }
    let connection = connect_to_read(file, options, Step::Read).ok()?;
    // The log is left to the next opening.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok()?;
    identity(&connection, file).ok()?;
    read(&connection, key, take).ok()?
}

/// `take` sees SQLite's own copy of an answer that is whole: one that is as long as the answer is not made.
fn read<T>(connection: &Connection, key: &Key, take: impl FnOnce(&[u8]) -> T) -> rusqlite::Result<Option<T>> {
    let query = "SELECT digest, answer FROM kept, kept_answer WHERE key = ?1";
    let taken = connection.query_row(query, [key], |row| {
        let answer = row.get_ref(1)?.as_blob()?;
        let is_whole = row.get_ref(0)?.as_blob()? == digest(key, answer);
        Ok(is_whole.then(|| take(answer)))
    });
    taken.optional().map(Option::flatten)
}

fn digest(key: &Key, answer: &[u8]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, ..] = *key;
    let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    XxHash3_128::oneshot_with_seed(seed, answer).to_le_bytes()
}

impl ModelStore {
    /// Keeps the answer of a load of what the store holds now, in the place of an earlier one; whether anything had to be
    /// written for it.
    ///
    /// # Errors
    /// What kept it from being written. The home screen is as it was.
    pub(crate) fn keep(&mut self, key: &Key, answer: &[u8]) -> Result<bool, StoreError> {
        let file = self.file.clone();
        let digest = digest(key, answer);
        let has_tables = has_tables(self.connection()?).at(&file, Step::Read)?;
        let is_kept = |kept: &[u8]| kept == answer;
        if has_tables && read(self.connection()?, key, is_kept).at(&file, Step::Read)? == Some(true) {
            return Ok(false);
        }
        let is_older = self.meta.format < schema::FORMAT;
        self.commit(Step::Write, |connection, _| {
            if !has_tables {
                connection.execute_batch(schema::KEPT)?;
            }
            if is_older {
                set_meta(connection, "format", schema::FORMAT)?;
            }
            connection.execute("DELETE FROM kept", [])?;
            connection.execute("DELETE FROM kept_answer", [])?;
            connection.execute("INSERT INTO kept_answer (answer) VALUES (?1)", [answer])?;
            connection.execute("INSERT INTO kept (key, digest) VALUES (?1, ?2)", params![key, digest])?;
            Ok(())
        })?;
        self.meta.format = self.meta.format.max(schema::FORMAT);
        Ok(true)
    }
}

/// Whether the store has what format 2 added.
fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kept'")?
        .exists([])
}
