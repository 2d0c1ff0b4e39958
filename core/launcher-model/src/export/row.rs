//! One item as a row of a launcher's table: what each column of a canonical row says.
//!
//! Imports use it too: a value of the source that a canonical row would not repeat is kept beside the item, and given
//! back here as long as nothing has made it stale.

use crate::neutral::{FolderStyle, Title};
use crate::rows::Value;
use crate::rows::favorites::{AOSP_COLUMNS, MIUI_COLUMNS};
use crate::store::item::{DESKTOP, DOCK};
use crate::store::{Family, Item, Kind, Place};

/// The columns that hold no NULL, with what stands in for it.
const NOT_NULL: [(&str, i64); 7] = [
    ("appWidgetId", -1),
    ("modified", 0),
    ("restored", 0),
    ("rank", 0),
    ("options", 0),
    ("appWidgetSource", -1),
    ("itemFlags", 0),
];

/// The number from which types of another vocabulary are written where their own number means something else.
pub(crate) const FOREIGN_TYPE: i32 = 1_000;

/// The types that mean something to each family.
const AOSP_TYPES: [i32; 7] = [0, 1, 2, 4, 5, 6, 10];
const MIUI_TYPES: [i32; 11] = [0, 1, 2, 4, 5, 11, 15, 18, 19, 21, 22];

/// The columns of a family's table.
pub(crate) fn columns(family: Family) -> &'static [(&'static str, &'static str)] {
    match family {
        Family::Aosp => &AOSP_COLUMNS,
        Family::Miui => &MIUI_COLUMNS,
    }
}

/// Whether a family's table has a column of that name.
pub(crate) fn is_own(family: Family, name: &str) -> bool {
    columns(family).iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// Whether a column refuses NULL.
pub(crate) fn refuses_null(name: &str) -> bool {
    NOT_NULL.iter().any(|(column, _)| column.eq_ignore_ascii_case(name))
}

/// An item's type in a family's vocabulary, and whether that family knows it by this number.
pub(crate) fn item_type(item: &Item, own: Family, target: Family) -> (i32, bool) {
    let foreign = |number: i32, known: &[i32]| {
        (if known.contains(&number) { FOREIGN_TYPE.saturating_add(number) } else { number }, false)
    };
    if own == target {
        return (item.item_type, true);
    }
    match (target, item.kind) {
        (_, Kind::App) => (0, true),
        (Family::Aosp, Kind::Shortcut) => {
            // The loader reads a pinned shortcut by this extra; other ones it has not known since version 32.
            let pinned = item.intent.as_ref().is_some_and(|intent| intent.contains(";S.shortcut_id="));
            if pinned { (6, true) } else { (1, false) }
        }
        (Family::Miui, Kind::Shortcut) => (1, true),
        (Family::Miui, Kind::Folder(FolderStyle::Big)) => (21, true),
        (Family::Miui, Kind::Folder(FolderStyle::BigNine)) => (22, true),
        (_, Kind::Folder(_)) => (2, true),
        (Family::Aosp, Kind::AppPair) => (10, true),
        (Family::Miui, Kind::AppPair) => (10, false),
        (_, Kind::Widget) => (4, true),
        (Family::Aosp, Kind::Promise) => (0, true),
        (Family::Miui, Kind::Promise) => (11, true),
        (Family::Aosp, Kind::Internal | Kind::Opaque) => foreign(item.item_type, &AOSP_TYPES),
        (Family::Miui, Kind::Internal | Kind::Opaque) => foreign(item.item_type, &MIUI_TYPES),
    }
}

/// Where an item lies, in the numbers of a launcher's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cells {
    pub(crate) container: i64,
    pub(crate) screen: i64,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) rank: i32,
}

impl Cells {
    /// A place; `screen` is the number of the page it names, `id_of` the number that a collection's row has.
    pub(crate) fn of(place: Place, screen: i64, id_of: impl Fn(crate::store::ItemId) -> i64) -> Self {
        let cell = Self { container: DESKTOP, screen, x: 0, y: 0, width: 1, height: 1, rank: 0 };
        match place {
            Place::Desktop { x, y, width, height, .. } => Self { x, y, width, height, ..cell },
            Place::Dock { slot } => Self { container: DOCK, screen: slot.into(), x: slot, ..cell },
            Place::Inside { parent, order } => {
                Self { container: id_of(parent), screen: 0, x: order, rank: order, ..cell }
            }
            Place::Elsewhere { container } => Self { container, screen: 0, ..cell },
        }
    }
}

/// The canonical value of one of a family's own columns.
pub(crate) fn value(
    name: &str,
    item: &Item,
    item_type: i32,
    id: i64,
    cells: &Cells,
    target: Family,
) -> Value {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    match name {
        "_id" => Value::Integer(id),
        "title" => match &item.title {
            Title::None => Value::Null,
            Title::Text(title) | Title::Resource(title) => Value::Text(title.clone()),
        },
        "intent" => text(&item.intent),
        "container" => Value::Integer(cells.container),
        "screen" => Value::Integer(cells.screen),
        "cellX" => Value::Integer(cells.x.into()),
        "cellY" => Value::Integer(cells.y.into()),
        "spanX" => Value::Integer(cells.width.into()),
        "spanY" => Value::Integer(cells.height.into()),
        "itemType" => Value::Integer(item_type.into()),
        "appWidgetId" => Value::Integer(item.widget.id.into()),
        "icon" => item.icon.as_ref().map_or(Value::Null, |icon| Value::Blob(icon.to_vec())),
        "appWidgetProvider" => text(&item.widget.provider),
        "modified" => Value::Integer(item.modified.0),
        // A promise of MIUI is an app of AOSP with the bit of an automatic installation (A.4).
        "restored" if target == Family::Aosp && item.kind == Kind::Promise => {
            Value::Integer((item.restored | 2).into())
        }
        "restored" => Value::Integer(item.restored.into()),
        "profileId" => Value::Integer(item.profile.0),
        "rank" => Value::Integer(cells.rank.into()),
        "options" => Value::Integer(item.options.into()),
        "appWidgetSource" => Value::Integer(item.widget.source.into()),
        "itemFlags" => Value::Integer(0),
        "originWidgetId" => Value::Integer(-1),
        _ => Value::Null,
    }
}

/// Whether a column says where a seated item lies, so that nothing but the place itself may decide it.
pub(crate) fn decides_place(
    name: &str,
    item: &Item,
    place: Place,
    parent: Option<Kind>,
    family: Family,
) -> bool {
    let any = |names: &[&str]| names.iter().any(|deciding| deciding.eq_ignore_ascii_case(name));
    match place {
        Place::Desktop { .. } => {
            any(&["container", "screen", "cellX", "cellY"])
                || (item.kind.has_span() && any(&["spanX", "spanY"]))
        }
        Place::Dock { .. } => any(&["container", "screen"]) || (family == Family::Miui && any(&["cellX"])),
        Place::Inside { .. } => {
            // The rank of a pair's member is no order: it holds side and ratio of the split (A.1).
            any(&["container"])
                || match family {
                    Family::Aosp => parent != Some(Kind::AppPair) && any(&["rank"]),
                    Family::Miui => any(&["cellX"]),
                }
        }
        Place::Elsewhere { .. } => false,
    }
}
