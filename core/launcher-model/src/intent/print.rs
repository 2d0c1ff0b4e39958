//! Writing an intent as text: `toUri(0)` and `toUri(URI_INTENT_SCHEME)`.

use std::fmt::Write;

use super::percent::encode_into;
use super::{ACTION_VIEW, Intent, Text};

impl Intent {
    /// The text that `toUri(0)` gives: the data, then the fragment if there is anything to say in it.
    pub fn to_uri(&self) -> String {
        let mut out = self.data.as_ref().map(Text::to_string).unwrap_or_default();
        self.push_fragment(None, &mut out);
        out
    }

    /// The text that `toUri(URI_INTENT_SCHEME)` gives: `intent:` with the data's scheme moved to a segment.
    pub fn to_intent_scheme_uri(&self) -> String {
        let mut out = String::new();
        let data = self.data.as_deref();
        let scheme = data.and_then(|data| data.split_once(':')).filter(|(scheme, _)| {
            !scheme.is_empty()
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
        });
        match (data, scheme) {
            (None, _) => out.push_str("intent:"),
            (Some(_), Some((_, rest))) => {
                out.push_str("intent:");
                out.push_str(rest);
            }
            (Some(data), None) => out.push_str(data),
        }
        self.push_fragment(scheme.map(|(scheme, _)| scheme), &mut out);
        out
    }

    fn push_fragment(&self, scheme: Option<&str>, out: &mut String) {
        let mark = out.len();
        out.push_str("#Intent;");
        let start = out.len();
        self.push_segments(scheme, Some(ACTION_VIEW), out);
        if let Some(selector) = &self.selector {
            out.push_str("SEL;");
            selector.push_segments(selector.scheme(), None, out);
        }
        if out.len() == start {
            out.truncate(mark);
        } else {
            out.push_str("end");
        }
    }

    /// The segments in Android's order; `implied` is the action that need not be said.
    fn push_segments(&self, scheme: Option<&str>, implied: Option<&str>, out: &mut String) {
        let mut text = |key: &str, value: Option<&str>, also_plain: &str| {
            if let Some(value) = value {
                push_segment(key, value, also_plain, out);
            }
        };
        text("scheme", scheme, "");
        text("action", self.action.as_deref().filter(|action| Some(*action) != implied), "");
        for category in self.categories.keys() {
            text("category", Some(category), "");
        }
        text("type", self.mime_type.as_deref(), "/");
        text("identifier", self.identifier.as_deref(), "/");
        push_flags("launchFlags", self.flags, out);
        push_flags("extendedLaunchFlags", self.extended_flags, out);
        if let Some(package) = &self.package {
            push_segment("package", package, "", out);
        }
        if let Some(component) = &self.component {
            push_segment("component", &component.to_short_text(), "/", out);
        }
        if let Some(bounds) = &self.source_bounds {
            let value = format!("{} {} {} {}", bounds.left, bounds.top, bounds.right, bounds.bottom);
            push_segment("sourceBounds", &value, "", out);
        }
        for (key, value) in self.extras.iter() {
            out.push(value.type_letter());
            out.push('.');
            encode_into(key, "", out);
            out.push('=');
            encode_into(&value.to_text(), "", out);
            out.push(';');
        }
    }
}

fn push_segment(key: &str, value: &str, also_plain: &str, out: &mut String) {
    out.push_str(key);
    out.push('=');
    encode_into(value, also_plain, out);
    out.push(';');
}

fn push_flags(key: &str, flags: i32, out: &mut String) {
    if flags != 0 {
        // Writing to a String cannot fail.
        let _ = write!(out, "{key}=0x{flags:x};");
    }
}
