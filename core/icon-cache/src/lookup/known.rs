//! What is known of a key, put together from memory and store; and what that answers.

use super::answer::{Icon, Kind, ProfileKind, Request, Tier, Undrawn};
use super::merge::opaque;
use super::provider::Want;
use crate::memory::{Change, Held, Label, Note};
use crate::picture::{Picture, Variant, Variants};
use crate::store::Found;
use crate::validity::Tokens;

/// What is known of a key, with every picture that was looked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) label: Label,
    pub(super) pictures: Vec<(Variant, Note, Option<Picture>)>,
    pub(super) tier: Option<Tier>,
    /// Whether the system's default icon is all that there is.
    pub(super) default: bool,
    /// Why the provider was not heard, though something is missing or stale.
    pub(super) undrawn: Option<Undrawn>,
}

impl Known {
    /// What memory holds.
    pub(super) fn of_memory(held: Held) -> Self {
        let tier = (held.label.text.is_some() || !held.pictures.is_empty()).then_some(Tier::Memory);
        Self { label: held.label, pictures: held.pictures, tier, default: false, undrawn: None }
    }

    /// Adds what the store found; what is known already stays. What comes of it goes to memory. A picture that cannot
    /// be unpacked is none.
    pub(super) fn add_found(&mut self, found: Found) -> Change {
        let mut change = Change::default();
        if self.label.text.is_none()
            && let Some(row) = found.label
        {
            self.label = Label {
                text: row.label,
                token: row.token,
                stale: row.stale,
                colour: row.colour,
                flags: row.flags,
            };
            change.label = Some(self.label.clone());
        }
        for (variant, row) in found.pictures {
            if self.has(variant) {
                continue;
            }
            let picture = row.data.as_ref().and_then(|packed| packed.unpack(variant));
            // A plain row without pixels is that of a clock: it has to be drawn in each process.
            if picture.is_none() && (row.data.is_some() || variant == Variant::Plain) {
                continue;
            }
            let note = Note { origin: Some(row.origin), stale: row.stale, absent: picture.is_none() };
            self.pictures.push((variant, note.clone(), picture.clone()));
            change.pictures.push((variant, note, picture));
        }
        if change != Change::default() {
            self.tier = Some(Tier::Store);
        }
        change
    }

    /// Takes over what the provider's answer changed.
    pub(super) fn apply(&mut self, change: &Change) {
        if let Some(label) = &change.label {
            self.label = label.clone();
        }
        for (variant, note, picture) in &change.pictures {
            self.pictures.retain(|(other, ..)| other != variant);
            self.pictures.push((*variant, note.clone(), picture.clone()));
        }
        if *change != Change::default() {
            self.tier = Some(Tier::Provider);
        }
    }

    /// Marks what differs from the tokens that hold now. Whether anything did that was not marked yet.
    pub(super) fn compare(&mut self, expected: Option<&Tokens>) -> bool {
        let Some(expected) = expected else { return false };
        let mut news = false;
        if self.label.text.is_some() && self.label.token.as_ref() != Some(&expected.label) {
            news |= !self.label.stale;
            self.label.stale = true;
        }
        for (_, note, _) in &mut self.pictures {
            // What may not be kept on disk has no token: it is of this process and holds as long as no event speaks.
            let differs = note.origin.as_ref().is_some_and(|origin| origin.token != expected.pixels);
            news |= differs && !note.stale;
            note.stale |= differs;
        }
        news
    }

    /// The sides of the icon.
    pub(super) fn sides(&self) -> Option<(u32, u32)> {
        let plain = self.pictures.iter().find(|(variant, ..)| *variant == Variant::Plain);
        plain.and_then(|(.., picture)| picture.as_ref()).map(|picture| (picture.width(), picture.height()))
    }

    fn has(&self, variant: Variant) -> bool {
        self.pictures.iter().any(|(found, ..)| *found == variant)
    }

    /// The variants that were looked for and not found.
    pub(super) fn missing(&self, wants: Variants) -> Variants {
        wants.iter().filter(|variant| !self.has(*variant)).fold(Variants::COLOUR, Variants::with)
    }

    /// Whether it answers a question without the provider.
    pub(super) fn answers(&self, wants: Variants) -> bool {
        self.label.text.is_some() && self.missing(wants).is_empty()
    }

    /// Whether a part of it is stale.
    pub(super) fn is_stale(&self, wants: Variants) -> bool {
        self.label.stale || self.stale_pixels(wants)
    }

    fn stale_pixels(&self, wants: Variants) -> bool {
        self.pictures.iter().any(|(variant, note, _)| wants.has(*variant) && note.stale)
    }

    /// What the provider is asked for; `None`: nothing is missing or stale.
    pub(super) fn want(&self, wants: Variants) -> Option<Want> {
        let stale = self.pictures.iter().filter(|(_, note, _)| note.stale).map(|(variant, ..)| *variant);
        let mut variants = stale.fold(self.missing(wants), Variants::with);
        // A colour comes from the icon, so a key of which nothing is known is drawn even for level 0.
        if self.tier.is_none() {
            variants = variants.with(Variant::Plain);
        }
        let label = self.label.text.is_none() || self.label.stale;
        (label || !variants.is_empty()).then_some(Want { label, variants })
    }

    /// The answer to a question.
    pub(super) fn icon(&self, request: &Request, profile: Option<ProfileKind>) -> Icon {
        let wanted = self.pictures.iter().filter(|(variant, ..)| request.wants.has(*variant));
        let pictures: Vec<(Variant, Picture)> = wanted
            .filter_map(|(variant, _, picture)| picture.clone().map(|picture| (*variant, picture)))
            .collect();
        let drawn =
            self.pictures.iter().any(|(variant, _, picture)| *variant == Variant::Plain && picture.is_some());
        let kind = match (request.wants.is_empty(), self.tier.is_some()) {
            (true, true) => Kind::Colour,
            (false, _) if !pictures.is_empty() || (drawn && self.answers(request.wants)) => Kind::Icon,
            _ if self.default => Kind::Default,
            _ => Kind::Blank,
        };
        Icon {
            label: self.label.text.clone().unwrap_or_else(crate::memory::empty_text),
            colour: opaque(self.label.colour),
            flags: ProfileKind::apply(profile, self.label.flags),
            kind,
            pictures,
            tier: self.tier.unwrap_or(Tier::Nothing),
            label_stale: self.label.stale,
            pixels_stale: self.stale_pixels(request.wants),
            undrawn: self.undrawn,
        }
    }
}
