//! The engine under the tables of conditions: start at the best level, each rule that holds lowers the cap.
//!
//! Invariants: rules run in the order of their table and every one that holds leaves its reason, also when another
//! has capped lower; a rule can only lower.

use crate::reason::{Reason, ReasonCode};

/// One row of a table: a condition, the highest level it allows, and its code.
pub(crate) struct Rule<Level: 'static, Input: 'static> {
    pub code: ReasonCode,
    /// The highest level while the condition holds; `None` for a note that caps nothing.
    pub cap: Option<Level>,
    /// The raw values if the condition holds, `None` if it does not.
    pub holds: fn(&Input) -> Option<String>,
}

/// Applies a table: the level that remains, with the reasons pushed in the table's order.
pub(crate) fn lower<Level: Copy + Ord, Input>(
    best: Level,
    rules: &[Rule<Level, Input>],
    input: &Input,
    reasons: &mut Vec<Reason>,
) -> Level {
    let mut level = best;
    for rule in rules {
        if let Some(detail) = (rule.holds)(input) {
            level = rule.cap.map_or(level, |cap| level.min(cap));
            reasons.push(Reason { code: rule.code, detail });
        }
    }
    level
}
