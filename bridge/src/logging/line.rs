//! How one event becomes lines for logcat or a Kotlin sink: the project's own formatting, free of any platform.
//!
//! What it is: pure text work. An event's message, fields and enclosing spans become
//! `target: message key=value key2=value2 (outer{a=1} > inner)`, split at character borders.
//!
//! What it is not: it writes nowhere and holds no state.
//!
//! Invariants: a tag has at most [`TAG_BYTES_MAX`] bytes and no NUL; a line has at most the given number of bytes,
//! holds no NUL and is never cut inside a character.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};

/// The longest tag logcat keeps whole, in bytes.
pub const TAG_BYTES_MAX: usize = 23;

/// The longest line that logcat keeps whole, in bytes (the platform cuts a little above 4,068).
pub const LINE_BYTES_MAX: usize = 4000;

/// Cuts `tag` to [`TAG_BYTES_MAX`] bytes at a character border and removes NUL; an empty tag becomes `ferrule`.
#[must_use]
pub fn tag(tag: &str) -> String {
    let clean = without_nul(tag);
    let cut = prefix(&clean, TAG_BYTES_MAX);
    if cut.is_empty() { "ferrule".to_owned() } else { cut.to_owned() }
}

/// Removes every NUL: a C string ends there, and the rest of the line would disappear silently.
#[must_use]
pub fn without_nul(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').collect()
}

/// Splits `text` into pieces of at most `bytes_max` bytes, each ending at a character border.
///
/// A limit below four bytes is raised to four, the longest character; an empty text gives one empty line.
pub fn split(text: &str, bytes_max: usize) -> impl Iterator<Item = &str> {
    let bytes_max = bytes_max.max(4);
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let head = prefix(text, bytes_max);
        let tail = text.get(head.len()..).unwrap_or("");
        rest = (!tail.is_empty()).then_some(tail);
        Some(head)
    })
}

/// The longest prefix of at most `bytes_max` bytes that ends at a character border.
fn prefix(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

/// Collects an event's or a span's fields: the message first, then `key=value` separated by blanks.
#[derive(Debug, Default)]
pub struct Fields {
    message: String,
    pairs: String,
}

impl Fields {
    /// The message and the pairs as one text.
    #[must_use]
    pub fn text(&self) -> String {
        match (self.message.is_empty(), self.pairs.is_empty()) {
            (_, true) => self.message.clone(),
            (true, false) => self.pairs.clone(),
            (false, false) => format!("{} {}", self.message, self.pairs),
        }
    }

    fn pair(&mut self, name: &str, value: fmt::Arguments<'_>) {
        if !self.pairs.is_empty() {
            self.pairs.push(' ');
        }
        // Writing to a String cannot fail.
        let _ = write!(self.pairs, "{name}={value}");
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
        } else {
            self.pair(field.name(), format_args!("{value:?}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.message, "{value:?}");
        } else {
            self.pair(field.name(), format_args!("{value:?}"));
        }
    }
}

/// One line of text out of an event's parts.
///
/// `spans` are the names and fields of the enclosing spans, outermost first.
#[must_use]
pub fn compose(target: &str, fields: &Fields, spans: &[(&'static str, String)]) -> String {
    let mut line = format!("{target}: {}", fields.text());
    for (at, (name, values)) in spans.iter().enumerate() {
        line.push_str(if at == 0 { " (" } else { " > " });
        line.push_str(name);
        if !values.is_empty() {
            let _ = write!(line, "{{{values}}}");
        }
    }
    if !spans.is_empty() {
        line.push(')');
    }
    without_nul(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_longer_than_23_bytes_is_cut_at_a_character_border() {
        assert_eq!(tag("dev.ferrule.compat.checks.os4"), "dev.ferrule.compat.chec");
        assert_eq!(
            tag("ééééééééééééé"),
            "ééééééééééé",
            "11 characters of 2 bytes fit, half of the 12th does not"
        );
    }

    #[test]
    fn a_tag_without_anything_printable_has_a_name_all_the_same() {
        assert_eq!(tag("\0"), "ferrule");
        assert_eq!(tag("fer\0rule"), "ferrule");
    }

    #[test]
    fn long_texts_are_split_without_losing_or_halving_a_character() {
        for (text, bytes_max) in [("日本語テキスト", 7), ("aé😀b", 4), ("abc", 1), ("", 10)] {
            let lines: Vec<_> = split(text, bytes_max).collect();
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| line.len() <= bytes_max.max(4)), "{lines:?}");
        }
        let long = "x".repeat(9001);
        assert_eq!(split(&long, LINE_BYTES_MAX).map(str::len).collect::<Vec<_>>(), [4000, 4000, 1001]);
    }

    #[test]
    fn spans_follow_the_message_and_nul_disappears() {
        let fields = Fields { message: "boo\0ted".into(), pairs: "n=3 user=\"bob\"".into() };
        let spans = [("outer", "a=1".to_owned()), ("inner", String::new())];
        assert_eq!(compose("os", &fields, &spans), "os: booted n=3 user=\"bob\" (outer{a=1} > inner)");
        assert_eq!(compose("os", &fields, &[]), "os: booted n=3 user=\"bob\"");
    }
}
