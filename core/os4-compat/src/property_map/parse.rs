//! Reads `build.prop` text and `getprop` output. Every line ends up in exactly one count of the report.
//!
//! Invariants: each byte is looked at a fixed number of times; nothing is allocated per line; no input fails.

use super::index::{Entry, Index};
use super::partition::Partition;
use super::report::{Format, IgnoredCause, ParseReport};
use super::{PropertyMap, trim};

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
        let (key_start, value) = (text.len(), trim(value.as_ref()));
        text.extend_from_slice(key);
        text.extend_from_slice(value);
        let spans = ((key_start, key.len()), (key_start + key.len(), value.len()));
        entries.push(Entry::at(&text, spans.0, spans.1, Partition::Live, false));
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
    let content =
        lines(text).map(|(_, line)| trim(line)).find(|line| !line.is_empty() && !line.starts_with(b"#"));
    if content.is_some_and(is_getprop_entry) { Format::Getprop } else { Format::BuildProp }
}

/// Lines with their offsets, without the newline.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    text.split(|&byte| byte == b'\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

fn is_getprop_entry(line: &[u8]) -> bool {
    split_getprop(line).is_some()
}

/// `[key]: [rest` → the key and what follows the second bracket.
fn split_getprop(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = line.strip_prefix(b"[")?;
    let close = inner.iter().position(|&byte| byte == b']')?;
    let rest = inner.get(close..)?.strip_prefix(b"]: [")?;
    Some((inner.get(..close)?, rest))
}

/// Whether a trimmed key can be the name of a property.
fn check_key(key: &[u8]) -> Result<(), IgnoredCause> {
    if key.is_empty() {
        return Err(IgnoredCause::EmptyKey);
    }
    if key.len() > KEY_MAX_BYTES {
        return Err(IgnoredCause::KeyTooLong);
    }
    let legal = |byte: &u8| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'@' | b':');
    if key.iter().all(legal) { Ok(()) } else { Err(IgnoredCause::IllegalKey) }
}

impl<'a> Reader<'a> {
    fn read_build_prop(&mut self) {
        for (_, line) in lines(self.text) {
            if !self.count_line(line) {
                continue;
            }
            let number = self.report.lines;
            let line = trim(line);
            if line.is_empty() {
                self.report.blank += 1;
            } else if line.starts_with(b"#") {
                self.report.comments += 1;
            } else if let Some(equals) = line.iter().position(|&byte| byte == b'=') {
                let (left, right) = line.split_at(equals);
                let (key, optional) = left.strip_suffix(b"?").map_or((left, false), |key| (key, true));
                let value = right.strip_prefix(b"=").unwrap_or_default();
                self.assign(number, trim(key), trim(value), optional);
            } else if line.starts_with(b"import ") {
                self.report.imports += 1;
            } else {
                self.report.ignore(self.partition, number, IgnoredCause::NoAssignment);
            }
        }
    }

    /// Values can have newlines in them. A value ends at the line that ends with `]`; if lines follow that begin no
    /// entry, they belong to it when the last of them ends with `]` too, and are ignored otherwise.
    fn read_getprop(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let (line, next) = self.line_at(at);
            let trimmed = trim(line);
            let number = self.report.lines + 1;
            let Some((key, _)) = split_getprop(trimmed) else {
                self.count_line(line);
                match trimmed {
                    b"" => self.report.blank += 1,
                    [b'#', ..] => self.report.comments += 1,
                    _ => self.report.ignore(self.partition, number, IgnoredCause::NoAssignment),
                }
                at = next;
                continue;
            };
            let after_key = offset_in(self.text, key) + key.len() + b"]: [".len();
            let end = self.getprop_value_end(at);
            let after = end.map_or(next, |end| end.next);
            self.report.lines += end.as_ref().map_or(1, |end| end.lines);
            match end {
                Some(end) => {
                    let value = self.text.get(after_key..end.bracket).unwrap_or_default();
                    self.assign(number, trim(key), trim(value), false);
                }
                None => self.report.ignore(self.partition, number, IgnoredCause::Unterminated),
            }
            at = after;
        }
    }

    /// Where the value of the entry that begins at `at` ends.
    fn getprop_value_end(&self, at: usize) -> Option<ValueEnd> {
        let (mut from, mut lines) = (at, 0);
        let (mut first, mut last) = (None, None);
        while from < self.text.len() {
            let (line, next) = self.line_at(from);
            let trimmed = trim(line);
            if from > at && (is_getprop_entry(trimmed) || (trimmed.is_empty() && first.is_some())) {
                break;
            }
            lines += 1;
            last = trimmed.ends_with(b"]").then(|| {
                let bracket = offset_in(self.text, trimmed) + trimmed.len() - 1;
                ValueEnd { bracket, next, lines }
            });
            first = first.or(last);
            from = next;
        }
        last.or(first)
    }

    /// The line at an offset, and where the next one begins.
    fn line_at(&self, at: usize) -> (&'a [u8], usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let len = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        (rest.get(..len).unwrap_or_default(), at + len + 1)
    }

    /// Counts a line; the nothing after the last newline is none.
    fn count_line(&mut self, line: &[u8]) -> bool {
        let is_line = !line.is_empty() || offset_in(self.text, line) < self.text.len();
        self.report.lines += u64::from(is_line);
        is_line
    }

    fn assign(&mut self, number: u64, key: &[u8], value: &[u8], optional: bool) {
        if let Err(cause) = check_key(key) {
            self.report.ignore(self.partition, number, cause);
            return;
        }
        let key_span = (offset_in(self.text, key), key.len());
        let value_span = (offset_in(self.text, value), value.len());
        self.entries.push(Entry::at(self.text, key_span, value_span, self.partition, optional));
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

/// The offset of a part of `text` in it.
fn offset_in(text: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}
