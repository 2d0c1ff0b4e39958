//! The downgrade schema: a version and lists of statements, in lenient JSON (A.6).
//!
//! An app leaves this file for an older version of itself. It is read by Android's tokener, which allows comments,
//! unquoted words, `=` for `:` and `;` for `,`; so does this. Values of other kinds are read over.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::CharIndices;

/// The deepest nesting that is read.
const DEPTH_MAX: usize = 32;

/// A downgrade schema that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DowngradeSchema {
    /// The newest version that it can lead down from.
    pub version: i32,
    /// The statements that lead down to each version from the one above. An empty list is a step, too.
    steps: BTreeMap<i32, Vec<String>>,
}

/// Why a schema could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("LM_DOWNGRADE_SCHEMA: {what} at byte {offset}")]
pub struct SchemaError {
    /// What is wrong.
    pub what: &'static str,
    /// Byte offset, at most the text's length.
    pub offset: usize,
}

impl DowngradeSchema {
    /// Reads a schema.
    ///
    /// # Errors
    /// [`SchemaError`] where the text has no such form, has no whole number `version`, or a step that is no list of
    /// texts.
    ///
    /// ```
    /// # use ferrule_launcher_model::upgrade::DowngradeSchema;
    /// let schema = DowngradeSchema::parse("{ version: 3, // newest\n 'downgrade_to_2' : [ \"a\", \"b\" ] }")?;
    /// assert_eq!(schema.statements(3, 2), Some(vec!["a", "b"]));
    /// assert_eq!(schema.statements(3, 1), None);
    /// # Ok::<(), ferrule_launcher_model::upgrade::SchemaError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let mut reader = Reader { text, chars: text.char_indices().peekable() };
        let Json::Object(members) = reader.value(0)? else { return Err(reader.error("no object")) };
        let end = SchemaError { what: "", offset: text.len() };
        let version = members.iter().rev().find(|(key, _)| key == "version").map(|(_, value)| value);
        let version: i32 = match version {
            Some(Json::Word(word)) => word.parse().ok(),
            _ => None,
        }
        .ok_or(SchemaError { what: "no version", ..end })?;
        let mut steps = BTreeMap::new();
        for (key, value) in members {
            let step = key.strip_prefix("downgrade_to_").and_then(|to| to.parse::<i32>().ok());
            let Some(to) = step.filter(|to| (1..version).contains(to)) else { continue };
            let Json::Array(items) = value else {
                return Err(SchemaError { what: "a step is no list", ..end });
            };
            let statements = items.into_iter().map(|item| match item {
                Json::Word(word) => Ok(word),
                Json::Object(_) | Json::Array(_) => {
                    Err(SchemaError { what: "a statement is no text", ..end })
                }
            });
            steps.insert(to, statements.collect::<Result<_, _>>()?);
        }
        Ok(Self { version, steps })
    }

    /// All statements that lead from a version down to another, in order; `None` where a step is missing (SPEC-03).
    pub fn statements(&self, from: i32, to: i32) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for version in (to..from).rev() {
            all.extend(self.steps.get(&version)?.iter().map(String::as_str));
        }
        Some(all)
    }
}

/// A value; numbers, texts and literals are all words.
enum Json {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Word(String),
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn error(&mut self, what: &'static str) -> SchemaError {
        let offset = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        SchemaError { what, offset }
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    /// The next character that is neither blank nor comment.
    fn peek_clean(&mut self) -> Result<Option<char>, SchemaError> {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\n' | '\r') => {
                    self.chars.next();
                }
                Some('#') => self.skip_line(),
                Some('/') => {
                    self.chars.next();
                    match self.chars.next().map(|(_, c)| c) {
                        Some('/') => self.skip_line(),
                        Some('*') => self.skip_comment()?,
                        _ => return Err(self.error("a stray slash")),
                    }
                }
                other => return Ok(other),
            }
        }
    }

    fn skip_line(&mut self) {
        while self.chars.next_if(|(_, c)| !matches!(c, '\n' | '\r')).is_some() {}
    }

    fn skip_comment(&mut self) -> Result<(), SchemaError> {
        let mut star = false;
        for (_, c) in self.chars.by_ref() {
            if star && c == '/' {
                return Ok(());
            }
            star = c == '*';
        }
        Err(self.error("an open comment"))
    }

    fn value(&mut self, depth: usize) -> Result<Json, SchemaError> {
        if depth > DEPTH_MAX {
            return Err(self.error("too deep"));
        }
        match self.peek_clean()? {
            Some('{') => {
                self.chars.next();
                self.object(depth)
            }
            Some('[') => {
                self.chars.next();
                self.array(depth)
            }
            Some(_) => self.word().map(Json::Word),
            None => Err(self.error("a value is missing")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, SchemaError> {
        let mut members = Vec::new();
        if self.peek_clean()? == Some('}') {
            self.chars.next();
            return Ok(Json::Object(members));
        }
        loop {
            self.peek_clean()?;
            let key = self.word()?;
            match self.peek_clean()? {
                Some(':' | '=') => {
                    self.chars.next();
                    self.chars.next_if(|(_, c)| *c == '>');
                }
                _ => return Err(self.error("no colon behind a name")),
            }
            let value = self.value(depth + 1)?;
            members.push((key, value));
            let separator = self.peek_clean()?;
            self.chars.next();
            match separator {
                Some(',' | ';') => {}
                Some('}') => return Ok(Json::Object(members)),
                _ => return Err(self.error("an open object")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, SchemaError> {
        let mut items = Vec::new();
        if self.peek_clean()? == Some(']') {
            self.chars.next();
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            let separator = self.peek_clean()?;
            self.chars.next();
            match separator {
                Some(',' | ';') => {}
                Some(']') => return Ok(Json::Array(items)),
                _ => return Err(self.error("an open list")),
            }
        }
    }

    /// A quoted text or a bare word.
    fn word(&mut self) -> Result<String, SchemaError> {
        if let Some((_, quote)) = self.chars.next_if(|(_, c)| matches!(c, '"' | '\'')) {
            return self.quoted(quote);
        }
        let mut word = String::new();
        let is_bare = |c: char| !"{}[]/\\:,=;# \t\u{c}\r\n".contains(c);
        while let Some((_, c)) = self.chars.next_if(|(_, c)| is_bare(*c)) {
            word.push(c);
        }
        if word.is_empty() { Err(self.error("a word is missing")) } else { Ok(word) }
    }

    fn quoted(&mut self, quote: char) -> Result<String, SchemaError> {
        let mut text = String::new();
        while let Some((_, c)) = self.chars.next() {
            match c {
                _ if c == quote => return Ok(text),
                '\\' => text.push(self.escape()?),
                _ => text.push(c),
            }
        }
        Err(self.error("an open text"))
    }

    fn escape(&mut self) -> Result<char, SchemaError> {
        let Some((_, c)) = self.chars.next() else { return Err(self.error("an open escape")) };
        Ok(match c {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    let digit = self.chars.next().and_then(|(_, c)| c.to_digit(16));
                    let Some(digit) = digit else { return Err(self.error("a bad escape")) };
                    code = code * 16 + digit;
                }
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_androids_tokener_reads() {
        let text = r#"
            // a comment
            { # another
              /* and one more */ version = 12; "downgrade_to_11" : [],
              'downgrade_to_10' => [ "it's", 'say \"x\"', "A" ],
              "unknown": {"a": [1, 2]}
            } trailing"#;
        let schema = DowngradeSchema::parse(text).unwrap();
        assert_eq!(schema.version, 12);
        assert_eq!(schema.statements(12, 11), Some(vec![]));
        assert_eq!(schema.statements(12, 10), Some(vec!["it's", "say \"x\"", "A"]));
        assert_eq!(schema.statements(12, 9), None);
    }

    #[test]
    fn bad_schemas_are_errors_inside_the_text() {
        let deep = "[".repeat(10_000);
        for text in [
            "",
            "{",
            "{}",
            "[1]",
            "{version: x}",
            "{version: 3",
            "/",
            "{\"",
            "{version:3,downgrade_to_2:1}",
            &deep,
        ] {
            let error = DowngradeSchema::parse(text).unwrap_err();
            assert!(error.offset <= text.len(), "{text}");
        }
    }
}
