//! Target `ic_codec`: stored pictures.
//!
//! The first byte picks how the rest is read: as stored bytes; as fields and content under a right checksum, so that the
//! stages beneath are reached; or as pixels. Whatever it is: pixels come back bit by bit, and an error leaves the buffer as
//! it was or zero.

use ferrule_icon_cache::codec::{Codec, Header};
use ferrule_icon_cache::pixels::Image;

/// Side of the picture that the buffer has room for.
const SIDE: u16 = 24;
/// The form of runs and colours.
const RUNS: u8 = 3;
/// What the buffer holds before.
const BEFORE: u8 = 0x5a;

/// Decodes the input, or encodes it and decodes that.
pub fn ic_codec(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    match choice % 3 {
        0 => decoded(rest),
        1 => decoded(&sealed(rest)),
        _ => round_trip(rest),
    }
}

/// Decodes into a buffer for a small picture, and into one for the picture that the header names.
fn decoded(stored: &[u8]) {
    let small = usize::from(SIDE) * usize::from(SIDE) * 4;
    let named = Header::read(stored).and_then(|header| header.decoded_len()).unwrap_or(0);
    for len in [small, named.min(1 << 20)] {
        let mut out = vec![BEFORE; len];
        match Codec::new().decode_into(stored, &mut out) {
            Ok(header) => {
                assert_eq!(header.decoded_len(), Ok(len), "the buffer fits");
                let mut again = vec![0; len];
                assert!(Codec::new().decode_into(stored, &mut again).is_ok(), "decoding is repeatable");
                assert_eq!(out, again, "decoding is repeatable");
            }
            Err(error) => {
                assert!(error.code().starts_with("IC_PICTURE_"));
                let untouched = out.iter().all(|byte| *byte == BEFORE);
                assert!(untouched || out.iter().all(|byte| *byte == 0), "an error leaves parts of a picture");
            }
        }
    }
}

/// Form, a length, and the content, with a header and checksum around them. Runs have the length of their content; where the
/// form's third bit is set, any length.
fn sealed(data: &[u8]) -> Vec<u8> {
    let Some(([form, low, high], content)) = data.split_first_chunk() else { return Vec::new() };
    let form = form & 7;
    let mut stored = b"FRIC\x02".to_vec();
    stored.push(form & 3);
    stored.extend(SIDE.to_le_bytes());
    stored.extend(SIDE.to_le_bytes());
    stored.extend([0, 0]);
    let length =
        if form == RUNS { content.len() as u32 } else { u32::from(u16::from_le_bytes([*low, *high])) };
    stored.extend(length.to_le_bytes());
    let sum = crc32c::crc32c_append(crc32c::crc32c(&stored), content);
    stored.extend(sum.to_le_bytes());
    stored.extend(content);
    stored
}

/// As many rows of 16 pixels as the input holds.
fn round_trip(pixels: &[u8]) {
    let rows = pixels.len() / 64;
    let Ok(image) = Image::new(16, rows as u32, &pixels[..rows * 64]) else { return };
    let (mut codec, mut stored) = (Codec::new(), Vec::new());
    codec.encode(image, &mut stored).expect("a picture can be stored");
    let mut out = vec![BEFORE; image.bytes().len()];
    codec.decode_into(&stored, &mut out).expect("what was stored can be read");
    assert_eq!(out, image.bytes(), "pixels come back");
}
