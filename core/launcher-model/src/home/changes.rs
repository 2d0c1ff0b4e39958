//! From a load's answer to changes of the store: what differs between what it holds and what the load shows, nothing else.
//!
//! Seats are compared with seats, not writes with rows, so that a store in any state comes to what the load shows and a
//! second load finds nothing to do. Pages come first, then places on pages and in the dock, then the order in collections,
//! then quarantine: whoever leaves a collection has left it before the collection goes.

use super::rows::Numbers;
use crate::compat::placement::FIRST_PAGE;
use crate::hash::{FastMap, FastSet};
use crate::safe::{Deviation, RowOutcome, RowWrite, SafeOutcome, Seat, State};
use crate::store::{Change, Content, Edit, Item, ItemId, Kind, PageId, Place, Widget};

/// What a store holds that a load may change, side by side: most loads look at all of it and change nothing.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    next_page: i64,
    /// The items that are rows of a load, by ascending number.
    items: Vec<StoredItem>,
    /// What each collection of the shown layout contains, in order; as [`Content::inside`].
    contents: FastMap<ItemId, Vec<ItemId>>,
}

/// What a load may change in one item.
#[derive(Debug, Clone)]
struct StoredItem {
    id: ItemId,
    kind: Kind,
    seat: Option<Place>,
    hold: Option<String>,
    /// The surface that a widget was added from.
    source: i32,
}

impl Stored {
    pub(super) fn of(content: &Content) -> Self {
        let seat = |item: &Item| item.seat(content.active);
        let here = content.items.values().filter(|item| item.quarantine.is_none());
        let items = here.map(|item| StoredItem {
            id: item.id,
            kind: item.kind,
            seat: seat(item),
            hold: item.hold.as_ref().map(|hold| hold.code.clone()),
            source: item.widget.source,
        });
        let mut contents: FastMap<ItemId, Vec<(i32, ItemId)>> = FastMap::default();
        for item in content.items.values() {
            if let Some(Place::Inside { parent, order }) = seat(item) {
                contents.entry(parent).or_default().push((order, item.id));
            }
        }
        let in_order = |(parent, mut children): (ItemId, Vec<(i32, ItemId)>)| {
            children.sort_unstable();
            (parent, children.into_iter().map(|(_, child)| child).collect())
        };
        let contents = contents.into_iter().map(in_order).collect();
        Self { next_page: content.next_page, items: items.collect(), contents }
    }

    fn item(&self, id: ItemId) -> Option<&StoredItem> {
        let at = self.items.binary_search_by_key(&id, |item| item.id).ok()?;
        self.items.get(at)
    }
}

/// The changes that make a store hold what a load shows. Numbers of pages that are made are noted.
pub(super) fn changes(stored: &Stored, outcome: &SafeOutcome, numbers: &mut Numbers) -> Vec<Change> {
    let mut changes = Vec::new();
    pages(stored, outcome, numbers, &mut changes);
    // Both are by ascending number, so one walk finds the item of every line.
    let mut items = stored.items.iter().peekable();
    let mut item_of = |line: &RowOutcome| {
        while items.next_if(|item| item.id.0 < line.row_id).is_some() {}
        items.next_if(|item| item.id.0 == line.row_id)
    };
    let lines: Vec<(&RowOutcome, &StoredItem)> =
        outcome.rows.iter().filter_map(|line| Some((line, item_of(line)?))).collect();
    for (line, item) in &lines {
        changes.extend(out_of_collection(stored, line, item));
        if let Some(place) = line.seat.and_then(|seat| on_screen(seat, numbers)) {
            let place = sized(item.kind, place);
            if item.seat != Some(place) {
                changes.push(Change::Place { id: item.id, place, code: code_of_move(line) });
            }
        }
    }
    collections(stored, outcome, &mut changes);
    for (line, item) in &lines {
        state(line, item, &mut changes);
    }
    for write in &outcome.writes {
        if let Some(item) = stored.item(ItemId(write.row_id)) {
            edits(write, item, &mut changes);
        }
    }
    changes
}

/// What is left of changes that may not be made: everything but places.
pub(super) fn without_places(changes: &[Change]) -> Vec<Change> {
    let stays = |change: &&Change| {
        matches!(change, Change::Hold { .. } | Change::Release { .. } | Change::Edit { .. })
    };
    changes.iter().filter(stays).cloned().collect()
}

fn pages(stored: &Stored, outcome: &SafeOutcome, numbers: &mut Numbers, changes: &mut Vec<Change>) {
    let mut next = stored.next_page;
    for number in &outcome.pages {
        if numbers.page(*number).is_some() {
            continue;
        }
        changes.push(match *number {
            FIRST_PAGE => Change::AddFirstPage,
            _ => Change::AddPage { at: usize::MAX, title: None },
        });
        numbers.add(PageId(next), *number);
        next = next.saturating_add(1);
    }
}

fn on_screen(seat: Seat, numbers: &Numbers) -> Option<Place> {
    match seat {
        Seat::Desktop { page, x, y, width, height } => {
            Some(Place::Desktop { page: numbers.page(page)?, x, y, width, height })
        }
        Seat::Dock { index } => Some(Place::Dock { slot: index }),
        Seat::Inside { .. } => None,
    }
}

/// An item that lies in something which is no collection here, opaque as that is, has no seat of the store's there.
fn out_of_collection(stored: &Stored, line: &RowOutcome, item: &StoredItem) -> Option<Change> {
    let Some(Seat::Inside { collection, .. }) = line.seat else { return None };
    let parent = stored.item(ItemId(collection.into()));
    let is_held_by_store = parent.is_some_and(|parent| item.kind.fits_inside(parent.kind));
    let wish = Place::Elsewhere { container: collection.into() };
    let leaves = !is_held_by_store && item.seat.is_some();
    leaves.then(|| Change::Unplace { id: item.id, wish, code: code_of_move(line) })
}

/// A place as the store seats an item there: what has no size of its own takes one cell.
fn sized(kind: Kind, place: Place) -> Place {
    match place {
        Place::Desktop { page, x, y, .. } if !kind.has_span() => {
            Place::Desktop { page, x, y, width: 1, height: 1 }
        }
        place => place,
    }
}

/// Why a load moved an item.
fn code_of_move(line: &RowOutcome) -> Option<String> {
    let ranked = line.deviations.contains(&Deviation::RankDiffers).then_some(Deviation::RankDiffers);
    line.moved_by().or(ranked).map(|deviation| deviation.code().to_owned())
}

/// Puts the contents of collections in the order of the load.
fn collections(stored: &Stored, outcome: &SafeOutcome, changes: &mut Vec<Change>) {
    for (parent, children) in &outcome.contents {
        let parent = ItemId((*parent).into());
        let now = stored.contents.get(&parent).map(Vec::as_slice).unwrap_or_default();
        let children = children.iter().map(|child| ItemId((*child).into()));
        // What the store holds there fits there.
        if now.iter().copied().eq(children.clone()) {
            continue;
        }
        let Some(kind) = stored.item(parent).map(|item| item.kind) else { continue };
        let fits = |child: &ItemId| stored.item(*child).is_some_and(|item| item.kind.fits_inside(kind));
        let wanted: Vec<ItemId> = children.filter(fits).collect();
        if now == wanted {
            continue;
        }
        let members: FastSet<ItemId> = wanted.iter().copied().collect();
        let mut now: Vec<ItemId> = now.iter().copied().filter(|child| members.contains(child)).collect();
        if kind == Kind::AppPair {
            // The order of a pair's members says nothing: the split does.
            for child in wanted.iter().filter(|child| !now.contains(child)) {
                changes.push(put(outcome, *child, parent, usize::MAX));
            }
            continue;
        }
        for (order, child) in wanted.iter().enumerate() {
            if now.get(order) != Some(child) {
                now.retain(|known| known != child);
                now.insert(order.min(now.len()), *child);
                changes.push(put(outcome, *child, parent, order));
            }
        }
    }
}

fn put(outcome: &SafeOutcome, id: ItemId, parent: ItemId, order: usize) -> Change {
    let place = Place::Inside { parent, order: i32::try_from(order).unwrap_or(i32::MAX) };
    Change::Place { id, place, code: outcome.row(id.0).and_then(code_of_move) }
}

/// Live, held, opaque or off the screen.
fn state(line: &RowOutcome, item: &StoredItem, changes: &mut Vec<Change>) {
    let id = item.id;
    match line.state {
        State::Live if item.hold.is_some() => changes.push(Change::Release { id }),
        State::Live => {}
        State::Held | State::Opaque => {
            let code = line.code();
            if item.hold.as_deref() != Some(code) {
                changes.push(Change::Hold { id, code: code.to_owned() });
            }
        }
        State::Quarantined => {
            changes.push(Change::Quarantine { id, code: line.code().to_owned(), until: None });
        }
    }
}

/// What a load changes in an item itself.
fn edits(write: &RowWrite, item: &StoredItem, changes: &mut Vec<Change>) {
    let mut edit = |edit| changes.push(Change::Edit { id: item.id, edit });
    if let Some(intent) = &write.intent {
        edit(Edit::Intent(Some(intent.clone())));
    }
    if let Some(restored) = write.restored {
        edit(Edit::Restored(restored));
    }
    if let Some((id, provider)) = &write.widget {
        edit(Edit::Widget(Widget { id: *id, provider: Some(provider.clone()), source: item.source }));
    }
}
