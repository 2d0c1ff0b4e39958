//! RO-I1 to RO-I6 after every step. (RO-I7 is about values, which never reach the engine; `values` holds it.)

use ferrule_rollout::bucket::bucket;
use ferrule_rollout::engine::{Decision, Event, Facts, Feature, Party, State, decide};
use ferrule_rollout::slot::payload::Payload;
use ferrule_rollout::stage::{Rung, Stage};

use super::processes::nothing;
use super::{CHILD, FEATURES, Later, PARENT, World, id};

impl World {
    /// How a call would be decided now; `None` in a process where everything is off.
    pub(super) fn decision(&self, feature: u16) -> Option<Decision> {
        let state = self.state().filter(|_| !self.off)?;
        Some(decide(state, id(feature), &Facts::default()))
    }

    /// Everything that must hold at rest.
    pub(super) fn check(&mut self) -> Result<(), String> {
        if self.off || self.keeper.is_none() {
            let decision = decide(&nothing(), id(0), &Facts::default());
            return match decision.loads {
                true => Err("RO-I3: without a state something is loaded".to_owned()),
                false => Ok(()),
            };
        }
        self.check_file()?;
        let Some(state) = self.state() else { return Ok(()) };
        let mut decisions = Vec::with_capacity(FEATURES.len());
        for number in FEATURES {
            let decision = decide(state, id(number), &Facts::default());
            self.check_decision(state, number, &decision)?;
            decisions.push(decision);
        }
        let of = |number: u16| FEATURES.iter().position(|of| *of == number).map(|at| decisions[at]);
        if let (Some(child), Some(parent)) = (of(CHILD), of(PARENT)) {
            let alone = child.runs_candidate && !parent.runs_candidate;
            let ahead = child.answers == Party::Candidate && parent.answers != Party::Candidate;
            if alone || ahead || child.rung > parent.rung {
                return Err(format!("R3: the child is ahead of its parent: {child:?}, {parent:?}"));
            }
        }
        Ok(())
    }

    fn check_decision(&self, state: &State, number: u16, decision: &Decision) -> Result<(), String> {
        let fail = |rule: &str| Err(format!("{rule}: feature {number} is decided {decision:?}"));
        let Some(feature) = state.durable.feature(id(number)) else {
            return if decision.loads { fail("RO-I3 unknown feature") } else { Ok(()) };
        };
        let Some(book) = self.oracle.books.get(&number) else { return fail("unknown to the oracle") };
        let off = [
            (self.oracle.is_killed(number) && !state.volatile.too_new, "RO-I4 killed"),
            (self.oracle.is_quarantined(number), "RO-I4 quarantined"),
            (self.oracle.safe_mode == Some(state.durable.build), "RO-I4 safe mode"),
            (self.oracle.lost, "RO-I3 lost"),
            (feature.settings.is_bad, "RO-I3 bad configuration"),
            (state.volatile.too_new, "RO-I3 too new"),
            (book.open_until > self.oracle.now, "R33 open"),
        ];
        if let Some((_, rule)) = off.iter().find(|(off, _)| *off && decision.loads) {
            return fail(rule);
        }
        let answers = decision.answers == Party::Candidate;
        let lowest = feature.overlay.map_or(feature.granted, |overlay| overlay.min(feature.granted));
        let bounded = feature.granted.max(Rung::OFF);
        if decision.rung > bounded || decision.rung > lowest {
            return fail("R56 above what is granted");
        }
        if book.probing && answers {
            return fail("R33 probing");
        }
        if answers && decision.rung.stage < Stage::Canary {
            return fail("section 2.2 answers below CANARY");
        }
        if decision.rung == Rung::OFF && decision.loads || decision.runs_candidate && !decision.loads {
            return fail("RO-I2");
        }
        if answers && decision.rung.stage == Stage::Canary {
            let mine = bucket(&feature.settings.salt, &state.durable.unit);
            let start = feature.settings.window_start;
            if mine < start || mine >= start + decision.rung.permille {
                return fail("R14 outside of the cohort");
            }
        }
        Ok(())
    }

    /// A later version's file is left alone; a state fits its slot (RO-I6).
    fn check_file(&mut self) -> Result<(), String> {
        let Some(keeper) = self.keeper.as_mut() else { return Ok(()) };
        if let Some(Later { later, .. }) = &self.from_later {
            let medium = keeper.disk().visible();
            if medium != *later {
                return Err("R45: the file of a later version was written".to_owned());
            }
        }
        let durable = &keeper.state().durable;
        let bounded = |feature: &Feature| {
            feature.quarantines.len() <= 8
                && [&feature.crashes, &feature.opens, &feature.demotions]
                    .iter()
                    .all(|recent| recent.ages().len() <= 4)
        };
        if !durable.features.iter().all(bounded) {
            return Err("RO-I6: a list has no bound".to_owned());
        }
        if self.sequence.is_multiple_of(64) {
            let payload = Payload { durable: durable.clone(), ..Payload::default() };
            if payload.encode().len() > 4096 {
                return Err("RO-I6: the state of five features outgrew 4 KiB".to_owned());
            }
        }
        Ok(())
    }

    /// What moved, and whether this event may move it (R1, R50, R53, RO-I4).
    pub(super) fn check_moves(&mut self, before: &State, after: &State, event: &Event) -> Result<(), String> {
        for new in &after.durable.features {
            let Some(old) = before.durable.feature(new.id) else {
                if self.oracle.lost && new.granted > Rung::OFF {
                    return Err(format!("RO-I4: feature {} came back by itself", new.id.number()));
                }
                continue;
            };
            self.check_move(old, new, before, event)?;
        }
        Ok(())
    }

    fn check_move(
        &mut self,
        old: &Feature,
        new: &Feature,
        before: &State,
        event: &Event,
    ) -> Result<(), String> {
        let number = new.id.number();
        let fail = |rule: &str| {
            Err(format!("{rule}: feature {number} went from {} to {} by {event:?}", old.granted, new.granted))
        };
        let next = old.settings.template.next(old.granted);
        let rose = new.granted > old.granted;
        let fell = new.granted < old.granted;
        match event {
            Event::Promote { verdict, .. } if rose => {
                let book = self.oracle.book(number);
                if book.frozen {
                    return fail("R53 frozen");
                }
                if Some(new.granted) != next {
                    return fail("R1");
                }
                if new.granted > old.settings.ceiling {
                    return fail("section 2.2 ceiling");
                }
                let open = verdict.passes() && verdict.from == old.granted && verdict.to == new.granted;
                if !open || before.volatile.stale || self.oracle.lost {
                    return fail("R49");
                }
                self.oracle.rose(number, new.granted, false);
            }
            Event::Set { .. } if rose => {
                if Some(new.granted) > next {
                    return fail("R1");
                }
                self.oracle.rose(number, new.granted, true);
            }
            Event::Compiled { .. } => {
                let cap = self.oracle.book(number).cap.filter(|(build, _)| *build == before.durable.build);
                if rose && cap.is_some_and(|(_, cap)| new.granted > cap) {
                    return fail("RO-I4 demoted build");
                }
                if rose && (self.oracle.lost || self.oracle.book(number).frozen) {
                    return fail("RO-I4");
                }
            }
            _ if rose => return fail("RO-I4"),
            Event::Mismatch { feature } if *feature == new.id => {
                if old.granted.stage >= Stage::Canary && new.granted > Rung::SHADOW {
                    return fail("R53 mismatch");
                }
                if fell {
                    self.oracle.demoted(number, new.granted);
                }
            }
            Event::Slow { feature } | Event::Trip { feature, .. } if *feature == new.id && fell => {
                self.oracle.demoted(number, new.granted);
            }
            Event::Start { build, .. } if *build != before.durable.build => {
                let restarted =
                    self.oracle.books.get(&number).is_some_and(|_| {
                        before.durable.build != 0 && old.is_quarantined(before.durable.build)
                    });
                if restarted && new.granted > Rung::SHADOW {
                    return fail("R27");
                }
            }
            _ => {}
        }
        Ok(())
    }
}
