//! What the store holds, as data: rows, what is asked of them, and what is written.
//!
//! Not here: SQL. Invariant: a row that is handed out passed its checksum.

use std::sync::Arc;

use crate::codec::Codec;
use crate::key::{Component, IconKey, PackageOf, ProfileSerial};
use crate::picture::{Picture, Variant};
use crate::validity::Token;

/// What level 0 needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRow {
    /// The label; `None` when nobody knows it.
    pub label: Option<Arc<str>>,
    /// Its token; `None` when it may not be trusted at all.
    pub token: Option<Token>,
    /// Whether an event made the label stale.
    pub stale: bool,
    /// Dominant colour, ARGB.
    pub colour: u32,
    /// Flags as A.1, with the user bits of the time of writing.
    pub flags: u32,
}

/// Where pixels come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Who drew them: empty for the system, else an icon pack's package.
    pub provider: Arc<str>,
    /// What they were drawn from.
    pub token: Token,
}

/// The pixels of one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRow {
    /// Where they come from.
    pub origin: Origin,
    /// Whether an event made them stale.
    pub stale: bool,
    /// The packed pixels; `None`: there is no such variant of this icon.
    pub data: Option<Packed>,
}

/// Packed pixels, still as they lie in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// See `pack`.
    pub bytes: Arc<[u8]>,
}

impl Packed {
    /// Packs a picture; `None` when it cannot be.
    pub fn of(picture: &Picture) -> Option<Self> {
        let bytes = super::pack::pack(picture)?.into();
        Some(Self { width: picture.width(), height: picture.height(), bytes })
    }

    /// The picture; `None` when the bytes are none.
    pub fn unpack(&self, variant: Variant) -> Option<Picture> {
        super::pack::unpack(variant, self.width, self.height, &self.bytes)
    }

    /// Unpacks the picture into exactly its bytes; `None`, and no part of a picture in `out`, when the bytes are none.
    pub fn unpack_into(&self, variant: Variant, codec: &mut Codec, out: &mut [u8]) -> Option<()> {
        super::pack::unpack_into(variant, (self.width, self.height), &self.bytes, codec, out)
    }
}

/// What the store knows of a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Level 0.
    pub label: Option<LabelRow>,
    /// The variants that were asked for and are there.
    pub pictures: Vec<(Variant, PictureRow)>,
    /// Rows that were there and are damaged: misses, to be made again.
    pub damaged: u32,
}

/// A key's tokens, for update sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanRow {
    /// Whose.
    pub key: IconKey,
    /// The label's token, `None` when stale, unknown or damaged.
    pub label: Option<Token>,
    /// The variants that are there; the token is `None` when stale.
    pub pictures: Vec<(Variant, Option<Token>)>,
}

/// Something to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Rows of one key; what is not named stays.
    Put {
        /// Whose.
        key: IconKey,
        /// Level 0, if it changes.
        label: Option<LabelRow>,
        /// The variants that change.
        pictures: Vec<(Variant, PictureRow)>,
    },
    /// Removes a key.
    Delete(IconKey),
    /// Removes a package with all its components, exactly matched.
    DeletePackage(PackageOf),
    /// Removes every profile but these.
    KeepProfiles(Vec<ProfileSerial>),
    /// Marks rows stale.
    Stale(Range, Part),
    /// Sets or removes a fact of `meta`.
    Fact(&'static str, Option<String>),
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// All.
    All,
    /// Those of a package.
    Package(PackageOf),
}

/// What of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The label.
    Label,
    /// The pixels.
    Pixels,
}

/// The checksum of level 0.
pub(super) fn label_sum(key: &IconKey, row: &LabelRow) -> u32 {
    let texts = (row.label.as_deref(), row.token.as_ref().map(Token::as_str));
    label_sum_of(Names::of(key), texts, row.colour, row.flags)
}

/// The same of a row that lies in the file still.
pub(super) fn label_sum_of(
    names: Names<'_>,
    (label, token): (Option<&str>, Option<&str>),
    colour: u32,
    flags: u32,
) -> u32 {
    let mut sum = Sum::new(names);
    sum.optional(label);
    sum.optional(token);
    sum.bytes(&colour.to_le_bytes());
    sum.bytes(&flags.to_le_bytes());
    sum.0
}

/// A key as it lies in a row, without memory of its own. Ordered as keys are, and as the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names<'a> {
    pub(super) profile: i64,
    pub(super) package: &'a str,
    pub(super) class: &'a str,
}

impl<'a> Names<'a> {
    pub(super) fn of(key: &'a IconKey) -> Self {
        Self { profile: key.profile.0, package: key.component.package(), class: key.component.class() }
    }

    pub(super) fn key(self) -> IconKey {
        IconKey::new(Component::new(self.package, self.class), ProfileSerial(self.profile))
    }
}

/// The checksum of a picture.
pub(super) fn picture_sum(key: &IconKey, variant: Variant, origin: &Origin, packed: &Packed) -> u32 {
    let mut sum = Sum::new(Names::of(key));
    sum.bytes(&[variant_number(variant)]);
    sum.bytes(origin.provider.as_bytes());
    sum.bytes(origin.token.as_str().as_bytes());
    sum.bytes(&packed.width.to_le_bytes());
    sum.bytes(&packed.height.to_le_bytes());
    sum.bytes(&packed.bytes);
    sum.0
}

/// A variant's number in the tables.
pub(super) fn variant_number(variant: Variant) -> u8 {
    match variant {
        Variant::Plain => 0,
        Variant::Themed => 1,
        Variant::Dark => 2,
    }
}

/// A running CRC32C; every part has its length before it, so that parts cannot trade bytes.
struct Sum(u32);

impl Sum {
    fn new(names: Names<'_>) -> Self {
        let mut sum = Self(0);
        sum.bytes(&names.profile.to_le_bytes());
        sum.bytes(names.package.as_bytes());
        sum.bytes(names.class.as_bytes());
        sum
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0 = crc32c::crc32c_append(self.0, &(bytes.len() as u64).to_le_bytes());
        self.0 = crc32c::crc32c_append(self.0, bytes);
    }

    fn optional(&mut self, text: Option<&str>) {
        self.bytes(&[u8::from(text.is_some())]);
        self.bytes(text.unwrap_or_default().as_bytes());
    }
}
