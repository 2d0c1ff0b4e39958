//! How far a feature has moved from legacy to its candidate: stages, rungs and the ladder between them (section 2.2, R1).
//!
//! What it is: names and their order. What it is not: it does not know why a feature stands where it stands.
//!
//! Invariants: the order of rungs is the order of trust; one step up is never more than [`Template::next`]; a packed
//! rung reads back as itself, and anything else as nothing.

use std::fmt;

/// How far a feature has come, in the order of promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Stage {
    /// Legacy answers; nothing of the candidate is loaded.
    #[default]
    Off,
    /// Legacy answers; the candidate's library is loaded and tests itself.
    Load,
    /// Legacy answers; the candidate runs beside it and is compared.
    Shadow,
    /// The candidate answers in the cohort, legacy elsewhere.
    Canary,
    /// The candidate answers; legacy runs beside it now and then.
    Live,
    /// The candidate answers and nothing is compared; legacy's data are still written.
    Retire,
    /// The candidate answers; legacy is gone.
    Complete,
}

impl Stage {
    /// Every stage, in order; the index is the number on disk.
    pub const ALL: [Self; 7] =
        [Self::Off, Self::Load, Self::Shadow, Self::Canary, Self::Live, Self::Retire, Self::Complete];

    /// Lower-case name, as in a configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Load => "load",
            Self::Shadow => "shadow",
            Self::Canary => "canary",
            Self::Live => "live",
            Self::Retire => "retire",
            Self::Complete => "complete",
        }
    }

    /// The stage of a lower-case name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// Whether the candidate runs at all; at the others its library need not be there.
    pub const fn runs_candidate(self) -> bool {
        !matches!(self, Self::Off | Self::Load)
    }
}

/// A stage with its share: where on the ladder a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Rung {
    /// The stage.
    pub stage: Stage,
    /// The share of devices in ‰, 0..=1000; 0 unless the stage is [`Stage::Canary`].
    pub permille: u16,
}

impl Rung {
    /// The lowest rung.
    pub const OFF: Self = Self { stage: Stage::Off, permille: 0 };
    /// Legacy answers, the candidate is compared.
    pub const SHADOW: Self = Self { stage: Stage::Shadow, permille: 0 };

    /// A rung without a share.
    pub const fn of(stage: Stage) -> Self {
        Self { stage, permille: 0 }
    }

    /// A canary of `permille` of the devices, cut to 1000.
    pub fn canary(permille: u16) -> Self {
        Self { stage: Stage::Canary, permille: permille.min(1000) }
    }

    /// The number on disk: the stage in bits 10–12, the share in bits 0–9.
    pub fn packed(self) -> u16 {
        let stage = Stage::ALL.iter().position(|stage| *stage == self.stage).unwrap_or(0) as u16;
        (stage << 10) | self.permille
    }

    /// Reads [`packed`](Self::packed); `None` for a number that means no rung.
    pub fn unpack(packed: u16) -> Option<Self> {
        let stage = *Stage::ALL.get(usize::from(packed >> 10))?;
        let permille = packed & 0x3ff;
        let fits = if stage == Stage::Canary { permille <= 1000 } else { permille == 0 };
        fits.then_some(Self { stage, permille })
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.stage.as_str())?;
        if self.stage == Stage::Canary { write!(out, " {}‰", self.permille) } else { Ok(()) }
    }
}

/// The shares at which a canary stops on its way up (section 2.12).
pub const RAMP: [u16; 5] = [1, 10, 50, 200, 1000];

/// Which stages a feature goes through (section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Template {
    /// Reads only, both can run: 0, 1, 2, 3, 4, 6.
    #[default]
    Pure,
    /// Writes too: every stage.
    ReadWrite,
    /// The two cannot run side by side: 0, 1, 3, 4, 6.
    Exclusive,
}

impl Template {
    /// Every template; the index is the number on disk.
    pub const ALL: [Self; 3] = [Self::Pure, Self::ReadWrite, Self::Exclusive];

    /// The name in a configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::ReadWrite => "read_write",
            Self::Exclusive => "exclusive",
        }
    }

    /// Whether a feature of this template can be at a stage.
    pub const fn allows(self, stage: Stage) -> bool {
        !matches!(
            (self, stage),
            (Self::Pure, Stage::Retire) | (Self::Exclusive, Stage::Shadow | Stage::Retire)
        )
    }

    /// The highest rung of this template that is not above `rung`.
    pub fn at_most(self, rung: Rung) -> Rung {
        if self.allows(rung.stage) {
            return rung;
        }
        let below = Stage::ALL.into_iter().rev().find(|stage| *stage < rung.stage && self.allows(*stage));
        match below {
            Some(Stage::Canary) => Rung::canary(1000),
            Some(stage) => Rung::of(stage),
            None => Rung::OFF,
        }
    }

    /// R1: the one rung that a promotion leads to from `from`; `None` at the top.
    pub fn next(self, from: Rung) -> Option<Rung> {
        if from.stage == Stage::Canary
            && let Some(share) = RAMP.into_iter().find(|share| *share > from.permille)
        {
            return Some(Rung::canary(share));
        }
        let stage = Stage::ALL.into_iter().find(|stage| *stage > from.stage && self.allows(*stage))?;
        Some(if stage == Stage::Canary { Rung::canary(RAMP[0]) } else { Rung::of(stage) })
    }

    /// The rung one step down, for the guards on latency and errors (R53); `off` stays `off`.
    pub fn previous(self, from: Rung) -> Rung {
        if from.stage == Stage::Canary
            && let Some(share) = RAMP.into_iter().rev().find(|share| *share < from.permille)
        {
            return Rung::canary(share);
        }
        let stage = Stage::ALL.into_iter().rev().find(|stage| *stage < from.stage && self.allows(*stage));
        match stage {
            Some(Stage::Canary) => Rung::canary(1000),
            Some(stage) => Rung::of(stage),
            None => Rung::OFF,
        }
    }
}

/// R2: what one session object (say, one loaded model) was begun with. It never rises while the session lives;
/// a reduction for safety counts from the next call on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latch(Rung);

impl Latch {
    /// At the start of a session.
    pub fn at(now: Rung) -> Self {
        Self(now)
    }

    /// What counts for a call of this session, when the feature stands at `now`.
    pub fn rung(self, now: Rung) -> Rung {
        self.0.min(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climb(template: Template) -> Vec<String> {
        let mut path = vec![Rung::OFF];
        while let Some(next) = template.next(*path.last().unwrap()) {
            path.push(next);
        }
        path.iter().map(Rung::to_string).collect()
    }

    #[test]
    fn every_template_climbs_its_own_ladder() {
        let ramp = "canary 1‰,canary 10‰,canary 50‰,canary 200‰,canary 1000‰,live";
        assert_eq!(climb(Template::Pure).join(","), format!("off,load,shadow,{ramp},complete"));
        assert_eq!(climb(Template::ReadWrite).join(","), format!("off,load,shadow,{ramp},retire,complete"));
        assert_eq!(climb(Template::Exclusive).join(","), format!("off,load,{ramp},complete"));
    }

    #[test]
    fn one_step_down_undoes_one_step_up() {
        for template in Template::ALL {
            let mut rung = Rung::OFF;
            assert_eq!(template.previous(rung), Rung::OFF);
            while let Some(next) = template.next(rung) {
                assert!(next > rung);
                assert_eq!(template.previous(next), rung);
                assert_eq!(template.at_most(next), next);
                rung = next;
            }
        }
        assert_eq!(Template::Exclusive.at_most(Rung::SHADOW), Rung::of(Stage::Load));
        assert_eq!(Template::Pure.at_most(Rung::of(Stage::Retire)), Rung::of(Stage::Live));
    }

    #[test]
    fn a_packed_rung_reads_back_and_nothing_else_does() {
        let readable = (0..=u16::MAX).filter_map(|packed| Rung::unpack(packed).map(|rung| (packed, rung)));
        let mut count = 0;
        for (packed, rung) in readable {
            assert_eq!(rung.packed(), packed);
            count += 1;
        }
        assert_eq!(count, 6 + 1001);
    }

    #[test]
    fn a_session_never_rises() {
        let latch = Latch::at(Rung::SHADOW);
        assert_eq!(latch.rung(Rung::of(Stage::Live)), Rung::SHADOW);
        assert_eq!(latch.rung(Rung::OFF), Rung::OFF);
    }
}
