//! An entry: what of a key stays in memory when its pictures go.

use std::sync::Arc;

use crate::key::IconKey;
use crate::picture::{Picture, Variant, Variants};
use crate::store::{Origin, Part};
use crate::validity::Token;

/// What level 0 needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The label; `None` when nobody knows it.
    pub text: Option<Arc<str>>,
    /// Its token.
    pub token: Option<Token>,
    /// Whether an event made it stale.
    pub stale: bool,
    /// Dominant colour, ARGB; 0 when no picture was seen yet.
    pub colour: u32,
    /// Flags as A.1; the user bits are replaced when it is shown.
    pub flags: u32,
}

/// What is known of a variant apart from its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where the pixels come from; `None` when they may not be kept on disk.
    pub origin: Option<Origin>,
    /// Whether an event made them stale.
    pub stale: bool,
    /// Whether the provider said that there is no such variant.
    pub absent: bool,
}

/// What became known of a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Level 0, if it changes.
    pub label: Option<Label>,
    /// The variants that change; no picture where the note says absent.
    pub pictures: Vec<(Variant, Note, Option<Picture>)>,
}

/// What memory answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Level 0.
    pub label: Label,
    /// The variants that were asked for and are known; no picture where there is none.
    pub pictures: Vec<(Variant, Note, Option<Picture>)>,
    /// The variants that were asked for and are not in memory.
    pub missing: Variants,
}

/// An entry.
#[derive(Debug)]
pub(super) struct Entry {
    /// Names its pictures.
    pub(super) id: u32,
    pub(super) label: Label,
    plain: Option<Note>,
    themed: Option<Note>,
    dark: Option<Note>,
}

impl Entry {
    /// What an entry takes without its texts: itself, its slot in the table, the counts of its shared texts.
    const FIXED_BYTES: u64 = 256;

    pub(super) fn new(id: u32) -> Self {
        Self { id, label: Label::default(), plain: None, themed: None, dark: None }
    }

    pub(super) fn note(&self, variant: Variant) -> Option<&Note> {
        match variant {
            Variant::Plain => self.plain.as_ref(),
            Variant::Themed => self.themed.as_ref(),
            Variant::Dark => self.dark.as_ref(),
        }
    }

    pub(super) fn set_note(&mut self, variant: Variant, note: Note) {
        *match variant {
            Variant::Plain => &mut self.plain,
            Variant::Themed => &mut self.themed,
            Variant::Dark => &mut self.dark,
        } = Some(note);
    }

    pub(super) fn mark_stale(&mut self, part: Part) {
        match part {
            Part::Label => self.label.stale = true,
            Part::Pixels => {
                for note in [&mut self.plain, &mut self.themed, &mut self.dark].into_iter().flatten() {
                    note.stale = true;
                }
            }
        }
    }

    /// The bytes of the entry under its key. Texts that several entries share are counted with each.
    pub(super) fn bytes(&self, key: &IconKey) -> u64 {
        let token = |token: &Option<Token>| token.as_ref().map_or(0, |token| token.as_str().len());
        let origin = |note: &Option<Note>| {
            let origin = note.as_ref().and_then(|note| note.origin.as_ref());
            origin.map_or(0, |origin| origin.provider.len() + origin.token.as_str().len())
        };
        let texts = key.component.package().len()
            + key.component.class().len()
            + self.label.text.as_ref().map_or(0, |text| text.len())
            + token(&self.label.token)
            + origin(&self.plain)
            + origin(&self.themed)
            + origin(&self.dark);
        Self::FIXED_BYTES + texts as u64
    }
}
