//! What a failed or panicking entry does: one typed Kotlin exception, and the default value as result.
//!
//! What it is: the only place where exceptions are asked for (`NativeBridge.exception` makes them). What it is not: it decides no code and no text, those come
//! with the error (`crate::error`) or the panic (`crate::panics`).
//!
//! Invariants: an exception that is pending already stays, ours is dropped; nothing here panics; if the exception
//! cannot even be made (no memory), the VM's own error stays pending, and failing that a bare `RuntimeException`.

use std::any::Any;

use jni::errors::ErrorPolicy;
use jni::objects::{JString, JThrowable, JValue};
use jni::signature::ReturnType;
use jni::{Env, jni_str};

use super::classes;
use crate::error::{BridgeError, Kind};
use crate::panics;

/// Errors and panics become exceptions of `dev.ferrule.bindings`; the stock policies lose formatted panic texts.
pub struct ThrowTyped;

impl<T: Default> ErrorPolicy<T, BridgeError> for ThrowTyped {
    type Captures<'env: 'call, 'call> = ();

    fn on_error<'env: 'call, 'call>(
        env: &mut Env<'env>,
        (): &mut (),
        error: BridgeError,
    ) -> jni::errors::Result<T> {
        throw(env, error.kind(), error.code(), &error.to_string(), &error.context());
        Ok(T::default())
    }

    fn on_panic<'env: 'call, 'call>(
        env: &mut Env<'env>,
        (): &mut (),
        payload: Box<dyn Any + Send>,
    ) -> jni::errors::Result<T> {
        let place = panics::report().unwrap_or_default();
        throw(env, Kind::Panic, "FFI_PANIC", &panics::text_of(payload), &place);
        Ok(T::default())
    }
}

/// Leaves one exception pending: the one that is there, or the typed one, or whatever making it raised.
fn throw(env: &mut Env<'_>, kind: Kind, code: &str, message: &str, context: &str) {
    if env.exception_check() {
        return;
    }
    // Ok is impossible: a throw that worked is `JavaException`.
    let outcome = make(env, kind, code, message, context).and_then(|exception| env.throw(exception));
    if outcome.is_err() && !env.exception_check() {
        let _ = env.throw_new(jni_str!("java/lang/RuntimeException"), jni_str!("ferrule: FFI_INTERNAL"));
    }
}

fn make<'env>(
    env: &mut Env<'env>,
    kind: Kind,
    code: &str,
    message: &str,
    context: &str,
) -> jni::errors::Result<JThrowable<'env>> {
    let bridge = classes::get().ok_or(jni::errors::Error::UninitializedJavaVM)?;
    let texts: [JString<'env>; 3] =
        [env.new_string(code)?, env.new_string(message)?, env.new_string(context)?];
    let [code, message, context] = texts.each_ref().map(|text| JValue::Object(text).as_jni());
    let arguments = [JValue::Int(kind.number()).as_jni(), code, message, context];
    // SAFETY: the id was taken from this very class as a static method (int, String, String, String) that answers an
    // object, and the arguments are an int and three live local references to strings.
    let made = unsafe {
        env.call_static_method_unchecked(&bridge.class, bridge.exception, ReturnType::Object, &arguments)
    }?;
    env.cast_local::<JThrowable<'_>>(made.l()?)
}
