//! Which items of a loaded model are on the first screen, and which packages they stand for.

use std::collections::BTreeSet;

use super::{ScreenItem, Spot};
use crate::compat::model::{Item, ItemKind, LoadedModel};
use crate::compat::pages::{pages, split_by_pages};
use crate::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};

/// The items of the model's first page and of the dock, and what is inside them.
pub fn first_screen_items(model: &LoadedModel) -> Vec<ScreenItem<'_>> {
    let first: BTreeSet<i32> = pages(model).into_iter().take(1).collect();
    let (items, _) = split_by_pages(model, &first);
    items
        .into_iter()
        .map(|item| ScreenItem {
            package: package_of(item),
            spot: match item.container {
                CONTAINER_DESKTOP => Spot::Workspace,
                CONTAINER_HOTSEAT => Spot::Hotseat,
                _ => Spot::Elsewhere,
            },
            is_widget: matches!(item.kind, ItemKind::Widget(_)),
            contents: contents_of(model, item),
        })
        .collect()
}

fn package_of(item: &Item) -> Option<&str> {
    match &item.kind {
        ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => icon.target_package(),
        ItemKind::Widget(widget) => Some(&widget.provider.package),
        ItemKind::Folder { .. } | ItemKind::AppPair => None,
    }
}

/// Packages of a collection's apps, and of the apps of pairs in it; deeper nesting does not exist.
fn contents_of<'a>(model: &'a LoadedModel, item: &Item) -> Vec<&'a str> {
    let mut packages = Vec::new();
    if !matches!(item.kind, ItemKind::Folder { .. } | ItemKind::AppPair) {
        return packages;
    }
    let children =
        |id| model.collections.get(&id).map(|collection| collection.contents.as_slice()).unwrap_or_default();
    for (child, _) in children(item.id) {
        match model.items.get(child) {
            Some(pair) if pair.kind == ItemKind::AppPair => {
                let members = children(pair.id).iter().filter_map(|(member, _)| model.items.get(member));
                packages.extend(members.filter_map(package_of));
            }
            Some(app) => packages.extend(package_of(app)),
            None => {}
        }
    }
    packages
}
