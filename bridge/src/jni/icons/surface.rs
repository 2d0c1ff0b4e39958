//! Memory of the system's that shows an icon: a bitmap's pixels, a hardware buffer's. Its rows may lie further apart than
//! they are long.
//!
//! What it is: plain arithmetic over sides and bytes, the same on every system. What it is not: it locks nothing and knows no
//! address.
//!
//! Invariants: a surface that was filled shows one whole icon of exactly its sides, or zeros; bytes between rows stay as they are.

use ferrule_icon_cache::lookup::{IconCache, Request};
use ferrule_icon_cache::picture::{Picture, Variant};

use crate::error::BridgeError;
use crate::wire::icons::answer;

/// Bytes of a pixel: red, green, blue, alpha.
const PIXEL_BYTES: usize = 4;

/// The shape of such memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surface {
    width: u32,
    height: u32,
    /// From the first byte of a row to that of the next.
    stride: usize,
}

impl Surface {
    /// Memory of these sides, in pixels, whose rows begin `stride` bytes after each other.
    ///
    /// # Errors
    /// `FFI_BITMAP_INVALID`: no icon has such sides, or a row is longer than the stride.
    pub fn new(width: u32, height: u32, stride: usize) -> Result<Self, BridgeError> {
        let size = Picture::size(width, height, Variant::Plain.form());
        let surface = Self { width, height, stride };
        match size.filter(|_| stride >= surface.row()) {
            Some(_) => Ok(surface),
            None => Err(BridgeError::Bitmap { what: "no size of an icon", value: width.into() }),
        }
    }

    fn row(self) -> usize {
        self.width as usize * PIXEL_BYTES
    }

    /// The bytes from the first pixel to the last; what lies behind the last row is nobody's business.
    pub fn bytes(self) -> usize {
        self.stride.saturating_mul(self.height as usize - 1).saturating_add(self.row())
    }

    /// Answers a request into `memory`, which is as long as [`Surface::bytes`] says; and what the answer is.
    ///
    /// # Errors
    /// `FFI_BITMAP_INVALID`: the icon has other sides, and would be shown askew. The surface shows nothing then.
    pub fn fill(
        self,
        cache: &IconCache,
        request: &Request,
        memory: &mut [u8],
    ) -> Result<Vec<u8>, BridgeError> {
        if self.stride == self.row() {
            return self.answer(cache, request, memory);
        }
        // The picture is whole before it is spread over rows that lie apart.
        let mut pixels = vec![0; self.row() * self.height as usize];
        let answered = self.answer(cache, request, &mut pixels);
        for (to, from) in memory.chunks_mut(self.stride).zip(pixels.chunks_exact(self.row())) {
            if let Some(to) = to.get_mut(..self.row()) {
                to.copy_from_slice(from);
            }
        }
        answered
    }

    fn answer(self, cache: &IconCache, request: &Request, pixels: &mut [u8]) -> Result<Vec<u8>, BridgeError> {
        let placed = cache.get_into(request, pixels);
        let sides = placed.places.first().map(|place| (place.width, place.height));
        if placed.needed.is_some() || sides.is_some_and(|sides| sides != (self.width, self.height)) {
            pixels.fill(0);
            return Err(BridgeError::Bitmap {
                what: "it has other sides than the icon",
                value: self.width.into(),
            });
        }
        Ok(answer::encode_one(&placed))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use ferrule_icon_cache::key::IconKey;
    use ferrule_icon_cache::lookup::{Millis, Options, Pixels, Provider, ProviderError, Rendered, Want};
    use ferrule_icon_cache::picture::{Form, Variants};

    use super::*;

    /// Draws icons of 3 × 2 pixels, each of its own colour.
    struct Painter;

    fn pixels() -> Vec<u8> {
        (1..=6).flat_map(|pixel| [pixel * 10, pixel, 0, 255]).collect()
    }

    impl Provider for Painter {
        fn load(&self, _: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
            let picture = Picture::new(3, 2, Form::Rgba, pixels()).unwrap();
            Ok(Rendered { plain: Pixels::Picture(picture), ..Rendered::default() })
        }
    }

    fn fill(surface: Surface, memory: &mut [u8]) -> Result<Vec<u8>, BridgeError> {
        let options = Options::new(3, Arc::new(|| Millis(0)), Arc::new(|task| task()));
        let cache = IconCache::open(Path::new("/dev/null/icons.db"), options, Arc::new(Painter));
        let request = Request::new(IconKey::parse("com.a/.M#0").unwrap(), Variants::ICON);
        surface.fill(&cache, &request, memory)
    }

    #[test]
    fn rows_go_where_the_stride_puts_them_and_nothing_between_is_touched() {
        for gap in [0, 4, 5, 64] {
            let surface = Surface::new(3, 2, 12 + gap).unwrap();
            assert_eq!(surface.bytes(), 24 + gap);
            let mut memory = vec![7; surface.bytes()];
            let answer = answer::decode(&fill(surface, &mut memory).unwrap()).unwrap();
            assert_eq!(answer[0].1, [Variant::Plain]);
            let (first, rest) = memory.split_at(12);
            let (between, second) = rest.split_at(gap);
            assert_eq!([first, second].concat(), pixels(), "gap {gap}");
            assert!(between.iter().all(|byte| *byte == 7), "gap {gap}");
        }
    }

    #[test]
    fn an_icon_of_other_sides_is_refused_and_the_surface_shows_nothing() {
        for (width, height) in [(2, 3), (4, 2), (1, 1)] {
            for gap in [0, 8] {
                let surface = Surface::new(width, height, width as usize * 4 + gap).unwrap();
                let mut memory = vec![7; surface.bytes()];
                assert_eq!(fill(surface, &mut memory).unwrap_err().code(), "FFI_BITMAP_INVALID");
                let rows = memory.chunks(width as usize * 4 + gap);
                assert!(rows.flat_map(|row| &row[..width as usize * 4]).all(|byte| *byte == 0));
            }
        }
    }

    #[test]
    fn what_is_no_icon_is_no_surface() {
        for (width, height, stride) in
            [(0, 1, 64), (1, 0, 64), (1025, 1, 8192), (16, 16, 63), (u32::MAX, u32::MAX, usize::MAX)]
        {
            assert_eq!(
                Surface::new(width, height, stride).unwrap_err().code(),
                "FFI_BITMAP_INVALID",
                "{width}x{height}"
            );
        }
        assert_eq!(Surface::new(1024, 2, usize::MAX).unwrap().bytes(), usize::MAX, "no overflow");
    }
}
