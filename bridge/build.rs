//! Tells the linker what a device needs of the shared library; the flags travel with the crate, not with a machine.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if system == "linux" || system == "android" {
        // Named in the line of every contained panic, and what unstripped libraries are filed under.
        println!("cargo::rustc-cdylib-link-arg=-Wl,--build-id=sha1");
        // Devices with pages of 16 KiB refuse a library whose segments are aligned to less.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,max-page-size=16384");
    }
}
