//! The clean-up after the load phase (B.5, SPEC-09, SPEC-11): empty folders, bad pairs, orphans, ghost widgets, pins.
//!
//! The first three steps are SQL statements of Launcher3 restated over the rows that are left, with SQL's own idea of
//! NULL (C11) and of text. Each runs once, in this order; what a later step empties stays until a later load.
//!
//! Invariants: no step looks at the model; every step is linear in the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::input::{LoadRow, SqlKey};
use super::model::{ItemId, ItemKind, LoadedModel};
use super::outcome::{PinCall, SweepStep};
use crate::hash::{FastMap, FastSet};
use crate::intent::EXTRA_SHORTCUT_ID;
use crate::platform::{PlatformSnapshot, ProfileSerial};

/// The rows that are in the database at this point of the load.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// Id, type and container of each row, by ascending row id.
    rows: Vec<TableRow>,
}

#[derive(Debug, Clone, Copy)]
struct TableRow {
    row_id: i64,
    sql_type: SqlKey,
    container: SqlKey,
    widget_id: i32,
}

const SQL_FOLDER: SqlKey = SqlKey::Int(2);
const SQL_WIDGET: SqlKey = SqlKey::Int(4);
const SQL_PAIR: SqlKey = SqlKey::Int(10);

impl Table {
    pub(super) fn new<'a>(rows: impl Iterator<Item = &'a LoadRow>) -> Self {
        let rows = rows
            .map(|row| TableRow {
                row_id: row.row_id,
                sql_type: row.sql_type,
                container: row.sql_container,
                widget_id: row.widget_id,
            })
            .collect();
        Self { rows }
    }

    /// Deletes rows by the ids that Launcher3 read.
    pub(super) fn delete(&mut self, ids: &[ItemId]) {
        if ids.is_empty() {
            return;
        }
        let ids: FastSet<i64> = ids.iter().map(|id| i64::from(*id)).collect();
        self.rows.retain(|row| !ids.contains(&row.row_id));
    }

    pub(super) fn set_widget_id(&mut self, id: ItemId, widget_id: i32) {
        if let Ok(at) = self.rows.binary_search_by_key(&i64::from(id), |row| row.row_id)
            && let Some(row) = self.rows.get_mut(at)
        {
            row.widget_id = widget_id;
        }
    }

    /// Runs one step: the ids it selects, deleted afterwards.
    pub(super) fn sweep(&mut self, step: SweepStep) -> Vec<ItemId> {
        let ids: Vec<ItemId> = match step {
            SweepStep::EmptyFolder => self.empty_folders(),
            SweepStep::BadAppPair => self.bad_pairs(),
            SweepStep::Unparented => self.unparented(),
        };
        self.delete(&ids);
        ids
    }

    fn holds(&self, row_id: i64) -> bool {
        self.rows.binary_search_by_key(&row_id, |row| row.row_id).is_ok()
    }

    fn select(&self, wanted: impl Fn(&TableRow) -> bool) -> Vec<ItemId> {
        self.rows.iter().filter(|row| wanted(row)).map(|row| row.row_id as ItemId).collect()
    }

    /// B.5.1: type 2 rows whose id is no row's container. One NULL container and the set is never "not in".
    fn empty_folders(&self) -> Vec<ItemId> {
        let containers: FastSet<SqlKey> = self.rows.iter().map(|row| row.container).collect();
        if containers.contains(&SqlKey::Null) {
            return Vec::new();
        }
        self.select(|row| row.sql_type == SQL_FOLDER && !containers.contains(&SqlKey::Int(row.row_id)))
    }

    /// B.5.2: type 10 rows whose id is not the container of exactly two rows. If exactly two rows have a NULL
    /// container, the set holds NULL (C11).
    fn bad_pairs(&self) -> Vec<ItemId> {
        if !self.rows.iter().any(|row| row.sql_type == SQL_PAIR) {
            return Vec::new();
        }
        let mut counts: FastMap<SqlKey, usize> = FastMap::default();
        for row in &self.rows {
            *counts.entry(row.container).or_default() += 1;
        }
        let is_two = |key: SqlKey| counts.get(&key) == Some(&2);
        if is_two(SqlKey::Null) {
            return Vec::new();
        }
        self.select(|row| row.sql_type == SQL_PAIR && !is_two(SqlKey::Int(row.row_id)))
    }

    /// B.5.3: rows with a container of 0 or more that is no row's id. Text is more than any number.
    fn unparented(&self) -> Vec<ItemId> {
        self.select(|row| match row.container {
            SqlKey::Null => false,
            SqlKey::Int(container) => container >= 0 && !self.holds(container),
            SqlKey::Fraction(floor) => floor >= 0,
            SqlKey::Text => true,
        })
    }

    /// B.5.4: ids of the host that no type 4 row has (C12), sorted.
    pub(super) fn ghost_widgets(&self, host_ids: &[i32]) -> Vec<i32> {
        let used: FastSet<i32> =
            self.rows.iter().filter(|row| row.sql_type == SQL_WIDGET).map(|row| row.widget_id).collect();
        let ghosts: BTreeSet<i32> = host_ids.iter().copied().filter(|id| !used.contains(id)).collect();
        ghosts.into_iter().collect()
    }
}

/// B.5.5: where the pins of the system differ from the model's (with what waits in the queue), the model's are set; a
/// package that the model does not know loses all. Nothing happens for a profile whose query failed.
pub(super) fn pin_calls(model: &LoadedModel, platform: &PlatformSnapshot) -> Vec<PinCall> {
    type Pins<'a> = BTreeMap<(ProfileSerial, &'a str), BTreeSet<&'a str>>;
    let mut wanted: Pins<'_> = BTreeMap::new();
    for item in model.items.values() {
        if let ItemKind::DeepShortcut(icon) = &item.kind
            && let (Some(package), Some(id)) =
                (icon.intent.package.as_deref(), icon.intent.string_extra(EXTRA_SHORTCUT_ID))
        {
            wanted.entry((item.profile, package)).or_default().insert(id);
        }
    }
    for pin in &platform.queued_pins {
        wanted.entry((pin.profile, &pin.package)).or_default().insert(&pin.id);
    }
    let mut system: Pins<'_> = BTreeMap::new();
    for pin in &platform.pinned_shortcuts {
        system.entry((pin.profile, &pin.package)).or_default().insert(&pin.id);
    }
    let mut calls = Vec::new();
    for profile in &platform.profiles {
        if !profile.pinned_query.counts_as_success() {
            continue;
        }
        let nothing = BTreeSet::new();
        // A query that returned null is an empty system.
        let answered = profile.pinned_query == crate::platform::PinnedQuery::Answered;
        let in_system = |package| if answered { system.get(&(profile.serial, package)) } else { None };
        let packages: BTreeSet<&str> = wanted
            .keys()
            .chain(if answered { Some(system.keys()) } else { None }.into_iter().flatten())
            .filter(|(serial, _)| *serial == profile.serial)
            .map(|(_, package)| *package)
            .collect();
        for package in packages {
            let model = wanted.get(&(profile.serial, package)).unwrap_or(&nothing);
            if model != in_system(package).unwrap_or(&nothing) {
                calls.push(PinCall {
                    package: package.to_owned(),
                    profile: profile.serial,
                    ids: model.iter().map(|id| (*id).to_owned()).collect(),
                });
            }
        }
    }
    calls.sort();
    calls
}
