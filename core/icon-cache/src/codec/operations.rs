//! QOI files back to pixels: what stored pictures of format 1 hold, as the `qoi` crate wrote them.
//!
//! Why not the crate's decoder: it branches on each operation, and where an icon changes between colours it knows already and
//! new ones, which the processor cannot foresee, these branches are most of its time. Here a known colour and a new one take the
//! same way, and runs are written in blocks: a quarter to a third less on drawn icons. What the crate reads of whole content,
//! this reads equally; a test compares.
//!
//! What it is not: an encoder; nothing writes format 1 any more.
//!
//! Invariants: content that is not whole, or not exactly as long as the picture, is none; nothing is written beyond `out`.

/// What QOI ends with.
const END: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
/// The slot of the colours seen that nobody reads.
const NOWHERE: usize = 64;
/// Pixels that are written at once in a run.
const BLOCK: usize = 16;
/// The first byte of operations: a small difference, a run, and behind the runs a new colour without or with its alpha.
const DIFF: u8 = 0x40;
const LUMA: u8 = 0x80;
const RUN: u8 = 0xc0;
const RUN_MAX: u8 = 62;
const RGB: u8 = 0xfe;

/// Four channels, red in the lowest byte, so that the bytes of a pixel are those of the number in little-endian order.
type Colour = u32;
const ALPHA: Colour = 0xff00_0000;

/// Bytes of a file's header.
const HEADER_BYTES: usize = 14;

/// The most bytes that a file of a picture of so many bytes has: each pixel as a new colour with its alpha.
pub(super) fn file_bytes_max(picture_len: usize) -> usize {
    HEADER_BYTES + picture_len / 4 * 5 + END.len()
}

/// Fills `out` from a file of a picture of these sides with four channels. Whether it was one; if not, `out` holds anything.
pub(super) fn decode_file(file: &[u8], (width, height): (u32, u32), out: &mut [u8]) -> bool {
    let Some((header, content)) = file.split_first_chunk::<HEADER_BYTES>() else { return false };
    let ([w0, w1, w2, w3], [h0, h1, h2, h3]) = (width.to_be_bytes(), height.to_be_bytes());
    // The last byte is sRGB or linear, which changes no pixel.
    let known = [b'q', b'o', b'i', b'f', w0, w1, w2, w3, h0, h1, h2, h3, 4];
    matches!(header, [fields @ .., 0 | 1] if *fields == known) && decode(content, out)
}

/// Fills `out`, four bytes a pixel. Whether the content was whole; if not, `out` holds anything.
fn decode(content: &[u8], out: &mut [u8]) -> bool {
    let (pixels, rest) = out.as_chunks_mut::<4>();
    let mut seen: [Colour; 128] = [0; 128];
    let mut colour = ALPHA;
    let (mut from, mut to) = (0, 0);
    while to < pixels.len() {
        // Every operation fits, or the end, which is longer than any, is missing.
        let Some([operation, b1, b2, b3, b4]) = content.get(from..).and_then(|rest| rest.first_chunk())
        else {
            return false;
        };
        let (operation, next) = (*operation, u32::from_le_bytes([*b1, *b2, *b3, *b4]));
        if operation.wrapping_sub(RUN) < RUN_MAX {
            let length = usize::from(operation - RUN) + 1;
            if !fill(pixels, to, length, colour) {
                return false;
            }
            (from, to) = (from + 1, to + length);
            continue;
        }
        let slot;
        if (DIFF..RUN).contains(&operation) {
            if operation < LUMA {
                let difference = DIFFERENCES.get(usize::from(operation) % 64).copied().unwrap_or_default();
                colour = add(colour, difference);
                from += 1;
            } else {
                colour = add(colour, luma(operation, *b1));
                from += 2;
            }
            slot = hash(colour);
        } else {
            let is_seen = operation < DIFF;
            let new = if operation == RGB { (next & !ALPHA) | (colour & ALPHA) } else { next };
            let old = seen.get(usize::from(operation) % 64).copied().unwrap_or_default();
            colour = if is_seen { old } else { new };
            // A colour that was seen lies where it is; written again, it would have to be hashed first.
            slot = if is_seen { NOWHERE } else { hash(colour) };
            from += if is_seen { 1 } else { 4 + usize::from(operation & 1) };
        }
        if let (Some(slot), Some(pixel)) = (seen.get_mut(slot), pixels.get_mut(to)) {
            *slot = colour;
            *pixel = colour.to_le_bytes();
        }
        to += 1;
    }
    rest.is_empty() && content.get(from..) == Some(&END)
}

/// Writes a run; false: it is longer than what is left. What follows a run is written later, so blocks may reach beyond it.
#[inline]
fn fill(pixels: &mut [[u8; 4]], at: usize, length: usize, colour: Colour) -> bool {
    let pixel = colour.to_le_bytes();
    let Some(left) = pixels.get_mut(at..) else { return false };
    if left.len() < length {
        return false;
    }
    let mut done = 0;
    while done < length {
        match left.get_mut(done..).and_then(|rest| rest.first_chunk_mut::<BLOCK>()) {
            Some(block) => *block = [pixel; BLOCK],
            None => {
                left.get_mut(done..length).unwrap_or_default().fill(pixel);
                return true;
            }
        }
        done += BLOCK;
    }
    true
}

/// The slot of a colour among those seen: `(3 red + 5 green + 7 blue + 11 alpha) mod 64`, in one multiplication.
#[inline]
fn hash(colour: Colour) -> usize {
    let spread = (u64::from(colour & 0xff00_ff00) << 32) | u64::from(colour & 0x00ff_00ff);
    (spread.wrapping_mul(0x0300_0700_0005_000b) >> 56) as usize % 64
}

/// Adds each channel to its own, without a carry from one to the next.
#[inline]
fn add(colour: Colour, difference: Colour) -> Colour {
    const LOW: u32 = 0x7f7f_7f7f;
    ((colour & LOW) + (difference & LOW)) ^ ((colour ^ difference) & !LOW)
}

/// What the small differences add: two bits a channel, red highest, each 2 too large.
const DIFFERENCES: [Colour; 64] = {
    let mut all = [0; 64];
    let mut left: &mut [Colour] = &mut all;
    let mut bits: u8 = 0;
    while let [first, rest @ ..] = left {
        let (red, green, blue) = (bits >> 4, bits >> 2 & 3, bits & 3);
        *first = Colour::from_le_bytes([red.wrapping_sub(2), green.wrapping_sub(2), blue.wrapping_sub(2), 0]);
        bits += 1;
        left = rest;
    }
    all
};

/// Six bits of green, 32 too large; red and blue as differences from it, four bits each, 8 too large.
#[inline]
fn luma(operation: u8, more: u8) -> Colour {
    let green = (operation & 0x3f).wrapping_sub(32);
    let beside = green.wrapping_sub(8);
    Colour::from_le_bytes([beside.wrapping_add(more >> 4), green, beside.wrapping_add(more & 15), 0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIDE: u32 = 6;
    const PIXELS: usize = (SIDE * SIDE) as usize;

    /// The crate's answer to the same content.
    fn by_the_crate(content: &[u8]) -> Option<Vec<u8>> {
        let mut file = qoi::encode_to_vec([0; PIXELS * 4], SIDE, SIDE).unwrap();
        file.truncate(14);
        file.extend(content);
        qoi::decode_to_vec(file).ok().map(|(_, pixels)| pixels)
    }

    fn ours(content: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![9; PIXELS * 4];
        decode(content, &mut out).then_some(out)
    }

    /// Any operation with what belongs to it, and how many pixels it makes.
    fn operation() -> impl Strategy<Value = (Vec<u8>, usize)> {
        (any::<u8>(), any::<[u8; 4]>()).prop_map(|(first, more)| {
            let (length, pixels) = match first {
                RGB => (3, 1),
                0xff => (4, 1),
                RUN.. => (0, usize::from(first - RUN) + 1),
                LUMA..RUN => (1, 1),
                _ => (0, 1),
            };
            ([&[first], &more[..length]].concat(), pixels)
        })
    }

    /// Few colours, so that every operation of the encoder's comes about.
    fn pixels() -> impl Strategy<Value = Vec<u8>> {
        let channel = prop_oneof![0..4_u8, 250..=255_u8, any::<u8>()];
        let pixel =
            [channel.clone(), channel.clone(), channel.clone(), channel].prop_map(|pixel| pixel.to_vec());
        proptest::collection::vec((pixel, 1..70_usize), 1..PIXELS).prop_map(|runs| {
            let all = runs.into_iter().flat_map(|(pixel, length)| vec![pixel; length]);
            all.chain(std::iter::repeat(vec![1, 2, 3, 4])).take(PIXELS).flatten().collect()
        })
    }

    proptest! {
        #[test]
        fn what_the_crate_writes_comes_back(pixels in pixels()) {
            let file = qoi::encode_to_vec(&pixels, SIDE, SIDE).unwrap();
            prop_assert_eq!(ours(&file[14..]), Some(pixels));
        }

        #[test]
        fn what_is_whole_here_is_the_same_to_the_crate(operations in proptest::collection::vec(operation(), 0..60)) {
            let (mut content, mut made) = (Vec::new(), 0);
            for (bytes, pixels) in operations {
                // The last run is made to fit, if one can.
                if made + pixels <= PIXELS {
                    content.extend(bytes);
                    made += pixels;
                }
            }
            content.extend(std::iter::repeat_n(DIFF, PIXELS - made));
            content.extend(END);
            let pixels = ours(&content);
            prop_assert!(pixels.is_some());
            prop_assert_eq!(pixels, by_the_crate(&content));
        }

        #[test]
        fn content_that_is_cut_or_too_long_is_none(pixels in pixels(), cut in 1..40_usize, more in any::<u8>()) {
            let file = qoi::encode_to_vec(&pixels, SIDE, SIDE).unwrap();
            let content = &file[14..];
            prop_assert_eq!(ours(&content[..content.len().saturating_sub(cut)]), None);
            prop_assert_eq!(ours(&[content, &[more]].concat()), None);
        }
    }

    #[test]
    fn a_run_beyond_the_picture_and_a_buffer_of_half_pixels_are_refused() {
        let run = |length: u8| RUN + length - 1;
        let whole = [&[run(36)][..], &END].concat();
        assert_eq!(ours(&whole), Some([0, 0, 0, 255].repeat(PIXELS)));
        assert_eq!(ours(&[&[run(37)][..], &END].concat()), None);
        assert_eq!(ours(&[&[run(35), run(2)][..], &END].concat()), None);
        assert!(!decode(&whole, &mut [0; PIXELS * 4 + 1]));
        assert!(decode(&END, &mut []));
    }
}
