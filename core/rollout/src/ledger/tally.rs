//! The sum of many devices' ledgers of one key (R46, R51, R54).
//!
//! What it is: evidence added up, safety by the worst. What it is not: a set of devices: whoever reads shards sees to it that
//! none comes twice, and says so with [`Tally::add_duplicate`].
//!
//! Invariants: only ledgers of one key are added; its size does not depend on how many were added.

use super::record::{Key, Ledger, Outcome};

/// A sum of ledgers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The sums; its `device` is empty.
    pub sum: Ledger,
    /// Devices that compared something.
    pub devices: u64,
    /// Devices of those with a real mismatch.
    pub devices_burned: u64,
    /// Shards that came again.
    pub duplicates: u64,
}

/// Two ledgers of different keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger of device {device} has another {field} than those before it")]
pub struct Mixed {
    /// The field that differs.
    pub field: &'static str,
    /// The ledger's device.
    pub device: String,
}

impl Tally {
    /// Nothing yet, about a key.
    pub fn new(key: Key) -> Self {
        Self { sum: Ledger::new(key, String::new()), devices: 0, devices_burned: 0, duplicates: 0 }
    }

    /// The sum of one ledger.
    pub fn of(ledger: &Ledger) -> Self {
        let mut tally = Self::new(ledger.key.clone());
        tally.add_same_key(ledger);
        tally
    }

    /// Adds a device's ledger.
    ///
    /// # Errors
    /// When it is about another key; nothing is added then.
    pub fn add(&mut self, ledger: &Ledger) -> Result<(), Mixed> {
        self.check(ledger)?;
        self.add_same_key(ledger);
        Ok(())
    }

    /// A device's ledger that was added before: what it proves is not added again, what it burns counts (R46).
    ///
    /// # Errors
    /// When it is about another key.
    pub fn add_duplicate(&mut self, ledger: &Ledger) -> Result<(), Mixed> {
        self.check(ledger)?;
        self.duplicates += 1;
        for outcome in Outcome::ALL.into_iter().filter(|outcome| outcome.burns()) {
            self.sum.add(outcome, ledger.count(outcome));
        }
        for (code, explained) in ledger.explained.iter().filter(|(_, explained)| !explained.accepted) {
            self.sum.add_explained(code, *explained);
        }
        self.sum.deaths = self.sum.deaths.saturating_add(ledger.deaths);
        Ok(())
    }

    fn check(&self, ledger: &Ledger) -> Result<(), Mixed> {
        let field = self.sum.key.difference(&ledger.key);
        field.map_or(Ok(()), |field| Err(Mixed { field, device: ledger.device.clone() }))
    }

    fn add_same_key(&mut self, ledger: &Ledger) {
        let sum = &mut self.sum;
        for outcome in Outcome::ALL {
            sum.add(outcome, ledger.count(outcome));
        }
        for (code, explained) in &ledger.explained {
            sum.add_explained(code, *explained);
        }
        for (class, hits) in &ledger.classes {
            sum.add_class(class, *hits);
        }
        sum.distinct.merge(&ledger.distinct);
        sum.days = sum.days.max(ledger.days);
        sum.loads = sum.loads.saturating_add(ledger.loads);
        sum.deaths = sum.deaths.saturating_add(ledger.deaths);
        sum.latency_hours = sum.latency_hours.max(ledger.latency_hours);
        sum.latency_trips = sum.latency_trips.saturating_add(ledger.latency_trips);
        sum.drifted_days_ago = match (sum.drifted_days_ago, ledger.drifted_days_ago) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        // A device that only loaded the library counts too: the gate from LOAD asks for it.
        if ledger.comparisons() > 0 || ledger.loads > 0 || ledger.real() > 0 {
            self.devices += 1;
            self.devices_burned += u64::from(ledger.real() > 0);
        }
    }
}
