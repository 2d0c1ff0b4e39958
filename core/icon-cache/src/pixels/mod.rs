//! Arithmetic over the pixels of icons: what AOSP computes from a bitmap, exactly as it does.
//!
//! Not here: drawables, codecs, files. Every function is pure and takes its buffers from the caller.
