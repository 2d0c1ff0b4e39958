//! Target `lm_db`: bytes as a launcher's database, with and without a write-ahead log.
//!
//! Each input becomes files; with `TMPDIR` on a memory file system (`/dev/shm`) it runs ten times as fast.

use std::fs;

use ferrule_launcher_model::miui;
use ferrule_launcher_model::open::Opened;
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::upgrade::{Launcher, LegacyShortcuts, PinRequest, Target, open};

struct Willing;

impl LegacyShortcuts for Willing {
    fn resolve(&self, _: &ferrule_launcher_model::intent::Intent) -> Target {
        Target::Open
    }

    fn pin(&self, _: &PinRequest<'_>) -> bool {
        true
    }
}

/// Writes the input as a file, its part behind the last marker as the log beside it, opens, reads, imports and upgrades
/// it.
///
/// # Panics
/// When a property does not hold.
pub fn lm_db(data: &[u8]) {
    const LOG_MARK: &[u8] = b"FERRULE-WAL";
    let dir = tempfile::tempdir().expect("a folder for the input");
    let path = dir.path().join("launcher.db");
    let mark = data.windows(LOG_MARK.len()).rposition(|window| window == LOG_MARK);
    let (main, log) = match mark {
        Some(at) => (&data[..at], Some(&data[at + LOG_MARK.len()..])),
        None => (data, None),
    };
    fs::write(&path, main).expect("the input is written");
    if let Some(log) = log {
        fs::write(dir.path().join("launcher.db-wal"), log).expect("the log is written");
    }
    match Opened::open(&path) {
        Err(error) => assert!(error.code().starts_with("LM_SOURCE_"), "{error}"),
        Ok(mut opened) => {
            check_rows(&opened);
            let launcher = Launcher {
                profile: 0,
                profiles: &[0],
                package: "launcher",
                pins_first_row: true,
                for_migration: false,
                downgrade_schema: None,
                platform: &Willing,
            };
            // A damaged file may fail here in SQLite's own words; it may not panic.
            if let Ok(opening) = open(opened.connection_mut(), &launcher) {
                assert!(opening.crash.is_none() || opening.max_id.is_none());
            }
        }
    }
    assert_eq!(fs::read(&path).expect("the input is there"), main, "a source is never changed");
}

fn check_rows(opened: &Opened) {
    let Ok(reading) = opened.read() else { return };
    if opened.recognition.product == Product::Miui {
        let board = miui::read(&reading.rows);
        assert_eq!(board.items.len(), reading.rows.favorites.rows.len(), "each row becomes one item");
    }
}
