//! The store with the writes that wait for it: batches instead of a transaction a row (S7).
//!
//! Invariants: what was written is read, whether it has reached the disk or not; what was removed is not.

use super::epochs::{Epochs, Stamp};
use crate::key::{IconKey, PackageOf};
use crate::picture::Variants;
use crate::store::{Found, Part, ScanRow, Store, Write};

/// The store, and what is on its way to it.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) store: Store,
    /// Rows of single keys, in order.
    pending: Vec<Write>,
    batch_rows_max: usize,
    pub(super) epochs: Epochs,
}

impl Shelf {
    pub(super) fn new(store: Store, batch_rows_max: usize) -> Self {
        Self { store, pending: Vec::new(), batch_rows_max, epochs: Epochs::default() }
    }

    /// What is known of a key, and when that was.
    pub(super) fn read(&mut self, key: &IconKey, wants: Variants) -> (Found, Stamp) {
        let stamp = self.epochs.stamp();
        if !self.epochs.is_profile(key.profile) {
            return (Found::default(), stamp);
        }
        let mut found = self.store.read(key, wants);
        for write in &self.pending {
            match write {
                Write::Delete(gone) if gone == key => found = Found::default(),
                Write::Put { key: put, label, pictures } if put == key => {
                    found.label = label.clone().or(found.label);
                    for (variant, row) in pictures.iter().filter(|(variant, _)| wants.has(*variant)) {
                        found.pictures.retain(|(other, _)| other != variant);
                        found.pictures.push((*variant, row.clone()));
                    }
                }
                _ => {}
            }
        }
        (found, stamp)
    }

    /// Adds the writes of a key, unless something happened to it since its work began.
    pub(super) fn put(&mut self, key: &IconKey, writes: Vec<Write>, stamp: Stamp) {
        let since = self.epochs.since(key, stamp);
        if since.gone {
            return;
        }
        for mut write in writes {
            if let Write::Put { label, pictures, .. } = &mut write {
                label.iter_mut().for_each(|row| row.stale |= since.label_stale);
                pictures.iter_mut().for_each(|(_, row)| row.stale |= since.pixels_stale);
            }
            self.pending.push(write);
        }
        if self.pending.len() >= self.batch_rows_max {
            self.flush();
        }
    }

    /// Writes what waits.
    pub(super) fn flush(&mut self) {
        self.now(Vec::new());
    }

    /// Writes what waits and this, now. A failure is counted by the store.
    pub(super) fn now(&mut self, writes: Vec<Write>) {
        let mut batch = std::mem::take(&mut self.pending);
        batch.extend(writes);
        // The store keeps the failure, what is owed and the count; there is nothing to add here.
        let _ = self.store.write(batch);
    }

    /// Every key's tokens, after all that waits.
    pub(super) fn scan(&mut self) -> Option<Vec<ScanRow>> {
        self.flush();
        self.store.scan()
    }

    /// The keys of a package.
    pub(super) fn keys_of(&mut self, package: &PackageOf) -> Vec<IconKey> {
        self.flush();
        self.store.keys_of(package)
    }

    /// Removes a package.
    pub(super) fn remove_package(&mut self, package: &PackageOf) {
        self.epochs.package_removed(package);
        self.now(vec![Write::DeletePackage(package.clone())]);
    }

    /// Marks everything stale.
    pub(super) fn all_changed(&mut self, part: Part, writes: Vec<Write>) {
        self.epochs.all_changed(part);
        self.now(writes);
    }

    /// Empties everything, for icons of another size.
    pub(super) fn clear(&mut self, size_px: u32) {
        self.epochs.cleared();
        self.pending.clear();
        // A failure made the file anew or put the store in memory; both are empty.
        let _ = self.store.clear(size_px);
    }
}
