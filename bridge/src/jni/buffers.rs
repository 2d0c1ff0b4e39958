//! Direct buffers of the caller: bytes are copied in and out, never borrowed.
//!
//! What it is: the two copies. What it is not: it interprets nothing; and whether a buffer is writable only Kotlin can
//! tell (`isDirect`, `isReadOnly` and capacity are checked there first).
//!
//! Invariants: no Rust reference to the caller's memory ever exists, so a caller that writes at the same time
//! corrupts its own answer and nothing else; no address outlives the call.

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
