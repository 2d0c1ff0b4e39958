//! The messages of the platform's intent parser, for the log of a favourite whose `uri` cannot be read.
//!
//! The parser itself is [`crate::intent`]; here its faults get the words that a legacy log shows. A syntax fault loses
//! the tag, a number fault the whole layout (MORE I1).

use crate::intent::{FailureClass, Intent, IntentError, IntentFault, percent_decode};

use super::error::LayoutError;

/// Parses a favourite's `uri`.
///
/// # Errors
/// [`LayoutError::IntentSyntax`] or [`LayoutError::IntentNumber`], by what Android throws.
pub(super) fn parse_uri(text: &str) -> Result<Intent, LayoutError> {
    Intent::parse(text).map_err(|error| match error.class() {
        FailureClass::UriSyntax => LayoutError::IntentSyntax(syntax_message(text, &error)),
        FailureClass::NumberFormat => LayoutError::IntentNumber(number_message(text, error.offset)),
        FailureClass::Oversize => LayoutError::TooLarge(text.len()),
    })
}

fn syntax_message(text: &str, error: &IntentError) -> String {
    let reason = match error.fault {
        IntentFault::EndNotFound => "uri end not found",
        IntentFault::UnknownKey => "unknown EXTRA type",
        IntentFault::OldExtrasUnclosed => "EXTRA missing trailing ')'",
        IntentFault::OldExtraWithoutKey => "EXTRA missing '='",
        IntentFault::OldExtraWithoutValue => "EXTRA missing '!'",
        IntentFault::OldExtraUnknownType => "EXTRA has unknown type",
        IntentFault::OldExtraBadNumber => "EXTRA value can't be parsed",
        IntentFault::IllegalFormat | IntentFault::Number | IntentFault::Oversize => {
            "illegal Intent URI format"
        }
    };
    match error.index {
        Some(index) => format!("{reason} at index {index}: {text}"),
        None => format!("{reason}: {text}"),
    }
}

/// The message for the number that stands at `offset`: how Java words it depends on the key in front.
fn number_message(text: &str, offset: usize) -> String {
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, ""));
    let segment = before.rsplit([';', '(', '!']).next().unwrap_or_default();
    let key = segment.trim_end_matches('=');
    let value = percent_decode(rest.split([';', ')', '!']).next().unwrap_or_default());
    let quoted = |text: &str| format!("For input string: \"{text}\"");
    match key.get(..2) {
        Some("d." | "f.") if value.trim_matches(|c| c <= ' ').is_empty() => "empty String".to_owned(),
        Some("d." | "f.") => quoted(value.trim_matches(|c| c <= ' ')),
        Some(kind @ ("b." | "s.")) => match value.parse::<i32>() {
            Ok(_) => format!("Value out of range. Value:\"{value}\" Radix:10"),
            Err(_) if kind == "b." || !value.is_empty() => quoted(&value),
            Err(_) => quoted(""),
        },
        Some("i." | "l.") => quoted(&value),
        _ if key.ends_with("aunchFlags") => flags_message(&value),
        _ => quoted(&value),
    }
}

/// `Integer.decode` words it: the sign and the prefix of the radix are gone.
fn flags_message(value: &str) -> String {
    if value.is_empty() {
        return "Zero length string".to_owned();
    }
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (radix, digits) = if let Some(rest) = unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X")) {
        (16, rest)
    } else if let Some(rest) = unsigned.strip_prefix('#') {
        (16, rest)
    } else if let Some(rest) = unsigned.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (8, rest)
    } else {
        (10, unsigned)
    };
    if digits.starts_with(['-', '+']) {
        return "Sign character in wrong position".to_owned();
    }
    // A negative number is read again with its sign once the digits alone do not fit.
    let sign = if value.starts_with('-') { "-" } else { "" };
    LayoutError::Number { text: format!("{sign}{digits}"), radix }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_worded_as_the_platform_words_them() {
        for (uri, message) in [
            ("#Intent;action=x", "uri end not found: #Intent;action=x"),
            ("#Intent;Sk=1;end", "unknown EXTRA type at index 8: #Intent;Sk=1;end"),
            ("#Intent;i.x=abc;end", "For input string: \"abc\""),
            ("#Intent;launchFlags=z;end", "For input string: \"z\""),
            ("#Intent;launchFlags=0x100000000;end", "For input string: \"100000000\" under radix 16"),
            ("#Intent;launchFlags=;end", "Zero length string"),
            ("#Intent;launchFlags=--1;end", "Sign character in wrong position"),
            ("#Intent;b.k=128;end", "Value out of range. Value:\"128\" Radix:10"),
            ("#Intent;d.k=;end", "empty String"),
        ] {
            assert_eq!(parse_uri(uri).unwrap_err().to_string(), message, "{uri}");
        }
    }
}
