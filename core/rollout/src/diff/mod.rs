//! What differs between two answers, where, and what may be told of it (R18–R22).
//!
//! What it is: answers as typed trees, rules per path, signatures with a few redacted exemplars. What it is not: it knows
//! no feature; `core/compare` makes the trees.
//!
//! Invariants: nothing is compared as formatted text; a difference that a waiver covers is no match; no value leaves
//! here but redacted (RO-I7); memory is bounded and overflow counted (RO-I6).

mod compare;
mod exemplar;
mod noise;
mod redact;
mod rules;
mod tree;

pub use compare::{Difference, DifferenceKind, PATH_MAX, compare};
pub use exemplar::{EXEMPLAR_BYTES_MAX, Exemplar, Recorder, SIGNATURES_MAX, Signature};
pub use noise::{Sample, is_control, real_differences};
pub use redact::{Redactor, Tag};
pub use rules::{Rule, RuleError, RuleKind, Rules};
pub use tree::{DEPTH_MAX, Tree};
