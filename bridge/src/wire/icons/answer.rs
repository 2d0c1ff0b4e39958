//! Answers on their way out: everything of an icon but its pixels, and where those lie.
//!
//! What it is: the encoder, and a decoder for golden bytes and fuzzing. What it is not: it copies no pixel.
//!
//! Invariant: a record a question, in their order, each of the same size.

use ferrule_icon_cache::lookup::{Icon, Kind, Placed, Tier, Undrawn};
use ferrule_icon_cache::picture::Variant;

use super::question::{bit, text};
use crate::wire::{FORMAT, Reader, WireError, open};

/// Magic of answers.
pub const MAGIC: &str = "FICA";

const HEADER_BYTES: usize = 16;
const RECORD_BYTES: usize = 28;

const LABEL_STALE: u8 = 1;
const PIXELS_STALE: u8 = 2;
const TOO_SMALL: u8 = 4;
const HANGS: u8 = 8;
const REFUSED: u8 = 16;

const KINDS: [Kind; 4] = [Kind::Blank, Kind::Default, Kind::Colour, Kind::Icon];
const TIERS: [Tier; 5] = [Tier::Memory, Tier::Store, Tier::Provider, Tier::Package, Tier::Nothing];

/// Collects answers.
#[derive(Debug)]
pub struct Answers {
    bytes: Vec<u8>,
    labels: Vec<u8>,
}

impl Answers {
    /// Room for so many.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + count.saturating_mul(RECORD_BYTES + 16));
        bytes.extend_from_slice(MAGIC.as_bytes());
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(HEADER_BYTES as u16).to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
        Self { bytes, labels: Vec::new() }
    }

    /// Adds the next.
    pub fn push(&mut self, placed: &Placed) {
        let Placed { icon, places, needed } = placed;
        let number = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
        let kind = number(KINDS.iter().position(|kind| *kind == icon.kind));
        let tier = number(TIERS.iter().position(|tier| *tier == icon.tier));
        let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let state = flag(icon.label_stale, LABEL_STALE)
            | flag(icon.pixels_stale, PIXELS_STALE)
            | flag(needed.is_some(), TOO_SMALL)
            | match icon.undrawn {
                None => 0,
                Some(Undrawn::Hangs) => HANGS,
                Some(Undrawn::Refused) => REFUSED,
            };
        let written = places.iter().map(|place| bit(place.variant)).sum();
        let (width, height) = places.first().map_or((0, 0), |place| (place.width, place.height));
        let side = |side: u32| u16::try_from(side).unwrap_or(0).to_le_bytes();
        let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes();
        let bytes = &mut self.bytes;
        bytes.extend_from_slice(&icon.colour.to_le_bytes());
        bytes.extend_from_slice(&icon.flags.to_le_bytes());
        bytes.extend_from_slice(&[kind, tier, state, written]);
        bytes.extend_from_slice(&side(width));
        bytes.extend_from_slice(&side(height));
        bytes.extend_from_slice(&size(needed.unwrap_or(0)));
        bytes.extend_from_slice(&size(self.labels.len()));
        bytes.extend_from_slice(&size(icon.label.len()));
        self.labels.extend_from_slice(icon.label.as_bytes());
    }

    /// The bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.append(&mut self.labels);
        set_total(&mut self.bytes);
        self.bytes
    }
}

/// One answer.
#[must_use]
pub fn encode_one(placed: &Placed) -> Vec<u8> {
    let mut answers = Answers::new(1);
    answers.push(placed);
    answers.finish()
}

/// Fills in the length of everything.
pub(super) fn set_total(bytes: &mut [u8]) {
    let total = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    if let Some(place) = bytes.get_mut(8..12) {
        place.copy_from_slice(&total);
    }
}

/// Reads answers back: the reference for Kotlin's decoder. Places come without offsets, which follow from their order.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Vec<(Icon, Vec<Variant>, u32)>, WireError> {
    let mut reader = Reader::new(bytes);
    let header = open(&mut reader, MAGIC, HEADER_BYTES)?;
    let at = reader.at();
    let count = reader.u32()? as usize;
    if count > bytes.len().saturating_sub(header) / RECORD_BYTES {
        return Err(WireError::Range { at, what: "number of answers" });
    }
    let labels = header + count * RECORD_BYTES;
    let mut answers = Vec::with_capacity(count);
    for number in 0..count {
        reader.seek(header + number * RECORD_BYTES);
        let (colour, flags) = (reader.u32()?, reader.u32()?);
        let (kind, tier) = (reader.one_of("kind", &KINDS)?, reader.one_of("tier", &TIERS)?);
        let (state, written) = (reader.u8()?, reader.u8()?);
        let _sides = (reader.u16()?, reader.u16()?);
        let needed = reader.u32()?;
        let (label, length) = (reader.u32()? as usize, reader.u32()? as usize);
        reader.seek(labels.saturating_add(label));
        let label = text(&mut reader, length)?.into();
        let (label_stale, pixels_stale) = (state & LABEL_STALE != 0, state & PIXELS_STALE != 0);
        let undrawn = [(HANGS, Undrawn::Hangs), (REFUSED, Undrawn::Refused)]
            .into_iter()
            .find_map(|(bit, undrawn)| (state & bit != 0).then_some(undrawn));
        let pictures = Vec::new();
        let icon = Icon { label, colour, flags, kind, pictures, tier, label_stale, pixels_stale, undrawn };
        let written = Variant::ALL.into_iter().filter(|variant| written & bit(*variant) != 0).collect();
        answers.push((icon, written, needed));
    }
    Ok(answers)
}
