//! The sum of many devices' ledgers of one key (R46, R51, R54).
//!
//! What it is: evidence added up, safety by the worst. What it is not: a set of devices: whoever reads shards sees to it that
//! none comes twice, remembers what each was [`Counted`] as, and says so with [`Tally::add_duplicate`].
//!
//! Invariants: only ledgers of one key are added; its size does not depend on how many were added; no device is credited with more
//! trials than [`credit`] says, however much it compared.

use super::bounds::{LEVEL, upper};
use super::record::{Key, Ledger, Outcome};

/// Trials of the bound that one device is credited with for each of its days: calls on one device are correlated (R51), so what
/// a loop on a desk compares is not what a fleet compares. Sampling (R16) leaves a phone a few hundred a day.
pub const CREDIT_A_DAY: u64 = 1_000;
/// Trials of the bound that one device is credited with in all: a tenth of what the smallest gate asks (29,956), so that at least
/// eleven devices stand behind every bound, also at the steps of the ramp, which ask for no number of devices.
pub const CREDIT_MAX: u64 = 2_995;

/// The trials of the bound that so many comparisons of one device in so many days count as. `docs/fleet/gates.sql` says the same.
pub fn credit(comparisons: u64, days: u32) -> u64 {
    comparisons.min(CREDIT_A_DAY.saturating_mul(u64::from(days.max(1)))).min(CREDIT_MAX)
}

/// What a device is counted as so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Among [`Tally::devices`].
    pub device: bool,
    /// Among [`Tally::devices_burned`].
    pub burned: bool,
}

/// A sum of ledgers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The sums; its `device` is empty.
    pub sum: Ledger,
    /// The trials of the bound: comparisons, of each device as many as [`credit`] says.
    pub trials: u64,
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
        let sum = Ledger::new(key, String::new());
        Self { sum, trials: 0, devices: 0, devices_burned: 0, duplicates: 0 }
    }

    /// The sum of one ledger.
    pub fn of(ledger: &Ledger) -> Self {
        let mut tally = Self::new(ledger.key.clone());
        tally.add_same_key(ledger);
        tally
    }

    /// The largest rate of real mismatches that the trials leave possible at 95 %.
    pub fn bound(&self) -> f64 {
        upper(self.trials, self.sum.real().min(self.trials), LEVEL)
    }

    /// The same for devices: the largest share of them that may see one.
    pub fn device_bound(&self) -> f64 {
        upper(self.devices, self.devices_burned, LEVEL)
    }

    /// Adds a device's first ledger; what the device is counted as now.
    ///
    /// # Errors
    /// When it is about another key; nothing is added then.
    pub fn add(&mut self, ledger: &Ledger) -> Result<Counted, Mixed> {
        self.check(ledger)?;
        Ok(self.add_same_key(ledger))
    }

    /// A ledger of a device of which one was added before, and what the device was counted as by then: what the ledger proves is not
    /// added again, what it burns counts (R46).
    ///
    /// # Errors
    /// When it is about another key.
    pub fn add_duplicate(&mut self, ledger: &Ledger, so_far: Counted) -> Result<Counted, Mixed> {
        self.check(ledger)?;
        self.duplicates += 1;
        for outcome in Outcome::ALL.into_iter().filter(|outcome| outcome.burns()) {
            self.sum.add(outcome, ledger.count(outcome));
        }
        for (code, explained) in ledger.explained.iter().filter(|(_, explained)| !explained.accepted) {
            self.sum.add_explained(code, *explained);
        }
        self.sum.deaths = self.sum.deaths.saturating_add(ledger.deaths);
        let burned = so_far.burned || ledger.real() > 0;
        let now = Counted { device: so_far.device || burned, burned };
        self.devices += u64::from(now.device && !so_far.device);
        self.devices_burned += u64::from(now.burned && !so_far.burned);
        Ok(now)
    }

    fn check(&self, ledger: &Ledger) -> Result<(), Mixed> {
        let field = self.sum.key.difference(&ledger.key);
        field.map_or(Ok(()), |field| Err(Mixed { field, device: ledger.device.clone() }))
    }

    fn add_same_key(&mut self, ledger: &Ledger) -> Counted {
        self.trials = self.trials.saturating_add(credit(ledger.comparisons(), ledger.days));
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
        let burned = ledger.real() > 0;
        let now = Counted { device: ledger.comparisons() > 0 || ledger.loads > 0 || burned, burned };
        self.devices += u64::from(now.device);
        self.devices_burned += u64::from(now.burned);
        now
    }
}
