//! Direct buffers of the caller: lists are copied in and out, pixels are written in place.
//!
//! What it is: the two copies, and the one borrow. What it is not: it interprets nothing; and whether a buffer is writable
//! only Kotlin can tell (`isDirect`, `isReadOnly` and capacity are checked there first).
//!
//! Invariants: [`slot`] apart, no Rust reference to the caller's memory ever exists, so a caller that writes at the same
//! time corrupts its own answer and nothing else; no address outlives the call.

use jni::Env;
use jni::objects::JByteBuffer;

use crate::error::BridgeError;

/// The most bytes a request may have: far above any real one, and a bound on what is allocated.
pub const REQUEST_BYTES_MAX: usize = 1 << 20;

/// The same for lists: the rows of a home screen with all its pictures, or all that a platform says.
pub const BULK_BYTES_MAX: usize = 1 << 28;

/// Copies the first `len` bytes of a direct buffer.
///
/// # Errors
/// `FFI_BUFFER_INVALID`: not direct, or `len` is negative, above the capacity or above `bytes_max`.
pub fn copy_in(
    env: &Env<'_>,
    buffer: &JByteBuffer<'_>,
    len: i32,
    bytes_max: usize,
) -> Result<Vec<u8>, BridgeError> {
    let (address, capacity) = place(env, buffer)?;
    let len = usize::try_from(len).ok().filter(|len| *len <= capacity.min(bytes_max));
    let len = len.ok_or(BridgeError::Buffer { what: "the length is outside the buffer", capacity })?;
    let mut bytes = vec![0; len];
    // SAFETY: the VM says that `capacity` bytes are there, `len` is at most that, the local reference keeps the
    // buffer alive during this call, and a fresh vector does not overlap it.
    unsafe { std::ptr::copy_nonoverlapping(address, bytes.as_mut_ptr(), len) };
    Ok(bytes)
}

/// Copies `bytes` to the start of a direct buffer; when it is too small, nothing is written.
///
/// Answers the number of bytes written, or the negative number of bytes needed.
///
/// # Errors
/// `FFI_BUFFER_INVALID` when the buffer is not direct.
pub fn copy_out(env: &Env<'_>, buffer: &JByteBuffer<'_>, bytes: &[u8]) -> Result<i32, BridgeError> {
    let (address, capacity) = place(env, buffer)?;
    let len = i32::try_from(bytes.len())
        .map_err(|_| BridgeError::Buffer { what: "the answer is too long for one buffer", capacity })?;
    if bytes.len() > capacity {
        return Ok(-len);
    }
    // SAFETY: the VM says that `capacity` bytes are there and `bytes` is no longer than that; the local reference
    // keeps the buffer alive during this call; `bytes` is Rust memory, so the two do not overlap; Kotlin checked
    // that the buffer is not read-only.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), address, bytes.len()) };
    Ok(len)
}

fn place(env: &Env<'_>, buffer: &JByteBuffer<'_>) -> Result<(*mut u8, usize), BridgeError> {
    let no_direct = |_| BridgeError::Buffer { what: "not a direct buffer", capacity: 0 };
    let address = env.get_direct_buffer_address(buffer).map_err(no_direct)?;
    let capacity = env.get_direct_buffer_capacity(buffer).map_err(no_direct)?;
    Ok((address, capacity))
}

/// A part of a direct buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its first byte.
    pub at: i32,
    /// Its length.
    pub bytes: i32,
}

/// A slot that native code may write to until this is dropped.
pub struct Lent<'call> {
    bytes: &'call mut [u8],
}

impl Lent<'_> {
    /// Its bytes.
    pub fn bytes(&mut self) -> &mut [u8] {
        self.bytes
    }
}

/// Borrows a part of a direct buffer for the time of a call, so that pixels are unpacked where they are shown.
///
/// The one place where a Rust reference to the caller's memory exists. By contract (KDoc of `IconCache`) the part is the
/// call's own until it returns; the leases of `dev.ferrule.icons` enforce that, and the buffer of a caller who breaks it
/// ends with mixed pixels.
///
/// # Errors
/// `FFI_BUFFER_INVALID`: not direct, the part is outside the buffer, or does not begin at a multiple of four bytes.
pub fn slot<'call>(
    env: &Env<'_>,
    buffer: &'call JByteBuffer<'_>,
    part: Slot,
) -> Result<Lent<'call>, BridgeError> {
    let (address, capacity) = place(env, buffer)?;
    let outside = BridgeError::Buffer { what: "the slot is outside the buffer", capacity };
    let (Ok(at), Ok(len)) = (usize::try_from(part.at), usize::try_from(part.bytes)) else {
        return Err(outside);
    };
    if at.checked_add(len).is_none_or(|end| end > capacity) {
        return Err(outside);
    }
    if (address as usize).wrapping_add(at) % 4 != 0 {
        return Err(BridgeError::Buffer {
            what: "the slot does not begin at a multiple of four bytes",
            capacity,
        });
    }
    // SAFETY: the VM says that `capacity` bytes are there, initialised as all memory of direct buffers is, and the part
    // lies inside; the reference to the buffer keeps it alive as long as the slice is borrowed; Kotlin checked that the
    // buffer is not read-only; that nobody else touches the part during the call is the caller's contract.
    let bytes = unsafe { std::slice::from_raw_parts_mut(address.add(at), len) };
    Ok(Lent { bytes })
}
