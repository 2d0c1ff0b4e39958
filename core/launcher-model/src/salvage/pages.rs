//! Rows read straight from the pages of a file, without its tables.
//!
//! SQLite reads a table from its root down, so one bad page in the middle hides all behind it, and a bad first page hides
//! everything. Here each page is looked at by itself: a leaf of a table is known by its first byte, a row of ours by the
//! tag that it opens with. What a page does not say is left out; nothing is guessed. Freed pages hold no stale rows,
//! because the store is written with `secure_delete`.
//!
//! Invariants: any bytes end in rows or none; each page is visited once, and a row's overflow pages are followed no further
//! than the file is long; allocations are bounded by the size of the file and of one row.

use super::log::{self, Log};
use crate::rows::Value;
use crate::store::records::{Records, Table};

/// The page size that the store is made with, for files whose header does not say.
const PAGE_SIZE: usize = 4096;
/// The first byte of a leaf of a table.
const TABLE_LEAF: u8 = 0x0D;
/// The longest row that is believed, in bytes.
const ROW_BYTES_MAX: usize = 64 << 20;
/// The length of the header of the file, in front of the first page's own.
const FILE_HEADER: usize = 100;

/// What the pages say.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) records: Records,
    /// How many pages there are.
    pub(crate) pages: usize,
    /// How many of them are of no kind that SQLite knows.
    pub(crate) unreadable: usize,
    /// How many rows of table leaves could not be read.
    pub(crate) broken_rows: usize,
}

/// Reads all rows of a file and the log beside it; either may be empty.
pub(crate) fn scan(main: &[u8], log: &[u8]) -> Scan {
    let log = log::read(log);
    let size = log.as_ref().map(|log| log.page_size).or_else(|| page_size(main)).unwrap_or(PAGE_SIZE);
    let pages = Pages { main, log: log.as_ref(), size };
    let mut scan = Scan { pages: pages.count(), ..Scan::default() };
    for number in 1..=scan.pages {
        let Some(page) = pages.get(number) else { continue };
        let start = if number == 1 { FILE_HEADER } else { 0 };
        match page.get(start) {
            Some(&TABLE_LEAF) => leaf(&pages, page, start, &mut scan),
            // Inner pages, index pages, overflow pages (which open with a number) and freed ones (zeros).
            Some(0x00 | 0x02 | 0x05 | 0x0A) => {}
            _ => scan.unreadable += 1,
        }
    }
    scan
}

fn page_size(main: &[u8]) -> Option<usize> {
    let size = match main.get(16..18)? {
        [0, 1] => 65_536,
        [high, low] => usize::from(u16::from_be_bytes([*high, *low])),
        _ => return None,
    };
    let signed = main.starts_with(b"SQLite format 3\0");
    (signed && size.is_power_of_two() && size >= 512).then_some(size)
}

/// The pages of a file with those of its log laid over them.
struct Pages<'a> {
    main: &'a [u8],
    log: Option<&'a Log<'a>>,
    size: usize,
}

impl<'a> Pages<'a> {
    fn count(&self) -> usize {
        match self.log {
            Some(log) => log.pages_after,
            None => self.main.len().div_ceil(self.size),
        }
    }

    fn get(&self, number: usize) -> Option<&'a [u8]> {
        if let Some(page) = self.log.and_then(|log| log.pages.get(&number)) {
            return Some(page);
        }
        let start = number.checked_sub(1)?.checked_mul(self.size)?;
        let rest = self.main.get(start..)?;
        Some(rest.get(..self.size).unwrap_or(rest)).filter(|page| !page.is_empty())
    }
}

fn leaf(pages: &Pages<'_>, page: &[u8], start: usize, scan: &mut Scan) {
    let number =
        |at: usize| page.get(at..at + 2).and_then(|two| Some(u16::from_be_bytes(two.try_into().ok()?)));
    let Some(cells) = number(start + 3) else { return };
    for cell in 0..usize::from(cells) {
        // A pointer beyond the page ends the array.
        let Some(at) = number(start + 8 + cell * 2) else { break };
        match page.get(usize::from(at)..).and_then(|cell| row(pages, cell)) {
            Some(Some((table, values))) => scan.records.entry(table).or_default().push(values),
            Some(None) => {} // a row of another table
            None => scan.broken_rows += 1,
        }
    }
}

/// The row in a cell: `Some(None)` when it is whole but none of ours.
fn row(pages: &Pages<'_>, cell: &[u8]) -> Option<Option<(Table, Vec<Value>)>> {
    let mut input = cell;
    let length = usize::try_from(varint(&mut input)?).ok().filter(|length| *length <= ROW_BYTES_MAX)?;
    let number = varint(&mut input)?.cast_signed();
    let payload = payload(pages, input, length)?;
    let values = record(&payload)?;
    let mut values = values.into_iter();
    let Some(Value::Text(tag)) = values.next() else { return Some(None) };
    let Some(table) = Table::ALL.into_iter().find(|table| table.shape().1 == tag) else { return Some(None) };
    let mut values: Vec<Value> = values.collect();
    let (_, _, columns) = table.shape();
    // A row from before a column was added ends early.
    values.resize(values.len().max(columns.len()), Value::Null);
    if table.has_number()
        && let Some(first) = values.first_mut()
    {
        *first = Value::Integer(number);
    }
    Some(Some((table, values)))
}

/// The whole payload, overflow pages included.
fn payload(pages: &Pages<'_>, input: &[u8], length: usize) -> Option<Vec<u8>> {
    let usable = pages.size;
    if length <= usable - 35 {
        return input.get(..length).map(<[u8]>::to_vec);
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let surplus = least + (length - least) % (usable - 4);
    let local = if surplus <= usable - 35 { surplus } else { least };
    let mut payload = input.get(..local)?.to_vec();
    let mut next = pointer(input.get(local..)?)?;
    for _ in 0..pages.count() {
        if payload.len() >= length {
            break;
        }
        let page = pages.get(next)?;
        next = pointer(page)?;
        let take = (length - payload.len()).min(usable - 4);
        payload.extend(page.get(4..4 + take)?);
    }
    (payload.len() == length).then_some(payload)
}

fn pointer(bytes: &[u8]) -> Option<usize> {
    let (four, _) = bytes.split_first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

/// The values of a record.
fn record(payload: &[u8]) -> Option<Vec<Value>> {
    let mut header = payload;
    let header_length = usize::try_from(varint(&mut header)?).ok()?;
    let used = payload.len() - header.len();
    let mut types = header.get(..header_length.checked_sub(used)?)?;
    let mut body = payload.get(header_length..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        let kind = varint(&mut types)?;
        values.push(value(kind, &mut body)?);
    }
    body.is_empty().then_some(values)
}

fn value(kind: u64, body: &mut &[u8]) -> Option<Value> {
    let length = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => usize::try_from((kind - 12) / 2).ok()?,
    };
    let (bytes, rest) = body.split_at_checked(length)?;
    *body = rest;
    Some(match kind {
        0 => Value::Null,
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        1..=6 => Value::Integer(integer(bytes)),
        _ if kind.is_multiple_of(2) => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
    })
}

/// A big-endian two's complement number of up to eight bytes.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| *first >= 0x80);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value, byte| (value << 8) | i64::from(*byte))
}

/// SQLite's number of variable length: seven bits a byte, the ninth byte whole.
fn varint(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..9 {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        if place == 8 {
            return Some((value << 8) | u64::from(*byte));
        }
        value = (value << 7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
