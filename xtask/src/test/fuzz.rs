//! Fuzzes every target for a minute: libFuzzer on the stable compiler, with the coverage that it needs.
//!
//! Each target is a binary of `tests/fuzz`; its seeds lie in `tests/fuzz/corpus/TARGET`, and what it finds new stays below the
//! target folder. Invariants: a target that executed nothing or saw no edge is a failure, not a pass; a crash leaves
//! its input behind and says where.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::project::Project;
use crate::run::{Spinner, Step};
use crate::test::TestArguments;
use crate::test::report::{Outcome, Report};

/// The package of the targets.
const PACKAGE: &str = "ferrule-fuzz";
/// How long each target runs.
const SECONDS: u32 = 60;
/// The same in the night.
const SECONDS_NIGHTLY: u32 = 600;
/// The largest input tried, in bytes, beyond which the parsers only repeat themselves.
const INPUT_BYTES_MAX: u32 = 1 << 16;
/// The day's seed of libFuzzer, so that a change is judged by what it changes; the night takes new ones.
const SEED: &str = "20261125";
/// A find up to this size is also printed, for whoever sees the output only.
const PRINTED_BYTES_MAX: usize = 4096;
/// A file system in memory, where there is one.
const MEMORY: &str = "/dev/shm";
/// SanitizerCoverage, as libFuzzer wants it.
const RUSTFLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 \
    -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What libFuzzer said at the end.
#[derive(Debug, PartialEq, Eq)]
struct Figures {
    executions: u64,
    edges: u64,
    corpus: u64,
}

/// Builds the targets and runs them, as many at once as there are cores.
///
/// # Errors
/// When the target folder cannot be used.
pub fn run(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    let nightly = arguments.nightly;
    let mut folder = PathBuf::new();
    let mut targets = Vec::new();
    let built = report.measure("fuzz build", || {
        (folder, targets) = build(project)?;
        if targets.is_empty() {
            bail!("{PACKAGE} has no target");
        }
        if let Some(unknown) = arguments.target.iter().find(|wanted| !targets.contains(wanted)) {
            bail!("there is no target {unknown}, only {}", targets.join(", "));
        }
        targets.retain(|target| arguments.target.is_empty() || arguments.target.contains(target));
        Ok(Outcome::counted(1, 0).noting(format!("{} targets", targets.len())))
    });
    if !built {
        return Ok(());
    }
    let seconds = if nightly { SECONDS_NIGHTLY } else { SECONDS };
    let spinner = Spinner::start(&format!("fuzzing {} targets, {seconds} s each", targets.len()));
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = fuzz(project, &folder, target, seconds, nightly);
                    results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((target, result));
                }
            });
        }
    });
    spinner.end();
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_by(|a, b| a.0.cmp(b.0));
    for (target, result) in results {
        report.measure(&format!("fuzz {target}"), || {
            let Figures { executions, edges, corpus } = result?;
            let note = format!("{executions} executions, {edges} edges, corpus {corpus}");
            println!("fuzz {target}: {note}");
            Ok(Outcome::counted(1, 0).noting(note))
        });
    }
    Ok(())
}

/// Builds every target; the folder of the binaries and the targets' names.
fn build(project: &Project) -> anyhow::Result<(PathBuf, Vec<String>)> {
    let host = host_triple()?;
    // With an explicit target the flags reach the targets, not the build scripts and macros.
    let target_folder = project.target.join("fuzz");
    Step::cargo("fuzz targets")
        .folder(&project.root)
        .env("RUSTFLAGS", RUSTFLAGS)
        .env("CARGO_TARGET_DIR", &target_folder)
        .args(["build", "--quiet", "--profile", "proof", "--package", PACKAGE, "--bins", "--target", &host])
        .quietly()?;
    let packages = project.metadata.get("packages").and_then(Value::as_array);
    let package =
        packages.and_then(|all| all.iter().find(|p| p.get("name").and_then(Value::as_str) == Some(PACKAGE)));
    let targets = package.and_then(|package| package.get("targets")?.as_array()).cloned().unwrap_or_default();
    let is_bin = |target: &&Value| {
        target
            .get("kind")
            .and_then(Value::as_array)
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"))
    };
    let name = |target: &Value| target.get("name").and_then(Value::as_str).map(str::to_owned);
    let names = targets.iter().filter(is_bin).filter_map(name).collect();
    Ok((target_folder.join(host).join("proof"), names))
}

/// The newest find of a folder in hexadecimal, if it is small.
fn printed(finds: &Path) -> String {
    let files = std::fs::read_dir(finds).into_iter().flatten().flatten();
    let newest = files.max_by_key(|file| file.metadata().and_then(|known| known.modified()).ok());
    let bytes = newest.and_then(|file| std::fs::read(file.path()).ok()).unwrap_or_default();
    if bytes.len() > PRINTED_BYTES_MAX {
        return format!("({} bytes)", bytes.len());
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs one target.
fn fuzz(
    project: &Project,
    folder: &Path,
    target: &str,
    seconds: u32,
    nightly: bool,
) -> anyhow::Result<Figures> {
    let corpus = project.notes().join("fuzz-corpus").join(target);
    std::fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
    let mut command = Command::new(folder.join(target));
    command.arg(&corpus).stdin(Stdio::null());
    let seeds = project.root.join("tests/fuzz/corpus").join(target);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={INPUT_BYTES_MAX}"));
    if !nightly {
        command.arg(format!("-seed={SEED}"));
    }
    // Inputs become files for the targets that open files; a disk would cost more than the code under test.
    if Path::new(MEMORY).is_dir() {
        command.env("TMPDIR", MEMORY);
    }
    command.args(["-print_final_stats=1", "-rss_limit_mb=2048", "-timeout=10"]);
    let finds = project.notes().join("fuzz-finds").join(target);
    std::fs::create_dir_all(&finds).with_context(|| format!("cannot make {}", finds.display()))?;
    command.arg(format!("-artifact_prefix={}/", finds.display()));
    let output = command.output().with_context(|| format!("fuzz target {target} cannot be run"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let tail: Vec<&str> = said.lines().rev().take(40).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        bail!(
            "{target} ended with {}; its input lies in {}\n{}\n{}",
            output.status,
            finds.display(),
            tail.join("\n"),
            printed(&finds)
        );
    }
    let figures = figures(&said).with_context(|| format!("{target} printed no figures"))?;
    if figures.executions == 0 || figures.edges == 0 {
        bail!("{target} did not run: {figures:?}");
    }
    Ok(figures)
}

/// Reads libFuzzer's last status line and its final statistics.
fn figures(said: &str) -> Option<Figures> {
    let executions = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?;
    let status = said.lines().rfind(|line| line.starts_with('#') && line.contains(" cov: "))?;
    let after = |word: &str| {
        let digits = status.split(word).nth(1)?.trim_start();
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    Some(Figures {
        executions: executions.trim().parse().ok()?,
        edges: after(" cov: ")?,
        corpus: after(" corp: ")?,
    })
}

/// The triple of this machine, as rustc names it.
fn host_triple() -> anyhow::Result<String> {
    let told = crate::need::version_of("rustc", "-vV").context("rustc cannot be run")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_what_libfuzzer_prints() {
        let said = "INFO: seed corpus\n#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                    #9000\tDONE   cov: 345 ft: 999 corp: 67/10Kb lim: 4096 exec/s: 150 rss: 55Mb\n\
                    Done 9000 runs in 61 second(s)\nstat::number_of_executed_units: 9000\n";
        assert_eq!(figures(said), Some(Figures { executions: 9000, edges: 345, corpus: 67 }));
        assert_eq!(figures("Done 0 runs"), None);
    }
}
