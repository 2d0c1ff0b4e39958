//! The icon cache: never a stale, wrong or blank icon, in bounded memory.
//!
//! What it is: look-ups ([`lookup`]) over a memory tier ([`memory`]) and a store ([`store`]), update sessions ([`session`]), the
//! pixels of icons ([`pixels`]: pure arithmetic over buffers of the caller), and their form on disk
//! ([`codec`]: bytes to pixels and back).
//!
//! What it is not: it rasterises no drawable, asks no platform and no clock, and knows neither FFI nor Android types.
//!
//! Invariants: damaged bytes are an error, never other pixels; nothing allocates more than its arguments allow.
#![forbid(unsafe_code)]

pub mod codec;
pub mod compare;
pub mod health;
pub mod import;
pub mod key;
pub mod lookup;
pub mod memory;
pub mod picture;
pub mod pixels;
pub mod session;
pub mod store;
pub mod validity;
