//! The bytes of the first-launch record: golden slots, and what other versions may have left (contracts 2 and 5).
//!
//! The slots here are put together by this file's own code from docs/formats/first-launch.md, not by the product's.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, not only tests"
)]

use std::collections::HashMap;
use std::convert::Infallible;

use ferrule_os4_compat::FirstLaunch;
use ferrule_os4_compat::first_launch::slots::{FILE_BYTES, FORMAT, SLOT_BYTES, SLOT_STRIDE_BYTES, load};
use ferrule_os4_compat::first_launch::{
    Answer, BuildId, Delivery, DeviceId, Kind, Loaded, OsEvidence, SlotStorage, Start, State,
    UnreadableCause, User,
};

/// A file that was written by the first version that shipped the format: first slot OS3, second slot armed.
const FORMAT_1: &str = include_str!("fixtures/first_launch_format1.hex");

/// CRC32C bit by bit, so that the format does not depend on the crate that computes it in the product.
fn crc32c(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82F6_3B78 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// Fields of a slot by name, as docs/formats/first-launch.md has them; the rest is 0.
fn slot(format: u16, min_reader: u16, sequence: u64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 256];
    let fields: HashMap<usize, Vec<u8>> = [
        (0, b"FRFL".to_vec()),
        (4, format.to_le_bytes().to_vec()),
        (6, min_reader.to_le_bytes().to_vec()),
        (8, sequence.to_le_bytes().to_vec()),
        (16, (payload.len() as u16).to_le_bytes().to_vec()),
        (20, payload.to_vec()),
    ]
    .into();
    for (offset, field) in fields {
        bytes[offset..offset + field.len()].copy_from_slice(&field);
    }
    let crc = crc32c(&bytes[..252]);
    bytes[252..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

struct Memory<'f>(&'f mut Option<Vec<u8>>);

impl SlotStorage for Memory<'_> {
    type Error = Infallible;

    fn try_lock(&mut self) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn unlock(&mut self) {}

    fn read(&mut self, limit_bytes: usize) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.as_ref().map(|file| file.iter().copied().take(limit_bytes).collect()))
    }

    fn create(&mut self, content: &[u8]) -> Result<(), Infallible> {
        *self.0 = Some(content.to_vec());
        Ok(())
    }

    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> Result<(), Infallible> {
        let file = self.0.as_mut().unwrap();
        file.resize(FILE_BYTES, 0);
        file[offset_bytes as usize..][..bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

fn start(major: u8) -> Start {
    Start {
        user: User::Full { id: 0 },
        unlocked: true,
        os: OsEvidence::HyperOs(major),
        device_id: DeviceId(*b"0123456789abcdef"),
        build_id: BuildId::new(&format!("OS{major}.0.9.0")),
    }
}

fn answer(file: &mut Option<Vec<u8>>, major: u8) -> Answer {
    FirstLaunch::new(Memory(file)).start(&start(major)).answer
}

/// state, attempts, kind, from, highest major, flags
fn payload(facts: [u8; 6], build: &str) -> Vec<u8> {
    let mut bytes = b"0123456789abcdef".to_vec();
    bytes.extend_from_slice(&facts);
    bytes.extend_from_slice(&[build.len() as u8, 0]);
    bytes.extend_from_slice(build.as_bytes());
    bytes.resize(88, 0);
    bytes
}

fn file(slots: [Option<Vec<u8>>; 2]) -> Vec<u8> {
    let mut bytes = vec![0; FILE_BYTES];
    for (slot, offset) in slots.into_iter().zip([0, SLOT_STRIDE_BYTES]) {
        if let Some(slot) = slot {
            bytes[offset..offset + SLOT_BYTES].copy_from_slice(&slot);
        }
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn checksum_is_crc32c() {
    assert_eq!(crc32c(b"123456789"), 0xE306_9283);
}

#[test]
fn every_write_has_the_documented_bytes() {
    let mut disk = None;
    let unseen = slot(1, 1, 1, &payload([0, 0, 0, 0, 3, 0], "OS3.0.9.0"));
    assert_eq!(answer(&mut disk, 3), Answer::Nothing);
    assert_eq!(disk, Some(file([Some(unseen.clone()), None])));

    let armed = slot(1, 1, 2, &payload([1, 1, 1, 3, 4, 0], "OS4.0.9.0"));
    let mut first_launch = FirstLaunch::new(Memory(&mut disk));
    first_launch.start(&start(4));
    first_launch.acknowledge().unwrap();
    drop(first_launch);
    let done = slot(1, 1, 3, &payload([2, 1, 1, 3, 4, 0], "OS4.0.9.0"));
    assert_eq!(disk, Some(file([Some(done), Some(armed)])));

    let mut fresh = None;
    answer(&mut fresh, 4);
    assert_eq!(fresh, Some(file([Some(slot(1, 1, 1, &payload([1, 1, 2, 0, 4, 0], "OS4.0.9.0"))), None])));

    let mut damaged = Some(b"damaged".to_vec());
    assert_eq!(answer(&mut damaged, 4), Answer::Recovered);
    let recovered = slot(1, 1, 1, &payload([2, 0, 0, 0, 4, 1], "OS4.0.9.0"));
    assert_eq!(damaged.unwrap()[..SLOT_BYTES], recovered);
}

#[test]
fn fixture_of_format_1_still_loads() {
    let slots = unhex(FORMAT_1);
    let (first, second) = slots.split_at(SLOT_BYTES);
    let mut disk = Some(file([Some(first.to_vec()), Some(second.to_vec())]));
    let kind = Kind::Upgrade { from: 3 };
    let Loaded::Record(record) = load(disk.as_deref()) else { panic!("not readable") };
    assert_eq!(record.state, State::Armed { kind, attempts: 1 });
    assert_eq!((record.highest_major, record.build_id.as_bytes()), (4, &b"OS4.0.9.0"[..]));
    assert_eq!(answer(&mut disk, 4), Answer::Deliver(Delivery { kind, attempt: 2 }));

    let written = [
        slot(1, 1, 1, &payload([0, 0, 0, 0, 3, 0], "OS3.0.9.0")),
        slot(1, 1, 2, &payload([1, 1, 1, 3, 4, 0], "OS4.0.9.0")),
    ];
    assert_eq!(hex(&slots), hex(&written.concat()), "the fixture is what format 1 says");
}

#[test]
fn compatible_newer_format_is_read_and_what_it_appended_is_kept() {
    let mut newer = payload([1, 1, 2, 0, 4, 0], "OS4.0.9.0");
    newer.extend_from_slice(b"appended by format 2");
    let mut disk = Some(file([Some(slot(2, FORMAT, 9, &newer)), None]));
    assert_eq!(answer(&mut disk, 4), Answer::Deliver(Delivery { kind: Kind::Fresh, attempt: 2 }));
    let mut kept = payload([1, 2, 2, 0, 4, 0], "OS4.0.9.0");
    kept.extend_from_slice(b"appended by format 2");
    assert_eq!(disk.unwrap()[SLOT_STRIDE_BYTES..], slot(2, 1, 10, &kept));
}

#[test]
fn newer_reader_wanted_is_suppressed_once_and_marked_done() {
    let newer = slot(2, FORMAT + 1, 9, b"whatever format 2 holds");
    let older = slot(1, 1, 8, &payload([1, 1, 2, 0, 4, 0], "OS4.0.9.0"));
    for slots in
        [[Some(newer.clone()), Some(older.clone())], [Some(older), Some(newer.clone())], [Some(newer), None]]
    {
        let mut disk = Some(file(slots));
        assert_eq!(load(disk.as_deref()), Loaded::Unreadable(UnreadableCause::TooNew));
        assert_eq!(answer(&mut disk, 4), Answer::Recovered);
        assert_eq!(answer(&mut disk, 4), Answer::Nothing);
    }
}

#[test]
fn whole_slots_that_make_no_sense_do_not_count() {
    let good = payload([1, 1, 2, 0, 4, 0], "x");
    let mut bad_build = good.clone();
    bad_build[22] = 65;
    let senseless = [
        slot(1, 1, 0, &good),
        slot(1, 1, u64::MAX, &good),
        slot(1, 1, 5, &good[..87]),
        slot(1, 1, 5, &bad_build),
        slot(1, 1, 5, &payload([3, 1, 2, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([1, 0, 2, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([1, 4, 2, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([1, 1, 0, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([1, 1, 4, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([0, 1, 0, 0, 4, 0], "x")),
        slot(1, 1, 5, &payload([0, 0, 2, 0, 4, 0], "x")),
    ];
    for (index, bad) in senseless.into_iter().enumerate() {
        let alone = file([Some(bad.clone()), None]);
        assert_eq!(load(Some(&alone)), Loaded::Unreadable(UnreadableCause::NoValidSlot), "{index}");
        let beside = file([Some(slot(1, 1, 4, &good)), Some(bad)]);
        assert!(matches!(load(Some(&beside)), Loaded::Record(_)), "{index}");
    }
}

/// Equal sequences are nothing that we write; of such a pair the one that delivers less counts.
#[test]
fn equal_sequences_count_for_the_later_state() {
    let armed = slot(1, 1, 5, &payload([1, 1, 2, 0, 4, 0], "x"));
    let done = slot(1, 1, 5, &payload([2, 1, 2, 0, 4, 0], "x"));
    for slots in [[armed.clone(), done.clone()], [done, armed]] {
        assert_eq!(answer(&mut Some(file(slots.map(Some))), 4), Answer::Nothing);
    }
}
