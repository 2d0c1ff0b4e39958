//! The beacon page, format 1 (contracts 6, `docs/formats/rollout-beacon.md`).
//!
//! What it is: reading a page that a process left behind, and making one, for tests and the simulator. What it is not: the
//! enter and leave of a call; those are single stores into the mapped page.
//!
//! Invariants: a page that is not whole is `None`; a reader looks at no more slots than the page holds; fields that a
//! later format adds do not disturb this one.

/// First bytes.
pub const MAGIC: [u8; 4] = *b"FRB1";
/// The format.
pub const FORMAT: u16 = 1;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 64;
/// Bytes of a slot: one thread.
pub const SLOT_BYTES: usize = 64;
/// Bytes of an entry: one call.
pub const ENTRY_BYTES: usize = 16;
/// Entries of a slot: how deep calls of one thread nest.
pub const DEPTH: usize = SLOT_BYTES / ENTRY_BYTES;
/// Where the set of features that had started a call stands.
pub const STARTED_AT: usize = 16;
/// Where the count of calls without a slot stands: in the low half those in flight, in the high half all.
pub const OVERFLOW_AT: usize = 48;
/// Where the mirror of quarantines stands.
pub const MIRROR_AT: usize = 56;
/// The bit of the mirror that says safe mode; the others are features.
pub const MIRROR_SAFE_MODE: u64 = 1 << 63;

/// One call that is, or was, in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The feature's number.
    pub feature: u16,
    /// The feature's own number of the operation.
    pub op: u16,
    /// The thread.
    pub tid: u32,
    /// Counts calls of the process from 1; 0 is free.
    pub sequence: u64,
}

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beacon {
    /// Bytes of the page.
    pub page_bytes: u32,
    /// The process.
    pub pid: u32,
    /// Features that had started a call, as bits.
    pub started: u64,
    /// The boot, as [`id_hash`](crate::bucket::id_hash) of its id.
    pub boot: u64,
    /// The candidate's build, likewise.
    pub build: u64,
    /// Start of the process, CLOCK_BOOTTIME in ns.
    pub start_ns: u64,
    /// Calls without a slot that are in flight.
    pub overflow_now: u32,
    /// All calls without a slot.
    pub overflow_all: u32,
    /// Features that may not run under `build`, as bits, and [`MIRROR_SAFE_MODE`] (R43).
    pub mirror: u64,
    /// Calls in flight, in the order of the slots.
    pub in_flight: Vec<Entry>,
}

impl Beacon {
    /// Reads a page; `None` unless it is one of format 1.
    pub fn read(page: &[u8]) -> Option<Self> {
        let slots = page.get(HEADER_BYTES..)?;
        if page.get(..4)? != MAGIC || u16_at(page, 4)? != FORMAT {
            return None;
        }
        let count = usize::from(u16_at(page, 6)?);
        let overflow = u64_at(page, OVERFLOW_AT)?;
        let entries = slots.chunks_exact(ENTRY_BYTES).take(count.saturating_mul(DEPTH));
        let in_flight = entries.filter_map(Entry::read).filter(|entry| entry.sequence != 0).collect();
        Some(Self {
            page_bytes: u32_at(page, 8)?,
            pid: u32_at(page, 12)?,
            started: u64_at(page, STARTED_AT)?,
            boot: u64_at(page, 24)?,
            build: u64_at(page, 32)?,
            start_ns: u64_at(page, 40)?,
            overflow_now: overflow as u32,
            overflow_all: (overflow >> 32) as u32,
            mirror: u64_at(page, MIRROR_AT)?,
            in_flight,
        })
    }

    /// A page of `page_bytes` (4,096 or 16,384), with the calls in flight one a slot from the first on.
    pub fn write(&self) -> Vec<u8> {
        let size = usize::try_from(self.page_bytes).unwrap_or(0).clamp(HEADER_BYTES, 1 << 16);
        let slots = (size - HEADER_BYTES) / SLOT_BYTES;
        let mut page = Vec::with_capacity(size);
        page.extend_from_slice(&MAGIC);
        page.extend_from_slice(&FORMAT.to_le_bytes());
        page.extend_from_slice(&(slots as u16).to_le_bytes());
        page.extend_from_slice(&self.page_bytes.to_le_bytes());
        page.extend_from_slice(&self.pid.to_le_bytes());
        let overflow = u64::from(self.overflow_all) << 32 | u64::from(self.overflow_now);
        for field in [self.started, self.boot, self.build, self.start_ns, overflow, self.mirror] {
            page.extend_from_slice(&field.to_le_bytes());
        }
        for entry in self.in_flight.iter().take(slots) {
            entry.write(&mut page);
            page.resize(page.len() + SLOT_BYTES - ENTRY_BYTES, 0);
        }
        page.resize(size, 0);
        page
    }

    /// The features to blame if the process died, as bits: those in flight; every one that had started a call where a call
    /// had no slot.
    pub fn suspects(&self) -> u64 {
        let bit = |entry: &Entry| if entry.feature < 63 { 1_u64 << entry.feature } else { 0 };
        let seen = self.in_flight.iter().map(bit).fold(0, |bits, bit| bits | bit);
        let unseen = crate::mutants::holds(crate::mutants::Mutation::OverflowBlames, self.overflow_now > 0);
        (seen | if unseen { self.started } else { 0 }) & !MIRROR_SAFE_MODE
    }

    /// Whether any call was in flight.
    pub fn has_calls(&self) -> bool {
        !self.in_flight.is_empty() || self.overflow_now > 0
    }
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            feature: u16_at(bytes, 0)?,
            op: u16_at(bytes, 2)?,
            tid: u32_at(bytes, 4)?,
            sequence: u64_at(bytes, 8)?,
        })
    }

    fn write(self, page: &mut Vec<u8>) {
        page.extend_from_slice(&self.feature.to_le_bytes());
        page.extend_from_slice(&self.op.to_le_bytes());
        page.extend_from_slice(&self.tid.to_le_bytes());
        page.extend_from_slice(&self.sequence.to_le_bytes());
    }
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_back_and_each_of_its_sizes_is_whole() {
        for page_bytes in [4096, 16384] {
            let beacon = Beacon {
                page_bytes,
                pid: 7,
                started: 0b101,
                boot: 1,
                build: 2,
                start_ns: 3,
                overflow_now: 1,
                overflow_all: 9,
                mirror: MIRROR_SAFE_MODE | 4,
                in_flight: vec![
                    Entry { feature: 2, op: 1, tid: 8, sequence: 40 },
                    Entry { feature: 0, op: 3, tid: 9, sequence: 41 },
                ],
            };
            let page = beacon.write();
            assert_eq!(page.len(), page_bytes as usize);
            assert_eq!(Beacon::read(&page), Some(beacon));
            for end in 0..HEADER_BYTES {
                assert_eq!(Beacon::read(&page[..end]), None);
            }
        }
    }

    #[test]
    fn calls_without_a_slot_blame_every_feature_that_had_started() {
        let call = |feature| Entry { feature, op: 0, tid: 1, sequence: 1 };
        let beacon = Beacon { started: 0b111, in_flight: vec![call(1), call(900)], ..Beacon::default() };
        assert_eq!(beacon.suspects(), 0b010);
        assert_eq!(Beacon { overflow_now: 1, ..beacon }.suspects(), 0b111);
    }
}
