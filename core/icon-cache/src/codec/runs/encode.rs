//! Pixels to content. At each pixel the longer of the two runs is taken; greedy, in one pass.

use super::{ABOVE, BEFORE, LITERALS_MORE, LITERALS_SHIFT, Pixel, RUN_MIN, RUN_MORE};

/// Pixels that are compared at once in a run.
const STRIDE: usize = 8;
/// Places of colours that are looked up by hash; two colours of one place only cost bytes.
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 10;
/// The place of a colour that was not met yet, out of reach of every count.
const NEVER: u32 = u32::MAX / 2;

/// Encodes; keeps its buffers from one picture to the next.
#[derive(Debug, Default)]
pub(in crate::codec) struct Encoder {
    tokens: Vec<u8>,
    literals: Vec<u8>,
    colours: Colours,
}

impl Encoder {
    /// Appends the content of a picture whose rows are `width` pixels.
    pub(in crate::codec) fn encode(&mut self, bytes: &[u8], width: usize, out: &mut Vec<u8>) {
        let (pixels, _) = bytes.as_chunks::<4>();
        self.tokens.clear();
        self.literals.clear();
        self.colours.clear();
        let (mut at, mut literals) = (0, 0);
        while let Some(rest) = pixels.get(at..).filter(|rest| !rest.is_empty()) {
            let left = at.checked_sub(1).and_then(|left| pixels.get(left)).copied().unwrap_or(BEFORE);
            let along = run_along(rest, left);
            let above = at.checked_sub(width).and_then(|above| pixels.get(above..));
            let down = above.map_or(0, |above| run_below(rest, above));
            let run = along.max(down);
            if run < RUN_MIN {
                if let Some(pixel) = rest.first() {
                    self.literals.push(self.colours.name(*pixel));
                }
                (at, literals) = (at + 1, literals + 1);
                continue;
            }
            self.token(literals, run - RUN_MIN, down > along);
            (at, literals) = (at + run, 0);
        }
        if literals > 0 {
            self.token(literals, 0, false);
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes();
        out.extend(count(self.literals.len()));
        out.extend(count(self.colours.count as usize));
        out.extend_from_slice(&self.colours.rgb);
        out.extend_from_slice(&self.colours.opaque);
        out.extend_from_slice(&self.colours.alphas);
        out.extend_from_slice(&self.literals);
        out.extend_from_slice(&self.tokens);
    }

    /// So many literals, then a run.
    fn token(&mut self, literals: usize, run: usize, is_above: bool) {
        // Both fit their bits, so the conversion takes nothing away.
        let fields = (literals.min(LITERALS_MORE) << LITERALS_SHIFT) | run.min(RUN_MORE);
        self.tokens.push(fields as u8 | if is_above { ABOVE } else { 0 });
        self.more(literals, LITERALS_MORE);
        self.more(run, RUN_MORE);
    }

    /// What a field of a token has no room for.
    fn more(&mut self, length: usize, field: usize) {
        let Some(mut left) = length.checked_sub(field) else { return };
        while left >= 255 {
            self.tokens.push(255);
            left -= 255;
        }
        self.tokens.push(left as u8);
    }
}

/// How many pixels are that to their left.
#[inline]
fn run_along(pixels: &[Pixel], left: Pixel) -> usize {
    if pixels.first_chunk() != Some(&[left; RUN_MIN]) {
        return 0;
    }
    let (strides, rest) = pixels.as_chunks::<STRIDE>();
    let mut equal = 0;
    for stride in strides {
        if *stride != [left; STRIDE] {
            return equal + first_difference(stride, &[left; STRIDE]);
        }
        equal += STRIDE;
    }
    equal + rest.iter().take_while(|pixel| **pixel == left).count()
}

/// How many pixels are as those of the other slice.
#[inline]
fn run_below(pixels: &[Pixel], above: &[Pixel]) -> usize {
    if pixels.first_chunk::<RUN_MIN>() != above.first_chunk() {
        return 0;
    }
    let (strides, rest) = pixels.as_chunks::<STRIDE>();
    let mut equal = 0;
    // As many are above as follow, or more.
    for (here, there) in strides.iter().zip(above.as_chunks::<STRIDE>().0) {
        if here != there {
            return equal + first_difference(here, there);
        }
        equal += STRIDE;
    }
    equal + rest.iter().zip(above.iter().skip(equal)).take_while(|(here, there)| here == there).count()
}

/// How many pixels are equal before the first that is not; without a branch a pixel, which no processor could foresee.
#[inline]
fn first_difference(here: &[Pixel; STRIDE], there: &[Pixel; STRIDE]) -> usize {
    let pairs = here.iter().zip(there).rev();
    let differ = pairs.fold(0_u32, |bits, (here, there)| (bits << 1) | u32::from(here != there));
    differ.trailing_zeros() as usize
}

/// The table of colours, in the order in which they are met.
#[derive(Debug, Default)]
struct Colours {
    count: u32,
    rgb: Vec<u8>,
    /// A bit a colour, the lowest first.
    opaque: Vec<u8>,
    /// Of colours that are not opaque.
    alphas: Vec<u8>,
    places: Vec<(Pixel, u32)>,
}

impl Colours {
    fn clear(&mut self) {
        self.count = 0;
        self.rgb.clear();
        self.opaque.clear();
        self.alphas.clear();
        self.places.clear();
        self.places.resize(PLACES, (BEFORE, NEVER));
    }

    /// How far back in the table the colour is; 0: it is the next new one.
    #[inline]
    fn name(&mut self, pixel: Pixel) -> u8 {
        let hash = u32::from_le_bytes(pixel).wrapping_mul(0x9e37_79b1) >> (u32::BITS - PLACE_BITS);
        let place = self.places.get_mut(hash as usize);
        if let Some((known, at)) = place {
            if let (true, Ok(back)) = (*known == pixel, u8::try_from(self.count.wrapping_sub(*at))) {
                return back;
            }
            (*known, *at) = (pixel, self.count);
        }
        let [red, green, blue, alpha] = pixel;
        self.rgb.extend_from_slice(&[red, green, blue]);
        if self.count.is_multiple_of(8) {
            self.opaque.push(0);
        }
        if alpha == 255 {
            if let Some(bits) = self.opaque.last_mut() {
                *bits |= 1 << (self.count % 8);
            }
        } else {
            self.alphas.push(alpha);
        }
        self.count += 1;
        0
    }
}
