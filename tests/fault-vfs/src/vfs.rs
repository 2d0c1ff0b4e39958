//! The SQLite VFS: the system's own with a gate in front of every call that can fail.
//!
//! A file of ours is a [`FaultFile`] with the system's file in the memory behind it; SQLite allocates both together
//! (`szOsFile`). Methods are of version 1: no shared memory and no mapping, which a store in exclusive locking mode does
//! without.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::{align_of, size_of};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::ffi;

use crate::disk::{Fault, Operation, State, lock};

/// What a registered VFS points to; lives as long as the process.
struct Context {
    real: *mut ffi::sqlite3_vfs,
    state: Arc<Mutex<State>>,
}

/// A file of ours, in memory that SQLite owns. The system's file follows behind it.
#[repr(C)]
struct FaultFile {
    base: ffi::sqlite3_file,
    context: *const Context,
    /// The file's name, boxed; freed when it is closed.
    path: *mut PathBuf,
}

/// Where the system's file begins.
const fn real_offset() -> usize {
    size_of::<FaultFile>().next_multiple_of(align_of::<u64>())
}

/// Registers a VFS under a name.
pub(crate) fn register(name: &str, state: Arc<Mutex<State>>) {
    let name = CString::new(name).expect("a name has no NUL").into_raw();
    // SAFETY: asking for the default VFS has no preconditions; SQLite initialises itself.
    let real = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
    assert!(!real.is_null(), "SQLite has a default VFS");
    let context = Box::into_raw(Box::new(Context { real, state }));
    // SAFETY: `real` is a valid VFS that is never unregistered; it is copied by value.
    let mut vfs = unsafe { std::ptr::read(real) };
    vfs.iVersion = 1;
    vfs.szOsFile += c_int::try_from(real_offset()).expect("a small number");
    vfs.pNext = std::ptr::null_mut();
    vfs.zName = name;
    vfs.pAppData = context.cast();
    vfs.xOpen = Some(open);
    vfs.xDelete = Some(delete);
    vfs.xAccess = Some(access);
    vfs.xFullPathname = Some(full_pathname);
    vfs.xCurrentTime = Some(current_time);
    vfs.xRandomness = Some(randomness);
    vfs.xSleep = Some(sleep);
    vfs.xGetLastError = Some(last_error);
    vfs.xDlOpen = None;
    vfs.xDlError = None;
    vfs.xDlSym = None;
    vfs.xDlClose = None;
    // SAFETY: the structure, its name and its context live to the end of the process, as registration asks.
    let code = unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) };
    assert_eq!(code, ffi::SQLITE_OK, "the VFS is registered");
}

/// The context of a VFS of ours.
///
/// # Safety
/// `vfs` is one that [`register`] made.
unsafe fn context<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Context {
    // SAFETY: `pAppData` was set from a box that is never freed.
    unsafe { &*(*vfs).pAppData.cast::<Context>() }
}

/// A name as SQLite hands it over.
///
/// # Safety
/// `name` is NULL or a C string.
unsafe fn path_of(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    // SAFETY: by the caller's promise.
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

/// Passes the gate: the code of the fault that the operation has to have.
fn gate(context: &Context, operation: Operation) -> Result<(), Fault> {
    lock(&context.state).before(operation).map_or(Ok(()), Err)
}

fn code(fault: Fault, io: c_int) -> c_int {
    match fault {
        Fault::Io | Fault::Short => io,
        Fault::Full => ffi::SQLITE_FULL,
        Fault::Locked => ffi::SQLITE_BUSY,
        Fault::ReadOnly => ffi::SQLITE_READONLY,
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls with the VFS that it was registered with and a C string or NULL.
    let (context, path) = unsafe { (context(vfs), path_of(name)) };
    // SAFETY: SQLite gives `szOsFile` bytes; clearing the methods says that the file is not open.
    unsafe { (*file).pMethods = std::ptr::null() };
    if let Err(fault) = gate(context, Operation::Open) {
        return code(fault, ffi::SQLITE_CANTOPEN);
    }
    let mut flags = flags;
    if lock(&context.state).is_read_only {
        if flags & ffi::SQLITE_OPEN_MAIN_DB == 0 && flags & ffi::SQLITE_OPEN_CREATE != 0 {
            return ffi::SQLITE_READONLY_DIRECTORY;
        }
        flags &= !(ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE);
        flags |= ffi::SQLITE_OPEN_READONLY;
    }
    let ours = file.cast::<FaultFile>();
    // SAFETY: the system's file lies behind ours within the memory that SQLite gave; the call is passed on as it came.
    unsafe {
        let real = real_file(file);
        let xopen = (*context.real).xOpen.expect("every VFS opens");
        let result = xopen(context.real, name, real, flags, out_flags);
        if !(*real).pMethods.is_null() {
            (*ours).context = context;
            (*ours).path = Box::into_raw(Box::new(path));
            (*file).pMethods = &METHODS;
        }
        result
    }
}

/// The system's file behind one of ours.
///
/// # Safety
/// `file` has the size that [`register`] asked for.
unsafe fn real_file(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: by the caller's promise the offset is within the allocation, and aligned to eight bytes.
    unsafe { file.cast::<u8>().add(real_offset()).cast() }
}

/// Our part of an open file.
///
/// # Safety
/// `file` was opened by [`open`] and not closed.
unsafe fn parts<'a>(file: *mut ffi::sqlite3_file) -> (&'a Context, &'a Path, *mut ffi::sqlite3_file) {
    // SAFETY: `open` filled both pointers from boxes that live until `close`.
    unsafe {
        let ours = file.cast::<FaultFile>();
        (&*(*ours).context, (*(*ours).path).as_path(), real_file(file))
    }
}

/// The methods of the system's file.
///
/// # Safety
/// `real` is an open file of the system's VFS.
unsafe fn methods<'a>(real: *mut ffi::sqlite3_file) -> &'a ffi::sqlite3_io_methods {
    // SAFETY: an open file has methods, which are static.
    unsafe { &*(*real).pMethods }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once; afterwards nothing of ours is left in its memory.
    unsafe {
        let (_, _, real) = parts(file);
        let result = (methods(real).xClose.expect("files close"))(real);
        drop(Box::from_raw((*file.cast::<FaultFile>()).path));
        (*file).pMethods = std::ptr::null();
        result
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: SQLite calls with an open file and a buffer of `amount` bytes.
    unsafe {
        let (context, _, real) = parts(file);
        match gate(context, Operation::Read) {
            Err(fault) => code(fault, ffi::SQLITE_IOERR_READ),
            Ok(()) => (methods(real).xRead.expect("files read"))(real, to, amount, at),
        }
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite calls with an open file and a buffer of `amount` bytes; half of it is within it too.
    unsafe {
        let (context, path, real) = parts(file);
        let xwrite = methods(real).xWrite.expect("files write");
        let result = match gate(context, Operation::Write) {
            Err(Fault::Short) => {
                let _ = xwrite(real, from, amount / 2, at);
                ffi::SQLITE_IOERR_WRITE
            }
            Err(fault) => return code(fault, ffi::SQLITE_IOERR_WRITE),
            Ok(()) => xwrite(real, from, amount, at),
        };
        lock(&context.state).written(path);
        result
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: SQLite calls with an open file.
    unsafe {
        let (context, path, real) = parts(file);
        match gate(context, Operation::Truncate) {
            Err(fault) => code(fault, ffi::SQLITE_IOERR_TRUNCATE),
            Ok(()) => {
                lock(&context.state).written(path);
                (methods(real).xTruncate.expect("files truncate"))(real, size)
            }
        }
    }
}

/// Durability is played, not had: what was synced is remembered, and the tests are not bound to the speed of a disk.
// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite calls with an open file.
    let (context, path, _) = unsafe { parts(file) };
    if let Err(fault) = gate(context, Operation::Sync) {
        return code(fault, ffi::SQLITE_IOERR_FSYNC);
    }
    lock(&context.state).synced(path);
    ffi::SQLITE_OK
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let (_, _, real) = parts(file);
        (methods(real).xFileSize.expect("files have a size"))(real, size)
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn lock_file(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite calls with an open file.
    unsafe {
        let (context, _, real) = parts(file);
        match gate(context, Operation::Lock) {
            Err(fault) => code(fault, ffi::SQLITE_IOERR_LOCK),
            Ok(()) => (methods(real).xLock.expect("files lock"))(real, level),
        }
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn unlock_file(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let (_, _, real) = parts(file);
        (methods(real).xUnlock.expect("files unlock"))(real, level)
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let (_, _, real) = parts(file);
        (methods(real).xCheckReservedLock.expect("files know their lock"))(real, out)
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let (_, _, real) = parts(file);
        (methods(real).xFileControl.expect("files have controls"))(real, op, argument)
    }
}

// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let (_, _, real) = parts(file);
        (methods(real).xSectorSize.expect("files have sectors"))(real)
    }
}

/// A disk that promises nothing: SQLite must not count on whole sectors or on order.
// SAFETY: SQLite alone calls it, with a file that `open` opened.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    0
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, _: c_int) -> c_int {
    // SAFETY: SQLite calls with the VFS that it was registered with and a C string.
    unsafe {
        let (context, path) = (context(vfs), path_of(name));
        if let Err(fault) = gate(context, Operation::Delete) {
            return code(fault, ffi::SQLITE_IOERR_DELETE);
        }
        let result = ((*context.real).xDelete.expect("every VFS deletes"))(context.real, name, 0);
        lock(&context.state).deleted(&path);
        result
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xAccess.expect("every VFS tells"))(real, name, flags, out)
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn full_pathname(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xFullPathname.expect("every VFS names"))(real, name, size, out)
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xCurrentTime.expect("every VFS has a clock"))(real, out)
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, size: c_int, out: *mut c_char) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xRandomness.expect("every VFS has chance"))(real, size, out)
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xSleep.expect("every VFS sleeps"))(real, microseconds)
    }
}

// SAFETY: SQLite alone calls it, with the VFS that `register` gave it.
unsafe extern "C" fn last_error(vfs: *mut ffi::sqlite3_vfs, size: c_int, out: *mut c_char) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let real = context(vfs).real;
        ((*real).xGetLastError.expect("every VFS tells"))(real, size, out)
    }
}
