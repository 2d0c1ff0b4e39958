//! Reading the home screen of MIUI and HyperOS (com.miui.home, G.1 to G.4).
//!
//! Its table of items descends from Launcher2: folders have no rank column, pages have an order of their own, big folders
//! and vendor widgets have types of their own, and label, provider and product are declared `STRING`, which makes
//! SQLite turn numeric texts into numbers. Rows come in as data, items go out in [`crate::neutral`]'s terms.
//!
//! Invariants: each row becomes exactly one item; every page that an item lies on is in the list of pages; contents
//! of a collection are numbered without gaps.

mod grid;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::neutral::{Board, FolderStyle, Item, Kind, Note, NoteCode, Page, Place, Title};
use crate::rows::{Row, SourceRows, Value};

pub use grid::{Grid, extent, grid_from_name};

/// The desktop's container.
const DESKTOP: i64 = -100;
/// The dock's container.
const DOCK: i64 = -101;

/// The columns that an item's own fields hold; all others are kept as they are.
const MEANT: [&str; 15] = [
    "_id",
    "title",
    "intent",
    "container",
    "screen",
    "cellX",
    "cellY",
    "spanX",
    "spanY",
    "itemType",
    "appWidgetId",
    "icon",
    "profileId",
    "appWidgetProvider",
    "label",
];

/// The text columns that are declared `STRING` and so have numeric affinity (G.2).
const NUMERIC_AFFINITY: [&str; 3] = ["label", "appWidgetProvider", "product_id"];

/// Reads the rows of a MIUI database.
pub fn read(source: &SourceRows) -> Board {
    let mut notes = Vec::new();
    let drafts: Vec<Draft> = source.favorites.iter().map(|row| Draft::read(&row, &mut notes)).collect();
    let pages = page_order(source, &drafts, &mut notes);
    let page_index: HashMap<i64, usize> =
        pages.iter().enumerate().map(|(index, page)| (page.source_id, index)).collect();
    let dock = dock_indices(&drafts);
    let contents = contents(&drafts, &mut notes);
    let mut items: Vec<Item> = drafts
        .into_iter()
        .map(|draft| {
            let place = match draft.container {
                DESKTOP => Place::Desktop {
                    page: page_index.get(&draft.screen).copied().unwrap_or_default(),
                    x: draft.x,
                    y: draft.y,
                    width: draft.width,
                    height: draft.height,
                },
                DOCK => Place::Dock { index: dock.get(&draft.item.source_id).copied().unwrap_or(draft.x) },
                container => match contents.get(&draft.item.source_id) {
                    Some(order) => Place::Inside { collection: container, order: *order },
                    None => Place::Elsewhere { container },
                },
            };
            Item { place, ..draft.item }
        })
        .collect();
    // Collections first, so that contents always refer back.
    items.sort_by_key(|item| (!matches!(item.kind, Kind::Folder(_)), item.source_id));
    Board { pages, items, notes }
}

/// An item before its place is known.
struct Draft {
    item: Item,
    container: i64,
    screen: i64,
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Draft {
    fn read(row: &Row<'_>, notes: &mut Vec<Note>) -> Self {
        let source_id = row.long("_id").unwrap_or_default();
        let mut cells = Cells { row, unreadable: false };
        let item_type = cells.int("itemType");
        let (kind, big) = kind(item_type, &mut cells);
        let container = cells.long("container");
        let span = |span: i32| if big { 2 } else { span.max(1) };
        let draft = Self {
            item: Item {
                source_id,
                profile: cells.long("profileId"),
                title: title(&mut cells),
                intent: cells.text("intent"),
                icon: row.value("icon").blob().ok().flatten().map(Cow::into_owned),
                opaque: opaque(row),
                place: Place::Elsewhere { container },
                kind,
            },
            container,
            screen: cells.long("screen"),
            x: cells.int("cellX"),
            y: cells.int("cellY"),
            width: span(cells.int("spanX")),
            height: span(cells.int("spanY")),
        };
        let mut note = |applies: bool, code| {
            if applies {
                notes.push(Note { source_id, code });
            }
        };
        let is_number = |name: &&str| matches!(row.value(name), Value::Integer(_) | Value::Real(_));
        note(cells.unreadable, NoteCode::CellUnreadable);
        note(matches!(draft.item.kind, Kind::Opaque { .. }), NoteCode::TypeKeptOpaque);
        note(NUMERIC_AFFINITY.iter().any(is_number), NoteCode::NumericText);
        note(big && container == DOCK, NoteCode::BigFolderInDock);
        draft
    }
}

/// What a type means (G.3), and whether it is a big folder.
fn kind(item_type: i32, cells: &mut Cells<'_>) -> (Kind, bool) {
    match item_type {
        0 => (Kind::App, false),
        1 => (Kind::Shortcut, false),
        2 => (Kind::Folder(FolderStyle::Small), false),
        4 => {
            let (widget_id, provider) = (cells.int("appWidgetId"), cells.text("appWidgetProvider"));
            (Kind::Widget { widget_id, provider }, false)
        }
        5 => (Kind::Internal { gadget_id: cells.int("appWidgetId") }, false),
        11 => (Kind::Promise, false),
        21 => (Kind::Folder(FolderStyle::Big), true),
        22 => (Kind::Folder(FolderStyle::BigNine), true),
        // 15, 18 and 19 (vendor widgets), and whatever later builds add.
        item_type => (Kind::Opaque { item_type }, false),
    }
}

/// The title that the user gave, else the label column's. Preset folders store the name of a resource.
fn title(cells: &mut Cells<'_>) -> Title {
    let text = cells.text("title").filter(|text| !text.is_empty()).or_else(|| cells.text("label"));
    match text {
        None => Title::None,
        Some(text) if is_resource(&text) => Title::Resource(text),
        Some(text) => Title::Text(text),
    }
}

/// Whether a text is the full name of a string resource, `package:string/name`.
fn is_resource(text: &str) -> bool {
    let is_name = |text: &str, dots: bool| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || (dots && c == '.');
        !text.is_empty() && text.chars().all(plain)
    };
    text.split_once(":string/").is_some_and(|(package, name)| is_name(package, true) && is_name(name, true))
}

/// The columns with no meaning here, NULL left out.
fn opaque(row: &Row<'_>) -> Vec<(String, Value)> {
    row.columns()
        .filter(|(name, value)| {
            !value.is_null() && !MEANT.iter().any(|meant| meant.eq_ignore_ascii_case(name))
        })
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// The pages in the order of `screenOrder`, then the pages that are used but not listed, by number.
fn page_order(source: &SourceRows, drafts: &[Draft], notes: &mut Vec<Note>) -> Vec<Page> {
    let mut listed: Vec<(i64, Page)> = Vec::new();
    for row in source.screens.iter().flat_map(|screens| screens.iter()) {
        let source_id = row.long("_id").unwrap_or_default();
        let title = row.text("title").ok().flatten();
        listed.push((row.long("screenOrder").unwrap_or_default(), Page { source_id, title }));
    }
    listed.sort_by_key(|(order, page)| (*order, page.source_id));
    let mut pages: Vec<Page> = listed.into_iter().map(|(_, page)| page).collect();
    let known: BTreeSet<i64> = pages.iter().map(|page| page.source_id).collect();
    let mut unlisted = BTreeSet::new();
    for draft in drafts.iter().filter(|draft| draft.container == DESKTOP && !known.contains(&draft.screen)) {
        unlisted.insert(draft.screen);
        if source.screens.is_some() {
            notes.push(Note { source_id: draft.item.source_id, code: NoteCode::PageNotListed });
        }
    }
    pages.extend(unlisted.into_iter().map(|source_id| Page { source_id, title: None }));
    pages
}

/// The index of each dock item. The column that keeps all of them apart counts, `cellX` before `screen`; where neither
/// does, items are numbered by both and their id.
fn dock_indices(drafts: &[Draft]) -> HashMap<i64, i32> {
    let mut docked: Vec<&Draft> = drafts.iter().filter(|draft| draft.container == DOCK).collect();
    let apart = |index: fn(&Draft) -> i64| {
        let indices: BTreeSet<i64> = docked.iter().map(|draft| index(draft)).collect();
        indices.len() == docked.len() && indices.first().is_none_or(|first| *first >= 0)
    };
    if apart(|draft| draft.x.into()) {
        return docked.iter().map(|draft| (draft.item.source_id, draft.x)).collect();
    }
    if apart(|draft| draft.screen) {
        let index = |draft: &Draft| i32::try_from(draft.screen).unwrap_or(i32::MAX);
        return docked.iter().map(|draft| (draft.item.source_id, index(draft))).collect();
    }
    docked.sort_by_key(|draft| (draft.x, draft.screen, draft.item.source_id));
    docked.iter().zip(0..).map(|(draft, index)| (draft.item.source_id, index)).collect()
}

/// The order of each item in its collection: by `cellX`, then by id (G.3). Items of collections that do not exist, and
/// collections inside themselves, are in none.
fn contents(drafts: &[Draft], notes: &mut Vec<Note>) -> HashMap<i64, usize> {
    let folders: HashMap<i64, i64> = drafts
        .iter()
        .filter(|draft| matches!(draft.item.kind, Kind::Folder(_)))
        .map(|draft| (draft.item.source_id, draft.container))
        .collect();
    let loops = cycles(&folders);
    let mut by_folder: BTreeMap<i64, Vec<(i32, i64)>> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| draft.container > 0) {
        let id = draft.item.source_id;
        if !folders.contains_key(&draft.container) {
            notes.push(Note { source_id: id, code: NoteCode::CollectionMissing });
        } else if loops.contains(&id) {
            notes.push(Note { source_id: id, code: NoteCode::CollectionCycle });
        } else {
            by_folder.entry(draft.container).or_default().push((draft.x, id));
        }
    }
    let mut order = HashMap::new();
    for children in by_folder.values_mut() {
        children.sort_unstable();
        order.extend(children.iter().enumerate().map(|(index, (_, id))| (*id, index)));
    }
    order
}

/// The folders that lie on a cycle of containers.
fn cycles(folders: &HashMap<i64, i64>) -> BTreeSet<i64> {
    let mut done = BTreeSet::new();
    let mut on_cycle = BTreeSet::new();
    for start in folders.keys() {
        let mut path: Vec<i64> = Vec::new();
        let mut on_path = BTreeSet::new();
        let mut at = *start;
        while folders.contains_key(&at) && !done.contains(&at) && on_path.insert(at) {
            path.push(at);
            at = folders.get(&at).copied().unwrap_or_default();
        }
        if on_path.contains(&at) {
            on_cycle.extend(path.iter().skip_while(|id| **id != at));
        }
        done.extend(path);
    }
    on_cycle
}

/// Cells of one row; what cannot be read counts as the cursor's default and is remembered.
struct Cells<'a> {
    row: &'a Row<'a>,
    unreadable: bool,
}

impl Cells<'_> {
    fn long(&mut self, column: &str) -> i64 {
        self.row.long(column).unwrap_or_else(|_| {
            self.unreadable = true;
            0
        })
    }

    fn int(&mut self, column: &str) -> i32 {
        self.row.int(column).unwrap_or_else(|_| {
            self.unreadable = true;
            0
        })
    }

    fn text(&mut self, column: &str) -> Option<String> {
        self.row.text(column).unwrap_or_else(|_| {
            self.unreadable = true;
            None
        })
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests;
