//! Start and end tags, attributes, namespaces.

use super::{Attribute, Element, MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES, Place, XmlReader};
use crate::layout::error::LayoutError;

/// How the platform's parser prints itself where its own messages name it.
const PARSER: &str = "com.android.org.kxml2.io.KXmlParser@…";

impl XmlReader<'_> {
    pub(super) fn read_start_tag(&mut self, declaration: bool) -> Result<(), LayoutError> {
        if !declaration {
            self.expect('<')?;
        }
        let raw_name = self.read_name()?;
        self.name = Some(raw_name.to_owned());
        self.count = 0;
        loop {
            self.skip_blanks();
            match self.peek() {
                None => return Err(self.error("Unexpected EOF")),
                Some('?') if declaration => {
                    self.advance();
                    return self.expect('>');
                }
                Some('/') if !declaration => {
                    self.empty_element = true;
                    self.advance();
                    self.skip_blanks();
                    self.expect('>')?;
                    break;
                }
                Some('>') if !declaration => {
                    self.advance();
                    break;
                }
                Some(_) => self.read_attribute()?,
            }
        }
        self.enter(raw_name)
    }

    fn read_attribute(&mut self) -> Result<(), LayoutError> {
        let name = self.read_name()?.to_owned();
        let slot = self.count;
        if slot == MAX_ATTRIBUTES {
            return Err(LayoutError::TooMany(MAX_ATTRIBUTES));
        }
        self.count += 1;
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Attribute::default());
        }
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.namespace.clear();
            slot.prefix = None;
            slot.name.clone_from(&name);
        }
        self.skip_blanks();
        match self.peek() {
            None => return Err(self.error("Unexpected EOF")),
            Some('=') => self.advance(),
            Some(_) => return Err(self.error(format!("Attr.value missing f. {name}"))),
        }
        self.skip_blanks();
        let delimiter = match self.peek() {
            None => return Err(self.error("Unexpected EOF")),
            Some(c @ ('\'' | '"')) => c,
            Some(_) => return Err(self.error("attr value delimiter missing!")),
        };
        self.advance();
        let value = self.read_value(delimiter, Place::Attribute, String::new())?;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.value = Some(value);
        }
        if self.peek() == Some(delimiter) {
            self.advance();
        }
        Ok(())
    }

    fn enter(&mut self, raw_name: &str) -> Result<(), LayoutError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(LayoutError::TooDeep(MAX_DEPTH));
        }
        self.root_seen = true;
        let bindings = self.bindings.len();
        self.resolve_namespaces()?;
        self.stack.push(Element {
            raw_name: raw_name.to_owned(),
            prefix: self.prefix.clone(),
            namespace: self.namespace.clone(),
            name: self.name().to_owned(),
            bindings,
        });
        Ok(())
    }

    /// Takes the `xmlns` attributes out and gives the others their namespaces.
    fn resolve_namespaces(&mut self) -> Result<(), LayoutError> {
        let mut prefixed = false;
        let mut index = 0;
        while index < self.count {
            let Some(slot) = self.slots.get(index) else { break };
            let declared = match slot.name.split_once(':') {
                Some(("xmlns", prefix)) => Some(prefix.to_owned()),
                Some(_) => {
                    prefixed = true;
                    index += 1;
                    continue;
                }
                None if slot.name == "xmlns" => None,
                None => {
                    index += 1;
                    continue;
                }
            };
            let namespace = slot.value.clone().unwrap_or_default();
            if declared.is_some() && namespace.is_empty() {
                return Err(self.error("illegal empty namespace"));
            }
            if self.bindings.len() == MAX_NAMESPACES {
                return Err(LayoutError::TooMany(MAX_NAMESPACES));
            }
            self.bindings.push((declared, namespace));
            // The slots behind move up and the last stays behind twice, which an error position may show.
            for moved in index + 1..self.count {
                if let Some(slot) = self.slots.get(moved).cloned()
                    && let Some(target) = self.slots.get_mut(moved - 1)
                {
                    *target = slot;
                }
            }
            self.count -= 1;
        }
        if prefixed {
            for index in (0..self.count).rev() {
                let Some(slot) = self.slots.get(index) else { continue };
                let Some((prefix, name)) = slot.name.split_once(':') else { continue };
                let (prefix, name) = (prefix.to_owned(), name.to_owned());
                if prefix.is_empty() {
                    return Err(LayoutError::Namespace(format!(
                        "illegal attribute name: :{name} at {PARSER}"
                    )));
                }
                let Some(namespace) = self.lookup(Some(&prefix)) else {
                    return Err(LayoutError::Namespace(format!("Undefined Prefix: {prefix} in {PARSER}")));
                };
                if let Some(slot) = self.slots.get_mut(index) {
                    *slot = Attribute { namespace, prefix: Some(prefix), name, value: slot.value.take() };
                }
            }
        }
        let raw = self.name().to_owned();
        if let Some((prefix, name)) = raw.split_once(':') {
            if prefix.is_empty() {
                return Err(self.error(format!("illegal tag name: {raw}")));
            }
            self.prefix = Some(prefix.to_owned());
            self.name = Some(name.to_owned());
        }
        match self.lookup(self.prefix.as_deref()) {
            Some(namespace) => self.namespace = namespace,
            None => {
                if let Some(prefix) = &self.prefix {
                    return Err(self.error(format!("undefined prefix: {prefix}")));
                }
                self.namespace = String::new();
            }
        }
        Ok(())
    }

    fn lookup(&self, prefix: Option<&str>) -> Option<String> {
        match prefix {
            Some("xml") => return Some("http://www.w3.org/XML/1998/namespace".to_owned()),
            Some("xmlns") => return Some("http://www.w3.org/2000/xmlns/".to_owned()),
            _ => {}
        }
        let bound = self.bindings.iter().rev().find(|(bound, _)| bound.as_deref() == prefix);
        bound.map(|(_, namespace)| namespace.clone())
    }

    pub(super) fn read_end_tag(&mut self) -> Result<(), LayoutError> {
        self.expect('<')?;
        self.expect('/')?;
        let raw_name = self.read_name()?.to_owned();
        self.name = Some(raw_name.clone());
        self.skip_blanks();
        self.expect('>')?;
        let Some(open) = self.stack.last() else {
            return Err(self.error(format!("read end tag {raw_name} with no tags open")));
        };
        if open.raw_name != raw_name {
            return Err(self.error(format!("expected: /{} read: {raw_name}", open.raw_name)));
        }
        self.prefix.clone_from(&open.prefix);
        self.namespace.clone_from(&open.namespace);
        self.name = Some(open.name.clone());
        Ok(())
    }
}
