//! Why an intent text could not be read.
//!
//! Android fails in two ways, and what happens to the row depends on which (I1, C1): a syntax failure is
//! "no intent", a number failure escapes the caller's handler. Both are kept apart here, with the place of the fault.

use std::fmt;

/// What Android's parser throws for a failure; callers treat the classes differently (C1, I1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// `URISyntaxException`: callers take the row as having no intent.
    UriSyntax,
    /// `NumberFormatException`: callers do not expect it; it escapes their handler.
    NumberFormat,
    /// Ours: the text is larger than any row that legacy can read. It is handled like an escaping exception, because
    /// that keeps the row.
    Oversize,
}

/// The rule that a text broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntentFault {
    /// No `;` ends the segment, so the closing `end` is never reached.
    EndNotFound,
    /// A segment has a key that is neither known nor a typed extra (I3).
    UnknownKey,
    /// A segment is too short to be an extra, a character extra is empty, or brackets of the old form do not close.
    IllegalFormat,
    /// Old form: `extras(` has no closing bracket.
    OldExtrasUnclosed,
    /// Old form: an extra has no `=` after a key of at least one character.
    OldExtraWithoutKey,
    /// Old form: an extra has an empty value.
    OldExtraWithoutValue,
    /// Old form: the type letter of an extra is unknown.
    OldExtraUnknownType,
    /// Old form: the number of an extra cannot be read. Unlike the new form this is a syntax failure.
    OldExtraBadNumber,
    /// A number (flags, extra, source bounds) cannot be read or is out of range.
    Number,
    /// The text, or what it would decode to, exceeds the bounds of [`super::Intent::parse`].
    Oversize,
}

impl IntentFault {
    /// What Android throws for this fault.
    pub fn class(self) -> FailureClass {
        match self {
            Self::Number => FailureClass::NumberFormat,
            Self::Oversize => FailureClass::Oversize,
            Self::EndNotFound
            | Self::UnknownKey
            | Self::IllegalFormat
            | Self::OldExtrasUnclosed
            | Self::OldExtraWithoutKey
            | Self::OldExtraWithoutValue
            | Self::OldExtraUnknownType
            | Self::OldExtraBadNumber => FailureClass::UriSyntax,
        }
    }

    /// The stable code of the fault, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::EndNotFound => "LM_INTENT_END_NOT_FOUND",
            Self::UnknownKey => "LM_INTENT_UNKNOWN_KEY",
            Self::IllegalFormat => "LM_INTENT_ILLEGAL_FORMAT",
            Self::OldExtrasUnclosed
            | Self::OldExtraWithoutKey
            | Self::OldExtraWithoutValue
            | Self::OldExtraUnknownType
            | Self::OldExtraBadNumber => "LM_INTENT_OLD_EXTRA",
            Self::Number => "LM_INTENT_NUMBER",
            Self::Oversize => "LM_INTENT_OVERSIZE",
        }
    }
}

/// An intent text that could not be read, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntentError {
    /// The broken rule.
    pub fault: IntentFault,
    /// Byte offset in the text where the fault was found, at most the text's length.
    pub offset: usize,
    /// The index that Android's exception carries, in UTF-16 units; `None` where it carries none (−1).
    pub index: Option<usize>,
}

impl IntentError {
    /// A fault at a byte offset, with Android's index for another (or no) offset.
    pub(super) fn new(fault: IntentFault, text: &str, offset: usize, index: Option<usize>) -> Self {
        let offset = offset.min(text.len());
        Self { fault, offset, index: index.map(|at| utf16_index(text, at)) }
    }

    /// A fault whose offset is also the index that Android reports.
    pub(super) fn at(fault: IntentFault, text: &str, offset: usize) -> Self {
        Self::new(fault, text, offset, Some(offset))
    }

    /// What Android throws for it.
    pub fn class(&self) -> FailureClass {
        self.fault.class()
    }

    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

impl fmt::Display for IntentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.code(), self.offset)
    }
}

impl std::error::Error for IntentError {}

/// The number of UTF-16 units before a byte offset.
fn utf16_index(text: &str, offset: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < offset).map(|(_, c)| c.len_utf16()).sum()
}
