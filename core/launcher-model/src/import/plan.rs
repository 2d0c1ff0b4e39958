//! What a store will hold after an import: pure, no file is touched.
//!
//! Each row of the source becomes one item. Its place is taken over if it is free and within the grid, lower numbers first
//! as the loader does (B.4); whatever has none goes to the overflow with the place it wished for.

mod rest;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::pages::{keep_pages, page_numbers};
use super::{ImportOptions, Note, RowsById, key_of, values};
use crate::export::default_value;
use crate::export::row;
use crate::neutral::{self, Board};
use crate::recognise::Product;
use crate::rows::{Column, Row, SourceRows, Value};
use crate::store::check::ITEM_ID_MAX;
use crate::store::item::{DESKTOP, SIDE_MAX};
use crate::store::space::Space;
use crate::store::{
    AuditEntry, Content, EpochMillis, Event, Family, GridSize, Item, ItemId, Kind, Layout, LayoutId, Page,
    PageId, Place, Position, ProfileSerial, Widget, settle_layouts,
};
use crate::{aosp, miui};

/// What an import will do.
pub(super) struct Plan {
    pub(super) content: Content,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) notes: Vec<Note>,
    pub(super) imported: usize,
}

/// `is_incomplete`: the source may have lost rows.
pub(super) fn plan(
    old: &Content,
    source: &SourceRows,
    product: Product,
    options: &ImportOptions,
    named: Option<miui::Grid>,
    is_incomplete: bool,
) -> Plan {
    let family = if product == Product::Miui { Family::Miui } else { Family::Aosp };
    let main_profile = main_profile(source).unwrap_or(options.main_profile);
    let board = match family {
        Family::Aosp => aosp::read(source, main_profile),
        Family::Miui => miui::read(source),
    };
    let mut planner = Planner::new(old, family, options.now);
    planner.is_incomplete = is_incomplete && !old.items.is_empty();
    planner.content.main_profile = ProfileSerial(main_profile);
    planner.content.source_version = Some(source.user_version);
    let rising = family == Family::Aosp && source.screens.is_some();
    planner.layout(&board, options.grid, named, rising);
    planner.declared(source);
    planner.items(&board, source);
    if !planner.is_incomplete {
        planner.replace_the_rest();
    }
    planner.place_all(&board);
    planner.content.settle_wishes();
    planner.keep_values(&board, source, rising);
    if planner.is_incomplete {
        planner.seat_the_rest();
    }
    for note in &board.notes {
        planner.note(Some(note.source_id), note.code.code(), "");
    }
    planner.finish(board.items.len())
}

/// The serial of the main profile, where the table says it: the default of `profileId` (A.1).
fn main_profile(source: &SourceRows) -> Option<i64> {
    let at = source.favorites.index_of("profileId")?;
    match default_value(source.favorites.columns.get(at)?) {
        Value::Integer(serial) => Some(serial),
        _ => None,
    }
}

struct Planner<'a> {
    old: &'a Content,
    content: Content,
    now: EpochMillis,
    audit: Vec<AuditEntry>,
    notes: Vec<Note>,
    /// The page of each place in the board's list.
    pages: Vec<PageId>,
    /// The item of each place in the board's list.
    ids: Vec<ItemId>,
    /// The item of each number in the source; of several the first.
    by_source: HashMap<i64, ItemId>,
    /// Numbers that rows name as their container and no row has.
    named: BTreeSet<i64>,
    /// Items of the store that the source has too.
    matched: BTreeSet<ItemId>,
    /// Whether the source may have lost items that the store has.
    is_incomplete: bool,
}

impl<'a> Planner<'a> {
    fn new(old: &'a Content, family: Family, now: EpochMillis) -> Self {
        let mut content = old.clone();
        if content.family != family {
            // What stays from the other family keeps its meaning under that family's numbers.
            for item in content.items.values_mut() {
                item.item_type = row::item_type(item, old.family, family).0;
                item.columns.clear();
            }
            content.family = family;
        }
        Self {
            old,
            content,
            now,
            audit: Vec::new(),
            notes: Vec::new(),
            pages: Vec::new(),
            ids: Vec::new(),
            by_source: HashMap::new(),
            named: BTreeSet::new(),
            matched: BTreeSet::new(),
            is_incomplete: false,
        }
    }

    fn note(&mut self, row: Option<i64>, code: &'static str, detail: impl Into<String>) {
        self.notes.push(Note { row, code, detail: detail.into() });
    }

    /// The layout and its pages. One of the same size is taken again, with its pages by number; the first import replaces
    /// the empty one that a new store has.
    fn layout(&mut self, board: &Board, given: Option<GridSize>, named: Option<miui::Grid>, rising: bool) {
        let grid = match given.filter(|grid| grid.is_valid()) {
            Some(grid) => grid,
            None => {
                let guess = self.guess(board, named);
                let detail = format!("{}x{}/{}", guess.columns, guess.rows, guess.dock);
                self.note(None, "LM_IMPORT_GRID_GUESSED", detail);
                guess
            }
        };
        if self.old.items.is_empty() && self.old.source_version.is_none() {
            self.content.layouts.clear();
        }
        let same_size =
            self.content.layouts.iter().find(|(_, layout)| layout.grid == grid).map(|(id, _)| *id);
        let next = self.content.layouts.keys().next_back().map_or(1, |last| last.0.saturating_add(1));
        let id = same_size.unwrap_or(LayoutId(next));
        let old_pages: Vec<Page> =
            self.content.layouts.get(&id).map(|layout| layout.pages.clone()).unwrap_or_default();
        let mut numbers: Vec<i64> = page_numbers(board);
        if rising {
            // The step from 27 to 28: the k-th page gets the k-th smallest number, so that numbers say the order.
            numbers.sort_unstable();
        }
        let mut pages: Vec<Page> = Vec::new();
        for (page, number) in board.pages.iter().zip(numbers) {
            let known = old_pages.iter().find(|old| old.number == number);
            let id = known.map_or_else(|| self.new_page(), |known| known.id);
            let title = page.title.clone().or_else(|| known.and_then(|known| known.title.clone()));
            pages.push(Page { id, number, title });
        }
        self.pages = pages.iter().map(|page| page.id).collect();
        if self.is_incomplete {
            let kept = self.pages_of_the_rest(old_pages, &pages);
            keep_pages(&mut pages, &kept);
        } else if self.content.family == Family::Aosp {
            let used = self.used_pages(id);
            let empty: Vec<Page> = old_pages.into_iter().filter(|page| !used.contains(&page.id)).collect();
            keep_pages(&mut pages, &empty);
        }
        if pages.is_empty() {
            let id = self.new_page();
            pages.push(Page { id, number: 0, title: None });
        }
        self.content.layouts.insert(id, Layout { grid, pages });
        self.content.active = id;
    }

    /// The pages of a layout that the store has items on.
    fn used_pages(&self, layout: LayoutId) -> BTreeSet<PageId> {
        let seats = self.old.items.values().filter_map(|item| item.seat(layout));
        seats
            .filter_map(|place| if let Place::Desktop { page, .. } = place { Some(page) } else { None })
            .collect()
    }

    fn new_page(&mut self) -> PageId {
        let id = PageId(self.content.next_page);
        self.content.next_page = self.content.next_page.saturating_add(1);
        id
    }

    /// The file's name if it says, else the store's own grid; grown until every item that is not absurd fits.
    fn guess(&self, board: &Board, named: Option<miui::Grid>) -> GridSize {
        let mut grid =
            self.old.layout().map_or(GridSize { columns: 4, rows: 5, dock: 5 }, |layout| layout.grid);
        if let Some(named) = named {
            (grid.columns, grid.rows) = (named.columns, named.rows);
        }
        for item in &board.items {
            let grow = |side: &mut i32, end: Option<i32>| {
                if let Some(end) = end.filter(|end| (1..=SIDE_MAX).contains(end)) {
                    *side = (*side).max(end);
                }
            };
            match item.place {
                neutral::Place::Desktop { x, y, width, height, .. } if x >= 0 && y >= 0 => {
                    grow(&mut grid.columns, x.checked_add(width.max(1)));
                    grow(&mut grid.rows, y.checked_add(height.max(1)));
                }
                neutral::Place::Dock { index } if index >= 0 => grow(&mut grid.dock, index.checked_add(1)),
                _ => {}
            }
        }
        grid
    }

    /// The columns that only the source knows, with their declarations.
    fn declared(&mut self, source: &SourceRows) {
        let family = self.content.family;
        let foreign = source.favorites.columns.iter().filter(|column| !row::is_own(family, &column.name));
        self.content.declared = foreign.cloned().collect();
        if self.is_incomplete && self.old.family == family {
            let is_new = |old: &&Column| {
                !source.favorites.columns.iter().any(|new| new.name.eq_ignore_ascii_case(&old.name))
            };
            self.content.declared.extend(self.old.declared.iter().filter(is_new).cloned());
        }
    }

    /// The items, each with its number: that of its row if it can be had, else a new one.
    fn items(&mut self, board: &Board, source: &SourceRows) {
        let mut rows = rows_by_id(source);
        let highest =
            board.items.iter().map(|item| item.source_id).filter(|id| (1..=ITEM_ID_MAX).contains(id));
        let highest = highest.max().unwrap_or(0);
        self.content.next_item = self.content.next_item.max(highest + 1);
        let containers = board.items.iter().filter_map(|item| match item.place {
            neutral::Place::Elsewhere { container } => Some(container),
            _ => None,
        });
        self.named = containers.collect();
        for read in &board.items {
            let row = rows.get_mut(&read.source_id).and_then(std::collections::VecDeque::pop_front);
            let mut item = self.item(read, row.as_ref());
            let id = self.number(&item, read.source_id);
            if id.0 != read.source_id {
                self.note(Some(read.source_id), "LM_IMPORT_RENUMBERED", id.0.to_string());
            }
            item.id = id;
            self.ids.push(id);
            self.by_source.entry(read.source_id).or_insert(id);
            if self.matched.contains(&id) {
                self.take_over(&mut item);
            } else {
                self.tell(Some(id), Event::Imported, None, None);
            }
            self.content.items.insert(id, item);
        }
    }

    fn tell(&mut self, item: Option<ItemId>, event: Event, code: Option<&str>, image: Option<Vec<u8>>) {
        self.audit.push(AuditEntry { at: self.now, item, event, code: code.map(str::to_owned), image });
    }

    /// An item of the source that the store has too keeps what the source does not know.
    fn take_over(&mut self, item: &mut Item) {
        let Some(old) = self.old.items.get(&item.id) else { return };
        item.source_id = old.source_id;
        item.positions = old.positions.clone();
        item.hold = old.hold.clone();
        if self.content.family == Family::Miui {
            // MIUI's table has no columns for these; a load, or AOSP's table before it, may have set them.
            (item.restored, item.options, item.modified) = (old.restored, old.options, old.modified);
            item.widget.source = old.widget.source;
        }
        if old.quarantine.is_some() {
            self.tell(Some(item.id), Event::Restored, Some("LM_IMPORT_SEEN_AGAIN"), None);
        } else if !same_but_place(old, item) {
            self.tell(Some(item.id), Event::Edited, Some("LM_IMPORT_SEEN_AGAIN"), None);
        }
    }

    /// The number of its row, unless that is no number for an item, taken, or once that of another item (LM-I16).
    fn number(&mut self, item: &Item, source_id: i64) -> ItemId {
        let id = ItemId(source_id);
        let in_range = (1..=ITEM_ID_MAX).contains(&source_id) && !self.ids.contains(&id);
        if in_range {
            // What the store has, in the numbers of the source's family.
            match self.content.items.get(&id) {
                Some(old) if key_of(id, old) == key_of(id, item) => {
                    self.matched.insert(id);
                    return id;
                }
                // A number that the store has not given yet, or that it gave to what came with such a row.
                None if source_id >= self.old.next_item => return id,
                _ => {}
            }
        }
        // Whoever got a number that a row names would find that row in itself.
        while self.named.contains(&self.content.next_item) {
            self.content.next_item = self.content.next_item.saturating_add(1);
        }
        let id = ItemId(self.content.next_item);
        self.content.next_item = self.content.next_item.saturating_add(1);
        id
    }

    fn item(&self, read: &neutral::Item, row: Option<&Row<'_>>) -> Item {
        let kind = match &read.kind {
            neutral::Kind::App => Kind::App,
            neutral::Kind::Shortcut => Kind::Shortcut,
            neutral::Kind::Folder(style) => Kind::Folder(*style),
            neutral::Kind::AppPair => Kind::AppPair,
            neutral::Kind::Widget { .. } => Kind::Widget,
            neutral::Kind::Internal { .. } => Kind::Internal,
            neutral::Kind::Promise => Kind::Promise,
            neutral::Kind::Opaque { .. } => Kind::Opaque,
        };
        let int = |name: &str, default: i32| match row.map(|row| row.value(name)) {
            Some(Value::Integer(number)) => i32::try_from(*number).unwrap_or(default),
            _ => default,
        };
        let item_type = row.and_then(|row| row.int("itemType").ok()).unwrap_or_default();
        let mut item = Item::new(ItemId(0), ProfileSerial(read.profile), kind, item_type);
        item.source_id = Some(read.source_id);
        item.title = read.title.clone();
        item.intent.clone_from(&read.intent);
        item.icon = read.icon.as_deref().map(Arc::from);
        item.widget = match &read.kind {
            neutral::Kind::Widget { widget_id, provider } => {
                Widget { id: *widget_id, provider: provider.clone(), source: int("appWidgetSource", -1) }
            }
            neutral::Kind::Internal { gadget_id } => Widget {
                id: *gadget_id,
                provider: row.and_then(|row| row.text("appWidgetProvider").ok().flatten()),
                source: int("appWidgetSource", -1),
            },
            _ => Widget::default(),
        };
        if self.content.family == Family::Aosp {
            item.restored = int("restored", 0);
            item.options = int("options", 0);
            let modified = row.map(|row| row.value("modified"));
            if let Some(Value::Integer(modified)) = modified {
                item.modified = EpochMillis(*modified);
            }
        }
        item
    }

    /// Seats the items of the source, lower numbers first.
    fn place_all(&mut self, board: &Board) {
        let active = self.content.active;
        let Some(layout) = self.content.layouts.get(&active) else { return };
        let mut space = Space::empty(layout.grid, layout.pages.iter().map(|page| page.id).collect());
        let mut places: Vec<(i64, usize)> =
            board.items.iter().enumerate().map(|(at, item)| (item.source_id, at)).collect();
        places.sort_unstable();
        for (source_id, at) in places {
            let (Some(read), Some(id)) = (board.items.get(at), self.ids.get(at).copied()) else { continue };
            let place = self.inside_the_rest(id, self.place(&read.place));
            let Some(kind) = self.content.items.get(&id).map(|item| item.kind) else { continue };
            let seated = match place {
                Place::Inside { parent, .. } => {
                    parent != id
                        && self.content.items.get(&parent).is_some_and(|parent| kind.fits_inside(parent.kind))
                }
                place => space.is_free(place),
            };
            if seated {
                space.take(place);
            } else {
                self.note(Some(source_id), "LM_IMPORT_OVERFLOW", format!("{:?}", read.place));
            }
            if let Some(item) = self.content.items.get_mut(&id) {
                item.positions.insert(active, Position { place, seated });
            }
        }
        if self.is_incomplete {
            self.keep_the_rest(&mut space);
        }
        settle_layouts(&mut self.content);
    }

    fn place(&self, place: &neutral::Place) -> Place {
        match *place {
            neutral::Place::Desktop { page, x, y, width, height } => match self.pages.get(page) {
                Some(page) => Place::Desktop { page: *page, x, y, width, height },
                None => Place::Elsewhere { container: DESKTOP },
            },
            neutral::Place::Dock { index } => Place::Dock { slot: index },
            neutral::Place::Inside { collection, order } => match self.by_source.get(&collection) {
                Some(parent) => {
                    Place::Inside { parent: *parent, order: i32::try_from(order).unwrap_or(i32::MAX) }
                }
                None => Place::Elsewhere { container: collection },
            },
            neutral::Place::Elsewhere { container } => Place::Elsewhere { container },
        }
    }

    /// Keeps of each row what a canonical one would not say.
    fn keep_values(&mut self, board: &Board, source: &SourceRows, rising: bool) {
        let mut rows = rows_by_id(source);
        let numbers = page_numbers(board);
        for (id, read) in self.ids.clone().into_iter().zip(&board.items) {
            let row = rows.get_mut(&read.source_id).and_then(std::collections::VecDeque::pop_front);
            let screen = match read.place {
                neutral::Place::Desktop { page, .. } => numbers.get(page).copied().unwrap_or_default(),
                _ => 0,
            };
            let (Some(row), Some(item)) = (row, self.content.items.get(&id)) else { continue };
            let context = values::Context {
                family: self.content.family,
                screen,
                renumbered: rising,
                source_id: read.source_id,
                collection: collection_of(read),
                parent: self.parent_kind(item),
                active: self.content.active,
                old: self.old.items.get(&id).filter(|_| self.matched.contains(&id)),
                source,
            };
            let columns = context.kept(item, &row);
            if let Some(item) = self.content.items.get_mut(&id) {
                item.columns = columns;
            }
        }
    }

    /// The kind of the collection that an item lies in.
    fn parent_kind(&self, item: &Item) -> Option<Kind> {
        match item.positions.get(&self.content.active)?.place {
            Place::Inside { parent, .. } => self.content.items.get(&parent).map(|parent| parent.kind),
            _ => None,
        }
    }

    fn finish(self, imported: usize) -> Plan {
        let Self { content, mut audit, notes, now, .. } = self;
        audit.insert(0, AuditEntry { at: now, item: None, event: Event::Imported, code: None, image: None });
        Plan { content, audit, notes, imported }
    }
}

fn rows_by_id(source: &SourceRows) -> RowsById<'_> {
    let mut rows = RowsById::new();
    for row in source.favorites.iter() {
        rows.entry(row.long("_id").unwrap_or_default()).or_default().push_back(row);
    }
    rows
}

/// The number of the collection that a row names, 0 for none.
fn collection_of(read: &neutral::Item) -> i64 {
    match read.place {
        neutral::Place::Inside { collection, .. } => collection,
        _ => 0,
    }
}

/// Whether nothing but the place differs.
fn same_but_place(old: &Item, new: &Item) -> bool {
    let bare = |item: &Item| Item {
        positions: BTreeMap::new(),
        columns: BTreeMap::new(),
        hold: None,
        ..item.clone()
    };
    bare(old) == bare(new)
}
