//! Starts and ends of processes, what they leave behind, and what the disk makes of it.

use std::collections::BTreeSet;

use ferrule_rollout::crash::beacon::MIRROR_SAFE_MODE;
use ferrule_rollout::crash::{Beacon, Blame, Entry, ExitReason, Signal, blame};
use ferrule_rollout::engine::{Durable, Event, State};
use ferrule_rollout::slot::payload::Payload;
use ferrule_rollout::slot::slots::encode;
use ferrule_rollout::slot::{Keeper, Recovered, SLOT_BYTES};

use super::{FEATURES, Later, Remains, World, id};
use crate::disk::slot_bytes;
use crate::oracle::Death;

impl World {
    /// A process starts: it reads the beacons that others left, opens the state and tells the engine.
    pub(super) fn start(&mut self) -> Result<(), String> {
        self.disk.boot();
        self.loaded = false;
        let build = self.install();
        let hidden = self.tamper();
        let blames: Vec<(Beacon, Blame)> = self.remains.iter().filter_map(read).collect();
        // Of several beacons one of the build that starts now: the state that is lost spoke of it.
        let of_build = blames.iter().find(|(beacon, _)| beacon.build == build);
        let witness = of_build.or(blames.last()).map(|(beacon, _)| beacon.build);
        let mirrored = blames
            .iter()
            .filter(|(beacon, _)| beacon.build == build)
            .map(|(beacon, _)| beacon.mirror)
            .fold(0, |bits, bit| bits | bit);
        if self.random.one_in(40) {
            // The file cannot be read this time: everything is off, and the beacons stay.
            self.fault("read", "start");
            self.off = true;
            if let Some(before) = hidden {
                *self.disk.medium() = before;
            }
            return Ok(());
        }
        let unit = self.unit();
        let disk = std::mem::take(&mut self.disk);
        let (mut keeper, recovered) = Keeper::open(disk, unit, witness).map_err(str::to_owned)?;
        self.recovered(&mut keeper, recovered, &hidden)?;
        let state = keeper.state().clone();
        let mut deaths: Vec<Death> =
            self.remains.iter().filter(|r| read(r).is_some()).map(|r| r.death.clone()).collect();
        match recovered {
            Recovered::Lost => {
                self.oracle.forgot(witness.unwrap_or(0));
                deaths.iter_mut().for_each(|death| death.features.clear());
            }
            Recovered::TooNew => {}
            _ => self.oracle.reopened(&state, self.rotted, (build, mirrored))?,
        }
        self.keeper = Some(keeper);
        if recovered == Recovered::TooNew {
            // Nothing runs and nothing is written; the beacons stay for the version that can write.
            let later = self.keeper.as_mut().and_then(|keeper| keeper.disk_mut().medium().clone());
            self.from_later = Some(Later { ours: hidden.flatten(), later });
            let (boot, boottime_ms) = (self.boot, self.boottime_ms);
            let event = Event::Start { boot, boottime_ms, build, blames: vec![] };
            return self.apply(&event, "start").map(drop);
        }
        let rotted = std::mem::take(&mut self.rotted);
        let event = Event::Start {
            boot: self.boot,
            boottime_ms: self.boottime_ms,
            build,
            blames: blames.into_iter().map(|(_, blame)| blame).collect(),
        };
        let applied = self.apply(&event, "start")?;
        let settled = applied.error.is_none()
            || (!self.is_dead() && self.keeper.as_mut().is_some_and(|keeper| keeper.flush().is_ok()));
        if !settled {
            // What the beacons say is not durable: they stay, and nothing runs in this process.
            self.off = true;
            self.rotted |= rotted;
            return Ok(());
        }
        // A death against a feature that the state does not know means that the state was lost: so much is known of it.
        if let Some(keeper) = &self.keeper {
            let durable = &keeper.state().durable;
            let known = |number: &u16| durable.feature(id(*number)).is_some();
            deaths.iter_mut().for_each(|death| death.features.retain(known));
        }
        self.oracle.start(build, &deaths);
        // More doubt than the oracle has is never wrong.
        self.oracle.lost |= self.state().is_some_and(|state| state.durable.lost);
        if rotted && mirrored & MIRROR_SAFE_MODE != 0 {
            self.oracle.safe_mode = Some(build);
        }
        self.remains.clear();
        self.own = Beacon {
            page_bytes: 4096,
            pid: 100,
            boot: self.boot,
            build,
            start_ns: self.boottime_ms * 1_000_000,
            ..Beacon::default()
        };
        self.mirror();
        Ok(())
    }

    /// The header of the beacon says what may not run (R43).
    pub(super) fn mirror(&mut self) {
        let Some(state) = self.state() else { return };
        let safe_mode = if state.durable.safe_mode.is_some() { MIRROR_SAFE_MODE } else { 0 };
        self.own.mirror = state.durable.quarantine_bits() | safe_mode;
    }

    pub(super) fn is_too_new(&self) -> bool {
        self.state().is_some_and(|state| state.volatile.too_new)
    }

    fn is_dead(&self) -> bool {
        self.keeper.as_ref().is_some_and(|keeper| keeper.disk().is_dead)
    }

    /// Perhaps another build of the candidate, newer or the one before.
    fn install(&mut self) -> u64 {
        let build = self.oracle.build.max(1);
        match self.random.below(12) {
            0 => {
                self.newest_build += 1;
                self.newest_build
            }
            1 => build.saturating_sub(1).max(1),
            _ => build,
        }
    }

    /// What the medium does on its own. A later version's file in place of ours is given back as what it hides.
    fn tamper(&mut self) -> Option<Option<Vec<u8>>> {
        let random = self.random.draw() as usize;
        let kind = self.random.below(60);
        let medium = self.disk.medium();
        let file = medium.as_mut()?;
        let newest = newest_slot(file)?;
        let site = match kind {
            0..=3 => {
                let whole = slot_bytes(file, newest)?;
                let length = whole.len();
                self.rotten = Some(whole.to_vec());
                file[newest * SLOT_BYTES + random % length] ^= 1 << (random % 8);
                "rot of the newest slot"
            }
            4 => {
                let other = 1 - newest;
                // Not a flip: a second one in the same place would undo the first.
                file[other * SLOT_BYTES..][..64].fill(0xee);
                self.fault("rot of the other slot", "start");
                // The slot that counts is whole: nothing is forgiven.
                return None;
            }
            5 => {
                file[random % 40] ^= 0x10;
                file[SLOT_BYTES + random % 40] ^= 0x10;
                "rot of both slots"
            }
            6 => {
                *medium = None;
                "file gone"
            }
            7 | 8 => {
                let before = Some(file.clone());
                let slot = slot_bytes(file, newest)?.len();
                let at = newest * SLOT_BYTES;
                file[at + 6] = 2;
                let crc = crc32c(&file[at..at + slot - 4]);
                file[at + slot - 4..at + slot].copy_from_slice(&crc.to_le_bytes());
                self.fault("later version's file", "start");
                return Some(before);
            }
            _ => return None,
        };
        self.rotted = true;
        self.fault(site, "start");
        None
    }

    /// RO-I5: what was recovered is what was acknowledged last, or a write since whose fate was open.
    fn recovered(
        &mut self,
        keeper: &mut Keeper<crate::disk::SimDisk>,
        recovered: Recovered,
        hidden: &Option<Option<Vec<u8>>>,
    ) -> Result<(), String> {
        let found = body(&keeper.state().durable);
        let payload = |bytes: &[u8]| bytes.get(16..bytes.len() - 4).map(<[u8]>::to_vec);
        let candidates = keeper.disk().candidates().chain(self.rotten.as_deref());
        let known: Vec<Vec<u8>> = candidates.filter_map(payload).collect();
        let right = match recovered {
            _ if hidden.is_some() => recovered == Recovered::TooNew,
            _ if self.rotted => true,
            Recovered::State => known.contains(&found),
            Recovered::Fresh | Recovered::Lost => !keeper.disk().has_acknowledged(),
            Recovered::TooNew => false,
        };
        if !right {
            return Err(format!("RO-I5: {recovered:?} is neither acknowledged nor being written"));
        }
        if recovered == Recovered::State {
            let payload = Payload { durable: keeper.state().durable.clone(), ..Payload::default() };
            keeper.disk_mut().settle(encode(&payload, 1));
        } else if hidden.is_none() {
            keeper.disk_mut().settle(None);
        }
        Ok(())
    }

    /// The end of the process; the system lives, and so do its pages.
    pub(super) fn end(&mut self, reason: ExitReason, death: Option<(Death, Option<u32>)>) {
        let is_too_new = self.is_too_new();
        let (death, crashed_tid) = death.unwrap_or((
            Death { features: BTreeSet::new(), counts: false, native: false, build: self.own.build },
            None,
        ));
        if !self.off && !is_too_new && self.keeper.is_some() {
            let page = Some(self.own.write());
            self.remains.push(Remains { page, reason, crashed_tid, death });
        }
        if let Some(keeper) = self.keeper.take() {
            self.disk = keeper.into_disk();
        }
        if self.disk.is_dead {
            let mut random = self.random.clone();
            self.disk.lose_power(&mut random);
            self.random = random;
        } else {
            self.disk.lose_process();
        }
        self.restore();
        self.off = false;
    }

    /// The power goes: unsynced writes may be lost or torn, pages of beacons too.
    pub(super) fn lose_power(&mut self, operation: &'static str) {
        self.fault("power", operation);
        if let Some(keeper) = self.keeper.as_mut() {
            keeper.disk_mut().is_dead = true;
        }
        self.end(ExitReason::Unknown, None);
        for remains in &mut self.remains {
            // Another boot: nobody knows why the process ended, and a page may never have reached the disk.
            remains.reason = ExitReason::Unknown;
            remains.crashed_tid = None;
            if self.random.one_in(3) {
                remains.page = None;
            } else {
                let in_flight = !remains.death.features.is_empty();
                remains.death.counts = in_flight;
                remains.death.native = in_flight;
            }
        }
        self.boot += 1;
        self.boottime_ms = 1000 + self.random.below(5000) as u64;
        self.oracle.now += self.random.below(100_000_000) as u64 + self.boottime_ms;
    }

    /// The later version's file goes, ours comes back.
    fn restore(&mut self) {
        if let Some(Later { ours, .. }) = self.from_later.take() {
            *self.disk.medium() = ours;
        }
    }

    /// A call that does not come back: who is in flight, and what the system will say.
    pub(super) fn die_in_flight(&mut self, feature: u16) {
        let mut reason = ExitReason::ALL[self.random.below(ExitReason::ALL.len())];
        if self.random.one_in(4) {
            // The one that counts against a feature without leading to safe mode.
            reason = ExitReason::Anr(true);
        }
        let mut features = BTreeSet::from([feature]);
        self.own.in_flight = vec![self.entry(feature, 7)];
        let mut crashed_tid = None;
        match self.random.below(4) {
            0 => {
                // The thread had no slot: only the count says so.
                self.own.in_flight.clear();
                self.own.overflow_now = 1;
                self.own.overflow_all += 1;
                self.fault("beacon without a slot", "call");
            }
            1 => {
                let other = FEATURES[self.random.below(FEATURES.len())];
                if self.decision(other).is_some_and(|decision| decision.runs_candidate) {
                    self.own.started |= id(other).bit();
                    let entry = self.entry(other, 8);
                    self.own.in_flight.push(entry);
                    features.insert(other);
                    if self.random.one_in(2) {
                        crashed_tid = Some(7);
                        features = BTreeSet::from([feature]);
                    }
                }
            }
            _ => {}
        }
        let (counts, native) = truth(reason);
        self.outcome.deaths += 1;
        self.fault(name(reason), "call");
        let build = self.own.build;
        self.end(reason, Some((Death { features, counts, native, build }, crashed_tid)));
    }

    /// A death with nothing in flight.
    pub(super) fn die_at_rest(&mut self) {
        let reason = ExitReason::ALL[self.random.below(ExitReason::ALL.len())];
        let delayed = matches!(reason, ExitReason::CrashNative | ExitReason::Signaled(Signal::Fault));
        let native = delayed && self.own.started != 0;
        let build = self.own.build;
        self.fault(name(reason), "at rest");
        self.end(reason, Some((Death { features: BTreeSet::new(), counts: false, native, build }, None)));
    }

    fn entry(&mut self, feature: u16, tid: u32) -> Entry {
        self.sequence += 1;
        Entry { feature, op: 1, tid, sequence: self.sequence }
    }
}

fn read(remains: &Remains) -> Option<(Beacon, Blame)> {
    let beacon = Beacon::read(remains.page.as_deref()?)?;
    let blame = blame(&beacon, remains.reason, remains.crashed_tid);
    Some((beacon, blame))
}

/// R25 as corrected, in the oracle's own words: against the features, and towards safe mode.
fn truth(reason: ExitReason) -> (bool, bool) {
    let crash = [
        ExitReason::Unknown,
        ExitReason::CrashNative,
        ExitReason::Signaled(Signal::Fault),
        ExitReason::InitializationFailure,
        ExitReason::ExitSelf,
    ]
    .contains(&reason);
    (crash || reason == ExitReason::Anr(true), crash)
}

fn name(reason: ExitReason) -> &'static str {
    match reason {
        ExitReason::Unknown => "death, no reason",
        ExitReason::CrashNative => "death, native",
        ExitReason::Crash => "death, throwable",
        ExitReason::Signaled(Signal::Fault) => "death, signal",
        ExitReason::Signaled(Signal::Other) => "death, killed",
        ExitReason::Anr(true) => "ANR in candidate",
        ExitReason::Anr(false) => "ANR elsewhere",
        ExitReason::InitializationFailure => "death, init",
        ExitReason::ExitSelf => "death, _exit",
        ExitReason::LowMemory => "death, memory",
        ExitReason::UserRequested => "death, user",
        ExitReason::PackageUpdated => "death, update",
        ExitReason::Freezer => "death, freezer",
        ExitReason::Other => "death, other",
    }
}

/// Header times and payload: what a slot says, without its sequence.
fn body(durable: &Durable) -> Vec<u8> {
    let payload = Payload { durable: durable.clone(), ..Payload::default() };
    encode(&payload, 1).map_or_else(Vec::new, |bytes| bytes[16..bytes.len() - 4].to_vec())
}

/// The slot with the higher sequence of those whose checksum is right, by the oracle's own reading.
fn newest_slot(file: &[u8]) -> Option<usize> {
    let sequence = |index: usize| {
        let bytes = slot_bytes(file, index)?;
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        let whole = bytes.starts_with(b"FRRS") && crc32c(body) == u32::from_le_bytes(*crc);
        let sequence = u64::from_le_bytes(*bytes.get(8..)?.first_chunk()?);
        whole.then_some((sequence, index))
    };
    sequence(0).max(sequence(1)).map(|(_, index)| index)
}

/// CRC32C by a table of its own.
pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    static TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |crc, byte| crc >> 8 ^ TABLE[(crc as u8 ^ byte) as usize])
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

/// The state of a process that has none: everything off.
pub(super) fn nothing() -> State {
    State::default()
}
