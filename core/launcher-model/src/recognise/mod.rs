//! Whose database is this, and at which step of its history?
//!
//! The version number does not identify a schema: forks claim AOSP's numbers with columns of their own, a restored file
//! may claim more than it has, and old columns are never removed (A.1, SPEC-01, K.7). So product and step are told from
//! tables and columns; the number is only compared with the result. Pure: the shape of a file comes in as data.

use std::ops::RangeInclusive;

use crate::rows::favorites::AOSP_COLUMNS;

/// What a file consists of, as far as recognition needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// `PRAGMA user_version`.
    pub user_version: i32,
    /// The names of all tables.
    pub tables: Vec<String>,
    /// The columns of `favorites`, empty where there is no such table.
    pub favorites: Vec<String>,
    /// The columns of `screens`, empty where there is no such table.
    pub screens: Vec<String>,
}

/// Whose database a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// AOSP Launcher3 and forks that keep its schema.
    Aosp,
    /// Lawnchair generations with columns of their own.
    Lawnchair,
    /// com.miui.home of MIUI and HyperOS.
    Miui,
    /// Launcher2, the ancestor of both.
    Launcher2,
    /// A table `favorites` that is no launcher's, or one without the columns an item needs.
    Unknown,
    /// No table `favorites`.
    Empty,
}

impl Product {
    /// The word of the command line's JSON (contracts 3).
    pub fn word(self) -> &'static str {
        match self {
            Self::Aosp => "aosp",
            Self::Lawnchair => "lawnchair",
            Self::Miui => "miui",
            Self::Launcher2 => "launcher2",
            Self::Unknown => "none",
            Self::Empty => "empty",
        }
    }
}

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// Whose database it is.
    pub product: Product,
    /// The version that the file claims.
    pub user_version: i32,
    /// The versions that the columns and tables allow; `None` where they contradict each other or where the product's
    /// steps are not known.
    pub schema: Option<RangeInclusive<i32>>,
    /// The columns of `favorites` that the product's newest schema does not know; they survive as they are.
    pub foreign_columns: Vec<String>,
}

impl Recognition {
    /// Whether the claimed version is one that columns and tables allow. Products without known steps agree with any
    /// version in their known range.
    pub fn version_agrees(&self) -> bool {
        match (self.product, &self.schema) {
            (Product::Unknown | Product::Empty, _) => false,
            (_, Some(schema)) => schema.contains(&self.user_version),
            (_, None) => false,
        }
    }
}

/// The columns without which a row is no item.
const ITEM_COLUMNS: [&str; 7] = ["_id", "intent", "container", "screen", "cellX", "cellY", "itemType"];

/// The columns that only MIUI has (G.2).
const MIUI_COLUMNS: [&str; 5] = ["itemFlags", "launchCount", "sortMode", "originWidgetId", "product_id"];

/// The columns that only Lawnchair's first generations have (A.1).
const LAWNCHAIR_COLUMNS: [&str; 4] = ["customIcon", "customIconEntry", "titleAlias", "swipeUpAction"];

/// The first version that has each column (A.6), for the columns that were only ever added.
const AOSP_ADDED: [(&str, i32); 7] = [
    ("appWidgetProvider", 14),
    ("modified", 15),
    ("restored", 16),
    ("profileId", 20),
    ("rank", 21),
    ("options", 23),
    ("appWidgetSource", 29),
];

/// The versions from which Launcher3 knows a file, and the anchor's own.
const AOSP_VERSIONS: RangeInclusive<i32> = 12..=32;
/// The last version whose pages are a table.
const LAST_WITH_PAGES: i32 = 27;
/// The last version that names icons by resource.
const LAST_WITH_ICON_NAMES: i32 = 31;
/// The versions of MIUI and HyperOS seen so far (G.1).
const MIUI_VERSIONS: RangeInclusive<i32> = 50..=60;
/// Launcher2 ended at 9; Launcher3 took over at 12.
const LAUNCHER2_VERSIONS: RangeInclusive<i32> = 1..=11;

/// The columns of AOSP's older schemas, which upgrades leave where they are (A.1).
const AOSP_OLD_COLUMNS: [&str; 6] =
    ["iconPackage", "iconResource", "isShortcut", "iconType", "uri", "displayMode"];

/// Tells product and step from the shape of a file.
pub fn recognise(shape: &Shape) -> Recognition {
    let has = |name: &str| shape.favorites.iter().any(|column| column.eq_ignore_ascii_case(name));
    let has_table = |name: &str| shape.tables.iter().any(|table| table.eq_ignore_ascii_case(name));
    let page_order = shape.screens.iter().any(|column| column.eq_ignore_ascii_case("screenOrder"));
    let product = if shape.favorites.is_empty() {
        Product::Empty
    } else if !ITEM_COLUMNS.iter().all(|name| has(name)) {
        Product::Unknown
    } else if page_order || MIUI_COLUMNS.iter().any(|name| has(name)) {
        Product::Miui
    } else if LAWNCHAIR_COLUMNS.iter().any(|name| has(name)) {
        Product::Lawnchair
    } else if !has_table("workspaceScreens") && !AOSP_ADDED.iter().any(|(name, _)| has(name)) {
        Product::Launcher2
    } else {
        Product::Aosp
    };
    let schema = match product {
        Product::Aosp | Product::Lawnchair => aosp_schema(has, has_table("workspaceScreens")),
        Product::Miui => Some(MIUI_VERSIONS),
        Product::Launcher2 => Some(LAUNCHER2_VERSIONS),
        Product::Unknown | Product::Empty => None,
    };
    let known = |name: &str| {
        let own = product == Product::Miui && (MIUI_COLUMNS.contains(&name) || name == "label");
        let mut aosp = AOSP_COLUMNS.iter().map(|(column, _)| column).chain(&AOSP_OLD_COLUMNS);
        own || aosp.any(|column| column.eq_ignore_ascii_case(name))
    };
    Recognition {
        product,
        user_version: shape.user_version,
        schema,
        foreign_columns: shape.favorites.iter().filter(|name| !known(name)).cloned().collect(),
    }
}

/// The versions that agree with each column and table that is there or not.
fn aosp_schema(has: impl Fn(&str) -> bool, has_pages: bool) -> Option<RangeInclusive<i32>> {
    let (mut low, mut high) = AOSP_VERSIONS.into_inner();
    for (column, since) in AOSP_ADDED {
        if has(column) {
            low = low.max(since);
        } else {
            high = high.min(since - 1);
        }
    }
    if has("iconPackage") || has("iconResource") {
        high = high.min(LAST_WITH_ICON_NAMES);
    } else {
        low = low.max(LAST_WITH_ICON_NAMES + 1);
    }
    if has_pages {
        high = high.min(LAST_WITH_PAGES);
    } else {
        low = low.max(LAST_WITH_PAGES + 1);
    }
    (low <= high).then_some(low..=high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "_id title intent container screen cellX cellY spanX spanY itemType appWidgetId icon";
    const OLD: &str = "isShortcut iconType iconPackage iconResource uri displayMode";
    const V32: &str = "appWidgetProvider modified restored profileId rank options appWidgetSource";

    fn shape(user_version: i32, columns: &str, tables: &str) -> Shape {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Shape { user_version, favorites: words(columns), tables: words(tables), screens: Vec::new() }
    }

    #[test]
    fn products_by_columns_and_tables_not_by_number() {
        let cases = [
            (shape(32, &format!("{BASE} {V32}"), "favorites"), Product::Aosp, Some(32..=32), true),
            (shape(60, &format!("{BASE} {V32}"), "favorites"), Product::Aosp, Some(32..=32), false),
            (
                shape(30, &format!("{BASE} iconPackage iconResource {V32}"), "favorites"),
                Product::Aosp,
                Some(29..=31),
                true,
            ),
            (
                shape(31, &format!("{BASE} {V32} customIcon titleAlias"), "favorites"),
                Product::Lawnchair,
                Some(32..=32),
                false,
            ),
            (
                shape(12, &format!("{BASE} {OLD}"), "favorites workspaceScreens"),
                Product::Aosp,
                Some(12..=13),
                true,
            ),
            (shape(9, &format!("{BASE} {OLD}"), "favorites"), Product::Launcher2, Some(1..=11), true),
            (
                shape(27, &format!("{BASE} {OLD} appWidgetProvider modified"), "favorites"),
                Product::Aosp,
                None,
                false,
            ),
            (
                shape(56, &format!("{BASE} {OLD} itemFlags profileId label"), "favorites screens"),
                Product::Miui,
                Some(50..=60),
                true,
            ),
            (shape(32, "_id url title", "favorites"), Product::Unknown, None, false),
            (shape(0, "", "android_metadata"), Product::Empty, None, false),
        ];
        for (shape, product, schema, agrees) in cases {
            let recognition = recognise(&shape);
            assert_eq!((recognition.product, &recognition.schema), (product, &schema), "{shape:?}");
            assert_eq!(recognition.version_agrees(), agrees, "{shape:?}");
        }
    }

    #[test]
    fn columns_nobody_knows_are_named() {
        let recognition = recognise(&shape(32, &format!("{BASE} {V32} badgeColor"), "favorites"));
        assert_eq!(recognition.foreign_columns, ["badgeColor"]);
    }
}
