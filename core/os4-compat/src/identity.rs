//! The verdict about the OS: types, and the entry that goes from properties to a verdict.
//!
//! What it is not: the evidence is collected in `evidence`, weighed in `weigh`, and what must not count is named in
//! `ignored`; this file only puts the three together.
//!
//! Invariants: deciding is total; keys that are never evidence can add a reason and nothing else; a verdict that is
//! `Low` or spoofed is never at least anything.

mod evidence;
mod ignored;
mod weigh;

use crate::property_map::PropertyMap;
use crate::reason::Reason;
use evidence::Evidence;

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

impl Family {
    /// The spelling of contracts 2: `hyperos`, `miui`, `xiaomi_go`, `other`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HyperOs => "hyperos",
            Self::Miui => "miui",
            Self::XiaomiGo => "xiaomi_go",
            Self::Other => "other",
        }
    }
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

impl Confidence {
    /// The spelling of contracts 3: `high`, `medium`, `low`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
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
    /// `ro.build.version.sdk`, if it is a plausible number; where that key is absent, as in the file of one
    /// partition, the SDK of product, system_ext or system.
    pub sdk: Option<u32>,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Declared values are higher than what independent stamps say.
    pub spoofed: bool,
    /// Every reason, in the order of the rules.
    pub reasons: Vec<Reason>,
}

impl OsIdentity {
    /// Decides which OS the properties speak of (os4-compat 6.2, contracts 2).
    ///
    /// Total and pure: any map gives an answer, the same map the same one.
    ///
    /// ```
    /// use ferrule_os4_compat::{OsIdentity, PropertyMap};
    /// let map = PropertyMap::from_pairs([
    ///     ("ro.mi.os.version.code", "4"),
    ///     ("ro.mi.os.version.name", "OS4.0"),
    ///     ("ro.build.version.incremental", "OS4.0.9.0.XZZCNXM"),
    ///     ("ro.build.version.sdk", "37"),
    /// ]);
    /// assert!(OsIdentity::decide(&map).at_least_os4());
    /// ```
    pub fn decide(map: &PropertyMap) -> Self {
        let mut reasons = Vec::with_capacity(8);
        let evidence = Evidence::collect(map, &mut reasons);
        let mut weighed = Vec::with_capacity(4);
        let verdict = weigh::weigh(&evidence, &mut weighed);
        ignored::explain(map, &verdict, evidence.sdk, &mut reasons);
        reasons.append(&mut weighed);
        Self {
            family: verdict.family,
            major: verdict.major,
            minor: evidence.declared_minor(&verdict),
            sdk: evidence.sdk,
            confidence: verdict.confidence,
            spoofed: verdict.spoofed,
            reasons,
        }
    }

    /// Whether this is HyperOS of at least this major, on evidence that can be trusted: confidence `Medium` or
    /// `High`, and no spoof.
    pub fn at_least(&self, major: u32) -> bool {
        self.family == Family::HyperOs
            && self.major.is_some_and(|decided| decided >= major)
            && self.confidence >= Confidence::Medium
            && !self.spoofed
    }

    /// [`at_least`](Self::at_least) of 4; later majors count.
    pub fn at_least_os4(&self) -> bool {
        self.at_least(4)
    }
}

/// What was decided, before it is dressed up as an [`OsIdentity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Verdict {
    family: Family,
    major: Option<u32>,
    confidence: Confidence,
    spoofed: bool,
}

impl Verdict {
    const fn new(family: Family, major: Option<u32>, confidence: Confidence) -> Self {
        Self { family, major, confidence, spoofed: false }
    }

    const fn spoofed_if(self, spoofed: bool) -> Self {
        Self { spoofed, ..self }
    }
}
