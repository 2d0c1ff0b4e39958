//! What a safe load wants written, and the rows as they are afterwards.
//!
//! Only columns change; no write removes a row. Rows that are held, quarantined or opaque keep every column but their place,
//! so what they say is still there when somebody can use it.

use std::collections::HashMap;

use super::outcome::StoredPlace;
use crate::compat::{LoadRow, SqlKey};

/// The columns of one row that change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowWrite {
    /// SQLite's row id.
    pub row_id: i64,
    /// Container, page, cells, spans and rank.
    pub place: Option<StoredPlace>,
    /// The intent of the activity that took over (B.3 row 4).
    pub intent: Option<String>,
    /// The state bits as they are in memory.
    pub restored: Option<i32>,
    /// Widget id and provider.
    pub widget: Option<(i32, String)>,
}

impl RowWrite {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.place.is_none() && self.intent.is_none() && self.restored.is_none() && self.widget.is_none()
    }

    /// The row with these columns.
    fn apply(&self, row: &mut LoadRow) {
        if let Some(place) = self.place {
            row.container = place.container;
            row.sql_container = SqlKey::Int(place.container.into());
            row.screen = place.screen;
            (row.cell_x, row.cell_y) = (place.cell_x, place.cell_y);
            (row.span_x, row.span_y) = (place.span_x, place.span_y);
            row.rank = place.rank;
        }
        if let Some(intent) = &self.intent {
            row.intent = Some(intent.clone());
        }
        if let Some(restored) = self.restored {
            row.restored = restored;
        }
        if let Some((widget_id, provider)) = &self.widget {
            row.widget_id = *widget_id;
            row.provider = Some(provider.clone());
        }
    }
}

/// The rows after a load's writes, in the order they were given. As many as before.
pub fn rows_after(rows: &[LoadRow], writes: &[RowWrite]) -> Vec<LoadRow> {
    let writes: HashMap<i64, &RowWrite> = writes.iter().map(|write| (write.row_id, write)).collect();
    let mut after = rows.to_vec();
    for row in &mut after {
        if let Some(write) = writes.get(&row.row_id) {
            write.apply(row);
        }
    }
    after
}
