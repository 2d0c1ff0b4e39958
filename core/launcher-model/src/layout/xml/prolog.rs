//! What may stand before the root: XML declaration and document type.

use super::XmlReader;
use crate::layout::error::LayoutError;

impl XmlReader<'_> {
    pub(super) fn read_declaration(&mut self) -> Result<(), LayoutError> {
        if self.at != 0 {
            return Err(self.error("processing instructions must not start with xml"));
        }
        self.expect_text("<?")?;
        self.read_start_tag(true)?;
        let name =
            |index: usize| self.slots.get(index).filter(|_| index < self.count).map(|a| a.name.as_str());
        if name(0) != Some("version") {
            return Err(self.error("version expected"));
        }
        let mut next = 1;
        if name(next) == Some("encoding") {
            next += 1;
        }
        if name(next) == Some("standalone") {
            let value = self.slots.get(next).and_then(|slot| slot.value.as_deref()).unwrap_or_default();
            if !matches!(value, "yes" | "no") {
                return Err(self.error(format!("illegal standalone value: {value}")));
            }
            next += 1;
        }
        if next != self.count {
            return Err(self.error("unexpected attributes in XML declaration"));
        }
        Ok(())
    }

    /// Skips a document type. Nothing that it declares is kept, so no entity can expand.
    pub(super) fn read_doctype(&mut self) -> Result<(), LayoutError> {
        self.expect_text("<!DOCTYPE")?;
        self.skip_blanks();
        self.read_name()?;
        self.skip_blanks();
        match self.peek() {
            Some('S') => {
                self.expect_text("SYSTEM")?;
                self.read_quoted()?;
                self.external_doctype = true;
            }
            Some('P') => {
                self.expect_text("PUBLIC")?;
                self.read_quoted()?;
                self.read_quoted()?;
                self.external_doctype = true;
            }
            _ => {}
        }
        self.skip_blanks();
        if self.peek() == Some('[') {
            self.read_internal_subset()?;
        }
        self.skip_blanks();
        self.expect('>')
    }

    fn read_quoted(&mut self) -> Result<(), LayoutError> {
        self.skip_blanks();
        let quote = match self.peek() {
            Some(c @ ('\'' | '"')) => c,
            _ => return Err(self.error("Expected a quoted string")),
        };
        self.advance();
        self.read_until(if quote == '"' { "\"" } else { "'" }).map(|_| ())
    }

    fn read_internal_subset(&mut self) -> Result<(), LayoutError> {
        self.expect('[')?;
        loop {
            match self.peek() {
                None => return Err(self.error("Unexpected EOF")),
                Some(']') => {
                    self.advance();
                    return Ok(());
                }
                Some('\'' | '"') => self.read_quoted()?,
                Some('<') if self.rest().starts_with("<!--") => {
                    self.expect_text("<!--")?;
                    self.read_until("-->")?;
                }
                Some(_) => self.advance(),
            }
        }
    }
}
