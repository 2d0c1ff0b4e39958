//! The OS question from one end to the other: a decoded request to the core, the core's verdicts to packed bytes.
//!
//! What it is: what both surfaces call, so that they cannot differ. What it is not: it knows no JNI, no UniFFI and no
//! rule; the core decides.
//!
//! Invariant: the static part of a session never changes; the only state is the memory of heat, behind a lock that is
//! held for pure computing only.

use std::sync::{Mutex, PoisonError};

use ferrule_os4_compat::{
    DeviceFacts, Effects, FrameworkVerdict, OsIdentity, Probes, PropertyMap, StaticEffects, ThermalHysteresis,
};

use crate::wire::answer::{self, Parts};
use crate::wire::request::{Observed, Request};

/// What holds until the next boot, and the memory of heat.
#[derive(Debug)]
pub struct Session {
    identity: OsIdentity,
    framework: FrameworkVerdict,
    boot: StaticEffects,
    heat: Mutex<ThermalHysteresis>,
}

/// The effects at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What may be shown.
    pub effects: Effects,
    /// The thermal cap is engaged.
    pub hot: bool,
    /// When to ask again because the cap may end, in the caller's monotonic milliseconds.
    pub release_due_ms: Option<u64>,
}

impl Session {
    /// Decides everything that holds until the next boot. The request's runtime state is not looked at.
    #[must_use]
    pub fn new(request: &Request<'_>) -> Self {
        Self::from_map(
            &PropertyMap::from_pairs(request.pairs.iter().copied()),
            &request.probes,
            &request.device,
        )
    }

    /// The same for a map that was made elsewhere, for example parsed from files.
    #[must_use]
    pub fn from_map(map: &PropertyMap, probes: &Probes, device: &DeviceFacts) -> Self {
        let _span = tracing::debug_span!(target: "ferrule::os", "decide", keys = map.len()).entered();
        let identity = OsIdentity::decide(map);
        let framework = FrameworkVerdict::decide(probes, device.abi);
        let boot = StaticEffects::compute(&identity, probes, device, map);
        tracing::info!(
            target: "ferrule::os",
            family = identity.family.as_str(),
            major = identity.major,
            confidence = identity.confidence.as_str(),
            spoofed = identity.spoofed,
            "decided"
        );
        Self { identity, framework, boot, heat: Mutex::default() }
    }

    /// Which OS.
    #[must_use]
    pub fn identity(&self) -> &OsIdentity {
        &self.identity
    }

    /// Which framework.
    #[must_use]
    pub fn framework(&self) -> &FrameworkVerdict {
        &self.framework
    }

    /// The effects under an observed state.
    #[must_use]
    pub fn moment(&self, observed: &Observed) -> Moment {
        let _span =
            tracing::debug_span!(target: "ferrule::os", "effects", now_ms = observed.now_ms).entered();
        let mut heat = self.heat.lock().unwrap_or_else(PoisonError::into_inner);
        let effects = self.boot.apply(&observed.runtime, observed.now_ms, &mut heat);
        Moment { effects, hot: heat.is_capped(), release_due_ms: heat.release_due_ms() }
    }

    /// The packed answer under an observed state.
    #[must_use]
    pub fn update(&self, observed: &Observed) -> Vec<u8> {
        let Moment { effects, hot, release_due_ms } = self.moment(observed);
        let (identity, framework) = (&self.identity, &self.framework);
        answer::encode(&Parts { identity, framework, effects: &effects, hot, release_due_ms })
    }
}

/// Answers a question once, keeping nothing.
#[must_use]
pub fn decide(request: &Request<'_>) -> Vec<u8> {
    Session::new(request).update(&request.observed)
}
