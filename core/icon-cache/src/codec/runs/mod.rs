//! Form 3 of a stored picture (`docs/formats/icon-picture.md`): runs that repeat what lies to the left or above, and between them
//! literals, single pixels that name colours of a table.
//!
//! Why not QOI, which format 1 has: each of its operations needs the colour that the one before made, so a processor waits. Here
//! the table is unpacked first, then the literals, each without a look at its neighbour, then runs are copied in blocks.
//!
//! What it is not: a checksum, a header, or a second stage; `stored` has these.
//!
//! Invariants: content that is not whole, or not exactly as long as the picture, is none; nothing is written beyond `out`.

mod decode;
mod encode;

pub(super) use decode::Decoder;
pub(super) use encode::Encoder;

/// Red, green, blue, alpha.
type Pixel = [u8; 4];

/// What lies to the left of the first pixel.
const BEFORE: Pixel = [0; 4];
/// Bytes of the two counts that the content begins with.
const COUNTS_BYTES: usize = 8;
/// The shortest run; one pixel takes no more as a literal.
const RUN_MIN: usize = 2;
/// In a token: the run repeats the row above, not the pixel to the left.
const ABOVE: u8 = 0x80;
/// Number of literals in a token from which more bytes follow, and its place.
const LITERALS_MORE: usize = 7;
const LITERALS_SHIFT: u32 = 4;
/// Length of a run in a token, less [`RUN_MIN`], from which more bytes follow.
const RUN_MORE: usize = 15;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content(pixels: &[u8], width: usize) -> Vec<u8> {
        let mut out = Vec::new();
        Encoder::default().encode(pixels, width, &mut out);
        out
    }

    fn decoded(content: &[u8], width: usize, len: usize) -> Option<Vec<u8>> {
        let mut out = vec![9; len];
        Decoder::default().decode(content, width, &mut out).then_some(out)
    }

    /// What the format's page says, pixel by pixel, with neither blocks nor tables made before.
    fn by_the_page(content: &[u8], width: usize, len: usize) -> Option<Vec<u8>> {
        let mut rest = content;
        let mut take = |count: usize| {
            let (taken, left) = rest.split_at_checked(count)?;
            rest = left;
            Some(taken.to_vec())
        };
        let mut count = || Some(u32::from_le_bytes(take(4)?.try_into().unwrap()) as usize);
        let (literals, colours) = (count()?, count()?);
        let rgb = take(colours.checked_mul(3)?)?;
        let bits = take(colours.div_ceil(8))?;
        let is_opaque = |colour: usize| bits[colour / 8] >> (colour % 8) & 1 == 1;
        let alphas = take((0..colours).filter(|colour| !is_opaque(*colour)).count())?;
        let mut alphas = alphas.into_iter();
        let table: Vec<Pixel> = (0..colours)
            .map(|colour| {
                let alpha = if is_opaque(colour) { 255 } else { alphas.next().unwrap() };
                [rgb[colour * 3], rgb[colour * 3 + 1], rgb[colour * 3 + 2], alpha]
            })
            .collect();
        let mut distances = take(literals)?.into_iter();
        let mut tokens = rest.iter().copied();
        let (mut out, mut known): (Vec<Pixel>, usize) = (Vec::new(), 0);
        let pixels = len / 4;
        while out.len() < pixels {
            let token = tokens.next()?;
            let mut length = |field: usize, more: usize| {
                let mut length = field;
                let mut last = field == more;
                while last {
                    let byte = tokens.next()?;
                    length += usize::from(byte);
                    last = byte == 255;
                }
                Some(length)
            };
            for _ in 0..length(usize::from(token >> 4 & 7), 7)? {
                let distance = usize::from(distances.next()?);
                out.push(*table.get(known.checked_sub(distance)?)?);
                known += usize::from(distance == 0);
            }
            if out.len() >= pixels {
                break;
            }
            for _ in 0..length(usize::from(token & 15), 15)? + 2 {
                let from = if token & 0x80 == 0 { 1 } else { width };
                let pixel = match out.len().checked_sub(from) {
                    Some(from) => out[from],
                    None if from == 1 && token & 0x80 == 0 => [0; 4],
                    None => return None,
                };
                out.push(pixel);
            }
        }
        let whole = out.len() == pixels && tokens.next().is_none() && distances.next().is_none();
        (whole && known == colours).then(|| out.concat())
    }

    fn pixel() -> impl Strategy<Value = Pixel> {
        prop_oneof![
            4 => prop::sample::select(vec![[0; 4], [9, 9, 9, 255], [9, 9, 9, 128]]),
            1 => any::<[u8; 4]>(),
        ]
    }

    /// Pixels in pieces: alone, repeated, or as the row above; one in three pictures is as narrow as a block or narrower.
    fn picture() -> impl Strategy<Value = (usize, Vec<u8>)> {
        let piece = (pixel(), prop_oneof![Just(1_usize), 1..40_usize, 250..600_usize], any::<bool>());
        let width = prop_oneof![1..18_usize, 17..70_usize, 17..70_usize];
        (width, prop::collection::vec(piece, 1..60)).prop_map(|(width, pieces)| {
            let mut pixels: Vec<Pixel> = Vec::new();
            for (pixel, length, is_above) in pieces {
                for _ in 0..length {
                    let above = pixels.len().checked_sub(width).map(|at| pixels[at]);
                    pixels.push(above.filter(|_| is_above).unwrap_or(pixel));
                }
            }
            let rows = (pixels.len() / width).max(1);
            pixels.resize(rows * width, [1, 2, 3, 4]);
            (width, pixels.concat())
        })
    }

    proptest! {
        #[test]
        fn every_picture_comes_back_also_by_the_page((width, pixels) in picture()) {
            let content = content(&pixels, width);
            prop_assert_eq!(by_the_page(&content, width, pixels.len()), Some(pixels.clone()));
            prop_assert_eq!(decoded(&content, width, pixels.len()), Some(pixels));
        }

        #[test]
        fn changed_content_reads_as_by_the_page(
            (width, pixels) in picture(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut content = content(&pixels, width);
            for (at, byte) in changes {
                let at = at.index(content.len());
                content[at] = byte;
            }
            if let Some(cut) = cut {
                content.truncate(cut.index(content.len()));
            }
            let by_the_page = by_the_page(&content, width, pixels.len());
            prop_assert_eq!(decoded(&content, width, pixels.len()), by_the_page);
        }
    }

    #[test]
    fn more_colours_than_can_be_named_come_again_as_new_ones() {
        let colours: Vec<Pixel> = (0..600_u32).map(|number| ((number * 77_777) | 1).to_le_bytes()).collect();
        let pixels = [colours.clone(), colours].concat().concat();
        let content = content(&pixels, 600);
        assert_eq!(decoded(&content, 600, pixels.len()), Some(pixels.clone()));
        // 600 wide the second row is as the first; 1200 wide each pixel is a literal, and no colour is within reach.
        assert!(content.len() < 600 * 6, "{}", content.len());
        let content = self::content(&pixels, 1200);
        assert_eq!(content.get(4..8), Some(&1200_u32.to_le_bytes()[..]));
        assert_eq!(decoded(&content, 1200, pixels.len()), Some(pixels));
    }

    #[test]
    fn counts_beyond_the_picture_take_no_memory() {
        let mut decoder = Decoder::default();
        for counts in [[17_u32, 0], [u32::MAX, u32::MAX], [16, 17], [16, u32::MAX]] {
            let content = [counts.map(u32::to_le_bytes).concat(), vec![0; 4000]].concat();
            assert!(!decoder.decode(&content, 4, &mut [0; 64]));
            assert_eq!(decoder.kept_bytes(), 0, "{counts:?}");
        }
    }
}
