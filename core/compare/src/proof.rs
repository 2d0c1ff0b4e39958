//! The proof that a set of causes explains a difference.

use ferrule_rollout::diff::{Difference, Rules, Tree, compare};

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// The answers are equal.
    Match,
    /// They differ just as these codes together predict.
    Explained(Vec<&'static str>),
    /// They differ and nothing accounts for it.
    Mismatch(Vec<Difference>),
}

/// Compares two answers; if they differ, looks for the causes that explain the whole difference.
///
/// `legacy_without(causes)` computes legacy's answer again from the input without some of its flaws; `candidate_again` is the
/// candidate's answer, computed again. The named causes are necessary, each of them, and together sufficient; of several
/// that would each do, the first in `causes` is named.
pub fn explain<C: Copy + PartialEq>(
    legacy: &Tree,
    candidate: &Tree,
    causes: &[C],
    code_of: impl Fn(C) -> &'static str,
    legacy_without: impl Fn(&[C]) -> Tree,
    candidate_again: &Tree,
) -> Comparison {
    let found = compare(legacy, candidate, &mut Rules::default());
    if found.is_empty() {
        return Comparison::Match;
    }
    // Somebody answered something that the input does not give: no cause of the list did that.
    if candidate != candidate_again || legacy_without(&[]) != *legacy {
        return Comparison::Mismatch(found);
    }
    let mut needed = causes.to_vec();
    if legacy_without(&needed) != *candidate_again {
        return Comparison::Mismatch(found);
    }
    for cause in causes.iter().rev() {
        let fewer: Vec<C> = needed.iter().copied().filter(|other| other != cause).collect();
        if legacy_without(&fewer) == *candidate_again {
            needed = fewer;
        }
    }
    Comparison::Explained(needed.into_iter().map(code_of).collect())
}
