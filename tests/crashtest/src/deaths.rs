//! Every way to die, for the guard's tests: in a call, in the library's constructor, in `JNI_OnLoad`.
//!
//! What it is: `die(kind)` and the two places at which the environment may ask for it. What it is not: contained.
//!
//! Invariant: the process ends with the very signal that its kind names, because the VM's own handler, which would end it with
//! another, is taken off first.

use std::ffi::{c_int, c_void};

/// What JNI_OnLoad answers.
const JNI_VERSION_1_6: c_int = 0x0001_0006;

/// Where the process is to die while the library is loaded: `constructor` or `onload`, a colon and the kind.
const WISH: &str = "FERRULE_CRASHTEST_LOAD";

const SIG_DFL: usize = 0;
const SIGABRT: c_int = 6;
const SIGBUS: c_int = 7;
const SIGKILL: c_int = 9;
const SIGSEGV: c_int = 11;

// SAFETY: declared as in POSIX; all of them are in every libc that this runs on.
unsafe extern "C" {
    fn raise(signal: c_int) -> c_int;
    fn signal(signal: c_int, handler: usize) -> usize;
    fn _exit(code: c_int) -> !;
}

/// Ends the process as `kind` says, which is a signal's number, 0 for a used-up stack or -1 for `_exit(7)`.
fn die(kind: c_int) -> c_int {
    // Only of the signal that ends it: the VM's other threads live by theirs.
    let fatal = match kind {
        SIGBUS => SIGBUS,
        SIGABRT => SIGABRT,
        _ => SIGSEGV,
    };
    if kind >= 0 && kind != SIGKILL {
        // SAFETY: to take a handler off is allowed at any time; no handler of ours is lost.
        unsafe { signal(fatal, SIG_DFL) };
    }
    match kind {
        SIGSEGV => {
            let nowhere = std::ptr::without_provenance_mut::<u32>(0x10);
            // SAFETY: there is none: the write faults, as asked, and the process ends with the signal.
            unsafe { nowhere.write_volatile(1) };
        }
        SIGABRT => std::process::abort(),
        0 => return crate::deeper(0),
        // SAFETY: it does not return.
        -1 => unsafe { _exit(7) },
        // SAFETY: the signal has its default action, which is the end.
        other => _ = unsafe { raise(if other == SIGBUS { SIGBUS } else { SIGKILL }) },
    }
    kind
}

/// Dies if the environment wishes so for this place.
fn die_if_wished(place: &str) {
    let wish = std::env::var(WISH).unwrap_or_default();
    if let Some((wished, kind)) = wish.split_once(':')
        && wished == place
        && let Ok(kind) = kind.parse()
    {
        die(kind);
    }
}

extern "C" fn constructor() {
    die_if_wished("constructor");
}

/// Called by the loader, before anything of ours could note that the library is there.
// SAFETY: the section holds pointers to functions of this very type; the loader calls each once.
#[unsafe(link_section = ".init_array")]
#[used]
static CONSTRUCTOR: extern "C" fn() = constructor;

/// Called by the VM when the library is loaded.
// SAFETY: no other library of the process is asked for its own by this handle.
#[unsafe(no_mangle)]
pub extern "system" fn JNI_OnLoad(_vm: *mut c_void, _reserved: *mut c_void) -> c_int {
    die_if_wished("onload");
    JNI_VERSION_1_6
}

/// `Deaths.die(kind)`.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_crashtest_Deaths_die(
    _env: *mut c_void,
    _class: *mut c_void,
    kind: c_int,
) -> c_int {
    die(kind)
}
