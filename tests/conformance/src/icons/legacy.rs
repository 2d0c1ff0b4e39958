//! `icons/legacy_db`: legacy caches of every generation, imported. What each row must come to is worked out here from the
//! bytes of the row; the source must be the same afterwards.

use std::path::Path;
use std::sync::Arc;

use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::import::{LegacyFile, LegacyRow};
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::{IconCache, Kind as Shown, Millis, NoProvider, Options, Request};
use ferrule_icon_cache::picture::{Variant, Variants};
use ferrule_icon_cache::validity::Tokens;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "icons/legacy_db", path: "icons/legacy_db", load: cases }
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let mut files: Vec<_> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "db"));
    files.sort();
    let case = |file: std::path::PathBuf| {
        let id = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Case { id, run: Box::new(move || run(&file).map_err(|error| format!("{error:#}"))) }
    };
    Ok(files.into_iter().map(case).collect())
}

/// A row as this file reads it itself.
struct Raw {
    name: String,
    profile: i64,
    colour: i64,
    flags: i64,
    label: Option<String>,
    icon: Option<Vec<u8>>,
    mono: Option<Vec<u8>>,
}

fn raw(file: &Path) -> anyhow::Result<(u32, Vec<Raw>)> {
    // The data folder may be read-only, and the file is nobody's.
    let uri = format!("file:{}?immutable=1", file.display());
    let connection =
        Connection::open_with_flags(uri, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut select = connection.prepare("SELECT * FROM icons ORDER BY rowid")?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let rows = select.query_map([], |row| {
        let value = |name: &str| match names.iter().position(|column| column == name) {
            Some(at) => row.get::<_, Value>(at),
            None => Ok(Value::Null),
        };
        let number = |value| if let Value::Integer(number) = value { number } else { 0 };
        let text = |value| if let Value::Text(text) = value { Some(text) } else { None };
        let blob = |value| if let Value::Blob(bytes) = value { Some(bytes) } else { None };
        Ok(Raw {
            name: text(value("componentName")?).unwrap_or_default(),
            profile: number(value("profileId")?),
            colour: number(value("icon_color")?),
            flags: number(value("flags")?),
            label: text(value("label")?),
            icon: blob(value("icon")?),
            mono: blob(value("mono_icon")?),
        })
    })?;
    Ok((u32::try_from(version & 0xFFFF)?, rows.collect::<Result<_, _>>()?))
}

fn run(file: &Path) -> anyhow::Result<()> {
    let before = std::fs::read(file)?;
    let (size, rows) = raw(file)?;
    let scratch = tempfile::tempdir()?;
    let legacy = LegacyFile::open(file, scratch.path())?;
    anyhow::ensure!(legacy.size_px == size, "size: expected {size}, got {}", legacy.size_px);
    let options = Options::new(size, Arc::new(|| Millis(0)), Arc::new(|task| task()));
    let cache = IconCache::open(&scratch.path().join("icons.db"), options, Arc::new(NoProvider));
    let mut read = Vec::new();
    legacy.each(|row| read.push(row));
    anyhow::ensure!(read.len() == rows.len(), "rows: expected {}, got {}", rows.len(), read.len());
    // A row of an app that is gone: the caller says no.
    let gone = |row: &LegacyRow| row.row % 7 == 0;
    let report = cache.import(read.clone(), size, |row| (!gone(row)).then(|| Tokens::same("now")));
    let mut imported = 0;
    for (raw, row) in rows.iter().zip(&read) {
        let Some(component) = Component::parse(&raw.name) else { continue };
        let key = IconKey::new(component, ProfileSerial(raw.profile));
        let picture = raw.icon.as_ref().and_then(|bytes| png::decode(bytes).ok());
        let picture = picture.filter(|picture| (picture.width, picture.height) == (size, size));
        let taken = picture.filter(|_| !gone(row));
        let icon = cache.get(&Request::new(key.clone(), Variants::ICON));
        let Some(picture) = taken else {
            anyhow::ensure!(icon.kind == Shown::Blank, "{}: expected nothing, got {:?}", raw.name, icon.kind);
            continue;
        };
        imported += 1;
        let shown = icon.picture(Variant::Plain).map(ferrule_icon_cache::picture::Picture::bytes);
        anyhow::ensure!(shown == Some(&picture.pixels[..]), "{}: other pixels", raw.name);
        anyhow::ensure!(
            i64::from(icon.colour) == (raw.colour & 0xFFFF_FFFF) | 0xFF00_0000,
            "{}: colour",
            raw.name
        );
        anyhow::ensure!(i64::from(icon.flags) == raw.flags, "{}: flags", raw.name);
        let label = raw.label.as_deref().unwrap_or_default();
        anyhow::ensure!(*icon.label == *label, "{}: expected {label}, got {}", raw.name, icon.label);
        let pixels = usize::try_from(size * size)?;
        let mono = raw.mono.as_ref().filter(|mono| mono.len() == pixels || mono.len() == pixels + 8);
        let themed = cache.get(&Request::new(key, Variants::THEMED));
        let found = themed.picture(Variant::Themed).map(ferrule_icon_cache::picture::Picture::bytes);
        anyhow::ensure!(found == mono.map(|mono| &mono[..pixels]), "{}: the monochrome form", raw.name);
    }
    anyhow::ensure!(report.imported == imported, "imported: expected {imported}, got {}", report.imported);
    let skipped: u64 = report.skipped.values().sum();
    anyhow::ensure!(report.rows == imported + skipped, "{report:?} does not add up");
    anyhow::ensure!(std::fs::read(file)? == before, "the source changed");
    Ok(())
}
