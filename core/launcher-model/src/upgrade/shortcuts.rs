//! Legacy shortcuts (type 1): what becomes of them in steps 25 and 31.
//!
//! Until 2023 a shortcut was an intent that any app could have installed. Step 25 turns those that only launch an app
//! into apps; step 31 lets the launcher itself pin the others as deep shortcuts, or deletes them.

use rusqlite::Transaction;

use super::{Crash, Event, Run};
use crate::intent::{ACTION_MAIN, CATEGORY_LAUNCHER, EXTRA_PROFILE, FailureClass, Intent};
use crate::rows::Value;
use crate::sqlite;

/// What the platform finds for an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// No activity.
    None,
    /// An activity that anyone may start.
    Open,
    /// An activity that needs a permission.
    Guarded,
}

/// A deep shortcut that the launcher asks the platform to pin.
#[derive(Debug, Clone, Copy)]
pub struct PinRequest<'a> {
    /// Its id, `migrated_shortcut-` and the id of the row.
    pub shortcut_id: &'a str,
    /// What it starts.
    pub intent: &'a Intent,
    /// Its label, not empty.
    pub label: &'a str,
    /// The stored icon, if any.
    pub icon: Option<&'a [u8]>,
}

/// The platform's answers to step 31.
pub trait LegacyShortcuts {
    /// What the package manager resolves an intent to.
    fn resolve(&self, intent: &Intent) -> Target;

    /// Whether the request to pin is accepted; a refusal and an exception are the same.
    fn pin(&self, request: &PinRequest<'_>) -> bool;
}

/// Step 25: rows of the primary user whose intent only launches an app become apps (type 0).
pub(super) fn to_apps(run: &mut Run<'_>, outer: &Transaction<'_>) -> Result<(), Crash> {
    const STEP: i32 = 25;
    // A failing query is caught and logged; it does not stop the chain.
    let query =
        format!("SELECT _id, intent FROM favorites WHERE itemType=1 AND profileId={}", run.launcher.profile);
    let Ok(rows) = legacy_rows(outer, &query) else {
        run.log(Event::StepFailed(STEP, "legacy shortcuts cannot be read".to_owned()));
        run.doomed = true;
        return Ok(());
    };
    for row in rows {
        let text = row.text(1).map_err(|()| Crash::Cell { step: STEP })?.ok_or(Crash::NullIntent)?;
        let intent = match Intent::parse(&text) {
            Ok(intent) => intent,
            Err(error) if error.class() == FailureClass::UriSyntax => {
                run.log(Event::UnreadableIntent(row.id));
                continue;
            }
            Err(_) => return Err(Crash::NumberInIntent { step: STEP }),
        };
        if is_launcher_target(&intent)
            && let Err(error) = outer.execute("UPDATE favorites SET itemType=0 WHERE _id=?1", [row.id])
        {
            run.log(Event::StepFailed(STEP, error.to_string()));
            run.doomed = true;
            return Ok(());
        }
    }
    Ok(())
}

/// Whether an intent does nothing but launch an app: MAIN, a component, LAUNCHER as its only category, no data, and no
/// extra but the profile's.
pub fn is_launcher_target(intent: &Intent) -> bool {
    let is_only = |key: &str| intent.extras.len() == 1 && intent.extras.contains(key);
    intent.action.as_deref() == Some(ACTION_MAIN)
        && intent.component.is_some()
        && intent.categories.len() == 1
        && intent.categories.contains(CATEGORY_LAUNCHER)
        && intent.data.as_deref().is_none_or(str::is_empty)
        && (intent.extras.is_empty() || is_only(EXTRA_PROFILE))
}

/// Step 31: rows that the platform lets the launcher pin become deep shortcuts, the others are deleted.
pub(super) fn to_deep_shortcuts(run: &mut Run<'_>, outer: &Transaction<'_>) -> Result<(), Crash> {
    const STEP: i32 = 31;
    let sql = |error: rusqlite::Error| Crash::Sql { step: STEP, detail: error.to_string() };
    let query = "SELECT _id, intent, title, profileId, icon FROM favorites WHERE itemType = 1";
    let rows = legacy_rows(outer, query).map_err(sql)?;
    let mut deleted = Vec::new();
    for row in rows {
        let Some(intent) = pinned(run, &row).map_err(|fault| fault.at(STEP))? else {
            deleted.push(row.id);
            run.log(Event::ShortcutDeleted(row.id));
            continue;
        };
        outer
            .execute("UPDATE favorites SET itemType=6, intent=?1 WHERE _id=?2", (intent, row.id))
            .map_err(sql)?;
        run.log(Event::ShortcutPinned(row.id));
    }
    for id in deleted {
        outer.execute("DELETE FROM favorites WHERE _id=?1", [id]).map_err(sql)?;
    }
    Ok(())
}

/// What escapes from looking at one row.
enum Escape {
    Cell,
    Number,
}

impl Escape {
    fn at(self, step: i32) -> Crash {
        match self {
            Self::Cell => Crash::Cell { step },
            Self::Number => Crash::NumberInIntent { step },
        }
    }
}

/// The intent text of the deep shortcut that a row becomes; `None` where the row is deleted.
fn pinned(run: &Run<'_>, row: &LegacyRow) -> Result<Option<String>, Escape> {
    let cell = |()| Escape::Cell;
    // Serials are read as 32 bits, like every number of a row.
    if row.number(3).map_err(cell)? as i32 != run.launcher.profile as i32 {
        return Ok(None);
    }
    let text = row.text(1).map_err(cell)?.unwrap_or_default();
    let intent = match Intent::parse(&text) {
        _ if text.is_empty() => return Ok(None),
        Ok(intent) => intent,
        Err(error) if error.class() == FailureClass::UriSyntax => return Ok(None),
        Err(_) => return Err(Escape::Number),
    };
    let title = row.text(2).map_err(cell)?.unwrap_or_default();
    if title.is_empty() || run.launcher.platform.resolve(&intent) != Target::Open {
        return Ok(None);
    }
    let shortcut_id = format!("migrated_shortcut-{}", row.id as i32);
    let icon = match row.cells.get(4) {
        Some(Value::Blob(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    let request = PinRequest { shortcut_id: &shortcut_id, intent: &intent, label: &title, icon };
    let accepted = run.launcher.platform.pin(&request);
    Ok(accepted.then(|| Intent::deep_shortcut(run.launcher.package, None, &shortcut_id).to_uri()))
}

/// One row of type 1 with the cells of its query.
struct LegacyRow {
    id: i64,
    cells: Vec<Value>,
}

impl LegacyRow {
    fn text(&self, at: usize) -> Result<Option<String>, ()> {
        let text = self.cells.get(at).map_or(Ok(None), Value::text).map_err(drop)?;
        Ok(text.map(std::borrow::Cow::into_owned))
    }

    fn number(&self, at: usize) -> Result<i64, ()> {
        self.cells.get(at).map_or(Ok(0), Value::long).map_err(drop)
    }
}

fn legacy_rows(outer: &Transaction<'_>, query: &str) -> rusqlite::Result<Vec<LegacyRow>> {
    let mut statement = outer.prepare(query)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..width).map(|at| sqlite::value(row, at)).collect::<rusqlite::Result<_>>()?;
        Ok(LegacyRow { id: sqlite::long(row, 0)?, cells })
    })?;
    rows.collect()
}
