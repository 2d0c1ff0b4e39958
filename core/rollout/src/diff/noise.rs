//! Legacy against itself (R18): what differs there is noise, and only what does not can be a real mismatch.
//!
//! Invariant: a field with noise is never a mismatch and never a match either; it needs a rule of its own.

use super::compare::{Difference, compare};
use super::rules::Rules;
use super::tree::Tree;

/// Whether this sample runs legacy twice: one of 200, by a number that the caller drew.
pub fn is_control(draw: u64) -> bool {
    draw.is_multiple_of(200)
}

/// The three answers of one sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Legacy's answer.
    pub legacy: Tree,
    /// Legacy's second answer, if this sample is a control.
    pub again: Option<Tree>,
    /// The candidate's answer.
    pub candidate: Tree,
}

/// The differences that are real, and the paths in which legacy differed from itself.
pub fn real_differences(sample: &Sample, rules: &mut Rules) -> (Vec<Difference>, Vec<String>) {
    let found = compare(&sample.legacy, &sample.candidate, rules);
    let Some(again) = &sample.again else { return (found, Vec::new()) };
    let mut noisy: Vec<String> =
        compare(&sample.legacy, again, &mut Rules::default()).into_iter().map(|one| one.path).collect();
    noisy.sort();
    noisy.dedup();
    let real = found.into_iter().filter(|one| !noisy.contains(&one.path)).collect();
    (real, noisy)
}
