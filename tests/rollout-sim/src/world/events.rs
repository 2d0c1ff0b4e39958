//! What happens on a device from one step to the next.

use ferrule_rollout::RoCode;
use ferrule_rollout::crash::ExitReason;
use ferrule_rollout::engine::{Answer, Event, KillSource, Party, Persist, answers_after};
use ferrule_rollout::ledger::{Block, Verdict};
use ferrule_rollout::slot::Applied;
use ferrule_rollout::stage::{Rung, Stage};

use super::World;
use crate::disk::Fault;

impl World {
    /// One thing that happens.
    pub(super) fn something(&mut self) -> Result<(), String> {
        match self.random.below(100) {
            0..=29 => self.call(),
            30..=37 => self.time(),
            38..=40 => {
                self.oracle.first_frame();
                self.event(Event::FirstFrame, "first frame").map(drop)
            }
            41..=44 => {
                let feature = self.feature();
                if self.decision(feature.number()).is_some_and(|decision| decision.runs_candidate) {
                    self.oracle.called(feature.number(), 100);
                    self.event(Event::Calls { feature, count: 100 }, "calls")?;
                }
                Ok(())
            }
            45..=48 => self.kill(),
            49..=51 => self.stabilise(),
            52..=58 => self.promote(),
            59..=64 => self.set(),
            65..=68 => self.overlay(),
            69..=71 => self.trip(),
            72..=74 => self.probes_clean(),
            75..=76 => self.slow(),
            77 => {
                let (feature, on) = (self.feature(), self.random.one_in(2));
                self.fault("dirty set", "overflow");
                self.event(Event::DirtyOverflow { feature, on }, "dirty set").map(drop)
            }
            78 => {
                let stale = self.random.one_in(2);
                self.fault("configuration", "stale");
                self.event(Event::Stale(stale), "stale").map(drop)
            }
            79..=82 => self.compile(),
            83 => self.clear(),
            84 => self.flush(),
            85..=89 => {
                self.lose_power("at rest");
                Ok(())
            }
            90..=93 => {
                self.die_at_rest();
                Ok(())
            }
            _ => {
                self.end(ExitReason::UserRequested, None);
                Ok(())
            }
        }
    }

    /// Tells the engine, perhaps with a disk that fails, and checks what it may not do.
    pub(super) fn apply(&mut self, event: &Event, operation: &'static str) -> Result<Applied, String> {
        let random = self.random.draw();
        let fault = match random % 9 {
            0 => Some(Fault::WriteFails),
            1 => Some(Fault::SyncFails),
            2 => Some(Fault::DiesInWrite),
            3 => Some(Fault::DiesInSync),
            4 => Some(Fault::CreateFails),
            _ => None,
        };
        let keeper = self.keeper.as_mut().ok_or("no process")?;
        if let Some(fault) = fault {
            keeper.disk_mut().plan(fault, random >> 8);
        }
        let before = keeper.state().clone();
        let applied = keeper.apply(event);
        let happened = keeper.disk().happened;
        keeper.disk_mut().calm();
        let after = keeper.state().clone();
        if let Some(fault) = happened {
            let site = match fault {
                Fault::WriteFails => "write",
                Fault::SyncFails => "sync",
                Fault::DiesInWrite => "power in write",
                Fault::DiesInSync => "power in sync",
                Fault::CreateFails => "create",
            };
            self.fault(site, operation);
        }
        if applied.effects.persist == Persist::BeforeUse && applied.error.is_some() && before != after {
            return Err("RO-I5: something rose although its write was not acknowledged".to_owned());
        }
        if applied.error.is_none() && applied.effects.persist >= Persist::Now {
            self.oracle.flushed();
        }
        self.check_moves(&before, &after, event)?;
        self.mirror();
        Ok(applied)
    }

    /// An event in a process that has a state; without one nothing happens.
    pub(super) fn event(&mut self, event: Event, operation: &'static str) -> Result<Option<Applied>, String> {
        if self.off || self.keeper.is_none() {
            return Ok(None);
        }
        let applied = self.apply(&event, operation)?;
        if applied.error.is_none() && applied.effects.persist > Persist::Soon {
            self.oracle.acknowledged();
        }
        if matches!(event, Event::Time { .. } | Event::Calls { .. } | Event::FirstFrame) {
            self.oracle.settle();
        }
        Ok(Some(applied))
    }

    fn call(&mut self) -> Result<(), String> {
        let feature = self.feature();
        self.outcome.calls += 1;
        let Some(decision) = self.decision(feature.number()) else { return Ok(()) };
        self.loaded |= decision.loads;
        if !decision.runs_candidate {
            return Ok(());
        }
        self.own.started |= feature.bit();
        self.oracle.called(feature.number(), 1);
        let failed = |what: &str| {
            let party = answers_after(&decision, Answer::Failed);
            let complete = decision.rung.stage == Stage::Complete;
            if party == Party::Legacy || complete {
                Ok(())
            } else {
                Err(format!("RO-I1: the candidate {what} and legacy's answer is lost"))
            }
        };
        match self.random.below(20) {
            0..=8 => {}
            9 | 10 => {
                self.fault("candidate differs", "call");
                self.values.differ(self.boottime_ms)?;
                self.event(Event::Calls { feature, count: 1 }, "calls")?;
                return self.event(Event::Mismatch { feature }, "mismatch").map(drop);
            }
            11 | 12 => {
                self.fault("candidate throws", "call");
                failed("threw")?;
            }
            13 | 14 => {
                self.fault("candidate panics", "call");
                failed("panicked")?;
            }
            15 => {
                self.fault("candidate is late", "call");
                failed("was late")?;
            }
            16 => {
                self.lose_power_in_flight(feature.number());
                return Ok(());
            }
            _ => {
                self.die_in_flight(feature.number());
                return Ok(());
            }
        }
        self.event(Event::Calls { feature, count: 1 }, "calls").map(drop)
    }

    fn time(&mut self) -> Result<(), String> {
        if self.random.one_in(6) {
            // A clock that goes back changes nothing.
            self.fault("clock", "time");
            let boottime_ms = self.boottime_ms.saturating_sub(self.random.below(100_000) as u64);
            return self.event(Event::Time { boottime_ms }, "time").map(drop);
        }
        let passed = match self.random.below(6) {
            0 => 1,
            1 => 61_000,
            2 => 31_000,
            3 => 3_600_000,
            4 => 25 * 3_600_000,
            _ => self.random.below(600_000) as u64,
        };
        self.boottime_ms += passed;
        self.oracle.now += passed;
        self.event(Event::Time { boottime_ms: self.boottime_ms }, "time").map(drop)
    }

    /// A process that is well for a while: everything that ends a streak of deaths.
    fn stabilise(&mut self) -> Result<(), String> {
        self.oracle.first_frame();
        self.event(Event::FirstFrame, "first frame")?;
        let feature = self.feature();
        if self.decision(feature.number()).is_some_and(|decision| decision.runs_candidate) {
            self.oracle.called(feature.number(), 100);
            self.event(Event::Calls { feature, count: 100 }, "calls")?;
        }
        self.boottime_ms += 61_000;
        self.oracle.now += 61_000;
        self.event(Event::Time { boottime_ms: self.boottime_ms }, "time").map(drop)
    }

    fn kill(&mut self) -> Result<(), String> {
        let feature = if self.random.one_in(5) { None } else { Some(self.feature()) };
        let source = KillSource::ALL[self.random.below(KillSource::ALL.len())];
        // Kills are lifted more often than made, so that the device is not dead for ever.
        let on = self.random.one_in(4);
        let applied = self.event(Event::Kill { feature, source, on }, if on { "kill" } else { "unkill" })?;
        let known = feature.is_none_or(|id| self.state().is_some_and(|s| s.durable.feature(id).is_some()));
        if let Some(applied) = applied.filter(|applied| known && applied.effects.persist != Persist::No) {
            self.oracle.killed(feature.map(|id| id.number()), source, on, applied.error.is_none());
        }
        Ok(())
    }

    fn promote(&mut self) -> Result<(), String> {
        let feature = self.feature();
        let Some(found) = self.state().and_then(|state| state.durable.feature(feature)).cloned() else {
            return Ok(());
        };
        let from = found.granted;
        let Some(next) = found.settings.template.next(from) else { return Ok(()) };
        let block = Block { code: RoCode::GateBurned, detail: String::new() };
        let verdict = match self.random.below(6) {
            0 => Verdict { from, to: next, blocks: vec![block], met: vec![] },
            1 => Verdict { from: Rung::OFF, to: next, blocks: vec![], met: vec![] },
            2 => Verdict { from, to: Rung::of(Stage::Live), blocks: vec![], met: vec![] },
            _ => Verdict { from, to: next, blocks: vec![], met: vec![] },
        };
        self.event(Event::Promote { feature, verdict }, "promote").map(drop)
    }

    fn set(&mut self) -> Result<(), String> {
        let feature = self.feature();
        let Some(found) = self.state().and_then(|state| state.durable.feature(feature)).cloned() else {
            return Ok(());
        };
        let template = found.settings.template;
        let rung = match self.random.below(3) {
            0 => self.rung(template),
            _ => template.next(found.granted).unwrap_or(found.granted),
        };
        if self.event(Event::Set { feature, rung }, "set")?.is_some() && !self.is_too_new() {
            self.oracle.lost = false;
        }
        Ok(())
    }

    fn overlay(&mut self) -> Result<(), String> {
        let feature = self.feature();
        let rung = match self.random.below(3) {
            0 => Some(Rung::of(Stage::Live)),
            1 => Some(Rung::SHADOW),
            _ => None,
        };
        self.event(Event::Overlay { feature, rung }, "overlay").map(drop)
    }

    fn trip(&mut self) -> Result<(), String> {
        let feature = self.feature();
        let jitter_ms = self.random.below(60_000) as u32;
        self.fault("breaker", "trip");
        if self.event(Event::Trip { feature, jitter_ms }, "trip")?.is_some()
            && self.state().is_some_and(|state| state.durable.feature(feature).is_some())
        {
            let now = self.oracle.now;
            let book = self.oracle.book(feature.number());
            book.open_until = book.open_until.max(now + 30_000);
            book.probing = true;
        }
        Ok(())
    }

    fn probes_clean(&mut self) -> Result<(), String> {
        let feature = self.feature();
        self.event(Event::ProbesClean { feature }, "probes clean")?;
        let closed = self
            .state()
            .and_then(|state| state.durable.feature(feature))
            .is_some_and(|feature| !feature.probing);
        let now = self.oracle.now;
        let book = self.oracle.book(feature.number());
        if closed && book.probing && now < book.open_until {
            return Err("R33: the breaker closed before its time".to_owned());
        }
        book.probing &= !closed;
        Ok(())
    }

    fn slow(&mut self) -> Result<(), String> {
        let feature = self.feature();
        self.fault("candidate is slow", "guard");
        self.event(Event::Slow { feature }, "slow").map(drop)
    }

    fn compile(&mut self) -> Result<(), String> {
        let features = self.configuration();
        let generation = if self.random.one_in(5) { self.generation } else { self.generation + 1 };
        self.generation = self.generation.max(generation);
        self.event(Event::Compiled { generation, features }, "compiled").map(drop)
    }

    fn clear(&mut self) -> Result<(), String> {
        if self.random.one_in(2) {
            match self.event(Event::ClearSafeMode, "clear")? {
                Some(applied) if applied.error.is_some() => self.oracle.clear_failed(None),
                Some(_) if !self.is_too_new() => self.oracle.safe_mode_cleared(),
                _ => {}
            }
            return Ok(());
        }
        let feature = self.feature();
        match self.event(Event::Clear { feature }, "clear")? {
            Some(applied) if applied.error.is_some() => self.oracle.clear_failed(Some(feature.number())),
            Some(applied) if applied.effects.persist != Persist::No => self.oracle.cleared(feature.number()),
            _ => {}
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), String> {
        if !self.off
            && !self.is_too_new()
            && let Some(keeper) = self.keeper.as_mut()
            && keeper.flush().is_ok()
        {
            self.oracle.flushed();
        }
        Ok(())
    }

    fn lose_power_in_flight(&mut self, feature: u16) {
        self.die_in_flight(feature);
        self.lose_power("call");
    }
}
