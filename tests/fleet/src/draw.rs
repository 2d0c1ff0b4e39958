//! Random numbers from a seed.

/// A generator (G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators").
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// From a seed and what it is for.
    pub fn new(seed: u64, about: u64) -> Self {
        let mut draw = Self(seed ^ about.wrapping_mul(0xff51_afd7_ed55_8ccd));
        draw.number();
        draw
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `bound`, which is above 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound
    }

    /// One of a list that is not empty.
    pub fn one_of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len() as u64) as usize]
    }
}
