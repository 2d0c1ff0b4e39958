//! Who waits for an icon in Kotlin, and the memory that its pixels go to.
//!
//! What it is not: it decides nothing about delivery; the core calls it at most once each, on the delivery thread.
//!
//! Invariants: the target is written to between the core's two questions "may it be delivered?" and "has it ended?" only,
//! so never after a cancel that returned on the delivery thread; an exception of Kotlin's is cleared, and by contract
//! there is none (its side keeps it and throws it again where it is heard).

use ferrule_icon_cache::lookup::{Icon, Listener, place};
use ferrule_icon_cache::picture::Variants;
use jni::ids::JMethodID;
use jni::objects::{JByteBuffer, JObject, JValue};
use jni::refs::Global;
use jni::signature::{Primitive, ReturnType};
use jni::{AttachConfig, Env, JavaVM, jni_sig, jni_str};

use crate::error::BridgeError;
use crate::jni::buffers::{Slot, slot};
use crate::wire::icons::answer;

/// An object that implements `dev.ferrule.bindings.NativeIconListener`.
pub struct KotlinListener {
    vm: JavaVM,
    listener: Global<JObject<'static>>,
    target: Global<JByteBuffer<'static>>,
    place: Slot,
    wants: Variants,
    /// `delivered(byte[])` and `ended(boolean)` of the listener's own class, which the listener keeps alive.
    delivered: JMethodID,
    ended: JMethodID,
}

impl KotlinListener {
    /// Keeps a listener and the buffer that its pixels go to.
    ///
    /// # Errors
    /// There is none, a method is missing, or the VM has no memory left.
    pub fn new(
        env: &mut Env<'_>,
        listener: &JObject<'_>,
        target: &JByteBuffer<'_>,
        place: Slot,
        wants: Variants,
    ) -> Result<Self, BridgeError> {
        if listener.is_null() {
            return Err(BridgeError::Argument { what: "listener", value: 0 });
        }
        let class = env.get_object_class(listener)?;
        let delivered = env.get_method_id(&class, jni_str!("delivered"), jni_sig!("([B)V"))?;
        let ended = env.get_method_id(&class, jni_str!("ended"), jni_sig!("(Z)V"))?;
        let (listener, target) = (env.new_global_ref(listener)?, env.new_global_ref(target)?);
        Ok(Self { vm: env.get_java_vm()?, listener, target, place, wants, delivered, ended })
    }

    fn call(&self, call: impl FnOnce(&mut Env<'_>) -> Result<(), BridgeError>) -> Result<(), BridgeError> {
        self.vm.attach_current_thread_with_config(|| AttachConfig::new().scoped(true), Some(8), call)
    }

    fn tell(
        &self,
        env: &mut Env<'_>,
        method: JMethodID,
        argument: jni::sys::jvalue,
    ) -> Result<(), BridgeError> {
        // SAFETY: the id is of this very object's class, of a method without a result and with one argument of the type
        // that the caller passes: a byte array to `delivered`, a boolean to `ended`.
        let called = unsafe {
            env.call_method_unchecked(
                &self.listener,
                method,
                ReturnType::Primitive(Primitive::Void),
                &[argument],
            )
        };
        env.exception_clear();
        Ok(called.map(drop)?)
    }
}

impl Listener for KotlinListener {
    fn deliver(&self, icon: Icon) {
        let told = self.call(|env| {
            let placed = {
                let mut slot = slot(env, &self.target, self.place)?;
                place(icon, self.wants, slot.bytes())
            };
            let bytes = env.byte_array_from_slice(&answer::encode_one(&placed))?;
            self.tell(env, self.delivered, JValue::Object(&bytes).as_jni())
        });
        report(told);
    }

    fn ended(&self, delivered: bool) {
        report(self.call(|env| self.tell(env, self.ended, JValue::Bool(delivered).as_jni())));
    }
}

/// There is nobody else to tell.
fn report(told: Result<(), BridgeError>) {
    if let Err(error) = told {
        tracing::warn!(target: "ferrule::icons", "a listener could not be told: {error}");
    }
}
