//! The ledgers of a fleet, key by key: what a report shows (R54).
//!
//! What it is: a reader of lines that keeps a sum and the details of every key. What it is not: a merge of keys; what differs in any
//! field of the key stays apart (R49).
//!
//! Invariants: memory is bounded by the number of keys, at most [`KEYS_MAX`], not by that of devices; a shard that comes again is counted
//! once, and burns again (R46).

use std::collections::BTreeMap;

use super::detail::Details;
use super::export::{Line, ledger_of};
use super::merge::MergeError;
use super::record::{Key, Ledger};
use super::seen::Seen;
use super::tally::Tally;
use crate::bucket::id_hash;

/// How many keys are told apart.
pub const KEYS_MAX: usize = 256;

/// The evidence of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The sums.
    pub tally: Tally,
    /// What is shown beside them.
    pub details: Details,
}

/// The ledgers of a fleet.
#[derive(Debug)]
pub struct Fleet {
    seen: Seen,
    current: Option<(Ledger, Details)>,
    keys: BTreeMap<Key, Evidence>,
}

impl Default for Fleet {
    fn default() -> Self {
        Self { seen: Seen::new(), current: None, keys: BTreeMap::new() }
    }
}

impl Fleet {
    /// Takes one line; an empty one is passed over.
    ///
    /// # Errors
    /// See [`MergeError`]. The sum is void then.
    pub fn line(&mut self, text: &str) -> Result<(), MergeError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let line = Line::read(text)?;
        if let Line::Ledger(line) = &line {
            self.end_shard()?;
            self.current = Some((ledger_of(line)?, Details::default()));
            return Ok(());
        }
        let device = line.device();
        match &mut self.current {
            Some((ledger, details)) if ledger.device == device => {
                line.add_to(ledger);
                line.add_to_details(details);
                Ok(())
            }
            _ => Err(MergeError::Stray(device.to_owned())),
        }
    }

    /// The evidence by key, in order.
    ///
    /// # Errors
    /// When the last shard cannot be added.
    pub fn end(mut self) -> Result<BTreeMap<Key, Evidence>, MergeError> {
        self.end_shard()?;
        Ok(self.keys)
    }

    fn end_shard(&mut self) -> Result<(), MergeError> {
        let Some((ledger, details)) = self.current.take() else { return Ok(()) };
        let shard = id_hash(&format!("{}\n{:?}", ledger.device, ledger.key));
        if self.keys.len() >= KEYS_MAX && !self.keys.contains_key(&ledger.key) {
            return Err(MergeError::TooManyKeys);
        }
        let evidence = self.keys.entry(ledger.key.clone()).or_insert_with(|| Evidence {
            tally: Tally::new(ledger.key.clone()),
            details: Details::default(),
        });
        let (place, is_new) = self.seen.insert(shard).ok_or(MergeError::TooMany)?;
        let counted = if is_new {
            evidence.details.merge(&details);
            evidence.tally.add(&ledger)?
        } else {
            evidence.tally.add_duplicate(&ledger, self.seen.counted(place))?
        };
        self.seen.set_counted(place, counted);
        Ok(())
    }
}
