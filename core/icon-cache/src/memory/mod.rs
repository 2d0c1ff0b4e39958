//! What is known in memory: every title and colour, and as many pictures as the budget holds (S11).
//!
//! Entries are small and stay; pictures lie in a cache of their own, which forgets them by a scan-resistant policy. An entry
//! that has lost its picture is demoted to its colour, never blank. Pictures of pinned keys (first screen, hotseat) lie
//! apart and go last.
//!
//! Not here: the store, providers, threads. A failed look-up leaves nothing behind (S2j).
//!
//! Invariants: bytes in use are at most the budget and one picture, as long as the titles alone are within it; nothing
//! that is asked for less lowers what is there (S2i).

mod entry;
mod pictures;

use std::collections::HashMap;
use std::sync::Arc;

pub use entry::{Change, Held, Label, Note};
pub use pictures::picture_bytes;

use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::picture::{Variant, Variants};
use crate::store::{Part, Range};
use entry::Entry;
use pictures::{PictureId, Pictures};

/// How much the system wants back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrimLevel {
    /// Memory is low while the launcher is shown: half of the budget.
    Low,
    /// The launcher is hidden: pinned pictures only.
    Hidden,
    /// Memory is critical, or the launcher is in the background: titles and colours only.
    Critical,
}

/// Bytes in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Entries.
    pub entries: usize,
    /// Bytes of entries without their pictures.
    pub entry_bytes: u64,
    /// Pictures.
    pub pictures: usize,
    /// Bytes of pictures, pinned ones included.
    pub picture_bytes: u64,
    /// Bytes of pinned pictures.
    pub pinned_bytes: u64,
    /// Times that an entry was demoted since the start.
    pub demotions: u64,
}

impl Usage {
    /// All bytes.
    pub fn bytes(&self) -> u64 {
        self.entry_bytes.saturating_add(self.picture_bytes)
    }
}

/// The memory tier.
#[derive(Debug)]
pub struct Memory {
    entries: HashMap<IconKey, Entry>,
    pictures: Pictures,
    entry_bytes: u64,
    next_id: u32,
}

impl Memory {
    /// A tier of so many bytes.
    pub fn new(budget_bytes: u64) -> Self {
        Self { entries: HashMap::new(), pictures: Pictures::new(budget_bytes), entry_bytes: 0, next_id: 0 }
    }

    /// What is known of a key. Pictures that are asked for count as used.
    pub fn get(&mut self, key: &IconKey, wants: Variants) -> Option<Held> {
        let entry = self.entries.get(key)?;
        let mut held = Held { label: entry.label.clone(), pictures: Vec::new(), missing: Variants::COLOUR };
        for variant in wants.iter() {
            match entry.note(variant) {
                Some(note) if note.absent => held.pictures.push((variant, note.clone(), None)),
                Some(note) => match self.pictures.get(PictureId(entry.id, variant)) {
                    Some(picture) => held.pictures.push((variant, note.clone(), Some(picture))),
                    None => held.missing = held.missing.with(variant),
                },
                None => held.missing = held.missing.with(variant),
            }
        }
        Some(held)
    }

    /// Whether anything is known of a key.
    pub fn contains(&self, key: &IconKey) -> bool {
        self.entries.contains_key(key)
    }

    /// Takes over what became known. What the change does not name stays.
    pub fn put(&mut self, key: &IconKey, change: Change) {
        let next = &mut self.next_id;
        let is_new = !self.entries.contains_key(key);
        let entry = self.entries.entry(key.clone()).or_insert_with(|| {
            *next = next.wrapping_add(1);
            Entry::new(*next)
        });
        let before = if is_new { 0 } else { entry.bytes(key) };
        if let Some(label) = change.label {
            entry.label = label;
        }
        let id = entry.id;
        let mut pixels = Vec::with_capacity(change.pictures.len());
        for (variant, note, picture) in change.pictures {
            entry.set_note(variant, note);
            pixels.push((PictureId(id, variant), picture));
        }
        self.entry_bytes = self.entry_bytes.saturating_sub(before).saturating_add(entry.bytes(key));
        self.pictures.reserve(self.entry_bytes);
        for (id, picture) in pixels {
            match picture {
                Some(picture) => self.pictures.insert(id, key, picture),
                None => self.pictures.remove(id),
            }
        }
    }

    /// Forgets a key.
    pub fn remove(&mut self, key: &IconKey) {
        if let Some(entry) = self.entries.remove(key) {
            self.forget(key, &entry);
        }
    }

    /// Forgets a package, exactly matched.
    pub fn remove_package(&mut self, package: &PackageOf) {
        self.remove_where(|key| package.holds(key));
    }

    /// Forgets every profile but these.
    pub fn keep_profiles(&mut self, kept: &[ProfileSerial]) {
        self.remove_where(|key| !kept.contains(&key.profile));
    }

    fn remove_where(&mut self, gone: impl Fn(&IconKey) -> bool) {
        let keys: Vec<IconKey> = self.entries.keys().filter(|key| gone(key)).cloned().collect();
        for key in keys {
            self.remove(&key);
        }
    }

    fn forget(&mut self, key: &IconKey, entry: &Entry) {
        self.entry_bytes = self.entry_bytes.saturating_sub(entry.bytes(key));
        for variant in Variant::ALL {
            self.pictures.remove(PictureId(entry.id, variant));
        }
        self.pictures.reserve(self.entry_bytes);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.entry_bytes = 0;
        self.pictures.clear(true);
        self.pictures.reserve(0);
    }

    /// Marks what an event made stale; it goes on being shown.
    pub fn mark_stale(&mut self, range: &Range, part: Part) {
        for (key, entry) in &mut self.entries {
            let concerned = match range {
                Range::All => true,
                Range::Package(package) => package.holds(key),
            };
            if concerned {
                entry.mark_stale(part);
            }
        }
    }

    /// The keys of a package that are known.
    pub fn keys_of(&self, package: &PackageOf) -> Vec<IconKey> {
        let mut keys: Vec<IconKey> = self.entries.keys().filter(|key| package.holds(key)).cloned().collect();
        keys.sort();
        keys
    }

    /// The profiles of all entries; one that has several entries comes several times.
    pub fn profiles(&self) -> impl Iterator<Item = ProfileSerial> {
        self.entries.keys().map(|key| key.profile)
    }

    /// Says whose pictures go last, the most important first. What was pinned before is not any more.
    pub fn pin(&mut self, keys: &[IconKey]) {
        let ids = keys.iter().filter_map(|key| self.entries.get(key).map(|entry| (key, entry.id)));
        let ids: Vec<(IconKey, u32)> = ids.map(|(key, id)| (key.clone(), id)).collect();
        self.pictures.pin(keys, &ids);
    }

    /// Gives memory back.
    pub fn trim(&mut self, level: TrimLevel) {
        match level {
            TrimLevel::Low => self.pictures.halve(self.entry_bytes),
            TrimLevel::Hidden => self.pictures.clear(false),
            TrimLevel::Critical => self.pictures.clear(true),
        }
    }

    /// Changes the budget.
    pub fn set_budget(&mut self, bytes: u64) {
        self.pictures.set_budget(bytes, self.entry_bytes);
    }

    /// Bytes in use.
    pub fn usage(&self) -> Usage {
        Usage {
            entries: self.entries.len(),
            entry_bytes: self.entry_bytes,
            pictures: self.pictures.len(),
            picture_bytes: self.pictures.bytes(),
            pinned_bytes: self.pictures.pinned_bytes(),
            demotions: self.pictures.demotions(),
        }
    }
}

/// An empty label, shared.
pub(crate) fn empty_text() -> Arc<str> {
    Arc::from("")
}

#[cfg(test)]
mod tests;
