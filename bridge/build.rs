//! Tells the linker what a device needs of the shared library; the flags travel with the crate, not with a machine.
//!
//! What it is not: a version script. rustc hands the linker its own for a `cdylib`: everything local but the names that are
//! `no_mangle`, those of bundled C included; a second one beside it is refused by GNU ld. `cargo xtask check-elf` holds
//! the result to it.

/// Flags, each with its reason.
const FLAGS: [&str; 5] = [
    // Named in the line of every contained panic, and what unstripped libraries are filed under.
    "--build-id=sha1",
    // Devices with pages of 16 KiB refuse a library whose segments are aligned to less.
    "-z,max-page-size=16384",
    // What the linker knows it by, whatever the file is called: Android compares names, not paths.
    "-soname,libferrule.so",
    // Tables of addresses are read-only once it is loaded. rustc's default, named so that no target's default undoes it.
    "-z,relro,-z,now",
    // An error while linking rather than a refusal while loading.
    "-z,text,-z,noexecstack",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if system == "linux" || system == "android" {
        for flag in FLAGS {
            println!("cargo::rustc-cdylib-link-arg=-Wl,{flag}");
        }
    }
}
