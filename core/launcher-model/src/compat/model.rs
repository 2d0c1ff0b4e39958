//! The loaded model: items, collections, pages (B.6).
//!
//! These are the facts of Launcher3's in-memory objects and nothing of its views. Ids and coordinates are 32-bit, as
//! Launcher3 reads them. Not here: how a row became an item (`rows`, `widget`), nor the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bits::{IconRestore, RuntimeFlags, WidgetRestore};
use crate::intent::{ComponentName, Intent, Text};
use crate::platform::ProfileSerial;

/// Id of a row, and key of an item.
pub type ItemId = i32;

/// Where an icon's picture came from. Rests on the icon cache with an empty database, like [`Item::title`] of apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IconSource {
    /// The activity's own icon.
    Activity,
    /// The PNG stored in the row.
    Blob,
    /// The pinned shortcut's icon.
    Shortcut,
    /// The package's icon.
    Package,
    /// Not loaded, or only in low resolution.
    Low,
    /// The placeholder.
    Default,
}

impl IconSource {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Blob => "blob",
            Self::Shortcut => "shortcut",
            Self::Package => "pkg",
            Self::Low => "low",
            Self::Default => "default",
        }
    }
}

/// What an app's or deep shortcut's icon knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// The intent that a tap starts, with an explicit package where the load sets one. Loads of the same row share it.
    pub intent: Arc<Intent>,
    /// The persistent state bits; zero means a normal icon.
    pub status: IconRestore,
    /// Run-time state bits.
    pub runtime: RuntimeFlags,
    /// Install or download progress, 0–100.
    pub progress: i32,
    /// Where the picture came from.
    pub icon: IconSource,
}

impl Icon {
    /// The progress that is shown: 100 unless a download is under way or the app is archived.
    pub fn shown_progress(&self) -> i32 {
        let shows = RuntimeFlags::INSTALL_SESSION
            .union(RuntimeFlags::INCREMENTAL_DOWNLOAD)
            .union(RuntimeFlags::ARCHIVED);
        if self.runtime.intersects(shows) { self.progress } else { 100 }
    }

    /// A promise: restored from a backup or promised by a layout and not installed yet, or archived.
    pub fn is_promise(&self) -> bool {
        self.has_promise_bits() || self.runtime.has(RuntimeFlags::ARCHIVED)
    }

    fn has_promise_bits(&self) -> bool {
        self.status.intersects(IconRestore::RESTORED.union(IconRestore::AUTO_INSTALL))
    }

    /// Whether a tap does nothing but explain.
    pub fn is_disabled(&self) -> bool {
        self.runtime.intersects(RuntimeFlags::DISABLED_MASK)
    }

    /// The component that the icon stands for. A promise without one stands for its package with an empty class.
    pub fn target_package(&self) -> Option<&str> {
        match &self.intent.component {
            Some(component) => Some(&component.package),
            None if self.has_promise_bits() || self.status.has(IconRestore::WEB_UI) => {
                self.intent.package.as_deref()
            }
            None => None,
        }
    }
}

/// What a widget knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widget {
    /// The host widget id; ≤ −100 is a widget of the launcher's own.
    pub widget_id: i32,
    /// Whether it is a widget of the launcher's own. Told by the row's id; an id that the load allocates changes nothing.
    pub is_custom: bool,
    /// The provider; for a search widget the current search component.
    pub provider: ComponentName,
    /// State bits; zero means a widget that works.
    pub restore: WidgetRestore,
    /// Option bits (A.5).
    pub options: i32,
    /// Progress of the provider's installation in percent; −1 for a real widget, or one that waits in safe mode.
    pub install_progress: i32,
    /// Smallest span in cells, 1x1 where the provider is unknown.
    pub min_span: (i32, i32),
    /// Whether a placeholder is shown instead of the widget.
    pub pending: bool,
    /// The surface it was added from (A.1).
    pub source: i32,
    /// The extras to bind with, while they wait for the provider (bit 32).
    pub bind_options: Option<Intent>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// An app (type 0).
    App(Box<Icon>),
    /// A pinned shortcut (type 6).
    DeepShortcut(Box<Icon>),
    /// A folder (type 2) with its option bits (A.5).
    Folder {
        /// Option bits.
        options: i32,
    },
    /// An app pair (type 10).
    AppPair,
    /// A widget. Its type in memory follows from the id (C12).
    Widget(Box<Widget>),
}

/// One item of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id.
    pub id: ItemId,
    /// Container: −100 desktop, −101 dock, else a collection's id or an unchecked number.
    pub container: i32,
    /// Page or dock index.
    pub screen: i32,
    /// Column.
    pub cell_x: i32,
    /// Row.
    pub cell_y: i32,
    /// Width in cells.
    pub span_x: i32,
    /// Height in cells.
    pub span_y: i32,
    /// Order in its collection; for children of a folder 0..n−1 after the load.
    pub rank: i32,
    /// Title; `None` where Launcher3 has null.
    pub title: Option<Text>,
    /// Serial of its profile; collections belong to the current user whatever the row says.
    pub profile: ProfileSerial,
    /// What it is.
    pub kind: ItemKind,
}

impl Item {
    /// The item type's number in memory (A.2, C12).
    pub fn type_number(&self) -> i32 {
        match &self.kind {
            ItemKind::App(_) => 0,
            ItemKind::DeepShortcut(_) => 6,
            ItemKind::Folder { .. } => 2,
            ItemKind::AppPair => 10,
            ItemKind::Widget(widget) if widget.is_custom => 5,
            ItemKind::Widget(_) => 4,
        }
    }

    /// The icon, for apps and deep shortcuts.
    pub fn icon(&self) -> Option<&Icon> {
        match &self.kind {
            ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => Some(icon),
            _ => None,
        }
    }

    /// Whether it is a folder or an app pair.
    pub fn is_collection(&self) -> bool {
        matches!(self.kind, ItemKind::Folder { .. } | ItemKind::AppPair)
    }

    /// Whether it stands on the desktop or in the dock.
    pub fn is_on_workspace(&self) -> bool {
        matches!(self.container, super::placement::CONTAINER_DESKTOP | super::placement::CONTAINER_HOTSEAT)
    }
}

/// A folder or an app pair with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Id of its item; `None` for a placeholder whose row never came or failed (a phantom).
    pub id: Option<ItemId>,
    /// Whether it is an app pair.
    pub is_pair: bool,
    /// Children in order, with their rank in memory. May name an item that the clean-up removed.
    pub contents: Vec<(ItemId, i32)>,
}

/// The model when binding starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadedModel {
    /// All items by id.
    pub items: BTreeMap<ItemId, Item>,
    /// Icons, folders and pairs shown by themselves, in row order. Folders are listed whatever their container (C21).
    pub workspace_items: Vec<ItemId>,
    /// Widgets, in row order.
    pub widgets: Vec<ItemId>,
    /// Collections by id of their row, phantoms included.
    pub collections: BTreeMap<i32, Collection>,
    /// Whether the search bar holds the first row of page 0 from now on.
    pub first_page_pinned: bool,
    /// Whether page 0 is there even if nothing lies on it.
    pub has_first_page: bool,
}

/// Collections around one item that can be opened: a folder, and a pair in it (B.2.11).
const DEPTH_MAX: usize = 2;

impl LoadedModel {
    /// Whether an item can be seen: it stands on the desktop or in the dock, or everything that it lies in does and is a
    /// collection. An item can be in memory and nowhere on the screen: the clean-up takes a collection away and leaves its
    /// members until the next load.
    pub fn shows(&self, id: ItemId) -> bool {
        let mut item = self.items.get(&id);
        for _ in 0..=DEPTH_MAX {
            match item {
                Some(seen) if seen.is_on_workspace() => return true,
                Some(inside) => {
                    item = self.items.get(&inside.container).filter(|parent| parent.is_collection());
                }
                None => return false,
            }
        }
        false
    }
}
