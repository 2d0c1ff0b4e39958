//! The grid of a home screen: given, told by the file's name, or just large enough.

use std::str::FromStr;

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, Grid};
use ferrule_launcher_model::miui;

/// The largest side or dock that is taken for a home screen's.
const SIDE_MAX: i32 = 64;
/// What Launcher3 uses on an ordinary phone, and the least that is assumed.
const ORDINARY: Size = Size { columns: 5, rows: 5, dock: 5 };
/// Columns and rows of a folder's page.
const FOLDER: (usize, usize) = (4, 4);

/// Columns, rows and dock slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns of a page.
    pub columns: i32,
    /// Rows of a page.
    pub rows: i32,
    /// Slots of the dock.
    pub dock: i32,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("this needs the form COLSxROWS/DOCK with 1 to {SIDE_MAX}, such as 5x5/5");
        let side =
            |text: &str| text.parse().ok().filter(|side| (1..=SIDE_MAX).contains(side)).ok_or_else(wanted);
        let (page, dock) = text.split_once('/').ok_or_else(wanted)?;
        let (columns, rows) = page.split_once('x').ok_or_else(wanted)?;
        Ok(Self { columns: side(columns)?, rows: side(rows)?, dock: side(dock)? })
    }
}

impl Size {
    /// The grid that the file's name tells, else an ordinary one; grown to hold every row that lies in bounds at all.
    pub fn guess(file_name: &str, rows: &[LoadRow]) -> Self {
        let mut size = by_name(file_name).unwrap_or(ORDINARY);
        for row in rows {
            let ends = |at: i32, span: i32| at.saturating_add(span.max(1));
            let grow = |side: &mut i32, end: i32| {
                if (1..=SIDE_MAX).contains(&end) {
                    *side = (*side).max(end);
                }
            };
            match row.container {
                CONTAINER_DESKTOP => {
                    grow(&mut size.columns, ends(row.cell_x, row.span_x));
                    grow(&mut size.rows, ends(row.cell_y, row.span_y));
                }
                CONTAINER_HOTSEAT => grow(&mut size.dock, ends(row.screen, 1)),
                _ => {}
            }
        }
        size
    }

    /// As a load takes it; a search bar would take the whole first row.
    pub fn grid(self) -> Grid {
        Grid {
            columns: self.columns,
            rows: self.rows,
            hotseat: self.dock,
            search_columns: self.columns,
            folder: FOLDER,
        }
    }
}

/// `launcher_4_by_5.db` of AOSP, `launcher4x6.db` of MIUI.
fn by_name(name: &str) -> Option<Size> {
    if let Some(grid) = miui::grid_from_name(name) {
        return Some(Size { columns: grid.columns, rows: grid.rows, dock: ORDINARY.dock });
    }
    let (columns, rows) = name.strip_prefix("launcher_")?.strip_suffix(".db")?.split_once("_by_")?;
    let side = |text: &str| text.parse().ok().filter(|side| (1..=SIDE_MAX).contains(side));
    let columns = side(columns)?;
    Some(Size { columns, rows: side(rows)?, dock: columns })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(columns: i32, rows: i32, dock: i32) -> Size {
        Size { columns, rows, dock }
    }

    #[test]
    fn sizes_are_read_strictly() {
        assert_eq!("4x6/5".parse(), Ok(size(4, 6, 5)));
        for text in ["4x6", "4/6/5", "0x6/5", "4x65/5", "4x6/-1", "axb/c", ""] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_name_tells_the_grid_and_rows_grow_it() {
        assert_eq!(Size::guess("launcher.db", &[]), size(5, 5, 5));
        assert_eq!(Size::guess("launcher_4_by_6.db", &[]), size(4, 6, 4));
        assert_eq!(Size::guess("launcher4x7.db", &[]), size(4, 7, 5));
        let desktop = |cell_x, span_x| LoadRow {
            container: CONTAINER_DESKTOP,
            cell_x,
            span_x,
            span_y: 1,
            ..LoadRow::default()
        };
        let dock = LoadRow { container: CONTAINER_HOTSEAT, screen: 6, ..LoadRow::default() };
        assert_eq!(Size::guess("x.db", &[desktop(4, 3), dock]), size(7, 5, 7));
        assert_eq!(Size::guess("x.db", &[desktop(2, i32::MAX)]), size(5, 5, 5), "nonsense grows nothing");
    }
}
