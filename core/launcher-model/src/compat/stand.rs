//! Where a load takes a row to stand: where its columns say, or by itself.
//!
//! The same row is loaded both ways; only what is here differs, so no row is copied. Not here: whether the place can be had.

use super::collection::{TYPE_FOLDER, TYPE_PAIR};
use super::input::LoadRow;
use super::placement::CONTAINER_DESKTOP;
use crate::platform::ProfileSerial;

/// Where a load takes a row to stand, and whose it takes it to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    pub container: i32,
    pub screen: i32,
    pub cell_x: i32,
    pub cell_y: i32,
    pub span_x: i32,
    pub span_y: i32,
    pub profile: i32,
}

impl Stand {
    /// Where the row's columns say.
    pub(super) fn of(row: &LoadRow) -> Self {
        Self {
            container: row.container,
            screen: row.screen,
            cell_x: row.cell_x,
            cell_y: row.cell_y,
            span_x: row.span_x,
            span_y: row.span_y,
            profile: row.profile,
        }
    }

    /// Where Launcher3's own table says, which may number pages otherwise.
    pub(super) fn legacy(row: &LoadRow) -> Self {
        Self { screen: row.legacy_screen.unwrap_or(row.screen), ..Self::of(row) }
    }

    /// On a page of its own, 1x1, where nothing can be in its way.
    pub(super) fn alone(row: &LoadRow, page: i32, current: ProfileSerial) -> Self {
        let is_collection = matches!(row.item_type, TYPE_FOLDER | TYPE_PAIR);
        Self {
            container: CONTAINER_DESKTOP,
            screen: page,
            cell_x: 0,
            cell_y: 0,
            // A span without size stays one: that is not about the place.
            span_x: row.span_x.min(1),
            span_y: row.span_y.min(1),
            // Collections are the current user's in memory, whatever the row says.
            profile: if is_collection { current as i32 } else { row.profile },
        }
    }
}
