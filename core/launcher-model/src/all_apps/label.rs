//! Labels: trimming, sections, and the two questions that only the user's locale can answer.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::letters::{self, CharClass};

/// Compares labels in the user's language. Must be consistent with itself; equal labels may differ in text.
pub trait Collator {
    /// The order of two labels.
    fn compare(&self, a: &str, b: &str) -> Ordering;
}

/// Names the bucket of an alphabetic index that a label falls into.
pub trait SectionNamer {
    /// The bucket's label for a label that is already trimmed; blank when the index has no name for it.
    fn bucket_label(&self, label: &str) -> String;

    /// Whether the user's first language is Japanese: it has another word for what fits nowhere.
    fn is_japanese(&self) -> bool {
        false
    }
}

/// Collation keys and bucket labels that the platform computed beforehand, by label.
///
/// A label that is not in the table sorts after those that are, by its text, and has no bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelKeys {
    /// Label → collation key (bytes that compare as the labels do) and bucket label.
    pub labels: BTreeMap<String, (Vec<u8>, String)>,
    /// See [`SectionNamer::is_japanese`].
    pub japanese: bool,
}

impl Collator for LabelKeys {
    fn compare(&self, a: &str, b: &str) -> Ordering {
        match (self.labels.get(a), self.labels.get(b)) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.cmp(b),
        }
    }
}

impl SectionNamer for LabelKeys {
    fn bucket_label(&self, label: &str) -> String {
        self.labels.get(label).map(|(_, bucket)| bucket.clone()).unwrap_or_default()
    }

    fn is_japanese(&self) -> bool {
        self.japanese
    }
}

/// Strips what legacy strips from a label: blanks and `|` in front, for a label of one line.
///
/// Legacy's pattern is meant to strip both ends, but its middle part is greedy and takes the trailing blanks along,
/// and the `|` inside its character classes is one of the characters. A label with a line break further in does not
/// match and stays as it is.
///
/// ```
/// # use ferrule_launcher_model::all_apps::trim_label;
/// assert_eq!(trim_label(" \u{3000}Maps "), "Maps ");
/// ```
pub fn trim_label(label: &str) -> &str {
    let trimmed = label.trim_start_matches(is_stripped);
    let is_line_break = |c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    // Behind the first line break only characters that are stripped may follow.
    let end = trimmed.find(is_line_break).unwrap_or(trimmed.len());
    let (line, rest) = trimmed.split_at_checked(end).unwrap_or((trimmed, ""));
    if rest.chars().all(is_stripped) { line } else { label }
}

/// `\s`, `|`, or a space separator, line separator or paragraph separator.
fn is_stripped(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '|' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// The section that a label belongs to (C.7).
///
/// Where the index has no name for it: `#` for digits, a word for letters, `∙` for the rest. The platform's index of
/// Android 15 names every bucket (`…` for what fits nowhere), so this end is never reached there (MORE P1).
pub fn section_name(label: &str, sections: &impl SectionNamer) -> String {
    let label = trim_label(label);
    let bucket = sections.bucket_label(label);
    let Some(first) = label.chars().next().filter(|_| trim_label(&bucket).is_empty()) else { return bucket };
    let name = match letters::class(first) {
        CharClass::Digit => "#",
        CharClass::Letter if sections.is_japanese() => "他",
        CharClass::Letter | CharClass::Other => "∙",
    };
    name.to_owned()
}
