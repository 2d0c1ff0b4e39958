//! Which effects this device may show now: glass, bounce, transition, blur, layers, menu (os4-compat 6.4, 6.5).
//!
//! What it is: [`StaticEffects`] is computed once per boot; [`StaticEffects::apply`] turns it into [`Effects`] on
//! every change of the runtime state, without touching a property. What it is not: it draws nothing and keeps no
//! state but the caller's [`ThermalHysteresis`].
//!
//! Invariants: a worse input never raises a level; everything below the best has its reason.

use crate::background::GlassOS4Background;
use crate::device::DeviceFacts;
use crate::facts::StaticFacts;
use crate::glass::{GlassLevel, RuntimeInput, StaticGlass, cap_of};
use crate::identity::OsIdentity;
use crate::input::Probes;
use crate::property_map::PropertyMap;
use crate::reason::{FxCode, Reason, ReasonCode};
use crate::rules::{Rule, lower};
use crate::runtime::{RuntimeState, ThermalHysteresis};
use crate::tier::Tier;

/// The bounce at the end of a scroll; ordered, `Off` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bounce {
    /// None.
    Off,
    /// Without overshoot of neighbouring items.
    Simplified,
    /// In full.
    Full,
}

/// Opening and closing of an app; ordered, `Off` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transition {
    /// A cut.
    Off,
    /// A plain scale and fade.
    Simple,
    /// Interruptible, following the gesture.
    Rich,
}

/// Layers of wallpaper and icons that move against each other; ordered, `Off` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DynamicLayers {
    /// No layers.
    Off,
    /// Layers that stand still.
    Static,
    /// Layers that move.
    Dynamic,
}

/// Layout of the long-press menu; ordered, `Classic` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MenuLayout {
    /// The layout before OS4.
    Classic,
    /// The layout of OS4.
    New,
}

/// The long-press menu: its layout, and the glass level of its background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LongPressMenu {
    /// The layout.
    pub layout: MenuLayout,
    /// The background's glass level, always that of the whole answer.
    pub background: GlassLevel,
}

impl Bounce {
    /// Lower-case name: `off`, `simplified`, `full`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Simplified => "simplified",
            Self::Full => "full",
        }
    }
}

impl Transition {
    /// Lower-case name: `off`, `simple`, `rich`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Simple => "simple",
            Self::Rich => "rich",
        }
    }
}

impl DynamicLayers {
    /// Lower-case name: `off`, `static`, `dynamic`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Static => "static",
            Self::Dynamic => "dynamic",
        }
    }
}

impl MenuLayout {
    /// Lower-case name: `classic`, `new`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::New => "new",
        }
    }
}

/// What the device may show at this moment, with every reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// The glass level.
    pub glass: GlassLevel,
    /// The device tier behind it.
    pub tier: Tier,
    /// The bounce.
    pub bounce: Bounce,
    /// The open and close transition.
    pub transition: Transition,
    /// Live blur behind surfaces.
    pub blur_background: bool,
    /// The layers.
    pub dynamic_layers: DynamicLayers,
    /// The long-press menu.
    pub long_press_menu: LongPressMenu,
    /// Every reason: first those of glass, then those of each effect, in the order of the fields and the rules.
    pub reasons: Vec<Reason>,
    density_dpi: Option<u32>,
}

impl Effects {
    /// The reasons that cap the glass level; without notes such as `GLASS_TIER_UNKNOWN`.
    pub fn glass_caps(&self) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(|reason| matches!(reason.code, ReasonCode::Glass(code) if cap_of(code).is_some()))
    }

    /// The background of glass surfaces at this level, for the device's density (160 dpi if unknown).
    pub fn background(&self) -> GlassOS4Background {
        GlassOS4Background::resolve(self.glass, self.density_dpi)
    }
}

/// What the rules of the small effects look at.
struct FxInput {
    tier: Tier,
    glass: GlassLevel,
    at_least_os4: bool,
    rich_transition: Option<bool>,
    transition_version: Option<u32>,
    state: RuntimeState,
}

/// The first version of the transition that is rich.
const RICH_TRANSITION_VERSION_MIN: u32 = 2;

/// Animations are off at scale 0; a negative scale cannot play either, and "not a number" is no answer.
fn animator_off(input: &FxInput) -> Option<String> {
    let scale = input.state.animator_scale;
    (scale <= 0.0).then(|| format!("animator scale {scale}"))
}

fn tier_is(input: &FxInput, tier: Tier) -> Option<String> {
    (input.tier == tier).then(|| format!("tier {}", tier.as_str()))
}

fn below_frosted(input: &FxInput) -> Option<String> {
    (input.glass < GlassLevel::Frosted).then(|| format!("glass {}", input.glass.as_str()))
}

const fn rule<Level>(code: FxCode, cap: Level, holds: fn(&FxInput) -> Option<String>) -> Rule<Level, FxInput>
where
    Level: Copy,
{
    Rule { code: ReasonCode::Fx(code), cap: Some(cap), holds }
}

const BOUNCE: [Rule<Bounce, FxInput>; 3] = [
    rule(FxCode::BounceAnimatorOff, Bounce::Off, animator_off),
    rule(FxCode::BounceTierLow, Bounce::Simplified, |input| tier_is(input, Tier::Low)),
    rule(FxCode::BounceBatterySaver, Bounce::Simplified, |input| {
        input.state.battery_saver.then(|| "battery saver on".to_owned())
    }),
];

const TRANSITION: [Rule<Transition, FxInput>; 4] = [
    rule(FxCode::TransitionKeyOff, Transition::Simple, |input| match input.rich_transition {
        Some(true) => None,
        Some(false) => Some("hyper_transition false".to_owned()),
        None => Some("hyper_transition absent".to_owned()),
    }),
    rule(FxCode::TransitionVersionBelow2, Transition::Simple, |input| match input.transition_version {
        Some(version) if version >= RICH_TRANSITION_VERSION_MIN => None,
        Some(version) => Some(format!("hyper_transition_v {version}")),
        None => Some("hyper_transition_v absent".to_owned()),
    }),
    rule(FxCode::TransitionTierLow, Transition::Simple, |input| tier_is(input, Tier::Low)),
    rule(FxCode::TransitionAnimatorOff, Transition::Off, animator_off),
];

const BLUR_BACKGROUND: [Rule<bool, FxInput>; 1] = [rule(FxCode::BlurGlassBelowFrosted, false, below_frosted)];

/// "On at Frosted or better with tier High, static at Mid, else off" is read as: both need Frosted. The other
/// reading would give a Mid phone with static glass more than a High one, and a worse input must never raise a level.
const LAYERS: [Rule<DynamicLayers, FxInput>; 3] = [
    rule(FxCode::LayersGlassBelowFrosted, DynamicLayers::Off, below_frosted),
    rule(FxCode::LayersTierMid, DynamicLayers::Static, |input| tier_is(input, Tier::Mid)),
    rule(FxCode::LayersTierLow, DynamicLayers::Off, |input| tier_is(input, Tier::Low)),
];

const MENU: [Rule<MenuLayout, FxInput>; 1] = [rule(FxCode::MenuOsBelow4, MenuLayout::Classic, |input| {
    (!input.at_least_os4 && !input.state.native_launcher_running)
        .then(|| "not at least OS4, native launcher not running".to_owned())
})];

/// The part of the effects that holds until the next boot.
///
/// ```
/// use ferrule_os4_compat::{DeviceFacts, GlassLevel, OsIdentity, Probes, PropertyMap};
/// use ferrule_os4_compat::{RuntimeState, StaticEffects, ThermalHysteresis};
///
/// let properties = PropertyMap::from_pairs([("ro.build.version.sdk", "34")]);
/// let identity = OsIdentity::decide(&properties);
/// let device = DeviceFacts { ram_gib: Some(12), ..DeviceFacts::default() };
/// let boot = StaticEffects::compute(&identity, &Probes::default(), &device, &properties);
/// let mut heat = ThermalHysteresis::default();
/// let effects = boot.apply(&RuntimeState::default(), 0, &mut heat);
/// assert_eq!(effects.glass, GlassLevel::Frosted);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticEffects {
    facts: StaticFacts,
    glass: StaticGlass,
}

impl StaticEffects {
    /// Reads the properties and evaluates every rule that cannot change before the next boot.
    pub fn compute(
        identity: &OsIdentity,
        probes: &Probes,
        device: &DeviceFacts,
        properties: &PropertyMap,
    ) -> Self {
        Self::from_facts(StaticFacts::gather(identity, probes, device, properties))
    }

    /// The same from facts that were gathered elsewhere, for tests and replays.
    pub fn from_facts(facts: StaticFacts) -> Self {
        let glass = StaticGlass::compute(&facts);
        Self { facts, glass }
    }

    /// The facts behind it.
    pub fn facts(&self) -> &StaticFacts {
        &self.facts
    }

    /// The effects under a runtime state; call it on every change and at
    /// [`ThermalHysteresis::release_due_ms`]. `now_monotonic_ms` only serves the hysteresis.
    pub fn apply(
        &self,
        runtime: &RuntimeState,
        now_monotonic_ms: u64,
        heat: &mut ThermalHysteresis,
    ) -> Effects {
        let hot = heat.update(runtime.thermal, now_monotonic_ms);
        let mut reasons = Vec::new();
        let glass = self.glass.level(&RuntimeInput { state: *runtime, hot }, &mut reasons);
        let input = FxInput {
            tier: self.facts.tier.tier,
            glass,
            at_least_os4: self.facts.at_least_os4,
            rich_transition: self.facts.rich_transition,
            transition_version: self.facts.transition_version,
            state: *runtime,
        };
        let bounce = lower(Bounce::Full, &BOUNCE, &input, &mut reasons);
        let transition = lower(Transition::Rich, &TRANSITION, &input, &mut reasons);
        let blur_background = lower(true, &BLUR_BACKGROUND, &input, &mut reasons);
        let dynamic_layers = lower(DynamicLayers::Dynamic, &LAYERS, &input, &mut reasons);
        let layout = lower(MenuLayout::New, &MENU, &input, &mut reasons);
        Effects {
            glass,
            tier: input.tier,
            bounce,
            transition,
            blur_background,
            dynamic_layers,
            long_press_menu: LongPressMenu { layout, background: glass },
            reasons,
            density_dpi: self.facts.density_dpi,
        }
    }
}

/// The evidence establishes HyperOS 4 or later: the answer behind `atLeastOS4`. See [`OsIdentity::at_least`].
pub fn at_least_os4(identity: &OsIdentity) -> bool {
    identity.at_least_os4()
}

/// The glass level under a runtime state: the answer behind `glassOs4`. See [`StaticEffects::apply`].
pub fn glass_os4(
    boot: &StaticEffects,
    runtime: &RuntimeState,
    now_monotonic_ms: u64,
    heat: &mut ThermalHysteresis,
) -> GlassLevel {
    let hot = heat.update(runtime.thermal, now_monotonic_ms);
    boot.glass.level(&RuntimeInput { state: *runtime, hot }, &mut Vec::new())
}
