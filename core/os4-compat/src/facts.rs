//! Everything that holds from boot to boot, gathered once: identity, framework, properties and hardware.
//!
//! What it is: the only place of this crate's effects that knows property keys. What it is not: it decides no
//! level; the tables in `glass.rs` and `effects.rs` do.
//!
//! Invariants: a key that is absent or makes no sense is `None`, never a guess; on a live device absent is what
//! the system's own readers take it for (os4-compat 4.1).

use crate::device::{DeviceFacts, PropertyOrigin};
use crate::identity::{Family, OsIdentity};
use crate::input::{Probes, Tri};
use crate::property_map::PropertyMap;
use crate::tier::{TierInputs, TierVerdict};

const MATERIAL_SUPPORTED: &str = "persist.sys.background_blur_supported";
const MATERIAL_VERSION: &str = "persist.sys.advanced_visual_release";
const MATERIAL_VERSION_HYPEROS_1: &str = "persist.sys.background_blur_version";
const SURFACE_FLINGER_BLUR: &str = "ro.surface_flinger.supports_background_blur";
const LITE_THRESHOLD_GB: &str = "ro.config.low_ram.threshold_gb";
const CPU_LEVEL: &str = "persist.sys.computility.cpulevel";
const GPU_LEVEL: &str = "persist.sys.computility.gpulevel";
const RICH_TRANSITION: &str = "persist.sys.hyper_transition";
const TRANSITION_VERSION: &str = "persist.sys.hyper_transition_v";

/// What the static rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticFacts {
    /// Family of the system.
    pub family: Family,
    /// Decided major, for the reasons' detail.
    pub major: Option<u32>,
    /// The evidence establishes HyperOS 4 or later.
    pub at_least_os4: bool,
    /// The declared version is above the stamps.
    pub spoofed: bool,
    /// `ro.build.version.sdk`.
    pub sdk: Option<u32>,
    /// The OS4 framework library `hyperos.rustruntime.v5`.
    pub rust_runtime_v5: Tri,
    /// The system supports the advanced material.
    pub material_supported: Option<bool>,
    /// Version of the material: its key differs between HyperOS 1 and later ones.
    pub material_version: Option<u32>,
    /// SurfaceFlinger offers background blur.
    pub surface_flinger_blur: Option<bool>,
    /// The rich open and close transition is announced.
    pub rich_transition: Option<bool>,
    /// Version of the transition.
    pub transition_version: Option<u32>,
    /// The device tier.
    pub tier: TierVerdict,
    /// Display density in dots per inch.
    pub density_dpi: Option<u32>,
}

impl StaticFacts {
    /// Gathers the facts.
    pub fn gather(
        identity: &OsIdentity,
        probes: &Probes,
        device: &DeviceFacts,
        properties: &PropertyMap,
    ) -> Self {
        let flag = |key| properties.get(key).and_then(parse_flag);
        let number = |key| properties.get(key).and_then(parse_number);
        // The readers of these two switches default to false when the running system has no such property.
        let switch = |key| match (properties.get(key), device.origin) {
            (None, PropertyOrigin::LiveDevice) => Some(false),
            (value, _) => value.and_then(parse_flag),
        };
        let version_key = match (identity.family, identity.major) {
            (Family::HyperOs, Some(1)) => MATERIAL_VERSION_HYPEROS_1,
            _ => MATERIAL_VERSION,
        };
        Self {
            family: identity.family,
            major: identity.major,
            at_least_os4: identity.at_least_os4(),
            spoofed: identity.spoofed,
            sdk: identity.sdk,
            rust_runtime_v5: probes.rust_runtime_v5,
            material_supported: switch(MATERIAL_SUPPORTED),
            material_version: number(version_key),
            surface_flinger_blur: switch(SURFACE_FLINGER_BLUR),
            rich_transition: flag(RICH_TRANSITION),
            transition_version: number(TRANSITION_VERSION),
            tier: TierVerdict::decide(TierInputs {
                ram_gib: device.ram_gib,
                cpulevel: device.cpulevel.or_else(|| number(CPU_LEVEL)),
                gpulevel: device.gpulevel.or_else(|| number(GPU_LEVEL)),
                lite_threshold_gib: number(LITE_THRESHOLD_GB),
            }),
            density_dpi: device.density_dpi,
        }
    }

    /// The family makes Xiaomi's material keys meaningful; another system need not have them.
    pub(crate) fn is_xiaomi(&self) -> bool {
        self.family != Family::Other
    }
}

/// Reads a flag as Android's `SystemProperties.getBoolean` does; anything else is no answer.
fn parse_flag(value: &str) -> Option<bool> {
    match value {
        "1" | "y" | "yes" | "on" | "true" => Some(true),
        "0" | "n" | "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// Reads a non-negative decimal number; signs, blanks and anything else are no answer.
fn parse_number(value: &str) -> Option<u32> {
    if value.bytes().all(|byte| byte.is_ascii_digit()) { value.parse().ok() } else { None }
}
