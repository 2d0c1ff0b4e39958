//! The loaded model: items, pages and what became of each row.
//!
//! What it is: legacy against `compat`, of which no difference is allowed, and `safe` as a function of compat's verdict, so that
//! each deviation has its code (R57). What it is not: a reader of databases; the input of the load comes in.
//!
//! Invariant: nothing is explained unless legacy's answer is compat's to the last field and the candidate's is that of `safe`.

use ferrule_launcher_model::compat::model::{IconSource, Item, ItemKind};
use ferrule_launcher_model::compat::{LoadInput, LoadOutcome, load as compat_load};
use ferrule_launcher_model::safe::{SafeOutcome, Seat, load as safe_load};
use ferrule_rollout::diff::{Rule, RuleKind, Rules, Tree, compare as differences};

use crate::proof::Comparison;

/// The version of this comparator, for the keys of ledgers (R49).
pub const COMPARATOR: u32 = 1;

/// Launcher3's answer as a tree: every item with its fields, and what became of the rows.
pub fn legacy_tree(outcome: &LoadOutcome) -> Tree {
    let model = &outcome.model;
    let collections = model.collections.iter().map(|(id, collection)| {
        Tree::map([("id", Tree::from(*id)), ("items", Tree::text(format!("{collection:?}")))])
    });
    let ended = outcome
        .decisions
        .iter()
        .map(|decision| {
            Tree::map([("id", Tree::from(decision.id)), ("code", Tree::from(decision.verdict.code()))])
        })
        .chain(
            outcome
                .swept
                .iter()
                .map(|(id, step)| Tree::map([("id", Tree::from(*id)), ("code", Tree::from(step.code()))])),
        );
    Tree::map([
        ("items", Tree::List(model.items.values().map(item).collect())),
        ("collections", Tree::List(collections.collect())),
        ("workspace_items", model.workspace_items.clone().into()),
        ("widgets", model.widgets.clone().into()),
        ("first_page_pinned", model.first_page_pinned.into()),
        ("has_first_page", model.has_first_page.into()),
        ("rows", Tree::List(ended.collect())),
    ])
}

/// The candidate's answer as a tree.
pub fn candidate_tree(outcome: &SafeOutcome) -> Tree {
    let rows = outcome.rows.iter().map(|row| {
        let seat = match row.seat {
            None => Tree::Null,
            Some(Seat::Desktop { page, x, y, width, height }) => {
                Tree::from(vec![-100, page, x, y, width, height])
            }
            Some(Seat::Dock { index }) => Tree::from(vec![-101, index]),
            Some(Seat::Inside { collection, rank }) => Tree::from(vec![collection, rank]),
        };
        Tree::map([
            ("id", Tree::Int(row.row_id)),
            ("state", Tree::from(row.state.as_str())),
            ("legacy", Tree::from(row.legacy.code())),
            ("codes", row.deviations.iter().map(|one| one.code()).collect::<Vec<_>>().into()),
            ("seat", seat),
            ("title", row.title.as_deref().into()),
        ])
    });
    Tree::map([
        ("items", Tree::List(outcome.items.values().map(item).collect())),
        ("pages", outcome.pages.clone().into()),
        ("first_page_pinned", outcome.first_page_pinned.into()),
        ("rows", Tree::List(rows.collect())),
        ("contents", Tree::text(format!("{:?}", outcome.contents))),
    ])
}

/// Compares what legacy and the candidate made of one input. `pages` are those that the candidate knew.
pub fn compare(input: &LoadInput<'_>, pages: &[i32], legacy: &Tree, candidate: &Tree) -> Comparison {
    let compat = compat_load(input);
    let found = differences(legacy, &legacy_tree(&compat), &mut rules());
    if !found.is_empty() {
        return Comparison::Mismatch(found);
    }
    let safe = safe_load(input, pages);
    let found = differences(&candidate_tree(&safe), candidate, &mut rules());
    if !found.is_empty() {
        return Comparison::Mismatch(found);
    }
    let mut codes: Vec<&'static str> =
        safe.rows.iter().flat_map(|row| &row.deviations).map(|deviation| deviation.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() { Comparison::Match } else { Comparison::Explained(codes) }
}

/// Items and rows are matched by their ids.
fn rules() -> Rules {
    let keyed = |path: &str| Rule { path: path.to_owned(), kind: RuleKind::Keyed("id".to_owned()) };
    Rules::new(vec![keyed("items"), keyed("rows"), keyed("collections")])
}

fn item(item: &Item) -> Tree {
    let icon = item.icon().map(|icon| {
        let source: IconSource = icon.icon;
        Tree::map([
            ("intent", Tree::text(format!("{:?}", icon.intent))),
            ("status", Tree::text(format!("{:?}", icon.status))),
            ("runtime", Tree::text(format!("{:?}", icon.runtime))),
            ("progress", icon.progress.into()),
            ("source", Tree::from(source.as_str())),
        ])
    });
    let kind = match &item.kind {
        ItemKind::Widget(widget) => Tree::text(format!("{widget:?}")),
        _ => Tree::Null,
    };
    Tree::map([
        ("id", Tree::from(item.id)),
        ("type", item.type_number().into()),
        ("container", item.container.into()),
        ("screen", item.screen.into()),
        ("cell", vec![item.cell_x, item.cell_y, item.span_x, item.span_y].into()),
        ("rank", item.rank.into()),
        ("title", item.title.as_deref().into()),
        ("profile", Tree::text(format!("{:?}", item.profile))),
        ("icon", icon.into()),
        ("widget", kind),
    ])
}
