//! The seam at which the test evidence breaks one rule at a time.
//!
//! In a normal build a rule's condition is taken as it is. Only with the feature `mutants`, which no shipped build has, a test can switch
//! one rule of its own thread off, to show that the simulator catches it.

/// A rule whose condition can be made never to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutation {
    /// A kill counts (section 2.9).
    KillCounts,
    /// One source's kill is not taken back by another source (section 2.9).
    KillSourceApart,
    /// A lost state means off (R43).
    LostIsOff,
    /// A state that asks for a newer reader is not overwritten (R45).
    TooNewIsKept,
    /// Safe mode means off (R26).
    SafeModeIsOff,
    /// A third native death begins safe mode (R26).
    SafeModeBegins,
    /// A quarantined build does not run (R26).
    QuarantineIsOff,
    /// A second death in a row quarantines (R26).
    StreakQuarantines,
    /// A third death within 24 hours quarantines (R26).
    BucketQuarantines,
    /// A critical feature is quarantined by its first death (R26).
    CriticalAtOnce,
    /// A streak ends only when all three marks of stability are there (R27).
    StableMarks,
    /// A new build after a quarantine starts again at SHADOW (R27).
    NewBuildRestarts,
    /// A new build after a quarantine has one death only (R27).
    ProbationAtOnce,
    /// A death without an exit reason counts (R25, corrected).
    UnknownDeathCounts,
    /// Calls without a slot in the beacon blame every feature that had started one (beacon format 1).
    OverflowBlames,
    /// The mirror of quarantines in the beacon counts (R43).
    MirrorCounts,
    /// An open breaker means off (R33).
    TripIsOff,
    /// A breaker that was open probes in SHADOW only (R33).
    ProbesInShadow,
    /// A child does not run where its parent does not (R3).
    ParentRules,
    /// A bucket outside the window is answered by legacy (R14).
    CohortDecides,
    /// An overlay can only lower (R56).
    OverlayLowers,
    /// A promotion goes one rung up (R1).
    OneRung,
    /// A promotion needs a gate that passed for just that step (R49).
    GateNeeded,
    /// A promotion ends at the ceiling (section 2.2).
    Ceiling,
    /// Two demotions in seven days freeze (R53).
    FlapFreezes,
    /// A real mismatch where the candidate answers demotes to SHADOW (R53).
    MismatchDemotes,
    /// A demotion survives a configuration for the same build (RO-I4).
    CapSurvives,
    /// What rises counts only after its write was acknowledged (RO-I5).
    RiseAfterAck,
    /// A write goes to the slot that does not count (R43).
    OlderSlot,
    /// A failed sync is not believed (R44).
    SyncFailureIsFailure,
    /// The higher sequence counts (R43).
    HigherSequence,
    /// A slot's checksum must be right (R43).
    ChecksumCounts,
    /// A failed candidate is answered by legacy (section 2.2).
    FallsBack,
    /// Texts and bytes are told as digests only (R21).
    ValuesAreDigested,
}

impl Mutation {
    /// Every rule that can be broken.
    pub const ALL: [Self; 34] = [
        Self::KillCounts,
        Self::KillSourceApart,
        Self::LostIsOff,
        Self::TooNewIsKept,
        Self::SafeModeIsOff,
        Self::SafeModeBegins,
        Self::QuarantineIsOff,
        Self::StreakQuarantines,
        Self::BucketQuarantines,
        Self::CriticalAtOnce,
        Self::StableMarks,
        Self::NewBuildRestarts,
        Self::ProbationAtOnce,
        Self::UnknownDeathCounts,
        Self::OverflowBlames,
        Self::MirrorCounts,
        Self::TripIsOff,
        Self::ProbesInShadow,
        Self::ParentRules,
        Self::CohortDecides,
        Self::OverlayLowers,
        Self::OneRung,
        Self::GateNeeded,
        Self::Ceiling,
        Self::FlapFreezes,
        Self::MismatchDemotes,
        Self::CapSurvives,
        Self::RiseAfterAck,
        Self::OlderSlot,
        Self::SyncFailureIsFailure,
        Self::HigherSequence,
        Self::ChecksumCounts,
        Self::FallsBack,
        Self::ValuesAreDigested,
    ];
}

#[cfg(feature = "mutants")]
mod active {
    use std::cell::Cell;

    thread_local! {
        pub(super) static MUTANT: Cell<Option<super::Mutation>> = const { Cell::new(None) };
    }
}

/// Breaks one rule for the current thread while `run` runs.
#[cfg(feature = "mutants")]
pub fn with<R>(mutation: Mutation, run: impl FnOnce() -> R) -> R {
    let before = active::MUTANT.replace(Some(mutation));
    let result = run();
    active::MUTANT.set(before);
    result
}

/// Whether a rule's condition holds.
#[cfg(feature = "mutants")]
pub(crate) fn holds(mutation: Mutation, condition: bool) -> bool {
    condition && active::MUTANT.get() != Some(mutation)
}

/// Whether a rule's condition holds.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
pub(crate) fn holds(_mutation: Mutation, condition: bool) -> bool {
    condition
}
