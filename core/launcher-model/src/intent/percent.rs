//! Percent-encoding as `android.net.Uri` does it: decoding never fails, encoding knows a fixed set of plain characters.

use std::borrow::Cow;

/// Decodes `%xx` escapes as UTF-8. `+` stays. Always succeeds:
/// * a character that is no hex digit is swallowed and leaves U+FFFD, then the byte of the digits before it;
/// * an escape that the text ends within leaves U+FFFD;
/// * escaped bytes that are no UTF-8 leave U+FFFD as the JDK's decoder counts them.
///
/// ```
/// # use ferrule_launcher_model::intent::percent_decode;
/// assert_eq!(percent_decode("a%20b"), "a b");
/// assert_eq!(percent_decode("%zz"), "\u{fffd}\0z");
/// ```
pub fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            flush(&mut bytes, &mut out);
            out.push(c);
            continue;
        }
        let mut byte = 0_u8;
        let mut half_pair = false;
        for _ in 0..2 {
            let Some(c) = chars.next() else {
                flush(&mut bytes, &mut out);
                out.push(char::REPLACEMENT_CHARACTER);
                return Cow::Owned(out);
            };
            let Some(digit) = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
                flush(&mut bytes, &mut out);
                out.push(char::REPLACEMENT_CHARACTER);
                half_pair = c.len_utf16() == 2;
                break;
            };
            byte = (byte << 4) | digit;
        }
        bytes.push(byte);
        if half_pair {
            // Only the first unit of the character was swallowed; a text here cannot hold the other half, and it
            // would be printed as `?`.
            flush(&mut bytes, &mut out);
            out.push('?');
        }
    }
    flush(&mut bytes, &mut out);
    Cow::Owned(out)
}

/// Moves the escaped bytes collected so far to the text.
fn flush(bytes: &mut Vec<u8>, out: &mut String) {
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                out.push_str(valid);
                break;
            }
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                out.push(char::REPLACEMENT_CHARACTER);
                rest = bad.get(malformed_len(bad)..).unwrap_or_default();
            }
        }
    }
    bytes.clear();
}

/// How many bytes of a malformed sequence the JDK's UTF-8 decoder replaces by one U+FFFD (at least 1).
///
/// It differs from the usual rule for encoded surrogates only: whole or cut off by the end, they are one unit.
fn malformed_len(bytes: &[u8]) -> usize {
    let continuation = |at: usize| bytes.get(at).map(|byte| byte & 0xC0 == 0x80);
    let first = bytes.first().copied().unwrap_or_default();
    let second = bytes.get(1).copied();
    match first {
        0xE0..=0xEF => {
            let bad_second = continuation(1) == Some(false)
                || (first == 0xE0 && second.is_some_and(|byte| byte & 0xE0 == 0x80));
            match (bad_second, continuation(2)) {
                (true, _) => 1,
                (false, None) => bytes.len().max(1), // cut off by the end
                (false, Some(false)) => 2,
                (false, Some(true)) => 3, // a surrogate
            }
        }
        0xF0..=0xF4 => {
            let bad_second = continuation(1) == Some(false)
                || (first == 0xF0 && second.is_some_and(|byte| byte < 0x90))
                || (first == 0xF4 && second.is_some_and(|byte| byte & 0xF0 != 0x80));
            match (bad_second, continuation(2), continuation(3)) {
                (true, _, _) => 1,
                (false, Some(false), _) => 2,
                (false, _, None) => bytes.len().max(1),
                (false, _, Some(_)) => 3,
            }
        }
        _ => 1,
    }
}

/// Encodes all but ASCII letters, digits, `_-!.~'()*` and the characters of `also_plain`, byte by byte of UTF-8.
pub fn encode(text: &str, also_plain: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(text, also_plain, &mut out);
    out
}

/// [`encode`], appending.
pub(super) fn encode_into(text: &str, also_plain: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || "_-!.~'()*".contains(c) || also_plain.contains(c) {
            out.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_escapes_never_fail() {
        for (text, decoded) in [
            ("%", "\u{fffd}"),
            ("%4", "\u{fffd}"),
            ("%4g", "\u{fffd}\u{4}"),
            ("%zz", "\u{fffd}\0z"),
            ("a+b%2B", "a+b+"),
            ("%C3%A9%c3%a9", "éé"),
            ("%ED%A0%80", "\u{fffd}"),
            ("%ED%A0x", "\u{fffd}x"),
            ("%E0%80%80", "\u{fffd}\u{fffd}\u{fffd}"),
            ("%F5%80", "\u{fffd}\u{fffd}"),
            ("%F0%9F%98", "\u{fffd}"),
            ("%F0%9F%41", "\u{fffd}A"),
            ("%E2%82%41", "\u{fffd}A"),
            ("%F4%8F%BF", "\u{fffd}"),
            ("%F4%90%80", "\u{fffd}\u{fffd}\u{fffd}"),
            ("%C3%41", "\u{fffd}A"),
            ("%ED%A0", "\u{fffd}"),
            ("%\u{1f600}x", "\u{fffd}\0?x"),
            ("%80%FF", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(decode(text), decoded, "{text}");
        }
    }

    #[test]
    fn encodes_as_upper_case_utf8() {
        assert_eq!(encode("a b/é", "/"), "a%20b/%C3%A9");
        assert_eq!(encode("AZaz09_-!.~'()*", ""), "AZaz09_-!.~'()*");
    }
}
