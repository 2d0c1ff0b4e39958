//! The notice: who made the parts of the shared library, and the licences that they ask to be repeated.
//!
//! Invariants: a text that several parts share stands once; the same parts make the same text.

use std::collections::BTreeMap;

use super::components::{Component, Place};

/// The notice for these parts.
pub fn text(parts: &[Component]) -> String {
    let mut text = String::from(
        "Ferrule\nLicensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0\n\n\
         libferrule.so is made of the parts below, each under its own licence. Where a licence leaves the choice, the\n\
         text of the one that was chosen follows.\n",
    );
    let mut texts: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.place == Place::Library) {
        let source = part.source.as_deref().unwrap_or("part of Ferrule");
        text += &format!("\n{} {}\n    {}\n    {source}\n", part.name, part.version, part.licence);
        let is_whole = part.licence.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        if part.texts.is_empty() && is_whole && part.source.is_some() {
            text += &format!("    https://spdx.org/licenses/{}.html\n", part.licence);
        }
        for licence in &part.texts {
            texts.entry(licence).or_default().push(part);
        }
    }
    for (licence, holders) in texts {
        let names: Vec<&str> = holders.iter().map(|part| part.name.as_str()).collect();
        text += &format!("\n{}\n{}\n\n{licence}\n", "-".repeat(100), names.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_text_stands_once_and_what_the_app_brings_is_left_to_it() {
        let part = |name: &str, place: Place| Component {
            name: name.to_owned(),
            version: "1".to_owned(),
            licence: "MIT".to_owned(),
            texts: vec!["Permission is granted".to_owned()],
            place,
            ..Component::default()
        };
        let notice =
            text(&[part("a", Place::Library), part("b", Place::Library), part("jna", Place::Beside)]);
        assert_eq!(notice.matches("Permission is granted").count(), 1);
        assert!(notice.contains("\na, b\n"), "{notice}");
        assert!(!notice.contains("jna"), "{notice}");
    }
}
