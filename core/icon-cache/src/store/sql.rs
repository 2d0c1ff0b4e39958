//! The statements of the store: rows to SQL and back. Nothing else knows columns.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{
    Found, LabelRow, Names, Origin, Packed, Part, PictureRow, Range, ScanRow, Write, label_sum, label_sum_of,
    picture_sum, variant_number,
};
use crate::key::{IconKey, ProfileSerial};
use crate::picture::{Variant, Variants};
use crate::validity::Token;

/// What a key's rows hold. A row that does not pass its checksum, or cannot be read, is counted and left out.
pub(super) fn read(connection: &Connection, key: &IconKey, wants: Variants) -> rusqlite::Result<Found> {
    let mut found = Found::default();
    let (profile, package, class) = (key.profile.0, key.component.package(), key.component.class());
    let mut select = connection.prepare_cached(
        "SELECT label, label_token, label_stale, colour, flags, checksum FROM icons
         WHERE profile = ?1 AND package = ?2 AND class = ?3",
    )?;
    let row = select.query_row(params![profile, package, class], |row| Ok(label_row(row, 0).ok()));
    match row.optional()? {
        None => {}
        Some(Some((row, sum))) if label_sum(key, &row) == sum => found.label = Some(row),
        Some(_) => found.damaged += 1,
    }
    let mut select = connection.prepare_cached(
        "SELECT p.provider, p.token, p.stale, p.blob, b.width, b.height, b.data, b.checksum
         FROM pictures p LEFT JOIN blobs b ON b.id = p.blob
         WHERE p.profile = ?1 AND p.package = ?2 AND p.class = ?3 AND p.variant = ?4",
    )?;
    for variant in wants.iter() {
        let row = select.query_row(params![profile, package, class, variant_number(variant)], |row| {
            Ok(picture_row(row).ok())
        });
        match row.optional()? {
            None => {}
            Some(Some((row, sum))) if is_whole(key, variant, &row, sum) => {
                found.pictures.push((variant, row))
            }
            Some(_) => found.damaged += 1,
        }
    }
    Ok(found)
}

fn is_whole(key: &IconKey, variant: Variant, row: &PictureRow, sum: u32) -> bool {
    row.data.as_ref().is_none_or(|packed| picture_sum(key, variant, &row.origin, packed) == sum)
}

/// Columns of `icons` from `at`, and their checksum.
fn label_row(row: &Row<'_>, at: usize) -> rusqlite::Result<(LabelRow, u32)> {
    let label: Option<Arc<str>> = row.get(at)?;
    let token: Option<String> = row.get(at + 1)?;
    let colour: i32 = row.get(at + 3)?;
    let read = LabelRow {
        label,
        token: token.as_deref().map(Token::new),
        stale: row.get::<_, i64>(at + 2)? != 0,
        colour: colour.cast_unsigned(),
        flags: row.get(at + 4)?,
    };
    Ok((read, row.get(at + 5)?))
}

fn picture_row(row: &Row<'_>) -> rusqlite::Result<(PictureRow, u32)> {
    let provider: Arc<str> = row.get(0)?;
    let origin = Origin { provider, token: Token::new(&row.get::<_, String>(1)?) };
    let stale = row.get::<_, i64>(2)? != 0;
    if row.get::<_, Option<i64>>(3)?.is_none() {
        return Ok((PictureRow { origin, stale, data: None }, 0));
    }
    // A reference into nothing has NULL here, which is no number: damaged.
    let packed = Packed { width: row.get(4)?, height: row.get(5)?, bytes: row.get(6)? };
    Ok((PictureRow { origin, stale, data: Some(packed) }, row.get(7)?))
}

/// Every key's tokens, in the order of keys. Reads no pixel.
pub(super) fn scan(connection: &Connection) -> rusqlite::Result<Vec<ScanRow>> {
    let mut rows: Vec<ScanRow> = Vec::new();
    let mut select = connection.prepare_cached(
        "SELECT profile, package, class, label, label_token, label_stale, colour, flags, checksum FROM icons
         ORDER BY profile, package, class",
    )?;
    let mut found = select.query([])?;
    while let Some(row) = found.next()? {
        let Ok(names) = names(row) else { continue };
        let label = scanned_token(row, names).ok().flatten();
        rows.push(ScanRow { key: names.key(), label, pictures: Vec::new() });
    }
    let mut select = connection.prepare_cached(
        "SELECT profile, package, class, variant, token, stale FROM pictures ORDER BY profile, package, class, variant",
    )?;
    let mut found = select.query([])?;
    let mut at = 0;
    while let Some(row) = found.next()? {
        let (Ok(names), Ok(Some(variant))) = (names(row), row.get(3).map(variant_of)) else { continue };
        let stale = row.get::<_, i64>(5) != Ok(0);
        let token = text(row, 4).ok().flatten().filter(|_| !stale).map(Token::new);
        while rows.get(at).is_some_and(|row| Names::of(&row.key) < names) {
            at += 1;
        }
        match rows.get_mut(at) {
            Some(row) if Names::of(&row.key) == names => row.pictures.push((variant, token)),
            // Pixels whose other row is lost; the label is a miss then.
            _ => rows.insert(at, ScanRow { key: names.key(), label: None, pictures: vec![(variant, token)] }),
        }
    }
    Ok(rows)
}

/// The label's token of a row of `icons`; `None` when it is stale, unknown, or the row does not fit its checksum. Labels are
/// looked at where they lie: a scan copies nothing that it does not hand out.
fn scanned_token(row: &Row<'_>, names: Names<'_>) -> rusqlite::Result<Option<Token>> {
    let (label, token) = (text(row, 3)?, text(row, 4)?);
    let colour: i32 = row.get(6)?;
    let sum = label_sum_of(names, (label, token), colour.cast_unsigned(), row.get(7)?);
    let is_fresh = row.get::<_, i64>(5)? == 0 && row.get::<_, u32>(8)? == sum;
    Ok(token.filter(|_| is_fresh).map(Token::new))
}

fn text<'a>(row: &'a Row<'_>, at: usize) -> rusqlite::Result<Option<&'a str>> {
    Ok(row.get_ref(at)?.as_str_or_null()?)
}

fn names<'a>(row: &'a Row<'_>) -> rusqlite::Result<Names<'a>> {
    let (package, class) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
    Ok(Names { profile: row.get(0)?, package, class })
}

fn key_of(row: &Row<'_>) -> rusqlite::Result<IconKey> {
    names(row).map(Names::key)
}

fn variant_of(number: u8) -> Option<Variant> {
    Variant::ALL.into_iter().find(|variant| variant_number(*variant) == number)
}

/// Carries out one write. The caller has opened a transaction.
pub(super) fn write(connection: &Connection, write: &Write) -> rusqlite::Result<()> {
    match write {
        Write::Put { key, label, pictures } => put(connection, key, label.as_ref(), pictures),
        Write::Delete(key) => {
            let of_key = params![key.profile.0, key.component.package(), key.component.class()];
            delete(connection, "profile = ?1 AND package = ?2 AND class = ?3", of_key)
        }
        Write::DeletePackage(package) => {
            delete(connection, "profile = ?1 AND package = ?2", params![package.profile.0, &*package.package])
        }
        Write::KeepProfiles(kept) => keep_profiles(connection, kept),
        Write::Stale(range, part) => stale(connection, range, *part),
        Write::Fact(key, Some(value)) => {
            let sql =
                "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
            connection.execute(sql, (key, value)).map(drop)
        }
        Write::Fact(key, None) => connection.execute("DELETE FROM meta WHERE key = ?1", [key]).map(drop),
    }
}

fn put(
    connection: &Connection,
    key: &IconKey,
    label: Option<&LabelRow>,
    pictures: &[(Variant, PictureRow)],
) -> rusqlite::Result<()> {
    let (profile, package, class) = (key.profile.0, key.component.package(), key.component.class());
    if let Some(row) = label {
        let mut replace = connection.prepare_cached(
            "REPLACE INTO icons (profile, package, class, label, label_token, label_stale, colour, flags, checksum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        replace.execute(params![
            profile,
            package,
            class,
            row.label.as_deref(),
            row.token.as_ref().map(Token::as_str),
            row.stale,
            row.colour.cast_signed(),
            row.flags,
            label_sum(key, row),
        ])?;
    }
    for (variant, row) in pictures {
        let number = variant_number(*variant);
        let of_variant = params![profile, package, class, number];
        let mut forget = connection.prepare_cached(
            "DELETE FROM blobs WHERE id = (SELECT blob FROM pictures
             WHERE profile = ?1 AND package = ?2 AND class = ?3 AND variant = ?4)",
        )?;
        forget.execute(of_variant)?;
        let mut blob = None;
        if let Some(packed) = &row.data {
            let sum = picture_sum(key, *variant, &row.origin, packed);
            let mut insert = connection.prepare_cached(
                "INSERT INTO blobs (width, height, data, checksum) VALUES (?1, ?2, ?3, ?4)",
            )?;
            blob = Some(insert.insert(params![packed.width, packed.height, &*packed.bytes, sum])?);
        }
        let mut replace = connection.prepare_cached(
            "REPLACE INTO pictures (profile, package, class, variant, provider, token, stale, blob)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let origin = &row.origin;
        let (provider, token) = (&*origin.provider, origin.token.as_str());
        replace.execute(params![profile, package, class, number, provider, token, row.stale, blob])?;
    }
    Ok(())
}

/// Removes the rows of a condition from all tables.
fn delete(connection: &Connection, condition: &str, of: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<()> {
    for statement in [
        format!("DELETE FROM blobs WHERE id IN (SELECT blob FROM pictures WHERE {condition})"),
        format!("DELETE FROM pictures WHERE {condition}"),
        format!("DELETE FROM icons WHERE {condition}"),
    ] {
        connection.prepare_cached(&statement)?.execute(of)?;
    }
    Ok(())
}

fn keep_profiles(connection: &Connection, kept: &[ProfileSerial]) -> rusqlite::Result<()> {
    let sql = "SELECT profile FROM icons UNION SELECT profile FROM pictures";
    let stored: Vec<i64> =
        connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for profile in stored.into_iter().filter(|profile| !kept.contains(&ProfileSerial(*profile))) {
        delete(connection, "profile = ?1", params![profile])?;
    }
    Ok(())
}

fn stale(connection: &Connection, range: &Range, part: Part) -> rusqlite::Result<()> {
    let set = match part {
        Part::Label => "UPDATE icons SET label_stale = 1 WHERE label_stale = 0",
        Part::Pixels => "UPDATE pictures SET stale = 1 WHERE stale = 0",
    };
    match range {
        Range::All => connection.execute(set, []).map(drop),
        Range::Package(package) => {
            let sql = format!("{set} AND profile = ?1 AND package = ?2");
            connection.execute(&sql, params![package.profile.0, &*package.package]).map(drop)
        }
    }
}

/// Every key of which something is stored, in order, and how many rows have no name that can be read.
pub(super) fn all_keys(connection: &Connection) -> rusqlite::Result<(Vec<IconKey>, u64)> {
    let mut select = connection.prepare(
        "SELECT profile, package, class FROM icons UNION SELECT profile, package, class FROM pictures
         ORDER BY profile, package, class",
    )?;
    let (mut keys, mut nameless) = (Vec::new(), 0);
    let mut found = select.query([])?;
    while let Some(row) = found.next()? {
        match key_of(row) {
            Ok(key) => keys.push(key),
            Err(_) => nameless += 1,
        }
    }
    Ok((keys, nameless))
}

/// Every key of a table in one order, as far as the file can be read.
pub(super) fn each_key(connection: &Connection, table: &str, order: &str, mut take: impl FnMut(IconKey)) {
    let sql = format!(
        "SELECT profile, package, class FROM {table} ORDER BY profile {order}, package {order}, class {order}"
    );
    let Ok(mut select) = connection.prepare(&sql) else { return };
    let Ok(mut found) = select.query([]) else { return };
    while let Ok(Some(row)) = found.next() {
        if let Ok(key) = key_of(row) {
            take(key);
        }
    }
}

/// What SQLite itself finds wrong with the file.
pub(super) fn integrity(connection: &Connection, most: usize) -> rusqlite::Result<Vec<String>> {
    let mut select = connection.prepare(&format!("PRAGMA integrity_check({most})"))?;
    let lines = select.query_map([], |row| row.get::<_, String>(0))?;
    let mut lines = lines.collect::<rusqlite::Result<Vec<_>>>()?;
    lines.retain(|line| line != "ok");
    Ok(lines)
}

/// How many pictures no row refers to.
pub(super) fn orphans(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT count(*) FROM blobs WHERE id NOT IN (SELECT blob FROM pictures WHERE blob IS NOT NULL)";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Removes pixels that no row refers to: what damage leaves behind.
pub(super) fn sweep(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "DELETE FROM blobs WHERE id NOT IN (SELECT blob FROM pictures WHERE blob IS NOT NULL)";
    connection.execute(sql, []).map(drop)
}

/// The keys of a package, exactly matched.
pub(super) fn keys_of(
    connection: &Connection,
    profile: i64,
    package: &str,
) -> rusqlite::Result<Vec<IconKey>> {
    let mut select = connection
        .prepare_cached("SELECT profile, package, class FROM icons WHERE profile = ?1 AND package = ?2")?;
    let keys = select.query_map(params![profile, package], key_of)?;
    keys.collect()
}
