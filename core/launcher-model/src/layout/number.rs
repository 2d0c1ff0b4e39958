//! Numbers as the legacy loader reads them: Java's `Integer.parseInt` and the platform's `convertValueToInt`.
//!
//! Not a general number parser. Invariants: linear in the text, no allocation unless it fails, and what Java accepts is
//! accepted, a leading `+` and decimal digits of any script included.

use super::error::LayoutError;

/// The value of a decimal digit of any script. Unicode keeps each script's ten digits together and in order, so one
/// first digit a script suffices (general category Nd of Unicode 15, what the platform's class library knows).
fn unicode_digit(c: char) -> Option<u32> {
    const ZEROS: [u32; 67] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
        0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
        0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
        0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0,
        0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE,
        0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
    ];
    let code = u32::from(c);
    let scripts_before = ZEROS.partition_point(|zero| *zero <= code);
    let zero = *ZEROS.get(scripts_before.checked_sub(1)?)?;
    let digit = code.checked_sub(zero)?;
    (digit < 10).then_some(digit)
}

fn digit(c: char, radix: u32) -> Option<u32> {
    match c {
        '\u{FF21}'..='\u{FF3A}' => Some(u32::from(c) - 0xFF21 + 10),
        '\u{FF41}'..='\u{FF5A}' => Some(u32::from(c) - 0xFF41 + 10),
        _ if c.is_ascii() => c.to_digit(36),
        // A Java `char` holds one UTF-16 unit, so digits beyond the first plane are two non-digits.
        _ if u32::from(c) <= 0xFFFF => unicode_digit(c),
        _ => None,
    }
    .filter(|value| *value < radix)
}

/// `Integer.parseInt(text, radix)`.
///
/// # Errors
/// [`LayoutError::NumberMissing`] without a text, [`LayoutError::Number`] for anything that is no 32-bit number.
pub(super) fn parse_int(text: Option<&str>, radix: u32) -> Result<i32, LayoutError> {
    let text = text.ok_or(LayoutError::NumberMissing)?;
    let bad = || LayoutError::Number { text: text.to_owned(), radix };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(bad());
    }
    let mut value: i64 = 0;
    for c in digits.chars() {
        value = value * i64::from(radix) + i64::from(digit(c, radix).ok_or_else(bad)?);
        if value > i64::from(i32::MAX) + 1 {
            return Err(bad());
        }
    }
    i32::try_from(if negative { -value } else { value }).map_err(|_| bad())
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
        fn no_text_panics(text in ".*", radix in 2u32..36) {
            let _ = parse_int(Some(&text), radix);
            let _ = convert_value_to_int(Some(&text), 0);
        }
    }
}
