//! Which pictures stay in memory, counted in bytes.
//!
//! The policy is quick_cache's (S3-FIFO like): one pass over the whole drawer does not push out what is used every day,
//! which an LRU lets happen. Pinned pictures lie beside it, in the order of their importance.
//!
//! Invariant: cached and pinned bytes are at most the budget less what entries take, whenever a call has returned.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use quick_cache::unsync::{Cache, DefaultLifecycle};
use quick_cache::{OptionsBuilder, Weighter};

use crate::key::IconKey;
use crate::picture::{Picture, Variant};

/// A variant of the entry of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PictureId(pub(super) u32, pub(super) Variant);

/// What a picture takes beside its pixels.
const OVERHEAD_BYTES: u64 = 96;

/// The bytes that a picture takes.
pub fn picture_bytes(picture: &Picture) -> u64 {
    picture.bytes().len() as u64 + OVERHEAD_BYTES
}

/// A typical picture, by which the cache guesses how many keys to remember beyond those it holds.
const TYPICAL_BYTES: u64 = 147_456;

/// At least this share of the budget is set aside for entries from the start. A cache that shrinks while it fills is left
/// with hot pictures only, and takes in new ones badly.
const ENTRIES_SHARE: u64 = 64;

/// Remembered keys beyond those held, as a share of them: measured on the trace of the drawer, where 0.25 gives 70.3 % hits
/// and the crate's own 0.5 gives 69.8 %.
const GHOST_SHARE: f64 = 0.25;

/// What entries take is set aside in such steps, so that the capacity does not move with every title.
const RESERVE_STEP_BYTES: u64 = 16_384;

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<PictureId, Picture> for ByBytes {
    fn weight(&self, _: &PictureId, picture: &Picture) -> u64 {
        picture_bytes(picture)
    }
}

type Hasher = BuildHasherDefault<DefaultHasher>;
type Cached = Cache<PictureId, Picture, ByBytes, Hasher, DefaultLifecycle<PictureId, Picture>>;

/// The pictures in memory.
pub(super) struct Pictures {
    cached: Cached,
    /// The capacity that the cache was made for: it keeps its sense of proportion near it only.
    built_for: u64,
    budget: u64,
    reserved: u64,
    /// The importance of a pinned key, 0 the highest.
    ranks: HashMap<IconKey, usize>,
    pinned: HashMap<PictureId, (usize, Picture)>,
    pinned_bytes: u64,
    /// Pictures that were given and not taken back, to count demotions.
    inserted: u64,
    removed: u64,
}

impl Pictures {
    pub(super) fn new(budget: u64) -> Self {
        Self {
            cached: cache(budget - budget / ENTRIES_SHARE),
            built_for: budget - budget / ENTRIES_SHARE,
            budget,
            reserved: budget / ENTRIES_SHARE,
            ranks: HashMap::new(),
            pinned: HashMap::new(),
            pinned_bytes: 0,
            inserted: 0,
            removed: 0,
        }
    }

    pub(super) fn get(&self, id: PictureId) -> Option<Picture> {
        self.pinned.get(&id).map(|(_, picture)| picture).or_else(|| self.cached.get(&id)).cloned()
    }

    pub(super) fn insert(&mut self, id: PictureId, key: &IconKey, picture: Picture) {
        self.remove_pinned(id);
        // Not taken out first: the cache would forget that it knew the key, which is what it goes by.
        self.removed += u64::from(self.cached.contains_key(&id));
        self.inserted += 1;
        match self.ranks.get(key) {
            Some(rank) => {
                self.cached.remove(&id);
                self.pinned_bytes += picture_bytes(&picture);
                self.pinned.insert(id, (*rank, picture));
                self.fit();
            }
            None => self.cached.insert(id, picture),
        }
    }

    pub(super) fn remove(&mut self, id: PictureId) {
        self.remove_pinned(id);
        self.removed += u64::from(self.cached.remove(&id).is_some());
    }

    fn remove_pinned(&mut self, id: PictureId) {
        if let Some((_, picture)) = self.pinned.remove(&id) {
            self.pinned_bytes = self.pinned_bytes.saturating_sub(picture_bytes(&picture));
            self.removed += 1;
            self.fit();
        }
    }

    /// Forgets all pictures, pinned ones too if asked.
    pub(super) fn clear(&mut self, pinned_too: bool) {
        self.cached = cache(self.built_for);
        if pinned_too {
            self.pinned.clear();
            self.pinned_bytes = 0;
        }
        self.fit();
    }

    /// Sets aside what entries take.
    pub(super) fn reserve(&mut self, entry_bytes: u64) {
        let steps = entry_bytes.div_ceil(RESERVE_STEP_BYTES);
        let reserved = steps.saturating_mul(RESERVE_STEP_BYTES).max(self.budget / ENTRIES_SHARE);
        if reserved != self.reserved {
            self.reserved = reserved;
            self.fit();
        }
    }

    pub(super) fn set_budget(&mut self, budget: u64, entry_bytes: u64) {
        self.budget = budget;
        self.reserved = entry_bytes;
        self.reserve(entry_bytes);
        self.fit();
    }

    /// Leaves half of the budget in use; it may fill again.
    pub(super) fn halve(&mut self, entry_bytes: u64) {
        let budget = self.budget;
        self.set_budget(budget / 2, entry_bytes);
        self.set_budget(budget, entry_bytes);
    }

    /// Pins keys; `known` are those with an entry. Pictures change sides.
    pub(super) fn pin(&mut self, keys: &[IconKey], known: &[(IconKey, u32)]) {
        self.ranks = keys.iter().enumerate().rev().map(|(rank, key)| (key.clone(), rank)).collect();
        let ranks: HashMap<u32, usize> =
            known.iter().filter_map(|(key, id)| self.ranks.get(key).map(|rank| (*id, *rank))).collect();
        let mut loose = Vec::new();
        for (id, (_, picture)) in std::mem::take(&mut self.pinned) {
            match ranks.get(&id.0) {
                Some(rank) => drop(self.pinned.insert(id, (*rank, picture))),
                None => loose.push((id, picture)),
            }
        }
        for (id, rank) in &ranks {
            for variant in Variant::ALL {
                if let Some((id, picture)) = self.cached.remove(&PictureId(*id, variant)) {
                    self.pinned.insert(id, (*rank, picture));
                }
            }
        }
        self.pinned_bytes = self.pinned.values().map(|(_, picture)| picture_bytes(picture)).sum();
        self.fit();
        loose.sort_by_key(|(id, _)| id.0);
        for (id, picture) in loose {
            self.cached.insert(id, picture);
        }
    }

    /// Brings pinned and cached pictures within the budget: cached ones go first, then the least important pinned.
    fn fit(&mut self) {
        let room = self.budget.saturating_sub(self.reserved);
        while self.pinned_bytes > room {
            let last =
                self.pinned.iter().max_by_key(|(id, (rank, _))| (*rank, id.0, id.1)).map(|(id, _)| *id);
            let Some((_, picture)) = last.and_then(|last| self.pinned.remove(&last)) else { break };
            self.pinned_bytes = self.pinned_bytes.saturating_sub(picture_bytes(&picture));
        }
        let capacity = room.saturating_sub(self.pinned_bytes);
        if capacity == self.cached.capacity() {
            return;
        }
        // Far from what it was made for, the cache's shares round to nothing and stay there: it is made anew.
        if capacity >= self.built_for / 4 && capacity <= self.built_for.saturating_mul(4) {
            self.cached.set_capacity(capacity);
            return;
        }
        let mut fresh = cache(capacity);
        std::mem::swap(&mut fresh, &mut self.cached);
        for (id, picture) in fresh.drain() {
            self.cached.insert(id, picture);
        }
        self.built_for = capacity;
    }

    pub(super) fn len(&self) -> usize {
        self.cached.len() + self.pinned.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.cached.weight().saturating_add(self.pinned_bytes)
    }

    pub(super) fn pinned_bytes(&self) -> u64 {
        self.pinned_bytes
    }

    /// Pictures that were forgotten without being replaced.
    pub(super) fn demotions(&self) -> u64 {
        self.inserted.saturating_sub(self.removed).saturating_sub(self.len() as u64)
    }
}

fn cache(capacity: u64) -> Cached {
    let items = usize::try_from(capacity / TYPICAL_BYTES).unwrap_or(usize::MAX).clamp(16, 65_536);
    let options = OptionsBuilder::new()
        .estimated_items_capacity(items)
        .weight_capacity(capacity)
        .ghost_allocation(GHOST_SHARE)
        .build();
    match options {
        Ok(options) => Cache::with_options(options, ByBytes, Hasher::default(), DefaultLifecycle::default()),
        // Nothing that the builder asks for is missing; its own settings would do as well.
        Err(_) => Cache::with(items, capacity, ByBytes, Hasher::default(), DefaultLifecycle::default()),
    }
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pictures({} of {} bytes, {} pinned)", self.bytes(), self.budget, self.pinned_bytes)
    }
}
