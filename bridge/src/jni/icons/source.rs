//! The Kotlin side of a cache: what draws icons, and the executor on which listeners are told.
//!
//! What it is not: it keeps no result and retries nothing; the core does.
//!
//! Invariants: an exception of Kotlin's is caught and cleared, never left pending for the code that asked; no lock is
//! held during a call; local references of a call are gone after it.

use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::lookup::{Provider, ProviderError, Rendered, Want};
use jni::ids::JMethodID;
use jni::objects::{JByteArray, JObject, JValue};
use jni::refs::Global;
use jni::signature::{Primitive, ReturnType};
use jni::{AttachConfig, Env, JavaVM, jni_sig, jni_str};

use crate::error::BridgeError;
use crate::wire::icons::{drawn, question};

/// Local references that a call needs, with room to spare.
const CALL_REFERENCES: usize = 8;

/// The most bytes that a provider's answer may have: three pictures of the largest size, and texts.
const DRAWN_BYTES_MAX: usize = 1 << 24;

/// An object that implements `dev.ferrule.bindings.NativeIconSource`.
pub struct KotlinSource {
    vm: JavaVM,
    source: Global<JObject<'static>>,
    /// `load(long, String, String, boolean, int)` of the source's own class, which the source keeps alive.
    load: JMethodID,
    /// `post(long)`, likewise.
    post: JMethodID,
}

impl KotlinSource {
    /// Keeps a source.
    ///
    /// # Errors
    /// There is none, a method is missing, or the VM has no memory left.
    pub fn new(env: &mut Env<'_>, source: &JObject<'_>) -> Result<Self, BridgeError> {
        if source.is_null() {
            return Err(BridgeError::Argument { what: "source of icons", value: 0 });
        }
        let class = env.get_object_class(source)?;
        let signature = jni_sig!("(JLjava/lang/String;Ljava/lang/String;ZI)[B");
        let load = env.get_method_id(&class, jni_str!("load"), signature)?;
        let post = env.get_method_id(&class, jni_str!("post"), jni_sig!("(J)Z"))?;
        Ok(Self { vm: env.get_java_vm()?, source: env.new_global_ref(source)?, load, post })
    }

    /// Hands a task to the executor; whether it took it.
    pub fn post(&self, task: i64) -> bool {
        let posted = self.on_this_thread(|env| {
            let arguments = [JValue::Long(task).as_jni()];
            // SAFETY: the id is post(long) of this very object's class, and the argument is a long.
            let called = unsafe {
                env.call_method_unchecked(
                    &self.source,
                    self.post,
                    ReturnType::Primitive(Primitive::Boolean),
                    &arguments,
                )
            };
            env.exception_clear();
            Ok(called?.z()?)
        });
        posted.unwrap_or(false)
    }

    fn drawn(&self, key: &IconKey, want: Want) -> Result<Option<Vec<u8>>, BridgeError> {
        self.on_this_thread(|env| {
            let package = env.new_string(key.component.package())?;
            let class = env.new_string(key.component.class())?;
            let arguments = [
                JValue::Long(key.profile.0).as_jni(),
                JValue::Object(&package).as_jni(),
                JValue::Object(&class).as_jni(),
                JValue::Bool(want.label).as_jni(),
                JValue::Int(question::bits(want.variants).into()).as_jni(),
            ];
            // SAFETY: the id is load(long, String, String, boolean, int) of this very object's class, which answers an
            // array, and the arguments are of these types.
            let called =
                unsafe { env.call_method_unchecked(&self.source, self.load, ReturnType::Array, &arguments) };
            // Cleared here: left to the crate, it would first be turned into text, stack trace and all.
            env.exception_clear();
            let array = called?.l()?;
            if array.is_null() {
                return Ok(None);
            }
            let array = env.cast_local::<JByteArray<'_>>(array)?;
            let capacity = array.len(env)?;
            if capacity > DRAWN_BYTES_MAX {
                return Err(BridgeError::Buffer { what: "a provider's answer is too long", capacity });
            }
            Ok(Some(env.convert_byte_array(array)?))
        })
    }

    /// Runs a call on a thread that is Kotlin's already, or attached for this call.
    fn on_this_thread<T>(
        &self,
        call: impl FnOnce(&mut Env<'_>) -> Result<T, BridgeError>,
    ) -> Result<T, BridgeError> {
        let config = || AttachConfig::new().scoped(true);
        self.vm.attach_current_thread_with_config(config, Some(CALL_REFERENCES), call)
    }
}

impl Provider for KotlinSource {
    fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
        let failed = |text: String| {
            tracing::warn!(target: "ferrule::icons", "a provider failed: {text}");
            ProviderError(text)
        };
        let bytes = self.drawn(key, want).map_err(|error| failed(error.to_string()))?;
        let bytes = bytes.ok_or_else(|| failed("it answered nothing".to_owned()))?;
        let drawn = drawn::decode(&bytes).map_err(|error| failed(error.to_string()))?;
        drawn.map_err(|ProviderError(text)| failed(text))
    }
}
