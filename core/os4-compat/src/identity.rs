//! The verdict about the OS.

use crate::reason::Reason;

/// Which family of system the properties speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Xiaomi HyperOS.
    HyperOs,
    /// MIUI, also ported to other hardware.
    Miui,
    /// Xiaomi's Android Go builds (A-form incrementals).
    XiaomiGo,
    /// Anything else, and what cannot be told.
    Other,
}

/// How far the evidence carries; ordered, `Low` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// One source, or sources that contradict each other. Never enables OS4.
    Low,
    /// Sources that agree in part.
    Medium,
    /// Independent sources that agree.
    High,
}

/// Which OS this is, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OsIdentity {
    /// The family.
    pub family: Family,
    /// The decided major version (HyperOS 1.., MIUI 5..), if any evidence names one.
    pub major: Option<u32>,
    /// What the phone itself declares: n of `ro.mi.os.version.name = OSm.n` when m is the decided major.
    pub minor: Option<u32>,
    /// `ro.build.version.sdk`, if it is a plausible number.
    pub sdk: Option<u32>,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Declared values are higher than what independent stamps say.
    pub spoofed: bool,
    /// Every reason, in the order of the rules.
    pub reasons: Vec<Reason>,
}
