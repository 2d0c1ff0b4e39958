//! How much an icon is shrunk so that all look equally large (D.1), and where its visible part lies.
//!
//! The area of the convex hull of the visible pixels decides. All floats are 32 bits and in upstream's order, so that the
//! answers are those of AOSP up to Android 15.
//!
//! Not here: drawing the icon at the size that [`drawn_size`] names, and what becomes of the answer.

use super::image::{PIXEL_BYTES, alpha_len, expect_len};
use super::{Image, PictureError};

/// Share of the icon that a full square may fill.
const SQUARE_SHARE: f32 = 375.0 / 576.0;
/// Share of the icon that a full circle may fill.
const CIRCLE_SHARE: f32 = 380.0 / 576.0;
/// Share of its rectangle that a circle fills.
const CIRCLE_OF_RECTANGLE: f32 = std::f32::consts::PI / 4.0;
/// Alpha above which a pixel is seen.
const ALPHA_UNSEEN: u8 = 40;
/// A row without a visible pixel.
const NO_EDGE: f32 = -1.0;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalised {
    /// Factor for the icon, greater than 0 and at most 1.
    pub scale: f32,
    /// Distance of the visible part from the left, top, right and bottom edge, as shares of width and height. Right and
    /// bottom are measured from the last visible pixel, so that a full icon has one pixel there. 0 where nothing is seen.
    pub bounds: [f32; 4],
}

/// Rows of alpha, read from pixels or from an alpha bitmap.
#[derive(Debug, Clone, Copy)]
pub struct AlphaImage<'a> {
    width: u32,
    height: u32,
    bytes: &'a [u8],
    /// Bytes from one alpha to the next.
    step: usize,
}

impl<'a> AlphaImage<'a> {
    /// A bitmap of one byte of alpha a pixel.
    ///
    /// # Errors
    /// When a side is out of range, or the buffer has another length.
    pub fn new(width: u32, height: u32, bytes: &'a [u8]) -> Result<Self, PictureError> {
        expect_len(bytes.len(), alpha_len(width, height)?)?;
        Ok(Self { width, height, bytes, step: 1 })
    }

    /// First and last visible column of each row.
    fn edges(self) -> impl Iterator<Item = Option<(usize, usize)>> + 'a {
        self.bytes.chunks_exact(self.width as usize * self.step).map(move |row| {
            let seen = |alpha: &u8| *alpha > ALPHA_UNSEEN;
            let mut alphas = row.iter().skip(self.step - 1).step_by(self.step);
            let first = alphas.position(seen)?;
            // What is left begins after the first; from its end, the last is found without a second look.
            let last = alphas.rposition(seen).map_or(first, |after| first + 1 + after);
            Some((first, last))
        })
    }
}

impl<'a> From<Image<'a>> for AlphaImage<'a> {
    fn from(image: Image<'a>) -> Self {
        Self { width: image.width(), height: image.height(), bytes: image.bytes(), step: PIXEL_BYTES }
    }
}

/// Size at which a drawable is drawn to be measured: its own, reduced until the longer side is at most twice the icon's
/// size. A side that a drawable does not name (0 or less) is that maximum.
///
/// ```
/// # use ferrule_icon_cache::pixels::normalise::drawn_size;
/// assert_eq!(drawn_size(48, 48, 192), (48, 48));
/// assert_eq!(drawn_size(1000, 500, 192), (384, 192));
/// assert_eq!(drawn_size(-1, 500, 192), (384, 384));
/// ```
pub fn drawn_size(width: i32, height: i32, icon_size: u16) -> (u32, u32) {
    let longest = 2 * i64::from(icon_size);
    let (width, height) = (i64::from(width), i64::from(height));
    let (width, height) = if width <= 0 || height <= 0 {
        let side = |side| if side <= 0 || side > longest { longest } else { side };
        (side(width), side(height))
    } else {
        let longer = width.max(height);
        if longer > longest { (longest * width / longer, longest * height / longer) } else { (width, height) }
    };
    (width as u32, height as u32)
}

/// Measures an icon that is no adaptive one.
pub fn normalise<'a>(icon: impl Into<AlphaImage<'a>>) -> Normalised {
    let icon = icon.into();
    let (width, height) = (icon.width, icon.height);
    let mut left = vec![NO_EDGE; height as usize];
    let mut right = left.clone();
    let (mut top, mut bottom) = (None, 0);
    let (mut leftmost, mut rightmost) = (usize::MAX, 0);
    for (y, ((edge, left), right)) in icon.edges().zip(&mut left).zip(&mut right).enumerate() {
        let Some((first, last)) = edge else { continue };
        (*left, *right) = (first as f32, last as f32);
        top.get_or_insert(y);
        bottom = y;
        leftmost = leftmost.min(first);
        rightmost = rightmost.max(last);
    }
    let Some(top) = top else { return Normalised { scale: 1.0, bounds: [0.0; 4] } };
    make_convex(left.get_mut(top..=bottom).unwrap_or_default(), 1.0);
    make_convex(right.get_mut(top..=bottom).unwrap_or_default(), -1.0);
    // Upstream adds row by row in 32 bits; another order would answer otherwise.
    let rows = left.iter().zip(&right).filter(|(left, _)| **left > NO_EDGE);
    let hull = rows.fold(0f32, |area, (left, right)| area + (right - left + 1.0));
    let rectangle = ((bottom + 1 - top) * (rightmost + 1 - leftmost)) as f32;
    let share = |at: usize, of: u32| at as f32 / of as f32;
    Normalised {
        scale: scale(hull, rectangle, (width as usize * height as usize) as f32),
        bounds: [
            share(leftmost, width),
            share(top, height),
            1.0 - share(rightmost, width),
            1.0 - share(bottom, height),
        ],
    }
}

/// Scale of adaptive icons: `mask_area` pixels lie inside the mask drawn on a square of `side` pixels.
pub fn adaptive_scale(mask_area: u32, side: u32) -> f32 {
    let area = mask_area as f32;
    scale(area, area, (u64::from(side) * u64::from(side)) as f32)
}

/// Diameter in pixels of a circle that looks as large as other icons of `size` pixels.
///
/// ```
/// assert_eq!(ferrule_icon_cache::pixels::normalise::circle_size(192), 176);
/// ```
pub fn circle_size(size: u16) -> u32 {
    let area = (u32::from(size) * u32::from(size)) as f32 * CIRCLE_SHARE;
    (f64::from(4.0 * area) / std::f64::consts::PI).sqrt().round() as u32
}

/// The factor that brings a hull down to the share it may fill; the root, for both sides shrink.
fn scale(hull: f32, rectangle: f32, icon: f32) -> f32 {
    let filled = hull / rectangle;
    let allowed = if filled < CIRCLE_OF_RECTANGLE {
        CIRCLE_SHARE
    } else {
        let slope = (CIRCLE_SHARE - SQUARE_SHARE) / (1.0 - CIRCLE_OF_RECTANGLE);
        SQUARE_SHARE + slope * (1.0 - filled)
    };
    let share = hull / icon;
    if share > allowed { f64::from(allowed / share).sqrt() as f32 } else { 1.0 }
}

/// Moves an edge outwards until it is convex, in one pass downwards; rows without an edge are filled in between.
/// `direction` is 1 for left edges, -1 for right ones. The first and the last row have an edge.
fn make_convex(edge: &mut [f32], direction: f32) {
    let at = |edge: &[f32], row: usize| edge.get(row).copied().unwrap_or(NO_EDGE);
    let slope = |edge: &[f32], from: usize, to: usize| (at(edge, to) - at(edge, from)) / (to - from) as f32;
    // The slope of the segment that starts in each row.
    let mut slopes = vec![0f32; edge.len()];
    let mut previous: Option<(usize, f32)> = None;
    for row in 1..edge.len() {
        if at(edge, row) <= NO_EDGE {
            continue;
        }
        let start = match previous {
            None => 0,
            Some((last, last_slope)) => {
                let mut start = last;
                if (slope(edge, last, row) - last_slope) * direction < 0.0 {
                    // Concave: go back up to where a line to this row is convex.
                    while start > 0 {
                        start -= 1;
                        if (slope(edge, start, row) - at(&slopes, start)) * direction >= 0.0 {
                            break;
                        }
                    }
                }
                start
            }
        };
        let (base, rise) = (at(edge, start), slope(edge, start, row));
        for (between, (x, known)) in edge.iter_mut().zip(&mut slopes).enumerate().take(row).skip(start) {
            *known = rise;
            *x = base + rise * (between - start) as f32;
        }
        previous = Some((row, rise));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(width: u32, height: u32, seen: impl Fn(u32, u32) -> u8) -> Normalised {
        let alpha: Vec<u8> =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| seen(x, y)).collect();
        normalise(AlphaImage::new(width, height, &alpha).expect("a picture"))
    }

    #[test]
    fn a_full_square_shrinks_and_has_one_pixel_at_right_and_bottom() {
        let full = measure(192, 192, |_, _| 41);
        assert_eq!(full.scale, 0.80687153);
        assert_eq!(full.bounds, [0.0, 0.0, 0.0052083135, 0.0052083135]);
    }

    #[test]
    fn what_is_faint_or_small_stays() {
        let nothing = Normalised { scale: 1.0, bounds: [0.0; 4] };
        assert_eq!(measure(192, 192, |_, _| 40), nothing);
        assert_eq!(measure(192, 192, |x, y| if (x, y) == (3, 5) { 255 } else { 0 }).scale, 1.0);
        assert_eq!(measure(1, 1, |_, _| 255).bounds, [0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn a_gap_between_rows_is_filled_and_a_dent_too() {
        let full = measure(64, 64, |_, _| 255);
        assert_eq!(measure(64, 64, |_, y| if y == 0 || y == 63 { 255 } else { 0 }), full);
        let dented =
            measure(64, 64, |x, y| if (20..40).contains(&y) && !(20..=50).contains(&x) { 0 } else { 255 });
        assert_eq!(dented, full);
    }

    #[test]
    fn pixels_and_their_alpha_answer_alike() {
        let alpha: Vec<u8> = (0..48 * 32u32).map(|at| (at * 7 % 256) as u8).collect();
        let pixels: Vec<u8> = alpha.iter().flat_map(|alpha| [255, 255, 255, *alpha]).collect();
        let of_pixels = normalise(Image::new(48, 32, &pixels).expect("a picture"));
        assert_eq!(of_pixels, normalise(AlphaImage::new(48, 32, &alpha).expect("a picture")));
    }

    #[test]
    fn an_adaptive_mask_counts_as_a_full_square() {
        assert_eq!(adaptive_scale(384 * 384, 384), 0.80687153);
        assert_eq!(adaptive_scale(100, 384), 1.0);
    }
}
