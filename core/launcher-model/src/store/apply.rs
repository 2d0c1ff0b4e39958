//! What a home screen becomes by changes: pure, all or nothing.
//!
//! A list of changes is applied to a copy; the result is checked as a whole (`check`) before anybody sees it, so the
//! changes of one list may cross, as when two items swap places. Each change leaves an audit entry. Only
//! [`Change::Delete`] makes leaf items fewer (LM-I1); every removal keeps the item's image in its entry (LM-I17).

use super::change::{AuditEntry, Change, Edit, Event, Refusal};
use super::check::{Fault, ITEM_ID_MAX, check};
use super::image;
use super::item::{
    Content, EpochMillis, Family, Item, ItemId, Kind, LayoutId, Page, PageId, Place, Position, Quarantine,
    Since,
};
use super::layouts;
use super::space::Space;
use crate::compat::bits::IconRestore;
use crate::rows::Value;

/// The columns of a source's row that say where an item lies; the order in a collection comes first. They are stale once it
/// is placed anew.
pub(crate) const PLACE_COLUMNS: [&str; 7] =
    ["rank", "container", "screen", "cellX", "cellY", "spanX", "spanY"];

/// Applies changes in order.
///
/// # Errors
/// [`Refusal`]; the content given is then still the truth.
pub fn apply(
    content: &Content,
    changes: &[Change],
    now: EpochMillis,
) -> Result<(Content, Vec<AuditEntry>), Refusal> {
    let mut work = Work { content: content.clone(), audit: Vec::new(), now };
    for change in changes {
        work.one(change)?;
    }
    layouts::settle_hidden(&mut work.content);
    work.content.settle_wishes();
    match check(&work.content).first() {
        Some(fault) => Err(Refusal::Broken(*fault)),
        None => Ok((work.content, work.audit)),
    }
}

struct Work {
    content: Content,
    audit: Vec<AuditEntry>,
    now: EpochMillis,
}

impl Work {
    fn one(&mut self, change: &Change) -> Result<(), Refusal> {
        match change {
            Change::Add { item, place } => self.add(item, *place),
            Change::Edit { id, edit } => {
                self.item(*id)?.set(edit);
                self.note(Some(*id), Event::Edited, None, None);
                Ok(())
            }
            Change::Place { id, place, code } => {
                // What the user did not do can be told from where it was.
                let image = code.as_ref().and(self.content.items.get(id)).map(image::encode);
                self.place(*id, *place)?;
                self.note(Some(*id), Event::Placed, code.clone(), image);
                Ok(())
            }
            Change::Unplace { id, wish, code } => {
                let active = self.active();
                let image = code.as_ref().and(self.content.items.get(id)).map(image::encode);
                self.unseat(*id)?;
                self.item(*id)?.positions.insert(active, Position { place: *wish, seated: false });
                self.note(Some(*id), Event::Placed, code.clone(), image);
                Ok(())
            }
            Change::Hold { id, code } => {
                let since = self.now;
                let item = self.item(*id)?;
                // What still holds keeps its time: "since when" is the first time it was seen.
                if item.hold.as_ref().is_none_or(|hold| hold.code != *code) {
                    item.hold = Some(Since { code: code.clone(), since });
                    self.note(Some(*id), Event::Held, Some(code.clone()), None);
                }
                Ok(())
            }
            Change::Release { id } => {
                if let Some(hold) = self.item(*id)?.hold.take() {
                    self.note(Some(*id), Event::Released, Some(hold.code), None);
                }
                Ok(())
            }
            Change::Quarantine { id, code, until } => self.quarantine(*id, code, *until),
            Change::Restore { id } => self.restore(*id),
            Change::Delete { id } => self.delete(*id),
            Change::AddPage { at, title } => self.add_page(*at, title.clone()).map(drop),
            Change::AddFirstPage => self.add_first_page(),
            Change::MovePage { page, to } => self.move_page(*page, *to),
            Change::RemovePage { page } => self.remove_page(*page),
            Change::ShowGrid { grid } => {
                if layouts::show(&mut self.content, *grid)? {
                    self.note(None, Event::Pages, None, None);
                }
                Ok(())
            }
        }
    }

    fn note(&mut self, item: Option<ItemId>, event: Event, code: Option<String>, image: Option<Vec<u8>>) {
        self.audit.push(AuditEntry { at: self.now, item, event, code, image });
    }

    fn item(&mut self, id: ItemId) -> Result<&mut Item, Refusal> {
        self.content.items.get_mut(&id).ok_or(Refusal::NoItem(id))
    }

    fn active(&self) -> LayoutId {
        self.content.active
    }

    fn add(&mut self, item: &Item, place: Place) -> Result<(), Refusal> {
        let id = ItemId(self.content.next_item);
        if id.0 > ITEM_ID_MAX {
            return Err(Refusal::NumbersExhausted);
        }
        self.content.next_item += 1;
        let mut item = Item { id, ..item.clone() };
        item.positions.clear();
        self.content.items.insert(id, item);
        self.place(id, place)?;
        self.note(Some(id), Event::Added, None, None);
        Ok(())
    }

    /// Seats an item; whether the place is free is checked at the end of the list.
    fn place(&mut self, id: ItemId, place: Place) -> Result<(), Refusal> {
        let active = self.active();
        let kind = self.item(id)?.kind;
        if let Place::Inside { parent, .. } = place {
            let fits = self.content.items.get(&parent).is_some_and(|parent| kind.fits_inside(parent.kind));
            if !fits || parent == id {
                return Err(Refusal::NoSuchPlace(id));
            }
        }
        if matches!(place, Place::Elsewhere { .. }) {
            return Err(Refusal::NoSuchPlace(id));
        }
        self.unseat(id)?;
        let place = match place {
            Place::Inside { parent, order } => Place::Inside { parent, order: self.make_room(parent, order) },
            Place::Desktop { page, x, y, .. } if !kind.has_span() => {
                Place::Desktop { page, x, y, width: 1, height: 1 }
            }
            place => place,
        };
        let item = self.item(id)?;
        let before = item.positions.insert(active, Position { place, seated: true });
        if matches!(place, Place::Desktop { .. }) || !kind.has_span() {
            item.forget(&PLACE_COLUMNS);
            return Ok(());
        }
        // Where nothing has a size, what has one of its own keeps it for the way back.
        let [others @ .., span_x, span_y] = PLACE_COLUMNS;
        item.forget(&others);
        if let Some(Position { place: Place::Desktop { width, height, .. }, .. }) = before {
            item.columns.insert(span_x.to_owned(), Value::Integer(width.into()));
            item.columns.insert(span_y.to_owned(), Value::Integer(height.into()));
        }
        Ok(())
    }

    /// Moves the contents from an order on up by one; answers the order that became free.
    fn make_room(&mut self, parent: ItemId, order: i32) -> i32 {
        let contents = self.content.inside(parent, self.active());
        let at = usize::try_from(order).unwrap_or(0).min(contents.len());
        for (id, new) in contents.iter().skip(at).zip(at.saturating_add(1)..) {
            self.renumber(*id, parent, new);
        }
        i32::try_from(at).unwrap_or(i32::MAX)
    }

    fn renumber(&mut self, id: ItemId, parent: ItemId, order: usize) {
        let active = self.active();
        // Of a pair's member the rank is no order but the split, which stays.
        let is_pair = self.content.items.get(&parent).is_some_and(|parent| parent.kind == Kind::AppPair);
        if let Some(item) = self.content.items.get_mut(&id) {
            let place = Place::Inside { parent, order: i32::try_from(order).unwrap_or(i32::MAX) };
            let before = item.seat(active);
            if before == Some(place) {
                return;
            }
            item.positions.insert(active, Position { place, seated: true });
            let [rank, others @ ..] = PLACE_COLUMNS;
            item.forget(&others);
            match before {
                Some(Place::Inside { order, .. }) if is_pair => {
                    item.columns.entry(rank.to_owned()).or_insert(Value::Integer(order.into()));
                }
                _ => item.forget(&[rank]),
            }
        }
    }

    /// Takes an item from its seat; in a collection the others close up.
    fn unseat(&mut self, id: ItemId) -> Result<(), Refusal> {
        let active = self.active();
        let item = self.item(id)?;
        let Some(place) = item.seat(active) else { return Ok(()) };
        item.positions.insert(active, Position { place, seated: false });
        if let Place::Inside { parent, .. } = place {
            for (order, sibling) in self.content.inside(parent, active).into_iter().enumerate() {
                self.renumber(sibling, parent, order);
            }
        }
        Ok(())
    }

    /// The item and, of a collection, everything inside it.
    fn family_of(&self, id: ItemId) -> Vec<ItemId> {
        let mut all = vec![id];
        let mut next = 0;
        while let Some(parent) = all.get(next).copied() {
            next += 1;
            all.extend(self.content.inside(parent, self.active()));
        }
        all
    }

    fn quarantine(&mut self, id: ItemId, code: &str, until: Option<EpochMillis>) -> Result<(), Refusal> {
        let now = self.now;
        self.item(id)?;
        let family = self.family_of(id);
        self.unseat(id)?;
        for member in family {
            let item = self.item(member)?;
            let image = image::encode(item);
            if item.quarantine.is_none() {
                let why = Since { code: code.to_owned(), since: now };
                item.quarantine = Some(Quarantine { why, until });
                self.note(Some(member), Event::Quarantined, Some(code.to_owned()), Some(image));
            }
        }
        // In other layouts it gives up its seat too; its place there stays as a wish.
        let item = self.item(id)?;
        for position in item.positions.values_mut() {
            position.seated = false;
        }
        Ok(())
    }

    fn restore(&mut self, id: ItemId) -> Result<(), Refusal> {
        let active = self.active();
        let item = self.item(id)?;
        let seat = item.seat(active);
        if item.quarantine.is_none() && seat.is_some() {
            return Err(Refusal::NotAway(id));
        }
        for member in self.family_of(id) {
            let item = self.item(member)?;
            if let Some(quarantine) = item.quarantine.take() {
                self.note(Some(member), Event::Restored, Some(quarantine.why.code), None);
            }
        }
        // Contents of a quarantined collection that is not itself restored come out of it.
        let parent_away = |content: &Content, parent: ItemId| {
            content.items.get(&parent).is_none_or(|parent| parent.quarantine.is_some())
        };
        let item = self.item(id)?;
        let wish = item.positions.get(&active).map(|position| position.place);
        let kind = item.kind;
        let wish = wish.unwrap_or(Place::Elsewhere { container: 0 });
        let place = match wish {
            Place::Inside { parent, order } => {
                let fits =
                    self.content.items.get(&parent).is_some_and(|parent| kind.fits_inside(parent.kind));
                if fits && !parent_away(&self.content, parent) {
                    if seat.is_some() {
                        return Ok(());
                    }
                    Place::Inside { parent, order }
                } else {
                    self.free_place(Place::Elsewhere { container: parent.0 })?
                }
            }
            wish => self.free_place(wish)?,
        };
        self.place(id, place)
    }

    /// The wish itself if it is free, else the nearest free place, else one on a new page.
    fn free_place(&mut self, wish: Place) -> Result<Place, Refusal> {
        let active = self.active();
        let no_layout = Refusal::Broken(Fault::NoActiveLayout(active));
        let space = Space::of(&self.content, active).ok_or(no_layout)?;
        if space.is_free(wish) {
            return Ok(wish);
        }
        if let Some(place) = space.nearest(wish) {
            return Ok(place);
        }
        let (width, height) = match wish {
            Place::Desktop { width, height, .. } => space.clamp(width, height),
            _ => (1, 1),
        };
        let page = self.add_page(usize::MAX, None)?;
        Ok(Place::Desktop { page, x: 0, y: 0, width, height })
    }

    fn delete(&mut self, id: ItemId) -> Result<(), Refusal> {
        self.item(id)?;
        let family = self.family_of(id);
        self.unseat(id)?;
        for member in &family {
            if let Some(item) = self.content.items.remove(member) {
                let image = image::encode(&item);
                self.note(Some(*member), Event::Deleted, None, Some(image));
            }
        }
        // Whoever lay inside in another layout loses that seat, not itself.
        for item in self.content.items.values_mut() {
            for position in item.positions.values_mut() {
                if let Place::Inside { parent, .. } = position.place
                    && family.contains(&parent)
                {
                    *position = Position { place: Place::Elsewhere { container: parent.0 }, seated: false };
                }
            }
        }
        Ok(())
    }

    fn pages(&mut self) -> Result<&mut Vec<Page>, Refusal> {
        let active = self.content.active;
        let layout = self.content.layouts.get_mut(&active);
        layout.map(|layout| &mut layout.pages).ok_or(Refusal::Broken(Fault::NoActiveLayout(active)))
    }

    fn add_page(&mut self, at: usize, title: Option<String>) -> Result<PageId, Refusal> {
        let id = PageId(self.content.next_page);
        self.content.next_page = id.0.checked_add(1).ok_or(Refusal::NumbersExhausted)?;
        let pages = self.pages()?;
        // SPEC-04: one above the highest number, at least 1.
        let number = pages.iter().map(|page| page.number).max().unwrap_or(0).max(0);
        let number = number.checked_add(1).ok_or(Refusal::NumbersExhausted)?;
        pages.insert(at.min(pages.len()), Page { id, number, title });
        self.order_numbers()?;
        self.note(None, Event::Pages, None, None);
        Ok(id)
    }

    fn add_first_page(&mut self) -> Result<(), Refusal> {
        if self.pages()?.iter().any(|page| page.number == 0) {
            return Ok(());
        }
        let id = PageId(self.content.next_page);
        self.content.next_page = id.0.checked_add(1).ok_or(Refusal::NumbersExhausted)?;
        self.pages()?.insert(0, Page { id, number: 0, title: None });
        self.order_numbers()?;
        self.note(None, Event::Pages, None, None);
        Ok(())
    }

    fn move_page(&mut self, page: PageId, to: usize) -> Result<(), Refusal> {
        let pages = self.pages()?;
        let from = pages.iter().position(|known| known.id == page).ok_or(Refusal::NoPage(page))?;
        let moved = pages.remove(from);
        pages.insert(to.min(pages.len()), moved);
        self.order_numbers()?;
        self.note(None, Event::Pages, None, None);
        Ok(())
    }

    fn remove_page(&mut self, page: PageId) -> Result<(), Refusal> {
        let active = self.active();
        let on_page = |place| matches!(place, Place::Desktop { page: found, .. } if found == page);
        let used = self.content.items.values().any(|item| item.seat(active).is_some_and(on_page));
        let pages = self.pages()?;
        let at = pages.iter().position(|known| known.id == page).ok_or(Refusal::NoPage(page))?;
        if used || pages.len() == 1 {
            return Err(Refusal::PageNeeded(page));
        }
        pages.remove(at);
        // Wishes for it are wishes for the page that is now in its place.
        let neighbour = pages.get(at.saturating_sub(1)).map(|page| page.id);
        for item in self.content.items.values_mut() {
            if let Some(position) = item.positions.get_mut(&active)
                && let Place::Desktop { page: wished, .. } = &mut position.place
                && *wished == page
                && let Some(neighbour) = neighbour
            {
                *wished = neighbour;
            }
        }
        self.note(None, Event::Pages, None, None);
        Ok(())
    }

    /// In AOSP's family the order of pages is that of their numbers: the k-th page gets the k-th smallest, as in the
    /// step from 27 to 28 (A.6). MIUI keeps an order beside the numbers.
    fn order_numbers(&mut self) -> Result<(), Refusal> {
        if self.content.family == Family::Aosp {
            let pages = self.pages()?;
            let mut numbers: Vec<i64> = pages.iter().map(|page| page.number).collect();
            numbers.sort_unstable();
            for (page, number) in pages.iter_mut().zip(numbers) {
                page.number = number;
            }
        }
        Ok(())
    }
}

impl Item {
    /// Drops stored values of the source that an edit has made stale.
    pub(crate) fn forget(&mut self, columns: &[&str]) {
        self.columns.retain(|name, _| !columns.iter().any(|stale| stale.eq_ignore_ascii_case(name)));
    }

    fn set(&mut self, edit: &Edit) {
        let stale: &[&str] = match edit {
            Edit::Title(title) => {
                self.title = title.clone();
                &["title", "label"]
            }
            Edit::Intent(intent) => {
                self.intent.clone_from(intent);
                &["intent"]
            }
            Edit::Icon(icon) => {
                self.icon.clone_from(icon);
                &["icon"]
            }
            Edit::Widget(widget) => {
                self.widget = widget.clone();
                &["appWidgetId", "appWidgetProvider", "appWidgetSource"]
            }
            Edit::Restored(restored) => {
                self.restored = *restored;
                if self.kind == Kind::Promise && *restored & IconRestore::AUTO_INSTALL.0 == 0 {
                    (self.kind, self.item_type) = (Kind::App, 0);
                    return self.forget(&["restored", "itemType"]);
                }
                &["restored"]
            }
            Edit::Options(options) => {
                self.options = *options;
                &["options"]
            }
        };
        self.forget(stale);
    }
}
