//! Takes a library apart: what goes onto a device, and the symbols that stay behind.
//!
//! Invariant: both parts have the build id of the library they come from; the symbols lie in the folder `symbols` beside
//! the stripped library, under the same name, as Android's own tools look for them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::need;
use crate::run::Step;

/// The folder beside a stripped library where its symbols are.
pub const FOLDER: &str = "symbols";

/// Where the symbols of a stripped library are looked for.
pub fn beside(library: &Path) -> PathBuf {
    let name = library.file_name().unwrap_or_default();
    library.parent().unwrap_or(Path::new("")).join(FOLDER).join(name)
}

/// Writes the stripped library into `folder` and its symbols below it; the path of the former.
///
/// # Errors
/// When a file cannot be written, or no `objcopy` understands the library.
pub fn split(library: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let name = library.file_name().context("a library has a file name")?;
    let stripped = folder.join(name);
    let kept = beside(&stripped);
    fs::create_dir_all(folder.join(FOLDER)).with_context(|| format!("cannot make {}", folder.display()))?;
    let tool = objcopy();
    Step::new("symbols", &tool).arg("--only-keep-debug").arg(library).arg(&kept).quietly()?;
    Step::new("stripped library", &tool).arg("--strip-all").arg(library).arg(&stripped).quietly()?;
    Ok(stripped)
}

/// The NDK's `llvm-objcopy`, else one on the path, else binutils', which understands only libraries of this machine.
fn objcopy() -> OsString {
    let ndk = ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"].iter().find_map(env::var_os);
    let prebuilt = ndk.map(|ndk| Path::new(&ndk).join("toolchains/llvm/prebuilt"));
    let hosts = prebuilt.and_then(|folder| fs::read_dir(folder).ok());
    let of_ndk = hosts.into_iter().flatten().flatten().map(|host| host.path().join("bin/llvm-objcopy"));
    if let Some(tool) = of_ndk.into_iter().find(|path| path.is_file()) {
        return tool.into();
    }
    let llvm = "llvm-objcopy";
    if need::version_of(llvm, "--version").is_some() { llvm.into() } else { "objcopy".into() }
}
