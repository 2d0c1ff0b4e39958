//! Look-ups whose pixels end in memory of the caller's.
//!
//! What a caller does not want to be remembered ([`Request::skip_memory`]) goes from the store's form straight to where it
//! is shown. What is remembered is unpacked once, for memory to keep, and copied out from there: memory must not depend on
//! bytes that somebody else can write to.
//!
//! Pictures lie one after the other from the start of the slot: the icon, or where the dark variant was asked for and
//! there is one, that; then its monochrome form, if asked for.
//!
//! Invariant: after a call a slot holds the pictures that the answer names and zeros, never parts of another icon.

use std::sync::PoisonError;

use super::IconCache;
use super::answer::{Icon, Kind, ProfileKind, Request, Tier};
use super::bulk::Batch;
use super::known::Known;
use super::merge::opaque;
use super::resolve::Prefetched;
use super::sync::Mutex;
use crate::codec::Codec;
use crate::key::IconKey;
use crate::memory::{Label, Note};
use crate::picture::{Picture, Variant, Variants};
use crate::store::{Found, Packed, PictureRow};

/// Where a picture lies in its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which picture.
    pub variant: Variant,
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Its first byte.
    pub at: usize,
}

/// An answer whose pictures are in the caller's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The answer, without pictures.
    pub icon: Icon,
    /// What was written.
    pub places: Vec<Place>,
    /// The bytes that the pictures take, where the slot has fewer; nothing was written then.
    pub needed: Option<usize>,
}

/// Codecs that wait for their next picture; each keeps its buffer between the stages.
#[derive(Debug, Default)]
pub(super) struct Codecs(Mutex<Vec<Codec>>);

impl Codecs {
    /// As many as there are threads that look up at once, on a phone.
    const KEPT_MAX: usize = 4;

    fn take(&self) -> Codec {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give(&self, codec: Codec) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < Self::KEPT_MAX {
            kept.push(codec);
        }
    }

    /// Forgets their buffers.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl IconCache {
    /// As [`IconCache::get`], with the pictures in `out`.
    pub fn get_into(&self, request: &Request, out: &mut [u8]) -> Placed {
        let mut codec = self.codecs.take();
        let placed = self.one_into(request, out, None, &mut codec);
        self.codecs.give(codec);
        placed.unwrap_or_else(|(prefetched, out)| place(self.answer(request, prefetched), request.wants, out))
    }

    /// As [`IconCache::peek`], with the pictures in `out`; `None`: memory does not have it, and `out` is as it was.
    pub fn peek_into(&self, request: &Request, out: &mut [u8]) -> Option<Placed> {
        Some(place(self.peek(request)?, request.wants, out))
    }

    /// As [`IconCache::get_each`], with the pictures of each request in a slot of its own: `slot_bytes` of the arena, in the
    /// order of the requests. Where the arena ends too early, answers say what they need.
    pub fn get_all_into(
        &self,
        requests: &[Request],
        arena: &mut [u8],
        slot_bytes: usize,
        mut each: impl FnMut(usize, Placed),
    ) {
        let mut batch = Batch::new(self, requests);
        let mut codec = self.codecs.take();
        let mut slots = arena.chunks_mut(slot_bytes.max(1));
        for (at, request) in requests.iter().enumerate() {
            let out = slots.next().unwrap_or_default();
            batch.look_ahead(at);
            let placed = match batch.stored(request) {
                Some(stored) => self.one_into(request, out, Some(stored), &mut codec),
                None => Err((None, out)),
            };
            let answer = |(stored, out)| place(batch.answer(request, stored), request.wants, out);
            each(at, placed.unwrap_or_else(answer));
        }
        self.codecs.give(codec);
    }

    /// Answers straight into the slot, where that can be done; else gives back what was read meanwhile.
    fn one_into<'out>(
        &self,
        request: &Request,
        out: &'out mut [u8],
        prefetched: Option<Prefetched>,
        codec: &mut Codec,
    ) -> Result<Placed, (Option<Prefetched>, &'out mut [u8])> {
        let Some(key) = request.key.as_ref().filter(|_| request.skip_memory) else {
            return Err((prefetched, out));
        };
        let hit = self.memory_hit(&mut self.state(), key, request);
        if let Some(known) = hit {
            return Ok(place(self.finished(key, request, known), request.wants, out));
        }
        let (found, stamp) = match prefetched {
            Some(prefetched) => prefetched,
            None => self.shelf().read(key, request.wants),
        };
        match self.unpacked_into(key, request, &found, out, codec) {
            Some(placed) => Ok(placed),
            None => Err((Some((found, stamp)), out)),
        }
    }

    /// Unpacks what the store has; `None` when that is not the whole answer. No flight is needed: nobody draws.
    fn unpacked_into(
        &self,
        key: &IconKey,
        request: &Request,
        found: &Found,
        out: &mut [u8],
        codec: &mut Codec,
    ) -> Option<Placed> {
        let label = found.label.as_ref()?;
        let text = label.label.clone()?;
        let row = |variant| found.pictures.iter().find(|(other, _)| *other == variant).map(|(_, row)| row);
        let data = |variant| row(variant).and_then(|row: &PictureRow| row.data.as_ref());
        let is_whole = request.wants.iter().all(|variant| row(variant).is_some());
        if !is_whole || !request.wants.has(Variant::Plain) {
            return None;
        }
        // A plain row without pixels is that of a clock, which has to be drawn.
        let plain = (Variant::Plain, data(Variant::Plain)?);
        let places = arrange(request.wants, plain, data, |packed| (packed.width, packed.height));
        let needed = unpack_all(&places, out, codec)?;
        let of_label = Label {
            text: Some(text.clone()),
            token: label.token.clone(),
            stale: label.stale,
            colour: label.colour,
            flags: label.flags,
        };
        let notes = request.wants.iter().filter_map(|variant| {
            let row = row(variant)?;
            let note =
                Note { origin: Some(row.origin.clone()), stale: row.stale, absent: row.data.is_none() };
            Some((variant, note, None))
        });
        let mut known = Known {
            label: of_label,
            pictures: notes.collect(),
            tier: Some(Tier::Store),
            default: false,
            undrawn: None,
        };
        let profile = {
            let mut state = self.state();
            self.note_stale(&mut state, key, request, &mut known);
            state.profiles.get(&key.profile).copied()
        };
        let icon = Icon {
            label: text,
            colour: opaque(label.colour),
            flags: ProfileKind::apply(profile, label.flags),
            kind: Kind::Icon,
            pictures: Vec::new(),
            tier: Tier::Store,
            label_stale: known.label.stale,
            pixels_stale: known.pictures.iter().any(|(_, note, _)| note.stale),
            undrawn: None,
        };
        self.counters.answered(icon.tier, icon.label_stale || icon.pixels_stale);
        let places =
            if needed.is_some() { Vec::new() } else { places.iter().map(|(place, _)| *place).collect() };
        Some(Placed { icon, places, needed })
    }
}

/// Copies an answer's pictures into a slot.
pub fn place(mut icon: Icon, wants: Variants, out: &mut [u8]) -> Placed {
    let pictures = std::mem::take(&mut icon.pictures);
    let of = |variant| pictures.iter().find(|(found, _)| *found == variant).map(|(_, picture)| picture);
    let first = [Variant::Plain, Variant::Dark].into_iter().find_map(|variant| Some((variant, of(variant)?)));
    let places = match first {
        Some(first) => arrange(wants, first, of, |picture: &Picture| (picture.width(), picture.height())),
        None => Vec::new(),
    };
    let total: usize = places.iter().map(|(_, picture)| picture.bytes().len()).sum();
    let needed = (total > out.len()).then_some(total);
    let mut written = 0;
    if needed.is_none() {
        for (_, picture) in &places {
            let end = written + picture.bytes().len();
            if let Some(room) = out.get_mut(written..end) {
                room.copy_from_slice(picture.bytes());
                written = end;
            }
        }
    }
    out.get_mut(written..).unwrap_or_default().fill(0);
    let places = if needed.is_some() { Vec::new() } else { places.iter().map(|(place, _)| *place).collect() };
    Placed { icon, places, needed }
}

/// Which of the pictures are shown, and where.
fn arrange<'a, T>(
    wants: Variants,
    first: (Variant, &'a T),
    of: impl Fn(Variant) -> Option<&'a T>,
    sides: impl Fn(&T) -> (u32, u32),
) -> Vec<(Place, &'a T)> {
    let dark = Some(Variant::Dark).filter(|variant| wants.has(*variant)).and_then(&of);
    let (variant, shown) = dark.map_or(first, |dark| (Variant::Dark, dark));
    let (width, height) = sides(shown);
    let mut places = vec![(Place { variant, width, height, at: 0 }, shown)];
    let themed = Some(Variant::Themed).filter(|variant| wants.has(*variant)).and_then(of);
    // One of other sides cannot be laid over the icon (S2d).
    let themed = themed.filter(|themed| sides(themed) == (width, height));
    if let (Some(themed), Some(at)) = (themed, Picture::size(width, height, variant.form())) {
        places.push((Place { variant: Variant::Themed, width, height, at }, themed));
    }
    places
}

/// Unpacks pictures one after the other. The bytes that they need, if the slot has fewer; `None` when one is damaged.
fn unpack_all(places: &[(Place, &Packed)], out: &mut [u8], codec: &mut Codec) -> Option<Option<usize>> {
    let sizes =
        places.iter().map(|(place, _)| Picture::size(place.width, place.height, place.variant.form()));
    let total = sizes.sum::<Option<usize>>()?;
    if total > out.len() {
        out.fill(0);
        return Some(Some(total));
    }
    let mut rest = out;
    for (place, packed) in places {
        let size = Picture::size(place.width, place.height, place.variant.form())?;
        let (head, tail) = rest.split_at_mut_checked(size)?;
        packed.unpack_into(place.variant, codec, head)?;
        rest = tail;
    }
    rest.fill(0);
    Some(None)
}
