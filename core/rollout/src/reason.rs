//! The closed list of codes of area `RO_`; each has an entry in `docs/codes.md` and never changes its meaning.
//!
//! What it is: one table, and nothing else. What it is not: it decides nothing.
//!
//! Invariant: a code's text is unique and never renamed or reused once shipped (contracts 1).

use std::fmt;

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident, $code:literal, $sentence:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $code, "`: ", $sentence)] $variant,)*
        }

        impl $name {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text of the code.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// One sentence for a person.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)*
                }
            }

            /// The code of a stable text.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    /// Why a call is answered by whom, why a feature moved, and what is wrong with a file.
    RoCode {
        Killed, "RO_KILLED", "Somebody killed the feature, or all features.";
        ConfigRange, "RO_CONFIG_RANGE", "A setting is outside its range; the feature counts as off.";
        StateLost, "RO_STATE_LOST", "No stored state could be read: off until a new build or an operator.";
        StateTooNew, "RO_STATE_TOO_NEW", "The stored state needs a newer reader: all is off, and the file stays.";
        SafeMode, "RO_SAFE_MODE", "Three native deaths in 24 hours: all is off until a new build or operator.";
        Quarantined, "RO_QUARANTINED", "This build of the candidate died too often in this feature.";
        Off, "RO_OFF", "The feature is at stage OFF.";
        TargetingMiss, "RO_TARGETING_MISS", "The device is not one that the feature is meant for.";
        Tripped, "RO_TRIPPED", "The breaker is open for now.";
        Probing, "RO_PROBING", "The breaker was open; the candidate runs in shadow until it is proven.";
        Dependency, "RO_DEPENDENCY", "A feature that this one needs does not run its candidate here.";
        Load, "RO_LOAD", "The feature is at stage LOAD.";
        Shadow, "RO_SHADOW", "The feature is at stage SHADOW.";
        CohortIn, "RO_COHORT_IN", "Stage CANARY, and the device is in the cohort.";
        CohortOut, "RO_COHORT_OUT", "Stage CANARY, and the device is not in the cohort.";
        Live, "RO_LIVE", "The feature is at stage LIVE.";
        Retire, "RO_RETIRE", "The feature is at stage RETIRE.";
        Complete, "RO_COMPLETE", "The feature is at stage COMPLETE; there is no legacy any more.";
        CandidateFailed, "RO_CANDIDATE_FAILED", "The candidate should have answered and failed; legacy answered.";
        Promoted, "RO_PROMOTED", "The feature moved up by one rung.";
        SetByOperator, "RO_SET", "An operator set the rung.";
        Refused, "RO_REFUSED", "A move was asked for that the rules do not allow; nothing changed.";
        Demoted, "RO_DEMOTED", "The feature was moved down by a rule.";
        Frozen, "RO_FROZEN", "Two demotions in seven days: only an operator lets the feature rise again.";
        Configured, "RO_CONFIGURED", "A compiled configuration was taken over.";
        ConfigStale, "RO_CONFIG_STALE", "The configuration is older than it may be; nothing rises until it is renewed.";
        Cleared, "RO_CLEARED", "An operator lifted a quarantine, the safe mode or a freeze.";
        Unkilled, "RO_UNKILLED", "The source that had killed took its kill back.";
        DirtyOverflow, "RO_DIRTY_OVERFLOW", "More keys wait for repair than are remembered; everything is compared again and nothing rises.";
        ConfigSyntax, "RO_CONFIG_SYNTAX", "The configuration is not TOML.";
        ConfigUnknownKey, "RO_CONFIG_UNKNOWN_KEY", "The configuration names a setting that there is not.";
        ConfigType, "RO_CONFIG_TYPE", "A setting has a value of the wrong kind.";
        ConfigMissing, "RO_CONFIG_MISSING", "A setting that has no default is missing.";
        ConfigDuplicate, "RO_CONFIG_DUPLICATE", "Two features have the same name or number.";
        ConfigDependency, "RO_CONFIG_DEPENDENCY", "A feature needs one that there is not, or itself in the end.";
        ConfigOverlap, "RO_CONFIG_OVERLAP", "Two features of one exclusive group reach the same devices.";
        ConfigWaiver, "RO_CONFIG_WAIVER", "A waiver has run out or lacks what it must say.";
        LedgerSyntax, "RO_LEDGER_SYNTAX", "A line of a ledger file is not what the schema says.";
        LedgerMixed, "RO_LEDGER_MIXED", "Ledgers of different builds, comparators or configurations are not added up.";
        LedgerDuplicate, "RO_LEDGER_DUPLICATE", "The same shard was given twice and is counted once.";
        AuditBroken, "RO_AUDIT_BROKEN", "The chain of the audit log does not hold: a record was changed, removed or put in.";
        AuditTorn, "RO_AUDIT_TORN", "The last record of the audit log was not written whole; all before it holds.";
        GateBurned, "RO_GATE_BURNED", "A real mismatch burned the evidence of this build.";
        GateUnaccepted, "RO_GATE_UNACCEPTED", "A documented difference occurred that the configuration does not accept.";
        GateHarness, "RO_GATE_HARNESS", "A comparison, a redaction or a record failed, so the evidence is incomplete.";
        GateLoads, "RO_GATE_LOADS", "The library was not loaded often enough.";
        GateDeaths, "RO_GATE_DEATHS", "A process died while the candidate ran.";
        GateComparisons, "RO_GATE_COMPARISONS", "Too few comparisons for the bound that is asked for.";
        GateDevices, "RO_GATE_DEVICES", "Too few clean devices for the bound that is asked for.";
        GateClasses, "RO_GATE_CLASSES", "Too few of the declared input classes were seen often enough.";
        GateUnseen, "RO_GATE_UNSEEN", "Too likely that the next input is one never seen.";
        GateNoise, "RO_GATE_NOISE", "Legacy differs from itself where no rule says how to compare.";
        GateDays, "RO_GATE_DAYS", "The evidence does not cover enough days.";
        GateLatency, "RO_GATE_LATENCY", "The latency guard was not green long enough.";
        GateInline, "RO_GATE_INLINE", "Nothing shows that the candidate is quick enough for the caller's thread.";
        GatePanics, "RO_GATE_PANICS", "The candidate panicked.";
        GateDrift, "RO_GATE_DRIFT", "Legacy's and the candidate's data drifted apart too recently.";
        GateWaivers, "RO_GATE_WAIVERS", "Waivers are still in force.";
        GateDrill, "RO_GATE_DRILL", "No kill drill within the last seven days.";
        GateLegacy, "RO_GATE_LEGACY", "Legacy's code is still there.";
    }
}

impl fmt::Display for RoCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_of_the_area() {
        let mut seen = std::collections::BTreeSet::new();
        for code in RoCode::ALL {
            assert!(code.as_str().starts_with("RO_") && seen.insert(code.as_str()), "{code}");
            assert!(code.sentence().ends_with('.'), "{code}");
            assert_eq!(RoCode::parse(code.as_str()), Some(*code));
        }
    }

    /// `ferrule rollout why` and a device's `dump` print them behind the code, in 100 columns.
    #[test]
    fn why_a_call_is_answered_by_whom_is_said_in_one_line() {
        for code in RoCode::ALL.iter().take_while(|code| **code != RoCode::Promoted) {
            assert!(code.sentence().len() <= 74, "{code}: {}", code.sentence().len());
        }
    }
}
