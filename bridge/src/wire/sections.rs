//! The packed form of lists, `docs/formats/model-packed.md`: texts once, then sections of records of 32-bit words.
//!
//! What it is: the container that all of [`super::model`] share, written and read. What it is not: it knows no field.
//!
//! Invariants: every value is a little-endian word, so a reader takes a section in one copy; what is announced is
//! compared with what is there before anything is allocated; a record that is longer than known is read as far as known,
//! and sections behind the known ones are passed over.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::reader::Reader;
use super::request::{close, header};
use super::{WireError, open};

/// Bytes of the header before its directory of sections.
const HEAD_BYTES: usize = 24;
/// Bytes of a directory entry.
const ENTRY_BYTES: usize = 8;
/// Bytes of a word.
const WORD: usize = 4;
/// Bytes of a text, about; only room is made by it.
const TEXT_BYTES: usize = 24;

/// Writes a packed form: begin a section, push its records, begin the next one.
#[derive(Debug)]
pub struct Writer<'text> {
    /// Header and finished sections; the header is filled in at the end.
    bytes: Vec<u8>,
    /// Words of a record and number of records of each section begun.
    directory: Vec<(usize, usize)>,
    known: HashMap<&'text [u8], u32, RandomState>,
    ends: Vec<u32>,
    block: Vec<u8>,
}

impl<'text> Writer<'text> {
    /// An empty form of a kind, with as many sections as will be begun, and about as many texts.
    pub fn new(magic: &'static str, sections: usize, texts: usize) -> Self {
        let header_bytes = HEAD_BYTES + sections * ENTRY_BYTES;
        let mut bytes = header(magic, header_bytes);
        bytes.resize(header_bytes, 0);
        Self {
            bytes,
            directory: Vec::with_capacity(sections),
            known: HashMap::with_capacity_and_hasher(texts, RandomState::default()),
            ends: Vec::with_capacity(texts),
            block: Vec::with_capacity(texts * TEXT_BYTES),
        }
    }

    /// Begins the next section; its records have `stride` words. `records` is how many are expected.
    pub fn section(&mut self, stride: usize, records: usize) {
        self.bytes.reserve(records.saturating_mul(stride * WORD));
        self.directory.push((stride, 0));
    }

    /// Adds a record of the present section; words that are not given are 0.
    pub fn record(&mut self, words: &[u32]) {
        let Some((stride, count)) = self.directory.last_mut() else { return };
        *count += 1;
        let start = self.bytes.len();
        self.bytes.resize(start + *stride * WORD, 0);
        let record = self.bytes.get_mut(start..).unwrap_or_default();
        for (place, word) in record.chunks_exact_mut(WORD).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
    }

    /// The number of a text, the same for equal texts.
    pub fn text(&mut self, text: &'text str) -> u32 {
        self.bytes(text.as_bytes())
    }

    /// The number of some bytes, the same for equal ones.
    pub fn bytes(&mut self, bytes: &'text [u8]) -> u32 {
        let next = self.ends.len() as u32 + 1;
        let number = *self.known.entry(bytes).or_insert(next);
        if number == next { self.append(bytes) } else { number }
    }

    /// The number of a text, 0 without one.
    pub fn text_or_none(&mut self, text: Option<&'text str>) -> u32 {
        text.map_or(0, |text| self.text(text))
    }

    /// The number of a text that is in the form once.
    pub fn own_text(&mut self, text: &str) -> u32 {
        self.append(text.as_bytes())
    }

    /// The number of bytes that are in the form once.
    pub fn own_bytes(&mut self, bytes: &[u8]) -> u32 {
        self.append(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> u32 {
        self.block.extend_from_slice(bytes);
        self.ends.push(self.block.len() as u32);
        self.ends.len() as u32
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        let Self { mut bytes, directory, ends, block, .. } = self;
        let mut words = vec![ends.len() as u32, block.len() as u32, directory.len() as u32];
        words.extend(directory.iter().flat_map(|(stride, count)| [*count as u32, *stride as u32]));
        let head = bytes.get_mut(HEAD_BYTES - 3 * WORD..).unwrap_or_default();
        for (place, word) in head.chunks_exact_mut(WORD).zip(&words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes.reserve(ends.len() * WORD + block.len());
        for end in &ends {
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        bytes.extend_from_slice(&block);
        close(bytes)
    }
}

/// The low and the high word of a 64-bit number.
pub const fn halves(value: i64) -> [u32; 2] {
    let bits = value.cast_unsigned();
    [bits as u32, (bits >> 32) as u32]
}

/// A form that was read; texts and records are slices of its bytes.
#[derive(Debug)]
pub struct Sections<'bytes> {
    ends: Section<'bytes>,
    block: &'bytes [u8],
    all: Vec<Section<'bytes>>,
}

/// Records of one length.
#[derive(Debug, Clone, Copy)]
pub struct Section<'bytes> {
    bytes: &'bytes [u8],
    /// Words of a record.
    stride: usize,
    count: usize,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'bytes> {
    bytes: &'bytes [u8],
    /// Offset of the record in its section, for errors.
    at: usize,
}

impl<'bytes> Sections<'bytes> {
    /// Reads the container. `strides` are the words that this reader needs of each section.
    ///
    /// # Errors
    /// [`WireError`], with the offset of what is wrong.
    pub fn read(bytes: &'bytes [u8], magic: &'static str, strides: &[usize]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let header = open(&mut reader, magic, HEAD_BYTES + strides.len() * ENTRY_BYTES)?;
        if header % WORD != 0 {
            return Err(WireError::Range { at: 6, what: "header length" });
        }
        let texts = reader.u32()? as usize;
        let block_bytes = reader.u32()? as usize;
        let at = reader.at();
        let count = reader.u32()? as usize;
        if count < strides.len() || count > (header - HEAD_BYTES) / ENTRY_BYTES {
            return Err(WireError::Range { at, what: "number of sections" });
        }
        let mut directory = Vec::with_capacity(count);
        for index in 0..count {
            let at = reader.at();
            let (records, stride) = (reader.u32()? as usize, reader.u32()? as usize);
            if stride < strides.get(index).copied().unwrap_or(1) {
                return Err(WireError::Range { at, what: "length of a record" });
            }
            directory.push((records, stride));
        }
        reader.seek(header);
        let mut all = Vec::with_capacity(count);
        for (records, stride) in directory {
            all.push(Section::take(&mut reader, records, stride)?);
        }
        let ends = Section::take(&mut reader, texts, 1)?;
        let block = reader.take(block_bytes)?;
        if !reader.is_at_end() {
            return Err(WireError::Range { at: reader.at(), what: "bytes after the texts" });
        }
        Ok(Self { ends, block, all })
    }

    /// A section that [`Sections::read`] was told of.
    pub fn section(&self, index: usize) -> Section<'bytes> {
        self.all.get(index).copied().unwrap_or(Section { bytes: &[], stride: 1, count: 0 })
    }

    /// The bytes of a number that is not 0.
    fn bytes(&self, number: u32, at: usize) -> Result<&'bytes [u8], WireError> {
        let what = "number of a text";
        let index = (number as usize).checked_sub(1).ok_or(WireError::Range { at, what })?;
        let end = self.ends.word(index).ok_or(WireError::Range { at, what })? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.word(before).ok_or(WireError::Range { at, what })? as usize,
            None => 0,
        };
        self.block.get(start..end).ok_or(WireError::Range { at, what: "end of a text" })
    }
}

impl<'bytes> Section<'bytes> {
    fn take(reader: &mut Reader<'bytes>, count: usize, stride: usize) -> Result<Self, WireError> {
        let at = reader.at();
        let length = count.checked_mul(stride).and_then(|words| words.checked_mul(WORD));
        let bytes = reader.take(length.ok_or(WireError::Truncated { at })?)?;
        Ok(Self { bytes, stride, count })
    }

    fn word(&self, index: usize) -> Option<u32> {
        let word = self.bytes.get(index * WORD..index * WORD + WORD)?;
        Some(u32::from_le_bytes(word.try_into().ok()?))
    }

    /// How many records there are; all of them lie within the bytes.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The records in order.
    pub fn iter(&self) -> impl Iterator<Item = Record<'bytes>> + use<'bytes> {
        let length = self.stride * WORD;
        self.bytes
            .chunks_exact(length.max(1))
            .enumerate()
            .map(move |(index, bytes)| Record { bytes, at: index * length })
    }

    /// The one record of a section that has exactly one.
    ///
    /// # Errors
    /// [`WireError::Range`] when there is another number.
    pub fn only(&self) -> Result<Record<'bytes>, WireError> {
        match (self.count, self.iter().next()) {
            (1, Some(record)) => Ok(record),
            _ => Err(WireError::Range { at: 0, what: "number of head records" }),
        }
    }
}

impl<'bytes> Record<'bytes> {
    /// A word.
    ///
    /// # Errors
    /// [`WireError::Truncated`] when the record is shorter, which [`Sections::read`] has ruled out.
    pub fn u32(&self, index: usize) -> Result<u32, WireError> {
        let at = self.at + index * WORD;
        let word = self.bytes.get(index * WORD..index * WORD + WORD).ok_or(WireError::Truncated { at })?;
        word.try_into().map(u32::from_le_bytes).map_err(|_| WireError::Truncated { at })
    }

    /// A signed word.
    ///
    /// # Errors
    /// As [`Record::u32`].
    pub fn i32(&self, index: usize) -> Result<i32, WireError> {
        self.u32(index).map(u32::cast_signed)
    }

    /// Two words, low first.
    ///
    /// # Errors
    /// As [`Record::u32`].
    pub fn i64(&self, index: usize) -> Result<i64, WireError> {
        let (low, high) = (self.u32(index)?, self.u32(index + 1)?);
        Ok(((u64::from(high) << 32) | u64::from(low)).cast_signed())
    }

    /// The bits of a fraction.
    ///
    /// # Errors
    /// As [`Record::u32`].
    pub fn f32(&self, index: usize) -> Result<f32, WireError> {
        self.u32(index).map(f32::from_bits)
    }

    /// One of a closed list, by position.
    ///
    /// # Errors
    /// [`WireError::Range`] beyond the list.
    pub fn one_of<T: Copy>(&self, index: usize, what: &'static str, values: &[T]) -> Result<T, WireError> {
        let at = self.at + index * WORD;
        values.get(self.u32(index)? as usize).copied().ok_or(WireError::Range { at, what })
    }

    /// Bytes, none for the number 0.
    ///
    /// # Errors
    /// [`WireError::Range`] for a number that no text has.
    pub fn bytes(&self, all: &Sections<'bytes>, index: usize) -> Result<Option<&'bytes [u8]>, WireError> {
        match self.u32(index)? {
            0 => Ok(None),
            number => all.bytes(number, self.at + index * WORD).map(Some),
        }
    }

    /// A text, none for the number 0.
    ///
    /// # Errors
    /// [`WireError::Range`] for a number that no text has, and for bytes that are not UTF-8.
    pub fn text(&self, all: &Sections<'bytes>, index: usize) -> Result<Option<&'bytes str>, WireError> {
        let at = self.at + index * WORD;
        let text =
            |bytes| std::str::from_utf8(bytes).map_err(|_| WireError::Range { at, what: "UTF-8 of a text" });
        self.bytes(all, index)?.map(text).transpose()
    }

    /// A text; the number 0 is the empty one.
    ///
    /// # Errors
    /// As [`Record::text`].
    pub fn text_or_empty(&self, all: &Sections<'bytes>, index: usize) -> Result<String, WireError> {
        self.text(all, index).map(|text| text.unwrap_or_default().to_owned())
    }
}
