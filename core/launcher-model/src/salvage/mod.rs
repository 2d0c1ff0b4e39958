//! What happens to a damaged store: set aside, read page by page, filled up from the last snapshot, put in its place.
//!
//! The policy and what it was chosen over: `docs/adr/0005-corrupt-store-policy.md`. Nothing is deleted: the damaged file
//! stays under a name that begins with its own. The new file is built and checked before the old one is touched; from
//! then on every step can be repeated, so a crash in the middle is finished by the next opening.

pub(crate) mod log;
mod mend;
mod pages;

use std::path::{Path, PathBuf};

use crate::rows::Value;
use crate::snapshot;
use crate::store::records::{Fields, Records, Table, assemble_leniently};
use crate::store::{
    AuditEntry, Content, EpochMillis, Event, Family, ItemId, Located, OpenOptions, ProfileSerial, Step,
    StoreError, append_audit, beside, connect, create_tables, folder, fresh_database, in_transaction,
    remove_database, verify_copy, write_content,
};

/// The largest store that is salvaged, in bytes.
const BYTES_MAX: u64 = 1 << 30;
/// The name of a finished file that only has to be put in its place.
const FINISHED: &str = ".salvaged";

/// Where a home screen came from after damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// From the damaged file itself, filled up from a snapshot where rows were missing.
    Rows,
    /// From a snapshot; the damaged file had no item left.
    Snapshot,
    /// From nowhere: the home screen waits for the default layout.
    Nothing,
}

impl Origin {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rows => "LM_SALVAGE_ROWS",
            Self::Snapshot => "LM_SALVAGE_SNAPSHOT",
            Self::Nothing => "LM_SALVAGE_NOTHING",
        }
    }
}

/// What was wrong with a store and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageReport {
    /// Where the home screen came from.
    pub origin: Origin,
    /// What was wrong.
    pub detail: String,
    /// The damaged file, under its new name; `None` when there was no file.
    pub set_aside: Option<PathBuf>,
    /// The pages of the file, and how many of them were unreadable.
    pub pages: (usize, usize),
    /// Rows that were found and made no sense.
    pub broken_rows: usize,
    /// Items on the home screen now.
    pub items: usize,
    /// Items that only the snapshot still had.
    pub from_snapshot: Vec<ItemId>,
}

/// What has to be done before SQLite may look at the file: an interrupted salvage is finished, and a file that is gone
/// while its log or its snapshots are there is salvaged, because SQLite would start an empty one and drop the log.
pub(crate) fn before_opening(
    file: &Path,
    options: &OpenOptions,
) -> Result<Option<SalvageReport>, StoreError> {
    let files = options.files.as_ref();
    // A copy that was never finished is worth nothing.
    remove_database(files, &beside(file, ".new")).at(file, Step::Open)?;
    let finished = beside(file, FINISHED);
    if finished.is_file() {
        let set_aside = put_in_place(file, &finished, options)?;
        let connection = connect(file, options, Step::Open)?;
        let (content, meta) = crate::store::read(&connection, file, Step::Open)?;
        let origin = if meta.default_layout_due { Origin::Nothing } else { Origin::Rows };
        return Ok(Some(SalvageReport {
            origin,
            detail: "an earlier salvage was interrupted and is finished now".to_owned(),
            set_aside,
            pages: (0, 0),
            broken_rows: 0,
            items: content.items.len(),
            from_snapshot: Vec::new(),
        }));
    }
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let log = length(&beside(file, "-wal"));
    if length(file) == 0 && (log > 0 || !snapshot::files_of(file).is_empty()) {
        return salvage(file, options, "the file is empty or gone").map(Some);
    }
    Ok(None)
}

/// Whether an interrupted salvage is to be finished before the file is opened.
pub(crate) fn is_pending(file: &Path) -> bool {
    beside(file, FINISHED).is_file()
}

/// Sets a damaged file aside and puts in its place what can be read of it.
pub(crate) fn salvage(file: &Path, options: &OpenOptions, detail: &str) -> Result<SalvageReport, StoreError> {
    let files = options.files.as_ref();
    let bytes = |path: &Path| match files.read(path, BYTES_MAX) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.at(path, Step::Salvage),
    };
    let (main, log) = (bytes(file)?, bytes(&beside(file, "-wal"))?);
    let scan = pages::scan(&main, &log);
    let mut report = SalvageReport {
        origin: Origin::Rows,
        detail: detail.to_owned(),
        set_aside: None,
        pages: (scan.pages, scan.unreadable),
        broken_rows: scan.broken_rows,
        items: 0,
        from_snapshot: Vec::new(),
    };
    let mut records = scan.records;
    let trail = trail(records.remove(&Table::Audit).unwrap_or_default());
    let content = rescue(records, &trail, file, options, &mut report);
    report.items = content.items.len();
    let finished = build(file, options, &content, &trail, &report)?;
    report.set_aside = put_in_place(file, &finished, options)?;
    Ok(report)
}

/// The home screen of the rows that were found and of the newest snapshot that can be read.
fn rescue(
    records: Records,
    trail: &[AuditEntry],
    file: &Path,
    options: &OpenOptions,
    report: &mut SalvageReport,
) -> Content {
    let deleted: Vec<ItemId> =
        trail.iter().filter(|entry| entry.event == Event::Deleted).filter_map(|entry| entry.item).collect();
    let (found, skipped) = assemble_leniently(records);
    report.broken_rows += skipped;
    let found = found.map(|(content, _)| content).filter(|content| !content.items.is_empty());
    let last = snapshot::newest(file, options);
    let content = match (found, last) {
        (Some(mut content), Some(last)) => {
            report.from_snapshot = fill_up(&mut content, last, &deleted);
            content
        }
        (Some(content), None) => content,
        (None, Some(last)) => {
            report.origin = Origin::Snapshot;
            last
        }
        (None, None) => {
            report.origin = Origin::Nothing;
            Content::empty(options.grid, Family::Aosp, ProfileSerial(options.main_profile))
        }
    };
    mend::mend(content, options.grid, options.now)
}

/// The entries of the audit trail that can be read, oldest first.
fn trail(mut rows: Vec<Vec<Value>>) -> Vec<AuditEntry> {
    rows.sort_by_key(|row| match row.first() {
        Some(Value::Integer(seq)) => *seq,
        _ => i64::MIN,
    });
    rows.into_iter()
        .filter_map(|row| {
            let mut row = Fields(row.into_iter());
            row.integer()?;
            let (at, item, word) =
                (EpochMillis(row.integer()?), row.option_integer()?.map(ItemId), row.text()?);
            let event = Event::ALL.into_iter().find(|event| event.word() == word)?;
            Some(AuditEntry { at, item, event, code: row.option_text()?, image: row.option_blob()? })
        })
        .collect()
}

/// Takes from a snapshot what the file has lost: items, pages and layouts that are there no more, and values of rows whose
/// other half is missing.
fn fill_up(content: &mut Content, last: Content, deleted: &[ItemId]) -> Vec<ItemId> {
    if content.layouts.is_empty() {
        content.layouts = last.layouts;
        content.active = last.active;
    } else {
        for (id, layout) in last.layouts {
            let known = content.layouts.entry(id).or_insert_with(|| layout.clone());
            if known.pages.is_empty() {
                known.pages = layout.pages;
            }
        }
    }
    if content.declared.is_empty() {
        content.declared = last.declared;
    }
    content.next_item = content.next_item.max(last.next_item);
    content.next_page = content.next_page.max(last.next_page);
    let mut filled = Vec::new();
    for (id, item) in last.items {
        match content.items.get_mut(&id) {
            Some(found) if found.positions.is_empty() => found.positions = item.positions,
            Some(_) => {}
            None if deleted.contains(&id) => {}
            None => {
                content.items.insert(id, item);
                filled.push(id);
            }
        }
    }
    filled
}

/// Builds and checks the new file. Its final name says that it is whole.
fn build(
    file: &Path,
    options: &OpenOptions,
    content: &Content,
    trail: &[AuditEntry],
    report: &SalvageReport,
) -> Result<PathBuf, StoreError> {
    let files = options.files.as_ref();
    let (copy, finished) = (beside(file, ".new"), beside(file, FINISHED));
    let step = Step::Salvage;
    fresh_database(files, &copy).at(&copy, step)?;
    let connection = connect(&copy, options, step)?;
    in_transaction(&connection, |connection| {
        create_tables(connection, options.now)?;
        write_content(connection, None, content)?;
        append_audit(connection, trail)?;
        append_audit(connection, &audit(report, options.now))?;
        let due = i64::from(report.origin == Origin::Nothing);
        connection.execute("INSERT INTO meta (key, value) VALUES ('default_layout_due', ?1)", [due]).map(drop)
    })
    .at(&copy, step)?;
    verify_copy(&connection, &copy, step, content)?;
    connection.close().map_err(|(_, error)| error).at(&copy, step)?;
    files.rename(&copy, &finished).at(&finished, step)?;
    files.sync_folder(folder(file)).at(file, step)?;
    Ok(finished)
}

fn audit(report: &SalvageReport, now: EpochMillis) -> Vec<AuditEntry> {
    let entry = |item, code: &str| AuditEntry {
        at: now,
        item,
        event: Event::Salvaged,
        code: Some(code.to_owned()),
        image: None,
    };
    let filled = report.from_snapshot.iter().map(|id| entry(Some(*id), "LM_SALVAGE_FROM_SNAPSHOT"));
    std::iter::once(entry(None, report.origin.code())).chain(filled).collect()
}

/// Moves the damaged file and its log aside and the finished one into its place. Each step can be repeated.
fn put_in_place(file: &Path, finished: &Path, options: &OpenOptions) -> Result<Option<PathBuf>, StoreError> {
    let files = options.files.as_ref();
    let aside = free_name(file, options.now);
    let mut moved = None;
    for suffix in ["-wal", "-journal", ""] {
        let from = beside(file, suffix);
        if from.is_file() {
            let to = beside(&aside, suffix);
            files.rename(&from, &to).at(&from, Step::Swap)?;
            moved = Some(aside.clone());
        }
    }
    files.remove(&beside(file, "-shm")).at(file, Step::Swap)?;
    files.rename(finished, file).at(file, Step::Swap)?;
    files.sync_folder(folder(file)).at(file, Step::Swap)?;
    Ok(moved)
}

/// A name for the damaged file that nothing has yet.
fn free_name(file: &Path, now: EpochMillis) -> PathBuf {
    let name = |count: u32| match count {
        0 => beside(file, &format!(".damaged-{}", now.0)),
        count => beside(file, &format!(".damaged-{}-{count}", now.0)),
    };
    (0..u32::MAX).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(u32::MAX))
}
