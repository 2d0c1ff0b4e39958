//! The glass level: one table of conditions (os4-compat 6.4), the cap of each and its code.
//!
//! What it is not: it gathers no facts (`facts.rs`) and remembers no heat (`runtime.rs`).
//!
//! Invariants: the level starts at `Full` and is only lowered; the reasons keep the order of the rules; static and
//! runtime conditions stand in one table, though the static ones are evaluated once per boot.

use crate::facts::StaticFacts;
use crate::identity::Family;
use crate::input::Tri;
use crate::reason::{GlassCode, Reason, ReasonCode};
use crate::runtime::{RuntimeState, UserMaterial};
use crate::tier::Tier;

/// How glassy a surface may be; ordered, `Off` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GlassLevel {
    /// Opaque.
    Off,
    /// Tint without live blur.
    Static,
    /// Live blur.
    Frosted,
    /// Refraction over live blur.
    Full,
}

impl GlassLevel {
    /// Every level, best first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Frosted, Self::Static, Self::Off];

    /// Lower-case name: `full`, `frosted`, `static`, `off`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Static => "static",
            Self::Frosted => "frosted",
            Self::Full => "full",
        }
    }
}

/// The first material version with refraction. It rests on one device report, hence one constant.
pub const FULL_MATERIAL_VERSION_MIN: u32 = 5;
/// The first SDK with `RenderEffect` and window blur.
pub const BLUR_SDK_MIN: u32 = 31;
/// The first SDK with runtime shaders (AGSL), which refraction needs.
pub const AGSL_SDK_MIN: u32 = 33;

/// The runtime half of what the rules look at.
pub(crate) struct RuntimeInput {
    pub state: RuntimeState,
    /// The thermal cap is engaged (the hysteresis has been applied).
    pub hot: bool,
}

/// When a condition can change.
enum Condition {
    Boot(fn(&StaticFacts) -> Option<String>),
    Runtime(fn(&RuntimeInput) -> Option<String>),
}

struct GlassRule {
    code: GlassCode,
    /// The highest level while the condition holds; `None` for a note.
    cap: Option<GlassLevel>,
    condition: Condition,
}

const fn boot(code: GlassCode, cap: GlassLevel, holds: fn(&StaticFacts) -> Option<String>) -> GlassRule {
    GlassRule { code, cap: Some(cap), condition: Condition::Boot(holds) }
}

const fn runtime(code: GlassCode, cap: GlassLevel, holds: fn(&RuntimeInput) -> Option<String>) -> GlassRule {
    GlassRule { code, cap: Some(cap), condition: Condition::Runtime(holds) }
}

fn when(holds: bool, detail: impl FnOnce() -> String) -> Option<String> {
    holds.then(detail)
}

fn or_unknown(value: Option<u32>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}

fn os_text(facts: &StaticFacts) -> String {
    format!("{}, major {}", facts.family.as_str(), or_unknown(facts.major))
}

/// The table of os4-compat 6.4, in its order. `TierUnknown` is a note: the guess `Mid` beside it is the cap.
const RULES: [GlassRule; 21] = [
    boot(GlassCode::OsBelow4, GlassLevel::Frosted, |facts| {
        when(!facts.at_least_os4 && !facts.spoofed, || os_text(facts))
    }),
    boot(GlassCode::Spoofed, GlassLevel::Frosted, |facts| {
        when(!facts.at_least_os4 && facts.spoofed, || os_text(facts))
    }),
    boot(GlassCode::FwOs4Missing, GlassLevel::Frosted, |facts| {
        when(facts.rust_runtime_v5 == Tri::Absent, || "hyperos.rustruntime.v5 absent".to_owned())
    }),
    boot(GlassCode::FwUnknown, GlassLevel::Frosted, |facts| {
        when(facts.rust_runtime_v5 == Tri::Unknown, || "hyperos.rustruntime.v5 unknown".to_owned())
    }),
    boot(GlassCode::MaterialUnknown, GlassLevel::Frosted, |facts| {
        when(facts.is_xiaomi() && facts.material_supported.is_none(), || "no answer".to_owned())
    }),
    boot(GlassCode::MaterialVersionBelow5, GlassLevel::Frosted, |facts| {
        let enough = facts.material_version.is_some_and(|version| version >= FULL_MATERIAL_VERSION_MIN);
        when(facts.is_xiaomi() && !enough, || format!("version {}", or_unknown(facts.material_version)))
    }),
    boot(GlassCode::MaterialUnsupported, GlassLevel::Static, |facts| {
        when(facts.material_supported == Some(false), || "supported false".to_owned())
    }),
    boot(GlassCode::Miui, GlassLevel::Static, |facts| when(facts.family == Family::Miui, || os_text(facts))),
    boot(GlassCode::SdkBelow31, GlassLevel::Static, |facts| {
        let below = facts.sdk.filter(|sdk| *sdk < BLUR_SDK_MIN)?;
        Some(format!("SDK {below}"))
    }),
    boot(GlassCode::SfBlurOff, GlassLevel::Static, |facts| {
        when(facts.surface_flinger_blur == Some(false), || "supports_background_blur false".to_owned())
    }),
    runtime(GlassCode::CrossWindowBlurOff, GlassLevel::Static, |input| {
        when(input.state.cross_window_blur == Some(false), || "cross-window blur off".to_owned())
    }),
    boot(GlassCode::NoAgsl, GlassLevel::Frosted, |facts| {
        let between = facts.sdk.filter(|sdk| (BLUR_SDK_MIN..AGSL_SDK_MIN).contains(sdk))?;
        Some(format!("SDK {between}"))
    }),
    boot(GlassCode::TierMid, GlassLevel::Frosted, |facts| {
        when(facts.tier.tier == Tier::Mid, || facts.tier.detail())
    }),
    boot(GlassCode::TierLow, GlassLevel::Static, |facts| {
        when(facts.tier.tier == Tier::Low, || facts.tier.detail())
    }),
    GlassRule {
        code: GlassCode::TierUnknown,
        cap: None,
        condition: Condition::Boot(|facts| when(!facts.tier.known, || facts.tier.detail())),
    },
    boot(GlassCode::LiteBuild, GlassLevel::Static, |facts| {
        when(facts.tier.lite, || {
            let inputs = &facts.tier.inputs;
            format!(
                "ram {} GiB, threshold {} GiB",
                or_unknown(inputs.ram_gib),
                or_unknown(inputs.lite_threshold_gib)
            )
        })
    }),
    runtime(GlassCode::UserMaterialOff, GlassLevel::Static, |input| {
        when(input.state.user_material == UserMaterial::Off, || "material switch off".to_owned())
    }),
    runtime(GlassCode::WindowBlursDisabled, GlassLevel::Static, |input| {
        when(input.state.window_blurs_disabled, || "disable_window_blurs set".to_owned())
    }),
    runtime(GlassCode::BatterySaver, GlassLevel::Static, |input| {
        when(input.state.battery_saver, || "battery saver on".to_owned())
    }),
    runtime(GlassCode::Thermal, GlassLevel::Static, |input| {
        when(input.hot, || format!("status {}", input.state.thermal))
    }),
    runtime(GlassCode::ReduceTransparency, GlassLevel::Off, |input| {
        when(input.state.reduce_transparency, || "reduce transparency on".to_owned())
    }),
];

/// The static half of the verdict: for each rule of the table the detail, if it holds for this boot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaticGlass {
    details: Vec<Option<String>>,
}

impl StaticGlass {
    /// Evaluates the static conditions.
    pub(crate) fn compute(facts: &StaticFacts) -> Self {
        let details = RULES.iter().map(|rule| match rule.condition {
            Condition::Boot(holds) => holds(facts),
            Condition::Runtime(_) => None,
        });
        Self { details: details.collect() }
    }

    /// The level under the current runtime state; the reasons are pushed in the order of the rules.
    pub(crate) fn level(&self, input: &RuntimeInput, reasons: &mut Vec<Reason>) -> GlassLevel {
        let mut level = GlassLevel::Full;
        for (rule, detail) in RULES.iter().zip(&self.details) {
            let detail = match rule.condition {
                Condition::Boot(_) => detail.clone(),
                Condition::Runtime(holds) => holds(input),
            };
            if let Some(detail) = detail {
                level = rule.cap.map_or(level, |cap| level.min(cap));
                reasons.push(Reason { code: ReasonCode::Glass(rule.code), detail });
            }
        }
        level
    }
}

/// The highest level that a code allows; `None` for [`GlassCode::TierUnknown`], a note that caps nothing.
///
/// ```
/// use ferrule_os4_compat::glass::{GlassLevel, cap_of};
/// use ferrule_os4_compat::reason::GlassCode;
/// assert_eq!(cap_of(GlassCode::NoAgsl), Some(GlassLevel::Frosted));
/// assert_eq!(cap_of(GlassCode::TierUnknown), None);
/// ```
pub fn cap_of(code: GlassCode) -> Option<GlassLevel> {
    RULES.iter().find(|rule| rule.code == code).and_then(|rule| rule.cap)
}
