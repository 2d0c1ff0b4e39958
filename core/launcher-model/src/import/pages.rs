//! The pages of an import: their numbers, and those that the source cannot speak of.

use std::collections::BTreeSet;

use crate::neutral::Board;
use crate::store::Page;

/// The numbers of the pages, each once and of 32 bits.
pub(super) fn page_numbers(board: &Board) -> Vec<i64> {
    let mut seen = BTreeSet::new();
    let fits = |number: i64| i32::try_from(number).is_ok();
    let highest = board.pages.iter().map(|page| page.source_id).filter(|number| fits(*number)).max();
    let mut next = highest.unwrap_or(0).max(0) + 1;
    board
        .pages
        .iter()
        .map(|page| {
            let number = page.source_id;
            if fits(number) && seen.insert(number) {
                return number;
            }
            next += 1;
            next - 1
        })
        .collect()
}

/// Pages that the source says nothing of stay where their numbers put them: AOSP's table has no empty ones, and a damaged
/// file may have lost any. A number that the source uses now is the source's.
pub(super) fn keep_pages(pages: &mut Vec<Page>, silent: &[Page]) {
    for page in silent {
        if !pages.iter().any(|kept| kept.id == page.id || kept.number == page.number) {
            let at = pages.iter().position(|kept| kept.number > page.number).unwrap_or(pages.len());
            pages.insert(at, page.clone());
        }
    }
}
