//! What stands in for a device on a workstation: Android's own liblog, and type checks for Android's targets.
//!
//! Both need packages that not every machine has; without them the step is left out by name.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::Project;
use crate::run::Step;
use crate::test::TestArguments;
use crate::test::report::Report;
use crate::test::runner;

/// Where Debian's android-liblog-dev puts the library.
const LIBLOG: &str = "/usr/lib/x86_64-linux-gnu/android";
/// The package and the test that need it.
const LIBLOG_TEST: &str = "liblog";

/// Runs the bridge's log test against the real liblog.
///
/// # Errors
/// When cargo cannot be started.
pub fn liblog(project: &Project, report: &mut Report) -> anyhow::Result<()> {
    if !Path::new(LIBLOG).join("liblog.so").exists() {
        report.skip("liblog", "apt-get install android-liblog-dev");
        return Ok(());
    }
    let Some(package) = project.package_with_target("test", LIBLOG_TEST) else {
        report.skip("liblog", "no package has a test named liblog");
        return Ok(());
    };
    let step = Step::cargo("liblog")
        .folder(&project.root)
        .env("RUSTFLAGS", format!("-L native={LIBLOG} -Clink-arg=-Wl,-rpath,{LIBLOG}"))
        // Other flags would otherwise throw away what the other steps have built.
        .env("CARGO_TARGET_DIR", project.target.join("liblog"))
        .args(["test", "--package", package, "--test", LIBLOG_TEST, "--all-features"]);
    report.run("liblog", step, runner::cargo_lines)
}

/// Debian's compiler with matching sources of std.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
/// Where `rust-web-src` puts those sources, below the compiler's sysroot.
const STD_SOURCES: &str = "lib/rustlib/src/rust/library/std/Cargo.toml";

/// Type-checks what only Android compiles.
///
/// # Errors
/// When cargo cannot be started.
pub fn android_targets(
    project: &Project,
    arguments: &TestArguments,
    report: &mut Report,
) -> anyhow::Result<()> {
    if arguments.quick {
        report.skip("android targets", "--quick");
        return Ok(());
    }
    if !has_std_sources() {
        report.skip(
            "android targets",
            "apt-get install --no-install-recommends rustc-web cargo-web rust-web-src",
        );
        return Ok(());
    }
    for target in ["aarch64-linux-android", "armv7-linux-androideabi", "x86_64-linux-android"] {
        let step = Step::new(target, CARGO)
            .folder(&project.root)
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", project.target.join("android"))
            // A check needs no C compiler for the target: nothing is linked.
            .env("LIBSQLITE3_SYS_USE_PKG_CONFIG", "1")
            .env("SQLITE3_LIB_DIR", "/nonexistent")
            .args([
                "check",
                "--quiet",
                "-Z",
                "build-std=std,panic_unwind",
                "--package",
                "ferrule-bridge",
                "--target",
                target,
            ]);
        report.run(target, step, runner::all_lines)?;
    }
    Ok(())
}

/// Whether Debian's compiler is there with its sources.
fn has_std_sources() -> bool {
    let output = Command::new(RUSTC).args(["--print", "sysroot"]).stdin(Stdio::null()).output();
    let sysroot = output.ok().filter(|output| output.status.success());
    sysroot.is_some_and(|output| {
        Path::new(CARGO).exists()
            && Path::new(String::from_utf8_lossy(&output.stdout).trim()).join(STD_SOURCES).exists()
    })
}
