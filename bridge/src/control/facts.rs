//! What Kotlin hands in: properties, probes, hardware and the runtime state. Types and their conversion only.

use ferrule_os4_compat as core;

/// The text of one property file, or the output of `getprop`.
#[derive(Debug, Clone, uniffi::Record)]
pub struct PropertyText {
    /// The path or name of the file; its partition is told from it (`mi_ext/etc/build.prop`), and with it which of two
    /// values wins. Empty when nothing is known.
    pub name: String,
    /// The bytes, whatever they are; lines that make no sense are counted.
    pub text: Vec<u8>,
}

/// An answer that may not be there. Unknown never enables anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Tri {
    /// It is there.
    Present,
    /// It is known not to be there.
    Absent,
    /// Nobody could tell.
    Unknown,
}

/// Presence of the shared libraries `hyperos.rustruntime.vN`, as the package manager answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Probes {
    /// `hyperos.rustruntime.v3`.
    pub rust_runtime_v3: Tri,
    /// `hyperos.rustruntime.v4`.
    pub rust_runtime_v4: Tri,
    /// `hyperos.rustruntime.v5`.
    pub rust_runtime_v5: Tri,
}

/// The processor of the process that would host the native launcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Abi {
    /// `arm64-v8a`, the only one that the native launcher is built for.
    Arm64,
    /// Any other.
    Other,
    /// Nobody could tell.
    Unknown,
}

/// Where the properties come from, which decides what an absent one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum PropertyOrigin {
    /// Files or a dump: absent is unknown.
    File,
    /// All properties of the running system: absent is what the system's own readers take it for.
    LiveDevice,
}

/// Facts of the device that no property tells reliably; null is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct DeviceFacts {
    /// Memory in GiB as sold.
    pub ram_gib: Option<u32>,
    /// Computility level of the CPU, 0 to 6.
    pub cpulevel: Option<u32>,
    /// Computility level of the GPU, 0 to 6.
    pub gpulevel: Option<u32>,
    /// The processor.
    pub abi: Abi,
    /// Display density in dots per inch.
    pub density_dpi: Option<u32>,
    /// Where the properties come from.
    pub origin: PropertyOrigin,
}

/// A switch that may not be readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
    /// It could not be read; caps nothing.
    Unknown,
}

/// State of system and user at one moment.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct RuntimeState {
    /// Milliseconds of a monotonic clock, for the 30 s that a thermal cap outlasts the heat.
    pub now_ms: u64,
    /// Battery saver is on.
    pub battery_saver: bool,
    /// Android's thermal status, 0 (none) to 6 (shutdown).
    pub thermal: u8,
    /// `WindowManager.isCrossWindowBlurEnabled()`.
    pub cross_window_blur: Switch,
    /// The developer switch `disable_window_blurs` is set.
    pub window_blurs_disabled: bool,
    /// The accessibility switch to reduce transparency is on.
    pub reduce_transparency: bool,
    /// The user's material switch.
    pub user_material: Switch,
    /// `animator_duration_scale`: 1 is normal speed, 0 turns animations off.
    pub animator_scale: f32,
    /// The native launcher is the one running.
    pub native_launcher_running: bool,
}

impl From<Tri> for core::Tri {
    fn from(value: Tri) -> Self {
        match value {
            Tri::Present => Self::Present,
            Tri::Absent => Self::Absent,
            Tri::Unknown => Self::Unknown,
        }
    }
}

impl From<Probes> for core::Probes {
    fn from(value: Probes) -> Self {
        Self {
            rust_runtime_v3: value.rust_runtime_v3.into(),
            rust_runtime_v4: value.rust_runtime_v4.into(),
            rust_runtime_v5: value.rust_runtime_v5.into(),
        }
    }
}

impl From<DeviceFacts> for core::DeviceFacts {
    fn from(value: DeviceFacts) -> Self {
        Self {
            ram_gib: value.ram_gib,
            cpulevel: value.cpulevel,
            gpulevel: value.gpulevel,
            abi: match value.abi {
                Abi::Arm64 => core::Abi::Arm64,
                Abi::Other => core::Abi::Other,
                Abi::Unknown => core::Abi::Unknown,
            },
            density_dpi: value.density_dpi,
            origin: match value.origin {
                PropertyOrigin::File => core::PropertyOrigin::File,
                PropertyOrigin::LiveDevice => core::PropertyOrigin::LiveDevice,
            },
        }
    }
}

impl From<RuntimeState> for crate::wire::request::Observed {
    fn from(value: RuntimeState) -> Self {
        let runtime = core::RuntimeState {
            battery_saver: value.battery_saver,
            thermal: value.thermal,
            cross_window_blur: match value.cross_window_blur {
                Switch::On => Some(true),
                Switch::Off => Some(false),
                Switch::Unknown => None,
            },
            window_blurs_disabled: value.window_blurs_disabled,
            reduce_transparency: value.reduce_transparency,
            user_material: match value.user_material {
                Switch::On => core::UserMaterial::On,
                Switch::Off => core::UserMaterial::Off,
                Switch::Unknown => core::UserMaterial::Unknown,
            },
            animator_scale: value.animator_scale,
            native_launcher_running: value.native_launcher_running,
        };
        Self { now_ms: value.now_ms, runtime }
    }
}
