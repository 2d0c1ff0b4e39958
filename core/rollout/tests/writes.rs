//! Dual writes under failing writes, deaths and replays: after a reconciliation both sides hold the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use ferrule_rollout::writes::{
    Budget, DIRTY_MAX, Dirty, KeyId, Reconciler, Side, Versioned, Written, repair_before_read, write,
};
use proptest::prelude::*;

#[derive(Debug, Clone, Default)]
struct Memory {
    values: BTreeMap<KeyId, Versioned>,
    fails: bool,
}

impl Side for Memory {
    fn get(&self, key: KeyId) -> Versioned {
        self.values.get(&key).cloned().unwrap_or_default()
    }

    fn put(&mut self, key: KeyId, value: &Versioned) -> bool {
        if self.fails {
            return false;
        }
        if self.get(key).version < value.version {
            self.values.insert(key, value.clone());
        }
        true
    }

    fn keys(&self) -> Vec<KeyId> {
        self.values.keys().copied().collect()
    }
}

fn shown(side: &Memory) -> BTreeMap<KeyId, Vec<u8>> {
    side.values.iter().filter_map(|(key, value)| Some((*key, value.value.clone()?))).collect()
}

fn reconcile(authority: &Memory, other: &mut Memory, dirty: &mut Dirty, keys: usize) -> Reconciler {
    let mut reconciler = Reconciler::default();
    for _ in 0..10_000 {
        // A death in between: only what is stored goes on.
        let (progress, repairs) = (reconciler.progress.clone(), reconciler.repairs);
        reconciler = Reconciler::resume(progress);
        reconciler.repairs = repairs;
        if reconciler.step(authority, other, dirty, Budget { keys }) {
            return reconciler;
        }
    }
    panic!("it never ends");
}

#[test]
fn a_failed_second_write_is_no_failure_and_is_repaired_before_the_next_read() {
    let (mut authority, mut other, mut dirty) = (Memory::default(), Memory::default(), Dirty::default());
    other.fails = true;
    assert_eq!(write(&mut authority, &mut other, &mut dirty, 7, Some(vec![1])), Written::AuthorityOnly);
    assert!(dirty.contains(7));
    assert!(!repair_before_read(&authority, &mut other, &mut dirty, 7), "read the authority");
    other.fails = false;
    assert!(repair_before_read(&authority, &mut other, &mut dirty, 7));
    assert_eq!((other.get(7), dirty.is_empty()), (authority.get(7), true));
    authority.fails = true;
    assert_eq!(write(&mut authority, &mut other, &mut dirty, 7, Some(vec![2])), Written::Failed);
    assert_eq!(other.get(7).value, Some(vec![1]), "nobody has it");
}

#[test]
fn a_stale_replay_changes_nothing() {
    let (mut authority, mut other, mut dirty) = (Memory::default(), Memory::default(), Dirty::default());
    for value in 1..=3 {
        write(&mut authority, &mut other, &mut dirty, 1, Some(vec![value]));
    }
    assert!(other.put(1, &Versioned { version: 2, value: Some(vec![2]) }), "a replay is no failure");
    assert_eq!(other.get(1).value, Some(vec![3]));
}

#[test]
fn more_dirty_keys_than_are_remembered_ask_for_everything_to_be_compared() {
    let (mut authority, mut other, mut dirty) = (Memory::default(), Memory::default(), Dirty::default());
    other.fails = true;
    let keys = DIRTY_MAX as u64 + 50;
    for key in 0..keys {
        write(&mut authority, &mut other, &mut dirty, key, Some(vec![key as u8]));
    }
    assert!(dirty.needs_full_resync() && dirty.len() == DIRTY_MAX && dirty.contains(u64::MAX));
    other.fails = false;
    let done = reconcile(&authority, &mut other, &mut dirty, 500);
    assert_eq!((done.repairs.dirty, done.repairs.behind), (DIRTY_MAX as u64, 50));
    assert!(dirty.is_empty());
    assert_eq!(shown(&other), shown(&authority));
}

#[test]
fn what_came_from_elsewhere_is_replaced_and_counted_as_drift() {
    let (mut authority, mut other, mut dirty) = (Memory::default(), Memory::default(), Dirty::default());
    write(&mut authority, &mut other, &mut dirty, 1, Some(vec![1]));
    other.values.insert(1, Versioned { version: 9, value: Some(vec![66]) });
    other.values.insert(2, Versioned { version: 1, value: Some(vec![67]) });
    let done = reconcile(&authority, &mut other, &mut dirty, 1);
    assert_eq!(done.repairs.foreign, 2);
    assert!(done.repairs.is_drift());
    assert_eq!(shown(&other), shown(&authority));
    let again = reconcile(&authority, &mut other, &mut dirty, 1);
    assert!(!again.repairs.is_drift());
    assert_eq!(write(&mut authority, &mut other, &mut dirty, 1, Some(vec![5])), Written::Both);
    assert_eq!(other.get(1).value, Some(vec![5]), "no version is in the way of a later write");
}

proptest! {
    #[test]
    fn whatever_fails_both_sides_end_the_same(
        writes in proptest::collection::vec((0_u64..40, proptest::option::of(0_u8..9), any::<bool>(), any::<bool>()), 0..200),
        budget in 1_usize..60,
    ) {
        let (mut authority, mut other, mut dirty) = (Memory::default(), Memory::default(), Dirty::default());
        for (key, value, first_fails, second_fails) in writes {
            authority.fails = first_fails;
            other.fails = second_fails;
            let before = authority.get(key);
            let done = write(&mut authority, &mut other, &mut dirty, key, value.map(|value| vec![value]));
            prop_assert_eq!(done == Written::Failed, first_fails);
            if first_fails {
                prop_assert_eq!(authority.get(key), before);
            }
        }
        other.fails = false;
        let done = reconcile(&authority, &mut other, &mut dirty, budget);
        prop_assert_eq!(shown(&other), shown(&authority));
        prop_assert!(dirty.is_empty() && !done.repairs.is_drift());
    }
}
