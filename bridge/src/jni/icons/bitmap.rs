//! Pixels straight into an Android bitmap, whose memory is locked for the call.
//!
//! What it is: `AndroidBitmap_lockPixels` and what it asks for; elsewhere a typed refusal. What it is not: rows and sides are
//! `surface`'s, hardware buffers [`super::hardware`]'s.
//!
//! Invariants: a bitmap is unlocked however the call ends; nothing is written beyond its last pixel.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass, JObject};
use jni::sys::jlong;

use crate::jni::entry::{Entry, contained};

pub extern "system" fn get_bitmap<'local>(
    env: EnvUnowned<'local>,
    _: JClass<'local>,
    _owner: JObject<'local>,
    handle: jlong,
    question: JByteArray<'local>,
    bitmap: JObject<'local>,
) -> JByteArray<'local> {
    contained(env, Entry::IconsGetBitmap, |env| {
        let icons = super::icons(handle)?;
        let request = super::read_question(env, &question)?;
        let answer = platform::get(env, icons.cache(), &request, &bitmap)?;
        Ok(env.byte_array_from_slice(&answer)?)
    })
}

#[cfg(not(target_os = "android"))]
mod platform {
    use ferrule_icon_cache::lookup::{IconCache, Request};
    use jni::Env;
    use jni::objects::JObject;

    use crate::error::BridgeError;

    /// Only Android has bitmaps.
    pub fn get(_: &mut Env<'_>, _: &IconCache, _: &Request, _: &JObject<'_>) -> Result<Vec<u8>, BridgeError> {
        Err(BridgeError::Bitmap { what: "only Android has bitmaps", value: 0 })
    }
}

#[cfg(target_os = "android")]
mod platform {
    use std::ffi::{c_int, c_void};

    use ferrule_icon_cache::lookup::{IconCache, Request};
    use jni::Env;
    use jni::objects::JObject;

    use super::super::surface::Surface;
    use crate::error::BridgeError;

    /// `AndroidBitmapInfo` of `android/bitmap.h`.
    #[repr(C)]
    #[derive(Default)]
    struct Info {
        width: u32,
        height: u32,
        stride: u32,
        format: i32,
        flags: u32,
    }

    /// `ANDROID_BITMAP_FORMAT_RGBA_8888`.
    const RGBA_8888: i32 = 1;
    /// `ANDROID_BITMAP_FLAGS_ALPHA_MASK`, and its value for premultiplied pixels.
    const ALPHA_MASK: u32 = 3;
    const PREMULTIPLIED: u32 = 0;

    // SAFETY: signatures as in the NDK's `android/bitmap.h`; each takes the environment of the calling thread.
    #[link(name = "jnigraphics")]
    unsafe extern "C" {
        fn AndroidBitmap_getInfo(
            env: *mut jni::sys::JNIEnv,
            bitmap: jni::sys::jobject,
            info: *mut Info,
        ) -> c_int;
        fn AndroidBitmap_lockPixels(
            env: *mut jni::sys::JNIEnv,
            bitmap: jni::sys::jobject,
            address: *mut *mut c_void,
        ) -> c_int;
        fn AndroidBitmap_unlockPixels(env: *mut jni::sys::JNIEnv, bitmap: jni::sys::jobject) -> c_int;
    }

    /// A bitmap whose pixels are locked; unlocked when dropped.
    struct Locked {
        env: *mut jni::sys::JNIEnv,
        bitmap: jni::sys::jobject,
        address: *mut u8,
        bytes: usize,
    }

    impl Locked {
        fn new(env: &Env<'_>, bitmap: &JObject<'_>, bytes: usize) -> Result<Self, BridgeError> {
            let (env, bitmap) = (env.get_raw(), bitmap.as_raw());
            let mut address = std::ptr::null_mut();
            // SAFETY: environment and bitmap are those of this call; the function writes to the out pointer only.
            let code = unsafe { AndroidBitmap_lockPixels(env, bitmap, &mut address) };
            if code != 0 || address.is_null() {
                return Err(BridgeError::Bitmap { what: "the bitmap cannot be locked", value: code.into() });
            }
            Ok(Self { env, bitmap, address: address.cast(), bytes })
        }

        fn bytes(&mut self) -> &mut [u8] {
            // SAFETY: the pixels are locked, so the bitmap's memory from the first pixel to the last stays where it is and is
            // initialised; by contract nobody else draws to the bitmap during the call; the borrow ends before the lock.
            unsafe { std::slice::from_raw_parts_mut(self.address, self.bytes) }
        }
    }

    impl Drop for Locked {
        fn drop(&mut self) {
            // SAFETY: as in `new`, on the same thread, and the pixels are locked by it.
            let _ = unsafe { AndroidBitmap_unlockPixels(self.env, self.bitmap) };
        }
    }

    /// Answers a request into a bitmap of its size, and what the answer is.
    pub fn get(
        env: &mut Env<'_>,
        cache: &IconCache,
        request: &Request,
        bitmap: &JObject<'_>,
    ) -> Result<Vec<u8>, BridgeError> {
        if bitmap.is_null() {
            return Err(BridgeError::Bitmap { what: "no bitmap", value: 0 });
        }
        let mut info = Info::default();
        // SAFETY: environment and bitmap are those of this call; the function writes to the out pointer only.
        let code = unsafe { AndroidBitmap_getInfo(env.get_raw(), bitmap.as_raw(), &mut info) };
        if code != 0 {
            return Err(BridgeError::Bitmap { what: "not a bitmap", value: code.into() });
        }
        if info.format != RGBA_8888 || info.flags & ALPHA_MASK != PREMULTIPLIED {
            return Err(BridgeError::Bitmap {
                what: "the bitmap is not premultiplied ARGB_8888",
                value: info.format.into(),
            });
        }
        let surface = Surface::new(info.width, info.height, info.stride as usize)?;
        let mut locked = Locked::new(env, bitmap, surface.bytes())?;
        surface.fill(cache, request, locked.bytes())
    }
}
