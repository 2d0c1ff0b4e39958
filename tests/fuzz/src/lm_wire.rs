//! Target `lm_wire`: bytes as the packed lists of the launcher model (docs/formats/model-packed.md).

use ferrule::wire::model::{answer, question, report, rows};
use ferrule_launcher_model::compat::{CancelAt, LoadInput, LoadRow};
use ferrule_launcher_model::safe;

/// Reads the input as each form; what reads is written and read again, and a question is loaded for.
///
/// # Panics
/// When a property does not hold.
pub fn lm_wire(data: &[u8]) {
    if let Ok(asked) = question::decode(data) {
        let written = question::encode(&asked);
        let again = question::decode(&written).expect("a written question reads back");
        // Compared as bytes: a progress may be no number.
        assert_eq!(question::encode(&again), written, "the same question has the same bytes");
        load(&asked);
    }
    if let Ok(batch) = rows::decode(data) {
        let cells: usize = batch.favorites.rows.iter().map(Vec::len).sum();
        assert!(cells * 12 <= data.len(), "cells come out of bytes");
        let written = rows::encode(&batch);
        let again = rows::decode(&written).expect("written rows read back");
        assert_eq!(rows::encode(&again), written, "the same rows have the same bytes");
    }
    if let Ok(items) = answer::check(data) {
        assert!(items <= data.len() / 112, "items come out of bytes");
    }
    if let Ok(notes) = report::check(data) {
        assert!(notes <= data.len() / 20, "notes come out of bytes");
    }
}

/// Loads one row of each kind for the phone of the question; the answer has every row.
fn load(asked: &question::Question) {
    let row = |row_id, item_type, container| LoadRow {
        row_id,
        item_type,
        container,
        span_x: 1,
        span_y: 1,
        intent: Some("#Intent;component=com.a/.Main;end".to_owned()),
        provider: Some("com.a/.Clock".to_owned()),
        ..LoadRow::default()
    };
    let rows =
        [row(1, 0, -100), row(2, 2, -100), row(3, 6, 2), row(4, 4, -100), row(5, 10, -101), row(6, 99, 7)];
    let outcome = safe::load(
        &LoadInput {
            rows: &rows,
            grid: asked.grid,
            flags: asked.flags,
            platform: &asked.platform,
            prior_load_pinned: false,
            cancel_at: CancelAt::Never,
            is_current_file: true,
        },
        &[],
    );
    let bytes =
        answer::encode(&answer::Answer { outcome: &outcome, grid: asked.grid, changes: 0, problem: None });
    assert_eq!(answer::check(&bytes), Ok(rows.len()), "every row is in the answer");
}
