//! Two checksummed slots and which of them counts (contracts 2 and 5, docs/formats/first-launch.md).
//!
//! Invariants: a slot counts only if its checksum covers it and its fields make sense; of two valid slots the
//! higher sequence counts; a write goes to the other one, so a torn write leaves the last state untouched; the
//! header's layout is the same in every format, so that an older reader finds sequence and `min_reader`.

use super::record::{KNOWN_BYTES, Record};

/// First bytes of every slot.
pub const MAGIC: [u8; 4] = *b"FRFL";
/// The format that this version writes.
pub const FORMAT: u16 = 1;
/// The oldest reader that understands what this version writes.
pub const MIN_READER: u16 = 1;
/// Bytes of a slot, checksum included.
pub const SLOT_BYTES: usize = 256;
/// Distance between the two slots: one block, so that tearing one block cannot touch both.
pub const SLOT_STRIDE_BYTES: usize = 4096;
/// Bytes of the whole file.
pub const FILE_BYTES: usize = SLOT_STRIDE_BYTES + SLOT_BYTES;

const HEADER_BYTES: usize = 20;
const CRC_BYTES: usize = 4;
const PAYLOAD_BYTES_MAX: usize = SLOT_BYTES - HEADER_BYTES - CRC_BYTES;
const _: () = assert!(KNOWN_BYTES <= PAYLOAD_BYTES_MAX);

/// Why a file that exists yields no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnreadableCause {
    /// Neither slot is whole.
    NoValidSlot,
    /// The newest slot asks for a newer reader.
    TooNew,
}

impl UnreadableCause {
    /// Words for a reason's detail.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoValidSlot => "no valid slot",
            Self::TooNew => "newer format",
        }
    }
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// There is no file.
    Absent,
    /// There is a file, and it does not say.
    Unreadable(UnreadableCause),
    /// The record of the slot that counts.
    Record(Record),
}

/// Where the next write goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NextSlot {
    pub sequence: u64,
    pub offset: usize,
}

impl NextSlot {
    /// The place of a new file's first slot, and of the first write after both slots were lost.
    pub(crate) const FIRST: Self = Self { sequence: 1, offset: 0 };

    /// The place after this one.
    pub(crate) fn after(self) -> Self {
        Self { sequence: self.sequence.saturating_add(1), offset: other(self.offset) }
    }
}

fn other(offset: usize) -> usize {
    if offset == 0 { SLOT_STRIDE_BYTES } else { 0 }
}

struct Slot {
    offset: usize,
    sequence: u64,
    /// `None` if the slot is whole but asks for a newer reader.
    record: Option<Record>,
}

/// Reads a file's bytes: what counts, and where the next write goes. Bytes beyond [`FILE_BYTES`] are not looked at.
///
/// ```
/// use ferrule_os4_compat::first_launch::{Loaded, UnreadableCause, slots};
/// assert_eq!(slots::load(None), Loaded::Absent);
/// assert_eq!(slots::load(Some(b"torn")), Loaded::Unreadable(UnreadableCause::NoValidSlot));
/// ```
pub fn load(file: Option<&[u8]>) -> Loaded {
    load_with_next(file).0
}

pub(crate) fn load_with_next(file: Option<&[u8]>) -> (Loaded, NextSlot) {
    let Some(file) = file else { return (Loaded::Absent, NextSlot::FIRST) };
    let slots = [0, SLOT_STRIDE_BYTES].into_iter().filter_map(|offset| {
        let bytes = file.get(offset..)?.first_chunk::<SLOT_BYTES>()?;
        decode(bytes, offset)
    });
    // Equal sequences cannot come from us; of such a pair the one that delivers less counts.
    let newest = slots.max_by_key(|slot| {
        (slot.sequence, slot.record.as_ref().map_or((u8::MAX, 0), |record| record.state.progress()))
    });
    let Some(newest) = newest else {
        return (Loaded::Unreadable(UnreadableCause::NoValidSlot), NextSlot::FIRST);
    };
    let next = NextSlot { sequence: newest.sequence, offset: newest.offset }.after();
    match newest.record {
        Some(record) => (Loaded::Record(record), next),
        None => (Loaded::Unreadable(UnreadableCause::TooNew), next),
    }
}

/// A slot's bytes.
pub(crate) fn encode(record: &Record, sequence: u64) -> [u8; SLOT_BYTES] {
    let mut payload = record.encode();
    payload.truncate(PAYLOAD_BYTES_MAX);
    let payload_len = payload.len() as u16;
    let header = MAGIC
        .into_iter()
        .chain(record.format.max(FORMAT).to_le_bytes())
        .chain(MIN_READER.to_le_bytes())
        .chain(sequence.to_le_bytes())
        .chain(payload_len.to_le_bytes())
        .chain([0, 0]);
    let mut slot = [0; SLOT_BYTES];
    let (body, crc) = slot.split_at_mut(SLOT_BYTES - CRC_BYTES);
    for (to, from) in body.iter_mut().zip(header.chain(payload)) {
        *to = from;
    }
    crc.copy_from_slice(&crc32c::crc32c(body).to_le_bytes());
    slot
}

/// A new file's bytes: the record in the first slot, the second one blank.
pub(crate) fn encode_file(record: &Record) -> Vec<u8> {
    let mut file = encode(record, NextSlot::FIRST.sequence).to_vec();
    file.resize(FILE_BYTES, 0);
    file
}

fn decode(bytes: &[u8; SLOT_BYTES], offset: usize) -> Option<Slot> {
    let (body, crc) = bytes.split_last_chunk::<CRC_BYTES>()?;
    if crc32c::crc32c(body) != u32::from_le_bytes(*crc) {
        return None;
    }
    let (magic, rest) = body.split_first_chunk::<4>()?;
    let (format, rest) = rest.split_first_chunk::<2>()?;
    let (min_reader, rest) = rest.split_first_chunk::<2>()?;
    let (sequence, rest) = rest.split_first_chunk::<8>()?;
    let (payload_len, rest) = rest.split_first_chunk::<2>()?;
    let (_reserved, payload) = rest.split_first_chunk::<2>()?;
    let sequence = u64::from_le_bytes(*sequence);
    // The ends of the range cannot be reached by counting from 1, and the top one could not be followed.
    if *magic != MAGIC || sequence == 0 || sequence == u64::MAX {
        return None;
    }
    if u16::from_le_bytes(*min_reader) > FORMAT {
        return Some(Slot { offset, sequence, record: None });
    }
    let payload = payload.get(..usize::from(u16::from_le_bytes(*payload_len)))?;
    let record = Record::decode(payload, u16::from_le_bytes(*format))?;
    Some(Slot { offset, sequence, record: Some(record) })
}
