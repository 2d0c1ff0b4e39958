//! The little arithmetic on long numbers that Java's digits need.
//!
//! Not a general big integer: no division, no sign, and only as long as a double's scale asks for (about 1,200 bits).

use std::cmp::Ordering;

/// An unsigned number of any length: 32-bit digits, lowest first, no leading zero.
#[derive(Clone)]
pub(super) struct Big(Vec<u32>);

impl Big {
    /// `factor · 5^five · 2^two`.
    pub(super) fn scaled(factor: u64, five: i64, two: i64) -> Self {
        let two = usize::try_from(two).unwrap_or(0);
        let mut big = Self(vec![0; two / 32]);
        let low = u128::from(factor) << (two % 32);
        big.0.extend([low as u32, (low >> 32) as u32, (low >> 64) as u32]);
        big.trim();
        for _ in 0..five {
            big.times(5);
        }
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Multiplies in place.
    pub(super) fn times(&mut self, factor: u32) {
        let mut carry = 0_u64;
        for digit in &mut self.0 {
            let product = u64::from(*digit) * u64::from(factor) + carry;
            *digit = product as u32;
            carry = product >> 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
    }

    /// Subtracts a number that is not larger.
    pub(super) fn take(&mut self, other: &Self) {
        let mut borrow = false;
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        for (digit, other) in self.0.iter_mut().zip(others) {
            let (first, under) = digit.overflowing_sub(other);
            let (second, under_again) = first.overflowing_sub(u32::from(borrow));
            *digit = second;
            borrow = under || under_again;
        }
        self.trim();
    }

    /// The sum.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut carry = 0_u64;
        let shorts = short.0.iter().copied().chain(std::iter::repeat(0));
        let mut sum: Vec<u32> = Vec::with_capacity(long.0.len() + 1);
        for (a, b) in long.0.iter().zip(shorts) {
            let total = u64::from(*a) + u64::from(b) + carry;
            sum.push(total as u32);
            carry = total >> 32;
        }
        if carry != 0 {
            sum.push(carry as u32);
        }
        Self(sum)
    }

    /// The order of the two.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
