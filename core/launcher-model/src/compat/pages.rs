//! Pages and the order of binding (SPEC-10, B.6).
//!
//! What a binder would hand to the view and in which order; nothing is bound here, and a stale binder run is the caller's to
//! stop.

use std::collections::BTreeSet;

use super::model::{Item, ItemId, ItemKind, LoadedModel};
use super::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, FIRST_PAGE, Grid};

/// Icons are bound this many at a time, widgets one at a time (B.6).
pub const BIND_CHUNK: usize = 6;

/// One call of a binder run, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindStep {
    /// Drop what earlier runs still have to bind.
    ClearPending,
    /// Binding starts.
    Start,
    /// Whether the search bar holds the first row of page 0.
    FirstPagePinned(bool),
    /// The pages.
    Pages(Vec<i32>),
    /// Up to [`BIND_CHUNK`] icons, folders and pairs.
    Icons(Vec<ItemId>),
    /// One widget.
    Widget(ItemId),
    /// Fixed containers such as predictions.
    ExtraContainers,
    /// What the user sees first is there.
    InitialComplete,
    /// Texts of device policy.
    StringCache,
    /// Binding is finished.
    Finish,
    /// The install queue may run again.
    ResumeQueue,
}

/// The pages of a model: the desktop's screens in numeric order; page 0 also when the build pins a search bar to it, or
/// when there is no page. Empty pages cannot be represented.
pub fn pages(model: &LoadedModel) -> Vec<i32> {
    let mut pages: BTreeSet<i32> =
        shown(model).filter(|item| item.container == CONTAINER_DESKTOP).map(|item| item.screen).collect();
    if model.has_first_page || pages.is_empty() {
        pages.insert(FIRST_PAGE);
    }
    pages.into_iter().collect()
}

/// What stands on the desktop and in the dock, split into what belongs to some pages and the rest. The dock belongs to
/// every page; what is inside an item that belongs, belongs too (a folder in a folder).
pub fn split_by_pages<'a>(model: &'a LoadedModel, current: &BTreeSet<i32>) -> (Vec<&'a Item>, Vec<&'a Item>) {
    let mut items: Vec<&Item> = shown(model).collect();
    // Containers before what they contain, as far as ids tell.
    items.sort_by_key(|item| item.container);
    let mut seen: BTreeSet<ItemId> = BTreeSet::new();
    items.into_iter().partition(|item| {
        let belongs = match item.container {
            CONTAINER_DESKTOP => current.contains(&item.screen),
            CONTAINER_HOTSEAT => true,
            container => seen.contains(&container),
        };
        if belongs {
            seen.insert(item.id);
        }
        belongs
    })
}

/// The order in which items are bound: dock by index, then desktop page by page, row by row. Equal places (a folder
/// inside another) keep the order of ids.
pub fn bind_order(items: &mut [&Item], grid: Grid) {
    items.sort_by_key(|item| (sort_key(item, grid), item.id));
}

/// A whole binder run; `synchronous` are the pages that are bound first.
pub fn bind_plan(model: &LoadedModel, grid: Grid, synchronous: &BTreeSet<i32>) -> Vec<BindStep> {
    let (mut first, mut rest) = split_by_pages(model, synchronous);
    bind_order(&mut first, grid);
    bind_order(&mut rest, grid);
    let mut plan = vec![
        BindStep::ClearPending,
        BindStep::Start,
        BindStep::FirstPagePinned(model.first_page_pinned),
        BindStep::Pages(pages(model)),
    ];
    bind_items(&first, &mut plan);
    plan.extend([BindStep::ExtraContainers, BindStep::InitialComplete]);
    bind_items(&rest, &mut plan);
    plan.extend([BindStep::StringCache, BindStep::Finish, BindStep::ResumeQueue]);
    plan
}

/// Icons in chunks, then widgets one by one.
fn bind_items(items: &[&Item], plan: &mut Vec<BindStep>) {
    let is_widget = |item: &&&Item| matches!(item.kind, ItemKind::Widget(_));
    let icons: Vec<ItemId> = items.iter().filter(|item| !is_widget(item)).map(|item| item.id).collect();
    plan.extend(icons.chunks(BIND_CHUNK).map(|chunk| BindStep::Icons(chunk.to_vec())));
    plan.extend(items.iter().filter(is_widget).map(|item| BindStep::Widget(item.id)));
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

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };

    fn folder(id: ItemId, container: i32, screen: i32, cell_x: i32, cell_y: i32) -> Item {
        Item {
            id,
            container,
            screen,
            cell_x,
            cell_y,
            span_x: 1,
            span_y: 1,
            rank: 0,
            title: None,
            profile: 0,
            kind: ItemKind::Folder { options: 0 },
        }
    }

    fn model(items: impl IntoIterator<Item = Item>) -> LoadedModel {
        let mut model = LoadedModel::default();
        for item in items {
            model.workspace_items.push(item.id);
            model.items.insert(item.id, item);
        }
        model
    }

    #[test]
    fn page_zero_is_there_when_pinned_or_when_there_is_no_other() {
        let mut model = model([folder(1, -100, 7, 0, 0), folder(2, -100, -3, 0, 0)]);
        assert_eq!(pages(&model), [-3, 7]);
        model.has_first_page = true;
        assert_eq!(pages(&model), [-3, 0, 7]);
        assert_eq!(pages(&LoadedModel::default()), [0]);
    }

    #[test]
    fn the_first_pages_come_first_with_the_dock_and_what_is_inside() {
        let model = model([
            folder(1, -100, 1, 0, 0),
            folder(2, -101, 3, 0, 0),
            folder(3, -100, 0, 2, 1),
            folder(4, -100, 0, 0, 1),
            folder(5, 3, 0, 0, 0),
        ]);
        let plan = bind_plan(&model, GRID, &BTreeSet::from([0]));
        let icons: Vec<&BindStep> = plan.iter().filter(|step| matches!(step, BindStep::Icons(_))).collect();
        assert_eq!(icons, [&BindStep::Icons(vec![2, 4, 3, 5]), &BindStep::Icons(vec![1])]);
        assert_eq!(plan.first(), Some(&BindStep::ClearPending));
        assert_eq!(plan.last(), Some(&BindStep::ResumeQueue));
    }

    #[test]
    fn icons_come_six_at_a_time() {
        let model = model((1..=14).map(|id| folder(id, -100, 0, id % 4, id / 4)));
        let plan = bind_plan(&model, GRID, &BTreeSet::from([0]));
        let sizes: Vec<usize> = plan
            .iter()
            .filter_map(|step| match step {
                BindStep::Icons(ids) => Some(ids.len()),
                _ => None,
            })
            .collect();
        assert_eq!(sizes, [6, 6, 2]);
    }
}
