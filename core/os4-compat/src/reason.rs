//! The closed list of reason codes; each has an entry in `docs/codes.md` and never changes its meaning.

/// One reason of an answer: a stable code and the raw values that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reason {
    /// What was found.
    pub code: ReasonCode,
    /// The raw values behind it, for a person to read; never parsed.
    pub detail: String,
}

/// Stable codes of this crate, areas `OS_`, `GLASS_`, `FX_` and `FL_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReasonCode {}
