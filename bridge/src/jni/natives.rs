//! The native methods of `dev.ferrule.bindings.NativeBridge`: convert, call, return.
//!
//! What it is: one function a method and the table that registers them. What it is not: how failure leaves is the
//! business of `entry` and `policy`.
//!
//! Invariant: name, signature and function of a row belong together; a test on the Kotlin side compares the table with
//! the class by reflection, and a row that the class lacks fails the load.

use std::ffi::c_void;
use std::sync::Arc;

use jni::objects::{JByteBuffer, JClass, JObject};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned, NativeMethod, jni_str};
use once_cell::sync::Lazy;

use super::buffers::{REQUEST_BYTES_MAX, copy_in, copy_out};
use super::classes;
use super::entry::{Entry, contained};
use super::handles::HandleTable;
use super::log_sink::{self, KotlinSink};
use super::{icons, model, selftest};
use crate::error::BridgeError;
use crate::logging;
use crate::os::{self, Session};
use crate::wire::request;

/// The number that library and Kotlin classes must agree on; raised whenever a method changes its meaning.
const CONTRACT: jint = 5;

/// Tag of [`Session`] handles.
const SESSION_TAG: u8 = 0x05;

static SESSIONS: Lazy<HandleTable<Session>> = Lazy::new(|| HandleTable::new(SESSION_TAG));

/// Binds every method; the class must have them all.
///
/// # Errors
/// `NoSuchMethod` with the method that the class lacks.
pub fn register(env: &mut Env<'_>) -> jni::errors::Result<()> {
    let bridge = classes::get().ok_or(jni::errors::Error::UninitializedJavaVM)?;
    macro_rules! row {
        ($name:literal, $signature:literal, $function:expr) => {{
            let function: *const c_void = $function as *const c_void;
            // SAFETY: the function takes environment, class and the arguments of this very signature, and answers
            // its result; all rows are static methods.
            unsafe { NativeMethod::from_raw_parts(jni_str!($name), jni_str!($signature), function.cast_mut()) }
        }};
    }
    let table = [
        row!("contract", "()I", contract as extern "system" fn(_, _) -> _),
        row!(
            "decide",
            "(Ljava/nio/ByteBuffer;ILjava/nio/ByteBuffer;)I",
            decide as extern "system" fn(_, _, _, _, _) -> _
        ),
        row!("open", "(Ljava/nio/ByteBuffer;I)J", open as extern "system" fn(_, _, _, _) -> _),
        row!(
            "update",
            "(Ljava/lang/Object;JLjava/nio/ByteBuffer;ILjava/nio/ByteBuffer;)I",
            update as extern "system" fn(_, _, _, _, _, _, _) -> _
        ),
        row!("close", "(J)Z", close as extern "system" fn(_, _, _) -> _),
        row!("liveHandles", "()I", live_handles as extern "system" fn(_, _) -> _),
        row!(
            "setLogSink",
            "(Ldev/ferrule/bindings/NativeLogSink;)V",
            set_log_sink as extern "system" fn(_, _, _)
        ),
        row!("setLogLevel", "(I)V", set_log_level as extern "system" fn(_, _, _)),
        row!(
            "modelOpen",
            "(Ljava/nio/ByteBuffer;IIIIJJ)J",
            model::open as extern "system" fn(_, _, _, _, _, _, _, _, _) -> _
        ),
        row!("modelOpened", "(Ljava/lang/Object;J)I", model::opened as extern "system" fn(_, _, _, _) -> _),
        row!(
            "modelImportFile",
            "(Ljava/lang/Object;JLjava/nio/ByteBuffer;IJJLjava/nio/ByteBuffer;)I",
            model::import_file as extern "system" fn(_, _, _, _, _, _, _, _, _) -> _
        ),
        row!(
            "modelImportRows",
            "(Ljava/lang/Object;JLjava/nio/ByteBuffer;IJJLjava/nio/ByteBuffer;)I",
            model::import_rows as extern "system" fn(_, _, _, _, _, _, _, _, _) -> _
        ),
        row!(
            "modelLoad",
            "(Ljava/lang/Object;JLjava/nio/ByteBuffer;IJLjava/nio/ByteBuffer;)I",
            model::load as extern "system" fn(_, _, _, _, _, _, _, _) -> _
        ),
        row!(
            "modelTake",
            "(Ljava/lang/Object;JLjava/nio/ByteBuffer;)I",
            model::take as extern "system" fn(_, _, _, _, _) -> _
        ),
        row!("modelKeep", "(Ljava/lang/Object;JJ)Z", model::keep as extern "system" fn(_, _, _, _, _) -> _),
        row!(
            "modelKept",
            "(Ljava/nio/ByteBuffer;ILjava/nio/ByteBuffer;ILjava/nio/ByteBuffer;)I",
            model::kept as extern "system" fn(_, _, _, _, _, _, _) -> _
        ),
        row!("modelClose", "(J)Z", model::close as extern "system" fn(_, _, _) -> _),
        row!(
            "iconsOpen",
            "(Ljava/lang/String;IJJLdev/ferrule/bindings/NativeIconSource;)J",
            icons::open as extern "system" fn(_, _, _, _, _, _, _) -> _
        ),
        row!(
            "iconsGetInto",
            "(Ljava/lang/Object;J[BLjava/nio/ByteBuffer;IIZ)[B",
            icons::get_into as extern "system" fn(_, _, _, _, _, _, _, _, _) -> _
        ),
        row!(
            "iconsGetAllInto",
            "(Ljava/lang/Object;J[BLjava/nio/ByteBuffer;III)[B",
            icons::get_all_into as extern "system" fn(_, _, _, _, _, _, _, _, _) -> _
        ),
        row!(
            "iconsRequest",
            "(Ljava/lang/Object;J[BIJLdev/ferrule/bindings/NativeIconListener;Ljava/nio/ByteBuffer;II)J",
            icons::request as extern "system" fn(_, _, _, _, _, _, _, _, _, _, _) -> _
        ),
        row!("iconsCancel", "(Ljava/lang/Object;JJ)V", icons::cancel as extern "system" fn(_, _, _, _, _)),
        row!(
            "iconsReprioritise",
            "(Ljava/lang/Object;JJI)V",
            icons::reprioritise as extern "system" fn(_, _, _, _, _, _)
        ),
        row!("iconsRun", "(J)Z", icons::run as extern "system" fn(_, _, _) -> _),
        row!("iconsWork", "(JZ)Z", icons::work as extern "system" fn(_, _, _, _) -> _),
        row!("iconsWatch", "(J)I", icons::watch as extern "system" fn(_, _, _) -> _),
        row!("iconsPin", "(Ljava/lang/Object;J[B)V", icons::pin as extern "system" fn(_, _, _, _, _)),
        row!("iconsClose", "(J)Z", icons::close as extern "system" fn(_, _, _) -> _),
        row!(
            "iconsGetBitmap",
            "(Ljava/lang/Object;J[BLjava/lang/Object;)[B",
            icons::get_bitmap as extern "system" fn(_, _, _, _, _, _) -> _
        ),
        row!(
            "iconsGetHardwareBuffer",
            "(Ljava/lang/Object;J[BLjava/lang/Object;)[B",
            icons::get_hardware_buffer as extern "system" fn(_, _, _, _, _, _) -> _
        ),
        row!("selfTest", "(II)J", self_test as extern "system" fn(_, _, _, _) -> _),
    ];
    // SAFETY: every row was made above with a function that matches its signature and lives as long as the library.
    unsafe { env.register_native_methods(&bridge.class, &table) }
}

extern "system" fn contract<'local>(env: EnvUnowned<'local>, _: JClass<'local>) -> jint {
    contained(env, Entry::Contract, |_| Ok(CONTRACT))
}

extern "system" fn decide<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    request: JByteBuffer<'local>,
    request_bytes: jint,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::Decide, |env| {
        let bytes = copy_in(env, &request, request_bytes, REQUEST_BYTES_MAX)?;
        copy_out(env, &answer, &os::decide(&request::decode(&bytes)?))
    })
}

extern "system" fn open<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    request: JByteBuffer<'local>,
    request_bytes: jint,
) -> jlong {
    contained(env, Entry::Open, |env| {
        let bytes = copy_in(env, &request, request_bytes, REQUEST_BYTES_MAX)?;
        let session = Session::new(&request::decode(&bytes)?);
        SESSIONS.insert(Arc::new(session)).map_err(|_| BridgeError::HandlesExhausted)
    })
}

extern "system" fn update<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    runtime: JByteBuffer<'local>,
    runtime_bytes: jint,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::Update, |env| {
        let session = SESSIONS.get(handle).ok_or(BridgeError::StaleHandle)?;
        let bytes = copy_in(env, &runtime, runtime_bytes, REQUEST_BYTES_MAX)?;
        copy_out(env, &answer, &session.update(&request::decode_runtime(&bytes)?))
    })
}

extern "system" fn close<'local>(env: EnvUnowned<'local>, _: JClass<'local>, handle: jlong) -> bool {
    contained(env, Entry::Close, |_| Ok(SESSIONS.remove(handle)))
}

extern "system" fn live_handles<'local>(env: EnvUnowned<'local>, _: JClass<'local>) -> jint {
    contained(env, Entry::LiveHandles, |_| {
        Ok(jint::try_from(SESSIONS.live() + model::live() + icons::live()).unwrap_or(jint::MAX))
    })
}

extern "system" fn set_log_sink<'local>(env: EnvUnowned<'local>, _: JClass<'local>, sink: JObject<'local>) {
    contained(env, Entry::SetLogSink, |env| {
        if sink.is_null() {
            logging::set_sink(None);
        } else {
            logging::set_sink(Some(Arc::new(KotlinSink::new(env, &sink)?)));
        }
        Ok(())
    });
}

extern "system" fn set_log_level<'local>(env: EnvUnowned<'local>, _: JClass<'local>, level: jint) {
    contained(env, Entry::SetLogLevel, |_| {
        let known = log_sink::level(level);
        let level = known.ok_or(BridgeError::Argument { what: "log level", value: level.into() })?;
        logging::set_level(level);
        Ok(())
    });
}

extern "system" fn self_test<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    kind: jint,
    argument: jint,
) -> jlong {
    contained(env, Entry::SelfTest, |env| selftest::run(env, kind, argument))
}
