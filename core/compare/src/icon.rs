//! An icon: level, title, colour, flags and pixels of one look-up, whoever answered (S16).
//!
//! What it is: both answers again from what was remembered and what the platform offered, and the comparison. What it is not: a
//! cache; which picture is whose, the caller knows.
//!
//! Invariants: pictures within the tolerance of each other count as one, and nothing else is rounded; a flaw explains only
//! what it takes away, so legacy's default icon over a picture that the platform did offer stays a mismatch (R57).

use std::sync::Arc;

use ferrule_icon_cache::compare::{Difference, Tolerance, is_close};
use ferrule_icon_cache::lookup::{Icon, Kind, Pixels, Rendered, Tier};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_rollout::diff::Tree;
use sha2::{Digest, Sha256};

use crate::proof::{Comparison, explain};

/// The version of this comparator, for the keys of ledgers (R49).
pub const COMPARATOR: u32 = 1;

/// What was known of a key before the platform spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The title.
    pub label: String,
    /// Dominant colour, ARGB.
    pub colour: u32,
    /// Flags as A.1.
    pub flags: u32,
    /// The icon.
    pub plain: Picture,
    /// Its monochrome form.
    pub themed: Option<Picture>,
}

/// What both caches see of one look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The package, which stands in for a title that is empty.
    pub package: String,
    /// What is asked.
    pub wants: Variants,
    /// What was known before; `None` for a key that nobody asked for yet.
    pub remembered: Option<Remembered>,
    /// What the platform said last.
    pub offered: Rendered,
}

/// A flaw of legacy's cache. The order decides which one is named where several would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flaw {
    /// An update deletes what is remembered first; when the platform then has nothing better, the default icon or a blank one stays.
    ForgetsIcon,
    /// The same for the title.
    ForgetsTitle,
}

impl Flaw {
    /// Every flaw, in order.
    pub const ALL: [Self; 2] = [Self::ForgetsIcon, Self::ForgetsTitle];

    /// The stable code: that of what the candidate does instead.
    pub fn code(self) -> &'static str {
        match self {
            Self::ForgetsIcon => Difference::KeptGoodIcon.code(),
            Self::ForgetsTitle => Difference::KeptTitle.code(),
        }
    }
}

/// The candidate's answer: what is remembered stays until the platform has something better (S4).
pub fn candidate(input: &Input) -> Icon {
    legacy_without(input, &Flaw::ALL)
}

/// Legacy's answer without some of its flaws.
pub fn legacy_without(input: &Input, repaired: &[Flaw]) -> Icon {
    let keeps = |flaw: Flaw| input.remembered.as_ref().filter(|_| repaired.contains(&flaw));
    let offered = &input.offered;
    let drawn = visible(&offered.plain);
    let known = keeps(Flaw::ForgetsIcon);
    let label = match (&offered.label, keeps(Flaw::ForgetsTitle)) {
        (Some(label), _) if !label.is_empty() => label.clone(),
        (Some(_), _) => input.package.clone(),
        (None, Some(known)) => known.label.clone(),
        (None, None) if drawn.is_some() => input.package.clone(),
        (None, None) => String::new(),
    };
    let plain = drawn.or_else(|| known.map(|known| &known.plain));
    let sides = plain.map(|picture| (picture.width(), picture.height()));
    let themed = match &offered.themed {
        Pixels::Picture(picture) | Pixels::Live(picture) => Some(picture)
            .filter(|picture| picture.form() == Form::Alpha)
            .filter(|picture| sides == Some((picture.width(), picture.height()))),
        Pixels::Absent => None,
        Pixels::Unknown | Pixels::Default => known.and_then(|known| known.themed.as_ref()),
    };
    let (colour, flags) = match (drawn, known) {
        (Some(_), _) => (offered.colour | 0xFF00_0000, offered.flags),
        (None, Some(known)) if offered.label.is_some() => (known.colour, offered.flags),
        (None, Some(known)) => (known.colour, known.flags),
        (None, None) => (0xFF00_0000, if offered.label.is_some() { offered.flags } else { 0 }),
    };
    let pictures = [(Variant::Plain, plain), (Variant::Themed, themed)];
    let asked = pictures.into_iter().filter(|(variant, _)| input.wants.has(*variant));
    let kind = match (plain, input.wants.is_empty()) {
        (Some(_), false) => Kind::Icon,
        // Level 0 is known as soon as anything is.
        (Some(_), true) => Kind::Colour,
        (None, true) if !label.is_empty() => Kind::Colour,
        (None, _) if offered.plain == Pixels::Default => Kind::Default,
        (None, _) => Kind::Blank,
    };
    Icon {
        label: Arc::from(label),
        colour,
        flags,
        kind,
        pictures: asked.filter_map(|(variant, picture)| Some((variant, picture?.clone()))).collect(),
        tier: Tier::Nothing,
        label_stale: false,
        pixels_stale: false,
        undrawn: None,
    }
}

/// A picture that can stand for an icon.
fn visible(pixels: &Pixels) -> Option<&Picture> {
    match pixels {
        Pixels::Picture(picture) | Pixels::Live(picture) => {
            Some(picture).filter(|picture| picture.form() == Form::Rgba && !picture.is_blank())
        }
        Pixels::Unknown | Pixels::Absent | Pixels::Default => None,
    }
}

/// An answer as a tree. A picture that is close to one of `anchors` counts as the first that it is close to.
fn tree(icon: &Icon, anchors: [&Icon; 2], tolerance: Tolerance) -> Tree {
    let pixels = |variant| {
        let Some(picture) = icon.picture(variant) else { return Tree::Null };
        let near = anchors.iter().filter_map(|anchor| anchor.picture(variant));
        let near = near.into_iter().find(|anchor| is_close(Some(anchor), Some(picture), tolerance));
        Tree::Bitmap(digest(near.unwrap_or(picture)))
    };
    Tree::map([
        ("level", Tree::from(level(icon.kind))),
        ("title", Tree::from(&*icon.label)),
        ("colour", icon.colour.into()),
        ("flags", icon.flags.into()),
        ("pixels", pixels(Variant::Plain)),
        ("theme", pixels(Variant::Themed)),
    ])
}

fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Blank => "blank",
        Kind::Default => "default",
        Kind::Colour => "colour",
        Kind::Icon => "icon",
    }
}

fn digest(picture: &Picture) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(picture.width().to_le_bytes());
    hash.update(picture.height().to_le_bytes());
    hash.update(picture.bytes());
    hash.finalize().into()
}

/// Compares the answers that both gave to a look-up.
pub fn compare(input: &Input, legacy: &Icon, candidate_answer: &Icon, tolerance: Tolerance) -> Comparison {
    let tree = |icon: &Icon| tree(icon, [candidate_answer, legacy], tolerance);
    explain(
        &tree(legacy),
        &tree(candidate_answer),
        &Flaw::ALL,
        Flaw::code,
        |repaired| tree(&legacy_without(input, repaired)),
        &tree(&candidate(input)),
    )
}
