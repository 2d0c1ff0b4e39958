//! Reads `build.prop` text and `getprop` output. Every line ends up in exactly one count of the report.
//!
//! Invariants: each byte is looked at a fixed number of times; nothing is allocated per line; no input fails.

use super::index::{Entry, Index, Span};
use super::partition::Partition;
use super::report::{Format, IgnoredCause, ParseReport};
use super::{PropertyMap, is_blank, trim};

/// The longest key, in bytes. Longer than any real one (about 90); it bounds the work of comparing keys.
pub const KEY_MAX_BYTES: usize = 256;

/// The longest input, in bytes; what lies beyond is counted as one ignored line.
pub const INPUT_MAX_BYTES: usize = 64 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An input while it is read.
struct Reader<'a> {
    text: &'a [u8],
    partition: Partition,
    entries: Vec<Entry>,
    report: ParseReport,
}

pub(super) fn parse(bytes: &[u8], partition: Partition) -> PropertyMap {
    let kept = bytes.get(..INPUT_MAX_BYTES).unwrap_or(bytes);
    let text = kept.strip_prefix(BYTE_ORDER_MARK).unwrap_or(kept);
    let format = detect(text);
    let live = format == Format::Getprop && partition == Partition::Unknown;
    let mut reader = Reader {
        text,
        partition: if live { Partition::Live } else { partition },
        // A line of a real file has about 45 bytes.
        entries: Vec::with_capacity((text.len() / 40).min(1 << 16)),
        report: ParseReport { inputs: 1, format, ..ParseReport::default() },
    };
    match format {
        Format::Getprop => reader.read_getprop(),
        Format::BuildProp | Format::Pairs => reader.read_build_prop(),
    }
    if kept.len() < bytes.len() {
        let line = reader.report.lines + 1;
        reader.report.ignore(reader.partition, line, IgnoredCause::InputTooLong);
    }
    finish(text.to_vec(), reader.entries, reader.report)
}

pub(super) fn from_pairs<K: AsRef<[u8]>, V: AsRef<[u8]>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> PropertyMap {
    let mut text = Vec::new();
    let mut entries = Vec::new();
    let mut report = ParseReport { inputs: 1, format: Format::Pairs, ..ParseReport::default() };
    for (key, value) in pairs {
        report.lines += 1;
        let key = trim(key.as_ref());
        if let Err(cause) = check_key(key) {
            report.ignore(Partition::Live, report.lines, cause);
            continue;
        }
        entries.push(Entry::append(&mut text, key, trim(value.as_ref()), Partition::Live));
        report.assignments += 1;
    }
    finish(text, entries, report)
}

fn finish(text: Vec<u8>, entries: Vec<Entry>, mut report: ParseReport) -> PropertyMap {
    let (index, superseded) = Index::new(entries, &text);
    report.duplicates = superseded;
    PropertyMap { text, index, report }
}

/// Getprop output begins with an entry; everything else is read as `key=value`.
fn detect(text: &[u8]) -> Format {
    let contents = lines(text).map(|line| line.trim().bytes);
    let first = contents.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#"));
    if first.is_some_and(|line| getprop_key_len(line).is_some()) {
        Format::Getprop
    } else {
        Format::BuildProp
    }
}

/// Part of an input, and where it begins in it.
#[derive(Clone, Copy)]
struct Piece<'a> {
    start: usize,
    bytes: &'a [u8],
}

impl<'a> Piece<'a> {
    fn trim(self) -> Self {
        let trimmed_start = self.bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(self.bytes.len());
        Self { start: self.start + trimmed_start, bytes: trim(self.bytes) }
    }

    fn skip(self, len: usize) -> Self {
        Self { start: self.start + len, bytes: self.bytes.get(len..).unwrap_or_default() }
    }

    fn take(self, len: usize) -> Self {
        Self { bytes: self.bytes.get(..len).unwrap_or(self.bytes), ..self }
    }

    fn span(self) -> Span {
        Span { start: self.start, len: self.bytes.len() }
    }
}

/// Lines without their newline. After a last newline there is no line.
fn lines(text: &[u8]) -> impl Iterator<Item = Piece<'_>> + Clone {
    let mut start = 0;
    let pieces = text.split(|&byte| byte == b'\n').map(move |bytes| {
        let piece = Piece { start, bytes };
        start += bytes.len() + 1;
        piece
    });
    pieces.take_while(|piece| piece.start < text.len())
}

const GETPROP_OPEN: &[u8] = b"[";
const GETPROP_MIDDLE: &[u8] = b"]: [";

/// The length of the key in `[key]: [rest`.
fn getprop_key_len(line: &[u8]) -> Option<usize> {
    let inner = line.strip_prefix(GETPROP_OPEN)?;
    let close = inner.iter().position(|&byte| byte == b']')?;
    inner.get(close..)?.starts_with(GETPROP_MIDDLE).then_some(close)
}

/// Whether a trimmed key can be the name of a property.
fn check_key(key: &[u8]) -> Result<(), IgnoredCause> {
    if key.is_empty() {
        return Err(IgnoredCause::EmptyKey);
    }
    if key.len() > KEY_MAX_BYTES {
        return Err(IgnoredCause::KeyTooLong);
    }
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@' | b':');
    if key.iter().all(legal) { Ok(()) } else { Err(IgnoredCause::IllegalKey) }
}

impl<'a> Reader<'a> {
    fn read_build_prop(&mut self) {
        for line in lines(self.text) {
            self.report.lines += 1;
            let line = line.trim();
            if self.count_without_content(line.bytes) {
                continue;
            }
            if let Some(equals) = line.bytes.iter().position(|&byte| byte == b'=') {
                let left = line.take(equals);
                let (key, optional) = match left.bytes.strip_suffix(b"?") {
                    Some(key) => (left.take(key.len()), true),
                    None => (left, false),
                };
                self.assign(self.report.lines, key.trim(), line.skip(equals + 1).trim(), optional);
            } else if line.bytes.starts_with(b"import ") {
                self.report.imports += 1;
            } else {
                self.report.ignore(self.partition, self.report.lines, IgnoredCause::NoAssignment);
            }
        }
    }

    /// Values can have newlines in them. A value ends at the line that ends with `]`; if lines follow that begin no
    /// entry, they belong to it when the last of them ends with `]` too, and are ignored otherwise.
    fn read_getprop(&mut self) {
        let mut rest = lines(self.text);
        let mut at = 0;
        while let Some(line) = rest.next() {
            if line.start < at {
                continue;
            }
            let number = self.report.lines + 1;
            let trimmed = line.trim();
            let Some(key_len) = getprop_key_len(trimmed.bytes) else {
                self.report.lines += 1;
                if !self.count_without_content(trimmed.bytes) {
                    self.report.ignore(self.partition, number, IgnoredCause::NoAssignment);
                }
                continue;
            };
            let Some(end) = value_end(line, rest.clone()) else {
                self.report.lines += 1;
                self.report.ignore(self.partition, number, IgnoredCause::Unterminated);
                continue;
            };
            self.report.lines += end.lines;
            at = end.next;
            let key = trimmed.skip(GETPROP_OPEN.len()).take(key_len);
            let value_start = key.start + key_len + GETPROP_MIDDLE.len();
            let value = self.text.get(value_start..end.bracket).unwrap_or_default();
            self.assign(number, key.trim(), Piece { start: value_start, bytes: value }.trim(), false);
        }
    }

    /// Counts a blank line or a comment.
    fn count_without_content(&mut self, trimmed: &[u8]) -> bool {
        match trimmed {
            [] => self.report.blank += 1,
            [b'#', ..] => self.report.comments += 1,
            _ => return false,
        }
        true
    }

    fn assign(&mut self, number: u64, key: Piece<'a>, value: Piece<'a>, optional: bool) {
        if let Err(cause) = check_key(key.bytes) {
            self.report.ignore(self.partition, number, cause);
            return;
        }
        self.entries.push(Entry::new(key.bytes, key.span(), value.span(), self.partition, optional));
        self.report.assignments += 1;
        self.report.optional += u64::from(optional);
    }
}

/// Where a getprop value ends.
#[derive(Clone, Copy)]
struct ValueEnd {
    /// Offset of the closing bracket.
    bracket: usize,
    /// Offset of the line after.
    next: usize,
    /// Lines of the entry.
    lines: u64,
}

/// Where the value of the entry that begins on line `first` ends, if it does before the next entry.
fn value_end<'a>(first: Piece<'a>, following: impl Iterator<Item = Piece<'a>>) -> Option<ValueEnd> {
    let (mut nearest, mut last) = (None, None);
    for (line, lines) in std::iter::once(first).chain(following).zip(1..) {
        let trimmed = line.trim();
        let is_next_entry = lines > 1 && getprop_key_len(trimmed.bytes).is_some();
        if is_next_entry || (trimmed.bytes.is_empty() && nearest.is_some()) {
            break;
        }
        last = trimmed.bytes.ends_with(b"]").then(|| ValueEnd {
            bracket: trimmed.start + trimmed.bytes.len() - 1,
            next: line.start + line.bytes.len() + 1,
            lines,
        });
        nearest = nearest.or(last);
    }
    last.or(nearest)
}
