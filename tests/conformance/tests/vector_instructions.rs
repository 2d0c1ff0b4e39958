//! Resizing gives the same pixels with the processor's vector instructions and with plain code.
//!
//! Which instructions are used can only be forced by an unsafe call of the crate, so this stands with what only tests use.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{CpuExtensions, FilterType, MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// A picture of soft and hard edges; `seed` turns it into another.
fn pixels(side: u32, seed: u32) -> Vec<u8> {
    let value = |at: u32| (at.wrapping_mul(2_654_435_761).rotate_left(seed % 31) >> 24) as u8;
    (0..side * side)
        .flat_map(|at| match (at / side / 8 + at % side / 8 + seed) % 3 {
            0 => [at as u8, (at / side) as u8, 77, 255],
            1 => [value(at), value(at + 1), value(at + 2), value(at + 3)],
            _ => [0; 4],
        })
        .collect()
}

fn resized(pixels: &[u8], from: u32, to: u32, filter: FilterType, plain: bool) -> Vec<u8> {
    let mut resizer = Resizer::new();
    if plain {
        // SAFETY: plain code runs on every processor.
        unsafe { resizer.set_cpu_extensions(CpuExtensions::None) };
    }
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
    let source = ImageRef::new(from, from, pixels, PixelType::U8x4).expect("sides fit");
    let mut target = Image::new(to, to, PixelType::U8x4);
    resizer.resize(&source, &mut target, &options).expect("sides fit");
    target.into_vec()
}

#[test]
fn resizing_is_the_same_with_and_without_vector_instructions() {
    for seed in 0..4 {
        for (from, to) in [(256, 192), (192, 48), (48, 192), (33, 17), (5, 64), (192, 191)] {
            let pixels = pixels(from, seed);
            for filter in [FilterType::Bilinear, FilterType::Lanczos3] {
                let [fast, plain] = [false, true].map(|plain| resized(&pixels, from, to, filter, plain));
                assert!(fast == plain, "seed {seed}, {from} to {to}, {filter:?}");
            }
        }
    }
}

#[test]
fn multiplying_is_the_same_with_and_without_vector_instructions() {
    let pixels = pixels(256, 1);
    let multiplied = |plain: bool| {
        let mut mul_div = MulDiv::new();
        if plain {
            // SAFETY: plain code runs on every processor.
            unsafe { mul_div.set_cpu_extensions(CpuExtensions::None) };
        }
        let mut out = pixels.clone();
        let mut buffer = Image::from_slice_u8(256, 256, &mut out, PixelType::U8x4).expect("sides fit");
        mul_div.multiply_alpha_inplace(&mut buffer).expect("sides fit");
        drop(buffer);
        out
    };
    assert!(multiplied(false) == multiplied(true));
}
