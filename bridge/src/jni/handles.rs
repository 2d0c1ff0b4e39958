//! Handles for objects that Kotlin owns: numbers out of a generation-checked table instead of raw pointers.
//!
//! A handle is `generation << 32 | tag << 24 | index`: a positive `jlong`, 0 is never one. The tag belongs to the
//! table, so a handle of another type is refused; the generation changes whenever a slot is freed, so a stale handle
//! is refused; a slot whose generation would wrap is retired for good.
//!
//! What it is not: it owns no object's lifetime beyond the table. [`HandleTable::get`] clones the `Arc` out, so an
//! object that is freed while another thread uses it lives until that use ends.
//!
//! Invariants: no code of the stored type runs while the lock is held (an object is dropped after the guard);
//! freeing twice is no error and does nothing.

use std::sync::{Arc, PoisonError, RwLock};

/// The largest index: 24 bits.
const INDEX_MAX: usize = 0x00ff_ffff;

/// The largest generation: 31 bits, so that a handle is never negative.
const GENERATION_MAX: u32 = 0x7fff_ffff;

/// A table of `T` under one type tag.
pub struct HandleTable<T> {
    tag: u8,
    generation_max: u32,
    slots: RwLock<Slots<T>>,
}

struct Slots<T> {
    all: Vec<Slot<T>>,
    free: Vec<usize>,
    live: usize,
}

struct Slot<T> {
    generation: u32,
    value: Option<Arc<T>>,
}

/// The table is full: 16,777,216 objects are alive or retired. A leak in the caller, in practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableFull;

impl<T> HandleTable<T> {
    /// An empty table whose handles carry `tag`.
    #[must_use]
    pub const fn new(tag: u8) -> Self {
        Self::with_generation_max(tag, GENERATION_MAX)
    }

    const fn with_generation_max(tag: u8, generation_max: u32) -> Self {
        let slots = Slots { all: Vec::new(), free: Vec::new(), live: 0 };
        Self { tag, generation_max, slots: RwLock::new(slots) }
    }

    /// Puts `value` in and answers its handle.
    ///
    /// # Errors
    /// [`TableFull`] when no index is left.
    pub fn insert(&self, value: Arc<T>) -> Result<i64, TableFull> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let index = match slots.free.pop() {
            Some(index) => index,
            None if slots.all.len() > INDEX_MAX => return Err(TableFull),
            None => {
                slots.all.push(Slot { generation: 1, value: None });
                slots.all.len() - 1
            }
        };
        let slot = slots.all.get_mut(index).ok_or(TableFull)?;
        slot.value = Some(value);
        let generation = slot.generation;
        slots.live += 1;
        Ok(self.pack(generation, index))
    }

    /// The object behind `handle`, or `None` when the handle is 0, stale, forged or of another table.
    #[must_use]
    pub fn get(&self, handle: i64) -> Option<Arc<T>> {
        let (generation, index) = self.unpack(handle)?;
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.all.get(index)?;
        if slot.generation == generation { slot.value.clone() } else { None }
    }

    /// Takes the object out; whether there was one. The handle is stale from now on.
    pub fn remove(&self, handle: i64) -> bool {
        let Some((generation, index)) = self.unpack(handle) else { return false };
        let taken = {
            let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            let slots = &mut *slots;
            let Some(slot) = slots.all.get_mut(index) else { return false };
            if slot.generation != generation || slot.value.is_none() {
                return false;
            }
            let taken = slot.value.take();
            slots.live -= 1;
            // At the last generation the slot is retired: its handles stay stale for ever.
            if slot.generation < self.generation_max {
                slot.generation += 1;
                slots.free.push(index);
            }
            taken
        };
        drop(taken);
        true
    }

    /// How many objects are in the table now.
    #[must_use]
    pub fn live(&self) -> usize {
        self.slots.read().unwrap_or_else(PoisonError::into_inner).live
    }

    fn pack(&self, generation: u32, index: usize) -> i64 {
        let low = (u64::from(self.tag) << 24) | (index as u64 & INDEX_MAX as u64);
        ((u64::from(generation) << 32) | low).cast_signed()
    }

    fn unpack(&self, handle: i64) -> Option<(u32, usize)> {
        let bits = u64::try_from(handle).ok()?;
        let tag = u8::try_from(bits >> 24 & 0xff).ok()?;
        let generation = u32::try_from(bits >> 32).ok()?;
        let index = usize::try_from(bits & INDEX_MAX as u64).ok()?;
        (tag == self.tag && generation != 0).then_some((generation, index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_dies_with_its_object_and_its_slot_is_used_again() {
        let table = HandleTable::new(1);
        let first = table.insert(Arc::new("a")).unwrap();
        assert!(first > 0);
        assert_eq!(table.get(first).as_deref(), Some(&"a"));
        assert!(table.remove(first));
        assert!(!table.remove(first), "freeing twice does nothing");
        let second = table.insert(Arc::new("b")).unwrap();
        assert_eq!(first & 0xffff_ffff, second & 0xffff_ffff, "same slot");
        assert_ne!(first, second);
        assert_eq!(table.get(first), None, "stale");
        assert_eq!(table.live(), 1);
    }

    #[test]
    fn forged_handles_are_refused() {
        let table = HandleTable::new(1);
        let other = HandleTable::new(2);
        let handle = table.insert(Arc::new(1)).unwrap();
        other.insert(Arc::new(2)).unwrap();
        for forged in [0, -1, i64::MIN, i64::MAX, handle + 1, handle ^ (1 << 32), handle & 0xffff_ffff] {
            assert_eq!(table.get(forged), None, "{forged:x}");
            assert!(!table.remove(forged), "{forged:x}");
        }
        assert_eq!(other.get(handle), None, "the tag is part of the handle");
    }

    #[test]
    fn a_slot_is_retired_before_its_generation_wraps() {
        let table = HandleTable::with_generation_max(1, 2);
        let handles: Vec<_> = (0..3)
            .map(|n| {
                let handle = table.insert(Arc::new(n)).unwrap();
                table.remove(handle);
                handle & 0xff_ffff
            })
            .collect();
        assert_eq!(handles, [0, 0, 1]);
    }

    #[test]
    fn an_object_in_use_outlives_its_handle() {
        let table = HandleTable::new(1);
        let handle = table.insert(Arc::new(String::from("kept"))).unwrap();
        let used = table.get(handle).unwrap();
        table.remove(handle);
        assert_eq!(*used, "kept");
        assert_eq!(Arc::strong_count(&used), 1);
    }

    #[test]
    fn threads_that_free_the_same_handle_free_it_once() {
        let table = HandleTable::new(1);
        let handles: Vec<_> = (0..1000).map(|n| table.insert(Arc::new(n)).unwrap()).collect();
        let freed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| handles.iter().filter(|handle| table.remove(**handle)).count()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((freed, table.live()), (1000, 0));
    }
}
