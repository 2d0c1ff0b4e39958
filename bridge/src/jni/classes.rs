//! The Kotlin classes and members that native code names, looked up once while the library is loaded.
//!
//! What it is: global references and ids, found in `JNI_OnLoad` on the loading thread, whose class loader is the
//! right one. What it is not: nothing here looks a class up later, on whatever thread happens to run.
//!
//! Invariant: a class, constructor or method that is missing fails the load with its name, never a later call.

use jni::ids::JMethodID;
use jni::objects::JClass;
use jni::refs::Global;
use jni::strings::JNIStr;
use jni::{Env, jni_sig, jni_str};
use once_cell::sync::OnceCell;

use crate::error::Kind;

/// An exception class with its constructor `(code, message, context)`.
pub struct ExceptionClass {
    /// The class.
    pub class: Global<JClass<'static>>,
    /// `<init>(String, String, String)`.
    pub constructor: JMethodID,
}

/// Everything that native code calls or makes on the Kotlin side.
pub struct Classes {
    invalid_input: ExceptionClass,
    stale_handle: ExceptionClass,
    storage: ExceptionClass,
    panic: ExceptionClass,
    internal: ExceptionClass,
    /// `NativeLogSink.write(int, String)`.
    pub log_sink_write: JMethodID,
    /// `NativeLogSink` itself, held so that its method id stays valid.
    _log_sink: Global<JClass<'static>>,
}

static CLASSES: OnceCell<Classes> = OnceCell::new();

/// What the load found; `None` before it.
pub fn get() -> Option<&'static Classes> {
    CLASSES.get()
}

/// Looks everything up, on the thread that loads the library.
///
/// # Errors
/// The class or member that is missing, by JNI's own error.
pub fn load(env: &mut Env<'_>) -> jni::errors::Result<()> {
    let log_sink = env.find_class(jni_str!("dev/ferrule/bindings/NativeLogSink"))?;
    let classes = Classes {
        invalid_input: exception(env, jni_str!("dev/ferrule/bindings/InvalidInputException"))?,
        stale_handle: exception(env, jni_str!("dev/ferrule/bindings/StaleHandleException"))?,
        storage: exception(env, jni_str!("dev/ferrule/bindings/StorageException"))?,
        panic: exception(env, jni_str!("dev/ferrule/bindings/NativePanicException"))?,
        internal: exception(env, jni_str!("dev/ferrule/bindings/NativeInternalException"))?,
        log_sink_write: env.get_method_id(
            &log_sink,
            jni_str!("write"),
            jni_sig!("(ILjava/lang/String;)V"),
        )?,
        _log_sink: env.new_global_ref(&log_sink)?,
    };
    // A second load of the same image finds the same classes: the first answer stays.
    let _ = CLASSES.set(classes);
    Ok(())
}

fn exception(env: &mut Env<'_>, name: &'static JNIStr) -> jni::errors::Result<ExceptionClass> {
    let class = env.find_class(name)?;
    let signature = jni_sig!("(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;)V");
    let constructor = env.get_method_id(&class, jni_str!("<init>"), signature)?;
    Ok(ExceptionClass { class: env.new_global_ref(&class)?, constructor })
}

impl Classes {
    /// The exception class for a kind of failure.
    pub fn exception(&self, kind: Kind) -> &ExceptionClass {
        match kind {
            Kind::InvalidInput => &self.invalid_input,
            Kind::StaleHandle => &self.stale_handle,
            Kind::Storage => &self.storage,
            Kind::Panic => &self.panic,
            Kind::Internal => &self.internal,
        }
    }
}
