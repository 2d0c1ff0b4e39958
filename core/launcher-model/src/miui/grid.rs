//! The grid of a MIUI home screen: from the file's name, checked against what lies on it (G.1, G.4).

use crate::neutral::{Item, Place};

/// Columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grid {
    /// Columns.
    pub columns: i32,
    /// Rows.
    pub rows: i32,
}

/// The largest side that a name is believed.
const SIDE_MAX: i32 = 32;

/// The grid in a file's name, `launcher4x6.db` or `launcher_rotatable6x4.db`; `None` for other names, such as the older
/// `launcher.db`.
///
/// ```
/// # use ferrule_launcher_model::miui::{Grid, grid_from_name};
/// assert_eq!(grid_from_name("launcher4x6.db"), Some(Grid { columns: 4, rows: 6 }));
/// assert_eq!(grid_from_name("launcher.db"), None);
/// ```
pub fn grid_from_name(name: &str) -> Option<Grid> {
    let size = name.strip_prefix("launcher")?.strip_suffix(".db")?;
    let (columns, rows) = size.strip_prefix("_rotatable").unwrap_or(size).split_once('x')?;
    let side = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|side| digits && (1..=SIDE_MAX).contains(side))
    };
    Some(Grid { columns: side(columns)?, rows: side(rows)? })
}

/// The smallest grid that holds all desktop items. A file was seen under the name of another grid, so a name is only
/// good as long as this fits into it.
pub fn extent(items: &[Item]) -> Grid {
    let mut grid = Grid { columns: 0, rows: 0 };
    for item in items {
        if let Place::Desktop { x, y, width, height, .. } = item.place {
            grid.columns = grid.columns.max(x.saturating_add(width));
            grid.rows = grid.rows.max(y.saturating_add(height));
        }
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, grid) in [
            ("launcher4x6.db", Some((4, 6))),
            ("launcher_rotatable6x4.db", Some((6, 4))),
            ("launcher0x6.db", None),
            ("launcher+4x6.db", None),
            ("launcher4x99.db", None),
            ("launcher4x6.db-wal", None),
            ("app_status.db", None),
        ] {
            assert_eq!(grid_from_name(name).map(|grid| (grid.columns, grid.rows)), grid, "{name}");
        }
    }
}
