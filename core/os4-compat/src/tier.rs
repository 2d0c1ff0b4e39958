//! The device tier: how much effect work the hardware carries (os4-compat 4.2 and 6.4, contracts 2).
//!
//! Invariants: the tier is the lowest of what is known; RAM never comes from a property; a lite build is always
//! `Low`; when nothing is known the tier is `Mid` and says that it is a guess.

/// How much effect work the hardware carries; ordered, `Low` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Tint only.
    Low,
    /// Live blur.
    Mid,
    /// Refraction.
    High,
}

impl Tier {
    /// Lower-case name: `low`, `mid`, `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Mid => "mid",
            Self::High => "high",
        }
    }
}

/// Highest nominal RAM, in GiB, of tier Low and of tier Mid.
const RAM_LOW_GIB_MAX: u32 = 4;
const RAM_MID_GIB_MAX: u32 = 6;
/// Highest computility level of tier Low and of tier Mid, and the top of the scale.
const LEVEL_LOW_MAX: u32 = 2;
const LEVEL_MID_MAX: u32 = 4;
const LEVEL_MAX: u32 = 6;

/// What the tier is decided from; `None` is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TierInputs {
    /// Nominal RAM in GiB.
    pub ram_gib: Option<u32>,
    /// Computility level of the CPU, 0–6. A number off that scale counts as unknown: nobody defined it.
    pub cpulevel: Option<u32>,
    /// Computility level of the GPU, 0–6; likewise.
    pub gpulevel: Option<u32>,
    /// `ro.config.low_ram.threshold_gb`: up to this many GiB the build runs its lite variant; 0 turns that off.
    pub lite_threshold_gib: Option<u32>,
}

/// The tier and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierVerdict {
    /// The tier.
    pub tier: Tier,
    /// False when neither RAM nor a level was known and the tier is the guess `Mid`.
    pub known: bool,
    /// The build is a lite one: RAM is known and at or below the threshold.
    pub lite: bool,
    /// The inputs that were used (levels off the scale taken out).
    pub inputs: TierInputs,
}

impl TierVerdict {
    /// Decides the tier: the minimum of what is known.
    ///
    /// ```
    /// use ferrule_os4_compat::tier::{Tier, TierInputs, TierVerdict};
    /// let six_gib_flagship =
    ///     TierInputs { ram_gib: Some(6), cpulevel: Some(6), gpulevel: Some(6), ..TierInputs::default() };
    /// assert_eq!(TierVerdict::decide(six_gib_flagship).tier, Tier::Mid);
    /// ```
    pub fn decide(inputs: TierInputs) -> Self {
        let on_scale = |level: Option<u32>| level.filter(|level| *level <= LEVEL_MAX);
        let inputs =
            TierInputs { cpulevel: on_scale(inputs.cpulevel), gpulevel: on_scale(inputs.gpulevel), ..inputs };
        let ram = inputs.ram_gib.map(|gib| step(gib, RAM_LOW_GIB_MAX, RAM_MID_GIB_MAX));
        let level = |level: Option<u32>| level.map(|level| step(level, LEVEL_LOW_MAX, LEVEL_MID_MAX));
        let lowest = [ram, level(inputs.cpulevel), level(inputs.gpulevel)].into_iter().flatten().min();
        let lite = match (inputs.ram_gib, inputs.lite_threshold_gib) {
            (Some(ram), Some(threshold)) => threshold > 0 && ram <= threshold,
            _ => false,
        };
        let tier = if lite { Tier::Low } else { lowest.unwrap_or(Tier::Mid) };
        Self { tier, known: lowest.is_some(), lite, inputs }
    }

    /// The inputs as text for a reason's detail, for example `ram 6 GiB, cpu 6, gpu unknown`.
    pub(crate) fn detail(&self) -> String {
        let text = |value: Option<u32>| value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
        format!(
            "ram {} GiB, cpulevel {}, gpulevel {}",
            text(self.inputs.ram_gib),
            text(self.inputs.cpulevel),
            text(self.inputs.gpulevel)
        )
    }
}

fn step(value: u32, low_max: u32, mid_max: u32) -> Tier {
    if value <= low_max {
        Tier::Low
    } else if value <= mid_max {
        Tier::Mid
    } else {
        Tier::High
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_input_has_its_steps_and_the_lowest_counts() {
        let cases = [
            (None, None, None, Tier::Mid, false),
            (Some(0), None, None, Tier::Low, true),
            (Some(4), None, None, Tier::Low, true),
            (Some(5), None, None, Tier::Mid, true),
            (Some(6), None, None, Tier::Mid, true),
            (Some(7), None, None, Tier::High, true),
            (None, Some(0), None, Tier::Low, true),
            (None, Some(2), None, Tier::Low, true),
            (None, Some(3), None, Tier::Mid, true),
            (None, Some(4), None, Tier::Mid, true),
            (None, Some(5), None, Tier::High, true),
            (None, Some(6), None, Tier::High, true),
            (None, Some(7), None, Tier::Mid, false),
            (None, None, Some(1), Tier::Low, true),
            (None, Some(6), Some(3), Tier::Mid, true),
            (Some(16), Some(6), Some(2), Tier::Low, true),
            (Some(4), Some(6), Some(6), Tier::Low, true),
            (Some(16), Some(6), Some(9), Tier::High, true),
        ];
        for (ram_gib, cpulevel, gpulevel, tier, known) in cases {
            let verdict =
                TierVerdict::decide(TierInputs { ram_gib, cpulevel, gpulevel, lite_threshold_gib: None });
            assert_eq!((verdict.tier, verdict.known), (tier, known), "{ram_gib:?} {cpulevel:?} {gpulevel:?}");
        }
    }

    #[test]
    fn a_lite_build_is_low_whatever_the_levels_say() {
        let cases = [
            (Some(12), Some(99), true),
            (Some(6), Some(6), true),
            (Some(8), Some(6), false),
            (Some(2), Some(0), false),
            (None, Some(99), false),
            (Some(2), None, false),
        ];
        for (ram_gib, lite_threshold_gib, lite) in cases {
            let verdict = TierVerdict::decide(TierInputs {
                ram_gib,
                cpulevel: Some(6),
                gpulevel: Some(6),
                lite_threshold_gib,
            });
            assert_eq!(verdict.lite, lite, "{ram_gib:?} {lite_threshold_gib:?}");
            assert!(!lite || verdict.tier == Tier::Low);
        }
    }
}
