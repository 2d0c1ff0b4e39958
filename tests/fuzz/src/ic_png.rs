//! Target `ic_png`: PNG files, as a legacy cache holds them.
//!
//! Whatever the bytes: decoding ends with a whole premultiplied picture or with an error, and such a picture survives being
//! written and read again.

use ferrule_icon_cache::codec::png;

/// Longest side that is taken, so that no input is slow.
const SIDE_MAX: u32 = 256;

/// Decodes the input.
pub fn ic_png(data: &[u8]) {
    let picture = match png::decode_within(data, SIDE_MAX) {
        Ok(picture) => picture,
        Err(error) => {
            assert!(["IC_PNG_DAMAGED", "IC_PICTURE_SIZE"].contains(&error.code()));
            return;
        }
    };
    let image = picture.image().expect("sides and pixels fit each other");
    assert!(image.width().max(image.height()) <= SIDE_MAX);
    assert!(
        image.pixels().all(|[red, green, blue, alpha]| red.max(green).max(blue) <= alpha),
        "premultiplied"
    );
    let written = png::encode(image).expect("a picture can be written");
    assert_eq!(png::decode(&written), Ok(picture), "what was written can be read");
}
