//! Pull reader of layout XML: elements and attributes, in the order and with the leniency of the platform's own parser.
//!
//! It reads what Android's text parser reads (`Xml.newPullParser`), not what the XML recommendation says: a document
//! may end before its elements do, attributes may repeat, text before the root is an error only when it is not blank.
//! Which rows a broken layout leaves behind depends on exactly where that parser stops, so a conforming crate would
//! give other homes; the tests compare both on well-formed documents. Text is checked and dropped: layouts hold none.
//!
//! Not here: validation, external or declared entities (a reference to one is an error, so nothing expands), encodings.
//!
//! Invariants: linear in the text; at most [`MAX_BYTES`] and [`MAX_DEPTH`]; never panics; an error names line and column.

mod prolog;
mod scan;
mod tag;
mod text;

use super::error::LayoutError;

/// Longest text that is read, in bytes. Shipped layouts are under 10 KB.
pub const MAX_BYTES: usize = 1 << 20;

/// Deepest nesting of elements. Shipped layouts use three levels.
pub const MAX_DEPTH: usize = 64;

/// Most attributes of one element, and most namespaces bound at once. Both keep the reading of a tag linear.
pub const MAX_ATTRIBUTES: usize = 128;

/// See [`MAX_ATTRIBUTES`].
pub const MAX_NAMESPACES: usize = 64;

/// What the reader stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An element begins; its attributes can be read.
    Start,
    /// An element ends.
    End,
    /// Nothing follows.
    EndOfDocument,
}

/// One attribute: its namespace (empty for none), its prefix, its local name, its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Attribute {
    namespace: String,
    prefix: Option<String>,
    name: String,
    value: Option<String>,
}

/// What kind of token is being read: part of every error position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    StartDocument,
    EndDocument,
    StartTag,
    EndTag,
    Text,
    CData,
    EntityRef,
    Blank,
    Comment,
    Instruction,
    DocType,
    Declaration,
}

impl Token {
    fn label(self) -> &'static str {
        match self {
            Self::StartDocument => "START_DOCUMENT",
            Self::EndDocument => "END_DOCUMENT",
            Self::StartTag => "START_TAG",
            Self::EndTag => "END_TAG",
            Self::Text => "TEXT",
            Self::CData => "CDSECT",
            Self::EntityRef => "ENTITY_REF",
            Self::Blank => "IGNORABLE_WHITESPACE",
            Self::Comment => "COMMENT",
            Self::Instruction => "PROCESSING_INSTRUCTION",
            Self::DocType => "DOCDECL",
            // The platform has no name for it.
            Self::Declaration => "unknown",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

struct Element {
    raw_name: String,
    prefix: Option<String>,
    namespace: String,
    name: String,
    bindings: usize,
}

/// The reader itself; see the module's head.
pub struct XmlReader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    stack: Vec<Element>,
    bindings: Vec<(Option<String>, String)>,
    token: Token,
    empty_element: bool,
    prefix: Option<String>,
    namespace: String,
    name: Option<String>,
    // Slots outlive their tag, as in the platform's parser: an error position shows what an unfinished one held before.
    slots: Vec<Attribute>,
    count: usize,
    content: Option<String>,
    content_blank: bool,
    unresolved: bool,
    root_seen: bool,
    external_doctype: bool,
}

impl<'a> XmlReader<'a> {
    /// A reader at the start of `text`.
    ///
    /// # Errors
    /// [`LayoutError::TooLarge`] for more than [`MAX_BYTES`].
    pub fn new(text: &'a str) -> Result<Self, LayoutError> {
        if text.len() > MAX_BYTES {
            return Err(LayoutError::TooLarge(text.len()));
        }
        Ok(Self {
            text,
            at: 0,
            depth: 0,
            stack: Vec::new(),
            bindings: Vec::new(),
            token: Token::StartDocument,
            empty_element: false,
            prefix: None,
            namespace: String::new(),
            name: None,
            slots: Vec::new(),
            count: 0,
            content: None,
            content_blank: true,
            unresolved: false,
            root_seen: false,
            external_doctype: false,
        })
    }

    /// Nesting of the element that was read last: 1 for the root, also at its end.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Local name of the element that was read last; empty before the first.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// The attributes of the element that was read last, as (namespace, local name, value), in document order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let slots = if self.token == Token::StartTag { self.count } else { 0 };
        self.slots.iter().take(slots).map(|slot| {
            (slot.namespace.as_str(), slot.name.as_str(), slot.value.as_deref().unwrap_or_default())
        })
    }

    /// Reads on to the next element's start or end, or to the end of the document.
    ///
    /// # Errors
    /// [`LayoutError::Xml`] and its kin at whatever the platform's parser refuses; the reader is of no use afterwards.
    pub fn next_event(&mut self) -> Result<Event, LayoutError> {
        if self.token == Token::EndTag {
            self.leave();
        }
        if self.empty_element {
            self.empty_element = false;
            self.token = Token::EndTag;
            return Ok(Event::End);
        }
        self.token = self.peek_token()?;
        if self.token == Token::Declaration {
            self.read_declaration()?;
            self.token = self.peek_token()?;
        }
        self.content = None;
        self.content_blank = true;
        self.prefix = None;
        self.name = None;
        self.count = 0;
        loop {
            match self.token {
                Token::StartTag => {
                    self.read_start_tag(false)?;
                    return Ok(Event::Start);
                }
                Token::EndTag => {
                    self.read_end_tag()?;
                    return Ok(Event::End);
                }
                Token::EndDocument => return Ok(Event::EndOfDocument),
                Token::EntityRef => {
                    let mut text = String::new();
                    self.read_entity(&mut text)?;
                    self.content = Some(text);
                }
                Token::Text => {
                    let before = self.content.take().unwrap_or_default();
                    self.content = Some(self.read_value('<', Place::Text, before)?);
                    if self.depth == 0 && self.content_blank {
                        self.token = Token::Blank;
                    }
                }
                Token::CData => {
                    self.expect_text("<![CDATA[")?;
                    self.content = Some(self.read_until("]]>")?.to_owned());
                }
                Token::Comment => {
                    self.expect_text("<!--")?;
                    self.read_until("--")?;
                    if self.peek() != Some('>') {
                        return Err(self.error("Comments may not contain --"));
                    }
                    self.advance();
                }
                Token::Instruction => {
                    self.expect_text("<?")?;
                    self.read_until("?>")?;
                }
                Token::DocType => {
                    self.read_doctype()?;
                    if self.root_seen {
                        return Err(self.error("Unexpected token"));
                    }
                }
                Token::StartDocument | Token::Blank | Token::Declaration => {
                    return Err(self.error("Unexpected token"));
                }
            }
            if self.depth == 0 && matches!(self.token, Token::EntityRef | Token::Text | Token::CData) {
                return Err(self.error("Unexpected token"));
            }
            if self.token == Token::Blank {
                self.content = None;
            }
            self.token = self.peek_token()?;
        }
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(element) = self.stack.pop() {
            self.bindings.truncate(element.bindings);
        }
    }

    fn error(&self, message: impl Into<String>) -> LayoutError {
        LayoutError::Xml { message: message.into(), position: self.position() }
    }

    /// Token, name, attributes and place as the platform's parser describes itself in its errors.
    fn position(&self) -> String {
        let mut out = format!("{} ", self.token.label());
        match self.token {
            Token::StartTag | Token::EndTag => {
                if self.empty_element {
                    out.push_str("(empty) ");
                }
                out.push('<');
                if self.token == Token::EndTag {
                    out.push('/');
                }
                if let Some(prefix) = &self.prefix {
                    out.push_str(&format!("{{{}}}{prefix}:", self.namespace));
                }
                out.push_str(self.name.as_deref().unwrap_or("null"));
                for slot in self.slots.iter().take(self.count) {
                    out.push(' ');
                    if let Some(prefix) = &slot.prefix {
                        out.push_str(&format!("{{{}}}{prefix}:", slot.namespace));
                    }
                    out.push_str(&format!("{}='{}'", slot.name, slot.value.as_deref().unwrap_or("null")));
                }
                out.push('>');
            }
            Token::Blank => {}
            Token::Text if self.content_blank => out.push_str("(whitespace)"),
            Token::Text => {
                let units: Vec<u16> = self.content.as_deref().unwrap_or_default().encode_utf16().collect();
                match units.get(..16) {
                    Some(start) if units.len() > 16 => {
                        out.push_str(&String::from_utf16_lossy(start));
                        out.push_str("...");
                    }
                    _ => out.push_str(&String::from_utf16_lossy(&units)),
                }
            }
            Token::StartDocument | Token::EndDocument => out.push_str("null"),
            Token::EntityRef if self.unresolved => out.push_str("null"),
            _ => out.push_str(self.content.as_deref().unwrap_or_default()),
        }
        let read = self.text.get(..self.at).unwrap_or_default();
        let line = read.matches('\n').count() + 1;
        let column = read.rsplit('\n').next().unwrap_or_default().encode_utf16().count() + 1;
        out.push_str(&format!("@{line}:{column} in java.io.StringReader@…"));
        out
    }

    fn peek_token(&self) -> Result<Token, LayoutError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::EndDocument) };
        match first {
            '&' => return Ok(Token::EntityRef),
            '<' => {}
            _ => return Ok(Token::Text),
        }
        let mut next = rest.chars().skip(1);
        let (Some(second), Some(third)) = (next.next(), next.next()) else {
            return Err(self.error("Dangling <"));
        };
        Ok(match (second, third) {
            ('/', _) => Token::EndTag,
            ('?', _) => {
                let declaration = rest.get(2..6).is_some_and(|word| word.eq_ignore_ascii_case("xml "));
                if declaration { Token::Declaration } else { Token::Instruction }
            }
            ('!', 'D') => Token::DocType,
            ('!', '[') => Token::CData,
            ('!', '-') => Token::Comment,
            ('!', _) => return Err(self.error("Unexpected <!")),
            _ => Token::StartTag,
        })
    }
}
