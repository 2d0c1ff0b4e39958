//! What a provider's answer changes (S4). Pure; a table of its answer for each variant:
//!
//! | answer | memory | store |
//! |---|---|---|
//! | picture, with a token | replaced | replaced |
//! | picture, without a token | replaced | as it was |
//! | live picture | replaced | label, colour and flags only |
//! | blank picture, default icon, nothing | as it was | as it was |
//! | no such variant (themed, dark) | noted | noted |
//!
//! Invariants: a default icon, a blank picture or a failure never replaces anything; a label may be new without pixels; a
//! title is never replaced by nothing.

use std::sync::Arc;

use super::provider::{Pixels, Rendered, Want};
use crate::key::IconKey;
use crate::memory::{Change, Label, Note};
use crate::picture::{Picture, Variant, Variants};
use crate::store::{LabelRow, Origin, Packed, PictureRow, Write};
use crate::validity::Tokens;

/// What a provider's answer comes to.
#[derive(Debug, Default)]
pub struct Merged {
    /// For memory.
    pub change: Change,
    /// For the store, in order.
    pub writes: Vec<Write>,
    /// The variants that are known by it.
    pub drawn: Variants,
    /// Whether the system's default icon was the answer for the icon.
    pub default: bool,
    /// Whether the label came.
    pub labelled: bool,
}

impl Merged {
    /// Whether the provider gave all that was wanted.
    pub fn satisfies(&self, want: Want) -> bool {
        self.drawn.covers(want.variants) && (self.labelled || !want.label)
    }
}

/// Merges an answer into what is known of level 0
/// and of the sides of the icon.
pub fn merge(key: &IconKey, known: &Label, mut sides: Option<(u32, u32)>, rendered: Rendered) -> Merged {
    let mut merged = Merged { default: rendered.plain == Pixels::Default, ..Merged::default() };
    let Rendered { label, plain, themed, dark, colour, flags, tokens, provider } = rendered;
    let origin =
        tokens.as_ref().map(|tokens| Origin { provider: provider.into(), token: tokens.pixels.clone() });
    let mut rows = Vec::new();
    for (variant, pixels) in [(Variant::Plain, plain), (Variant::Themed, themed), (Variant::Dark, dark)] {
        if variant != Variant::Plain && sides.is_none() {
            // Without an icon there is nothing that this could be a form of.
            continue;
        }
        let (picture, kept) = match pixels {
            Pixels::Picture(picture) if is_icon(variant, &picture, sides) => (Some(picture), true),
            // Its row says that it was drawn and has no pixels, in place of a still picture from before.
            Pixels::Live(picture) if is_icon(variant, &picture, sides) => (Some(picture), false),
            // A themed form of other sides than the icon's cannot be laid over it: no theme (S2d).
            Pixels::Picture(_) | Pixels::Live(_) if variant == Variant::Themed => (None, true),
            Pixels::Absent if variant != Variant::Plain => (None, true),
            Pixels::Unknown | Pixels::Absent | Pixels::Default | Pixels::Picture(_) | Pixels::Live(_) => {
                continue;
            }
        };
        if variant == Variant::Plain {
            sides = picture.as_ref().map(|picture| (picture.width(), picture.height()));
        }
        merged.drawn = merged.drawn.with(variant);
        if let Some(origin) = origin.clone() {
            let data = picture.as_ref().filter(|_| kept).and_then(Packed::of);
            rows.push((variant, PictureRow { origin, stale: false, data }));
        }
        let origin = if kept { origin.clone() } else { None };
        merged.change.pictures.push((
            variant,
            Note { origin, stale: false, absent: picture.is_none() },
            picture,
        ));
    }
    let drawn = merged.drawn.has(Variant::Plain);
    merged.labelled = label.is_some() || drawn;
    if !drawn && label.is_none() && rows.is_empty() {
        return merged;
    }
    let level0 = level0(key, known, label.as_deref(), drawn.then_some(colour), flags, tokens.as_ref());
    // Nothing new is written again: a session that repeats writes nothing.
    let label = (level0 != *known).then(|| stored(&level0));
    if tokens.is_some() && (label.is_some() || !rows.is_empty()) {
        merged.writes.push(Write::Put { key: key.clone(), label, pictures: rows });
    }
    merged.change.label = Some(level0);
    merged
}

/// Whether a picture can stand for the variant: it can be seen, has the form, and a themed one has the icon's sides.
fn is_icon(variant: Variant, picture: &Picture, sides: Option<(u32, u32)>) -> bool {
    let fits = variant != Variant::Themed || sides == Some((picture.width(), picture.height()));
    picture.form() == variant.form() && fits && (variant == Variant::Themed || !picture.is_blank())
}

/// Level 0 after the answer.
fn level0(
    key: &IconKey,
    known: &Label,
    label: Option<&str>,
    colour: Option<u32>,
    flags: u32,
    tokens: Option<&Tokens>,
) -> Label {
    let mut level0 = known.clone();
    if let Some(label) = label {
        // S2f: title empty → package name.
        level0.text =
            Some(if label.is_empty() { Arc::from(key.component.package()) } else { Arc::from(label) });
        level0.token = tokens.map(|tokens| tokens.label.clone());
        level0.stale = false;
    }
    if let Some(colour) = colour {
        level0.colour = opaque(colour);
    }
    if label.is_some() || colour.is_some() {
        level0.flags = flags;
    }
    if level0.text.is_none() && colour.is_some() {
        level0.text = Some(Arc::from(key.component.package()));
    }
    level0
}

fn stored(level0: &Label) -> LabelRow {
    let Label { text, token, stale, colour, flags } = level0.clone();
    LabelRow { label: text, token, stale, colour, flags }
}

/// S2e: a colour has no transparency.
pub(super) fn opaque(colour: u32) -> u32 {
    colour | 0xFF00_0000
}
