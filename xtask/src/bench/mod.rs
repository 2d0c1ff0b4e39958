//! `cargo xtask bench`: Criterion in Rust, JMH in Kotlin, Android's classes under Robolectric, and one table of all with the
//! budgets at the end.
//!
//! Invariants: only what this run measured is in the table; a budget without a measurement is named as not measured
//! and never as held; a budget that does not hold makes the exit code 1.

mod android;
mod cold;
mod comparison;
mod measured;
mod table;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;
use crate::{bindings, maven};
use measured::Measured;

/// How long and what.
#[derive(Args)]
pub struct BenchArguments {
    /// Measure for seconds instead of minutes: good for a look, not for a decision
    #[arg(long)]
    quick: bool,
    /// Only benchmarks whose name contains this
    filter: Option<String>,
}

/// JMH's entry.
const JMH_MAIN: &str = "org.openjdk.jmh.Main";

/// Measures and compares.
///
/// # Errors
/// When a tool is missing or a benchmark cannot be built or run.
pub fn run(project: &Project, arguments: &BenchArguments) -> anyhow::Result<ExitCode> {
    need::check(&[Need::Rust, Need::Jdk, Need::Maven])?;
    let _lock = project.lock()?;
    let mut measured = Vec::new();
    if !android::is_all_that_is_meant(arguments) {
        measured.extend(rust(project, arguments)?);
        measured.extend(kotlin(project, arguments)?);
    }
    measured.extend(android::times(project, arguments)?);
    let memory = android::memory(project, arguments)?;
    if measured.is_empty() && memory.is_none() {
        bail!("nothing was measured");
    }
    let (text, all_hold) = table::render(&measured, table::BUDGETS);
    println!("\n{text}");
    let (compared, all_as_wanted) = comparison::render(&measured, comparison::COMPARISONS);
    if !compared.is_empty() {
        println!("\n{}", compared.trim_end());
    }
    let (added, is_little) = memory.unwrap_or((String::new(), true));
    if !added.is_empty() {
        println!("\n{added}");
    }
    Ok(if all_hold && all_as_wanted && is_little { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Criterion's benchmarks of every package that has some.
fn rust(project: &Project, arguments: &BenchArguments) -> anyhow::Result<Vec<Measured>> {
    let since = SystemTime::now();
    let packages = project.metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    for package in &packages {
        let targets = package.get("targets").and_then(Value::as_array).cloned().unwrap_or_default();
        let benches = targets.iter().filter(|target| {
            let kinds = target.get("kind").and_then(Value::as_array);
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "bench"))
        });
        for bench in benches {
            let name =
                |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let mut step = Step::cargo("cargo bench").folder(&project.root).args([
                "bench",
                "--quiet",
                "--package",
                &name(package),
                "--bench",
                &name(bench),
                "--",
            ]);
            if arguments.quick {
                step = step.args(["--warm-up-time", "0.5", "--measurement-time", "1", "--sample-size", "20"]);
            }
            if let Some(filter) = &arguments.filter {
                step = step.arg(filter);
            }
            if !step.with_own_output()?.success() {
                bail!("the benchmark {} failed", name(bench));
            }
        }
    }
    measured::of_criterion(&project.target.join("criterion"), since)
}

/// JMH's benchmarks of the module `bench`.
fn kotlin(project: &Project, arguments: &BenchArguments) -> anyhow::Result<Vec<Measured>> {
    if !project.kotlin().join("bench/pom.xml").exists() {
        eprintln!("bench: there is no module kotlin-bindings/bench");
        return Ok(Vec::new());
    }
    bindings::build(project)?;
    Step::cargo("library for the bench of the wire form")
        .folder(&project.root)
        .args(["build", "--quiet", "--release", "--package", "ferrule-wire-bench"])
        .quietly()?;
    let class_path = maven::class_path(project, "bench")?;
    let results = project.notes().join("jmh.json");
    if results.exists() {
        fs::remove_file(&results)?;
    }
    let mut measured = cold::starts(project, arguments, &class_path)?;
    let mut step = Step::new("JMH", "java")
        .folder(&project.kotlin())
        .args(properties(project))
        .arg("-cp")
        .arg(&class_path)
        .arg(JMH_MAIN)
        .args(["-rf", "json", "-rff"])
        .arg(&results);
    for property in properties(project) {
        step = step.arg("-jvmArgsAppend").arg(property);
    }
    if arguments.quick {
        step = step.args(["-f", "1", "-wi", "2", "-w", "500ms", "-i", "3", "-r", "500ms"]);
    }
    if let Some(filter) = &arguments.filter {
        step = step.arg(format!("(?i).*{filter}.*"));
    }
    let is_done = step.with_own_output()?.success();
    // A filter that means the cold starts only leaves JMH without a benchmark, which it takes for a mistake.
    let is_empty = fs::metadata(&results).is_ok_and(|file| file.len() == 0);
    if !is_done && arguments.filter.is_some() && !measured.is_empty() && is_empty {
        return Ok(measured);
    }
    if !is_done {
        bail!("JMH failed");
    }
    measured.extend(read_jmh(results)?);
    Ok(measured)
}

/// Where the benches find the libraries and the home screens that `model_load` wrote.
fn properties(project: &Project) -> [OsString; 3] {
    [
        maven::library_property(project),
        homes(project),
        maven::property("ferrule.wirebench", &project.wire_bench()),
    ]
}

/// Where `model_load` leaves its home screens.
fn homes(project: &Project) -> OsString {
    maven::property("ferrule.bench.homes", &project.target.join("tmp"))
}

/// JMH's result file; none is written when the filter left nothing.
fn read_jmh(results: PathBuf) -> anyhow::Result<Vec<Measured>> {
    if !results.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&results).with_context(|| format!("cannot read {}", results.display()))?;
    measured::of_jmh(&text)
}
