//! A home screen as items of no particular launcher: what an import hands on.
//!
//! Readers of one product's rows (such as [`crate::miui`]) end here; nothing later needs to know that product's numbers.
//! Nothing is dropped: what has no meaning here is kept as an opaque item with its cells and columns.

use crate::rows::Value;

/// All pages and items of one home screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    /// The pages in their order from left to right. Desktop items refer to them by place in this list.
    pub pages: Vec<Page>,
    /// The items, collections before their contents, otherwise in the order of their ids.
    pub items: Vec<Item>,
    /// What is worth saying about single rows.
    pub notes: Vec<Note>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The number that the source gives it.
    pub source_id: i64,
    /// Its title, where the source has titles.
    pub title: Option<String>,
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The id of its row in the source.
    pub source_id: i64,
    /// The serial of its profile in the source.
    pub profile: i64,
    /// What it is.
    pub kind: Kind,
    /// Where it lies.
    pub place: Place,
    /// Its label.
    pub title: Title,
    /// Its intent as text, as stored.
    pub intent: Option<String>,
    /// Its stored icon, as stored.
    pub icon: Option<Vec<u8>>,
    /// The columns with no meaning here, as stored; they survive a round trip.
    pub opaque: Vec<(String, Value)>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An app's entry.
    App,
    /// A shortcut, pinned or of the old kind; which one, the intent says.
    Shortcut,
    /// A folder.
    Folder(FolderStyle),
    /// A widget of an app.
    Widget {
        /// Its id with the old host.
        widget_id: i32,
        /// Its provider, `None` where only the id is stored.
        provider: Option<String>,
    },
    /// A widget that is part of the launcher itself.
    Internal {
        /// The number of the built-in kind.
        gadget_id: i32,
    },
    /// An app that was being installed.
    Promise,
    /// A thing only the source's vendor knows, a widget of its own for example: kept, shown as a place-holder.
    Opaque {
        /// The source's own type number.
        item_type: i32,
    },
}

/// How a folder shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FolderStyle {
    /// One cell.
    Small,
    /// 2x2 cells, a preview of seven.
    Big,
    /// 2x2 cells, a preview of nine.
    BigNine,
}

/// Where an item lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a page, in cells.
    Desktop {
        /// The place of the page in [`Board::pages`].
        page: usize,
        /// Column, from 0.
        x: i32,
        /// Row, from 0.
        y: i32,
        /// Width in cells.
        width: i32,
        /// Height in cells.
        height: i32,
    },
    /// In the dock, by index.
    Dock {
        /// From 0.
        index: i32,
    },
    /// In a collection.
    Inside {
        /// The source id of the collection.
        collection: i64,
        /// From 0 without gaps.
        order: usize,
    },
    /// In a container that the source alone knows.
    Elsewhere {
        /// Its number.
        container: i64,
    },
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Title {
    /// None was stored.
    None,
    /// A text.
    Text(String),
    /// The name of a string of an app, to be looked up by whoever has resources: `package:string/name`.
    Resource(String),
}

/// Something to say about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// The row.
    pub source_id: i64,
    /// What it is about.
    pub code: NoteCode,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteCode {
    /// Its type has no meaning here; the item is kept as it is.
    TypeKeptOpaque,
    /// Its page is in no list of pages; the page was added behind the listed ones.
    PageNotListed,
    /// Its collection does not exist.
    CollectionMissing,
    /// It contains itself, directly or through others.
    CollectionCycle,
    /// A text column holds a number: the source's table turns numeric texts into numbers, so `007` may be lost.
    NumericText,
    /// A cell could not be read as what it should be and counts as its default.
    CellUnreadable,
    /// A big folder in the dock, where the source itself refuses them.
    BigFolderInDock,
}

impl NoteCode {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::TypeKeptOpaque => "LM_IMPORT_TYPE_KEPT_OPAQUE",
            Self::PageNotListed => "LM_IMPORT_PAGE_NOT_LISTED",
            Self::CollectionMissing => "LM_IMPORT_COLLECTION_MISSING",
            Self::CollectionCycle => "LM_IMPORT_COLLECTION_CYCLE",
            Self::NumericText => "LM_IMPORT_NUMERIC_TEXT",
            Self::CellUnreadable => "LM_IMPORT_CELL_UNREADABLE",
            Self::BigFolderInDock => "LM_IMPORT_BIG_FOLDER_IN_DOCK",
        }
    }
}
