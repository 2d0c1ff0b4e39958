//! Folders and app pairs while rows arrive in id order (B.3 "Folder, app pair", C9, C10, C21).
//!
//! Children may come before their collection, so a placeholder folder is made on first mention; a pair's row replaces it
//! and takes its contents over. What stays without its row is a phantom and stays in the map until the next load.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::app::{Ended, holds};
use super::input::LoadRow;
use super::model::{Collection, Item, ItemId, ItemKind, LoadedModel};
use super::outcome::RowFault;
use super::rules::Rule;

/// Item type of a folder.
pub(crate) const TYPE_FOLDER: i32 = 2;
/// Item type of an app pair.
pub(crate) const TYPE_PAIR: i32 = 10;

/// The folder or pair of a row, made or taken over. The error leaves the placeholder as it is.
pub(super) fn claim(model: &mut LoadedModel, row: &LoadRow, pairs_enabled: bool) -> Result<ItemKind, Ended> {
    let collection = find_or_make(&mut model.collections, row.id());
    if row.item_type == TYPE_PAIR && !collection.is_pair {
        if holds(Rule::PairsOff, !pairs_enabled) {
            return Err(Ended::zombie(Rule::PairsOff, RowFault::AppPairsOff));
        }
        let holds_pair = collection
            .contents
            .iter()
            .any(|(child, _)| model.items.get(child).is_some_and(|item| item.kind == ItemKind::AppPair));
        if holds(Rule::PairHoldsPair, holds_pair) {
            return Err(Ended::zombie(Rule::PairHoldsPair, RowFault::PairInPair));
        }
        collection.is_pair = true;
    }
    collection.id = Some(row.id());
    Ok(if collection.is_pair { ItemKind::AppPair } else { ItemKind::Folder { options: row.options } })
}

/// Registers an accepted item. The error is C9's: the item is in the id map by then.
pub(super) fn register(model: &mut LoadedModel, item: Item) -> Result<(), Ended> {
    let id = item.id;
    let (container, rank, on_workspace) = (item.container, item.rank, item.is_on_workspace());
    let is_pair = item.kind == ItemKind::AppPair;
    let is_folder = matches!(item.kind, ItemKind::Folder { .. });
    let is_widget = matches!(item.kind, ItemKind::Widget(_));
    model.items.insert(id, item);
    if is_widget {
        model.widgets.push(id);
        return Ok(());
    }
    // C21: a folder is listed whatever its container; it is nobody's child.
    if is_folder || on_workspace {
        model.workspace_items.push(id);
        return Ok(());
    }
    let parent = find_or_make(&mut model.collections, container);
    if parent.is_pair && holds(Rule::PairInPair, is_pair) {
        return Err(Ended::zombie(Rule::PairInPair, RowFault::PairInPair));
    }
    parent.contents.push((id, rank));
    Ok(())
}

fn find_or_make(collections: &mut BTreeMap<i32, Collection>, id: i32) -> &mut Collection {
    match collections.entry(id) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(Collection { id: None, is_pair: false, contents: Vec::new() }),
    }
}

/// B.2.11: folder children by rank, cell row, cell column, then renumbered, in memory only. The sort is stable over the
/// order of ids (C17); app pairs stay as they are (C10).
pub(super) fn sort_folders(model: &mut LoadedModel) {
    let items = &mut model.items;
    for collection in model.collections.values_mut().filter(|collection| !collection.is_pair) {
        collection.contents.sort_by_cached_key(|(child, rank)| {
            items.get(child).map_or((*rank, 0, 0), |item| (item.rank, item.cell_y, item.cell_x))
        });
        for (position, (child, rank)) in collection.contents.iter_mut().enumerate() {
            *rank = i32::try_from(position).unwrap_or(i32::MAX);
            if let Some(item) = items.get_mut(child) {
                item.rank = *rank;
            }
        }
    }
}

/// Takes swept rows out of the model. Their id stays in the contents of whoever held them.
pub(super) fn forget(model: &mut LoadedModel, ids: &[ItemId]) {
    for id in ids {
        if model.collections.remove(id).is_some_and(|collection| collection.id.is_some()) {
            model.workspace_items.retain(|item| item != id);
        }
        model.items.remove(id);
    }
}
