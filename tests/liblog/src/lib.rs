//! Captures what reaches Android's liblog in this process.
//!
//! What it is: the logger function of liblog's interface, which keeps entries instead of writing them. What it is not:
//! a fake; the library that calls it is the platform's own, as Debian builds it for Linux (`android-liblog-dev`).
//!
//! Invariant: nothing unwinds into liblog; an entry that cannot be kept is dropped.

use std::ffi::{CStr, c_char, c_int};
use std::sync::{Mutex, PoisonError};

/// One entry as liblog hands it to a logger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `ANDROID_LOG_VERBOSE` 2 to `ANDROID_LOG_ERROR` 6.
    pub priority: i32,
    /// The tag, as bytes.
    pub tag: Vec<u8>,
    /// The text, as bytes up to its NUL.
    pub text: Vec<u8>,
}

static ENTRIES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// `struct __android_logger_data` of `android/log.h`.
#[repr(C)]
struct LoggerData {
    struct_size: usize,
    buffer_id: c_int,
    priority: c_int,
    tag: *const c_char,
    file: *const c_char,
    line: u32,
}

// SAFETY: both declarations are those of `android/log.h`.
#[cfg(feature = "liblog-test")]
#[link(name = "log")]
unsafe extern "C" {
    fn __android_log_set_logger(logger: extern "C" fn(*const LoggerData, *const c_char));
    fn __android_log_set_minimum_priority(priority: c_int) -> c_int;
}

/// Sends every entry of this process, verbose ones too, to [`take`] from now on.
#[cfg(feature = "liblog-test")]
pub fn capture() {
    // SAFETY: the function has the type that the header demands and lives as long as the process.
    unsafe { __android_log_set_logger(keep) };
    // SAFETY: takes a number and touches liblog's own state only.
    unsafe { __android_log_set_minimum_priority(2) };
}

/// What was captured since the last call.
pub fn take() -> Vec<Entry> {
    std::mem::take(&mut ENTRIES.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The logger. Kept in every build, so that it is type-checked where liblog is missing.
#[cfg_attr(not(feature = "liblog-test"), expect(dead_code, reason = "only liblog calls it"))]
extern "C" fn keep(data: *const LoggerData, text: *const c_char) {
    if data.is_null() || text.is_null() {
        return;
    }
    // SAFETY: liblog passes its own live structure of at least these fields, for the duration of the call.
    let (priority, tag) = unsafe { ((*data).priority, (*data).tag) };
    let tag = if tag.is_null() {
        Vec::new()
    } else {
        // SAFETY: a tag that is not null is a C string that lives during the call.
        unsafe { CStr::from_ptr(tag) }.to_bytes().to_vec()
    };
    // SAFETY: the text is a C string that lives during the call, and not null.
    let text = unsafe { CStr::from_ptr(text) }.to_bytes().to_vec();
    ENTRIES.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { priority, tag, text });
}
