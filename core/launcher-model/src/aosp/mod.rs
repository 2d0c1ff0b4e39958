//! Reading the home screen of AOSP's Launcher3, of Lawnchair and of Launcher2 (A.1 to A.6).
//!
//! Rows come in as data, items go out in [`crate::neutral`]'s terms. Every version is read as it is: no upgrade step runs,
//! so none can fail or reset anything. Up to version 27 pages are a table with an order of its own; before the column `rank`
//! the order in a folder is that of the cells (step 20).
//!
//! Invariants: each row becomes exactly one item; every page that an item lies on is in the list of pages; contents of a
//! collection are numbered without gaps.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::neutral::{Board, FolderStyle, Item, Kind, Note, NoteCode, Page, Place, Title};
use crate::rows::{ConversionError, Row, SourceRows, Value};

const DESKTOP: i64 = -100;
const DOCK: i64 = -101;

/// The columns that an item's own fields hold; all others are kept as they are.
pub const MEANT: [&str; 14] = [
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
];

/// Reads the rows of a database of AOSP's family. `main_profile` is the profile of rows from before there were profiles
/// (step 19).
pub fn read(source: &SourceRows, main_profile: i64) -> Board {
    let mut notes = Vec::new();
    let drafts: Vec<Draft> =
        source.favorites.iter().map(|row| Draft::read(&row, main_profile, &mut notes)).collect();
    let pages = pages(source, &drafts, &mut notes);
    let page_index: HashMap<i64, usize> =
        pages.iter().enumerate().map(|(index, page)| (page.source_id, index)).collect();
    let contents = contents(&drafts, &mut notes);
    let mut items: Vec<(usize, Item)> = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.into_iter().enumerate() {
        let place = match draft.container {
            Some(DESKTOP) => Place::Desktop {
                page: page_index.get(&draft.screen).copied().unwrap_or_default(),
                x: draft.x,
                y: draft.y,
                width: draft.width,
                height: draft.height,
            },
            Some(DOCK) => Place::Dock { index: i32::try_from(draft.screen).unwrap_or(i32::MAX) },
            container => match contents.get(&at) {
                Some(order) => Place::Inside { collection: container.unwrap_or_default(), order: *order },
                None => Place::Elsewhere { container: container.unwrap_or_default() },
            },
        };
        items.push((at, Item { place, ..draft.item }));
    }
    // Collections first, so that contents always refer back; folders before pairs, which may lie in them.
    let rank = |kind: &Kind| match kind {
        Kind::Folder(_) => 0,
        Kind::AppPair => 1,
        _ => 2,
    };
    items.sort_by_key(|(_, item)| (rank(&item.kind), item.source_id));
    Board { pages, items: items.into_iter().map(|(_, item)| item).collect(), notes }
}

/// An item before its place is known.
struct Draft {
    item: Item,
    /// `None` for NULL, which is no container at all.
    container: Option<i64>,
    screen: i64,
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    rank: i32,
}

impl Draft {
    fn read(row: &Row<'_>, main_profile: i64, notes: &mut Vec<Note>) -> Self {
        let source_id = row.long("_id").unwrap_or_default();
        let mut unreadable = false;
        let mut int = |column: &str| or_default(row.int(column), &mut unreadable);
        let item_type = int("itemType");
        let container = (!row.value("container").is_null()).then(|| i64::from(int("container")));
        let (screen, x, y) = (int("screen"), int("cellX"), int("cellY"));
        let (width, height) = (int("spanX"), int("spanY"));
        let (rank, widget_id) = (int("rank"), int("appWidgetId"));
        // A cursor reads the serial as 32 bits too, and NULL as 0 (README, "Facts").
        let has_profile = row.columns().any(|(name, _)| name.eq_ignore_ascii_case("profileId"));
        let profile = if has_profile { i64::from(int("profileId")) } else { main_profile };
        let mut text = |column: &str| or_default(row.text(column), &mut unreadable);
        let (title, intent, provider) = (text("title"), text("intent"), text("appWidgetProvider"));
        let kind = kind(item_type, widget_id, provider);
        // The loader gives one cell to whatever has no size of its own; what nobody knows keeps what it says.
        let span = |span: i32| match kind {
            Kind::Widget { .. } | Kind::Internal { .. } => span,
            Kind::Opaque { .. } => span.max(1),
            _ => 1,
        };
        let (width, height) = (span(width), span(height));
        let mut note = |applies: bool, code| {
            if applies {
                notes.push(Note { source_id, code });
            }
        };
        note(unreadable, NoteCode::CellUnreadable);
        note(matches!(kind, Kind::Opaque { .. }), NoteCode::TypeKeptOpaque);
        let item = Item {
            source_id,
            profile,
            kind,
            place: Place::Elsewhere { container: container.unwrap_or_default() },
            title: title.map_or(Title::None, Title::Text),
            intent,
            icon: row.value("icon").blob().ok().flatten().map(Cow::into_owned),
            opaque: opaque(row),
        };
        Self { item, container, screen: screen.into(), x, y, width, height, rank }
    }
}

/// A value that a cursor refuses counts as its default and is remembered.
fn or_default<T: Default>(value: Result<T, ConversionError>, unreadable: &mut bool) -> T {
    value.unwrap_or_else(|_| {
        *unreadable = true;
        T::default()
    })
}

/// What a type means (A.2). Type 1 is of the old kind, up to version 31; 6 is a pinned one.
fn kind(item_type: i32, widget_id: i32, provider: Option<String>) -> Kind {
    match item_type {
        0 => Kind::App,
        1 | 6 => Kind::Shortcut,
        2 => Kind::Folder(FolderStyle::Small),
        4 => Kind::Widget { widget_id, provider },
        5 => Kind::Internal { gadget_id: widget_id },
        10 => Kind::AppPair,
        item_type => Kind::Opaque { item_type },
    }
}

fn opaque(row: &Row<'_>) -> Vec<(String, Value)> {
    row.columns()
        .filter(|(name, value)| {
            !value.is_null() && !MEANT.iter().any(|meant| meant.eq_ignore_ascii_case(name))
        })
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// The pages: in the order of their table where there is one, then those that are only used, by number.
fn pages(source: &SourceRows, drafts: &[Draft], notes: &mut Vec<Note>) -> Vec<Page> {
    let mut listed: Vec<(i32, i64)> = Vec::new();
    for row in source.screens.iter().flat_map(|screens| screens.iter()) {
        let id = i64::from(row.int("_id").unwrap_or_default());
        if !listed.iter().any(|(_, known)| *known == id) {
            listed.push((row.int("screenRank").unwrap_or_default(), id));
        }
    }
    listed.sort_unstable();
    let mut pages: Vec<Page> =
        listed.into_iter().map(|(_, source_id)| Page { source_id, title: None }).collect();
    let known: BTreeSet<i64> = pages.iter().map(|page| page.source_id).collect();
    let mut unlisted = BTreeSet::new();
    for draft in drafts.iter().filter(|draft| draft.container == Some(DESKTOP)) {
        if !known.contains(&draft.screen) {
            unlisted.insert(draft.screen);
            if source.screens.is_some() {
                notes.push(Note { source_id: draft.item.source_id, code: NoteCode::PageNotListed });
            }
        }
    }
    pages.extend(unlisted.into_iter().map(|source_id| Page { source_id, title: None }));
    pages
}

/// What the contents of a collection are ordered by: rank, row, column and number; then the row's place among all.
type OrderKey = (i32, i32, i32, i64, usize);

/// The order of each row in its collection: by rank, then by cell row and column, then by id (B.2 step 11). Contents of
/// what is no collection, and whatever nests deeper than folder, pair, app, are in none.
fn contents(drafts: &[Draft], notes: &mut Vec<Note>) -> HashMap<usize, usize> {
    let collections: HashMap<i64, &Kind> = drafts
        .iter()
        .filter(|draft| matches!(draft.item.kind, Kind::Folder(_) | Kind::AppPair))
        .map(|draft| (draft.item.source_id, &draft.item.kind))
        .collect();
    let fits = |child: &Kind, parent: &Kind| match (child, parent) {
        (Kind::Folder(_), _) | (Kind::AppPair, Kind::AppPair) => false,
        (_, Kind::Folder(_) | Kind::AppPair) => true,
        _ => false,
    };
    let mut by_collection: BTreeMap<i64, Vec<OrderKey>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        let Some(container) = draft.container.filter(|container| *container >= 0) else { continue };
        let id = draft.item.source_id;
        match collections.get(&container) {
            None => notes.push(Note { source_id: id, code: NoteCode::CollectionMissing }),
            Some(parent) if container == id || !fits(&draft.item.kind, parent) => {
                notes.push(Note { source_id: id, code: NoteCode::CollectionCycle });
            }
            Some(_) => {
                let key = (draft.rank, draft.y, draft.x, id, at);
                by_collection.entry(container).or_default().push(key);
            }
        }
    }
    let mut order = HashMap::new();
    for children in by_collection.values_mut() {
        children.sort_unstable();
        order.extend(children.iter().enumerate().map(|(index, (.., at))| (*at, index)));
    }
    order
}
