//! One value of a row with the type that SQLite stored, and what Android's cursor makes of it.
//!
//! SQLite keeps a type with each value, not each column, and Launcher3 reads through conversions that never fail for
//! numbers and texts: a text in a number column is whatever C's `strtoll` reads, NULL is 0, a number
//! above 32 bits is cut. Only blobs are refused. Those conversions are kept here, with no opinion on whether they are
//! wise.

use std::borrow::Cow;

/// A value as SQLite stores it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// NULL.
    #[default]
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// A 64-bit floating-point number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A conversion that Android's cursor refuses with an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("LM_COLUMN_TYPE: a {from} cannot be read as {to}")]
pub struct ConversionError {
    /// What is stored.
    pub from: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

/// A [`Value`] that lies elsewhere: in a row of ours, or in SQLite's buffer while a cursor stands on its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// NULL.
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// A 64-bit floating-point number.
    Real(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> ValueRef<'a> {
    /// [`Value::long`].
    ///
    /// # Errors
    /// A blob.
    pub fn long(self) -> Result<i64, ConversionError> {
        match self {
            Self::Null => Ok(0),
            Self::Integer(value) => Ok(value),
            Self::Real(value) => Ok(value as i64), // saturates, as the platform's conversion does on ARM
            Self::Text(text) => Ok(strtoll(text)),
            Self::Blob(_) => Err(ConversionError { from: "blob", to: "number" }),
        }
    }

    /// [`Value::int`].
    ///
    /// # Errors
    /// A blob.
    pub fn int(self) -> Result<i32, ConversionError> {
        self.long().map(|value| value as i32) // the cut is the rule
    }

    /// [`Value::text`].
    ///
    /// # Errors
    /// A blob.
    pub fn text(self) -> Result<Option<Cow<'a, str>>, ConversionError> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(value) => Ok(Some(Cow::Owned(value.to_string()))),
            Self::Real(value) => Ok(Some(Cow::Owned(percent_g(value)))),
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Self::Blob(_) => Err(ConversionError { from: "blob", to: "text" }),
        }
    }

    /// [`Value::blob`].
    ///
    /// # Errors
    /// A number.
    pub fn blob(self) -> Result<Option<Cow<'a, [u8]>>, ConversionError> {
        match self {
            Self::Null => Ok(None),
            Self::Blob(bytes) => Ok(Some(Cow::Borrowed(bytes))),
            Self::Text(text) => Ok(Some(Cow::Owned(text.bytes().chain([0]).collect()))),
            Self::Integer(_) | Self::Real(_) => Err(ConversionError { from: "number", to: "blob" }),
        }
    }
}

impl Value {
    /// The value without its memory.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }

    /// `Cursor.getLong`: NULL is 0, a fraction is cut off, a text is read as C's `strtoll` with base 0 does.
    ///
    /// # Errors
    /// A blob.
    ///
    /// ```
    /// # use ferrule_launcher_model::rows::Value;
    /// assert_eq!(Value::Text("x".to_owned()).long(), Ok(0));
    /// assert_eq!(Value::Text(" 0x10 ".to_owned()).long(), Ok(16));
    /// assert_eq!(Value::Integer(1 << 32).int(), Ok(0));
    /// ```
    pub fn long(&self) -> Result<i64, ConversionError> {
        self.as_ref().long()
    }

    /// `Cursor.getInt`: [`Value::long`] cut to its low 32 bits.
    ///
    /// # Errors
    /// A blob.
    pub fn int(&self) -> Result<i32, ConversionError> {
        self.as_ref().int()
    }

    /// `Cursor.getString`: NULL is none, an integer its digits, a fraction as C's `%g` prints it.
    ///
    /// # Errors
    /// A blob.
    pub fn text(&self) -> Result<Option<Cow<'_, str>>, ConversionError> {
        self.as_ref().text()
    }

    /// `Cursor.getBlob`: NULL is none, a text its bytes and a closing NUL.
    ///
    /// # Errors
    /// A number.
    pub fn blob(&self) -> Result<Option<Cow<'_, [u8]>>, ConversionError> {
        self.as_ref().blob()
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// C's `strtoll(text, NULL, 0)`: blanks, a sign, `0x` or a leading 0 choose the base, digits up to the first other
/// character; 0 where there are none, the nearest number where they are too many.
fn strtoll(text: &str) -> i64 {
    let text = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
    let (radix, digits) = match hex {
        Some(rest) => (16, rest),
        None if digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    let mut value = 0_i64;
    for digit in digits.chars().map_while(|c| c.to_digit(radix)) {
        let (radix, digit) = (i64::from(radix), i64::from(digit));
        value = value.saturating_mul(radix);
        value = if negative { value.saturating_sub(digit) } else { value.saturating_add(digit) };
    }
    value
}

/// C's `%g`: six significant digits, no trailing zeros, an exponent below 10^-4 and from 10^6 on.
fn percent_g(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        return trimmed(&format!("{value:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_cursor_reads_them() {
        for (value, long) in [
            (Value::Null, 0),
            (Value::Integer(-7), -7),
            (Value::Real(2.9), 2),
            (Value::Real(-2.9), -2),
            (Value::Text("12abc".to_owned()), 12),
            (Value::Text("010".to_owned()), 8),
            (Value::Text("0xzz".to_owned()), 0),
            (Value::Text("-0x10".to_owned()), -16),
            (Value::Text("99999999999999999999".to_owned()), i64::MAX),
            (Value::Text(String::new()), 0),
        ] {
            assert_eq!(value.long(), Ok(long), "{value:?}");
        }
        assert_eq!(Value::Integer(0x1_8000_0000).int(), Ok(i32::MIN));
        assert!(Value::Blob(vec![1]).int().is_err());
    }

    #[test]
    fn texts_as_a_cursor_reads_them() {
        for (value, text) in [
            (Value::Integer(12), "12"),
            (Value::Real(1000.0), "1000"),
            (Value::Real(0.1), "0.1"),
            (Value::Real(1e6), "1e+06"),
            (Value::Real(1.25e-7), "1.25e-07"),
            (Value::Real(123_456.7), "123457"),
            (Value::Real(999_999.5), "1e+06"),
        ] {
            assert_eq!(value.text().unwrap().unwrap(), text);
        }
        assert_eq!(Value::Null.text(), Ok(None));
        assert_eq!(Value::Text("a".to_owned()).blob().unwrap().unwrap().as_ref(), b"a\0");
    }
}
