//! What must hold for every picture and every damage: pixels come back bit by bit, or an error comes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use ferrule_icon_cache::codec::{Codec, Header, Layout, png};
use ferrule_icon_cache::pixels::alpha::{premultiply, unpremultiply};
use ferrule_icon_cache::pixels::{Image, PictureError};
use proptest::prelude::*;

/// Sides and pixels: noise, runs, and slow changes, as icons have them.
fn picture() -> impl Strategy<Value = (u32, u32, Vec<u8>)> {
    (1u32..40, 1u32..40, 0u8..4, any::<u32>()).prop_flat_map(|(width, height, kind, seed)| {
        let len = (width * height * 4) as usize;
        let noise = proptest::collection::vec(any::<u8>(), len);
        noise.prop_map(move |noise| {
            let pixel = |at: usize| match kind {
                0 => [noise[at], noise[at + 1], noise[at + 2], noise[at + 3]],
                1 => {
                    if noise[at] < 200 {
                        seed.to_le_bytes()
                    } else {
                        [0, 0, 0, 0]
                    }
                }
                2 => [(at / 16) as u8, (at / 8) as u8, 9, 255],
                _ => [noise[at] & 3, 128, noise[at + 1] & 1, 255],
            };
            (width, height, (0..len).step_by(4).flat_map(pixel).collect())
        })
    })
}

fn stored((width, height, pixels): &(u32, u32, Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    Codec::new().encode(Image::new(*width, *height, pixels).unwrap(), &mut out).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pixels_come_back_bit_by_bit(picture in picture()) {
        let bytes = stored(&picture);
        let mut out = vec![0x5a; picture.2.len()];
        let header = Codec::new().decode_into(&bytes, &mut out).unwrap();
        prop_assert_eq!((header.layout, header.width, header.height), (Layout::Rgba, picture.0, picture.1));
        prop_assert_eq!(Header::read(&bytes).unwrap().decoded_len().unwrap(), out.len());
        prop_assert_eq!(out, picture.2);
    }

    #[test]
    fn alpha_comes_back_bit_by_bit(width in 1u32..50, height in 1u32..50, noise in any::<[u8; 7]>()) {
        let alpha: Vec<u8> = (0..(width * height) as usize).map(|at| noise[at * at % 7]).collect();
        let (mut codec, mut bytes) = (Codec::new(), Vec::new());
        codec.encode_alpha((width, height), &alpha, &mut bytes).unwrap();
        let mut out = vec![0; alpha.len()];
        prop_assert_eq!(codec.decode_into(&bytes, &mut out).unwrap().layout, Layout::Alpha);
        prop_assert_eq!(out, alpha);
    }

    #[test]
    fn a_codec_answers_the_same_whatever_it_did_before(first in picture(), second in picture()) {
        let (mut codec, mut one, mut two) = (Codec::new(), Vec::new(), Vec::new());
        codec.encode(Image::new(first.0, first.1, &first.2).unwrap(), &mut one).unwrap();
        codec.encode(Image::new(second.0, second.1, &second.2).unwrap(), &mut two).unwrap();
        prop_assert_eq!((&one, &two), (&stored(&first), &stored(&second)));
        for (bytes, picture) in [(&two, &second), (&one, &first)] {
            let mut out = vec![0; picture.2.len()];
            codec.decode_into(bytes, &mut out).unwrap();
            prop_assert_eq!(&out, &picture.2);
        }
    }

    #[test]
    fn no_bytes_make_it_fail_otherwise_than_by_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut out = [7; 64];
        if Codec::new().decode_into(&bytes, &mut out).is_err() {
            prop_assert!(out == [7; 64] || out == [0; 64]);
        }
        let _ = png::decode(&bytes);
    }

    #[test]
    fn multiplying_after_dividing_gives_the_same_pixels(mut pixels in proptest::collection::vec(any::<u8>(), 0..400)) {
        premultiply(&mut pixels);
        let whole = pixels.len() / 4 * 4;
        let before = pixels.clone();
        unpremultiply(&mut pixels);
        premultiply(&mut pixels);
        prop_assert_eq!(&pixels[..whole], &before[..whole]);
    }

    #[test]
    fn a_png_of_premultiplied_pixels_comes_back(mut picture in picture()) {
        premultiply(&mut picture.2);
        let bytes = png::encode(Image::new(picture.0, picture.1, &picture.2).unwrap()).unwrap();
        let back = png::decode(&bytes).unwrap();
        prop_assert_eq!((back.width, back.height, back.pixels), picture);
    }
}

/// A small icon with a soft round shape.
fn icon() -> (u32, u32, Vec<u8>) {
    let pixel = |x: i32, y: i32| {
        let far = (x - 11) * (x - 11) + (y - 11) * (y - 11);
        let alpha = (400 - 4 * far).clamp(0, 255) as u8;
        [(x * 11) as u8, 90, (y * 11) as u8, alpha]
    };
    let mut pixels: Vec<u8> = (0..24).flat_map(|y| (0..24).flat_map(move |x| pixel(x, y))).collect();
    premultiply(&mut pixels);
    (24, 24, pixels)
}

#[test]
fn every_flipped_bit_of_a_stored_icon_is_an_error_and_leaves_the_buffer() {
    let picture = icon();
    let bytes = stored(&picture);
    let mut codec = Codec::new();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            let mut out = vec![7; picture.2.len()];
            let error = codec.decode_into(&damaged, &mut out).unwrap_err();
            let expected = match at {
                0..4 => "IC_PICTURE_FOREIGN",
                4 if damaged[4] > 2 => "IC_PICTURE_TOO_NEW",
                _ => "IC_PICTURE_DAMAGED",
            };
            assert_eq!(error.code(), expected, "byte {at}, bit {bit}");
            assert!(out.iter().all(|byte| *byte == 7), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn every_shortened_or_lengthened_icon_is_an_error() {
    let picture = icon();
    let bytes = stored(&picture);
    let mut out = vec![7; picture.2.len()];
    for len in 0..bytes.len() {
        let error = Codec::new().decode_into(&bytes[..len], &mut out).unwrap_err();
        assert_eq!(error.code(), if len < 20 { "IC_PICTURE_FOREIGN" } else { "IC_PICTURE_DAMAGED" }, "{len}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(Codec::new().decode_into(&longer, &mut out).is_err());
    assert!(out.iter().all(|byte| *byte == 7));
}

/// A stored picture whose checksum is right whatever its fields and content are: what only an attacker writes.
fn forged(format: u8, layout: u8, size: (u16, u16), staged: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"FRIC".to_vec();
    bytes.extend([format, layout]);
    bytes.extend(size.0.to_le_bytes());
    bytes.extend(size.1.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(staged.to_le_bytes());
    let sum = crc32c::crc32c_append(crc32c::crc32c(&bytes), content);
    bytes.extend(sum.to_le_bytes());
    bytes.extend(content);
    bytes
}

#[test]
fn a_forged_picture_is_an_error_and_leaves_nothing_of_it() {
    let other = qoi_file(&(2, 2, vec![1; 16]));
    let huge = lz4_flex::block::compress(&vec![0; 1 << 20]);
    let runs = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &[9, 9, 9, 1, 0, 0x1d]].concat();
    let rows: [(Vec<u8>, &str); 13] = [
        (forged(3, 1, (4, 4), 10, &[]), "IC_PICTURE_TOO_NEW"),
        (forged(0, 1, (4, 4), 10, &[]), "IC_PICTURE_DAMAGED"),
        (forged(1, 3, (4, 4), 10, &[]), "IC_PICTURE_DAMAGED"),
        (forged(1, 1, (0, 4), 10, &[]), "IC_PICTURE_SIZE"),
        (forged(1, 1, (u16::MAX, u16::MAX), 10, &[]), "IC_PICTURE_SIZE"),
        (forged(1, 1, (4, 4), 10, &[0x10, 1]), "IC_PICTURE_DAMAGED"),
        (forged(1, 1, (4, 4), u32::MAX, &huge), "IC_PICTURE_DAMAGED"),
        (forged(1, 1, (4, 4), other.len() as u32, &lz4_flex::block::compress(&other)), "IC_PICTURE_DAMAGED"),
        // One literal and a run of 15 are the picture; not when it is larger, when the length differs, or in format 1.
        (forged(2, 3, (4, 8), 14, &runs), "IC_PICTURE_BUFFER"),
        (forged(2, 3, (4, 4), 13, &runs), "IC_PICTURE_DAMAGED"),
        (forged(2, 3, (4, 4), 14, &[&runs[..13], &[0x1e]].concat()), "IC_PICTURE_DAMAGED"),
        (forged(1, 3, (4, 4), 14, &runs), "IC_PICTURE_DAMAGED"),
        (forged(1, 2, (8, 8), 64, &huge), "IC_PICTURE_DAMAGED"),
    ];
    for (at, (bytes, code)) in rows.into_iter().enumerate() {
        let mut out = [7; 64];
        assert_eq!(
            Codec::new().decode_into(&bytes, &mut out).map_err(|error| error.code()),
            Err(code),
            "row {at}"
        );
        assert!(out == [7; 64] || out == [0; 64], "row {at}: {out:?}");
    }
}

/// A picture as QOI.
fn qoi_file((width, height, pixels): &(u32, u32, Vec<u8>)) -> Vec<u8> {
    qoi::encode_to_vec(pixels, *width, *height).unwrap()
}

#[test]
fn pictures_of_format_1_are_read_and_their_damage_is_seen() {
    let picture = icon();
    let file = qoi_file(&picture);
    let content = lz4_flex::block::compress(&file);
    let bytes = forged(1, 1, (24, 24), file.len() as u32, &content);
    let mut out = vec![0; picture.2.len()];
    let header = Codec::new().decode_into(&bytes, &mut out).unwrap();
    assert_eq!((header.layout, header.width, header.height), (Layout::Rgba, 24, 24));
    assert_eq!(out, picture.2);
    // Under a right checksum: a file that says something else of itself is another picture.
    for at in [0, 5, 11, 12, 13] {
        let mut other = file.clone();
        other[at] ^= 2;
        let bytes = forged(1, 1, (24, 24), other.len() as u32, &lz4_flex::block::compress(&other));
        let error = Codec::new().decode_into(&bytes, &mut out).unwrap_err();
        assert_eq!((error.code(), out.iter().all(|byte| *byte == 0)), ("IC_PICTURE_DAMAGED", true), "{at}");
    }
}

#[test]
fn a_buffer_of_another_length_is_not_touched() {
    let bytes = stored(&icon());
    let mut out = [7; 64];
    let expected = PictureError::Buffer { expected: 24 * 24 * 4, found: 64 };
    assert_eq!(Codec::new().decode_into(&bytes, &mut out), Err(expected));
    assert_eq!(out, [7; 64]);
}

/// A PNG with a palette and a transparency chunk, whose loss would make the picture opaque.
fn palette_png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_palette(vec![255, 0, 0, 0, 255, 0, 0, 0, 255]);
    encoder.set_trns(vec![0, 128, 255]);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&(0..64).map(|at| at % 3).collect::<Vec<u8>>()).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn every_flipped_bit_of_a_png_is_an_error_or_the_same_pixels() {
    let (width, height, pixels) = icon();
    let direct = png::encode(Image::new(width, height, &pixels).unwrap()).unwrap();
    for (name, bytes) in [("direct", direct), ("palette", palette_png())] {
        let whole = png::decode(&bytes).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                if let Ok(picture) = png::decode(&damaged) {
                    assert_eq!(picture, whole, "{name}: byte {at}, bit {bit}");
                }
            }
        }
    }
}

#[test]
fn a_palette_that_is_no_list_of_colours_is_an_error() {
    for len in [1, 2, 4, 187, 769, 771, 1000] {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, 4, 1);
        encoder.set_color(::png::ColorType::Indexed);
        encoder.set_palette(vec![9; len]);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[0; 4]).unwrap();
        writer.finish().unwrap();
        assert_eq!(png::decode(&bytes).map_err(|error| error.code()), Err("IC_PNG_DAMAGED"), "{len} bytes");
    }
}

#[test]
fn every_shortened_png_is_an_error() {
    let (width, height, pixels) = icon();
    let bytes = png::encode(Image::new(width, height, &pixels).unwrap()).unwrap();
    for len in 0..bytes.len() {
        let error = png::decode(&bytes[..len]).unwrap_err();
        assert_eq!(error.code(), "IC_PNG_DAMAGED", "{len} of {} bytes: {error}", bytes.len());
    }
}

#[test]
fn colour_types_are_expanded_and_sixteen_bits_cut() {
    use ::png::{BitDepth, ColorType};
    let rows: [(ColorType, BitDepth, &[u8], [u8; 4]); 5] = [
        (ColorType::Grayscale, BitDepth::Eight, &[80], [80, 80, 80, 255]),
        (ColorType::Grayscale, BitDepth::One, &[0x80], [255, 255, 255, 255]),
        (ColorType::GrayscaleAlpha, BitDepth::Eight, &[255, 128], [128, 128, 128, 128]),
        (ColorType::Rgb, BitDepth::Eight, &[1, 2, 3], [1, 2, 3, 255]),
        (ColorType::Rgba, BitDepth::Sixteen, &[255, 9, 0, 9, 9, 255, 128, 77], [128, 0, 5, 128]),
    ];
    for (colour, depth, data, expected) in rows {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        writer.finish().unwrap();
        assert_eq!(png::decode(&bytes).unwrap().pixels, expected, "{colour:?} {depth:?}");
    }
}

#[test]
fn a_png_larger_than_a_picture_may_be_is_refused_before_it_is_decoded() {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 4097, 1);
    encoder.set_color(::png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0; 4097]).unwrap();
    writer.finish().unwrap();
    assert_eq!(png::decode(&bytes), Err(PictureError::Size { width: 4097, height: 1 }));
}

/// The pictures of every format that shipped: icon and its alpha.
#[test]
fn the_fixtures_of_every_format_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/icon-picture");
    let (_, _, pixels) = icon();
    let alpha: Vec<u8> = pixels.iter().skip(3).step_by(4).copied().collect();
    for (name, layout, expected) in [
        ("format-1-rgba.fric", Layout::Rgba, &pixels),
        ("format-1-alpha.fric", Layout::Alpha, &alpha),
        ("format-2-rgba.fric", Layout::Rgba, &pixels),
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut out = vec![0; expected.len()];
        assert_eq!(
            Codec::new().decode_into(&bytes, &mut out).map(|header| header.layout),
            Ok(layout),
            "{name}"
        );
        assert_eq!(&out, expected, "{name}");
    }
}
