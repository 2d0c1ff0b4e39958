//! Which generation the framework is, and whether the native launcher may start on it (os4-compat 6.3).
//!
//! What it is not: evidence of the OS. The shared libraries can be brought to an older system, so they prove that a
//! dependency is there and nothing else; neither answer here reads the identity, and the identity reads no probe.
//!
//! Invariants: *unknown* never enables anything; a library satisfies only a need for exactly its own name.

use crate::input::{Probes, Tri};
use crate::launcher_version::LauncherVersion;
use crate::property_map::PropertyMap;
use crate::reason::{OsCode, Reason};

/// Which framework the shared libraries speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameworkGeneration {
    /// The one of OS4: `hyperos.rustruntime.v5` is present.
    Os4,
    /// The one since HyperOS 3.1: an earlier runtime is present, v5 is not.
    Os31,
    /// None of the runtimes is present.
    None,
    /// A probe without an answer leaves it open.
    Unknown,
}

impl FrameworkGeneration {
    /// The generation that the probes show.
    ///
    /// Where a probe is unknown that could lift the answer, the answer is [`Unknown`](Self::Unknown): good for
    /// nothing, and told apart from *none*.
    pub const fn of(probes: &Probes) -> Self {
        match (probes.rust_runtime_v5, probes.rust_runtime_v4, probes.rust_runtime_v3) {
            (Tri::Present, _, _) => Self::Os4,
            (Tri::Unknown, _, _) => Self::Unknown,
            (Tri::Absent, Tri::Present, _) | (Tri::Absent, _, Tri::Present) => Self::Os31,
            (Tri::Absent, Tri::Absent, Tri::Absent) => Self::None,
            (Tri::Absent, _, _) => Self::Unknown,
        }
    }

    /// The spelling of contracts 3: `os4`, `os31`, `none`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Os4 => "os4",
            Self::Os31 => "os31",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// A version of the shared library `hyperos.rustruntime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RustRuntime {
    /// `hyperos.rustruntime.v3`.
    V3,
    /// `hyperos.rustruntime.v4`.
    V4,
    /// `hyperos.rustruntime.v5`.
    V5,
}

/// Native launchers, by their first two numbers, and the runtime that each needs.
const REQUIREMENTS: [(u32, u32, RustRuntime); 2] = [(8, 0, RustRuntime::V4), (8, 1, RustRuntime::V5)];

impl RustRuntime {
    /// What a native launcher needs: 8.00 v4, 8.01 v5. `None` for versions whose need is not known, and for launchers
    /// that are not native.
    pub fn required_by(launcher: &LauncherVersion) -> Option<Self> {
        let [major, minor, ..] = launcher.numbers().as_array();
        let known = REQUIREMENTS.iter().find(|row| (row.0, row.1) == (major, minor));
        known.filter(|_| launcher.is_rust()).map(|row| row.2)
    }

    /// The library's exact name.
    pub const fn library(self) -> &'static str {
        match self {
            Self::V3 => "hyperos.rustruntime.v3",
            Self::V4 => "hyperos.rustruntime.v4",
            Self::V5 => "hyperos.rustruntime.v5",
        }
    }

    /// What the probes answered about it.
    pub const fn probe(self, probes: &Probes) -> Tri {
        match self {
            Self::V3 => probes.rust_runtime_v3,
            Self::V4 => probes.rust_runtime_v4,
            Self::V5 => probes.rust_runtime_v5,
        }
    }
}

/// The processor that the system runs on, as far as the native launcher cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Abi {
    /// `arm64-v8a`.
    Arm64,
    /// Any other.
    Other,
    /// Nobody could tell.
    #[default]
    Unknown,
}

impl Abi {
    /// Reads a name such as `arm64-v8a`; `arm64` and `aarch64` count too.
    pub fn parse(name: &str) -> Self {
        match name.trim() {
            "arm64-v8a" | "arm64" | "aarch64" => Self::Arm64,
            "" | "unknown" => Self::Unknown,
            _ => Self::Other,
        }
    }

    /// The primary ABI of a property map: `ro.product.cpu.abi`, else the first of `ro.product.cpu.abilist` or of the
    /// system partition's.
    pub fn from_properties(map: &PropertyMap) -> Self {
        const KEYS: [&str; 3] =
            ["ro.product.cpu.abi", "ro.product.cpu.abilist", "ro.system.product.cpu.abilist"];
        let first = KEYS.iter().find_map(|key| map.get(key)).and_then(|list| list.split(',').next());
        first.map_or(Self::Unknown, Self::parse)
    }
}

/// Whether the native launcher may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NativeLauncher {
    /// Its runtime is present and the processor is right.
    MayStart,
    /// Anything else: the previous launcher stays.
    KeepPrevious,
}

impl NativeLauncher {
    /// The spelling of contracts 3: `may_start`, `keep_previous`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MayStart => "may_start",
            Self::KeepPrevious => "keep_previous",
        }
    }
}

/// The framework and what may run on it, with reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameworkVerdict {
    /// The generation.
    pub generation: FrameworkGeneration,
    /// Whether the native launcher may start.
    pub native_launcher: NativeLauncher,
    /// Every reason, the generation's first.
    pub reasons: Vec<Reason>,
}

impl FrameworkVerdict {
    /// The verdict for the launcher that belongs to OS4, which needs v5.
    pub fn decide(probes: &Probes, abi: Abi) -> Self {
        Self::decide_for(Some(RustRuntime::V5), probes, abi)
    }

    /// The verdict for a launcher with a known need; with `None`, which
    /// [`RustRuntime::required_by`] answers for an unknown one, the previous launcher stays.
    pub fn decide_for(required: Option<RustRuntime>, probes: &Probes, abi: Abi) -> Self {
        let generation = FrameworkGeneration::of(probes);
        let code = match generation {
            FrameworkGeneration::Os4 => OsCode::FrameworkOs4,
            FrameworkGeneration::Os31 => OsCode::FrameworkOs31,
            FrameworkGeneration::None => OsCode::FrameworkNone,
            FrameworkGeneration::Unknown => OsCode::FrameworkUnknown,
        };
        let mut reasons = vec![Reason::new(code, describe(probes))];
        let refusals = [refuse_runtime(required, probes), refuse_abi(abi)];
        let refused = refusals.iter().any(Option::is_some);
        reasons.extend(refusals.into_iter().flatten());
        let native_launcher = if refused { NativeLauncher::KeepPrevious } else { NativeLauncher::MayStart };
        Self { generation, native_launcher, reasons }
    }
}

fn refuse_runtime(required: Option<RustRuntime>, probes: &Probes) -> Option<Reason> {
    let Some(runtime) = required else {
        return Some(Reason::new(OsCode::LauncherNeedUnknown, "no known runtime for this launcher"));
    };
    let code = match runtime.probe(probes) {
        Tri::Present => return None,
        Tri::Absent => OsCode::LauncherRuntimeMissing,
        Tri::Unknown => OsCode::LauncherRuntimeUnknown,
    };
    Some(Reason::new(code, runtime.library()))
}

fn refuse_abi(abi: Abi) -> Option<Reason> {
    match abi {
        Abi::Arm64 => None,
        Abi::Other => Some(Reason::new(OsCode::LauncherAbiOther, "needs arm64-v8a")),
        Abi::Unknown => Some(Reason::new(OsCode::LauncherAbiUnknown, "needs arm64-v8a")),
    }
}

fn describe(probes: &Probes) -> String {
    let word = |tri| match tri {
        Tri::Present => "present",
        Tri::Absent => "absent",
        Tri::Unknown => "unknown",
    };
    let (v3, v4, v5) =
        (word(probes.rust_runtime_v3), word(probes.rust_runtime_v4), word(probes.rust_runtime_v5));
    format!("hyperos.rustruntime.v3 {v3}, v4 {v4}, v5 {v5}")
}
