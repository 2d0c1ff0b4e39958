//! Target `lm_store`: bytes as the file of a store, with and without a write-ahead log.

use std::fs;

use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::store::{EpochMillis, GridSize, ModelStore, OpenOptions, check};

/// Writes the input as a store, its part behind the last marker as the log beside it, and opens it: a home screen that
/// holds to every rule, or an error with a code and the file as it was. What was set aside is kept to the byte.
///
/// # Panics
/// When a property does not hold.
pub fn lm_store(data: &[u8]) {
    const LOG_MARK: &[u8] = b"FERRULE-WAL";
    let dir = tempfile::tempdir().expect("a folder for the input");
    let path = dir.path().join("ferrule_model.db");
    let mark = data.windows(LOG_MARK.len()).rposition(|window| window == LOG_MARK);
    let (main, log) = match mark {
        Some(at) => (&data[..at], Some(&data[at + LOG_MARK.len()..])),
        None => (data, None),
    };
    fs::write(&path, main).expect("the input is written");
    if let Some(log) = log {
        fs::write(dir.path().join("ferrule_model.db-wal"), log).expect("the log is written");
    }
    let grid = GridSize { columns: 4, rows: 6, dock: 5 };
    let options = OpenOptions::new(EpochMillis(1), grid, 0);
    let opened = match ModelStore::open(&path, options.clone()) {
        Ok(opened) => opened,
        Err(error) => {
            assert!(error.code().starts_with("LM_STORE_"), "{error}");
            assert_eq!(fs::read(&path).expect("the input is there"), main, "{error}: the file is as it was");
            return;
        }
    };
    if let Some(aside) = opened.report.salvage.as_ref().and_then(|report| report.set_aside.as_ref())
        && !main.is_empty()
        && log.is_none()
    {
        assert_eq!(fs::read(aside).expect("the damaged file is kept"), main);
    }
    let content = opened.store.content().clone();
    assert_eq!(check(&content), []);
    opened
        .store
        .export(Format::Favorites, &dir.path().join("out.db"))
        .expect("what is in a store can be exported");
    drop(opened);
    let again = ModelStore::open(&path, options).expect("a store that was opened opens again");
    assert_eq!(again.report.salvage, None, "and is whole now");
    assert_eq!(again.store.content(), &content);
}
