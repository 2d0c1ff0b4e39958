//! `libferrule_wire_bench.so`: one loaded model in each form that was considered, for `dev.ferrule.bench.WireForms`.
//!
//! What it is: the other forms, in one library with the chosen one, so that one run measures all of them the same way. What
//! it is not: part of anything shipped.
//!
//! Invariant: every form says the same; the bench compares the objects before it measures.

#![expect(clippy::expect_used, reason = "a bench fails by panicking, and its caller sees it")]

mod proto;

use std::path::Path;
use std::sync::OnceLock;

use ferrule::wire::model::answer::{self, Answer};
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, LoadRow, assume_present};
use ferrule_launcher_model::home::{Home, Loaded, Phone};
use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::open::Opened;
use ferrule_launcher_model::store::{EpochMillis, GridSize, OpenOptions};
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteBuffer, JClass, JString};
use jni::sys::jint;
use jni::{Env, EnvUnowned};

const GRID: Grid = Grid { columns: 5, rows: 6, hotseat: 5, search_columns: 5, folder: (4, 4) };

static LOADED: OnceLock<Loaded> = OnceLock::new();

/// Imports and loads a database on a phone that has everything; how many items there are. Once a process.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_bench_WireForms_load<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    file: JString<'local>,
) -> jint {
    env.with_env(|env| -> jni::errors::Result<jint> {
        let file = file.try_to_string(env)?;
        let loaded = LOADED.get_or_init(|| load(Path::new(&file)));
        Ok(loaded.outcome.items.len() as jint)
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

fn load(file: &Path) -> Loaded {
    let folder = tempfile::tempdir().expect("a folder");
    let size = GridSize { columns: 5, rows: 6, dock: 5 };
    let options = OpenOptions::new(EpochMillis(0), size, 0);
    let (mut home, _) = Home::open(&folder.path().join("home.db"), options).expect("a store");
    let import = ImportOptions { now: EpochMillis(0), grid: None, main_profile: 0 };
    home.import_file(file, &import).expect("an import");
    let opened = Opened::open(file).expect("a database");
    let rows = LoadRow::from_table(&opened.read().expect("rows").rows.favorites);
    let platform = assume_present(&rows);
    let flags = BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() };
    home.load(&Phone { grid: GRID, flags, platform: &platform }, EpochMillis(0))
}

/// The chosen form; the number of bytes.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_bench_WireForms_packed<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    buffer: JByteBuffer<'local>,
) -> jint {
    fill(env, &buffer, |loaded| {
        answer::encode(&Answer { outcome: &loaded.outcome, grid: GRID, changes: 0, problem: None })
    })
}

/// Protobuf with texts where they belong; the number of bytes.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_bench_WireForms_protobuf<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    buffer: JByteBuffer<'local>,
) -> jint {
    fill(env, &buffer, |loaded| proto::encode(&loaded.outcome, false))
}

/// Protobuf with a table of texts; the number of bytes.
// SAFETY: no other library of the process exports this name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_ferrule_bench_WireForms_protobufTable<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    buffer: JByteBuffer<'local>,
) -> jint {
    fill(env, &buffer, |loaded| proto::encode(&loaded.outcome, true))
}

fn fill(mut env: EnvUnowned<'_>, buffer: &JByteBuffer<'_>, encode: impl FnOnce(&Loaded) -> Vec<u8>) -> jint {
    env.with_env(|env| copy(env, buffer, &encode(LOADED.get().expect("load comes first"))))
        .resolve::<ThrowRuntimeExAndDefault>()
}

fn copy(env: &Env<'_>, buffer: &JByteBuffer<'_>, bytes: &[u8]) -> jni::errors::Result<jint> {
    let address = env.get_direct_buffer_address(buffer)?;
    assert!(bytes.len() <= env.get_direct_buffer_capacity(buffer)?, "the buffer holds {} bytes", bytes.len());
    // SAFETY: the VM says that at least as many bytes are there, the reference keeps the buffer alive during this call,
    // and `bytes` is Rust memory, so the two do not overlap.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), address, bytes.len()) };
    Ok(bytes.len() as jint)
}
