//! The native methods of the icon cache: convert, call, return.
//!
//! What it is: open, look up into the caller's memory, ask and take back, lend threads, close. What is asked rarely goes by
//! [`crate::control`]. What it is not: no pixel is copied on its way, and no address of the caller's outlives a call.
//!
//! Invariant: each function matches its row in [`super::natives`].

mod bitmap;
mod hardware;
mod listener;
mod source;
#[cfg(any(test, target_os = "android"))]
mod surface;

pub use bitmap::get_bitmap;
pub use hardware::get_hardware_buffer;

use std::path::PathBuf;
use std::sync::Arc;

use ferrule_icon_cache::lookup::requests::{Priority, Ticket, ViewId};
use ferrule_icon_cache::lookup::{Request, Undrawn};
use jni::objects::{JByteArray, JByteBuffer, JClass, JObject, JString};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned};
use once_cell::sync::Lazy;

use self::listener::KotlinListener;
use self::source::KotlinSource;
use super::buffers::{Slot, slot};
use super::entry::{Entry, contained};
use super::handles::HandleTable;
use crate::error::BridgeError;
use crate::icons::{IconOptions, Icons, Task};
use crate::wire::icons::{answer, question};

/// Tag of [`Icons`] handles.
const ICONS_TAG: u8 = 0x1c;

/// Tag of [`Task`] handles.
const TASK_TAG: u8 = 0x1d;

/// The most bytes that questions may have: thousands of keys.
const QUESTION_BYTES_MAX: usize = 1 << 24;

static ICONS: Lazy<HandleTable<Icons>> = Lazy::new(|| HandleTable::new(ICONS_TAG));

/// What waits for the delivery thread.
static TASKS: Lazy<HandleTable<Task>> = Lazy::new(|| HandleTable::new(TASK_TAG));

/// How many caches are open and tasks wait.
pub fn live() -> usize {
    ICONS.live() + TASKS.live()
}

/// The cache behind a handle.
///
/// # Errors
/// `FFI_HANDLE_STALE` when it was closed, forged or never given out.
pub fn icons(handle: jlong) -> Result<Arc<Icons>, BridgeError> {
    ICONS.get(handle).ok_or(BridgeError::StaleHandle)
}

/// Gives a cache a handle, which [`forget`] takes back.
///
/// # Errors
/// `FFI_HANDLES_EXHAUSTED`.
pub fn keep(icons: Arc<Icons>) -> Result<jlong, BridgeError> {
    ICONS.insert(icons).map_err(|_| BridgeError::HandlesExhausted)
}

/// Frees a handle; whether it was live. The cache is closed at once, whoever is still at work in it.
pub fn forget(handle: jlong) -> bool {
    let Some(icons) = ICONS.get(handle) else { return false };
    let was_live = ICONS.remove(handle);
    if was_live {
        icons.cache().close();
    }
    was_live
}

pub extern "system" fn open<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    path: JString<'local>,
    size_px: jint,
    memory_bytes: jlong,
    provider_ms_max: jlong,
    source: JObject<'local>,
) -> jlong {
    contained(env, Entry::IconsOpen, |env| {
        let file = PathBuf::from(path.try_to_string(env)?);
        let source = Arc::new(KotlinSource::new(env, &source)?);
        let poster = Arc::clone(&source);
        let executor = Arc::new(move |work| {
            let task = Arc::new(Task::new(work));
            // Where nobody takes it (no handle is left, or the executor refuses), it is run here and now: a request has
            // to end.
            match TASKS.insert(Arc::clone(&task)) {
                Ok(handle) if poster.post(handle) => {}
                Ok(handle) => {
                    TASKS.remove(handle);
                    task.run();
                }
                Err(_) => drop(task.run()),
            }
        });
        let options = IconOptions { size_px, memory_bytes, provider_ms_max };
        keep(Arc::new(Icons::open(&file, options, source, executor)?))
    })
}

pub extern "system" fn get_into<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    question: JByteArray<'local>,
    target: JByteBuffer<'local>,
    at: jint,
    bytes: jint,
    is_peek: bool,
) -> JByteArray<'local> {
    contained(env, Entry::IconsGetInto, |env| {
        let icons = icons(handle)?;
        let request = read_question(env, &question)?;
        let placed = {
            let mut slot = slot(env, &target, Slot { at, bytes })?;
            if is_peek {
                icons.cache().peek_into(&request, slot.bytes())
            } else {
                Some(icons.cache().get_into(&request, slot.bytes()))
            }
        };
        match placed {
            Some(placed) => Ok(env.byte_array_from_slice(&answer::encode_one(&placed))?),
            None => Ok(JByteArray::default()),
        }
    })
}

pub extern "system" fn get_all_into<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    questions: JByteArray<'local>,
    arena: JByteBuffer<'local>,
    at: jint,
    bytes: jint,
    slot_bytes: jint,
) -> JByteArray<'local> {
    contained(env, Entry::IconsGetAllInto, |env| {
        let icons = icons(handle)?;
        let requests = question::decode(&read_bytes(env, &questions)?)?;
        let each = usize::try_from(slot_bytes).ok().filter(|each| *each > 0 && each % 4 == 0);
        let each = each.ok_or(BridgeError::Argument { what: "bytes of a slot", value: slot_bytes.into() })?;
        let mut answers = answer::Answers::new(requests.len());
        {
            let mut slot = slot(env, &arena, Slot { at, bytes })?;
            let arena = slot.bytes();
            if each.checked_mul(requests.len()).is_none_or(|needed| needed > arena.len()) {
                return Err(BridgeError::Buffer {
                    what: "the arena has fewer slots than there are questions",
                    capacity: arena.len(),
                });
            }
            icons.cache().get_all_into(&requests, arena, each, |_, placed| answers.push(&placed));
        }
        Ok(env.byte_array_from_slice(&answers.finish())?)
    })
}

pub extern "system" fn request<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    question: JByteArray<'local>,
    priority: jint,
    view: jlong,
    listener: JObject<'local>,
    target: JByteBuffer<'local>,
    at: jint,
    bytes: jint,
) -> jlong {
    contained(env, Entry::IconsRequest, |env| {
        let icons = icons(handle)?;
        let request = read_question(env, &question)?;
        let priority = priority_of(priority)?;
        // Looked at now, so that a target that cannot be used fails here and not on the delivery thread.
        let _ = slot(env, &target, Slot { at, bytes })?;
        let listener = KotlinListener::new(env, &listener, &target, Slot { at, bytes }, request.wants)?;
        // Numbers of views are the caller's, from 1; 0 is none.
        let view = u64::try_from(view).ok().filter(|view| *view > 0).map(ViewId);
        let handle = icons.cache().request(request, priority, view, Arc::new(listener));
        Ok(handle.ticket().map_or(0, |Ticket(number)| number.cast_signed()))
    })
}

pub extern "system" fn cancel<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    ticket: jlong,
) {
    contained(env, Entry::IconsCancel, |_| {
        icons(handle)?.cache().cancel(Ticket(ticket.cast_unsigned()));
        Ok(())
    });
}

pub extern "system" fn reprioritise<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    ticket: jlong,
    priority: jint,
) {
    contained(env, Entry::IconsReprioritise, |_| {
        icons(handle)?.cache().reprioritise(Ticket(ticket.cast_unsigned()), priority_of(priority)?);
        Ok(())
    });
}

pub extern "system" fn run<'local>(env: EnvUnowned<'local>, _: JClass<'local>, task: jlong) -> bool {
    contained(env, Entry::IconsRun, |_| {
        let Some(waiting) = TASKS.get(task) else { return Ok(false) };
        TASKS.remove(task);
        Ok(waiting.run())
    })
}

pub extern "system" fn work<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    handle: jlong,
    until_closed: bool,
) -> bool {
    contained(env, Entry::IconsWork, |_| {
        let cache = Arc::clone(icons(handle)?.cache());
        if until_closed {
            cache.run_worker();
        }
        Ok(!until_closed && cache.work())
    })
}

pub extern "system" fn watch<'local>(env: EnvUnowned<'local>, _: JClass<'local>, handle: jlong) -> jint {
    contained(env, Entry::IconsWatch, |_| {
        let cache = Arc::clone(icons(handle)?.cache());
        let lost = cache.watch();
        if lost > 0 {
            let code = Undrawn::Hangs.code();
            tracing::warn!(target: "ferrule::icons", "{code}: the provider keeps {lost} thread(s) of the cache");
        }
        Ok(jint::try_from(lost).unwrap_or(jint::MAX))
    })
}

pub extern "system" fn pin<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    questions: JByteArray<'local>,
) {
    contained(env, Entry::IconsPin, |env| {
        let requests = question::decode(&read_bytes(env, &questions)?)?;
        let keys: Vec<_> = requests.into_iter().filter_map(|request| request.key).collect();
        icons(handle)?.cache().pin(&keys);
        Ok(())
    });
}

pub extern "system" fn close<'local>(env: EnvUnowned<'local>, _: JClass<'local>, handle: jlong) -> bool {
    contained(env, Entry::IconsClose, |_| Ok(forget(handle)))
}

fn priority_of(number: jint) -> Result<Priority, BridgeError> {
    match number {
        0 => Ok(Priority::Visible),
        1 => Ok(Priority::Near),
        2 => Ok(Priority::Background),
        _ => Err(BridgeError::Argument { what: "priority", value: number.into() }),
    }
}

fn read_question(env: &Env<'_>, question: &JByteArray<'_>) -> Result<Request, BridgeError> {
    Ok(question::decode_one(&read_bytes(env, question)?)?)
}

/// The bytes of an array, if they are not too many.
fn read_bytes(env: &Env<'_>, array: &JByteArray<'_>) -> Result<Vec<u8>, BridgeError> {
    if array.is_null() {
        return Err(BridgeError::Buffer { what: "no bytes", capacity: 0 });
    }
    let capacity = array.len(env)?;
    if capacity > QUESTION_BYTES_MAX {
        return Err(BridgeError::Buffer { what: "more bytes than questions may have", capacity });
    }
    Ok(env.convert_byte_array(array)?)
}
