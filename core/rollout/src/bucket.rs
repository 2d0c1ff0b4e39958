//! Which bucket of a feature a device is in, and which buckets a canary reaches (R12–R14).
//!
//! What it is: one hash and one comparison. What it is not: it makes no ids; whoever owns the storage does (R13).
//!
//! Invariants: a bucket is 0..=999; the same salt and unit give the same bucket in every version and language
//! (golden vectors); a window that grows keeps every device it had.

use std::fmt;

use sha2::{Digest, Sha256};

/// How many buckets there are: one per mille each.
pub const BUCKETS: u16 = 1000;

/// The random id of a device, made once and kept in device-protected storage (R13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Unit(pub [u8; 16]);

impl Unit {
    /// Reads 32 lower-case hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let lower = |digit: &u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(digit);
        if digits.len() != 32 || !digits.iter().all(lower) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// R12: `(be_u64(SHA-256(dec(len(salt)) ":" salt ":" unit)[0..8]) * 1000) >> 64`, `len` in bytes.
///
/// ```
/// use ferrule_rollout::bucket::{Unit, bucket};
/// assert_eq!(bucket("os_compat", &Unit([0; 16])), 12);
/// ```
pub fn bucket(salt: &str, unit: &Unit) -> u16 {
    let mut hash = Sha256::new();
    hash.update(salt.len().to_string());
    hash.update(":");
    hash.update(salt);
    hash.update(":");
    hash.update(unit.to_string());
    let first = head(&hash.finalize());
    // At most 999: the product is below 1000 * 2^64.
    ((u128::from(first) * u128::from(BUCKETS)) >> 64) as u16
}

/// The first 8 bytes of SHA-256 of a text, big-endian: how boot ids, build ids and other names become numbers.
pub fn id_hash(text: &str) -> u64 {
    head(&Sha256::digest(text))
}

/// The first 8 bytes as a big-endian number.
pub(crate) fn head(digest: &[u8]) -> u64 {
    digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The buckets that a canary reaches: `start..start + count`, without wrapping (R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Cohort {
    /// The first bucket, 0..=999.
    pub start: u16,
    /// How many buckets, 0..=1000.
    pub count: u16,
}

impl Cohort {
    /// Whether a bucket is in it.
    pub fn contains(self, bucket: u16) -> bool {
        bucket >= self.start && bucket - self.start < self.count
    }

    /// Whether two windows of one salt share a bucket.
    pub fn overlaps(self, other: Self) -> bool {
        let end = |cohort: Self| u32::from(cohort.start) + u32::from(cohort.count);
        self.count > 0
            && other.count > 0
            && u32::from(self.start) < end(other)
            && u32::from(other.start) < end(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_grows_keeps_whom_it_had() {
        for start in [0, 7, 500, 999] {
            let mut inside = 0;
            for count in 0..=BUCKETS - start {
                let cohort = Cohort { start, count };
                let now = (0..BUCKETS).filter(|bucket| cohort.contains(*bucket)).count();
                assert_eq!(now, usize::from(count));
                assert!(now >= inside);
                inside = now;
            }
        }
    }

    #[test]
    fn windows_overlap_only_where_a_bucket_is_in_both() {
        let window = |start, count| Cohort { start, count };
        for (a, b, expected) in [
            (window(0, 10), window(10, 10), false),
            (window(0, 11), window(10, 10), true),
            (window(5, 0), window(0, 1000), false),
            (window(0, 1000), window(999, 1), true),
        ] {
            assert_eq!((a.overlaps(b), b.overlaps(a)), (expected, expected), "{a:?} {b:?}");
            assert_eq!((0..BUCKETS).any(|bucket| a.contains(bucket) && b.contains(bucket)), expected);
        }
    }

    #[test]
    fn a_unit_is_thirty_two_lower_case_digits() {
        let unit = Unit::parse("0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(unit.to_string(), "0123456789abcdef0123456789abcdef");
        for bad in ["", "0123456789ABCDEF0123456789abcdef", "+123456789abcdef0123456789abcdef", "0"] {
            assert_eq!(Unit::parse(bad), None, "{bad}");
        }
    }
}
