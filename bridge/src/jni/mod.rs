//! Hand-written JNI: start-up and bulk paths, logging and the self-test. The only place of the bridge with `unsafe`.
//!
//! What it is: `JNI_OnLoad`, which finds the Kotlin classes and registers every native method explicitly, and the
//! functions behind them. What it is not: nothing here decides anything; entries convert, call and return.
//!
//! Invariants: `JNI_OnLoad` is the only exported name of this module; every registered function goes through
//! `entry::contained`; nothing here needs JNA or UniFFI's generated classes.

mod buffers;
mod classes;
mod entry;
mod handles;
mod icons;
pub(crate) mod image;
mod log_sink;
mod model;
mod natives;
mod policy;
mod selftest;
mod threads;

pub use icons::{forget as forget_icons, icons, keep as keep_icons};
pub use model::model;

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jni::sys::{JNI_ERR, JNI_VERSION_1_6, jint};
use jni::{Env, JavaVM, jni_str};

use crate::{logging, panics};

/// Local references that the load needs, with room to spare.
const LOAD_REFERENCES: usize = 64;

/// Called by the VM when `System.load` or `System.loadLibrary` has mapped the library.
///
/// Answers the JNI version, or `JNI_ERR` with an `UnsatisfiedLinkError` pending that names what does not fit.
///
/// # Safety
/// `vm` is the VM that loads the library; only a VM calls this.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut jni::sys::JavaVM, _reserved: *mut c_void) -> jint {
    let loaded = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the VM passes its own valid pointer, and any VM of today supports JNI 1.4 and more.
        let vm = unsafe { JavaVM::from_raw(vm) };
        panics::install_hook();
        if cfg!(target_os = "android") {
            logging::start();
        }
        // SAFETY: the VM calls this on a thread that is attached and in the frame of the loading method; the guard
        // does not leave this block.
        let mut guard = unsafe { jni::AttachGuard::from_unowned(current_env(&vm)?) };
        // A frame of its own: the VM only promises 16 local references to the loading method.
        guard.borrow_env_mut().with_local_frame(LOAD_REFERENCES, load)
    }));
    match loaded {
        Ok(Ok(())) => JNI_VERSION_1_6,
        Ok(Err(_)) => JNI_ERR,
        Err(_) => {
            panics::report();
            JNI_ERR
        }
    }
}

/// The JNI environment of the loading thread.
fn current_env(vm: &JavaVM) -> jni::errors::Result<*mut jni::sys::JNIEnv> {
    let raw = vm.get_raw();
    let mut env = std::ptr::null_mut();
    // SAFETY: `raw` is a valid VM with its function table; GetEnv only writes to the out pointer.
    let code = unsafe { ((**raw).v1_2.GetEnv)(raw, &mut env, JNI_VERSION_1_6) };
    if code == jni::sys::JNI_OK && !env.is_null() {
        Ok(env.cast())
    } else {
        Err(jni::errors::Error::UninitializedJavaVM)
    }
}

/// Finds classes and registers natives; on failure an `UnsatisfiedLinkError` is left pending.
fn load(env: &mut Env<'_>) -> jni::errors::Result<()> {
    classes::load(env).and_then(|()| natives::register(env)).or_else(|error| {
        env.exception_clear();
        let text = jni::strings::JNIString::new(format!("FFI_LIBRARY_MISMATCH: {error}"));
        env.throw_new(jni_str!("java/lang/UnsatisfiedLinkError"), text)
    })
}
