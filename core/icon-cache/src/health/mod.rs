//! How the cache is doing: counters and figures, as text and as JSON.
//!
//! Not here: names of packages or paths beyond the file's own name; a report may be sent to somebody.
//!
//! Invariant: the text and the JSON hold the same figures, in the same order.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lookup::Tier;
use crate::memory::Usage;
use crate::store::{Condition, Store};

/// What is counted while look-ups run.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    memory: AtomicU64,
    store: AtomicU64,
    provider: AtomicU64,
    package: AtomicU64,
    misses: AtomicU64,
    stale: AtomicU64,
    calls: AtomicU64,
    failures: AtomicU64,
    refreshes: AtomicU64,
    provider_ms: AtomicU64,
    given_up: AtomicU64,
    refused: AtomicU64,
}

impl Counters {
    pub(crate) fn answered(&self, tier: Tier, stale: bool) {
        let counter = match tier {
            Tier::Memory => &self.memory,
            Tier::Store => &self.store,
            Tier::Provider => &self.provider,
            Tier::Package => &self.package,
            Tier::Nothing => &self.misses,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.stale.fetch_add(u64::from(stale), Ordering::Relaxed);
    }

    pub(crate) fn provider_called(&self, ms: u64, failed: bool, refresh: bool) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.provider_ms.fetch_add(ms, Ordering::Relaxed);
        self.failures.fetch_add(u64::from(failed), Ordering::Relaxed);
        self.refreshes.fetch_add(u64::from(refresh), Ordering::Relaxed);
    }

    pub(crate) fn provider_given_up(&self, calls: usize) {
        self.given_up.fetch_add(calls as u64, Ordering::Relaxed);
    }

    pub(crate) fn provider_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// What goes on now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Flights that wait for a thread.
    pub(crate) queued: usize,
    /// Requests that have not ended.
    pub(crate) waiting: usize,
    /// Calls of the provider that were given up on and have not come back.
    pub(crate) hanging: usize,
}

/// The report. Counts are since the cache was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// How well the store is.
    pub condition: Condition,
    /// The code of the store's last failure.
    pub last_error: Option<&'static str>,
    /// Names and figures, in order.
    pub figures: Vec<(&'static str, u64)>,
}

impl Health {
    pub(crate) fn of(counters: &Counters, usage: Usage, store: &Store, load: Load) -> Self {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let stored = store.counts();
        let figures = vec![
            ("hits_memory", read(&counters.memory)),
            ("hits_store", read(&counters.store)),
            ("hits_provider", read(&counters.provider)),
            ("hits_package", read(&counters.package)),
            ("misses", read(&counters.misses)),
            ("stale_served", read(&counters.stale)),
            ("provider_calls", read(&counters.calls)),
            ("provider_failures", read(&counters.failures)),
            ("provider_ms", read(&counters.provider_ms)),
            ("refreshes", read(&counters.refreshes)),
            ("provider_given_up", read(&counters.given_up)),
            ("provider_refused", read(&counters.refused)),
            ("provider_hanging", load.hanging as u64),
            ("queued", load.queued as u64),
            ("waiting", load.waiting as u64),
            ("memory_entries", usage.entries as u64),
            ("memory_pictures", usage.pictures as u64),
            ("memory_bytes", usage.bytes()),
            ("memory_pinned_bytes", usage.pinned_bytes),
            ("memory_demotions", usage.demotions),
            ("store_commits", stored.commits),
            ("store_rows_written", stored.rows_written),
            ("store_rows_given_up", stored.rows_given_up),
            ("store_rows_damaged", stored.rows_damaged),
            ("store_read_failures", stored.read_failures),
            ("store_write_failures", stored.write_failures),
            ("store_recoveries", stored.recoveries),
            ("store_checks", stored.checks),
            ("store_rebuilds", stored.rebuilds),
            ("store_rows_saved", stored.rows_saved),
        ];
        Self {
            condition: store.condition(),
            last_error: store.last_error().map(crate::store::StoreError::code),
            figures,
        }
    }

    /// A figure by its name.
    pub fn figure(&self, name: &str) -> Option<u64> {
        self.figures.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    fn condition_word(&self) -> &'static str {
        match self.condition {
            Condition::Good => "good",
            Condition::Paused => "paused",
            Condition::MemoryOnly => "memory_only",
        }
    }

    /// The report as one JSON object on one line.
    pub fn json(&self) -> String {
        let error = self.last_error.map_or("null".to_owned(), |code| format!("\"{code}\""));
        let mut json = format!("{{\"condition\":\"{}\",\"last_error\":{error}", self.condition_word());
        for (name, value) in &self.figures {
            // Names are ours and plain; writing to a String cannot fail.
            let _ = write!(json, ",\"{name}\":{value}");
        }
        json.push('}');
        json
    }
}

/// The report as lines of `name value`.
impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "condition {}", self.condition_word())?;
        writeln!(f, "last_error {}", self.last_error.unwrap_or("none"))?;
        self.figures.iter().try_for_each(|(name, value)| writeln!(f, "{name} {value}"))
    }
}
