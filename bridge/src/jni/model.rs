//! The native methods of the launcher model: convert, call, return.
//!
//! What it is: open, import, load and close, by handle. What it is not: an answer that does not fit the caller's buffer
//! is kept with the model and fetched by [`take`], so no call has to be made twice.
//!
//! Invariant: each function matches its row in [`super::natives`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::store::{EpochMillis, GridSize, OpenOptions};
use jni::objects::{JByteBuffer, JClass, JObject};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned};
use once_cell::sync::Lazy;

use super::buffers::{BULK_BYTES_MAX, REQUEST_BYTES_MAX, copy_in, copy_out};
use super::entry::{Entry, contained};
use super::handles::HandleTable;
use crate::error::BridgeError;
use crate::model::{Model, pack_report};
use crate::wire::model::rows;

/// Tag of [`Model`] handles.
const MODEL_TAG: u8 = 0x0b;

static MODELS: Lazy<HandleTable<Model>> = Lazy::new(|| HandleTable::new(MODEL_TAG));

/// How many models are open.
pub fn live() -> usize {
    MODELS.live()
}

/// The model behind a handle.
///
/// # Errors
/// `FFI_HANDLE_STALE` when it was closed, forged or never given out.
pub fn model(handle: jlong) -> Result<Arc<Model>, BridgeError> {
    MODELS.get(handle).ok_or(BridgeError::StaleHandle)
}

/// Bits of what an opening showed.
const CREATED: jint = 1;
const DEFAULT_LAYOUT_DUE: jint = 2;
const SALVAGED: jint = 4;

pub extern "system" fn open<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    path: JByteBuffer<'local>,
    path_bytes: jint,
    columns: jint,
    rows: jint,
    dock: jint,
    main_profile: jlong,
    now: jlong,
) -> jlong {
    contained(env, Entry::ModelOpen, |env| {
        let file = read_path(env, &path, path_bytes)?;
        let grid = GridSize { columns, rows, dock };
        if !grid.is_valid() {
            return Err(BridgeError::Argument { what: "grid", value: columns.into() });
        }
        let model = Model::open(&file, OpenOptions::new(EpochMillis(now), grid, main_profile))?;
        MODELS.insert(Arc::new(model)).map_err(|_| BridgeError::HandlesExhausted)
    })
}

pub extern "system" fn opened<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
) -> jint {
    contained(env, Entry::ModelOpened, |_| {
        let model = model(handle)?;
        let report = model.opened();
        let bits = [
            (report.created, CREATED),
            (report.default_layout_due, DEFAULT_LAYOUT_DUE),
            (report.salvage.is_some(), SALVAGED),
        ];
        Ok(bits.iter().filter(|(is_set, _)| *is_set).map(|(_, bit)| bit).sum())
    })
}

pub extern "system" fn import_file<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    path: JByteBuffer<'local>,
    path_bytes: jint,
    main_profile: jlong,
    now: jlong,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::ModelImportFile, |env| {
        let model = model(handle)?;
        let source = read_path(env, &path, path_bytes)?;
        let report = model.import_file(&source, &import_options(main_profile, now))?;
        answer_or_keep(env, &model, &answer, Arc::new(pack_report(&report)))
    })
}

pub extern "system" fn import_rows<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    batch: JByteBuffer<'local>,
    batch_bytes: jint,
    main_profile: jlong,
    now: jlong,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::ModelImportRows, |env| {
        let model = model(handle)?;
        let rows = rows::decode(&copy_in(env, &batch, batch_bytes, BULK_BYTES_MAX)?)?;
        let report = model.import_rows(&rows, &import_options(main_profile, now))?;
        answer_or_keep(env, &model, &answer, Arc::new(pack_report(&report)))
    })
}

pub extern "system" fn load<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    request: JByteBuffer<'local>,
    request_bytes: jint,
    now: jlong,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::ModelLoad, |env| {
        let model = model(handle)?;
        let question = copy_in(env, &request, request_bytes, BULK_BYTES_MAX)?;
        answer_or_keep(env, &model, &answer, model.load_packed(question, EpochMillis(now))?)
    })
}

pub extern "system" fn keep<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    now: jlong,
) -> bool {
    contained(env, Entry::ModelKeep, |_| model(handle)?.keep_for_next_start(EpochMillis(now)))
}

/// 0 where nothing is kept. An answer that does not fit stays where it is.
pub extern "system" fn kept<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    path: JByteBuffer<'local>,
    path_bytes: jint,
    request: JByteBuffer<'local>,
    request_bytes: jint,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::ModelKept, |env| {
        let file = read_path(env, &path, path_bytes)?;
        let question = copy_in(env, &request, request_bytes, BULK_BYTES_MAX)?;
        Model::kept(&file, &question, |bytes| copy_out(env, &answer, bytes)).unwrap_or(Ok(0))
    })
}

pub extern "system" fn take<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    answer: JByteBuffer<'local>,
) -> jint {
    contained(env, Entry::ModelTake, |env| model(handle)?.take(|bytes| copy_out(env, &answer, bytes)))
}

pub extern "system" fn close<'local>(env: EnvUnowned<'local>, _: JClass<'local>, handle: jlong) -> bool {
    contained(env, Entry::ModelClose, |_| Ok(MODELS.remove(handle)))
}

fn import_options(main_profile: i64, now: i64) -> ImportOptions {
    ImportOptions { now: EpochMillis(now), grid: None, main_profile }
}

/// Copies an answer out; one that does not fit is kept for [`take`].
fn answer_or_keep(
    env: &Env<'_>,
    model: &Model,
    answer: &JByteBuffer<'_>,
    bytes: Arc<Vec<u8>>,
) -> Result<jint, BridgeError> {
    let written = copy_out(env, answer, &bytes)?;
    if written < 0 {
        model.keep(bytes);
    }
    Ok(written)
}

/// A path in UTF-8, as Kotlin has it.
fn read_path(env: &Env<'_>, path: &JByteBuffer<'_>, bytes: jint) -> Result<PathBuf, BridgeError> {
    let bytes = copy_in(env, path, bytes, REQUEST_BYTES_MAX)?;
    let capacity = bytes.len();
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| BridgeError::Buffer { what: "the path is not UTF-8", capacity })?;
    Ok(Path::new(&text).to_owned())
}
