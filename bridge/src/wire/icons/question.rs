//! Look-ups on their way in: whose icons, at which level, under which conditions.
//!
//! What it is: the decoder, and the encoder that golden bytes and fuzzing share. What it is not: a key's meaning is the
//! core's business.
//!
//! Invariant: texts are UTF-8, byte for byte what Kotlin has; nothing is trimmed or folded.

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::Request;
use ferrule_icon_cache::picture::{Variant, Variants};
use ferrule_icon_cache::validity::{Token, Tokens};

use crate::wire::{FORMAT, Reader, WireError, open};

/// Magic of questions.
pub const MAGIC: &str = "FICQ";

/// Bytes before the first question.
const HEADER_BYTES: usize = 16;

/// Bytes of a question without texts: what its count is checked against before anything is allocated.
const QUESTION_BYTES: usize = 16;

const USE_PACKAGE: u8 = 1;
const FORGET: u8 = 2;
const HAS_TOKENS: u8 = 4;
const NO_KEY: u8 = 8;
const FLAGS: u8 = USE_PACKAGE | FORGET | HAS_TOKENS | NO_KEY;

/// The levels, by their numbers.
const LEVELS: [Variants; 4] = [Variants::COLOUR, Variants::ICON, Variants::THEMED, Variants::DARK];

/// Reads questions.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Vec<Request>, WireError> {
    let (mut reader, count) = begin(bytes)?;
    let mut requests = Vec::with_capacity(count);
    for _ in 0..count {
        requests.push(one(&mut reader)?);
    }
    end(&reader)?;
    Ok(requests)
}

/// Reads exactly one question, the form of a single look-up.
///
/// # Errors
/// As [`decode`], and when there is none or more than one.
pub fn decode_one(bytes: &[u8]) -> Result<Request, WireError> {
    let (mut reader, count) = begin(bytes)?;
    if count != 1 {
        return Err(WireError::Range { at: HEADER_BYTES - 4, what: "number of questions" });
    }
    let request = one(&mut reader)?;
    end(&reader)?;
    Ok(request)
}

/// Reads the header; the reader stands before the first question.
fn begin(bytes: &[u8]) -> Result<(Reader<'_>, usize), WireError> {
    let mut reader = Reader::new(bytes);
    let header = open(&mut reader, MAGIC, HEADER_BYTES)?;
    let at = reader.at();
    let count = reader.u32()? as usize;
    if count > bytes.len().saturating_sub(header) / QUESTION_BYTES {
        return Err(WireError::Range { at, what: "number of questions" });
    }
    reader.seek(header);
    Ok((reader, count))
}

fn end(reader: &Reader<'_>) -> Result<(), WireError> {
    if reader.is_at_end() {
        return Ok(());
    }
    Err(WireError::Range { at: reader.at(), what: "bytes after the last question" })
}

fn one(reader: &mut Reader<'_>) -> Result<Request, WireError> {
    let wants = reader.one_of("level", &LEVELS)?;
    let at = reader.at();
    let flags = reader.u8()?;
    if flags & !FLAGS != 0 {
        return Err(WireError::Range { at, what: "flags of a question" });
    }
    let (package, class) = (usize::from(reader.u16()?), usize::from(reader.u16()?));
    let _reserved = reader.u16()?;
    let profile = ProfileSerial(reader.u64()?.cast_signed());
    let tokens = if flags & HAS_TOKENS == 0 { None } else { Some((reader.u32()?, reader.u32()?)) };
    let (package, class) = (text(reader, package)?, text(reader, class)?);
    let key = IconKey::new(Component::new(package, class), profile);
    let expected = match tokens {
        Some((label, pixels)) => {
            let label = Token::new(text(reader, label as usize)?);
            Some(Tokens { label, pixels: Token::new(text(reader, pixels as usize)?) })
        }
        None => None,
    };
    Ok(Request {
        key: (flags & NO_KEY == 0).then_some(key),
        wants,
        expected,
        use_package: flags & USE_PACKAGE != 0,
        skip_memory: flags & FORGET != 0,
    })
}

/// Reads a text of so many bytes.
pub(super) fn text<'bytes>(reader: &mut Reader<'bytes>, bytes: usize) -> Result<&'bytes str, WireError> {
    let at = reader.at();
    std::str::from_utf8(reader.take(bytes)?)
        .map_err(|_| WireError::Range { at, what: "text that is not UTF-8" })
}

/// Writes questions as Kotlin does: the reference that golden bytes and fuzzing are made with. Texts of a key that are
/// longer than the form can say, and sets of variants that are no level, are written as none and colour.
#[must_use]
pub fn encode(requests: &[Request]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_BYTES + requests.len() * 96);
    out.extend_from_slice(MAGIC.as_bytes());
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&(HEADER_BYTES as u16).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&u32::try_from(requests.len()).unwrap_or(u32::MAX).to_le_bytes());
    for request in requests {
        encode_one(&mut out, request);
    }
    super::answer::set_total(&mut out);
    out
}

fn encode_one(out: &mut Vec<u8>, request: &Request) {
    let key = request.key.as_ref();
    let short = |text: &str| u16::try_from(text.len()).ok();
    let component = key.map(|key| &key.component);
    let sizes = component
        .and_then(|component| Some((component, short(component.package())?, short(component.class())?)));
    let level = LEVELS.iter().position(|wants| *wants == request.wants).unwrap_or(0);
    let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
    let flags = bit(request.use_package, USE_PACKAGE)
        | bit(request.skip_memory, FORGET)
        | bit(request.expected.is_some(), HAS_TOKENS)
        | bit(sizes.is_none(), NO_KEY);
    let (package, class) = sizes.map_or((0, 0), |(_, package, class)| (package, class));
    out.extend_from_slice(&[u8::try_from(level).unwrap_or(0), flags]);
    for number in [package, class, 0] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&key.map_or(0, |key| key.profile.0).to_le_bytes());
    let tokens = request.expected.as_ref().map(|tokens| [tokens.label.as_str(), tokens.pixels.as_str()]);
    for token in tokens.into_iter().flatten() {
        out.extend_from_slice(&u32::try_from(token.len()).unwrap_or(0).to_le_bytes());
    }
    if let Some((component, ..)) = sizes {
        out.extend_from_slice(component.package().as_bytes());
        out.extend_from_slice(component.class().as_bytes());
    }
    for token in tokens.into_iter().flatten() {
        out.extend_from_slice(token.as_bytes());
    }
}

/// The numbers of variants in a set, as Kotlin knows them.
#[must_use]
pub fn bits(variants: Variants) -> u8 {
    variants.iter().map(bit).sum()
}

/// The number of a variant.
pub(super) fn bit(variant: Variant) -> u8 {
    match variant {
        Variant::Plain => 1,
        Variant::Themed => 2,
        Variant::Dark => 4,
    }
}
