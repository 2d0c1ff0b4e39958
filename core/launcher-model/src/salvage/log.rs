//! The committed pages of a write-ahead log, read from its bytes.
//!
//! SQLite throws a log away when it finds the main file empty, and cannot use it when it cannot read the header; the
//! pages in it are the newest that there are. Frames count up to the last commit whose chain of checksums holds.

use std::collections::BTreeMap;
use std::io::{self, Read};

/// The committed pages of a log.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    pub(crate) page_size: usize,
    /// The newest image of each page, by number from 1.
    pub(crate) pages: BTreeMap<usize, &'a [u8]>,
    /// How many pages the file has after the last commit.
    pub(crate) pages_after: usize,
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const MAGIC: u32 = 0x377F_0682;

/// What the header of a log says, and the sum that the chain of its frames begins with.
#[derive(Debug, Clone, Copy)]
struct Header {
    big_endian: bool,
    page_size: usize,
    salts: (u32, u32),
    sum: (u32, u32),
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        let magic = word(header, 0)?;
        if magic & !1 != MAGIC {
            return None;
        }
        let big_endian = magic & 1 == 1;
        let page_size = usize::try_from(word(header, 8)?).ok()?;
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return None;
        }
        let sum = checksum((0, 0), header.get(..24)?, big_endian);
        let salts = (word(header, 16)?, word(header, 20)?);
        let is_sound = sum == (word(header, 24)?, word(header, 28)?);
        is_sound.then_some(Self { big_endian, page_size, salts, sum })
    }

    /// Whether a frame is the next one of the chain, which it then continues.
    fn accepts(&mut self, frame: &[u8]) -> Option<bool> {
        let (header, page) = frame.split_at_checked(FRAME_HEADER)?;
        self.sum = checksum(self.sum, header.get(..8)?, self.big_endian);
        self.sum = checksum(self.sum, page, self.big_endian);
        let is_next = salts_of(frame)? == self.salts && (word(header, 16)?, word(header, 20)?) == self.sum;
        Some(is_next && word(header, 0)? != 0)
    }
}

impl Header {
    /// Whether a frame that is not in the chain was committed in this log's time. A log begun anew counts its first salt up
    /// by one, and what lies behind its frames is of the time before.
    fn has_lost(&self, frame: &[u8], is_first: bool) -> bool {
        let Some(salts) = salts_of(frame) else { return false };
        let is_commit = word(frame, 4).is_some_and(|pages_after| pages_after > 0);
        let is_stale = salts.0 == self.salts.0.wrapping_sub(1);
        (salts == self.salts && is_commit) || (is_first && salts != self.salts && !is_stale)
    }
}

fn salts_of(frame: &[u8]) -> Option<(u32, u32)> {
    Some((word(frame, 8)?, word(frame, 12)?))
}

/// Reads a log; `None` where there is no commit in it.
pub(crate) fn read(bytes: &[u8]) -> Option<Log<'_>> {
    let mut chain = Header::of(bytes)?;
    let page_size = chain.page_size;
    let mut pending: Vec<(usize, &[u8])> = Vec::new();
    let mut log = Log { page_size, pages: BTreeMap::new(), pages_after: 0 };
    for frame in bytes.get(HEADER..)?.chunks_exact(FRAME_HEADER + page_size) {
        if !chain.accepts(frame)? {
            break;
        }
        pending.push((usize::try_from(word(frame, 0)?).ok()?, frame.get(FRAME_HEADER..)?));
        let pages_after = usize::try_from(word(frame, 4)?).ok()?;
        if pages_after > 0 {
            log.pages_after = pages_after;
            log.pages.extend(pending.drain(..));
        }
    }
    (log.pages_after > 0).then_some(log)
}

/// Whether SQLite passes over something in a log that was committed: all of one whose header it does not accept, and each
/// commit behind the place where the chain breaks. What a log held before it was begun anew is no loss: it is in the main file.
///
/// # Errors
/// What keeps the log from being read.
pub(crate) fn is_unusable(mut log: impl Read) -> io::Result<bool> {
    let mut header = Vec::with_capacity(HEADER);
    log.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
    let Some(mut chain) = Header::of(&header) else { return Ok(log.read(&mut [0])? > 0) };
    let size = FRAME_HEADER + chain.page_size;
    let mut frame = Vec::with_capacity(size);
    let (mut is_first, mut is_chained) = (true, true);
    loop {
        frame.clear();
        log.by_ref().take(size as u64).read_to_end(&mut frame)?;
        if frame.len() < size {
            // A later one is cut off where its writer died.
            return Ok(is_first && !frame.is_empty());
        }
        is_chained = is_chained && chain.accepts(&frame) == Some(true);
        if !is_chained && chain.has_lost(&frame, is_first) {
            return Ok(true);
        }
        is_first = false;
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// SQLite's running checksum over pairs of 32-bit words.
fn checksum((mut first, mut second): (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let read = |four: [u8; 4]| if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
    for pair in bytes.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *pair;
        first = first.wrapping_add(read([a, b, c, d])).wrapping_add(second);
        second = second.wrapping_add(read([e, f, g, h])).wrapping_add(first);
    }
    (first, second)
}
