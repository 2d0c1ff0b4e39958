//! What Kotlin gets: the verdicts as records. Types and their conversion only.

use ferrule_os4_compat as core;

use crate::os::Moment;

/// One reason of an answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// The stable code, see docs/codes.md.
    pub code: String,
    /// The raw values that led to it, for people; never parse it.
    pub detail: String,
    /// One sentence for people.
    pub sentence: String,
}

/// Which family of system the properties speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Family {
    /// Xiaomi HyperOS.
    HyperOs,
    /// MIUI, also ported to other hardware.
    Miui,
    /// Xiaomi's Android Go builds.
    XiaomiGo,
    /// Anything else, and what cannot be told.
    Other,
}

/// How far the evidence carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Confidence {
    /// One source, or sources that contradict each other. Never enables OS4.
    Low,
    /// Sources that agree in part.
    Medium,
    /// Independent sources that agree.
    High,
}

/// Which OS this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OsIdentity {
    /// The family.
    pub family: Family,
    /// The decided major version, if any evidence names one.
    pub major: Option<u32>,
    /// The minor that the phone itself declares for that major.
    pub minor: Option<u32>,
    /// The SDK level.
    pub sdk: Option<u32>,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Declared values are higher than what independent stamps say.
    pub spoofed: bool,
    /// HyperOS 4 or later on evidence that agrees.
    pub at_least_os4: bool,
    /// Every reason, in the order of the rules.
    pub reasons: Vec<Reason>,
}

/// Which generation the framework is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Framework {
    /// The one of OS4.
    Os4,
    /// The one since HyperOS 3.1.
    Os31,
    /// None of the runtimes is present.
    None,
    /// A probe without an answer leaves it open.
    Unknown,
}

/// The framework and what may run on it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FrameworkVerdict {
    /// The generation.
    pub generation: Framework,
    /// Whether the native launcher may start; if not, the previous one stays.
    pub native_launcher_may_start: bool,
    /// Every reason.
    pub reasons: Vec<Reason>,
}

/// A line of a property file that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IgnoredLine {
    /// The partition of its file, `unknown` if that could not be told.
    pub partition: String,
    /// Its number, from 1.
    pub line: u64,
    /// Why, in words.
    pub cause: String,
}

/// How the properties were read.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PropertyReport {
    /// Keys in the merged map.
    pub keys: u64,
    /// Lines read.
    pub lines: u64,
    /// Lines that were not understood.
    pub ignored_lines: u64,
    /// The first of them.
    pub first_ignored: Vec<IgnoredLine>,
}

/// How glassy a surface may be; Off first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

/// How much effect work the hardware carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Tier {
    /// Tint only.
    Low,
    /// Live blur.
    Mid,
    /// Refraction.
    High,
}

/// The bounce at the end of a scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Bounce {
    /// None.
    Off,
    /// Without overshoot of neighbouring items.
    Simplified,
    /// In full.
    Full,
}

/// Opening and closing of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Transition {
    /// A cut.
    Off,
    /// A plain scale and fade.
    Simple,
    /// Interruptible, following the gesture.
    Rich,
}

/// Layers that move against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DynamicLayers {
    /// No layers.
    Off,
    /// Layers that stand still.
    Static,
    /// Layers that move.
    Dynamic,
}

/// Layout of the long-press menu; its background has the glass level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MenuLayout {
    /// The layout before OS4.
    Classic,
    /// The layout of OS4.
    New,
}

/// How a glass surface's background is drawn; colours are ARGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct GlassOs4Background {
    /// The level it was resolved for.
    pub level: GlassLevel,
    /// Blur radius in physical pixels; 0 below Frosted.
    pub blur_radius_px: u32,
    /// Tint in light mode.
    pub tint_light_argb: u32,
    /// Tint in dark mode.
    pub tint_dark_argb: u32,
    /// A fine noise keeps the blur from banding.
    pub noise: bool,
    /// A highlight runs along the edge.
    pub highlight: bool,
    /// Opaque colour in light mode, for when a promised blur is not to be had.
    pub fallback_light_argb: u32,
    /// Opaque colour in dark mode, likewise.
    pub fallback_dark_argb: u32,
}

/// What the device may show at one moment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Effects {
    /// The glass level.
    pub glass: GlassLevel,
    /// The device tier.
    pub tier: Tier,
    /// The bounce.
    pub bounce: Bounce,
    /// The open and close transition.
    pub transition: Transition,
    /// Live blur behind surfaces.
    pub blur_background: bool,
    /// The layers.
    pub dynamic_layers: DynamicLayers,
    /// The layout of the long-press menu.
    pub long_press_menu: MenuLayout,
    /// The background of glass surfaces.
    pub background: GlassOs4Background,
    /// Heat caps the effects now.
    pub thermal_capped: bool,
    /// When to ask again because that cap may end, in the caller's monotonic milliseconds.
    pub release_due_ms: Option<u64>,
    /// Every reason, in the order of the fields and the rules.
    pub reasons: Vec<Reason>,
}

pub(super) fn reasons(reasons: &[core::Reason]) -> Vec<Reason> {
    reasons
        .iter()
        .map(|reason| Reason {
            code: reason.code.as_str().to_owned(),
            detail: reason.detail.clone(),
            sentence: reason.code.sentence().to_owned(),
        })
        .collect()
}

/// Both directions between an enum here and its equal in the core, variant by variant.
macro_rules! mirror {
    ($name:ident { $($variant:ident),+ }) => {
        impl From<core::$name> for $name {
            fn from(core: core::$name) -> Self {
                match core {
                    $(core::$name::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for core::$name {
            fn from(ours: $name) -> Self {
                match ours {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    };
}

mirror!(Family { HyperOs, Miui, XiaomiGo, Other });
mirror!(Confidence { Low, Medium, High });
mirror!(GlassLevel { Off, Static, Frosted, Full });
mirror!(Tier { Low, Mid, High });
mirror!(Bounce { Off, Simplified, Full });
mirror!(Transition { Off, Simple, Rich });
mirror!(DynamicLayers { Off, Static, Dynamic });
mirror!(MenuLayout { Classic, New });

impl From<&core::OsIdentity> for OsIdentity {
    fn from(core: &core::OsIdentity) -> Self {
        Self {
            family: core.family.into(),
            major: core.major,
            minor: core.minor,
            sdk: core.sdk,
            confidence: core.confidence.into(),
            spoofed: core.spoofed,
            at_least_os4: core.at_least_os4(),
            reasons: reasons(&core.reasons),
        }
    }
}

impl From<&core::FrameworkVerdict> for FrameworkVerdict {
    fn from(core: &core::FrameworkVerdict) -> Self {
        Self {
            generation: match core.generation {
                core::FrameworkGeneration::Os4 => Framework::Os4,
                core::FrameworkGeneration::Os31 => Framework::Os31,
                core::FrameworkGeneration::None => Framework::None,
                core::FrameworkGeneration::Unknown => Framework::Unknown,
            },
            native_launcher_may_start: match core.native_launcher {
                core::NativeLauncher::MayStart => true,
                core::NativeLauncher::KeepPrevious => false,
            },
            reasons: reasons(&core.reasons),
        }
    }
}

impl From<&core::PropertyMap> for PropertyReport {
    fn from(map: &core::PropertyMap) -> Self {
        let report = map.report();
        let first_ignored = report.first_ignored.iter().map(|line| IgnoredLine {
            partition: line.partition.as_str().to_owned(),
            line: line.line,
            cause: line.cause.as_str().to_owned(),
        });
        Self {
            keys: map.len() as u64,
            lines: report.lines,
            ignored_lines: report.ignored,
            first_ignored: first_ignored.collect(),
        }
    }
}

impl From<core::GlassOS4Background> for GlassOs4Background {
    fn from(core: core::GlassOS4Background) -> Self {
        Self {
            level: core.level.into(),
            blur_radius_px: core.blur_radius_px,
            tint_light_argb: core.tint_light_argb,
            tint_dark_argb: core.tint_dark_argb,
            noise: core.noise,
            highlight: core.highlight,
            fallback_light_argb: core.fallback_light_argb,
            fallback_dark_argb: core.fallback_dark_argb,
        }
    }
}

impl From<&Moment> for Effects {
    fn from(moment: &Moment) -> Self {
        let core = &moment.effects;
        Self {
            glass: core.glass.into(),
            tier: core.tier.into(),
            bounce: core.bounce.into(),
            transition: core.transition.into(),
            blur_background: core.blur_background,
            dynamic_layers: core.dynamic_layers.into(),
            long_press_menu: core.long_press_menu.layout.into(),
            background: core.background().into(),
            thermal_capped: moment.hot,
            release_due_ms: moment.release_due_ms,
            reasons: reasons(&core.reasons),
        }
    }
}
