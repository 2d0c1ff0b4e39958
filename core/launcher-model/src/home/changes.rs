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

/// The changes that make a store hold what a load shows. Numbers of pages that are made are noted.
pub(super) fn changes(content: &Content, outcome: &SafeOutcome, numbers: &mut Numbers) -> Vec<Change> {
    let mut changes = Vec::new();
    pages(content, outcome, numbers, &mut changes);
    // Both are by ascending number, so one walk finds the item of every line.
    let mut items = content.items.iter().peekable();
    let mut item_of = |line: &RowOutcome| {
        while items.next_if(|(id, _)| id.0 < line.row_id).is_some() {}
        items.next_if(|(id, _)| id.0 == line.row_id).map(|(_, item)| item)
    };
    let lines: Vec<(&RowOutcome, &Item)> =
        outcome.rows.iter().filter_map(|line| Some((line, item_of(line)?))).collect();
    for (line, item) in &lines {
        changes.extend(out_of_collection(content, line, item));
        if let Some(place) = line.seat.and_then(|seat| on_screen(seat, numbers)) {
            let place = sized(item.kind, place);
            if item.seat(content.active) != Some(place) {
                changes.push(Change::Place { id: item.id, place, code: code_of_move(line) });
            }
        }
    }
    collections(content, outcome, &mut changes);
    for (line, item) in &lines {
        state(line, item, &mut changes);
    }
    for write in &outcome.writes {
        if let Some(item) = content.items.get(&ItemId(write.row_id)) {
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

fn pages(content: &Content, outcome: &SafeOutcome, numbers: &mut Numbers, changes: &mut Vec<Change>) {
    let mut next = content.next_page;
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
fn out_of_collection(content: &Content, line: &RowOutcome, item: &Item) -> Option<Change> {
    let Some(Seat::Inside { collection, .. }) = line.seat else { return None };
    let parent = content.items.get(&ItemId(collection.into()));
    let is_held_by_store = parent.is_some_and(|parent| item.kind.fits_inside(parent.kind));
    let wish = Place::Elsewhere { container: collection.into() };
    let leaves = !is_held_by_store && item.seat(content.active).is_some();
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
fn collections(content: &Content, outcome: &SafeOutcome, changes: &mut Vec<Change>) {
    let inside = contents(content);
    for (parent, children) in &outcome.contents {
        let parent = ItemId((*parent).into());
        let Some(kind) = content.items.get(&parent).map(|item| item.kind) else { continue };
        let wanted: Vec<ItemId> = children
            .iter()
            .map(|child| ItemId((*child).into()))
            .filter(|child| content.items.get(child).is_some_and(|item| item.kind.fits_inside(kind)))
            .collect();
        let now = inside.get(&parent).map(Vec::as_slice).unwrap_or_default();
        if now.iter().map(|(_, child)| child).eq(&wanted) {
            continue;
        }
        let members: FastSet<ItemId> = wanted.iter().copied().collect();
        let mut now: Vec<ItemId> =
            now.iter().map(|(_, child)| *child).filter(|child| members.contains(child)).collect();
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

/// What each collection of the shown layout contains, in order; as [`Content::inside`], for all of them in one walk.
fn contents(content: &Content) -> FastMap<ItemId, Vec<(i32, ItemId)>> {
    let mut contents: FastMap<ItemId, Vec<(i32, ItemId)>> = FastMap::default();
    for item in content.items.values() {
        if let Some(Place::Inside { parent, order }) = item.seat(content.active) {
            contents.entry(parent).or_default().push((order, item.id));
        }
    }
    contents.values_mut().for_each(|children| children.sort_unstable());
    contents
}

fn put(outcome: &SafeOutcome, id: ItemId, parent: ItemId, order: usize) -> Change {
    let place = Place::Inside { parent, order: i32::try_from(order).unwrap_or(i32::MAX) };
    Change::Place { id, place, code: outcome.row(id.0).and_then(code_of_move) }
}

/// Live, held, opaque or off the screen.
fn state(line: &RowOutcome, item: &Item, changes: &mut Vec<Change>) {
    let id = item.id;
    match line.state {
        State::Live if item.hold.is_some() => changes.push(Change::Release { id }),
        State::Live => {}
        State::Held | State::Opaque => {
            let code = line.code();
            if item.hold.as_ref().is_none_or(|hold| hold.code != code) {
                changes.push(Change::Hold { id, code: code.to_owned() });
            }
        }
        State::Quarantined => {
            changes.push(Change::Quarantine { id, code: line.code().to_owned(), until: None });
        }
    }
}

/// What a load changes in an item itself.
fn edits(write: &RowWrite, item: &Item, changes: &mut Vec<Change>) {
    let mut edit = |edit| changes.push(Change::Edit { id: item.id, edit });
    if let Some(intent) = &write.intent {
        edit(Edit::Intent(Some(intent.clone())));
    }
    if let Some(restored) = write.restored {
        edit(Edit::Restored(restored));
    }
    if let Some((id, provider)) = &write.widget {
        edit(Edit::Widget(Widget { id: *id, provider: Some(provider.clone()), source: item.widget.source }));
    }
}
