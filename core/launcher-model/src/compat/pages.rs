//! Pages and the order of binding (SPEC-10, B.6).

use std::collections::BTreeSet;

use super::model::{Item, ItemId, LoadedModel};
use super::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, FIRST_PAGE, Grid};

/// Icons are bound this many at a time, widgets one at a time (B.6).
pub const BIND_CHUNK: usize = 6;

/// The pages of a model: the desktop's screens in numeric order; page 0 also when the search bar is pinned to it, or when
/// there is no page. Empty pages cannot be represented.
pub fn pages(model: &LoadedModel) -> Vec<i32> {
    let mut pages: BTreeSet<i32> =
        shown(model).filter(|item| item.container == CONTAINER_DESKTOP).map(|item| item.screen).collect();
    if model.first_page_pinned || pages.is_empty() {
        pages.insert(FIRST_PAGE);
    }
    pages.into_iter().collect()
}

/// The order in which what stands on desktop and dock is bound: dock by index, then desktop page by page, row by row.
/// Equal places (a folder inside another) keep the order of ids.
pub fn bind_order(model: &LoadedModel, grid: Grid) -> Vec<ItemId> {
    let mut items: Vec<&Item> = shown(model).collect();
    items.sort_by_key(|item| (sort_key(item, grid), item.id));
    items.into_iter().map(|item| item.id).collect()
}

fn shown(model: &LoadedModel) -> impl Iterator<Item = &Item> {
    model.workspace_items.iter().chain(&model.widgets).filter_map(|id| model.items.get(id))
}

/// Dock before desktop before what has no place of its own.
fn sort_key(item: &Item, grid: Grid) -> (u8, i64) {
    let (columns, rows) = (i64::from(grid.columns), i64::from(grid.rows));
    match item.container {
        CONTAINER_HOTSEAT => (0, i64::from(item.screen)),
        CONTAINER_DESKTOP => {
            let cells = columns.saturating_mul(rows);
            let page = i64::from(item.screen).saturating_mul(cells);
            let row = i64::from(item.cell_y).saturating_mul(columns);
            (1, page.saturating_add(row).saturating_add(i64::from(item.cell_x)))
        }
        _ => (2, 0),
    }
}
