//! `libferrule_crashtest.so`: native methods of `dev.ferrule.crashtest.CrashTest` that end their process on purpose.
//!
//! What it is: one function a way to die, for tests that run in a process of their own. What it is not: part of
//! anything shipped; nothing here is contained, which is the point.
//!
//! Invariant: a function that returns at all has failed to do its work, but for `ping`.

#![expect(clippy::panic, reason = "this is what the library is for")]

mod deaths;

use std::ffi::c_void;
use std::hint::black_box;

/// Answers 42: the library is loaded and its methods are found.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_CrashTest_ping(
    _env: *mut c_void,
    _class: *mut c_void,
) -> i32 {
    42
}

/// A panic that nothing contains: it may not unwind into the VM, so it aborts.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_CrashTest_panic(_env: *mut c_void, _class: *mut c_void) {
    panic!("crashtest: a panic that nothing contains");
}

/// `SIGABRT`.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_CrashTest_abort(_env: *mut c_void, _class: *mut c_void) {
    std::process::abort();
}

/// `SIGSEGV`: a write to an address that nothing is mapped at.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_CrashTest_fault(_env: *mut c_void, _class: *mut c_void) {
    let nowhere = std::ptr::without_provenance_mut::<u32>(0x10);
    // SAFETY: there is none: the write faults, as the name says, and the process ends with the signal.
    unsafe { nowhere.write_volatile(1) };
}

/// `SIGSEGV` from a stack that is used up.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_CrashTest_overflow(
    _env: *mut c_void,
    _class: *mut c_void,
) -> i32 {
    deeper(0)
}

/// Uses the stack up.
#[expect(unconditional_recursion, reason = "the stack is to overflow")]
fn deeper(depth: i32) -> i32 {
    let frame = black_box([depth; 256]);
    deeper(depth + 1) + black_box(frame).iter().sum::<i32>()
}
