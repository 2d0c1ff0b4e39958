//! How a path is compared where exactness is not meant (R19).
//!
//! What it is: a list of rules, each for one path with indexes as `[*]`. What it is not: a threshold; a rule says what equal
//! means, or who bears a difference until when.
//!
//! Invariant: a rule that nothing ever met is an error of the configuration, so that rules do not outlive their reason.

use crate::reason::RoCode;

/// What a rule says.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// Floats may lie so many representable numbers apart.
    Ulp(u64),
    /// A list whose order does not count.
    Set,
    /// A list of maps matched by this field; what is on one side only is a difference of that item.
    Keyed(String),
    /// Texts equal without regard to ASCII case.
    IgnoreCase,
    /// A difference is borne: counted by itself, and in the way of COMPLETE.
    Waive {
        /// Why.
        reason: String,
        /// Who answers for it.
        owner: String,
        /// The last day, `YYYY-MM-DD`.
        expires: String,
        /// The largest share of comparisons it may cover.
        max_rate: f64,
    },
}

/// A rule for a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The path, for example `items[*].title`.
    pub path: String,
    /// What it says.
    pub kind: RuleKind,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No comparison ever met its path.
    #[error("{0}: no answer has this path; take the rule out")]
    Unused(String),
    /// Its last day is over.
    #[error("{0}: the waiver has run out")]
    Expired(String),
    /// It covered more comparisons than it may.
    #[error("{0}: the waiver covered {1} of {2} comparisons, more than it may")]
    TooOften(String, u64, u64),
}

impl RuleError {
    /// The stable code.
    pub fn code(&self) -> RoCode {
        RoCode::ConfigWaiver
    }
}

/// Rules with the count of how often each was met.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    met: Vec<u64>,
    waived: Vec<u64>,
    comparisons: u64,
}

impl Rules {
    /// From a list.
    pub fn new(rules: Vec<Rule>) -> Self {
        let zeros = vec![0; rules.len()];
        Self { met: zeros.clone(), waived: zeros, rules, comparisons: 0 }
    }

    /// The rule of a path; counts that it was met.
    pub(super) fn at(&mut self, path: &str) -> Option<(usize, RuleKind)> {
        let index = self.rules.iter().position(|rule| rule.path == path)?;
        if let Some(met) = self.met.get_mut(index) {
            *met += 1;
        }
        self.rules.get(index).map(|rule| (index, rule.kind.clone()))
    }

    /// A waiver covered a difference.
    pub(super) fn covered(&mut self, index: usize) {
        if let Some(waived) = self.waived.get_mut(index) {
            *waived += 1;
        }
    }

    pub(super) fn count_comparison(&mut self) {
        self.comparisons += 1;
    }

    /// What is wrong with the rules, on a day `YYYY-MM-DD`, after what was compared so far.
    pub fn problems(&self, today: &str) -> Vec<RuleError> {
        let mut problems = Vec::new();
        for ((rule, met), waived) in self.rules.iter().zip(&self.met).zip(&self.waived) {
            if *met == 0 && self.comparisons > 0 {
                problems.push(RuleError::Unused(rule.path.clone()));
            }
            if let RuleKind::Waive { expires, max_rate, .. } = &rule.kind {
                if expires.as_str() < today {
                    problems.push(RuleError::Expired(rule.path.clone()));
                }
                if *waived as f64 > max_rate * self.comparisons as f64 {
                    problems.push(RuleError::TooOften(rule.path.clone(), *waived, self.comparisons));
                }
            }
        }
        problems
    }
}
