//! Numbers as the legacy loader reads them: Java's `Integer.parseInt` and the platform's `convertValueToInt`.
//!
//! Not a general number parser. Invariants: linear in the text, no allocation unless it fails, and what Java accepts is
//! accepted, a leading `+` and decimal digits of any script included.

use crate::intent::parse_integer;

use super::error::LayoutError;

/// `Integer.parseInt(text, radix)`.
///
/// # Errors
/// [`LayoutError::NumberMissing`] without a text, [`LayoutError::Number`] for anything that is no 32-bit number.
pub(super) fn parse_int(text: Option<&str>, radix: u32) -> Result<i32, LayoutError> {
    let text = text.ok_or(LayoutError::NumberMissing)?;
    parse_integer(text, radix).ok_or_else(|| LayoutError::Number { text: text.to_owned(), radix })
}

/// `XmlUtils.convertValueToInt`: what a text attribute means where a resource id is wanted. Decimal, `0x`, `#` and a
/// leading `0` for octal; an empty or missing text is `default`.
///
/// # Errors
/// [`LayoutError::Number`] for any other text, a resource reference such as `@string/name` included (MORE L6).
pub(super) fn convert_value_to_int(text: Option<&str>, default: i32) -> Result<i32, LayoutError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(default) };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if digits == "0" {
        return Ok(0);
    }
    let (radix, digits) = if let Some(rest) = digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        (16, rest)
    } else if let Some(rest) = digits.strip_prefix('0') {
        (8, rest)
    } else if let Some(rest) = digits.strip_prefix('#') {
        (16, rest)
    } else {
        (10, digits)
    };
    Ok(parse_int(Some(digits), radix)?.wrapping_mul(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_as_java_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("+1", Some(1)),
            ("-0", Some(0)),
            ("-2147483648", Some(i32::MIN)),
            ("2147483647", Some(i32::MAX)),
            ("٣", Some(3)),
            ("１２", Some(12)),
            ("", None),
            ("+", None),
            ("--1", None),
            (" 1", None),
            ("1.5", None),
            ("0x2", None),
            ("2147483648", None),
            ("99999999999999999999999999", None),
        ] {
            assert_eq!(parse_int(Some(text), 10).ok(), expected, "{text:?}");
        }
        assert_eq!(parse_int(None, 10), Err(LayoutError::NumberMissing));
    }

    #[test]
    fn resource_numbers_as_the_platform_reads_them() {
        for (text, expected) in [
            (None, Some(-7)),
            (Some(""), Some(-7)),
            (Some("0"), Some(0)),
            (Some("-0"), Some(0)),
            (Some("0x7f0b0000"), Some(0x7f0b_0000)),
            (Some("#ff"), Some(255)),
            (Some("017"), Some(15)),
            (Some("2131427328"), Some(2_131_427_328)),
            (Some("@string/fo"), None),
            (Some("0xffffffff"), None),
        ] {
            assert_eq!(convert_value_to_int(text, -7).ok(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_printed_integer_is_read_back(value: i32) {
            prop_assert_eq!(parse_int(Some(&value.to_string()), 10), Ok(value));
        }

        #[test]
        fn no_text_panics(text in ".*", radix in 2u32..17) {
            let _ = parse_int(Some(&text), radix);
            let _ = convert_value_to_int(Some(&text), 0);
        }
    }
}
