//! Which OS is this phone running, which effects may it show, and is this its first launch on OS4.
//!
//! What it is: pure decisions over data. The caller hands in a property map, probes, device facts and the
//! runtime state; the crate answers with a verdict and with every reason behind it.
//!
//! What it is not: it never reads a property, a file, a clock or a global, knows nothing of FFI or Android types,
//! and never fails on bad input: bytes that make no sense are counted and reported, and the answer says so.
//!
//! Invariants: the same input gives the same answer; every cap and every lowered confidence has a reason with a
//! stable code (`docs/codes.md`); "at least OS4" is never said without evidence that agrees.
#![forbid(unsafe_code)]

pub mod background;
pub mod device;
pub mod effects;
pub mod facts;
pub mod first_launch;
pub mod framework;
pub mod glass;
pub mod identity;
pub mod incremental;
pub mod input;
pub mod launcher_version;
pub mod property_map;
pub mod reason;
mod rules;
pub mod runtime;
pub mod tier;
pub mod version_text;

pub use background::GlassOS4Background;
pub use device::{DeviceFacts, PropertyOrigin};
pub use effects::{
    Bounce, DynamicLayers, Effects, LongPressMenu, MenuLayout, StaticEffects, Transition, at_least_os4,
    glass_os4,
};
pub use first_launch::{FirstLaunch, first_launch_on_os4};
pub use framework::{Abi, FrameworkGeneration, FrameworkVerdict, NativeLauncher, RustRuntime};
pub use glass::GlassLevel;
pub use identity::{Confidence, Family, OsIdentity};
pub use incremental::Incremental;
pub use input::{Probes, Tri};
pub use launcher_version::LauncherVersion;
pub use property_map::{ParseReport, Partition, PropertyMap};
pub use reason::{FlCode, FxCode, GlassCode, OsCode, Reason, ReasonCode};
pub use runtime::{RuntimeState, ThermalHysteresis, UserMaterial};
pub use tier::Tier;
pub use version_text::VersionText;
