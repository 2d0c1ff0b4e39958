//! The memory tier by itself: budget, pins, trims, and the trace of a drawer that is scrolled through.

use super::*;
use crate::key::Component;
use crate::picture::{Form, Picture};

fn key(number: usize) -> IconKey {
    IconKey::new(Component::new("com.app", &format!(".Activity{number}")), ProfileSerial(0))
}

/// A picture of 4 KiB.
fn picture(number: usize) -> Picture {
    Picture::new(32, 32, Form::Rgba, vec![u8::try_from(number % 251).unwrap() + 1; 4096]).unwrap()
}

fn change(number: usize) -> Change {
    Change {
        label: Some(Label {
            text: Some(format!("App {number}").into()),
            colour: 0xFF00_0001,
            ..Label::default()
        }),
        pictures: vec![(
            Variant::Plain,
            Note { origin: None, stale: false, absent: false },
            Some(picture(number)),
        )],
    }
}

fn is_hit(memory: &mut Memory, key: &IconKey) -> bool {
    memory.get(key, Variants::ICON).is_some_and(|held| held.missing.is_empty())
}

const BUDGET: u64 = 400_000;

#[test]
fn memory_stays_within_its_budget_and_keeps_every_title() {
    let mut memory = Memory::new(BUDGET);
    for number in 0..500 {
        memory.put(&key(number), change(number));
        let usage = memory.usage();
        assert!(usage.bytes() <= BUDGET, "{usage:?}");
    }
    for number in 0..500 {
        let held = memory.get(&key(number), Variants::COLOUR).unwrap();
        assert_eq!(held.label.text.as_deref(), Some(format!("App {number}").as_str()));
    }
    assert!(memory.usage().demotions > 400);
}

#[test]
fn pinned_pictures_go_last_and_the_least_important_first() {
    let mut memory = Memory::new(BUDGET);
    let pins: Vec<IconKey> = (0..28).map(key).collect();
    memory.pin(&pins);
    for number in 0..500 {
        memory.put(&key(number), change(number));
    }
    assert!(pins.iter().all(|key| is_hit(&mut memory, key)));
    memory.trim(TrimLevel::Low);
    assert!(memory.usage().bytes() <= BUDGET / 2);
    memory.set_budget(memory.usage().entry_bytes.next_multiple_of(16_384) + 5 * 4_200);
    let left: Vec<usize> = (0..500).filter(|number| is_hit(&mut memory, &key(*number))).collect();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    memory.pin(&pins[3..5]);
    memory.trim(TrimLevel::Hidden);
    assert_eq!((0..500).filter(|number| is_hit(&mut memory, &key(*number))).collect::<Vec<_>>(), [3, 4]);
    memory.trim(TrimLevel::Critical);
    assert_eq!(memory.usage().pictures, 0);
    assert_eq!(memory.usage().entries, 500);
}

#[test]
fn what_is_asked_for_less_lowers_nothing() {
    let mut memory = Memory::new(BUDGET);
    memory.put(&key(1), change(1));
    memory.put(&key(1), Change { label: change(1).label, pictures: Vec::new() });
    assert!(is_hit(&mut memory, &key(1)));
}

#[test]
fn events_concern_exactly_their_package() {
    let mut memory = Memory::new(BUDGET);
    let other = IconKey::new(Component::new("com.apps", ".M"), ProfileSerial(0));
    let work = IconKey::new(Component::new("com.app", ".M"), ProfileSerial(10));
    for key in [&key(1), &other, &work] {
        memory.put(key, change(1));
    }
    let package = PackageOf::new("com.app", ProfileSerial(0));
    memory.mark_stale(&Range::Package(package.clone()), Part::Pixels);
    let stale =
        |memory: &mut Memory, key: &IconKey| memory.get(key, Variants::ICON).unwrap().pictures[0].1.stale;
    assert!(stale(&mut memory, &key(1)));
    assert!(!stale(&mut memory, &other) && !stale(&mut memory, &work));
    memory.remove_package(&package);
    assert!(!memory.contains(&key(1)) && memory.contains(&other) && memory.contains(&work));
    memory.keep_profiles(&[ProfileSerial(0)]);
    assert!(memory.contains(&other) && !memory.contains(&work));
    assert_eq!(memory.usage().pictures, 1);
}
