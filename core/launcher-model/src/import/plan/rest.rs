//! What becomes of the store's items that the source has not.
//!
//! A whole source says that they are gone: they go off the screen and are kept. A damaged one says nothing of what it has
//! lost, so they stay where they are, and give way only to what the source has in their place. Nothing is dropped in either.

use std::collections::BTreeSet;

use super::Planner;
use crate::store::space::Space;
use crate::store::{
    Change, Event, Item, ItemId, Page, PageId, Place, Position, Quarantine, Since, apply, image,
};

/// The code of items that an import replaced.
const REPLACED: &str = "LM_IMPORT_REPLACED";
/// The code of items that stay because the source may have lost them.
const INCOMPLETE: &str = "LM_IMPORT_SOURCE_INCOMPLETE";

impl Planner<'_> {
    /// What is on the screen and not in the source. What was in quarantine already stays as it is.
    fn rest(&self) -> Vec<ItemId> {
        let present: BTreeSet<ItemId> = self.ids.iter().copied().collect();
        let shown = self.content.items.values().filter(|item| item.quarantine.is_none());
        shown.map(|item| item.id).filter(|id| !present.contains(id)).collect()
    }

    /// Takes it off the screen, with its places as they were.
    pub(super) fn replace_the_rest(&mut self) {
        for id in self.rest() {
            let Some(item) = self.content.items.get_mut(&id) else { continue };
            for position in item.positions.values_mut() {
                position.seated = false;
            }
            let image = image::encode(item);
            let why = Since { code: REPLACED.to_owned(), since: self.now };
            item.quarantine = Some(Quarantine { why, until: None });
            self.tell(Some(id), Event::Quarantined, Some(REPLACED), Some(image));
            self.note(None, REPLACED, id.0.to_string());
        }
    }

    /// Leaves it at its places, as far as the source has nothing there.
    pub(super) fn keep_the_rest(&mut self, space: &mut Space) {
        let active = self.content.active;
        for id in self.rest() {
            let wish = self.content.items.get(&id).and_then(|item| self.kept_position(item));
            let Some(Position { place, seated }) = wish else { continue };
            let seated = seated
                && match place {
                    Place::Desktop { .. } | Place::Dock { .. } => space.is_free(place),
                    Place::Inside { .. } => true, // whether its collection is still there is seen when all are placed
                    Place::Elsewhere { .. } => false,
                };
            if seated {
                space.take(place);
            }
            if let Some(item) = self.content.items.get_mut(&id) {
                item.positions.insert(active, Position { place, seated });
            }
        }
    }

    /// Where an item was in the shown layout. One of a size that the store had not yet begins as the layout that was shown.
    fn kept_position(&self, item: &Item) -> Option<Position> {
        let known = item.positions.get(&self.content.active);
        let mut position = *known.or_else(|| item.positions.get(&self.old.active))?;
        if let Place::Desktop { page, .. } = &mut position.place
            && let Some(now) = self.page_now(*page)
        {
            *page = now;
        }
        Some(position)
    }

    /// The page of the shown layout that a page of the one before has become: that of the same number.
    fn page_now(&self, page: PageId) -> Option<PageId> {
        let number = self.old.layout()?.pages.iter().find(|old| old.id == page)?.number;
        self.content.layout()?.pages.iter().find(|new| new.number == number).map(|new| new.id)
    }

    /// The pages that the store keeps for it beside those of the source: its own, or copies in a layout of another size.
    pub(super) fn pages_of_the_rest(&mut self, own: Vec<Page>, source: &[Page]) -> Vec<Page> {
        if !own.is_empty() {
            return own;
        }
        let shown = self.old.layout().map(|layout| layout.pages.clone()).unwrap_or_default();
        let missing = shown.into_iter().filter(|old| !source.iter().any(|page| page.number == old.number));
        let missing: Vec<Page> = missing.collect();
        missing.into_iter().map(|page| Page { id: self.new_page(), ..page }).collect()
    }

    /// Where a row lies whose collection only the store still has: inside it, if the store has them so.
    pub(super) fn inside_the_rest(&self, id: ItemId, place: Place) -> Place {
        let Place::Elsewhere { container } = place else { return place };
        let known = self.old.items.get(&id).filter(|_| self.is_incomplete && self.matched.contains(&id));
        match known.and_then(|old| old.seat(self.old.active)) {
            Some(inside @ Place::Inside { parent, .. })
                if parent.0 == container && self.rest().contains(&parent) =>
            {
                inside
            }
            _ => place,
        }
    }

    /// Finds new places for what had to give way, as a restoration would, and says what was kept.
    pub(super) fn seat_the_rest(&mut self) {
        let active = self.content.active;
        let rest = self.rest();
        let had_seat =
            |id: &ItemId| self.old.items.get(id).is_some_and(|old| old.seat(self.old.active).is_some());
        let has_seat =
            |id: &ItemId| self.content.items.get(id).is_some_and(|item| item.seat(active).is_some());
        let lost: Vec<ItemId> = rest.iter().copied().filter(|id| had_seat(id) && !has_seat(id)).collect();
        for id in &rest {
            let what = if lost.contains(id) { ", at another place" } else { "" };
            self.note(None, INCOMPLETE, format!("{}{what}", id.0));
        }
        let changes: Vec<Change> = lost.iter().map(|id| Change::Restore { id: *id }).collect();
        // What finds no place all the same waits for one in the overflow, where it is listed.
        if !changes.is_empty()
            && let Ok((content, _)) = apply(&self.content, &changes, self.now)
        {
            self.content = content;
        }
        for id in lost {
            let image = self.old.items.get(&id).map(image::encode);
            self.tell(Some(id), Event::Placed, Some(INCOMPLETE), image);
        }
    }
}
