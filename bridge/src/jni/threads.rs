//! Threads of our own that call into Kotlin: attached once, with a name, detached before they end.
//!
//! What it is: the one way to start such a thread. The library keeps no thread alive: whoever starts one joins it, so
//! there is nothing to shut down and `DestroyJavaVM` never waits for us.
//!
//! Invariant: a thread that ends is not attached any more; on ART one that ends attached kills the process.

use std::thread::JoinHandle;

use jni::strings::JNIString;
use jni::{AttachConfig, Env, JavaVM};

use crate::error::BridgeError;
use crate::panics;

/// Runs `body` on a new thread that is attached as `name` for as long as it runs.
///
/// # Errors
/// The system has no thread left, or (when joined) attaching failed or `body` did.
pub fn spawn_attached<T: Send + 'static>(
    vm: JavaVM,
    name: &str,
    body: impl FnOnce(&mut Env<'_>) -> Result<T, BridgeError> + Send + 'static,
) -> Result<JoinHandle<Result<T, BridgeError>>, BridgeError> {
    let thread_name = name.to_owned();
    std::thread::Builder::new()
        .name(thread_name.clone())
        .spawn(move || {
            // Scoped: detached explicitly when the call returns, not by thread-local destructors, in which the
            // attachment's own log lines would find the tracing registry's thread data gone (jni-rs 835).
            let jni_name = JNIString::new(&thread_name);
            let config = || AttachConfig::new().scoped(true).thread_name(&jni_name);
            panics::reported(|| vm.attach_current_thread_with_config(config, Some(16), body))
        })
        .map_err(|error| BridgeError::Thread { reason: error.to_string() })
}
