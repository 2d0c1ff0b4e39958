//! The sink that hands log lines to a Kotlin `LogSink`.
//!
//! What it is not: it keeps no queue and no thread; a line is delivered on the thread that raised it.
//!
//! Invariants: an exception of the callback is caught and cleared, never left pending for the code that logged; a line
//! raised while an exception is pending is dropped, as no call is legal then; no lock is held during the call.

use jni::objects::{JObject, JValue};
use jni::refs::Global;
use jni::signature::{Primitive, ReturnType};
use jni::{AttachConfig, JavaVM};
use tracing::Level;

use super::classes;
use crate::logging::layer::LineSink;

/// A Kotlin listener for log lines.
pub struct KotlinSink {
    vm: JavaVM,
    sink: Global<JObject<'static>>,
}

impl KotlinSink {
    /// Wraps a global reference to an object that implements `dev.ferrule.bindings.LogSink`.
    pub fn new(vm: JavaVM, sink: Global<JObject<'static>>) -> Self {
        Self { vm, sink }
    }

    fn deliver(&self, level: Level, line: &str) -> jni::errors::Result<()> {
        let Some(classes) = classes::get() else { return Ok(()) };
        // A thread of ours is attached already; any other one only for this line. The default policy refuses to run
        // while an exception is pending.
        self.vm.attach_current_thread_with_config(
            || AttachConfig::new().scoped(true),
            Some(8),
            |env| {
                let text = env.new_string(line)?;
                let arguments = [JValue::Int(priority(level)).as_jni(), JValue::Object(&text).as_jni()];
                // SAFETY: the object implements LogSink (the native method's signature takes nothing else), the id
                // is that interface's write(int, String), and the arguments are an int and a live local string.
                let called = unsafe {
                    env.call_method_unchecked(
                        &self.sink,
                        classes.log_sink_write,
                        ReturnType::Primitive(Primitive::Void),
                        &arguments,
                    )
                };
                // Cleared here: left to the crate, it would first be turned into text, stack trace and all.
                env.exception_clear();
                called.map(drop)
            },
        )
    }
}

impl LineSink for KotlinSink {
    fn line_bytes_max(&self) -> usize {
        usize::MAX
    }

    fn write(&self, level: Level, line: &str) {
        // There is nobody to tell: the exception is caught and cleared, the line is lost, and logging goes on.
        let _ = self.deliver(level, line);
    }
}

/// The numbers of `LogLevel` in Kotlin: 1 error to 5 trace.
pub fn priority(level: Level) -> i32 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// The reverse of [`priority`]; 0 is off, anything else unknown.
pub fn level(number: i32) -> Option<Option<Level>> {
    Some(match number {
        0 => None,
        1 => Some(Level::ERROR),
        2 => Some(Level::WARN),
        3 => Some(Level::INFO),
        4 => Some(Level::DEBUG),
        5 => Some(Level::TRACE),
        _ => return None,
    })
}
