//! Every crash state of the protocols of the state slot and the audit log, one by one: every sector of a write kept or lost, every byte
//! at which a write can end, and a file whose length is durable and whose bytes are not. Each recovers the last acknowledged
//! state, or the one that was being written (RO-I5); no record that was acknowledged is ever lost, and none is taken for tampering.

use ferrule_rollout::RoCode;
use ferrule_rollout::audit;
use ferrule_rollout::bucket::Unit;
use ferrule_rollout::engine::{Actor, AuditNote, Event, FeatureId, KillSource, Settings, State, step};
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

fn records(files: &[Vec<u8>; 2]) -> audit::Report {
    audit::verify([&files[0], &files[1]])
}

/// The log's protocol: cut the file to the offset, write the record behind it, sync. Around the middle of a file, the ring's first
/// turn, and a turn into a file that is full.
#[test]
fn every_crash_state_of_the_log_keeps_what_was_acknowledged() {
    let note = AuditNote {
        actor: Actor::Engine,
        feature: FeatureId::new(3),
        from: Rung::SHADOW,
        to: Rung::OFF,
        reason: RoCode::Killed,
    };
    let each = audit::FILE_BYTES_MAX / audit::RECORD_BYTES;
    let mut count = 0;
    for before in [0, 3, 7, each, 2 * each, 2 * each + 1] {
        let mut files = [Vec::new(), Vec::new()];
        let mut writer = audit::Writer::after(&records(&files));
        for time in 0..before as u64 {
            let append = writer.append(&note, (1, time));
            files[append.file].truncate(append.offset as usize);
            files[append.file].extend_from_slice(&append.bytes);
        }
        let acknowledged = records(&files);
        assert_eq!(acknowledged.end, audit::End::Whole);
        let last = acknowledged.records.last().map_or(0, |record| record.sequence);
        let append = audit::Writer::after(&acknowledged).append(&note, (1, 99));
        let (at, bytes) = (append.offset as usize, &append.bytes);
        let mut states = vec![files.clone()];
        let mut cut = files.clone();
        cut[append.file].truncate(at);
        for end in 0..=bytes.len() {
            // What was written is there up to a byte, or the length is and every subset of the sectors is not.
            let mut torn = cut.clone();
            torn[append.file].extend_from_slice(&bytes[..end]);
            states.push(torn);
            let sectors = (at / SECTOR_BYTES)..=((at + end.max(1) - 1) / SECTOR_BYTES);
            for lost in sectors {
                let mut torn = cut.clone();
                torn[append.file].extend(
                    (0..end).map(|byte| if (at + byte) / SECTOR_BYTES == lost { 0 } else { bytes[byte] }),
                );
                states.push(torn);
            }
            let mut torn = cut.clone();
            torn[append.file].resize(at + end, 0);
            states.push(torn);
        }
        for state in &states {
            count += 1;
            let found = records(state);
            assert!(
                !matches!(found.end, audit::End::Broken(_)),
                "{before}: {:?} is taken for tampering",
                found.end
            );
            let known = found.records.last().map_or(0, |record| record.sequence);
            assert!(known == last || known == last + 1, "{before}: {known} is neither {last} nor the next");
            // The ring lets its oldest file go before the new one begins: half of it stays, whatever happens.
            assert!(found.records.len() >= before.min(each), "{before}: {} records", found.records.len());
            let mut mended = state.clone();
            let next = audit::Writer::after(&found).append(&note, (2, 0));
            mended[next.file].truncate(next.offset as usize);
            mended[next.file].extend_from_slice(&next.bytes);
            let mended = records(&mended);
            assert_eq!(mended.end, audit::End::Whole, "{before}: the next record mends it");
            assert_eq!(mended.records.last().map(|record| record.sequence), Some(known + 1));
        }
    }
    println!("{count} crash states of the log, nothing acknowledged lost");
    assert!(count > 2_500, "{count}");
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
