//! What may be told of a value (R21): nothing by default.
//!
//! What it is: texts and bytes become a digest under the device's key, with length and class of characters; numbers pass
//! unless tagged. What it is not: a filter by patterns; it does not try to guess what is personal.
//!
//! Invariants: without the key a digest leads to no value, and digests of two devices cannot be compared; no text passes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::tree::Tree;
use crate::mutants::{Mutation, holds};

/// What is known of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Nothing: texts and bytes are digested, numbers pass.
    Untagged,
    /// Personal: numbers are digested too.
    Personal,
    /// One of a closed list of names of ours (a stage, a code): passes. Only a comparator that made the value may say so.
    Closed,
}

/// Redacts under one device's key.
#[derive(Clone)]
pub struct Redactor {
    key: [u8; 32],
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Redactor")
    }
}

impl Redactor {
    /// Under a random key that never leaves the device.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The first 8 bytes of the keyed digest, as hexadecimal digits.
    pub fn digest(&self, bytes: &[u8]) -> String {
        format!("{:016x}", self.hash(bytes))
    }

    /// The same as a number: what a ledger counts inputs by.
    pub fn hash(&self, bytes: &[u8]) -> u64 {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return 0 };
        mac.update(bytes);
        crate::bucket::head(&mac.finalize().into_bytes())
    }

    /// A value as it may be told, at most a few dozen bytes.
    pub fn value(&self, value: &Tree, tag: Tag) -> String {
        let personal = tag == Tag::Personal;
        match value {
            Tree::Null => "null".to_owned(),
            Tree::Bool(_) | Tree::Int(_) | Tree::Float(_) if personal => {
                format!("{}#{}", value.kind(), self.digest(format!("{value:?}").as_bytes()))
            }
            Tree::Bool(value) => value.to_string(),
            Tree::Int(value) => value.to_string(),
            Tree::Float(bits) => format!("{:e}", f64::from_bits(*bits)),
            Tree::Text(text) if !holds(Mutation::ValuesAreDigested, tag != Tag::Closed) => {
                text.chars().take(64).collect()
            }
            Tree::Text(text) => {
                let length = text.chars().count();
                format!("text#{}({length},{})", self.digest(text.as_bytes()), class(text))
            }
            Tree::Bytes(bytes) => format!("bytes#{}({})", self.digest(bytes), bytes.len()),
            Tree::Bitmap(digest) => format!("bitmap#{}", self.digest(digest)),
            Tree::List(list) => format!("list({})", list.len()),
            Tree::Map(fields) => format!("map({})", fields.len()),
        }
    }
}

/// The class of a text's characters: enough to see an encoding go wrong.
fn class(text: &str) -> &'static str {
    match text {
        "" => "empty",
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => "digits",
        text if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => "alnum",
        text if text.is_ascii() => "ascii",
        text if text.contains(char::REPLACEMENT_CHARACTER) => "replaced",
        _ => "unicode",
    }
}
