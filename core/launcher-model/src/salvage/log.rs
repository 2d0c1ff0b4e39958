//! The committed pages of a write-ahead log, read from its bytes.
//!
//! SQLite throws a log away when it finds the main file empty, and cannot use it when it cannot read the header; the
//! pages in it are the newest that there are. Frames count up to the last commit whose chain of checksums holds.

use std::collections::BTreeMap;

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

/// Reads a log; `None` where there is no commit in it.
pub(crate) fn read(bytes: &[u8]) -> Option<Log<'_>> {
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
    let mut sum = checksum((0, 0), header.get(..24)?, big_endian);
    if sum != (word(header, 24)?, word(header, 28)?) {
        return None;
    }
    let salts = (word(header, 16)?, word(header, 20)?);
    let mut pending: Vec<(usize, &[u8])> = Vec::new();
    let mut log = Log { page_size, pages: BTreeMap::new(), pages_after: 0 };
    for frame in bytes.get(HEADER..)?.chunks_exact(FRAME_HEADER + page_size) {
        let (header, page) = frame.split_at_checked(FRAME_HEADER)?;
        sum = checksum(sum, header.get(..8)?, big_endian);
        sum = checksum(sum, page, big_endian);
        let number = usize::try_from(word(header, 0)?).ok()?;
        let same =
            (word(header, 8)?, word(header, 12)?) == salts && (word(header, 16)?, word(header, 20)?) == sum;
        if !same || number == 0 {
            break;
        }
        pending.push((number, page));
        let pages_after = usize::try_from(word(header, 4)?).ok()?;
        if pages_after > 0 {
            log.pages_after = pages_after;
            log.pages.extend(pending.drain(..));
        }
    }
    (log.pages_after > 0).then_some(log)
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
