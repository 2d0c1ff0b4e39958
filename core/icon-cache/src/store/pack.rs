//! The form of a picture in a row: what `codec` writes. Its header repeats the sides that the row has.
//!
//! Not here: checksum over the key, which is in the row. What cannot be unpacked is `None`, a miss.

use crate::codec::{Codec, Layout};
use crate::picture::{Form, Picture, Variant};
use crate::pixels::Image;

/// Packs a picture; `None` when it cannot be, which no picture is known for.
pub fn pack(picture: &Picture) -> Option<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let mut packed = Vec::new();
    match picture.form() {
        Form::Rgba => Codec::new().encode(Image::new(width, height, picture.bytes()).ok()?, &mut packed),
        Form::Alpha => Codec::new().encode_alpha((width, height), picture.bytes(), &mut packed),
    }
    .ok()?;
    Some(packed)
}

/// Unpacks the picture of a variant, of exactly these sides.
pub fn unpack(variant: Variant, width: u32, height: u32, data: &[u8]) -> Option<Picture> {
    let form = variant.form();
    let mut pixels = vec![0; Picture::size(width, height, form)?];
    unpack_into(variant, (width, height), data, &mut Codec::new(), &mut pixels)?;
    Picture::new(width, height, form, pixels)
}

/// The same into the caller's bytes, of which there are as many as the picture has.
pub fn unpack_into(
    variant: Variant,
    sides: (u32, u32),
    data: &[u8],
    codec: &mut Codec,
    out: &mut [u8],
) -> Option<()> {
    let layout = match variant.form() {
        Form::Rgba => Layout::Rgba,
        Form::Alpha => Layout::Alpha,
    };
    codec.decode_known((layout, sides), data, out).ok()
}
