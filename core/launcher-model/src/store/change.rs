//! What can be done to a home screen, why it may be refused, and what the audit trail says of it: the words only. What
//! they do is `apply`'s.

use std::sync::Arc;

use super::check::Fault;
use super::item::{EpochMillis, GridSize, Item, ItemId, PageId, Place, Widget};
use crate::neutral::Title;

/// One change. Places are those of the shown layout.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Adds an item. Its number is given here and its own ignored; it is seated at `place`.
    Add {
        /// The item.
        item: Box<Item>,
        /// Where it goes.
        place: Place,
    },
    /// Changes what an item is called, starts or shows.
    Edit {
        /// The item.
        id: ItemId,
        /// What changes.
        edit: Edit,
    },
    /// Seats an item at a place. In a collection it is put in at the order, later ones move up.
    Place {
        /// The item.
        id: ItemId,
        /// Where it goes.
        place: Place,
        /// Why, where it was not the user: the code of a relocation.
        code: Option<String>,
    },
    /// Takes an item from its seat into the overflow, with the place that it wishes for.
    Unplace {
        /// The item.
        id: ItemId,
        /// Its wish.
        wish: Place,
        /// Why, where it was not the user.
        code: Option<String>,
    },
    /// Notes that something is missing which the item needs. It stays where it is.
    Hold {
        /// The item.
        id: ItemId,
        /// What is missing.
        code: String,
    },
    /// The item needs nothing any more.
    Release {
        /// The item.
        id: ItemId,
    },
    /// Takes an item off the screen and keeps it, a collection with its contents.
    Quarantine {
        /// The item.
        id: ItemId,
        /// Why.
        code: String,
        /// Until when it is kept at least; `None`: until somebody decides.
        until: Option<EpochMillis>,
    },
    /// Brings an item back from quarantine or overflow: where it was if that is free, else to the nearest free place,
    /// else to a new page. A collection brings its contents.
    Restore {
        /// The item.
        id: ItemId,
    },
    /// The user deletes an item, a collection with its contents.
    Delete {
        /// The item.
        id: ItemId,
    },
    /// Adds an empty page; the place counts from the left, from 0.
    AddPage {
        /// Its place.
        at: usize,
        /// Its title.
        title: Option<String>,
    },
    /// Adds an empty page with number 0 as the first, if no page has that number: where the search bar is (SPEC-10).
    AddFirstPage,
    /// Moves a page to a place counted from the left, from 0.
    MovePage {
        /// The page.
        page: PageId,
        /// Its new place.
        to: usize,
    },
    /// Removes an empty page.
    RemovePage {
        /// The page.
        page: PageId,
    },
    /// Shows the layout for a size of grid. If there is none yet it begins as the shown one, of which each item keeps the
    /// place that the new size has too; others are in the overflow with the place as their wish. The layout shown so far
    /// stays as it is.
    ShowGrid {
        /// The size.
        grid: GridSize,
    },
}

/// What changes in an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Its label.
    Title(Title),
    /// Its intent.
    Intent(Option<String>),
    /// Its stored icon.
    Icon(Option<Arc<[u8]>>),
    /// Its widget's id, provider and source.
    Widget(Widget),
    /// The bits of A.4. A promise without the bit of an automatic installation is an app from then on.
    Restored(i32),
    /// The bits of A.5.
    Options(i32),
}

/// Why a list of changes is not applied. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such item.
    #[error("there is no item {0:?}")]
    NoItem(ItemId),
    /// There is no such page in the shown layout.
    #[error("there is no page {0:?}")]
    NoPage(PageId),
    /// The page is not empty, or the only one.
    #[error("page {0:?} is not empty or the only one")]
    PageNeeded(PageId),
    /// An item was put into a collection that is not there, or into one of the wrong kind.
    #[error("item {0:?} may not lie there")]
    NoSuchPlace(ItemId),
    /// The item is neither in quarantine nor in the overflow.
    #[error("item {0:?} is on the screen")]
    NotAway(ItemId),
    /// All numbers are given.
    #[error("no number is left for a new item or page")]
    NumbersExhausted,
    /// The result would not be a home screen.
    #[error("the result would be broken: {0}")]
    Broken(Fault),
}

/// What happened to an item, as the audit trail says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// It was added.
    Added,
    /// It was edited.
    Edited,
    /// It was placed.
    Placed,
    /// Something it needs is missing.
    Held,
    /// Nothing is missing any more.
    Released,
    /// It went off the screen.
    Quarantined,
    /// It came back.
    Restored,
    /// The user deleted it.
    Deleted,
    /// It came in by an import.
    Imported,
    /// It was found in a damaged file.
    Salvaged,
    /// Pages were added, moved or removed, or another layout is shown.
    Pages,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Added,
        Self::Edited,
        Self::Placed,
        Self::Held,
        Self::Released,
        Self::Quarantined,
        Self::Restored,
        Self::Deleted,
        Self::Imported,
        Self::Salvaged,
        Self::Pages,
    ];

    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Edited => "edited",
            Self::Placed => "placed",
            Self::Held => "held",
            Self::Released => "released",
            Self::Quarantined => "quarantined",
            Self::Restored => "restored",
            Self::Deleted => "deleted",
            Self::Imported => "imported",
            Self::Salvaged => "salvaged",
            Self::Pages => "pages",
        }
    }
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: EpochMillis,
    /// Whom it is about; `None`: the whole home screen.
    pub item: Option<ItemId>,
    /// What happened.
    pub event: Event,
    /// Why, where there is a code for it.
    pub code: Option<String>,
    /// The item as it was, in the form of [`image::encode`](super::image::encode); set for every removal, and
    /// for every move that has a code.
    pub image: Option<Vec<u8>>,
}
