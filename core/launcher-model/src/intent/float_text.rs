//! Floating-point numbers as Java writes them (JDK up to 18, which is what devices run).
//!
//! These are not always the shortest digits that read back: 2^-1074 is `4.9E-324`, and a few numbers get a digit more
//! than needed. As an extra's text is part of an intent's identity, the digits are generated the same way: quotient
//! digits of B / S until what is left is within half a unit M of the number, with the shortcuts and the limits of the
//! machine words that decide the last digit.

use std::cmp::Ordering;

use super::big::Big;

/// Java's `Double.toString`.
pub(super) fn java_double_text(value: f64) -> String {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = i64::from((bits >> 52) as u16 & 0x7FF);
    java_text(value.is_nan(), value.is_infinite(), value.is_sign_negative(), fraction, biased, 52, 1023)
}

/// Java's `Float.toString`.
pub(super) fn java_float_text(value: f32) -> String {
    let bits = value.to_bits();
    let fraction = u64::from(bits & ((1 << 23) - 1));
    let biased = i64::from((bits >> 23) as u16 & 0xFF);
    java_text(value.is_nan(), value.is_infinite(), value.is_sign_negative(), fraction, biased, 23, 127)
}

/// Lays out digits in Java's way: plain from 10^-3 to below 10^7, else with one digit before the point and `E`.
fn java_text(
    nan: bool,
    infinite: bool,
    negative: bool,
    fraction: u64,
    biased: i64,
    fraction_bits: u32,
    bias: i64,
) -> String {
    if nan {
        return "NaN".to_owned();
    }
    let sign = if negative { "-" } else { "" };
    if infinite {
        return format!("{sign}Infinity");
    }
    if fraction == 0 && biased == 0 {
        return format!("{sign}0.0");
    }
    let (digits, exponent) = digits(&Parts::new(fraction, biased, fraction_bits, bias));
    let or_zero = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    match exponent {
        0..=6 => {
            let whole = usize::try_from(exponent).unwrap_or(0) + 1;
            let padded = format!("{digits:0<whole$}");
            let (whole, fraction) = padded.split_at(whole);
            format!("{sign}{whole}.{}", or_zero(fraction))
        }
        -3..=-1 => format!("{sign}0.{}{digits}", "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0))),
        _ => {
            let (first, rest) = digits.split_at(1);
            format!("{sign}{first}.{}E{exponent}", or_zero(rest))
        }
    }
}

/// Bits of the mantissa below its leading bit.
const MANTISSA_BITS: i64 = 52;

/// A finite number other than zero: `mantissa × 2^(exponent − 52)`, bit 52 of the mantissa set.
struct Parts {
    mantissa: u64,
    exponent: i64,
    /// How many bits of the mantissa the format really holds; fewer for subnormal numbers.
    significant_bits: i64,
}

impl Parts {
    fn new(fraction: u64, biased: i64, fraction_bits: u32, bias: i64) -> Self {
        let widen = 52 - fraction_bits;
        if biased > 0 {
            let mantissa = (fraction | (1 << fraction_bits)) << widen;
            return Self {
                mantissa,
                exponent: biased - bias,
                significant_bits: i64::from(fraction_bits) + 1,
            };
        }
        let shift = fraction.leading_zeros() - (63 - fraction_bits);
        Self {
            mantissa: fraction << shift << widen,
            exponent: 1 - i64::from(shift) - bias,
            significant_bits: i64::from(64 - fraction.leading_zeros()),
        }
    }
}

/// The digits and the decimal exponent of the first of them.
fn digits(parts: &Parts) -> (String, i64) {
    let tail = i64::from(parts.mantissa.trailing_zeros());
    let used_bits = MANTISSA_BITS + 1 - tail;
    let tiny_bits = (used_bits - parts.exponent - 1).max(0);
    if tiny_bits == 0 && (-21..=62).contains(&parts.exponent) && used_bits < 64 {
        return whole_digits(parts);
    }
    let estimate = estimate_exponent(parts);
    let (b5, s5) = ((-estimate).max(0), estimate.max(0));
    let mut b2 = b5 + tiny_bits + parts.exponent;
    let mut s2 = s5 + tiny_bits;
    let mut m2 = b2 - parts.significant_bits;
    b2 -= used_bits - 1;
    let common = b2.min(s2);
    b2 -= common;
    s2 -= common;
    m2 -= common;
    if used_bits == 1 {
        m2 -= 1; // below a power of two the next number is half as far away
    }
    if m2 < 0 {
        b2 -= m2;
        s2 -= m2;
        m2 = 0;
    }
    let scaled = Scaled { mantissa: parts.mantissa >> tail, b2, b5, s2, s5, m2 };
    let b_bits = used_bits + b2 + bits_of_5_pow(b5);
    let ten_s_bits = s2 + 1 + bits_of_5_pow(s5 + 1);
    let (digits, exponent) = if b_bits < 64 && ten_s_bits < 64 {
        let word = if b_bits < 32 && ten_s_bits < 32 { wrap_int } else { wrap_long };
        generate(WordState::new(&scaled, word), estimate)
    } else {
        generate(BigState::new(&scaled), estimate)
    };
    let digits = digits.into_iter().filter_map(|digit| char::from_digit(digit, 10)).collect();
    (digits, exponent)
}

/// Digits of a whole number below 2^63. Digits below the precision of the format are rounded away.
fn whole_digits(parts: &Parts) -> (String, i64) {
    let mut dropped = 0;
    if parts.exponent > parts.significant_bits {
        dropped = insignificant_digits(parts.exponent - parts.significant_bits - 1);
    }
    let mut value = if parts.exponent >= MANTISSA_BITS {
        parts.mantissa << (parts.exponent - MANTISSA_BITS)
    } else {
        parts.mantissa >> (MANTISSA_BITS - parts.exponent)
    };
    let unit = 10_u64.pow(dropped);
    let rest = value % unit;
    value /= unit;
    if dropped != 0 && rest >= unit / 2 {
        value += 1;
    }
    let text = value.to_string();
    let exponent = i64::try_from(text.len()).unwrap_or(0) - 1 + i64::from(dropped);
    (text.trim_end_matches('0').to_owned(), exponent)
}

/// How many decimal digits lie below 2^`power`; 0 outside 2..=63.
fn insignificant_digits(power: i64) -> u32 {
    if (2..64).contains(&power) { (1_u64 << power).ilog10() } else { 0 }
}

/// An estimate of the decimal exponent: exact or one too high.
#[allow(clippy::approx_constant, reason = "the reference's constant, to its last digit")]
fn estimate_exponent(parts: &Parts) -> i64 {
    let unit = f64::from_bits((1023 << 52) | (parts.mantissa & ((1 << 52) - 1)));
    // The exponent is at most 1,100 in size, so its conversion is exact.
    let log = (unit - 1.5) * 0.289_529_654 + 0.176_091_259 + parts.exponent as f64 * 0.301_029_995_663_981;
    log.floor() as i64
}

/// The bits of 5^`power`, rounded up beyond what the reference tabulates: that decides between machine words and
/// long numbers.
fn bits_of_5_pow(power: i64) -> i64 {
    match u32::try_from(power) {
        Ok(0) => 0,
        Ok(small @ 1..=26) => i64::from(64 - 5_u64.pow(small).leading_zeros()),
        _ => power * 3,
    }
}

/// Number, scale and half unit as powers: B = mantissa·5^b5·2^b2, S = 5^s5·2^s2, M = 5^b5·2^m2.
struct Scaled {
    mantissa: u64,
    b2: i64,
    b5: i64,
    s2: i64,
    s5: i64,
    m2: i64,
}

/// The arithmetic of one way to generate digits.
trait State {
    /// Takes the next quotient digit off B / S, and multiplies what is left by ten.
    fn digit(&mut self) -> u32;
    /// Multiplies M by ten.
    fn widen(&mut self);
    /// Whether what is left is less than M: stopping here is close enough from below.
    fn low(&self) -> bool;
    /// Whether what is left plus M passes the next digit: rounding up is close enough.
    fn high(&self) -> bool;
    /// What is left against half a digit.
    fn against_half(&self) -> Ordering;
}

/// Generates digits until they identify the number, and rounds the last one.
fn generate(mut state: impl State, estimate: i64) -> (Vec<u32>, i64) {
    let mut exponent = estimate;
    let mut digits = Vec::with_capacity(20);
    let first = state.digit();
    state.widen();
    let (mut low, mut high) = (state.low(), state.high());
    if first == 0 && !high {
        exponent -= 1; // the estimate was one too high
    } else {
        digits.push(first);
    }
    if !(-3..8).contains(&exponent) {
        (low, high) = (false, false); // this form always shows a second digit
    }
    while !low && !high {
        digits.push(state.digit());
        state.widen();
        (low, high) = (state.low(), state.high());
    }
    let last_is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let up = match (high, low) {
        (false, _) => false,
        (true, false) => true,
        (true, true) => match state.against_half() {
            Ordering::Greater => true,
            Ordering::Equal => last_is_odd,
            Ordering::Less => false,
        },
    };
    if up && !round_up(&mut digits) {
        exponent += 1;
    }
    (digits, exponent)
}

/// Adds one to the last digit. `false` when the digits were all nines and became a one of the next power.
fn round_up(digits: &mut [u32]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return true;
        }
        *digit = 0;
    }
    if let Some(first) = digits.first_mut() {
        *first = 1;
    }
    false
}

fn wrap_int(value: i64) -> i64 {
    i64::from(value as i32) // the reference computes in 32 bits here, overflow included
}

fn wrap_long(value: i64) -> i64 {
    value
}

/// In 32- or 64-bit words, whose overflow is part of the result.
struct WordState {
    b: i64,
    s: i64,
    m: i64,
    tens: i64,
    wrap: fn(i64) -> i64,
}

impl WordState {
    fn new(scaled: &Scaled, wrap: fn(i64) -> i64) -> Self {
        let power = |five: i64| 5_i64.wrapping_pow(u32::try_from(five).unwrap_or(0));
        let shift = |value: i64, by: i64| wrap(value.wrapping_shl(u32::try_from(by).unwrap_or(0)));
        let b = shift(wrap(scaled.mantissa.cast_signed().wrapping_mul(power(scaled.b5))), scaled.b2);
        let s = shift(power(scaled.s5), scaled.s2);
        Self { b, s, m: shift(power(scaled.b5), scaled.m2), tens: wrap(s.wrapping_mul(10)), wrap }
    }
}

impl State for WordState {
    fn digit(&mut self) -> u32 {
        let quotient = self.b.checked_div(self.s).unwrap_or(0);
        self.b = (self.wrap)(self.b.checked_rem(self.s).unwrap_or(0).wrapping_mul(10));
        u32::try_from(quotient).unwrap_or(0)
    }

    fn widen(&mut self) {
        self.m = (self.wrap)(self.m.wrapping_mul(10));
    }

    fn low(&self) -> bool {
        self.m <= 0 || self.b < self.m // a half unit that overflowed passes everything
    }

    fn high(&self) -> bool {
        self.m <= 0 || (self.wrap)(self.b.wrapping_add(self.m)) > self.tens
    }

    fn against_half(&self) -> Ordering {
        (self.wrap)(self.b.wrapping_mul(2).wrapping_sub(self.tens)).cmp(&0)
    }
}

/// In numbers of any length.
struct BigState {
    b: Big,
    s: Big,
    m: Big,
    tens: Big,
}

impl BigState {
    fn new(scaled: &Scaled) -> Self {
        let s = Big::scaled(1, scaled.s5, scaled.s2);
        let mut tens = s.clone();
        tens.times(10);
        Self {
            b: Big::scaled(scaled.mantissa, scaled.b5, scaled.b2),
            s,
            m: Big::scaled(1, scaled.b5, scaled.m2),
            tens,
        }
    }
}

impl State for BigState {
    fn digit(&mut self) -> u32 {
        let mut quotient = 0;
        while self.b.compare(&self.s) != Ordering::Less {
            self.b.take(&self.s);
            quotient += 1;
        }
        self.b.times(10);
        quotient
    }

    fn widen(&mut self) {
        self.m.times(10);
    }

    fn low(&self) -> bool {
        self.b.compare(&self.m) == Ordering::Less
    }

    fn high(&self) -> bool {
        // Unlike in words, reaching the next digit exactly counts.
        self.tens.compare(&self.b.plus(&self.m)) != Ordering::Greater
    }

    fn against_half(&self) -> Ordering {
        self.b.plus(&self.b).compare(&self.tens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_as_java_writes_them() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.25, "1.25"),
            (1e7, "1.0E7"),
            (9_999_999.0, "9999999.0"),
            (0.001, "0.001"),
            (0.000_9, "9.0E-4"),
            (f64::from_bits(1), "4.9E-324"),
            (f64::MAX, "1.7976931348623157E308"),
            (2e23, "1.9999999999999998E23"),
            (1.0e23, "9.999999999999999E22"),
            (2.0e-3, "0.002"),
            (4.8726570057E288, "4.8726570056999995E288"),
            (9.223_372_036_854_776E18, "9.223372036854776E18"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(java_double_text(value), text);
        }
    }

    #[test]
    fn floats_as_java_writes_them() {
        for (value, text) in [
            (0.5, "0.5"),
            (f32::from_bits(1), "1.4E-45"),
            (f32::MAX, "3.4028235E38"),
            (1.0e10, "1.0E10"),
            (3.3e-5, "3.3E-5"),
        ] {
            assert_eq!(java_float_text(value), text);
        }
    }

    #[test]
    fn every_text_reads_back() {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let double = f64::from_bits(bits);
            if double.is_finite() {
                assert_eq!(java_double_text(double).parse::<f64>().unwrap().to_bits(), bits);
            }
            let float = f32::from_bits((bits >> 32) as u32);
            if float.is_finite() {
                assert_eq!(java_float_text(float).parse::<f32>().unwrap().to_bits(), float.to_bits());
            }
        }
    }
}
