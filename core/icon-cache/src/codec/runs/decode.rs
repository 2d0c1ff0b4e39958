//! Content to pixels: the table of colours, then the literals, then everything.

use super::{ABOVE, BEFORE, COUNTS_BYTES, LITERALS_MORE, LITERALS_SHIFT, Pixel, RUN_MIN, RUN_MORE};

/// Pixels that are written at once. What follows is written later, so blocks may reach beyond their run.
const BLOCK: usize = 16;

/// Decodes; keeps its buffers from one picture to the next: at most twice the picture and a block.
#[derive(Debug, Default)]
pub(in crate::codec) struct Decoder {
    colours: Vec<Pixel>,
    literals: Vec<Pixel>,
}

impl Decoder {
    /// Fills `out`, four bytes a pixel and `width` pixels a row. Whether the content was whole; if not, `out` holds anything.
    pub(in crate::codec) fn decode(&mut self, content: &[u8], width: usize, out: &mut [u8]) -> bool {
        let (pixels, rest) = out.as_chunks_mut::<4>();
        let Some((literals, colours, content)) = counts(content) else { return false };
        if !rest.is_empty() || literals > pixels.len() || colours > literals {
            return false;
        }
        let Some(content) = self.read_colours(colours, content) else { return false };
        let Some((names, tokens)) = content.split_at_checked(literals) else { return false };
        self.read_literals(names) && self.read_tokens(tokens, names.len(), width, pixels)
    }

    /// Bytes of the buffers.
    #[cfg(test)]
    pub(in crate::codec) fn kept_bytes(&self) -> usize {
        (self.colours.capacity() + self.literals.capacity()) * size_of::<Pixel>()
    }

    /// The table; answers what follows it.
    fn read_colours<'a>(&mut self, count: usize, content: &'a [u8]) -> Option<&'a [u8]> {
        let (rgb, content) = content.split_at_checked(count * 3)?;
        let (opaque, mut alphas) = content.split_at_checked(count.div_ceil(8))?;
        self.colours.clear();
        for (eight, bits) in rgb.chunks(8 * 3).zip(opaque) {
            for (place, [red, green, blue]) in eight.as_chunks().0.iter().enumerate() {
                let is_opaque = bits >> place & 1 == 1;
                let alpha = if is_opaque { 255 } else { *alphas.split_off_first()? };
                self.colours.push([*red, *green, *blue, alpha]);
            }
        }
        Some(alphas)
    }

    /// The single pixels of the picture.
    fn read_literals(&mut self, names: &[u8]) -> bool {
        // A block of more, which is read and not used.
        self.literals.resize(names.len() + BLOCK, BEFORE);
        let mut known = 0_usize;
        for (name, literal) in names.iter().zip(&mut self.literals) {
            let Some(colour) = self.colours.get(known.wrapping_sub(usize::from(*name))) else { return false };
            *literal = *colour;
            known += usize::from(*name == 0);
        }
        known == self.colours.len()
    }

    fn read_tokens(&self, tokens: &[u8], count: usize, width: usize, pixels: &mut [Pixel]) -> bool {
        let mut tokens = tokens.iter();
        let (mut from, mut to) = (0, 0);
        while to < pixels.len() {
            let Some(token) = tokens.next() else { return false };
            let literals = usize::from(token >> LITERALS_SHIFT) & LITERALS_MORE;
            let Some(literals) = length(literals, LITERALS_MORE, &mut tokens) else { return false };
            if literals > count - from || literals > pixels.len() - to {
                return false;
            }
            self.copy_literals(from, literals, pixels, to);
            (from, to) = (from + literals, to + literals);
            if to == pixels.len() {
                break;
            }
            let Some(run) = length(usize::from(*token) & RUN_MORE, RUN_MORE, &mut tokens) else {
                return false;
            };
            let run = run + RUN_MIN;
            if run > pixels.len() - to {
                return false;
            }
            if token & ABOVE == 0 {
                fill(pixels, to, run);
            } else if to < width {
                return false;
            } else {
                copy_above(pixels, to, run, width);
            }
            to += run;
        }
        from == count && tokens.next().is_none()
    }

    #[inline]
    fn copy_literals(&self, from: usize, length: usize, pixels: &mut [Pixel], to: usize) {
        let (mut source, mut left) = (self.literals.get(from..).unwrap_or_default(), length);
        let mut target = pixels.get_mut(to..).unwrap_or_default();
        while left > 0 {
            match (source.split_first_chunk::<BLOCK>(), target.split_first_chunk_mut::<BLOCK>()) {
                (Some((read, later)), Some((block, rest))) => {
                    *block = *read;
                    (source, target) = (later, rest);
                }
                (_, _) => {
                    // `split_first_chunk_mut` has lent all of `target`; the rest is shorter than a block.
                    let end = pixels.get_mut(to + length - left..to + length).unwrap_or_default();
                    end.iter_mut().zip(source).for_each(|(pixel, literal)| *pixel = *literal);
                    return;
                }
            }
            left = left.saturating_sub(BLOCK);
        }
    }
}

/// The two counts: literals and colours.
fn counts(content: &[u8]) -> Option<(usize, usize, &[u8])> {
    let ([l0, l1, l2, l3, c0, c1, c2, c3], content) = content.split_first_chunk::<COUNTS_BYTES>()?;
    let count = |bytes| u32::from_le_bytes(bytes) as usize;
    Some((count([*l0, *l1, *l2, *l3]), count([*c0, *c1, *c2, *c3]), content))
}

/// The length that a field of a token and the bytes behind it are; `None`: they are not all there.
#[inline]
fn length(field: usize, more: usize, tokens: &mut std::slice::Iter<'_, u8>) -> Option<usize> {
    let mut length = field;
    if field == more {
        loop {
            let byte = *tokens.next()?;
            // No more than the bytes of the content, each at most 255.
            length += usize::from(byte);
            if byte < 255 {
                break;
            }
        }
    }
    Some(length)
}

/// Repeats the pixel to the left.
#[inline]
fn fill(pixels: &mut [Pixel], to: usize, length: usize) {
    let pixel = to.checked_sub(1).and_then(|left| pixels.get(left)).copied().unwrap_or(BEFORE);
    let mut done = 0;
    while done < length {
        match pixels.get_mut(to + done..).and_then(|rest| rest.first_chunk_mut::<BLOCK>()) {
            Some(block) => *block = [pixel; BLOCK],
            None => {
                pixels.get_mut(to + done..to + length).unwrap_or_default().fill(pixel);
                return;
            }
        }
        done += BLOCK;
    }
}

/// Repeats the row above. Each block is read after those before it were written: a run may be longer than a row.
#[inline]
fn copy_above(pixels: &mut [Pixel], to: usize, length: usize, width: usize) {
    let mut done = 0;
    while done < length {
        let at = to + done;
        let Some((before, after)) = pixels.split_at_mut_checked(at) else { return };
        let above = before.get(at - width..).and_then(|above| above.first_chunk::<BLOCK>());
        match (above, after.first_chunk_mut::<BLOCK>()) {
            (Some(above), Some(block)) => *block = *above,
            // Rows shorter than a block, or the end of the picture.
            (_, _) => {
                for at in at..to + length {
                    pixels.copy_within(at - width..=at - width, at);
                }
                return;
            }
        }
        done += BLOCK;
    }
}
