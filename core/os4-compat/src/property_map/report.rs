//! What a parse read and what it could not use. Only counts; nothing here decides.

use super::partition::Partition;

/// How many ignored lines a report keeps with number and cause; all are counted.
pub const IGNORED_LINES_KEPT: usize = 8;

/// The format of an input, told from its first line with content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// `key=value` lines, `#` comments. Also an input without any content.
    #[default]
    BuildProp,
    /// `[key]: [value]`, values of several lines possible.
    Getprop,
    /// Pairs handed over by a caller.
    Pairs,
}

/// Why a line was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IgnoredCause {
    /// No `=` in it (or no `]: [` in getprop output), and it is neither a comment nor an `import`.
    NoAssignment,
    /// Nothing before the `=`.
    EmptyKey,
    /// A key longer than [`KEY_MAX_BYTES`](super::KEY_MAX_BYTES).
    KeyTooLong,
    /// A key with a character that no property has; allowed are letters, digits and `. _ - @ :`.
    IllegalKey,
    /// A getprop value without its closing bracket.
    Unterminated,
    /// The rest of an input beyond [`INPUT_MAX_BYTES`](super::INPUT_MAX_BYTES), counted as one line.
    InputTooLong,
}

impl IgnoredCause {
    /// The cause in words, for a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoAssignment => "no assignment",
            Self::EmptyKey => "empty key",
            Self::KeyTooLong => "key too long",
            Self::IllegalKey => "illegal character in key",
            Self::Unterminated => "value without closing bracket",
            Self::InputTooLong => "input too long",
        }
    }
}

/// One line that was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IgnoredLine {
    /// The partition of its input.
    pub partition: Partition,
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub cause: IgnoredCause,
}

/// What was read; counts of merged maps add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParseReport {
    /// Inputs that were parsed.
    pub inputs: u64,
    /// The format of the last input.
    pub format: Format,
    /// Lines (or pairs), the last one also without a newline at its end.
    pub lines: u64,
    /// Comment lines.
    pub comments: u64,
    /// Lines with nothing but blanks.
    pub blank: u64,
    /// `import` lines, which are not followed.
    pub imports: u64,
    /// Assignments that were understood, optional ones included.
    pub assignments: u64,
    /// Assignments with `?=`.
    pub optional: u64,
    /// Assignments superseded by another of the same key in the same input.
    pub duplicates: u64,
    /// Assignments superseded by another partition when maps were merged.
    pub overridden: u64,
    /// Lines that were not understood.
    pub ignored: u64,
    /// The first [`IGNORED_LINES_KEPT`] of them.
    pub first_ignored: Vec<IgnoredLine>,
}

impl ParseReport {
    pub(super) fn ignore(&mut self, partition: Partition, line: u64, cause: IgnoredCause) {
        self.ignored += 1;
        if self.first_ignored.len() < IGNORED_LINES_KEPT {
            self.first_ignored.push(IgnoredLine { partition, line, cause });
        }
    }

    /// Adds the counts of another input.
    pub(super) fn add(&mut self, other: &Self) {
        self.inputs += other.inputs;
        self.format = other.format;
        self.lines += other.lines;
        self.comments += other.comments;
        self.blank += other.blank;
        self.imports += other.imports;
        self.assignments += other.assignments;
        self.optional += other.optional;
        self.duplicates += other.duplicates;
        self.overridden += other.overridden;
        self.ignored += other.ignored;
        let room = IGNORED_LINES_KEPT.saturating_sub(self.first_ignored.len());
        self.first_ignored.extend(other.first_ignored.iter().take(room));
    }
}
