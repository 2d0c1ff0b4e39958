//! Page ids: closing gaps after a restore (D.7, R9), and the two panels of a foldable (SPEC-28).
//!
//! Not here: which pages a loaded model has (`compat::pages`).

use std::collections::{BTreeMap, BTreeSet};

/// Renumbers the pages of desktop rows without gaps, in numeric order; negative pages too (R9). Numbering starts at 0
/// if some row is on page 0, else at 1, so that a first page that was kept free stays free.
///
/// ```
/// # use ferrule_launcher_model::pages::close_gaps;
/// assert_eq!(close_gaps(&[1, 2, 5, 5]), [1, 2, 3, 3]);
/// ```
pub fn close_gaps(screens: &[i32]) -> Vec<i32> {
    let pages: BTreeSet<i32> = screens.iter().copied().collect();
    let first = i32::from(!pages.contains(&0));
    let numbers: BTreeMap<i32, i32> = pages.into_iter().zip(first..).collect();
    screens.iter().map(|screen| numbers.get(screen).copied().unwrap_or(*screen)).collect()
}

/// A cell on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageCell {
    /// The page.
    pub page: i32,
    /// The column.
    pub x: i32,
    /// The row.
    pub y: i32,
}

/// Maps between what a two-panel screen shows and the model, which is always single-panel (A.3, SPEC-28). The dock is not
/// mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoPanels {
    /// Columns of one panel, at least 1.
    pub columns: i32,
}

impl TwoPanels {
    /// From the model: an odd page is the right panel of the even page before it.
    pub fn shown(self, cell: PageCell) -> PageCell {
        let right = cell.page.rem_euclid(2);
        PageCell {
            page: cell.page.saturating_sub(right),
            x: cell.x.saturating_add(right.saturating_mul(self.columns)),
            y: cell.y,
        }
    }

    /// To the model: columns from the width of a panel on are the page to the right.
    pub fn stored(self, cell: PageCell) -> PageCell {
        match cell.x >= self.columns {
            true => PageCell {
                page: cell.page.saturating_add(1),
                x: cell.x.saturating_sub(self.columns),
                y: cell.y,
            },
            false => cell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_pages_are_closed_up_too() {
        assert_eq!(close_gaps(&[-1, 0, 2]), [0, 1, 2]);
        assert!(close_gaps(&[]).is_empty());
    }

    #[test]
    fn two_panels_are_inverse_on_valid_cells() {
        let panels = TwoPanels { columns: 4 };
        for page in 0..4 {
            for x in 0..4 {
                let cell = PageCell { page, x, y: 2 };
                let shown = panels.shown(cell);
                assert_eq!(shown.page % 2, 0);
                assert_eq!(panels.stored(shown), cell);
            }
        }
        assert_eq!(panels.shown(PageCell { page: 3, x: 1, y: 0 }), PageCell { page: 2, x: 5, y: 0 });
    }
}
