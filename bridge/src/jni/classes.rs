//! The Kotlin class that native code names, and the members of it, looked up once while the library is loaded.
//!
//! What it is: one global reference and ids, found in `JNI_OnLoad` on the loading thread, whose class loader is the
//! right one. Exceptions are made by that class too: their own classes are then loaded by the first failure, on the
//! side that knows how, and not by every process that starts.
//! What it is not: nothing here looks a class up later, on whatever thread happens to run.
//!
//! Invariant: a class or method that is missing fails the load with its name, never a later call.

use jni::ids::JStaticMethodID;
use jni::objects::JClass;
use jni::refs::Global;
use jni::{Env, jni_sig, jni_str};
use once_cell::sync::OnceCell;

/// What native code calls on the Kotlin side.
pub struct Bridge {
    /// `dev.ferrule.bindings.NativeBridge`.
    pub class: Global<JClass<'static>>,
    /// `NativeBridge.exception(int kind, String code, String message, String context)`.
    pub exception: JStaticMethodID,
}

static BRIDGE: OnceCell<Bridge> = OnceCell::new();

/// What the load found; `None` before it.
pub fn get() -> Option<&'static Bridge> {
    BRIDGE.get()
}

/// Looks everything up, on the thread that loads the library.
///
/// # Errors
/// The class or member that is missing, by JNI's own error.
pub fn load(env: &mut Env<'_>) -> jni::errors::Result<()> {
    let class = env.find_class(jni_str!("dev/ferrule/bindings/NativeBridge"))?;
    let signature =
        jni_sig!("(ILjava/lang/String;Ljava/lang/String;Ljava/lang/String;)Ljava/lang/RuntimeException;");
    let exception = env.get_static_method_id(&class, jni_str!("exception"), signature)?;
    // A second load of the same image finds the same class: the first answer stays.
    let _ = BRIDGE.set(Bridge { class: env.new_global_ref(&class)?, exception });
    Ok(())
}
