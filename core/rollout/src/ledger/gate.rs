//! The gates: what has to be known before a feature may take one step up (section 2.12, R49–R52).
//!
//! What it is: one row of demands a step. What it is not: it moves nothing; the engine does, and only for the step that the
//! verdict names.
//!
//! Invariants: a gate without enough evidence is shut; every reason for that is named, with what was found and what is
//! wanted.

use super::record::Outcome;
use super::tally::{CREDIT_MAX, Tally};
use crate::reason::RoCode;
use crate::stage::{Rung, Stage, Template};

/// What a step asks for. 0 asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Demand {
    loads: u64,
    loaded_devices: u64,
    /// The bound per comparison that has to be met at 95 %.
    rate: f64,
    /// The same per device.
    device_rate: f64,
    /// Classes and unseen inputs count.
    coverage: bool,
    days: u32,
    latency_hours: u32,
    drift_free_days: u32,
    no_waivers: bool,
    drill_days: u32,
    legacy_gone: bool,
}

const NOTHING: Demand = Demand {
    loads: 0,
    loaded_devices: 0,
    rate: 1.0,
    device_rate: 1.0,
    coverage: false,
    days: 0,
    latency_hours: 0,
    drift_free_days: 0,
    no_waivers: false,
    drill_days: 0,
    legacy_gone: false,
};

/// Share of the declared classes that must have been hit, in percent.
const CLASSES_PERCENT: usize = 90;
/// How often a class must have been hit to count as covered.
pub const CLASS_HITS: u64 = 30;
/// How likely an unseen input may be.
const UNSEEN_MAX: f64 = 0.01;

/// The candidate's p99 on the caller's thread lies below this, in ns: nothing can end it there (R5, R59).
pub const INLINE_P99_NS: u64 = 200_000;
/// Where legacy's median is not below this, in ns, there is no need for the caller's thread (R6).
pub const INLINE_LEGACY_P50_NS: u64 = 50_000;
/// Times of each side that speak for it; so many the guard needs too before it judges (R32).
pub const INLINE_TIMES: u64 = 1_000;

/// The largest bound per comparison and per device that the step up from a rung may have at 95 %; 1 where nothing is asked.
pub fn wanted_rates(from: Rung, template: Template) -> (f64, f64) {
    let wants = template.next(from).map_or(NOTHING, |to| demand(from.stage, to.stage));
    (wants.rate, wants.device_rate)
}

/// The table of section 2.12. A step that is not in it asks for nothing: an operator's word is enough.
fn demand(from: Stage, to: Stage) -> Demand {
    match (from, to) {
        (Stage::Load, Stage::Shadow | Stage::Canary) => Demand { loads: 200, loaded_devices: 20, ..NOTHING },
        (Stage::Shadow, Stage::Canary) => {
            Demand { rate: 1e-4, device_rate: 0.01, coverage: true, days: 7, ..NOTHING }
        }
        (Stage::Canary, Stage::Canary | Stage::Live) => Demand { rate: 1e-4, latency_hours: 48, ..NOTHING },
        (Stage::Live, Stage::Retire) => Demand {
            rate: 1e-5,
            device_rate: 0.001,
            days: 14,
            drift_free_days: 7,
            no_waivers: true,
            ..NOTHING
        },
        // A feature without writes goes from LIVE at once: it needs the evidence of both steps.
        (Stage::Live, Stage::Complete) => Demand {
            rate: 1e-5,
            device_rate: 0.001,
            days: 30,
            no_waivers: true,
            drill_days: 7,
            legacy_gone: true,
            ..NOTHING
        },
        (Stage::Retire, Stage::Complete) => {
            Demand { days: 30, no_waivers: true, drill_days: 7, legacy_gone: true, ..NOTHING }
        }
        _ => NOTHING,
    }
}

/// Times of both sides in ns, as the upper ends of their intervals at 95 %; `None` where fewer than [`INLINE_TIMES`] are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InlineTimes {
    /// Legacy's median.
    pub legacy_p50: Option<u64>,
    /// The candidate's 99th percentile.
    pub candidate_p99: Option<u64>,
}

impl InlineTimes {
    /// Whether both are known and below their limits.
    fn allow(self) -> bool {
        self.legacy_p50.is_some_and(|ns| ns < INLINE_LEGACY_P50_NS)
            && self.candidate_p99.is_some_and(|ns| ns < INLINE_P99_NS)
    }

    fn words(self) -> String {
        let word =
            |ns: Option<u64>| ns.map_or("unknown".to_owned(), |ns| format!("{:.1} µs", ns as f64 / 1e3));
        format!(
            "inline: candidate p99 {}, wanted below {} µs; legacy p50 {}, below {} µs",
            word(self.candidate_p99),
            INLINE_P99_NS / 1000,
            word(self.legacy_p50),
            INLINE_LEGACY_P50_NS / 1000
        )
    }
}

/// What a gate has to know besides the ledgers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The classes that the feature declares.
    pub classes: Vec<String>,
    /// Waivers in force.
    pub waivers: u32,
    /// Days since the last kill drill; `None` if there was none.
    pub drill_days_ago: Option<u32>,
    /// Call sites still keep legacy.
    pub legacy_present: bool,
    /// Fields where legacy differs from itself and no rule says how to compare (R18).
    pub unruled_noise: u32,
    /// What is known of its times, if the feature runs on the caller's thread; `None` if it does not.
    pub inline: Option<InlineTimes>,
}

/// One demand of a gate, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which demand.
    pub code: RoCode,
    /// What was found and what is wanted, for a person.
    pub detail: String,
}

/// What a gate says of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Where the feature stands.
    pub from: Rung,
    /// Where the step leads.
    pub to: Rung,
    /// Why not; empty if the gate is open.
    pub blocks: Vec<Block>,
    /// The demands that are met.
    pub met: Vec<Block>,
}

impl Verdict {
    /// Whether the gate is open.
    pub fn passes(&self) -> bool {
        self.blocks.is_empty()
    }
}

/// Weighs the evidence for the one step up from the rung at which it was gathered. `None` at the top.
pub fn gate(tally: &Tally, template: Template, context: &Context) -> Option<Verdict> {
    let from = tally.sum.key.rung;
    let to = template.next(from)?;
    let wants = demand(from.stage, to.stage);
    let sum = &tally.sum;
    let mut verdict = Verdict { from, to, blocks: Vec::new(), met: Vec::new() };
    let mut ask = |asked: bool, shut: bool, code: RoCode, detail: String| {
        if asked {
            let list = if shut { &mut verdict.blocks } else { &mut verdict.met };
            list.push(Block { code, detail });
        }
    };
    let real = sum.real();
    let mismatches = real - sum.unaccepted();
    let anew = if mismatches > 0 { "; a new build starts anew" } else { ", as wanted" };
    let plural = if mismatches == 1 { "mismatch" } else { "mismatches" };
    ask(true, mismatches > 0, RoCode::GateBurned, format!("{mismatches} real {plural}{anew}"));
    let codes: Vec<&str> = sum
        .explained
        .iter()
        .filter(|(_, explained)| !explained.accepted && explained.count > 0)
        .map(|(code, _)| code.as_str())
        .collect();
    let unaccepted = match codes.is_empty() {
        true => "every explained difference is accepted".to_owned(),
        false => format!("not accepted: {}", codes.join(", ")),
    };
    ask(true, !codes.is_empty(), RoCode::GateUnaccepted, unaccepted);
    ask(true, sum.deaths > 0, RoCode::GateDeaths, format!("{} deaths, 0 allowed", sum.deaths));
    let panics = sum.count(Outcome::CPanic);
    ask(true, panics > 0, RoCode::GatePanics, format!("{panics} panics, 0 allowed"));
    let errors = sum.count(Outcome::HarnessError);
    ask(true, errors > 0, RoCode::GateHarness, format!("{errors} errors of the harness, 0 allowed"));
    ask(
        wants.loads > 0,
        sum.loads < wants.loads || tally.devices < wants.loaded_devices,
        RoCode::GateLoads,
        format!(
            "{} of {} loads, {} of {} devices",
            sum.loads, wants.loads, tally.devices, wants.loaded_devices
        ),
    );
    let (trials, comparisons, bound) = (tally.trials, sum.comparisons(), tally.bound());
    let counted = match trials == comparisons {
        true => String::new(),
        false => format!(", {trials} count ({CREDIT_MAX} a device)"),
    };
    ask(
        wants.rate < 1.0,
        bound >= wants.rate,
        RoCode::GateComparisons,
        format!("{comparisons} comparisons{counted}: below {bound:.2e}, wanted {:.0e}", wants.rate),
    );
    let bound = tally.device_bound();
    ask(
        wants.device_rate < 1.0,
        bound >= wants.device_rate,
        RoCode::GateDevices,
        format!(
            "{} devices, {} burned: below {bound:.2e}, wanted {:.0e}",
            tally.devices, tally.devices_burned, wants.device_rate
        ),
    );
    let hit = context
        .classes
        .iter()
        .filter(|class| sum.classes.get(class.as_str()).is_some_and(|hits| *hits >= CLASS_HITS));
    let (hit, declared) = (hit.count(), context.classes.len());
    ask(
        wants.coverage,
        hit * 100 < declared * CLASSES_PERCENT,
        RoCode::GateClasses,
        format!("{hit} of {declared} classes hit {CLASS_HITS} times, wanted {CLASSES_PERCENT} %"),
    );
    let unseen = sum.distinct.unseen(trials);
    ask(
        wants.coverage,
        unseen > UNSEEN_MAX,
        RoCode::GateUnseen,
        format!("{:.2} % unseen by Good and Turing, wanted {:.0} %", unseen * 100.0, UNSEEN_MAX * 100.0),
    );
    ask(
        wants.coverage,
        context.unruled_noise > 0,
        RoCode::GateNoise,
        format!("{} fields differ from themselves without a rule", context.unruled_noise),
    );
    ask(
        wants.days > 0,
        sum.days < wants.days,
        RoCode::GateDays,
        format!("{} days, wanted {}", sum.days, wants.days),
    );
    ask(
        wants.latency_hours > 0,
        sum.latency_hours < wants.latency_hours || sum.latency_trips > 0,
        RoCode::GateLatency,
        format!(
            "{} of {} hours, {} times too slow",
            sum.latency_hours, wants.latency_hours, sum.latency_trips
        ),
    );
    let times = context.inline.unwrap_or_default();
    ask(context.inline.is_some(), !times.allow(), RoCode::GateInline, times.words());
    ask(
        wants.drift_free_days > 0,
        sum.drifted_days_ago.is_some_and(|days| days < wants.drift_free_days),
        RoCode::GateDrift,
        match sum.drifted_days_ago {
            Some(days) => format!("drift {days} days ago, wanted none for {}", wants.drift_free_days),
            None => "the data never drifted".to_owned(),
        },
    );
    let waived = sum.count(Outcome::Waived);
    ask(
        wants.no_waivers,
        context.waivers > 0 || waived > 0,
        RoCode::GateWaivers,
        format!("{} waivers in force, {waived} calls waived", context.waivers),
    );
    let drilled = context.drill_days_ago.is_some_and(|days| days <= wants.drill_days);
    ask(
        wants.drill_days > 0,
        !drilled,
        RoCode::GateDrill,
        match context.drill_days_ago {
            Some(days) => format!("the last kill drill was {days} days ago, wanted {}", wants.drill_days),
            None => "there was no kill drill".to_owned(),
        },
    );
    ask(
        wants.legacy_gone,
        context.legacy_present,
        RoCode::GateLegacy,
        if context.legacy_present { "call sites still keep legacy" } else { "legacy is gone" }.to_owned(),
    );
    Some(verdict)
}

/// R52: how likely a ramp step is to see even one crash, at `rate` per device and day.
///
/// ```
/// use ferrule_rollout::ledger::gate::sees_a_crash;
/// let chance = sees_a_crash(10, 10_000, 7, 0.001);
/// assert!((chance - 0.50).abs() < 0.01);
/// ```
pub fn sees_a_crash(permille: u16, devices: u64, days: u32, rate: f64) -> f64 {
    let device_days = devices as f64 * f64::from(permille.min(1000)) / 1000.0 * f64::from(days);
    -(device_days * (-rate.clamp(0.0, 1.0)).ln_1p()).exp_m1()
}
