//! The display order of apps (C.7), with the comparator's own defect (MORE P2).
//!
//! The comparator calls the current user's entry the smaller one whichever side it is on, so with another profile of a
//! lower serial the order of two equal entries depends on where the sort started. The sort is therefore Java's own.

use std::cmp::Ordering;

use super::label::Collator;
use super::letters::{CharClass, class};
use super::list::AppEntry;
use super::timsort::sort;

/// Labels that begin with a letter or digit come before all others, then the collator decides.
pub fn compare_labels(a: &str, b: &str, collator: &impl Collator) -> Ordering {
    let speaks = |label: &str| label.chars().next().is_some_and(|c| class(c) != CharClass::Other);
    speaks(b).cmp(&speaks(a)).then_with(|| collator.compare(a, b))
}

/// Label, component, current user, serial. Not a total order: an entry of the current user is less than its equals and
/// less than itself.
pub fn compare_apps(a: &AppEntry, b: &AppEntry, current_user: i64, collator: &impl Collator) -> Ordering {
    compare_labels(&a.title, &b.title, collator).then_with(|| a.key.compare_component(&b.key)).then_with(
        || {
            if a.key.profile == current_user { Ordering::Less } else { a.key.profile.cmp(&b.key.profile) }
        },
    )
}

/// The order in which apps are shown, as indices into `apps`.
pub fn display_order(apps: &[AppEntry], current_user: i64, collator: &impl Collator) -> Vec<usize> {
    let mut order: Vec<usize> = (0..apps.len()).collect();
    sort(&mut order, &mut |a: &usize, b: &usize| match (apps.get(*a), apps.get(*b)) {
        (Some(a), Some(b)) => compare_apps(a, b, current_user, collator),
        _ => a.cmp(b),
    });
    order
}

/// Labels in display order; equal ones keep their order.
pub fn sort_labels<'a>(labels: &'a [String], collator: &impl Collator) -> Vec<&'a str> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let label = |place: usize| labels.get(place).map(String::as_str).unwrap_or_default();
    sort(&mut order, &mut |a: &usize, b: &usize| compare_labels(label(*a), label(*b), collator));
    order.into_iter().map(label).collect()
}
