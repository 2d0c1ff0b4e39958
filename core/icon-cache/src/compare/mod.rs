//! Two answers to one question, legacy's and ours, side by side (S16). Pure; the rollout engine counts what comes out.
//!
//! Ours differs on purpose where legacy is wrong: a good icon against its default or blank one. Such a difference has a
//! code of its own and is found by a rule over both answers (R57); everything else is unexplained.

use std::collections::BTreeMap;

use crate::lookup::{Icon, Kind};
use crate::picture::{Picture, Variant};

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Difference {
    /// One has a picture, the other none.
    Kind,
    /// The titles.
    Title,
    /// The colours.
    Colour,
    /// The flags.
    Flags,
    /// The pixels of the icon, by more than the tolerance.
    Pixels,
    /// The monochrome form.
    Theme,
    /// Explained: legacy shows a default or blank icon where we know a good one.
    KeptGoodIcon,
    /// Explained: legacy lost a title that we know.
    KeptTitle,
}

impl Difference {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kind => "IC_DIFF_KIND",
            Self::Title => "IC_DIFF_TITLE",
            Self::Colour => "IC_DIFF_COLOUR",
            Self::Flags => "IC_DIFF_FLAGS",
            Self::Pixels => "IC_DIFF_PIXELS",
            Self::Theme => "IC_DIFF_THEME",
            Self::KeptGoodIcon => "IC_KEPT_GOOD_ICON",
            Self::KeptTitle => "IC_KEPT_TITLE",
        }
    }

    /// Whether a rule explains it.
    pub fn is_explained(self) -> bool {
        matches!(self, Self::KeptGoodIcon | Self::KeptTitle)
    }
}

/// How far pixels may lie apart, in steps of 255: shadow and scaling are not exact between renderers (S13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// The mean over all bytes.
    pub mean: u8,
    /// The largest.
    pub max: u8,
}

impl Tolerance {
    /// Bit for bit.
    pub const EXACT: Self = Self { mean: 0, max: 0 };
    /// What S13 suggests.
    pub const RENDERED: Self = Self { mean: 2, max: 8 };

    fn allows(self, ours: &[u8], theirs: &[u8]) -> bool {
        let steps = || ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
        let sum: u64 = steps().map(u64::from).sum();
        ours.len() == theirs.len()
            && sum <= u64::from(self.mean).saturating_mul(ours.len() as u64)
            && steps().all(|step| step <= self.max)
    }
}

/// What differs between our answer and legacy's, in the order of [`Difference`].
///
/// ```
/// # use ferrule_icon_cache::{compare::{compare, Tolerance}, lookup::Icon};
/// assert_eq!(compare(&Icon::blank(), &Icon::blank(), Tolerance::EXACT), []);
/// ```
pub fn compare(ours: &Icon, legacy: &Icon, tolerance: Tolerance) -> Vec<Difference> {
    let mut found = Vec::new();
    let kept = ours.kind == Kind::Icon && matches!(legacy.kind, Kind::Default | Kind::Blank);
    if ours.kind != legacy.kind && !kept {
        found.push(Difference::Kind);
    }
    if ours.label != legacy.label {
        found.push(if legacy.label.is_empty() { Difference::KeptTitle } else { Difference::Title });
    }
    let same_kind = ours.kind == legacy.kind;
    if same_kind && ours.colour != legacy.colour {
        found.push(Difference::Colour);
    }
    if same_kind && ours.flags != legacy.flags {
        found.push(Difference::Flags);
    }
    for (variant, difference) in [(Variant::Plain, Difference::Pixels), (Variant::Themed, Difference::Theme)]
    {
        if same_kind && !is_close(ours.picture(variant), legacy.picture(variant), tolerance) {
            found.push(difference);
        }
    }
    if kept {
        found.push(Difference::KeptGoodIcon);
    }
    found.sort_unstable();
    found
}

/// Whether two pictures, or their absence, lie within the tolerance of each other.
pub fn is_close(ours: Option<&Picture>, legacy: Option<&Picture>, tolerance: Tolerance) -> bool {
    match (ours, legacy) {
        (None, None) => true,
        (Some(ours), Some(legacy)) => {
            (ours.width(), ours.height()) == (legacy.width(), legacy.height())
                && tolerance.allows(ours.bytes(), legacy.bytes())
        }
        _ => false,
    }
}

/// Counts over many questions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Questions.
    pub compared: u64,
    /// Questions without any difference.
    pub equal: u64,
    /// Differences.
    pub differences: BTreeMap<Difference, u64>,
}

impl Tally {
    /// Adds a question's differences.
    pub fn add(&mut self, differences: &[Difference]) {
        self.compared += 1;
        self.equal += u64::from(differences.is_empty());
        for difference in differences {
            *self.differences.entry(*difference).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::Tier;
    use crate::picture::Form;

    fn icon(kind: Kind, level: u8) -> Icon {
        let picture = Picture::new(2, 2, Form::Rgba, vec![level; 16]);
        let pictures = picture.filter(|_| kind == Kind::Icon).map(|picture| (Variant::Plain, picture));
        Icon {
            kind,
            label: "App".into(),
            tier: Tier::Memory,
            pictures: pictures.into_iter().collect(),
            ..Icon::blank()
        }
    }

    #[test]
    fn differences_are_named_and_what_we_do_better_is_explained() {
        let good = icon(Kind::Icon, 100);
        let cases = [
            (icon(Kind::Icon, 102), vec![]),
            (icon(Kind::Icon, 103), vec![Difference::Pixels]),
            (icon(Kind::Default, 0), vec![Difference::KeptGoodIcon]),
            (Icon { label: "".into(), ..good.clone() }, vec![Difference::KeptTitle]),
            (
                Icon { label: "Ap".into(), flags: 1, ..good.clone() },
                vec![Difference::Title, Difference::Flags],
            ),
            (Icon { colour: 1, ..good.clone() }, vec![Difference::Colour]),
        ];
        let mut tally = Tally::default();
        for (legacy, expected) in cases {
            let found = compare(&good, &legacy, Tolerance::RENDERED);
            assert_eq!(found, expected);
            tally.add(&found);
        }
        assert_eq!(compare(&icon(Kind::Default, 0), &good, Tolerance::RENDERED), [Difference::Kind]);
        assert_eq!((tally.compared, tally.equal, tally.differences.len()), (6, 1, 6));
    }
}
