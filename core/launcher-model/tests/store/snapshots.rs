//! Snapshots: five are kept, going back is checked and can itself be undone.

use ferrule_launcher_model::snapshot::{Reason, SNAPSHOTS_KEPT};
use ferrule_launcher_model::store::{Change, EpochMillis, Event, ItemId, ModelStore};

use crate::kit::*;

fn with_apps(place: &Place4, count: i32) -> ModelStore {
    let mut store = place.store();
    let page = first_page(store.content());
    for x in 0..count {
        store.write(&[add(app(&format!("app{x}")), cell(page, x, 0))], "user", NOW).unwrap();
    }
    store
}

#[test]
fn going_back_is_exact_and_undoable_and_numbers_go_on() {
    let place = Place4::new();
    let mut store = with_apps(&place, 2);
    let before = store.content().clone();
    let snapshot = store.snapshot(Reason::Manual, NOW).unwrap();
    store
        .write(
            &[Change::Delete { id: ItemId(1) }, add(app("x"), cell(first_page(&before), 3, 3))],
            "user",
            NOW,
        )
        .unwrap();
    let after = store.content().clone();
    store.restore(snapshot.id, NOW).unwrap();
    assert_eq!(store.content().items, before.items);
    assert_eq!(store.content().next_item, after.next_item, "LM-I16");
    sound(&mut store);
    let trail = store.audit(None).unwrap();
    assert!(
        trail.iter().any(|entry| entry.event == Event::Deleted && entry.image.is_some()),
        "LM-I17: the trail goes on"
    );
    let undo = store.snapshots().last().unwrap().clone();
    assert_eq!(undo.reason, Reason::Restore);
    store.restore(undo.id, NOW).unwrap();
    assert_eq!(store.content(), &after);
    drop(store);
    assert_eq!(place.store().content(), &after);
}

#[test]
fn five_are_kept_and_the_one_gone_back_to_is_spared() {
    let place = Place4::new();
    let mut store = with_apps(&place, 1);
    let first = store.snapshot(Reason::Manual, NOW).unwrap();
    for _ in 1..SNAPSHOTS_KEPT {
        store.snapshot(Reason::Manual, NOW).unwrap();
    }
    store.restore(first.id, NOW).unwrap();
    let ids: Vec<u64> = store.snapshots().iter().map(|snapshot| snapshot.id).collect();
    assert_eq!(ids, [1, 3, 4, 5, 6]);
}

#[test]
fn one_a_day_and_again_when_the_clock_was_set_back() {
    let place = Place4::new();
    let mut store = with_apps(&place, 1);
    let hour = 3_600_000;
    let mut due = |hours: i64| store.daily_snapshot(EpochMillis(NOW.0 + hours * hour)).unwrap().is_some();
    assert_eq!(
        [due(0), due(23), due(24), due(25), due(-400), due(-399)],
        [true, false, true, false, true, false]
    );
    assert!(Place4::new().store().daily_snapshot(NOW).unwrap().is_none(), "nothing to keep");
}

#[test]
fn a_damaged_or_absent_snapshot_is_refused_and_the_store_stays() {
    let place = Place4::new();
    let mut store = with_apps(&place, 2);
    let snapshot = store.snapshot(Reason::Manual, NOW).unwrap();
    let before = store.content().clone();
    let mut bytes = std::fs::read(&snapshot.file).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xAA);
    std::fs::write(&snapshot.file, bytes).unwrap();
    for id in [snapshot.id, 99] {
        assert_eq!(store.restore(id, NOW).unwrap_err().code(), "LM_STORE_NO_SNAPSHOT");
        assert_eq!(store.content(), &before);
    }
    sound(&mut store);
}
