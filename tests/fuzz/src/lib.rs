//! Fuzz targets: what each does with an input. The binaries only hand bytes over.
//!
//! What it is: one function a target, `fn(&[u8])`, that panics when a property of the code under test is broken.
//! What it is not: a place for expected values; a target checks what must hold for every input.
//!
//! Targets run on stable Rust. From the project's root, for target `os_props`, 60 seconds:
//!
//! ```text
//! HOST=$(rustc -vV | sed -n 's/^host: //p')
//! export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
//!   -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
//!   -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=yes -Coverflow-checks=yes -Ccodegen-units=1"
//! cargo build --release -p ferrule-fuzz --bin os_props --target $HOST --target-dir target/fuzz
//! mkdir -p target/fuzz/corpus/os_props
//! target/fuzz/$HOST/release/os_props -max_total_time=60 -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
//!   -print_final_stats=1 target/fuzz/corpus/os_props tests/fuzz/corpus/os_props
//! ```
//!
//! The explicit `--target` keeps the flags away from build scripts and proc macros. The first folder is the growing
//! corpus, which is not committed; `tests/fuzz/corpus` holds small seeds made by hand, which the test `replay` runs
//! without libFuzzer in every test run.
//!
//! Reading the output (standard error): progress lines look like
//! `#1048576 pulse  cov: 1234 ft: 5678 corp: 321/45Kb …`, where `cov` is the edges and `corp` the size of the corpus
//! as inputs/bytes; the line before last of that shape is `… DONE …`. `stat::number_of_executed_units: N` is the number
//! of executions. Exit code 0 is a clean run; after a failure the input lies in `crash-*`, `timeout-*` or `oom-*` in
//! the working folder (`-artifact_prefix=DIR/` moves it).
#![forbid(unsafe_code)]

mod first_launch_slots;
mod ic_codec;
mod ic_png;
mod ic_store;
mod ic_wire;
mod lm_db;
mod lm_intent;
mod lm_layout;
mod lm_store;
mod lm_wire;
mod os_packed;
mod os_props;
mod rollout;

pub use first_launch_slots::first_launch_slots;
pub use ic_codec::ic_codec;
pub use ic_png::ic_png;
pub use ic_store::ic_store;
pub use ic_wire::ic_wire;
pub use lm_db::lm_db;
pub use lm_intent::lm_intent;
pub use lm_layout::lm_layout;
pub use lm_store::lm_store;
pub use lm_wire::lm_wire;
pub use os_packed::os_packed;
pub use os_props::os_props;
pub use rollout::{ro_audit, ro_beacon, ro_config, ro_ledger, ro_slot, ro_told};

/// A target's name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, for the replay of the seeds.
pub const TARGETS: &[Target] = &[
    ("first_launch_slots", first_launch_slots),
    ("ic_codec", ic_codec),
    ("ic_png", ic_png),
    ("ic_store", ic_store),
    ("ic_wire", ic_wire),
    ("lm_db", lm_db),
    ("lm_intent", lm_intent),
    ("lm_layout", lm_layout),
    ("lm_store", lm_store),
    ("lm_wire", lm_wire),
    ("os_packed", os_packed),
    ("os_props", os_props),
    ("ro_audit", ro_audit),
    ("ro_beacon", ro_beacon),
    ("ro_config", ro_config),
    ("ro_ledger", ro_ledger),
    ("ro_slot", ro_slot),
    ("ro_told", ro_told),
];
