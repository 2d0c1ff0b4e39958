//! What is wrong with a file, where, and what to do about it.

use crate::reason::RoCode;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What kind.
    pub code: RoCode,
    /// The feature that stays off because of it; `None` if it is about the whole file.
    pub feature: Option<String>,
    /// What is there and what may be there.
    pub message: String,
    /// What was probably meant.
    pub near: Option<String>,
}

impl Problem {
    /// One line, as compilers write it: `file:line:column: CODE message`.
    pub fn to_line(&self, file: &str) -> String {
        let mut out = format!("{file}:{}:{}: {} {}", self.line, self.column, self.code, self.message);
        if let Some(feature) = &self.feature {
            out += &format!(" Feature {feature} stays OFF.");
        }
        if let Some(near) = &self.near {
            out += &format!(" Did you mean {near}?");
        }
        out
    }
}

/// The known name that is the fewest edits away, if it is near enough to be a slip.
pub fn nearest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = word.chars().count() / 3 + 1;
    known
        .into_iter()
        .map(|name| (edits(word, name), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= allowed)
        .map(|(_, name)| name)
}

/// Levenshtein's distance in characters, of texts cut to 64 of them.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let best = (diagonal + usize::from(a != *b)).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
