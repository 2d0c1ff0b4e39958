//! Where answers go: buffered stdout, with colour where a person reads it.
//!
//! Invariants: no colour unless stdout is a terminal, and none with `NO_COLOR` or a dumb terminal; every write can
//! fail and says so, so that a closed pipe is an ordinary end; no character of an input reaches a terminal that moves its cursor or turns
//! the order of what is read, in text and in JSON alike.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use serde::Serialize;

/// Stdout.
pub struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    colour: bool,
}

/// How a word is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A heading.
    Heading,
    /// Reassuring.
    Good,
    /// To be looked at.
    Warning,
    /// Background.
    Faint,
}

/// What ends a tone.
const RESET: &str = "\x1b[0m";

impl Tone {
    const ALL: [Self; 4] = [Self::Heading, Self::Good, Self::Warning, Self::Faint];

    /// Its escape sequence.
    const fn escape(self) -> &'static str {
        match self {
            Self::Heading => "\x1b[1m",
            Self::Good => "\x1b[32m",
            Self::Warning => "\x1b[33m",
            Self::Faint => "\x1b[2m",
        }
    }
}

impl Output {
    /// The process's stdout.
    pub fn stdout() -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let stdout = io::stdout();
        let colour = stdout.is_terminal() && !is_set("NO_COLOR") && !dumb;
        Self { writer: BufWriter::new(stdout.lock()), colour }
    }

    /// Writes a line; what it holds of foreign origin becomes [`printable`].
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        let text = if self.colour { keeping_tones(text) } else { printable(text) };
        self.bytes(text.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes a text of any length in lines of at most [`COLUMNS`].
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn wrapped(&mut self, text: &str) -> io::Result<()> {
        wrap(text).iter().try_for_each(|line| self.line(line))
    }

    /// Writes a value as one line of JSON.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = escaped(&serde_json::to_string(value)?);
        self.bytes(text.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn end(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// The text set off, where colour is wanted.
    pub fn tone(&self, tone: Tone, text: &str) -> String {
        if self.colour { format!("{}{}{RESET}", tone.escape(), printable(text)) } else { text.to_owned() }
    }
}

/// How many columns a text has at most.
pub const COLUMNS: usize = 100;
/// How far the second line of a text and all after it are indented.
const INDENT: usize = 2;

/// Whether a character moves a terminal's cursor, or turns the order in which what follows is read (Unicode's Bidi_Control and its two
/// separators of lines).
fn is_hostile(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Text of foreign origin made fit for a terminal: control characters and those that turn the direction become U+FFFD, so that a
/// name can neither move the cursor nor forge a line.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The same for a line that [`Output::tone`] set off: its own sequences stay.
fn keeping_tones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let own = Tone::ALL.iter().map(|tone| tone.escape()).chain([RESET]).find(|own| rest.starts_with(own));
        let taken = own.map_or(c.len_utf8(), str::len);
        match own {
            Some(own) => out += own,
            None => out.push(if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// JSON whose texts hold such characters as escapes only: the value is the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hostile(c) {
            true => out += &format!("\\u{:04x}", u32::from(c)),
            false => out.push(c),
        }
    }
    out
}

/// The lines of a text: words stay whole unless one is longer than a line.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut width) = (String::new(), 0);
    for word in text.split_inclusive(' ') {
        let long = word.trim_end_matches(' ').chars().count();
        if width > INDENT && width + long > COLUMNS {
            lines.push(std::mem::replace(&mut line, " ".repeat(INDENT)).trim_end().to_owned());
            width = INDENT;
        }
        for c in word.chars() {
            if width == COLUMNS {
                if c == ' ' {
                    continue;
                }
                lines.push(std::mem::replace(&mut line, " ".repeat(INDENT)));
                width = INDENT;
            }
            line.push(c);
            width += 1;
        }
    }
    lines.push(line);
    lines
}

/// Says on standard error what keeps a command from answering, in lines of at most [`COLUMNS`].
pub fn say(text: &str) {
    note(&format!("ferrule: {text}"));
}

/// The same without the command's name, for what names a place in a file.
pub fn note(text: &str) {
    let lines = wrap(&printable(text));
    // A closed standard error is nobody's to tell.
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("OS4\x1b[2J\n.0 é"), "OS4\u{fffd}[2J\u{fffd}.0 é");
        for turning in ["\u{202e}", "\u{2066}", "\u{200f}", "\u{61c}", "\u{2028}", "\u{9b}"] {
            assert_eq!(printable(turning), "\u{fffd}", "{turning:?}");
        }
    }

    #[test]
    fn only_our_own_tones_pass_where_there_is_colour() {
        let line = format!("{}good{RESET} a\u{202e}b \x1b[31mred", Tone::Good.escape());
        assert_eq!(keeping_tones(&line), "\x1b[32mgood\x1b[0m a\u{fffd}b \u{fffd}[31mred");
    }

    #[test]
    fn json_holds_them_as_escapes_of_the_same_text() {
        let text = "a\u{202e}b\x1b[31m\u{7f}\u{9b}é";
        let json = escaped(&serde_json::to_string(text).unwrap());
        assert_eq!(json, "\"a\\u202eb\\u001b[31m\\u007f\\u009bé\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn a_long_text_is_wrapped_at_words_and_a_long_word_anywhere() {
        assert_eq!(wrap("as it is"), ["as it is"]);
        let text = format!("{} {} {}", "a".repeat(60), "b".repeat(39), "c".repeat(98));
        assert_eq!(wrap(&text), [text[..100].to_owned(), format!("  {}", "c".repeat(98))]);
        let lines = wrap(&format!("x {}", "é".repeat(250)));
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS), "{lines:?}");
        assert_eq!(lines.iter().flat_map(|line| line.chars()).filter(|c| *c == 'é').count(), 250);
        assert_eq!(wrap("  two  blanks "), ["  two  blanks "]);
    }
}
