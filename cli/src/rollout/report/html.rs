//! HTML, written element by element.
//!
//! Invariants: every text and attribute is escaped, and what no document may hold becomes U+FFFD; what is opened is closed.

use std::fmt::Write;

/// A page under construction.
#[derive(Debug, Default)]
pub struct Html {
    out: String,
}

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Html {
    /// An element with what is inside it.
    pub fn tag(&mut self, name: &str, attributes: Attributes<'_>, inner: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        inner(self);
        let _ = write!(self.out, "</{name}>");
    }

    /// An element with a text.
    pub fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes, |html| html.text(text));
    }

    /// An element that has no end.
    pub fn void(&mut self, name: &str, attributes: Attributes<'_>) {
        self.open(name, attributes);
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// A style sheet or a script of our own; it must hold no `<`.
    pub fn own(&mut self, name: &str, text: &str) {
        debug_assert!(!text.contains('<'), "it would end the element");
        let _ = write!(self.out, "<{name}>{text}</{name}>");
    }

    /// The whole document.
    pub fn document(self) -> String {
        format!("<!DOCTYPE html>\n{}\n", self.out)
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_stay_what_they_are() {
        let mut html = Html::default();
        html.tag("p", &[("title", "a\"><script>")], |html| html.text("<b>&\u{1b}'é"));
        html.void("br", &[]);
        assert_eq!(
            html.document(),
            "<!DOCTYPE html>\n<p title=\"a&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;\u{fffd}&#39;é</p><br>\n"
        );
    }
}
