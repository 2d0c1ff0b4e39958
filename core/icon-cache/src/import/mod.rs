//! Taking over what a legacy cache has drawn (S15): the first start after the cut-over draws nothing anew.
//!
//! [`LegacyFile`] reads `app_icons.db` of any generation from a copy; where legacy has its file open, it hands its rows over
//! itself. [`convert`] turns a row into one of ours. A row is taken iff the caller, who knows what is installed,
//! recomputes its validity and finds it unchanged; everything else is skipped and counted.
//!
//! Invariants: nothing is ever written to legacy's file; a picture that is not whole is not taken (K7).

mod copy;
mod legacy;

use std::collections::BTreeMap;
use std::io;

pub(crate) use copy::Copied;
pub use legacy::{LegacyFile, LegacyRow, Validity};

use crate::codec::png;
use crate::key::IconKey;
use crate::picture::{Form, Picture, SIDE_MAX, Variant};
use crate::store::{LabelRow, Origin, Packed, PictureRow, Write};
use crate::validity::Tokens;

/// Why a legacy file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such file.
    #[error("IC_IMPORT_ABSENT: the file is not there")]
    Absent,
    /// It is no icon cache.
    #[error("IC_IMPORT_UNKNOWN: the file is no icon cache")]
    Unknown,
    /// It changed while it was copied.
    #[error("IC_IMPORT_CHANGED: the file changes while it is read; somebody has it open")]
    Changed,
    /// It is larger than any icon cache.
    #[error("IC_IMPORT_TOO_LARGE: the file is larger than an icon cache can be")]
    TooLarge,
    /// The system could not read it.
    #[error("IC_IMPORT_IO: {0}")]
    Io(#[from] io::Error),
}

impl ImportError {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent => "IC_IMPORT_ABSENT",
            Self::Unknown => "IC_IMPORT_UNKNOWN",
            Self::Changed => "IC_IMPORT_CHANGED",
            Self::TooLarge => "IC_IMPORT_TOO_LARGE",
            Self::Io(_) => "IC_IMPORT_IO",
        }
    }
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Skipped {
    /// Its component or profile cannot be read.
    Name,
    /// What it was drawn from has changed, or is gone.
    Stale,
    /// It has no icon.
    NoIcon,
    /// Its icon is no whole picture.
    BadIcon,
    /// Its icon has another size than ours.
    OtherSize,
}

impl Skipped {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "IC_ROW_NAME",
            Self::Stale => "IC_ROW_STALE",
            Self::NoIcon => "IC_ROW_NO_ICON",
            Self::BadIcon => "IC_ROW_BAD_ICON",
            Self::OtherSize => "IC_ROW_OTHER_SIZE",
        }
    }

    /// The reason for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Name => "the component or the profile cannot be read",
            Self::Stale => "what it was drawn from has changed",
            Self::NoIcon => "it has no icon",
            Self::BadIcon => "its icon is no whole picture",
            Self::OtherSize => "its icon has another size than the store's",
        }
    }
}

/// What became of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// Rows taken.
    pub imported: u64,
    /// Rows not taken because something is known of their key already.
    pub kept: u64,
    /// Of the rows taken, those with a monochrome form.
    pub themed: u64,
    /// Rows not taken, by reason.
    pub skipped: BTreeMap<Skipped, u64>,
}

impl ImportReport {
    /// Adds what became of further rows.
    pub fn add(&mut self, more: &Self) {
        self.rows += more.rows;
        self.imported += more.imported;
        self.kept += more.kept;
        self.themed += more.themed;
        for (reason, count) in &more.skipped {
            *self.skipped.entry(*reason).or_default() += count;
        }
    }
}

/// Turns a row into one of ours. `tokens`: what label and pixels are valid for from now on, if the row still holds.
///
/// # Errors
/// Why the row is not taken.
pub fn convert(
    row: &LegacyRow,
    size_px: u32,
    tokens: Option<Tokens>,
) -> Result<(IconKey, Write, bool), Skipped> {
    let key = row.key.clone().ok_or(Skipped::Name)?;
    let tokens = tokens.ok_or(Skipped::Stale)?;
    let icon = row.icon.as_deref().ok_or(Skipped::NoIcon)?;
    let decoded = png::decode_within(icon, SIDE_MAX).map_err(|_| Skipped::BadIcon)?;
    let (width, height) = (decoded.width, decoded.height);
    if (width, height) != (size_px, size_px) {
        return Err(Skipped::OtherSize);
    }
    let plain = Picture::new(width, height, Form::Rgba, decoded.pixels).filter(|picture| !picture.is_blank());
    let plain = plain.as_ref().and_then(Packed::of).ok_or(Skipped::BadIcon)?;
    let origin = Origin { provider: "".into(), token: tokens.pixels };
    let of = |data| PictureRow { origin: origin.clone(), stale: false, data: Some(data) };
    let mut pictures = vec![(Variant::Plain, of(plain))];
    let themed = row.mono.as_deref().and_then(|mono| alpha(mono, width, height));
    let has_theme = themed.is_some();
    pictures.extend(themed.map(|themed| (Variant::Themed, of(themed))));
    let label = LabelRow {
        label: row.label.as_deref().filter(|label| !label.is_empty()).map(Into::into),
        token: Some(tokens.label),
        stale: false,
        colour: row.colour | 0xFF00_0000,
        flags: row.flags,
    };
    Ok((key.clone(), Write::Put { key, label: Some(label), pictures }, has_theme))
}

/// The monochrome form: exactly the icon's pixels, or those and a luminance of eight bytes. Another length is no theme.
fn alpha(mono: &[u8], width: u32, height: u32) -> Option<Packed> {
    let pixels = Picture::size(width, height, Form::Alpha)?;
    if mono.len() != pixels && mono.len() != pixels + 8 {
        return None;
    }
    Packed::of(&Picture::new(width, height, Form::Alpha, mono.get(..pixels)?)?)
}
