//! The file of two slots, and which of them counts (R43, R45).
//!
//! What it is: bytes to a state and back. What it is not: it writes nothing; see [`store`](super::store).
//!
//! Invariants: a slot counts only if its checksum is right and its payload makes sense; of two the higher sequence counts;
//! header and checksum stand in the same places in every format, so that an older reader finds sequence and `min_reader`.

use super::payload::Payload;
use super::wire::Reader;
use crate::mutants::{Mutation, holds};

/// First bytes of every slot.
pub const MAGIC: [u8; 4] = *b"FRRS";
/// The format that this version writes.
pub const FORMAT: u16 = 1;
/// The oldest reader that understands what this version writes.
pub const MIN_READER: u16 = 1;
/// Bytes of a slot: the distance between the two.
pub const SLOT_BYTES: usize = 32_768;
/// Bytes of the whole file.
pub const FILE_BYTES: usize = 2 * SLOT_BYTES;
/// Bytes before the payload.
pub const HEADER_BYTES: usize = 40;
/// Bytes of the checksum behind it.
pub const CRC_BYTES: usize = 4;
/// Bytes of the largest payload.
pub const PAYLOAD_BYTES_MAX: usize = SLOT_BYTES - HEADER_BYTES - CRC_BYTES;

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// There is no file.
    Absent,
    /// There is a file, and no slot of it is whole (R43).
    Lost,
    /// The newest slot asks for a newer reader (R45).
    TooNew,
    /// The payload of the slot that counts.
    State(Payload),
}

/// Where the next write goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The sequence it gets.
    pub sequence: u64,
    /// The slot, 0 or 1.
    pub slot: usize,
}

impl Next {
    /// The first write of a file.
    pub const FIRST: Self = Self { sequence: 1, slot: 0 };
}

struct Slot {
    index: usize,
    sequence: u64,
    /// `None` if the slot is whole but asks for a newer reader.
    payload: Option<Payload>,
}

/// Reads a file's bytes: what counts, and where the next write goes. Bytes beyond [`FILE_BYTES`] are not looked at.
pub fn load(file: Option<&[u8]>) -> (Loaded, Next) {
    let Some(file) = file else { return (Loaded::Absent, Next::FIRST) };
    let slots = (0..2).filter_map(|index| {
        let bytes = file.get(index * SLOT_BYTES..)?;
        decode(bytes.get(..SLOT_BYTES).unwrap_or(bytes), index)
    });
    let newest = if holds(Mutation::HigherSequence, true) {
        slots.max_by_key(|slot| slot.sequence)
    } else {
        slots.min_by_key(|slot| slot.sequence)
    };
    let Some(newest) = newest else { return (Loaded::Lost, Next::FIRST) };
    let slot = if holds(Mutation::OlderSlot, true) { 1 - newest.index } else { newest.index };
    let next = Next { sequence: newest.sequence.saturating_add(1), slot };
    (newest.payload.map_or(Loaded::TooNew, Loaded::State), next)
}

/// The bytes of a slot, without the rest of its place; `None` if the payload is too large.
pub fn encode(payload: &Payload, sequence: u64) -> Option<Vec<u8>> {
    let body = payload.encode();
    if body.len() > PAYLOAD_BYTES_MAX {
        return None;
    }
    let mut out = Vec::with_capacity(HEADER_BYTES + body.len() + CRC_BYTES);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&MIN_READER.to_le_bytes());
    for field in [sequence, payload.durable.boot, payload.durable.boottime_ms] {
        out.extend_from_slice(&field.to_le_bytes());
    }
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&body);
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    Some(out)
}

/// A new file: the payload in the first slot, zeros in the second. `None` if the payload is too large.
pub fn encode_file(payload: &Payload) -> Option<Vec<u8>> {
    let mut file = encode(payload, Next::FIRST.sequence)?;
    file.resize(FILE_BYTES, 0);
    Some(file)
}

fn decode(bytes: &[u8], index: usize) -> Option<Slot> {
    let mut header = Reader(bytes);
    if header.bytes(4)? != MAGIC {
        return None;
    }
    let _format = header.u16()?;
    let min_reader = header.u16()?;
    let sequence = header.u64().filter(|sequence| *sequence != 0 && *sequence != u64::MAX)?;
    let (boot, boottime_ms) = (header.u64()?, header.u64()?);
    let length = usize::try_from(header.u32()?).ok().filter(|length| *length <= PAYLOAD_BYTES_MAX)?;
    header.bytes(4)?;
    let body = header.bytes(length)?;
    let crc = u32::from_le_bytes(*header.bytes(CRC_BYTES)?.first_chunk()?);
    let covered = bytes.get(..HEADER_BYTES + length)?;
    if holds(Mutation::ChecksumCounts, crc32c::crc32c(covered) != crc) {
        return None;
    }
    let payload = if min_reader > FORMAT {
        None
    } else {
        let mut payload = Payload::decode(body)?;
        payload.durable.boot = boot;
        payload.durable.boottime_ms = boottime_ms;
        Some(payload)
    };
    Some(Slot { index, sequence, payload })
}
