//! Characters and literals: the lowest level of the reader.

use super::XmlReader;
use crate::layout::error::LayoutError;

impl<'a> XmlReader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn advance(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c| c <= ' ').len();
    }

    pub(super) fn expect(&mut self, wanted: char) -> Result<(), LayoutError> {
        let found = self.peek();
        if found != Some(wanted) {
            let found = found.unwrap_or('\u{FFFF}');
            return Err(self.error(format!("expected: '{wanted}' actual: '{found}'")));
        }
        self.advance();
        Ok(())
    }

    pub(super) fn expect_text(&mut self, wanted: &str) -> Result<(), LayoutError> {
        if self.rest().starts_with(wanted) {
            self.at += wanted.len();
            return Ok(());
        }
        let found: String = self.rest().chars().take(wanted.chars().count()).collect();
        if found.chars().count() < wanted.chars().count() {
            return Err(self.error(format!("expected: '{wanted}' but was EOF")));
        }
        Err(self.error(format!("expected: \"{wanted}\" but was \"{found}...\"")))
    }

    pub(super) fn read_until(&mut self, delimiter: &str) -> Result<&'a str, LayoutError> {
        let rest = self.rest();
        let Some(length) = rest.find(delimiter) else {
            self.at = self.text.len();
            return Err(self.error("Unexpected EOF"));
        };
        self.at += length + delimiter.len();
        Ok(rest.get(..length).unwrap_or_default())
    }

    pub(super) fn read_name(&mut self) -> Result<&'a str, LayoutError> {
        let rest = self.rest();
        let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || c >= '\u{C0}';
        let goes_on =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.') || c >= '\u{B7}';
        if !rest.starts_with(starts) {
            return Err(self.error("name expected"));
        }
        let length = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        self.at += length;
        Ok(rest.get(..length).unwrap_or_default())
    }
}
