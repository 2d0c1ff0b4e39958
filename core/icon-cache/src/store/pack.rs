//! The form of a picture in a row: one byte that names it, then the picture.
//!
//! Not here: sides, checksum and key, which are in the row. What cannot be unpacked is `None`, a miss.

use crate::picture::{Form, Picture, Variant};

/// Pixels as they are.
const RAW: u8 = 0;

/// Packs a picture.
pub fn pack(picture: &Picture) -> Vec<u8> {
    let mut data = Vec::with_capacity(picture.bytes().len() + 1);
    data.push(RAW);
    data.extend_from_slice(picture.bytes());
    data
}

/// Unpacks the picture of a variant.
pub fn unpack(variant: Variant, width: u32, height: u32, data: &[u8]) -> Option<Picture> {
    unpack_form(variant.form(), width, height, data)
}

fn unpack_form(form: Form, width: u32, height: u32, data: &[u8]) -> Option<Picture> {
    match data.split_first()? {
        (&RAW, pixels) => Picture::new(width, height, form, pixels),
        _ => None,
    }
}
