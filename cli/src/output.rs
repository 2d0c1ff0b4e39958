//! Where answers go: buffered stdout, with colour where a person reads it.
//!
//! Invariants: no colour unless stdout is a terminal, and none with `NO_COLOR` or a dumb terminal; every write can
//! fail and says so, so that a closed pipe is an ordinary end.

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

impl Tone {
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

    /// Writes a line.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.bytes(text.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes a value as one line of JSON.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, value)?;
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
        if self.colour { format!("{}{text}\x1b[0m", tone.escape()) } else { text.to_owned() }
    }
}

/// Text of foreign origin made fit for a terminal: control characters become U+FFFD, so that a property value can
/// neither move the cursor nor forge a line.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("OS4\x1b[2J\n.0 é"), "OS4\u{fffd}[2J\u{fffd}.0 é");
    }
}
