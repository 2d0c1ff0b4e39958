//! Pixels straight into an Android hardware buffer, which is drawn without being uploaded first.
//!
//! What it is: `AHardwareBuffer_lock` for the processor and what it asks for, resolved when it is first needed, so that the
//! library names no further library of the system; elsewhere a typed refusal. What it is not: it makes no buffer and wraps none:
//! `HardwareBuffer.create` and `Bitmap.wrapHardwareBuffer` are Kotlin's.
//!
//! No device has run this: it is checked against the NDK's declarations by the compiler for Android, and what is arithmetic is
//! tested here and in `surface`. Whether a driver takes writes of the processor to such a buffer, it alone knows; one
//! that does not says so, and `get_bitmap` remains.
//!
//! Invariants: a buffer is unlocked however the call ends; nothing is written to one of another format or usage.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass, JObject};
use jni::sys::jlong;

#[cfg(any(test, target_os = "android"))]
use super::surface::Surface;
#[cfg(any(test, target_os = "android"))]
use crate::error::BridgeError;
use crate::jni::entry::{Entry, contained};

pub extern "system" fn get_hardware_buffer<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    question: JByteArray<'local>,
    buffer: JObject<'local>,
) -> JByteArray<'local> {
    contained(env, Entry::IconsGetHardwareBuffer, |env| {
        let icons = super::icons(handle)?;
        let request = super::read_question(env, &question)?;
        let answer = platform::get(env, icons.cache(), &request, &buffer)?;
        Ok(env.byte_array_from_slice(&answer)?)
    })
}

/// `AHARDWAREBUFFER_FORMAT_R8G8B8A8_UNORM`.
#[cfg(any(test, target_os = "android"))]
const RGBA_8888: u32 = 1;
/// `AHARDWAREBUFFER_USAGE_CPU_WRITE_MASK`.
#[cfg(any(test, target_os = "android"))]
const CPU_WRITE_MASK: u64 = 0xf0;

/// `AHardwareBuffer_Desc` of `android/hardware_buffer.h`.
#[cfg(any(test, target_os = "android"))]
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
struct Description {
    width: u32,
    height: u32,
    layers: u32,
    format: u32,
    usage: u64,
    /// In pixels.
    stride: u32,
    reserved: u32,
    reserved_too: u64,
}

#[cfg(any(test, target_os = "android"))]
impl Description {
    /// How the buffer's memory lies, and the usage to lock it with.
    ///
    /// # Errors
    /// `FFI_BITMAP_INVALID`: no icon can be written to it.
    fn surface(&self) -> Result<(Surface, u64), BridgeError> {
        let refused = |what, value: u64| BridgeError::Bitmap { what, value: value.cast_signed() };
        if self.format != RGBA_8888 {
            return Err(refused("the hardware buffer is not RGBA_8888", self.format.into()));
        }
        if self.layers != 1 {
            return Err(refused("the hardware buffer has layers", self.layers.into()));
        }
        let usage = self.usage & CPU_WRITE_MASK;
        if usage == 0 {
            return Err(refused("the hardware buffer was made without writes of the processor", self.usage));
        }
        let surface = Surface::new(self.width, self.height, (self.stride as usize).saturating_mul(4))?;
        Ok((surface, usage))
    }
}

#[cfg(not(target_os = "android"))]
mod platform {
    use ferrule_icon_cache::lookup::{IconCache, Request};
    use jni::Env;
    use jni::objects::JObject;

    use crate::error::BridgeError;

    /// Only Android has hardware buffers.
    pub fn get(_: &mut Env<'_>, _: &IconCache, _: &Request, _: &JObject<'_>) -> Result<Vec<u8>, BridgeError> {
        Err(BridgeError::HardwareBuffer { what: "only Android has hardware buffers" })
    }
}

#[cfg(target_os = "android")]
mod platform {
    use std::ffi::{CStr, c_char, c_int, c_void};
    use std::ptr;

    use ferrule_icon_cache::lookup::{IconCache, Request};
    use jni::Env;
    use jni::objects::JObject;
    use jni::sys::{JNIEnv, jobject};
    use once_cell::sync::Lazy;

    use super::Description;
    use crate::error::BridgeError;

    /// `AHardwareBuffer`, of which only addresses are known.
    #[repr(C)]
    struct Buffer {
        _opaque: [u8; 0],
    }

    // Types as in the NDK's `android/hardware_buffer.h` and `android/hardware_buffer_jni.h`.
    type OfJava = unsafe extern "C" fn(*mut JNIEnv, jobject) -> *mut Buffer;
    type Describe = unsafe extern "C" fn(*const Buffer, *mut Description);
    type Lock = unsafe extern "C" fn(*mut Buffer, u64, c_int, *const c_void, *mut *mut c_void) -> c_int;
    type Unlock = unsafe extern "C" fn(*mut Buffer, *mut c_int) -> c_int;

    /// The four functions, of API 26.
    #[derive(Clone, Copy)]
    struct Functions {
        of_java: OfJava,
        describe: Describe,
        lock: Lock,
        unlock: Unlock,
    }

    // SAFETY: signatures as in `dlfcn.h`.
    unsafe extern "C" {
        fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    }

    /// `RTLD_NOW`, of 64 bits and of 32.
    const NOW: c_int = if cfg!(target_pointer_width = "64") { 2 } else { 0 };

    static FUNCTIONS: Lazy<Option<Functions>> = Lazy::new(|| {
        let (java, window) = (library(c"libandroid.so")?, library(c"libnativewindow.so")?);
        let of_java = symbol(java, c"AHardwareBuffer_fromHardwareBuffer")?;
        let describe = symbol(window, c"AHardwareBuffer_describe")?;
        let lock = symbol(window, c"AHardwareBuffer_lock")?;
        let unlock = symbol(window, c"AHardwareBuffer_unlock")?;
        // SAFETY: each address is that of the function of this name, which the NDK declares with this type; the libraries
        // are never closed.
        Some(unsafe {
            Functions {
                of_java: std::mem::transmute::<Address, OfJava>(of_java),
                describe: std::mem::transmute::<Address, Describe>(describe),
                lock: std::mem::transmute::<Address, Lock>(lock),
                unlock: std::mem::transmute::<Address, Unlock>(unlock),
            }
        })
    });

    /// What is neither null nor a function of a known type yet.
    type Address = ptr::NonNull<c_void>;

    fn library(name: &CStr) -> Option<Address> {
        // SAFETY: the name ends with a null; loading a public library of the system runs nothing of ours.
        ptr::NonNull::new(unsafe { dlopen(name.as_ptr(), NOW) })
    }

    fn symbol(library: Address, name: &CStr) -> Option<Address> {
        // SAFETY: the library was opened and is never closed; the name ends with a null.
        ptr::NonNull::new(unsafe { dlsym(library.as_ptr(), name.as_ptr()) })
    }

    /// A buffer that is locked for writing; unlocked when dropped.
    struct Locked {
        functions: Functions,
        buffer: *mut Buffer,
        address: *mut u8,
        bytes: usize,
    }

    impl Locked {
        fn new(
            functions: Functions,
            buffer: *mut Buffer,
            usage: u64,
            bytes: usize,
        ) -> Result<Self, BridgeError> {
            let mut address = ptr::null_mut();
            // SAFETY: the Java object of this call keeps the buffer alive; no fence (-1) is waited for, the whole is locked
            // (null), and the function writes to the out pointer only.
            let code = unsafe { (functions.lock)(buffer, usage, -1, ptr::null(), &mut address) };
            if code != 0 || address.is_null() {
                return Err(BridgeError::Bitmap {
                    what: "the hardware buffer cannot be locked",
                    value: code.into(),
                });
            }
            Ok(Self { functions, buffer, address: address.cast(), bytes })
        }

        fn bytes(&mut self) -> &mut [u8] {
            // SAFETY: the buffer is locked, so its memory from the first pixel to the last is mapped until the lock ends; by
            // contract nobody else writes to it during the call; the borrow ends before the lock.
            unsafe { std::slice::from_raw_parts_mut(self.address, self.bytes) }
        }
    }

    impl Drop for Locked {
        fn drop(&mut self) {
            // SAFETY: as in `new`, and the buffer is locked; without a fence the call returns when the writes are visible.
            let _ = unsafe { (self.functions.unlock)(self.buffer, ptr::null_mut()) };
        }
    }

    /// Answers a request into a hardware buffer of its size, and what the answer is.
    pub fn get(
        env: &mut Env<'_>,
        cache: &IconCache,
        request: &Request,
        buffer: &JObject<'_>,
    ) -> Result<Vec<u8>, BridgeError> {
        let functions =
            FUNCTIONS.ok_or(BridgeError::HardwareBuffer { what: "this system has no hardware buffers" })?;
        let class = env.find_class(jni::jni_str!("android/hardware/HardwareBuffer"))?;
        if buffer.is_null() || !env.is_instance_of(buffer, &class)? {
            return Err(BridgeError::Bitmap { what: "not a hardware buffer", value: 0 });
        }
        // SAFETY: environment and object are those of this call, and the object is a HardwareBuffer. The answer is borrowed
        // from it, which this call keeps alive.
        let native = unsafe { (functions.of_java)(env.get_raw(), buffer.as_raw()) };
        if native.is_null() {
            return Err(BridgeError::Bitmap { what: "the hardware buffer is closed", value: 0 });
        }
        let mut description = Description::default();
        // SAFETY: the buffer is alive; the function writes to the out pointer only, whose type is the NDK's.
        unsafe { (functions.describe)(native, &mut description) };
        let (surface, usage) = description.surface()?;
        let mut locked = Locked::new(functions, native, usage, surface.bytes())?;
        surface.fill(cache, request, locked.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Description {
        Description {
            width: 192,
            height: 192,
            layers: 1,
            format: 1,
            usage: 0x133,
            stride: 256,
            ..Description::default()
        }
    }

    #[test]
    fn a_buffer_is_locked_for_the_writes_that_it_was_made_for() {
        let (surface, usage) = good().surface().unwrap();
        assert_eq!((surface, usage), (Surface::new(192, 192, 1024).unwrap(), 0x30));
        let rarely = Description { usage: 0x120, stride: 192, ..good() };
        assert_eq!(rarely.surface().unwrap(), (Surface::new(192, 192, 768).unwrap(), 0x20));
    }

    #[test]
    fn what_cannot_hold_an_icon_is_refused() {
        let wrong = [
            Description { format: 4, ..good() },
            Description { layers: 2, ..good() },
            Description { layers: 0, ..good() },
            Description { usage: 0x103, ..good() },
            Description { stride: 191, ..good() },
            Description { width: 0, ..good() },
            Description { height: 1025, ..good() },
        ];
        for description in wrong {
            assert_eq!(description.surface().unwrap_err().code(), "FFI_BITMAP_INVALID", "{description:?}");
        }
    }

    /// The layout that the NDK documents: 40 bytes, usage at 16.
    #[test]
    fn the_description_lies_as_the_ndk_says() {
        assert_eq!(size_of::<Description>(), 40);
        assert_eq!(std::mem::offset_of!(Description, usage), 16);
        assert_eq!(std::mem::offset_of!(Description, stride), 24);
        assert_eq!(std::mem::offset_of!(Description, reserved_too), 32);
    }
}
