//! A row on its way through a safe load: what Launcher3 makes of it, and what its target alone deserves.
//!
//! `compat` runs twice. Once on the rows as they are: its verdicts are what we are compared with. Once on the same rows, each
//! alone on a page of its own: that run knows nothing of places and company, so its verdict is about the target only,
//! and its items are the facts of what is shown. Both take the rows in together, so that nothing is read or
//! asked twice. Not here: where a row goes.

use std::borrow::Cow;

use super::deviation::Deviation;
use super::fate::{LegacyEnd, State, fate};
use super::outcome::StoredPlace;
use crate::compat::model::{Item, ItemId};
use crate::compat::outcome::RowFault;
use crate::compat::{
    CancelAt, DbAction, Given, LoadInput, LoadOutcome, LoadRow, Parsed, SqlKey, TYPE_APP, TYPE_CUSTOM_WIDGET,
    TYPE_DEEP_SHORTCUT, TYPE_FOLDER, TYPE_PAIR, TYPE_WIDGET, Verdict, load, load_both,
};
use crate::hash::{FastMap, FastSet};
use crate::intent::Intent;
use crate::platform::{Answer, PlatformIndex};

/// What a row can be to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// An app or a shortcut.
    Leaf,
    /// A folder.
    Folder,
    /// An app pair.
    Pair,
    /// A widget.
    Widget,
    /// Not understood.
    Opaque,
    /// Off the screen, or without an id to be named by.
    Away,
}

/// Where a row belongs before cells are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// The desktop or the dock, at this place if it can be had.
    At(StoredPlace),
    /// The desktop, anywhere; this is why.
    Anywhere(Deviation),
    /// In the collection with this number among the subjects.
    In(usize),
    /// No place on the screen.
    Nowhere,
}

/// One row.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub row: &'a LoadRow,
    pub legacy: LegacyEnd,
    /// Whether the placement check of the load phase gave it the place it asks for.
    pub kept_by_legacy: bool,
    pub state: State,
    pub deviations: Vec<Deviation>,
    /// The verdict on the target alone.
    pub target: Verdict,
    /// What it is shown as if it is live.
    pub item: Option<Item>,
    pub home: Home,
    /// Order among siblings: rank, row, column, id (B.2.11, C17).
    pub order: (i32, i32, i32, i64),
}

impl Subject<'_> {
    pub(super) fn id(&self) -> ItemId {
        self.row.id()
    }

    /// Whether other rows can name it: its id is its own and has 32 bits.
    pub(super) fn has_id(&self) -> bool {
        !self.deviations.contains(&Deviation::HeldRowId)
    }

    pub(super) fn class(&self) -> Class {
        match (self.state, self.row.item_type) {
            (State::Quarantined, _) => Class::Away,
            _ if !self.has_id() => Class::Away,
            (State::Opaque, _) => Class::Opaque,
            (_, TYPE_APP | TYPE_DEEP_SHORTCUT) => Class::Leaf,
            (_, TYPE_FOLDER) => Class::Folder,
            (_, TYPE_PAIR) => Class::Pair,
            (_, TYPE_WIDGET | TYPE_CUSTOM_WIDGET) => Class::Widget,
            _ => Class::Opaque,
        }
    }

    /// Gives the row another state; the reason takes the place of an earlier one.
    pub(super) fn put_in(&mut self, state: State, deviation: Deviation) {
        self.state = state;
        self.deviations.retain(|earlier| !earlier.is_state());
        self.deviations.insert(0, deviation);
    }

    pub(super) fn note(&mut self, deviation: Deviation) {
        if !self.deviations.contains(&deviation) {
            self.deviations.push(deviation);
        }
    }
}

/// What both runs of `compat` said.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// The rows, by ascending row id.
    pub subjects: Vec<Subject<'a>>,
    /// Launcher3's own load of the rows as they are.
    pub legacy: LoadOutcome,
    /// The load of each row by itself: writes, binds, widget ids.
    pub alone: LoadOutcome,
}

/// Launcher3's own load of the rows as its table has them, with the items on the pages as this load calls them.
pub(super) fn legacy(input: &LoadInput<'_>) -> LoadOutcome {
    let mut rows = Cow::Borrowed(input.rows);
    if rows.iter().any(|row| row.legacy_screen.is_some()) {
        for row in rows.to_mut() {
            row.screen = row.legacy_screen.unwrap_or(row.screen);
        }
    }
    let mut legacy =
        load(&LoadInput { rows: &rows, cancel_at: CancelAt::Never, is_current_file: true, ..*input });
    on_our_pages(&mut legacy, input);
    legacy
}

/// Legacy's items with the pages as this load calls them.
fn on_our_pages(legacy: &mut LoadOutcome, input: &LoadInput<'_>) {
    for row in input.rows.iter().filter(|row| row.legacy_screen.is_some()) {
        if let Some(item) = legacy.model.items.get_mut(&row.id()) {
            item.screen = row.screen;
        }
    }
}

/// Runs `compat` both ways. `intents` are what the rows' intents read as, one for one, where the caller knows.
pub(super) fn judge<'a>(
    input: &LoadInput<'a>,
    index: &PlatformIndex<'_>,
    intents: Option<&[Parsed]>,
) -> Judged<'a> {
    let intents = intents.filter(|intents| intents.len() == input.rows.len());
    let mut rows: Vec<Given<'a, '_>> = input
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| Given { row, intent: intents.and_then(|known| known.get(at)), is_named: false })
        .collect();
    rows.sort_by_key(|given| given.row.row_id);
    let mut before = None;
    for given in &mut rows {
        let row_id = given.row.row_id;
        given.is_named = i64::from(given.row.id()) == row_id && before.replace(row_id) != Some(row_id);
    }
    // Whether a load is stopped is the caller's business: a safe load executes nothing, so its answer is dropped whole.
    let (mut legacy, mut alone) = load_both(input, index, &rows);
    on_our_pages(&mut legacy, input);
    // By ascending id, as the named rows are.
    let mut items = std::mem::take(&mut alone.model.items).into_iter().peekable();
    let swept: FastMap<ItemId, LegacyEnd> =
        legacy.swept.iter().map(|(id, step)| (*id, LegacyEnd::Swept(*step))).collect();
    let retargeted: FastSet<ItemId> = alone
        .actions
        .iter()
        .filter_map(|action| match action {
            DbAction::RetargetIntent { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    let mut subjects = Vec::with_capacity(rows.len());
    for (Given { row, is_named, .. }, decision) in rows.iter().zip(&legacy.decisions) {
        let id = row.id();
        let is_deleted = matches!(decision.verdict, Verdict::Delete(_));
        let end = match swept.get(&id).filter(|_| *is_named && !is_deleted) {
            Some(end) => *end,
            None => LegacyEnd::Verdict(decision.verdict),
        };
        let target = alone.decisions.binary_search_by_key(&id, |known| known.id);
        let target = target.ok().and_then(|at| alone.decisions.get(at)).unwrap_or(decision).verdict;
        let mut subject = Subject {
            row,
            legacy: end,
            kept_by_legacy: matches!(decision.verdict, Verdict::Accept | Verdict::Adrift(_)),
            state: State::Live,
            deviations: Vec::new(),
            target,
            item: None,
            home: Home::Nowhere,
            order: (row.rank, row.cell_y, row.cell_x, row.row_id),
        };
        if *is_named {
            subject.item = items.next_if(|(known, _)| *known == id).map(|(_, item)| item);
            settle(&mut subject, index, retargeted.contains(&id));
        } else {
            subject.put_in(State::Held, Deviation::HeldRowId);
        }
        subjects.push(subject);
    }
    Judged { subjects, legacy, alone }
}

/// The state that the target deserves.
fn settle(subject: &mut Subject<'_>, index: &PlatformIndex<'_>, retargeted: bool) {
    let row = subject.row;
    let is_collection = matches!(row.item_type, TYPE_FOLDER | TYPE_PAIR);
    // Of a type that nobody knows, not even the profile column is known to mean a profile.
    let fate = match is_type_known(row.item_type) {
        true => fate(subject.target),
        false => fate(Verdict::Zombie(RowFault::UnknownType)),
    };
    if let Some(deviation) = fate.deviation {
        subject.put_in(fate.state, deviation);
    }
    if subject.state == State::Opaque || subject.state == State::Quarantined {
        return;
    }
    if !is_collection && is_cut(row.sql_profile) {
        subject.put_in(State::Held, Deviation::HeldProfileUnreadable);
    }
    if retargeted && subject.state == State::Live && !is_activity_known(row, index) {
        subject.put_in(State::Held, Deviation::HeldInsteadOfRetargeted);
    }
    let unknown = Verdict::Delete(crate::compat::DeleteReason::ProfileDeleted);
    if is_collection && subject.state == State::Live && subject.legacy == LegacyEnd::Verdict(unknown) {
        subject.note(Deviation::CollectionProfileIgnored);
    }
}

fn is_type_known(item_type: i32) -> bool {
    matches!(
        item_type,
        TYPE_APP | TYPE_DEEP_SHORTCUT | TYPE_FOLDER | TYPE_PAIR | TYPE_WIDGET | TYPE_CUSTOM_WIDGET
    )
}

/// Whether a stored serial is not what 32 bits of it say. NULL is a row without one, which is the first user's.
fn is_cut(stored: SqlKey) -> bool {
    match stored {
        SqlKey::Null => false,
        SqlKey::Int(serial) => i32::try_from(serial).is_err(),
        SqlKey::Fraction(_) | SqlKey::Text => true,
    }
}

/// Whether the platform said that the row's activity is not enabled, rather than nothing (LM-I8).
fn is_activity_known(row: &LoadRow, index: &PlatformIndex<'_>) -> bool {
    let component =
        row.intent.as_deref().and_then(|text| Intent::parse(text).ok()).and_then(|intent| intent.component);
    let Some(component) = component else { return false };
    index.activity_answer(&component, row.profile.into()) != Answer::Unknown
}
