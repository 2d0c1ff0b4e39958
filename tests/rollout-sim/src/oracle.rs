//! The oracle: what must be true, kept in books of its own, by other means than the engine's.
//!
//! What it is: the true time, the true deaths, who killed what, which builds may not run. What it is not: it never looks at
//! the engine's counters to know a limit; only where a state was lost or rotted on disk does it take over what was found.

use std::collections::{BTreeMap, BTreeSet};

use ferrule_rollout::engine::{FeatureId, KillSource, State};
use ferrule_rollout::stage::Rung;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Whether a kill is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    On,
    Maybe,
}

/// A death as it truly was.
#[derive(Debug, Clone)]
pub struct Death {
    /// Features with a call in flight.
    pub features: BTreeSet<u16>,
    /// Whether the system's words, or their absence, make it count.
    pub counts: bool,
    /// Whether it counts towards safe mode.
    pub native: bool,
    /// The build that ran.
    pub build: u64,
}

/// The books of one feature.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Deaths in a row under the current build.
    row: u32,
    /// True times of deaths under the current build.
    deaths: Vec<u64>,
    /// Builds that may not run, oldest first.
    quarantined: Vec<u64>,
    /// One death is enough until then.
    probation_until: u64,
    /// What a demotion left for a build.
    pub cap: Option<(u64, Rung)>,
    /// True times of demotions.
    demotions: Vec<u64>,
    /// Only an operator lets it rise.
    pub frozen: bool,
    /// The breaker is surely open until then.
    pub open_until: u64,
    /// The breaker has not been closed since it opened.
    pub probing: bool,
    /// Calls of the candidate in this process.
    calls: u64,
    /// An operator lifted everything and the write failed: its fate is open until the next write or the next start.
    clear_is_open: bool,
}

/// The books.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    /// True time in ms.
    pub now: u64,
    /// Start of the process.
    started: u64,
    first_frame: bool,
    /// The candidate's build.
    pub build: u64,
    /// Everything is off: the state was lost and nobody has looked since.
    pub lost: bool,
    /// The build that safe mode is about.
    pub safe_mode: Option<u64>,
    native: Vec<u64>,
    /// The same as for a feature, of safe mode.
    clear_is_open: bool,
    kills: BTreeMap<(Option<u16>, u8), Kill>,
    /// By number of the feature.
    pub books: BTreeMap<u16, Book>,
    critical: BTreeSet<u16>,
}

impl Oracle {
    /// Of features of which some are critical.
    pub fn new(features: &[u16], critical: &[u16]) -> Self {
        Self {
            books: features.iter().map(|id| (*id, Book::default())).collect(),
            critical: critical.iter().copied().collect(),
            ..Self::default()
        }
    }

    pub fn book(&mut self, id: u16) -> &mut Book {
        self.books.entry(id).or_default()
    }

    /// The candidate was called.
    pub fn called(&mut self, id: u16, count: u64) {
        self.book(id).calls += count;
    }

    /// The process is well.
    pub fn first_frame(&mut self) {
        self.first_frame = true;
    }

    /// Ends rows of deaths by the three marks of stability.
    pub fn settle(&mut self) {
        let stable = self.first_frame && self.now - self.started >= 60_000;
        for book in self.books.values_mut().filter(|book| stable && book.calls >= 100) {
            book.row = 0;
        }
    }

    /// A process starts under a build, having read of these deaths.
    pub fn start(&mut self, build: u64, deaths: &[Death]) {
        let before = self.build;
        self.started = self.now;
        self.first_frame = false;
        for book in self.books.values_mut() {
            book.calls = 0;
        }
        for death in deaths.iter().filter(|death| death.build == before) {
            self.count(death);
        }
        if build != before {
            self.build = build;
            self.native.clear();
            self.safe_mode = self.safe_mode.filter(|about| *about == build);
            if before != 0 {
                self.lost = false;
            }
            for book in self.books.values_mut() {
                let was_quarantined = before != 0 && book.quarantined.contains(&before);
                book.row = 0;
                book.deaths.clear();
                book.open_until = 0;
                book.probing = false;
                book.cap = book.cap.filter(|(about, _)| *about == build);
                if was_quarantined {
                    book.probation_until = self.now + 7 * DAY_MS;
                }
            }
        }
        for death in deaths.iter().filter(|death| death.build == build && build != before) {
            self.count(death);
        }
    }

    fn count(&mut self, death: &Death) {
        let (now, build) = (self.now, self.build);
        if death.counts {
            for id in &death.features {
                let critical = self.critical.contains(id);
                let book = self.book(*id);
                book.row += 1;
                book.deaths.push(now);
                let within = book.deaths.iter().filter(|time| now - **time < DAY_MS).count();
                let limit = if critical || book.probation_until > now { 1 } else { 2 };
                if (book.row >= limit || within >= 3) && !book.quarantined.contains(&build) {
                    book.quarantined.push(build);
                    if book.quarantined.len() > 8 {
                        book.quarantined.remove(0);
                    }
                }
            }
        }
        if death.native {
            self.native.push(now);
            if self.native.iter().filter(|time| now - **time < DAY_MS).count() >= 3 {
                self.safe_mode = Some(build);
            }
        }
    }

    /// A demotion by a rule.
    pub fn demoted(&mut self, id: u16, to: Rung) {
        let (now, build) = (self.now, self.build);
        let book = self.book(id);
        book.cap = Some((build, to));
        book.demotions.push(now);
        if book.demotions.iter().filter(|time| now - **time < 7 * DAY_MS).count() >= 2 {
            book.frozen = true;
        }
    }

    /// A rise that is durable.
    pub fn rose(&mut self, id: u16, to: Rung, by_operator: bool) {
        let book = self.book(id);
        book.cap = book.cap.map(|(build, rung)| (build, rung.max(to)));
        if by_operator {
            book.frozen = false;
            book.demotions.clear();
        }
    }

    /// An operator lifted everything of a feature.
    pub fn cleared(&mut self, id: u16) {
        let build = self.build;
        let book = self.book(id);
        book.quarantined.retain(|about| *about != build);
        book.row = 0;
        book.deaths.clear();
        book.frozen = false;
        book.demotions.clear();
    }

    /// An operator ended safe mode.
    pub fn safe_mode_cleared(&mut self) {
        self.safe_mode = None;
        self.native.clear();
    }

    /// An operator lifted everything of a feature, or safe mode, and it is not known whether that was written.
    pub fn clear_failed(&mut self, id: Option<u16>) {
        match id {
            Some(id) => self.book(id).clear_is_open = true,
            None => self.clear_is_open = true,
        }
    }

    /// A later write was acknowledged: what failed before it did not come to be.
    pub fn acknowledged(&mut self) {
        self.clear_is_open = false;
        for book in self.books.values_mut() {
            book.clear_is_open = false;
        }
    }

    /// A source killed, or took its kill back.
    pub fn killed(&mut self, id: Option<u16>, source: KillSource, on: bool, durable: bool) {
        let key = (id, source as u8);
        match (on, durable) {
            (true, true) => drop(self.kills.insert(key, Kill::On)),
            (true, false) => drop(self.kills.insert(key, Kill::Maybe)),
            (false, true) => drop(self.kills.remove(&key)),
            (false, false) => {
                if let Some(kill) = self.kills.get_mut(&key) {
                    *kill = Kill::Maybe;
                }
            }
        }
    }

    /// What was in memory and is on disk now.
    pub fn flushed(&mut self) {
        for kill in self.kills.values_mut() {
            *kill = Kill::On;
        }
    }

    /// Whether anybody kills a feature in this process.
    pub fn is_killed(&self, id: u16) -> bool {
        self.kills.keys().any(|(about, _)| about.is_none() || *about == Some(id))
    }

    /// Whether a build of it may not run.
    pub fn is_quarantined(&self, id: u16) -> bool {
        self.books.get(&id).is_some_and(|book| book.quarantined.contains(&self.build))
    }

    /// A state was read again, for a process of `build`, whose beacons mirror what is `mirrored`. `rotted`: the medium lied, so
    /// what was found is taken over as far as it is about counters.
    pub fn reopened(
        &mut self,
        state: &State,
        rotted: bool,
        (build, mirrored): (u64, u64),
    ) -> Result<(), String> {
        let durable = &state.durable;
        for ((about, source), kill) in std::mem::take(&mut self.kills) {
            let source_of = KillSource::ALL[usize::from(source)];
            let sources = match about {
                None => Some(durable.killed),
                Some(id) => {
                    FeatureId::new(id).and_then(|id| durable.feature(id)).map(|feature| feature.killed)
                }
            };
            let found = sources.is_some_and(|sources| sources.has(source_of));
            if kill == Kill::On && !found && !rotted && sources.is_some() {
                return Err(format!("RO-I4: the kill of {about:?} by {} is gone", source_of.as_str()));
            }
            if found {
                self.kills.insert((about, source), Kill::On);
            }
        }
        for (id, book) in &mut self.books {
            let Some(feature) = FeatureId::new(*id).and_then(|id| durable.feature(id)) else {
                // A state from before it was configured.
                *book = Book::default();
                continue;
            };
            // Of what an unacknowledged write said, either may have come to be.
            if std::mem::take(&mut book.clear_is_open) && !feature.is_quarantined(self.build) {
                book.quarantined.retain(|about| *about != self.build);
                book.row = book.row.min(u32::from(feature.streak));
                book.deaths.truncate(feature.crashes.ages().len());
            }
            book.cap = feature.cap.map(|cap| (cap.build, cap.rung));
            book.frozen = feature.frozen;
            book.probing = feature.probing;
            book.open_until = 0;
            book.demotions.truncate(feature.demotions.ages().len());
            if durable.build != self.build {
                // The start of another build was durable although its process died over it.
                book.row = 0;
                book.deaths.clear();
            }
            if rotted {
                book.row = book.row.min(u32::from(feature.streak));
                let known = feature.crashes.ages().len();
                book.deaths.truncate(known);
                let kept = |about: &u64| {
                    feature.is_quarantined(*about) || (mirrored & feature.id.bit() != 0 && *about == build)
                };
                book.quarantined.retain(kept);
                if feature.probation_until_ms == 0 {
                    book.probation_until = 0;
                }
            }
        }
        if rotted {
            self.native.truncate(durable.deaths.ages().len());
            if mirrored >> 63 == 0 {
                self.safe_mode = durable.safe_mode;
            }
        }
        if std::mem::take(&mut self.clear_is_open) && durable.safe_mode.is_none() {
            self.safe_mode = None;
            self.native.truncate(durable.deaths.ages().len());
        }
        if durable.build != self.build {
            self.native.clear();
            self.safe_mode = self.safe_mode.filter(|about| *about == durable.build);
        }
        // An operator's look, or a new build, may have been durable although its process died over it.
        self.lost = durable.lost;
        self.build = durable.build;
        Ok(())
    }

    /// Everything was lost: everything is off until an operator or a new build, and nothing older is known.
    pub fn forgot(&mut self, build: u64) {
        self.lost = true;
        self.build = build;
        self.kills.clear();
        self.safe_mode = None;
        self.native.clear();
        for book in self.books.values_mut() {
            *book = Book::default();
        }
    }
}
