//! Every crash state of the state slot's protocol, one by one: every sector of a write kept or lost, and every byte at which
//! a write can end. Each recovers the last acknowledged state, or the one that was being written (RO-I5).

use ferrule_rollout::bucket::Unit;
use ferrule_rollout::engine::{Event, FeatureId, KillSource, Settings, State, step};
use ferrule_rollout::slot::payload::Payload;
use ferrule_rollout::slot::slots::{Next, encode, encode_file, load};
use ferrule_rollout::slot::{Loaded, SLOT_BYTES};
use ferrule_rollout::stage::{Rung, Stage, Template};

const SECTOR_BYTES: usize = 512;

fn settings(name: &str) -> Settings {
    Settings {
        name: name.to_owned(),
        salt: name.to_owned(),
        template: Template::ReadWrite,
        start: Rung::SHADOW,
        ceiling: Rung::of(Stage::Live),
        window_start: 0,
        critical: false,
        parents: 0,
        is_bad: false,
        targets: vec![],
    }
}

/// States of a history, from small to several sectors.
fn history() -> Vec<Payload> {
    let mut state = State::default();
    state.durable.unit = Unit([7; 16]);
    let mut states = vec![state.clone()];
    let id = |number| FeatureId::new(number).unwrap();
    let features =
        (0..12).map(|number| (id(number), settings(&format!("launcher.feature_{number}")))).collect();
    let events = [
        Event::Start { boot: 1, boottime_ms: 5, build: 9, blames: vec![] },
        Event::Compiled { generation: 1, features },
        Event::Kill { feature: None, source: KillSource::Command, on: true },
        Event::Kill { feature: Some(id(3)), source: KillSource::File, on: true },
        Event::Set { feature: id(4), rung: Rung::canary(1) },
        Event::Trip { feature: id(5), jitter_ms: 1 },
    ];
    for event in events {
        state = step(&state, &event).0;
        states.push(state.clone());
    }
    states.into_iter().map(|state| Payload { durable: state.durable, ..Payload::default() }).collect()
}

fn recovered(file: &[u8]) -> Option<Payload> {
    match load(Some(file)).0 {
        Loaded::State(payload) => Some(payload),
        _ => None,
    }
}

#[test]
fn every_crash_state_recovers_the_acknowledged_state_or_the_one_being_written() {
    let states = history();
    let mut file = encode_file(&states[0]).unwrap();
    let mut count = 0;
    for pair in states.windows(2) {
        let [before, after] = pair else { unreachable!("pairs") };
        let Next { sequence, slot } = load(Some(&file)).1;
        let bytes = encode(after, sequence).unwrap();
        let at = slot * SLOT_BYTES;
        let mut check = |torn: &[u8], what: &str| {
            count += 1;
            let found = recovered(torn).unwrap_or_else(|| panic!("{what}: lost"));
            assert!(found == *before || found == *after, "{what}: neither state");
            // What comes next never touches the slot that counts now.
            let next = load(Some(torn)).1;
            let counts = if found == *after { slot } else { 1 - slot };
            assert_eq!(next.slot, 1 - counts, "{what}");
        };
        for end in 0..=bytes.len() {
            let mut torn = file.clone();
            torn[at..at + end].copy_from_slice(&bytes[..end]);
            check(&torn, &format!("cut at byte {end}"));
        }
        let sectors: Vec<&[u8]> = bytes.chunks(SECTOR_BYTES).collect();
        assert!(sectors.len() <= 12, "all subsets can be tried");
        for kept in 0_u32..1 << sectors.len() {
            let mut torn = file.clone();
            for (index, sector) in sectors.iter().enumerate().filter(|(index, _)| kept >> index & 1 == 1) {
                let from = at + index * SECTOR_BYTES;
                torn[from..from + sector.len()].copy_from_slice(sector);
            }
            check(&torn, &format!("sectors {kept:b}"));
        }
        file[at..at + bytes.len()].copy_from_slice(&bytes);
        assert_eq!(recovered(&file).as_ref(), Some(after));
    }
    println!("{count} crash states, all recovered");
    assert!(count > 6_000, "{count}");
}

#[test]
fn one_damaged_byte_leaves_the_other_slot() {
    let states = history();
    let mut file = encode_file(&states[1]).unwrap();
    let Next { sequence, slot } = load(Some(&file)).1;
    let bytes = encode(&states[2], sequence).unwrap();
    file[slot * SLOT_BYTES..][..bytes.len()].copy_from_slice(&bytes);
    for at in 0..bytes.len() {
        let mut damaged = file.clone();
        damaged[slot * SLOT_BYTES + at] ^= 0x40;
        assert_eq!(recovered(&damaged).as_ref(), Some(&states[1]), "byte {at}");
    }
}

#[test]
fn a_file_of_a_newer_format_is_too_new_or_keeps_what_is_unknown() {
    let mut payload = history().pop().unwrap();
    payload.unknown.push(ferrule_rollout::slot::payload::Tlv { tag: 900, value: vec![1, 2, 3] });
    payload.appended.push((ferrule_rollout::slot::payload::TAG_STANDING, 3, vec![9, 9]));
    let file = encode_file(&payload).unwrap();
    assert_eq!(recovered(&file), Some(payload.clone()), "unknown tags and appended bytes survive");
    let mut slot = encode(&payload, 1).unwrap();
    slot[6] = 2; // min_reader
    let end = slot.len() - 4;
    let crc = crc(&slot[..end]);
    slot[end..].copy_from_slice(&crc);
    assert_eq!(load(Some(&slot)).0, Loaded::TooNew);
}

/// CRC32C by its definition, apart from the crate that the product uses.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
        }
    }
    (!crc).to_le_bytes()
}
