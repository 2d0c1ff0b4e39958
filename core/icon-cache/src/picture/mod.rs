//! Pixels as they travel through the cache: sides, form and bytes, shared and never changed.
//!
//! Not here: arithmetic over pixels (`pixels`) and their form on disk (`store::pack`, `codec`).
//!
//! Invariant: a picture has exactly the bytes that its sides and form ask for.

use std::sync::Arc;

/// The longest side of a picture, in pixels: four times the largest icon of any phone.
pub const SIDE_MAX: u32 = 1024;

/// What the bytes of a picture are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Four bytes a pixel: red, green, blue, alpha; premultiplied.
    Rgba,
    /// One byte a pixel: alpha.
    Alpha,
}

impl Form {
    /// Bytes a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Rgba => 4,
            Self::Alpha => 1,
        }
    }
}

/// A picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    form: Form,
    /// A vector and not a slice: what a codec filled is shared as it is, without another copy.
    bytes: Arc<Vec<u8>>,
}

impl Picture {
    /// A picture of these bytes, row by row from the upper left; `None` when they are not as many as the sides ask for,
    /// or a side is 0 or above [`SIDE_MAX`].
    pub fn new(width: u32, height: u32, form: Form, bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (Self::size(width, height, form)? == bytes.len()).then(|| Self {
            width,
            height,
            form,
            bytes: Arc::new(bytes),
        })
    }

    /// How many bytes such a picture has; `None` when there can be none.
    pub fn size(width: u32, height: u32, form: Form) -> Option<usize> {
        let sides = 1..=SIDE_MAX;
        if !sides.contains(&width) || !sides.contains(&height) {
            return None;
        }
        usize::try_from(u64::from(width) * u64::from(height)).ok()?.checked_mul(form.bytes())
    }

    /// Pixels a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What the bytes are.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether nothing can be seen of it: an empty drawable makes such a picture, and it is no icon.
    pub fn is_blank(&self) -> bool {
        match self.form {
            Form::Rgba => self.bytes.chunks_exact(4).all(|pixel| pixel.last() == Some(&0)),
            Form::Alpha => self.bytes.iter().all(|alpha| *alpha == 0),
        }
    }
}

/// Without the bytes: nobody reads 147,456 numbers.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sum = crc32c::crc32c(&self.bytes);
        write!(f, "Picture({}x{} {:?} {sum:08x})", self.width, self.height, self.form)
    }
}

/// One of the pictures that a key can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variant {
    /// The icon.
    Plain,
    /// Its monochrome form, from which themed icons are coloured.
    Themed,
    /// The icon for dark surroundings.
    Dark,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Themed, Self::Dark];

    /// Its name in texts and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Themed => "themed",
            Self::Dark => "dark",
        }
    }

    /// The form of its pixels.
    pub fn form(self) -> Form {
        match self {
            Self::Plain | Self::Dark => Form::Rgba,
            Self::Themed => Form::Alpha,
        }
    }
}

/// A set of variants. The levels of S2 are three of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Variants(u8);

impl Variants {
    /// Level 0: title and colour.
    pub const COLOUR: Self = Self(0);
    /// Level 1: and the icon.
    pub const ICON: Self = Self(1);
    /// Level 2: and its monochrome form.
    pub const THEMED: Self = Self(3);
    /// The icon, and its form for dark surroundings.
    pub const DARK: Self = Self(5);
    /// All that a key can have.
    pub const ALL: Self = Self(7);

    fn bit(variant: Variant) -> u8 {
        match variant {
            Variant::Plain => 1,
            Variant::Themed => 2,
            Variant::Dark => 4,
        }
    }

    /// Whether it has a variant.
    pub fn has(self, variant: Variant) -> bool {
        self.0 & Self::bit(variant) != 0
    }

    /// With a variant more.
    #[must_use]
    pub fn with(self, variant: Variant) -> Self {
        Self(self.0 | Self::bit(variant))
    }

    /// Without a variant.
    #[must_use]
    pub fn without(self, variant: Variant) -> Self {
        Self(self.0 & !Self::bit(variant))
    }

    /// With all of another set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of another set is in it.
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether it is level 0.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its variants, in order.
    pub fn iter(self) -> impl Iterator<Item = Variant> {
        Variant::ALL.into_iter().filter(move |variant| self.has(*variant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_bytes_of_its_sides() {
        assert!(Picture::new(2, 2, Form::Rgba, vec![0; 16]).is_some());
        for (width, height, bytes) in [(2, 2, 15), (2, 2, 17), (0, 2, 0), (SIDE_MAX + 1, 1, 4100)] {
            assert_eq!(Picture::new(width, height, Form::Rgba, vec![0; bytes]), None);
        }
        assert!(Picture::new(1, 1, Form::Rgba, vec![9, 9, 9, 0]).unwrap().is_blank());
        assert!(!Picture::new(1, 1, Form::Rgba, vec![0, 0, 0, 1]).unwrap().is_blank());
    }

    #[test]
    fn a_level_covers_those_below_it() {
        assert!(Variants::THEMED.covers(Variants::ICON) && Variants::ICON.covers(Variants::COLOUR));
        assert!(!Variants::ICON.covers(Variants::THEMED));
        assert_eq!(
            Variants::ICON.with(Variant::Dark).without(Variant::Plain).iter().collect::<Vec<_>>(),
            [Variant::Dark]
        );
    }
}
