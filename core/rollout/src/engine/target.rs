//! Which devices a feature is meant for (R15).
//!
//! What it is: predicates over facts. What it is not: it asks no device; what is not known comes in as `None`.
//!
//! Invariant: a predicate on something unknown is not met (RO-I3).

/// What a predicate looks at (R15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TargetKind {
    /// `ro.product.model` is this.
    Model,
    /// SDK_INT is at least this number.
    SdkMin,
    /// SDK_INT is at most this number.
    SdkMax,
    /// The security patch, `YYYY-MM-DD`, is at least this.
    PatchMin,
    /// The process's ABI is this.
    Abi,
    /// The page size in bytes is this number.
    PageSize,
    /// RAM in GiB is at least this number.
    RamMin,
    /// The build type (`user`, `userdebug`, `eng`) is this.
    BuildType,
    /// The candidate's version number is at least this.
    CandidateMin,
}

impl TargetKind {
    /// Every kind; index + 1 is the number on disk.
    pub const ALL: [Self; 9] = [
        Self::Model,
        Self::SdkMin,
        Self::SdkMax,
        Self::PatchMin,
        Self::Abi,
        Self::PageSize,
        Self::RamMin,
        Self::BuildType,
        Self::CandidateMin,
    ];

    /// The key in a configuration's `targets`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::SdkMin => "sdk_min",
            Self::SdkMax => "sdk_max",
            Self::PatchMin => "patch_min",
            Self::Abi => "abi",
            Self::PageSize => "page_size",
            Self::RamMin => "ram_gib_min",
            Self::BuildType => "build_type",
            Self::CandidateMin => "candidate_min",
        }
    }

    /// Whether its value is a number.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::SdkMin | Self::SdkMax | Self::PageSize | Self::RamMin | Self::CandidateMin)
    }
}

/// One predicate. Those of one kind are alternatives; every kind that occurs must be met.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// What is looked at.
    pub kind: TargetKind,
    /// The value, numbers in decimal; at most 64 bytes.
    pub value: String,
}

/// What is known of the device, in the order of [`TargetKind`]; `None` is unknown and meets no predicate (RO-I3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// `ro.product.model`.
    pub model: Option<String>,
    /// SDK_INT.
    pub sdk: Option<u32>,
    /// The security patch, `YYYY-MM-DD`.
    pub patch: Option<String>,
    /// The process's ABI.
    pub abi: Option<String>,
    /// Bytes of a page.
    pub page_size: Option<u32>,
    /// RAM in GiB.
    pub ram_gib: Option<u32>,
    /// `user`, `userdebug` or `eng`.
    pub build_type: Option<String>,
    /// The candidate's version number.
    pub candidate: Option<u32>,
}

impl Facts {
    /// Whether one predicate is met.
    fn meets(&self, target: &Target) -> bool {
        let number = target.value.parse::<u32>().ok();
        let text_is = |fact: &Option<String>| fact.as_deref() == Some(target.value.as_str());
        let compare = |fact: Option<u32>, holds: fn(u32, u32) -> bool| match (fact, number) {
            (Some(fact), Some(wanted)) => holds(fact, wanted),
            _ => false,
        };
        match target.kind {
            TargetKind::Model => text_is(&self.model),
            TargetKind::SdkMin => compare(self.sdk, |fact, wanted| fact >= wanted),
            TargetKind::SdkMax => compare(self.sdk, |fact, wanted| fact <= wanted),
            TargetKind::PatchMin => self.patch.as_deref().is_some_and(|patch| patch >= target.value.as_str()),
            TargetKind::Abi => text_is(&self.abi),
            TargetKind::PageSize => compare(self.page_size, |fact, wanted| fact == wanted),
            TargetKind::RamMin => compare(self.ram_gib, |fact, wanted| fact >= wanted),
            TargetKind::BuildType => text_is(&self.build_type),
            TargetKind::CandidateMin => compare(self.candidate, |fact, wanted| fact >= wanted),
        }
    }

    /// Whether every kind of predicate is met by one of its alternatives.
    pub fn meet_all(&self, targets: &[Target]) -> bool {
        TargetKind::ALL.into_iter().all(|kind| {
            let mut of_kind = targets.iter().filter(|target| target.kind == kind).peekable();
            of_kind.peek().is_none() || of_kind.any(|target| self.meets(target))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_predicate_on_something_unknown_is_not_met() {
        let target = |kind, value: &str| Target { kind, value: value.to_owned() };
        for kind in TargetKind::ALL {
            assert!(!Facts::default().meet_all(&[target(kind, "1")]), "{kind:?}");
        }
        let facts = Facts {
            model: Some("2509FPN0BC".into()),
            sdk: Some(35),
            patch: Some("2026-10-05".into()),
            page_size: Some(16384),
            ..Facts::default()
        };
        use TargetKind::{Abi, Model, PageSize, PatchMin, SdkMax, SdkMin};
        for (targets, met) in [
            (vec![], true),
            (vec![target(Model, "other"), target(Model, "2509FPN0BC")], true),
            (vec![target(Model, "other")], false),
            (vec![target(SdkMin, "35"), target(SdkMax, "35")], true),
            (vec![target(SdkMin, "36")], false),
            (vec![target(SdkMax, "34")], false),
            (vec![target(PatchMin, "2026-10-05")], true),
            (vec![target(PatchMin, "2026-10-06")], false),
            (vec![target(PageSize, "4096"), target(PageSize, "16384")], true),
            (vec![target(SdkMin, "35"), target(Abi, "arm64-v8a")], false),
            (vec![target(SdkMin, "many")], false),
        ] {
            assert_eq!(facts.meet_all(&targets), met, "{targets:?}");
        }
    }
}
