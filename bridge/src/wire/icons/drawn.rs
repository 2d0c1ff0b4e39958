//! What a provider drew, on its way in: label, tokens and up to three pictures with their pixels.
//!
//! What it is: the decoder, and the encoder that golden bytes and fuzzing share. What it is not: whether a picture can
//! stand for its variant is the core's business.
//!
//! Invariant: pictures have the bytes that their sides ask for, or everything is refused.

use ferrule_icon_cache::lookup::{Pixels, ProviderError, Rendered};
use ferrule_icon_cache::picture::{Picture, Variant};
use ferrule_icon_cache::validity::{Token, Tokens};

use super::question::text;
use crate::wire::{FORMAT, Reader, WireError, open};

/// Magic of what was drawn.
pub const MAGIC: &str = "FICD";

const HEADER_BYTES: usize = 64;

const HAS_LABEL: u16 = 1;
const HAS_TOKENS: u16 = 2;
const FAILED: u16 = 4;

/// What is said of a variant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    Absent,
    Default,
    Picture,
    Live,
}

const STATES: [State; 5] = [State::Unknown, State::Absent, State::Default, State::Picture, State::Live];

/// Reads what was drawn; the inner failure is what a provider says of itself.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Result<Rendered, ProviderError>, WireError> {
    let mut reader = Reader::new(bytes);
    let header = open(&mut reader, MAGIC, HEADER_BYTES)?;
    let at = reader.at();
    let flags = reader.u16()?;
    if flags & !(HAS_LABEL | HAS_TOKENS | FAILED) != 0 {
        return Err(WireError::Range { at, what: "flags of what was drawn" });
    }
    let _reserved = reader.u16()?;
    let (colour, icon_flags) = (reader.u32()?, reader.u32()?);
    let mut sizes = [0; 4];
    for size in &mut sizes {
        *size = reader.u32()? as usize;
    }
    let mut heads = [(State::Unknown, 0, 0); 3];
    for head in &mut heads {
        let state = reader.one_of("state of a picture", &STATES)?;
        let _reserved = reader.u8()?;
        *head = (state, u32::from(reader.u16()?), u32::from(reader.u16()?));
    }
    reader.seek(header);
    let [label, label_token, pixel_token, provider] = sizes;
    let label = text(&mut reader, label)?;
    let tokens = (text(&mut reader, label_token)?, text(&mut reader, pixel_token)?);
    let provider = text(&mut reader, provider)?.to_owned();
    let mut pixels = [Pixels::Unknown, Pixels::Unknown, Pixels::Unknown];
    for ((slot, (state, width, height)), variant) in pixels.iter_mut().zip(heads).zip(Variant::ALL) {
        *slot = match state {
            State::Unknown => Pixels::Unknown,
            State::Absent => Pixels::Absent,
            State::Default => Pixels::Default,
            State::Picture => Pixels::Picture(picture(&mut reader, variant, width, height)?),
            State::Live => Pixels::Live(picture(&mut reader, variant, width, height)?),
        };
    }
    if !reader.is_at_end() {
        return Err(WireError::Range { at: reader.at(), what: "bytes after the last picture" });
    }
    if flags & FAILED != 0 {
        return Ok(Err(ProviderError(label.to_owned())));
    }
    let [plain, themed, dark] = pixels;
    Ok(Ok(Rendered {
        label: (flags & HAS_LABEL != 0).then(|| label.to_owned()),
        plain,
        themed,
        dark,
        colour,
        flags: icon_flags,
        tokens: (flags & HAS_TOKENS != 0)
            .then(|| Tokens { label: Token::new(tokens.0), pixels: Token::new(tokens.1) }),
        provider,
    }))
}

fn picture(reader: &mut Reader<'_>, variant: Variant, width: u32, height: u32) -> Result<Picture, WireError> {
    let at = reader.at();
    let form = variant.form();
    let range = WireError::Range { at, what: "sides of a picture" };
    let bytes = reader.take(Picture::size(width, height, form).ok_or(range)?)?;
    Picture::new(width, height, form, bytes).ok_or(range)
}

/// Writes what was drawn as Kotlin does: the reference that golden bytes and fuzzing are made with.
#[must_use]
pub fn encode(drawn: &Result<Rendered, ProviderError>) -> Vec<u8> {
    let nothing = Rendered::default();
    let (rendered, failure) = match drawn {
        Ok(rendered) => (rendered, None),
        Err(ProviderError(text)) => (&nothing, Some(text.as_str())),
    };
    let flag = |is_set: bool, bit: u16| if is_set { bit } else { 0 };
    let flags = flag(rendered.label.is_some(), HAS_LABEL)
        | flag(rendered.tokens.is_some(), HAS_TOKENS)
        | flag(failure.is_some(), FAILED);
    let token = |of: fn(&Tokens) -> &Token| rendered.tokens.as_ref().map_or("", |tokens| of(tokens).as_str());
    let label = failure.or(rendered.label.as_deref()).unwrap_or("");
    let texts = [label, token(|tokens| &tokens.label), token(|tokens| &tokens.pixels), &rendered.provider];
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC.as_bytes());
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&(HEADER_BYTES as u16).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&flags.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&rendered.colour.to_le_bytes());
    out.extend_from_slice(&rendered.flags.to_le_bytes());
    for text in texts {
        out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
    }
    let all = [&rendered.plain, &rendered.themed, &rendered.dark];
    for pixels in all {
        let (state, picture) = match pixels {
            Pixels::Unknown => (0, None),
            Pixels::Absent => (1, None),
            Pixels::Default => (2, None),
            Pixels::Picture(picture) => (3, Some(picture)),
            Pixels::Live(picture) => (4, Some(picture)),
        };
        let side = |side: u32| u16::try_from(side).unwrap_or(0).to_le_bytes();
        out.extend_from_slice(&[state, 0]);
        out.extend_from_slice(&side(picture.map_or(0, Picture::width)));
        out.extend_from_slice(&side(picture.map_or(0, Picture::height)));
    }
    out.resize(HEADER_BYTES, 0);
    for text in texts {
        out.extend_from_slice(text.as_bytes());
    }
    for pixels in all {
        if let Pixels::Picture(picture) | Pixels::Live(picture) = pixels {
            out.extend_from_slice(picture.bytes());
        }
    }
    super::answer::set_total(&mut out);
    out
}
