//! Target `ic_store`: bytes as the file of the icon store, with and without a write-ahead log.

use std::fs;

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write};
use ferrule_icon_cache::validity::Token;

/// Writes the input as a store, its part behind the last marker as the log beside it, and opens it. There is a store always;
/// whatever it hands out can be unpacked or is a miss; what is written then is read again, in this process and the next, or is
/// a miss too: a page that is damaged where the opening does not look can swallow a row, never change it.
///
/// # Panics
/// When a property does not hold.
pub fn ic_store(data: &[u8]) {
    const LOG_MARK: &[u8] = b"FERRULE-WAL";
    let dir = tempfile::tempdir().expect("a folder for the input");
    let path = dir.path().join("icons.db");
    let mark = data.windows(LOG_MARK.len()).rposition(|window| window == LOG_MARK);
    let (main, log) = match mark {
        Some(at) => (&data[..at], Some(&data[at + LOG_MARK.len()..])),
        None => (data, None),
    };
    fs::write(&path, main).expect("the input is written");
    if let Some(log) = log {
        fs::write(dir.path().join("icons.db-wal"), log).expect("the log is written");
    }
    let mut store = Store::open(&path, OpenOptions::new(8));
    if store.file() != path {
        assert_eq!(fs::read(&path).expect("the input is there"), main, "what is not for us stays as it is");
    }
    for row in store.scan().unwrap_or_default().into_iter().take(64) {
        let found = store.read(&row.key, Variants::ALL);
        for (variant, row) in found.pictures {
            // Checksummed, so only what a store wrote comes this far; unpacking holds for any bytes.
            let _ = row.data.and_then(|packed| packed.unpack(variant));
        }
    }
    let key = IconKey::new(Component::new("com.fuzz", ".Main"), ProfileSerial(0));
    let picture = Picture::new(8, 8, Form::Rgba, vec![7; 256]).expect("8 by 8");
    let label = LabelRow {
        label: Some("Fuzz".into()),
        token: Some(Token::new("t")),
        stale: false,
        colour: 0xFF00_0000,
        flags: 0,
    };
    let origin = Origin { provider: "".into(), token: Token::new("t") };
    let row = PictureRow { origin, stale: false, data: Packed::of(&picture) };
    let put = Write::Put { key: key.clone(), label: Some(label), pictures: vec![(Variant::Plain, row)] };
    let written = store.write(vec![put]).is_ok();
    let is_held_or_missing = |store: &mut Store| {
        let found = store.read(&key, Variants::ICON);
        found
            .pictures
            .first()
            .and_then(|(_, row)| row.data.as_ref())
            .is_none_or(|packed| packed.unpack(Variant::Plain) == Some(picture.clone()))
    };
    if written {
        assert!(is_held_or_missing(&mut store), "never another picture");
    }
    drop(store);
    let mut again = Store::open(&path, OpenOptions::new(8));
    let _ = again.scan();
    if written {
        assert!(is_held_or_missing(&mut again), "nor after opening it again");
    }
}
