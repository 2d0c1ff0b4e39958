//! Numbers as Java reads them.
//!
//! Integers may be written with any Unicode decimal digit; floating-point numbers are trimmed, may be hexadecimal and
//! may end in a type letter. Out of range is an error for integers only.

/// The first of each run of ten decimal digits in the basic plane (Unicode 13, what the reference was recorded with).
/// Java reads one UTF-16 unit at a time, so digits beyond the basic plane are none.
const DIGIT_ZEROS: [u32; 37] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// Java's `Character.digit` for a radix of at most 16: decimal digits, ASCII and full-width letters.
fn digit(c: char, radix: u32) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(radix);
    }
    let code = u32::from(c);
    let value = match code {
        0xFF21..=0xFF26 => code - 0xFF21 + 10,
        0xFF41..=0xFF46 => code - 0xFF41 + 10,
        _ => {
            let run = DIGIT_ZEROS.partition_point(|zero| *zero <= code);
            let zero = run.checked_sub(1).and_then(|run| DIGIT_ZEROS.get(run))?;
            code.checked_sub(*zero).filter(|value| *value < 10)?
        }
    };
    (value < radix).then_some(value)
}

/// Java's `parseInt` family: an optional sign and at least one digit, no blanks. `None` when malformed or out of range.
pub(crate) fn parse_integer<T: TryFrom<i64>>(text: &str, radix: u32) -> Option<T> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for c in digits.chars() {
        let digit = i64::from(digit(c, radix)?);
        value = value.checked_mul(i64::from(radix))?;
        value = if negative { value.checked_sub(digit) } else { value.checked_add(digit) }?;
    }
    T::try_from(value).ok()
}

/// Launch flags: `Integer.decode`, and unsigned hexadecimal up to `ffffffff` behind `0x` without a sign.
pub(super) fn parse_flags(text: &str) -> Result<i32, ()> {
    let (sign, rest) = match text.chars().next() {
        Some(sign @ ('-' | '+')) => (Some(sign), text.get(1..).unwrap_or_default()),
        _ => (None, text),
    };
    let (radix, digits, hex_prefix) =
        if let Some(digits) = rest.strip_prefix("0x").or(rest.strip_prefix("0X")) {
            (16, digits, true)
        } else if let Some(digits) = rest.strip_prefix('#') {
            (16, digits, false)
        } else if let Some(digits) = rest.strip_prefix('0').filter(|digits| !digits.is_empty()) {
            (8, digits, false)
        } else {
            (10, rest, false)
        };
    if digits.starts_with(['-', '+']) {
        return Err(());
    }
    let magnitude: i64 = parse_integer(digits, radix).ok_or(())?;
    if hex_prefix && sign.is_none() {
        return u32::try_from(magnitude).map(u32::cast_signed).map_err(drop);
    }
    i32::try_from(if sign == Some('-') { -magnitude } else { magnitude }).map_err(drop)
}

/// Java's `Double.parseDouble`.
pub(super) fn parse_double(text: &str) -> Option<f64> {
    match read_float(text)? {
        FloatText::Nan => Some(f64::NAN),
        FloatText::Decimal(text) => text.parse().ok(),
        FloatText::Hex(hex) => {
            let bits = hex.round(53, -1074, 2046);
            Some(f64::from_bits(bits | (u64::from(hex.negative) << 63)))
        }
    }
}

/// Java's `Float.parseFloat`.
pub(super) fn parse_float(text: &str) -> Option<f32> {
    match read_float(text)? {
        FloatText::Nan => Some(f32::NAN),
        FloatText::Decimal(text) => text.parse().ok(),
        FloatText::Hex(hex) => {
            let bits = u32::try_from(hex.round(24, -149, 254)).ok()?;
            Some(f32::from_bits(bits | (u32::from(hex.negative) << 31)))
        }
    }
}

/// A text that is a floating-point number, by its shape.
enum FloatText<'a> {
    Nan,
    /// A text that Rust reads alike: decimal, or `Infinity`.
    Decimal(&'a str),
    Hex(HexFloat),
}

fn read_float(text: &str) -> Option<FloatText<'_>> {
    let text = text.trim_matches(|c| c <= ' ');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        "NaN" => return Some(FloatText::Nan),
        "Infinity" => return Some(FloatText::Decimal(text)),
        _ => {}
    }
    if let Some(hex) = unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X")) {
        return HexFloat::read(hex, text.starts_with('-')).map(FloatText::Hex);
    }
    let text = text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text);
    let unsigned = unsigned.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(unsigned);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_is_good =
        all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_is_good = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    (mantissa_is_good && exponent_is_good).then_some(FloatText::Decimal(text))
}

/// `mantissa × 2^exponent`, with a mark that non-zero digits were cut off below.
struct HexFloat {
    negative: bool,
    mantissa: u64,
    exponent: i64,
    inexact: bool,
}

impl HexFloat {
    /// Reads what follows `0x`: hexadecimal digits with an optional point, `p` and a decimal exponent, a type letter.
    fn read(text: &str, negative: bool) -> Option<Self> {
        let text = text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text);
        let (digits, exponent) = text.split_once(['p', 'P'])?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent_digits.is_empty() || !exponent_digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let size = exponent_digits
            .bytes()
            .fold(0_i64, |sum, byte| sum.saturating_mul(10).saturating_add(i64::from(byte - b'0')))
            .min(EXPONENT_MAX);
        let mut float = Self {
            negative,
            mantissa: 0,
            exponent: if exponent.starts_with('-') { -size } else { size },
            inexact: false,
        };
        let whole = whole.chars().map(|c| (c, false));
        for (c, is_fraction) in whole.chain(fraction.chars().map(|c| (c, true))) {
            let digit = c.to_digit(16)?;
            let is_full = float.mantissa >> 58 != 0;
            if is_full {
                float.inexact |= digit != 0;
            } else {
                float.mantissa = (float.mantissa << 4) | u64::from(digit);
            }
            float.exponent += i64::from(is_full) * 4 - i64::from(is_fraction) * 4;
        }
        Some(float)
    }

    /// The bits of the nearest number, ties to even, of a format with `precision` bits of mantissa, 2^`exponent_min` as
    /// smallest number and `biased_max` as its largest biased exponent.
    fn round(&self, precision: u32, exponent_min: i64, biased_max: u64) -> u64 {
        if self.mantissa == 0 {
            return 0;
        }
        let infinity = (biased_max + 1) << (precision - 1);
        let len = i64::from(64 - self.mantissa.leading_zeros());
        let unit = (self.exponent + len - i64::from(precision)).max(exponent_min);
        let shift = unit - self.exponent;
        let wide = u128::from(self.mantissa);
        let quotient = if shift <= 0 {
            u64::try_from(wide << (-shift).clamp(0, 64)).unwrap_or(u64::MAX)
        } else if shift > 64 {
            0 // less than half of the smallest unit
        } else {
            let quotient = u64::try_from(wide >> shift).unwrap_or(u64::MAX);
            let rest = wide & ((1 << shift) - 1);
            let half = 1_u128 << (shift - 1);
            let above = rest > half || (rest == half && (self.inexact || quotient & 1 == 1));
            quotient + u64::from(above)
        };
        let Ok(steps) = u64::try_from(unit - exponent_min) else { return 0 };
        if steps > biased_max {
            return infinity;
        }
        // The leading bit of a normal mantissa adds one to the biased exponent; a carry does it once more.
        ((steps << (precision - 1)) + quotient).min(infinity)
    }
}

/// Exponents beyond this give infinity or zero whatever the digits of a text of legal length.
const EXPONENT_MAX: i64 = 1 << 40;

#[cfg(test)]
mod tests {
    use super::*;

    /// `Integer.decode`: a sign stands in front of the prefix and nowhere else; behind it, it is "in wrong position".
    #[test]
    fn flags_have_their_sign_in_front_of_the_prefix() {
        for (text, flags) in [
            ("+0x5", Ok(5)),
            ("-0x5", Ok(-5)),
            ("+#5", Ok(5)),
            ("-010", Ok(-8)),
            ("+5", Ok(5)),
            ("0x+5", Err(())),
            ("0x-5", Err(())),
            ("0X+5", Err(())),
            ("#+5", Err(())),
            ("#-5", Err(())),
            ("0+5", Err(())),
            ("0-5", Err(())),
            ("+-5", Err(())),
            ("+0x+5", Err(())),
            ("-0x-5", Err(())),
            ("+", Err(())),
            ("0x", Err(())),
            ("#", Err(())),
            ("0xffffffff", Ok(-1)),
            ("+0xffffffff", Err(())),
            ("-0x80000000", Ok(i32::MIN)),
        ] {
            assert_eq!(parse_flags(text), flags, "{text}");
        }
    }
}
