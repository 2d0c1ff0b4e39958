//! What a store holds, as data: items, where they lie in each layout, pages, layouts.
//!
//! No SQL and no decision here. Units: cells for places and sizes, milliseconds since 1970 for times.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::neutral::{FolderStyle, Title};
use crate::rows::{Column, Value};

/// An item's number, stable for its whole life: 1 to 2147483647, never given twice (SPEC-04, LM-I16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub i64);

/// A page's number within the store. Not its place: the order of pages is explicit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId(pub i64);

/// A layout's number: one arrangement of the items for one size of grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayoutId(pub i64);

/// The serial that the platform gives a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ProfileSerial(pub i64);

/// Milliseconds since 1970-01-01 UTC, as the caller's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct EpochMillis(pub i64);

/// The size of a home screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GridSize {
    /// Columns of a page, 1 to [`SIDE_MAX`].
    pub columns: i32,
    /// Rows of a page, 1 to [`SIDE_MAX`].
    pub rows: i32,
    /// Slots of the dock, 0 to [`SIDE_MAX`].
    pub dock: i32,
}

/// The most columns, rows and dock slots.
pub const SIDE_MAX: i32 = 64;

impl GridSize {
    /// Whether every side is within its bounds.
    pub fn is_valid(self) -> bool {
        (1..=SIDE_MAX).contains(&self.columns)
            && (1..=SIDE_MAX).contains(&self.rows)
            && (0..=SIDE_MAX).contains(&self.dock)
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An app's entry.
    App,
    /// A shortcut, of the old kind or pinned; `item_type` and the intent say which.
    Shortcut,
    /// A folder.
    Folder(FolderStyle),
    /// Two apps that start side by side.
    AppPair,
    /// A widget of an app.
    Widget,
    /// A widget that is part of the launcher itself.
    Internal,
    /// An app that was being installed.
    Promise,
    /// A thing only its vendor knows; kept as it is.
    Opaque,
}

impl Kind {
    /// Whether other items may lie inside.
    pub fn is_collection(self) -> bool {
        matches!(self, Self::Folder(_) | Self::AppPair)
    }

    /// Whether an item of this kind may lie in a collection of that kind: folder → pair → app, no deeper (LM-I3).
    pub fn fits_inside(self, parent: Self) -> bool {
        match parent {
            Self::Folder(_) => !matches!(self, Self::Folder(_)),
            Self::AppPair => !self.is_collection(),
            _ => false,
        }
    }

    /// Whether the item has a size of its own; all others take one cell.
    pub fn has_span(self) -> bool {
        matches!(
            self,
            Self::Widget
                | Self::Internal
                | Self::Opaque
                | Self::Folder(FolderStyle::Big | FolderStyle::BigNine)
        )
    }
}

/// Where an item lies, or would lie if the place were free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// On a page, in cells.
    Desktop {
        /// The page.
        page: PageId,
        /// Column of the left edge, from 0.
        x: i32,
        /// Row of the upper edge, from 0.
        y: i32,
        /// Width in cells.
        width: i32,
        /// Height in cells.
        height: i32,
    },
    /// In the dock.
    Dock {
        /// The slot, from 0.
        slot: i32,
    },
    /// In a collection.
    Inside {
        /// The collection.
        parent: ItemId,
        /// The order among its contents, from 0 without gaps (LM-I4).
        order: i32,
    },
    /// Nowhere that this store knows: the container that the source named.
    Elsewhere {
        /// Its number.
        container: i64,
    },
}

/// A place and whether the item has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// The place.
    pub place: Place,
    /// Whether the item has the place to itself. One that has not is in the overflow: the place is then where it was or
    /// wants to be, it blocks nothing there, and it is listed until it is seated (LM-I2).
    pub seated: bool,
}

/// What is stored of a widget. Other items have the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widget {
    /// The id with its host, or the number of a built-in one; -1 is none.
    pub id: i32,
    /// The provider's component, `None` where only the id is stored.
    pub provider: Option<String>,
    /// The surface that it was added from; -1 is unknown.
    pub source: i32,
}

impl Default for Widget {
    fn default() -> Self {
        Self { id: -1, provider: None, source: -1 }
    }
}

/// A stable code with the time since when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The code, see `docs/codes.md`.
    pub code: String,
    /// Since when.
    pub since: EpochMillis,
}

/// Why an item is off the screen, and until when it is kept at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// Why, and since when.
    pub why: Since,
    /// Until when it is kept; `None`: until somebody decides.
    pub until: Option<EpochMillis>,
}

/// One item with everything that is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number.
    pub id: ItemId,
    /// The number of its row in the source; `None` if it was made here.
    pub source_id: Option<i64>,
    /// Its profile.
    pub profile: ProfileSerial,
    /// What it is.
    pub kind: Kind,
    /// Its type in the vocabulary of the store's [`Family`].
    pub item_type: i32,
    /// Its label as stored.
    pub title: Title,
    /// Its intent as stored.
    pub intent: Option<String>,
    /// Its icon as stored, mostly PNG.
    pub icon: Option<Arc<[u8]>>,
    /// The widget's part.
    pub widget: Widget,
    /// The bits of A.4.
    pub restored: i32,
    /// The bits of A.5.
    pub options: i32,
    /// When legacy last wrote the row; 0 is unknown.
    pub modified: EpochMillis,
    /// Columns of the source that mean nothing here, and values that a canonical row would not repeat, as stored.
    pub columns: BTreeMap<String, Value>,
    /// Where it lies in each layout.
    pub positions: BTreeMap<LayoutId, Position>,
    /// Set while something is missing that the item needs; it stays where it is.
    pub hold: Option<Since>,
    /// Set while the item is off the screen.
    pub quarantine: Option<Quarantine>,
}

impl Item {
    /// An item without label, intent or place.
    pub fn new(id: ItemId, profile: ProfileSerial, kind: Kind, item_type: i32) -> Self {
        Self {
            id,
            source_id: None,
            profile,
            kind,
            item_type,
            title: Title::None,
            intent: None,
            icon: None,
            widget: Widget::default(),
            restored: 0,
            options: 0,
            modified: EpochMillis::default(),
            columns: BTreeMap::new(),
            positions: BTreeMap::new(),
            hold: None,
            quarantine: None,
        }
    }

    /// Whether it is a thing of its own and no collection: what must never be lost (LM-I1).
    pub fn is_leaf(&self) -> bool {
        !self.kind.is_collection()
    }

    /// Its position in a layout if it is seated there.
    pub fn seat(&self, layout: LayoutId) -> Option<Place> {
        self.positions.get(&layout).filter(|position| position.seated).map(|position| position.place)
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its number here.
    pub id: PageId,
    /// Its number in the launcher's own tables. In AOSP's family these rise from left to right.
    pub number: i64,
    /// Its title, where it has one.
    pub title: Option<String>,
}

/// One arrangement of the items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The size that it is for.
    pub grid: GridSize,
    /// Its pages from left to right, empty ones included.
    pub pages: Vec<Page>,
}

/// The desktop's container in the launchers' own tables.
pub(crate) const DESKTOP: i64 = -100;
/// The dock's container in the launchers' own tables.
pub(crate) const DOCK: i64 = -101;

/// Whose vocabulary types and columns are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// AOSP, Lawnchair and Launcher2.
    Aosp,
    /// MIUI and HyperOS.
    Miui,
}

impl Family {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Aosp => "aosp",
            Self::Miui => "miui",
        }
    }
}

/// A whole home screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Whose vocabulary types and columns are in.
    pub family: Family,
    /// The version that the source of the last import claimed; MIUI's exports claim it again.
    pub source_version: Option<i32>,
    /// The serial of the main profile; legacy keeps it as the default of `profileId`.
    pub main_profile: ProfileSerial,
    /// The layout that is shown: the grid state, kept in the same database as the items.
    pub active: LayoutId,
    /// The layouts.
    pub layouts: BTreeMap<LayoutId, Layout>,
    /// The items.
    pub items: BTreeMap<ItemId, Item>,
    /// The columns of the source's `favorites` that its family does not know, in declared order.
    pub declared: Vec<Column>,
    /// The next new item's number. It only grows (SPEC-04).
    pub next_item: i64,
    /// The next new page's number in the store. It only grows.
    pub next_page: i64,
}

impl Content {
    /// An empty home screen with one empty page, for a grid.
    pub fn empty(grid: GridSize, family: Family, main_profile: ProfileSerial) -> Self {
        let page = Page { id: PageId(1), number: 0, title: None };
        let layout = Layout { grid, pages: vec![page] };
        Self {
            family,
            source_version: None,
            main_profile,
            active: LayoutId(1),
            layouts: BTreeMap::from([(LayoutId(1), layout)]),
            items: BTreeMap::new(),
            declared: Vec::new(),
            next_item: 1,
            next_page: 2,
        }
    }

    /// The layout that is shown.
    pub fn layout(&self) -> Option<&Layout> {
        self.layouts.get(&self.active)
    }

    /// The contents of a collection in their order.
    pub fn inside(&self, parent: ItemId, layout: LayoutId) -> Vec<ItemId> {
        let mut contents: Vec<(i32, ItemId)> = self
            .items
            .values()
            .filter_map(|item| match item.seat(layout)? {
                Place::Inside { parent: found, order } if found == parent => Some((order, item.id)),
                _ => None,
            })
            .collect();
        contents.sort_unstable();
        contents.into_iter().map(|(_, id)| id).collect()
    }

    /// Turns wishes for pages and collections that are not there into plain containers.
    pub(crate) fn settle_wishes(&mut self) {
        let kinds: BTreeMap<ItemId, Kind> = self.items.iter().map(|(id, item)| (*id, item.kind)).collect();
        for item in self.items.values_mut() {
            for (layout, position) in &mut item.positions {
                let container = match position.place {
                    Place::Desktop { page, .. } => {
                        let pages = self
                            .layouts
                            .get(layout)
                            .map(|layout| layout.pages.as_slice())
                            .unwrap_or_default();
                        (!pages.iter().any(|known| known.id == page)).then_some(DESKTOP)
                    }
                    Place::Inside { parent, .. } => {
                        let fits = kinds.get(&parent).is_some_and(|parent| item.kind.fits_inside(*parent));
                        (!fits || parent == item.id).then_some(parent.0)
                    }
                    Place::Dock { .. } | Place::Elsewhere { .. } => None,
                };
                if let Some(container) = container.filter(|_| !position.seated) {
                    position.place = Place::Elsewhere { container };
                }
            }
        }
    }

    /// The items that are in the overflow of the shown layout: neither seated nor in quarantine.
    pub fn overflow(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| item.quarantine.is_none() && item.seat(self.active).is_none())
    }

    /// The items in quarantine.
    pub fn quarantined(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| item.quarantine.is_some())
    }
}
