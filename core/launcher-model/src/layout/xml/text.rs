//! Values and references.

use super::{Place, XmlReader};
use crate::layout::error::LayoutError;

impl XmlReader<'_> {
    pub(super) fn read_value(
        &mut self,
        delimiter: char,
        place: Place,
        mut out: String,
    ) -> Result<String, LayoutError> {
        while let Some(c) = self.peek() {
            if c == delimiter {
                break;
            }
            match c {
                '&' => {
                    self.content_blank = false;
                    self.read_entity(&mut out)?;
                    continue;
                }
                '\r' => {
                    if self.rest().starts_with("\r\n") {
                        self.advance();
                    }
                    out.push(if place == Place::Attribute { ' ' } else { '\n' });
                }
                '\n' if place == Place::Attribute => out.push(' '),
                '<' if place == Place::Attribute => {
                    return Err(self.error("Illegal: \"<\" inside attribute value"));
                }
                ']' if place == Place::Text => {
                    if self.rest().starts_with("]]>") {
                        return Err(self.error("Illegal: \"]]>\" outside CDATA section"));
                    }
                    self.content_blank = false;
                    out.push(c);
                }
                _ => {
                    self.content_blank &= c <= ' ';
                    out.push(c);
                }
            }
            self.advance();
        }
        Ok(out)
    }

    pub(super) fn read_entity(&mut self, out: &mut String) -> Result<(), LayoutError> {
        self.advance();
        let rest = self.rest();
        let part_of_name =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '#') || u32::from(c) >= 128;
        let length = rest.find(|c| !part_of_name(c)).unwrap_or(rest.len());
        self.at += length;
        if self.peek() != Some(';') {
            return Err(self.error("unterminated entity ref"));
        }
        self.advance();
        let code = rest.get(..length).unwrap_or_default();
        if let Some(number) = code.strip_prefix('#') {
            let value = match number.strip_prefix('x') {
                Some(hex) => crate::layout::number::parse_int(Some(hex), 16),
                None => crate::layout::number::parse_int(Some(number), 10),
            };
            let value = value.ok().and_then(|value| u32::try_from(value).ok());
            let Some(value) = value.filter(|value| *value <= 0x10_FFFF) else {
                return Err(LayoutError::CharacterReference(code.to_owned()));
            };
            // Lone surrogates are characters to Java and none to us.
            out.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER));
            self.unresolved = false;
            return Ok(());
        }
        let resolved = match code {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "apos" => '\'',
            "quot" => '"',
            // It might be declared in the external part that nobody reads: the platform drops it.
            _ if self.external_doctype => return Ok(()),
            _ => {
                self.unresolved = true;
                return Err(self.error(format!("unresolved: &{code};")));
            }
        };
        self.unresolved = false;
        out.push(resolved);
        Ok(())
    }
}
