//! System properties of one phone: parsed from files or from `getprop`, merged in load order, looked up by key.
//!
//! What it is: a read-only map over the input's own bytes, with a report of what was not understood. What it is not:
//! it reads no file and no live property, does not follow `import` lines and expands no `${…}`.
//!
//! Invariants: no byte sequence makes it panic or fail; time is `n log n` in the number of lines with keys of at most
//! [`KEY_MAX_BYTES`] and linear in everything else; memory is the input once plus a fixed-size entry a line; a later
//! assignment of a key wins over an earlier one, in a file and across partitions.

mod index;
mod parse;
mod partition;
mod report;

use std::borrow::Cow;

use index::{Entry, Index};
pub use parse::{INPUT_MAX_BYTES, KEY_MAX_BYTES};
pub use partition::Partition;
pub use report::{Format, IGNORED_LINES_KEPT, IgnoredCause, IgnoredLine, ParseReport};

/// The longest value, in bytes after trimming, that [`PropertyMap::get`] hands out (os4-compat 6.1).
pub const VALUE_MAX_BYTES: usize = 128;

/// What a key holds under the normalisation of os4-compat 6.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// No such key, or a value that says nothing: empty, `unknown`, `null`, `none`, `n/a` in any case.
    Absent,
    /// Something is there, but not usable as text: a byte outside ASCII, a control character, or longer than
    /// [`VALUE_MAX_BYTES`]. The trimmed bytes.
    Unusable(&'a [u8]),
    /// Trimmed, printable ASCII of 1 to [`VALUE_MAX_BYTES`] bytes.
    Text(&'a str),
}

/// The properties of one phone, or of one of its files.
///
/// ```
/// use ferrule_os4_compat::PropertyMap;
/// let map = PropertyMap::parse(b"# made up\nro.mi.os.version.name = OS4.0 \nro.empty=\nnot an assignment");
/// assert_eq!(map.get("ro.mi.os.version.name"), Some("OS4.0"));
/// assert_eq!(map.raw("ro.empty"), Some(&b""[..]));
/// assert_eq!(map.get("ro.empty"), None);
/// assert_eq!(map.report().ignored, 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PropertyMap {
    /// Keys and values of all entries, as they were read.
    text: Vec<u8>,
    index: Index,
    report: ParseReport,
}

impl PropertyMap {
    /// Parses one input of unknown origin; the format (`key=value` or `[key]: [value]`) is told from its first line
    /// with content. `getprop` output counts as [`Partition::Live`].
    pub fn parse(bytes: &[u8]) -> Self {
        Self::parse_partition(bytes, Partition::Unknown)
    }

    /// Like [`parse`](Self::parse) for a file whose partition is known, for example from
    /// [`Partition::from_path`].
    pub fn parse_partition(bytes: &[u8], partition: Partition) -> Self {
        parse::parse(bytes, partition)
    }

    /// A map from pairs, as a caller on a device has them; counts as [`Partition::Live`].
    ///
    /// Keys follow the rules of files: blanks around them are dropped, and a key that is empty, too long or has a
    /// character that no property has is counted as ignored (its "line" is the pair's number).
    pub fn from_pairs<K: AsRef<[u8]>, V: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        parse::from_pairs(pairs)
    }

    /// Joins maps in the order in which Android loads their partitions, whatever order they come in; maps of the same
    /// partition keep theirs. The later value of a key wins, even an empty one.
    pub fn merge(maps: impl IntoIterator<Item = Self>) -> Self {
        let mut maps: Vec<Self> = maps.into_iter().collect();
        maps.sort_by_key(Self::partition_rank);
        let mut merged = Self::default();
        let mut entries = Vec::new();
        for map in maps {
            merged.report.add(&map.report);
            for entry in map.index.entries() {
                let (key, value) = (entry.key(&map.text), entry.value(&map.text));
                entries.push(Entry::append(&mut merged.text, key, value, entry.partition()));
            }
        }
        let (index, superseded) = Index::new(entries, &merged.text);
        merged.report.overridden += superseded;
        merged.index = index;
        merged
    }

    /// The value as it stands in the input, without the blanks around it that Android drops too.
    pub fn raw(&self, key: &str) -> Option<&[u8]> {
        self.index.find(key.as_bytes(), &self.text).map(|entry| entry.value(&self.text))
    }

    /// [`raw`](Self::raw) as text for people; bytes that are no UTF-8 become U+FFFD.
    pub fn raw_text(&self, key: &str) -> Option<Cow<'_, str>> {
        self.raw(key).map(String::from_utf8_lossy)
    }

    /// The normalised value, if the key holds usable text.
    pub fn get(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Value::Text(text) => Some(text),
            Value::Absent | Value::Unusable(_) => None,
        }
    }

    /// The normalised value, telling *absent* from *there but unusable*.
    pub fn value(&self, key: &str) -> Value<'_> {
        self.raw(key).map_or(Value::Absent, normalise)
    }

    /// Where the winning value of a key comes from.
    pub fn source(&self, key: &str) -> Option<Partition> {
        self.index.find(key.as_bytes(), &self.text).map(Entry::partition)
    }

    /// Keys and raw values in no particular, but always the same, order; each key once.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.index.entries().iter().map(|entry| (entry.key(&self.text), entry.value(&self.text)))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.index.entries().len()
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was read, and what was not understood.
    pub fn report(&self) -> &ParseReport {
        &self.report
    }

    /// Maps are merged by the partition of what they hold; one that was itself merged goes by its latest.
    fn partition_rank(&self) -> Partition {
        self.index.entries().iter().map(Entry::partition).max().unwrap_or_default()
    }
}

impl PartialEq for PropertyMap {
    /// Equal when they hold the same keys with the same raw values, whatever they were read from.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for PropertyMap {}

/// Normalises one value by os4-compat 6.1.
fn normalise(raw: &[u8]) -> Value<'_> {
    let trimmed = trim(raw);
    const SAYS_NOTHING: [&[u8]; 4] = [b"unknown", b"null", b"none", b"n/a"];
    if trimmed.is_empty() || SAYS_NOTHING.iter().any(|word| trimmed.eq_ignore_ascii_case(word)) {
        return Value::Absent;
    }
    let printable =
        trimmed.len() <= VALUE_MAX_BYTES && trimmed.iter().all(|byte| matches!(byte, b' '..=b'~'));
    match std::str::from_utf8(trimmed) {
        Ok(text) if printable => Value::Text(text),
        _ => Value::Unusable(trimmed),
    }
}

/// What is dropped at both ends of keys and values: blanks, tabs, CR, LF, NUL and the like.
const fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\0' | 0x0b | 0x0c)
}

fn trim(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}
