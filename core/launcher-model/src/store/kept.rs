//! The answer of a load, kept beside the home screen for the first frame of the next start.
//!
//! What it is: bytes under a key. Whoever knows the key gets them from [`kept`] without the home screen being read, checked
//! or decided. What it is not: the truth. The store is opened and loaded behind it all the same, and says what differs.
//! What the bytes mean and what belongs into the key is the caller's.
//!
//! Invariants: the file itself forgets an answer in the transaction that changes what a load reads, whichever program
//! writes ([`schema::KEPT`]); one that is not whole is none; asking writes nothing, keeping what is kept writes nothing.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::database::{connect, identity};
use super::error::{Located, Step, StoreError};
use super::persist::set_meta;
use super::{ModelStore, OpenOptions, schema};
use crate::salvage;

/// What a load was asked, and by whom: a strong digest.
pub type Key = [u8; 32];

/// The key of everything, in order, that an answer depends on beside the home screen.
pub fn key(parts: &[&[u8]]) -> Key {
    let add =
        |sum: Sha256, part: &&[u8]| sum.chain_update((part.len() as u64).to_le_bytes()).chain_update(part);
    parts.iter().fold(Sha256::new(), add).finalize().into()
}

/// The answer that a store keeps under a key. `None` for every other key, after every change of the home screen, and
/// whenever anything is odd: the file is not there, locked, damaged, too new.
pub fn kept(file: &Path, options: &OpenOptions, key: &Key) -> Option<Vec<u8>> {
    // What stands beside it takes its place at the next opening.
    if !file.is_file() || salvage::is_pending(file) {
        return None;
    }
    let connection = connect(file, options, Step::Read).ok()?;
    // The log is left to the next opening.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok()?;
    identity(&connection, file).ok()?;
    read(&connection, key).ok()?
}

fn read(connection: &Connection, key: &Key) -> rusqlite::Result<Option<Vec<u8>>> {
    let Some(expected) = digest_of(connection, key)? else { return Ok(None) };
    let answer: Vec<u8> = connection.query_row("SELECT answer FROM kept_answer", [], |row| row.get(0))?;
    Ok((digest(key, &answer).as_slice() == expected).then_some(answer))
}

/// The digest of the answer that is kept under a key.
fn digest_of(connection: &Connection, key: &Key) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.query_row("SELECT digest FROM kept WHERE key = ?1", [key], |row| row.get(0)).optional()
}

fn digest(key: &Key, answer: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(key).chain_update(answer).finalize().into()
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
        if has_tables
            && digest_of(self.connection()?, key).at(&file, Step::Read)?.as_deref() == Some(&digest[..])
        {
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
