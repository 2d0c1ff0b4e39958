//! The update session by itself: any order of passes, any moment of drawing, gives the same store.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::key::Component;

fn key(number: u8, profile: u8) -> IconKey {
    IconKey::new(
        Component::new(&format!("com.a{}", number / 2), &format!(".M{number}")),
        ProfileSerial(profile.into()),
    )
}

type Store = BTreeMap<IconKey, String>;

fn rows(store: &Store) -> Vec<ScanRow> {
    let row = |(key, token): (&IconKey, &String)| ScanRow {
        key: key.clone(),
        label: Some(Token::new(token)),
        pictures: vec![(Variant::Plain, Some(Token::new(token)))],
    };
    store.iter().map(row).collect()
}

fn named((number, profile, token, rank): &(u8, u8, u8, u8)) -> Named {
    let tokens = Tokens::same(&token.to_string());
    let app_tokens = Some(Tokens::same("app"));
    Named { key: key(*number, *profile), tokens: Some(tokens), app_tokens, rank: *rank }
}

/// Draws what is due, `steps` at most; what is drawn has the token of the plan's winner, as the platform would say.
fn draw(plan: &mut Plan, store: &mut Store, steps: usize) -> usize {
    let mut writes = 0;
    for _ in 0..steps {
        let Some(task) = plan.next_task() else { break };
        let token = plan.tokens(&task.key).unwrap().pixels.as_str().to_owned();
        store.insert(task.key.clone(), token);
        plan.done(&task, true);
        writes += 1;
    }
    writes
}

fn session(
    store: &mut Store,
    passes: &[Vec<(u8, u8, u8, u8)>],
    steps: &[usize],
    spared: &[PackageOf],
) -> usize {
    let mut plan = Plan::new(rows(store), Some(vec![ProfileSerial(0), ProfileSerial(1)]));
    spared.iter().for_each(|package| plan.spare(package.clone()));
    let mut writes = 0;
    for (pass, steps) in passes.iter().zip(steps.iter().chain(std::iter::repeat(&0))) {
        plan.pass(pass.iter().map(named).collect());
        writes += draw(&mut plan, store, *steps);
    }
    writes += draw(&mut plan, store, usize::MAX);
    let deletions = plan.finish();
    store.retain(|key, _| !deletions.keys.contains(key));
    if let Some(left) = &deletions.keep_profiles {
        store.retain(|key, _| left.contains(&key.profile));
    }
    assert!(plan.finish().is_empty());
    writes + deletions.keys.len() + usize::from(deletions.keep_profiles.is_some())
}

fn item() -> impl Strategy<Value = (u8, u8, u8, u8)> {
    (0_u8..8, 0_u8..2, 0_u8..3, 0_u8..3)
}

proptest! {
    #[test]
    fn passes_in_any_order_give_the_same_store(
        stored in prop::collection::btree_map((0_u8..8, 0_u8..3), 0_u8..3, 0..10),
        passes in prop::collection::vec(prop::collection::vec(item(), 0..6), 0..4),
        steps in prop::collection::vec(0_usize..5, 4),
        spared in 0_u8..5,
    ) {
        let stored: Store = stored.into_iter().map(|((number, profile), token)| (key(number, profile), token.to_string())).collect();
        let spared = [PackageOf::new(&format!("com.a{spared}"), ProfileSerial(0))];
        let mut first = stored.clone();
        session(&mut first, &passes, &steps, &spared);
        let mut other = stored.clone();
        let backwards: Vec<_> = passes.iter().rev().cloned().collect();
        session(&mut other, &backwards, &[], &spared);
        prop_assert_eq!(&first, &other);
        let mut rotated = stored.clone();
        let mut turned = passes.clone();
        turned.rotate_left(passes.len().min(1));
        session(&mut rotated, &turned, &steps, &spared);
        prop_assert_eq!(&first, &rotated);

        // Nothing is left that nobody vouches for, nothing is gone that the session did not mean.
        let all: BTreeSet<IconKey> = passes.iter().flatten().map(|item| named(item).key).collect();
        let listed: BTreeSet<ProfileSerial> = all.iter().map(|key| key.profile).collect();
        for key in first.keys() {
            let stays = !listed.contains(&key.profile) && key.profile != ProfileSerial(2);
            prop_assert!(all.contains(key) || spared[0].holds(key) || stays, "{}", key);
        }
        for key in stored.keys().filter(|key| !first.contains_key(key)) {
            prop_assert!(!all.contains(key) && !spared[0].holds(key), "{}", key);
        }
        // The same session again has nothing to do. (Two passes that disagree about a key's token are heard out first.)
        let before = first.clone();
        prop_assert_eq!(session(&mut first, &passes, &[], &spared), 0);
        prop_assert_eq!(first, before);
    }
}

#[test]
fn refreshes_come_before_adds_and_are_reported_once_a_profile() {
    let store: Store =
        [(key(0, 0), "0".to_owned()), (key(2, 0), "0".to_owned()), (key(2, 1), "0".to_owned())].into();
    let mut plan = Plan::new(rows(&store), None);
    plan.pass(
        [(4, 0, 1, 0), (0, 0, 1, 0), (2, 0, 1, 0), (2, 1, 1, 0), (6, 1, 1, 0)].iter().map(named).collect(),
    );
    let mut order = Vec::new();
    while let Some(task) = plan.next_task() {
        let drawn = task.key != key(2, 0);
        let notice = plan.done(&task, drawn).map(|notice| (notice.profile.0, notice.packages.len()));
        order.push((task.key, task.reason, notice));
    }
    assert_eq!(
        order,
        [
            (key(0, 0), Reason::Refresh, None),
            // The last refresh of the profile: what was drawn is reported, what failed is not.
            (key(2, 0), Reason::Refresh, Some((0, 1))),
            (key(2, 1), Reason::Refresh, Some((1, 1))),
            (key(4, 0), Reason::Add, None),
            (key(6, 1), Reason::Add, None),
        ]
    );
}

#[test]
fn a_package_row_stays_while_somebody_vouches_for_its_token() {
    let package = |number: u8| IconKey::of_package(&format!("com.a{number}"), ProfileSerial(0));
    let store: Store =
        [(package(0), "app".to_owned()), (package(1), "old".to_owned()), (package(2), "app".to_owned())]
            .into();
    let mut plan = Plan::new(rows(&store), None);
    plan.pass(vec![named(&(0, 0, 0, 0)), named(&(2, 0, 0, 0))]);
    plan.app(PackageOf::new("com.a2", ProfileSerial(0)), Tokens::same("app"));
    assert_eq!(plan.finish().keys, [package(1)]);
}

#[test]
fn what_an_overtaken_session_has_drawn_is_reported_by_the_next() {
    let store: Store =
        [(key(0, 0), "0".to_owned()), (key(2, 0), "0".to_owned()), (key(2, 1), "0".to_owned())].into();
    let mut older = Plan::new(rows(&store), None);
    older.pass([(0, 0, 1, 0), (2, 0, 1, 0), (2, 1, 1, 0)].iter().map(named).collect());
    let task = older.next_task().unwrap();
    assert_eq!(older.done(&task, true), None, "the other refresh of its profile is not done");
    let mut newer = Plan::new(rows(&store), None);
    newer.overtake(older);
    newer.owe(ProfileSerial(1), "com.late".to_owned());
    let mut newest = Plan::new(rows(&store), None);
    newest.overtake(newer);
    let told = |profile, package: &str| {
        Some(Notice { profile: ProfileSerial(profile), packages: BTreeSet::from([package.to_owned()]) })
    };
    assert_eq!(newest.next_owed(), told(0, "com.a0"));
    assert_eq!(newest.next_owed(), told(1, "com.late"));
    assert_eq!(newest.next_owed(), None);
}

#[test]
fn what_was_drawn_is_reported_though_the_last_refresh_is_not_due_any_more() {
    let store: Store = [(key(0, 0), "0".to_owned()), (key(2, 0), "0".to_owned())].into();
    let mut plan = Plan::new(rows(&store), None);
    plan.pass([(0, 0, 1, 1), (2, 0, 1, 1)].iter().map(named).collect());
    let task = plan.next_task().unwrap();
    assert_eq!(plan.done(&task, true), None);
    // A better pass names what is stored of the other.
    plan.pass(vec![named(&(2, 0, 0, 0))]);
    assert_eq!(plan.next_task(), None);
    assert_eq!(plan.next_owed().map(|notice| notice.packages), Some(BTreeSet::from(["com.a0".to_owned()])));
}
