//! The ring of two files and the check of the chain.
//!
//! Invariants: the file that is written grows at its end only; when it is full the other one is emptied and begins with a
//! record that chains to the last; what is durable is never cut off, but for a tail that was never whole.

use super::FILE_BYTES_MAX;
use super::record::{GENESIS, RECORD_BYTES, Record};
use crate::engine::AuditNote;

/// How the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With a whole record, or before the first.
    Whole,
    /// With so many bytes that are no whole record: a write that was cut short. All before it holds.
    Torn(usize),
    /// The chain breaks behind the record of this sequence, 0 before the first: something was changed, removed or put in, or the file is
    /// no log.
    Broken(u64),
}

/// Bytes of the longest write: the records that begin in one sector of 512 bytes, of which the last may reach into the next. What is
/// longer and no record is not what a cut-off write leaves.
const WRITE_BYTES_MAX: usize = 512 + RECORD_BYTES;

/// What two files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every record that holds, oldest first.
    pub records: Vec<Record>,
    /// How the log ends.
    pub end: End,
    /// The file that is written, 0 or 1.
    active: usize,
    /// Bytes of its whole records.
    length: usize,
    hash: [u8; 32],
}

/// Where the next record goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The file, 0 or 1.
    pub file: usize,
    /// Cut the file to this length before writing: to 0 when the ring goes on, and where a torn tail is.
    pub offset: u64,
    /// The record.
    pub bytes: [u8; RECORD_BYTES],
}

/// Writes records.
#[derive(Debug, Clone)]
pub struct Writer {
    active: usize,
    length: usize,
    sequence: u64,
    hash: [u8; 32],
}

impl Writer {
    /// Goes on behind what two files say; behind a broken chain too, whose break stays visible.
    pub fn after(report: &Report) -> Self {
        let sequence = report.records.last().map_or(0, |record| record.sequence);
        Self { active: report.active, length: report.length, sequence, hash: report.hash }
    }

    /// The next record. It counts once it was written and synced.
    pub fn append(&mut self, note: &AuditNote, time: (u64, u64)) -> Append {
        if self.length + RECORD_BYTES > FILE_BYTES_MAX {
            self.active = 1 - self.active.min(1);
            self.length = 0;
        }
        self.sequence = self.sequence.saturating_add(1);
        let (bytes, hash) = Record::of(note, self.sequence, self.hash, time).encode();
        let append = Append { file: self.active, offset: self.length as u64, bytes };
        self.hash = hash;
        self.length += RECORD_BYTES;
        append
    }
}

struct Part {
    records: Vec<(Record, [u8; 32])>,
    whole: usize,
    rest: usize,
    /// A record that holds stands behind one that does not.
    gap: bool,
}

fn part(file: &[u8]) -> Part {
    let all = file.len();
    let file = file.get(..FILE_BYTES_MAX).unwrap_or(file);
    let mut chunks = file.chunks(RECORD_BYTES);
    let records: Vec<_> = chunks.by_ref().map_while(Record::decode).collect();
    let whole = records.len() * RECORD_BYTES;
    let gap = chunks.any(|chunk| Record::decode(chunk).is_some());
    Part { records, whole, rest: all - whole, gap }
}

impl Part {
    /// Whether no writer leaves such a file: a record behind what is none, or more of the latter than one write has.
    fn is_foreign(&self) -> bool {
        self.gap || self.rest > WRITE_BYTES_MAX || self.whole + self.rest > FILE_BYTES_MAX
    }
}

/// Checks the chain over both files, in either order.
pub fn verify(files: [&[u8]; 2]) -> Report {
    let parts = files.map(part);
    let first = |part: &Part| part.records.first().map_or(0, |(record, _)| record.sequence);
    let active = usize::from(first(&parts[1]) > first(&parts[0]));
    let [a, b] = &parts;
    let (older, newer) = if active == 1 { (a, b) } else { (b, a) };
    let mut report =
        Report { records: Vec::new(), end: End::Whole, active, length: newer.whole, hash: GENESIS };
    // The ring may have dropped the beginning: the oldest record that is there is believed.
    let mut expected: Option<(u64, [u8; 32])> = None;
    for (record, hash) in older.records.iter().chain(&newer.records) {
        let follows = match expected {
            None => record.sequence > 1 || record.previous == GENESIS,
            Some((sequence, previous)) => {
                sequence.checked_add(1) == Some(record.sequence) && record.previous == previous
            }
        };
        if !follows && report.end == End::Whole {
            report.end = End::Broken(expected.map_or(0, |(sequence, _)| sequence));
        }
        expected = Some((record.sequence, *hash));
        if report.end == End::Whole {
            report.records.push(record.clone());
        }
        report.hash = *hash;
    }
    let last = report.records.last().map_or(0, |record| record.sequence);
    // The older file was full when the ring went on. A file without a record may be where the ring was to go on: its length became
    // durable, what was written did not.
    let first_alone = older.rest <= RECORD_BYTES || newer.records.is_empty();
    let begun = if older.records.is_empty() && first_alone { older.rest } else { 0 };
    let rest_of_older = !newer.records.is_empty() && older.rest >= RECORD_BYTES && begun == 0;
    let torn = newer.rest.max(begun);
    if report.end == End::Whole && (older.is_foreign() || newer.is_foreign() || rest_of_older) {
        report.end = End::Broken(last);
    } else if report.end == End::Whole && torn > 0 {
        report.end = End::Torn(torn);
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Actor;
    use crate::reason::RoCode;
    use crate::stage::Rung;

    fn note() -> AuditNote {
        AuditNote {
            actor: Actor::Operator,
            feature: None,
            from: Rung::OFF,
            to: Rung::SHADOW,
            reason: RoCode::SetByOperator,
        }
    }

    fn write(files: &mut [Vec<u8>; 2], append: &Append) {
        let file = &mut files[append.file];
        file.truncate(append.offset as usize);
        file.extend_from_slice(&append.bytes);
    }

    fn log(count: u64) -> [Vec<u8>; 2] {
        let mut files = [Vec::new(), Vec::new()];
        let mut writer = Writer::after(&verify([&[], &[]]));
        for time in 0..count {
            write(&mut files, &writer.append(&note(), (1, time)));
        }
        files
    }

    fn check(files: &[Vec<u8>; 2]) -> Report {
        verify([&files[0], &files[1]])
    }

    #[test]
    fn the_ring_goes_round_and_the_chain_holds() {
        let each = (FILE_BYTES_MAX / RECORD_BYTES) as u64;
        for count in [0, 1, each, each + 1, 2 * each, 2 * each + 1, 3 * each + 5] {
            let files = log(count);
            assert!(files.iter().all(|file| file.len() <= FILE_BYTES_MAX));
            let report = check(&files);
            assert_eq!(report.end, End::Whole, "{count}");
            assert_eq!(report.records.last().map_or(0, |record| record.sequence), count);
            assert!(report.records.len() as u64 >= count.min(each));
        }
    }

    #[test]
    fn every_torn_write_is_a_torn_tail_and_is_written_over() {
        let each = FILE_BYTES_MAX / RECORD_BYTES;
        for before in [3, each] {
            let files = log(before as u64);
            let report = check(&files);
            let append = Writer::after(&report).append(&note(), (1, 9));
            for bytes in 0..=RECORD_BYTES {
                let mut torn = files.clone();
                torn[append.file].truncate(append.offset as usize);
                torn[append.file].extend_from_slice(&append.bytes[..bytes]);
                let found = check(&torn);
                let whole = before + usize::from(bytes == RECORD_BYTES);
                assert_eq!(found.records.len(), whole, "{before}, {bytes}");
                assert!(!matches!(found.end, End::Broken(_)), "{bytes}: {:?}", found.end);
                write(&mut torn, &Writer::after(&found).append(&note(), (2, 0)));
                let mended = check(&torn);
                assert_eq!((mended.end, mended.records.len()), (End::Whole, whole + 1), "{before}, {bytes}");
            }
        }
    }

    #[test]
    fn whatever_is_changed_removed_or_put_in_is_seen() {
        let files = log(6);
        let file = &files[0];
        for at in 0..5 * RECORD_BYTES {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(matches!(verify([&changed, &[]]).end, End::Broken(_)), "byte {at}");
        }
        for at in 0..5 {
            let mut removed = file.clone();
            removed.drain(at * RECORD_BYTES..(at + 1) * RECORD_BYTES);
            let end = verify([&removed, &[]]).end;
            // Without its first record the log looks like one whose beginning the ring dropped.
            assert_eq!(matches!(end, End::Broken(_)), at > 0, "record {at}: {end:?}");
            let mut doubled = file.clone();
            doubled.splice(0..0, file[at * RECORD_BYTES..(at + 1) * RECORD_BYTES].iter().copied());
            assert!(matches!(verify([&doubled, &[]]).end, End::Broken(_)), "double {at}");
        }
    }
}
