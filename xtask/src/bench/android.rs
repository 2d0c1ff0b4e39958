//! Benches on Android's own classes, under Robolectric: icons into bitmaps, home screens from its SQLite, and what Ferrule adds
//! to a launcher's memory.
//!
//! What it is: the JVMs that run the classes `AndroidBench` and `AndroidMemory` of `kotlin-bindings/android`, and their lines
//! read. What it is not: a device. Robolectric's framework is Android's code on a workstation's JVM.
//!
//! Invariant: memory is measured in a JVM of its own, over stores that an earlier one has filled.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, bail};

use super::BenchArguments;
use super::measured::Measured;
use crate::project::Project;
use crate::run::Step;
use crate::{bindings, maven};

/// What prints times, and what prints memory.
const TIMES: &str = "AndroidBench";
const MEMORY: &str = "AndroidMemory";

/// How often each way is measured, after as many times to warm up.
const ROUNDS: &str = "-Dferrule.bench.rounds=25";
const ROUNDS_QUICK: &str = "-Dferrule.bench.rounds=3";

/// What Ferrule may add to a launcher in which legacy runs, on a phone of 4 GB.
const ADDED_MAX: i64 = 24 << 20;

/// Times, unless the filter leaves them out.
///
/// # Errors
/// When the tests cannot be built, or a bench fails.
pub fn times(project: &Project, arguments: &BenchArguments) -> anyhow::Result<Vec<Measured>> {
    if !wants(arguments, TIMES) {
        return Ok(Vec::new());
    }
    let rounds = if arguments.quick { ROUNDS_QUICK } else { ROUNDS };
    of_times(&jvm(project, TIMES, [rounds.into(), "-Xmx2g".into()])?)
}

/// Memory as text, and whether it keeps within its ceiling; nothing where the filter leaves it out.
///
/// # Errors
/// When the tests cannot be built, or a bench fails.
pub fn memory(project: &Project, arguments: &BenchArguments) -> anyhow::Result<Option<(String, bool)>> {
    if !wants(arguments, MEMORY) {
        return Ok(None);
    }
    let stores = project.notes().join("android-memory");
    if stores.exists() {
        fs::remove_dir_all(&stores).with_context(|| format!("cannot clear {}", stores.display()))?;
    }
    fs::create_dir_all(&stores).with_context(|| format!("cannot make {}", stores.display()))?;
    let run = || {
        let folder = maven::property("ferrule.bench.folder", &stores);
        // Interpreted: a compiler's own memory comes and goes, and a device has another compiler.
        let options = ["-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-Xint"].map(OsString::from);
        jvm(project, MEMORY, options.into_iter().chain([folder]))
    };
    run()?;
    of_memory(&run()?).map(Some)
}

/// Whether the filter names Android, which no bench of Criterion's or JMH's does: those need not be built for it.
pub fn is_all_that_is_meant(arguments: &BenchArguments) -> bool {
    arguments.filter.as_ref().is_some_and(|filter| filter.to_lowercase().starts_with("android"))
}

fn wants(arguments: &BenchArguments, class: &str) -> bool {
    arguments.filter.as_ref().is_none_or(|filter| class.to_lowercase().contains(&filter.to_lowercase()))
}

/// Runs one class of the module's tests; what it printed.
fn jvm(
    project: &Project,
    class: &str,
    options: impl IntoIterator<Item = OsString>,
) -> anyhow::Result<String> {
    bindings::build(project)?;
    let class_path = maven::test_class_path(project, "android")?;
    let target = project.kotlin().join("android/target");
    let monitor = target.join("androidx-monitor/classes.jar");
    Step::new(class, "java")
        .folder(&project.kotlin().join("android"))
        .args(options)
        .arg(maven::library_property(project))
        .args(["-Drobolectric.offline=true", "-Drobolectric.enabledSdks=34"])
        .arg(maven::property("robolectric.dependency.dir", &target.join("sdks")))
        .arg("-cp")
        .arg(format!("{class_path}:{}", monitor.display()))
        .args(["org.junit.runner.JUnitCore", &format!("dev.ferrule.android.bench.{class}")])
        .quietly()
}

/// `android_bench GROUP NAME NANOS`; JUnit's dots may stand before it.
fn of_times(printed: &str) -> anyhow::Result<Vec<Measured>> {
    let mut found = Vec::new();
    for line in printed.lines() {
        let Some((_, rest)) = line.split_once("android_bench ") else { continue };
        let (named, nanos) = rest.rsplit_once(' ').context("a bench without a figure")?;
        let (group, name) = named.split_once(' ').context("a bench without a name")?;
        found.push(Measured {
            language: "kotlin",
            group: group.to_owned(),
            name: name.to_owned(),
            nanos: nanos.parse().with_context(|| format!("{nanos} is no time"))?,
            error: None,
            bytes: None,
        });
    }
    Ok(found)
}

/// `android_memory NAME BYTES`; what begins with `ferrule` counts against the ceiling. `android_icons BYTES BUDGET ENTRY`
/// holds the entries of the icon cache against its budget, of which it may hold one entry more.
fn of_memory(printed: &str) -> anyhow::Result<(String, bool)> {
    let mut text = "memory under Robolectric, heap and native: what each step adds\n".to_owned();
    let mut added = None;
    for line in printed.lines() {
        let Some((_, rest)) = line.split_once("android_memory ") else { continue };
        let (name, bytes) = rest.rsplit_once(' ').context("memory without a figure")?;
        let bytes: i64 = bytes.parse().with_context(|| format!("{bytes} is no size"))?;
        let _ = writeln!(text, "{name:<44} {:>8}", megabytes(bytes));
        if name.starts_with("ferrule ") {
            added = Some(added.unwrap_or(0) + bytes);
        }
    }
    let Some(added) = added else { bail!("no memory was measured") };
    let is_within_budget = icons_in_budget(printed, &mut text)?;
    let holds = added <= ADDED_MAX;
    let verdict = verdict(holds);
    let _ = write!(
        text,
        "{:<44} {:>8}  {verdict}, ≤ {} over legacy's baseline",
        "what Ferrule adds",
        megabytes(added),
        megabytes(ADDED_MAX)
    );
    Ok((text, holds && is_within_budget))
}

/// What the icon cache counts against its budget, and what else the step with the icons added; whether it is within.
fn icons_in_budget(printed: &str, text: &mut String) -> anyhow::Result<bool> {
    let figures = printed.lines().find_map(|line| line.split_once("android_icons "));
    let (_, figures) = figures.context("the budget of icons was not measured")?;
    let figures: Vec<i64> =
        figures.split(' ').map(str::parse).collect::<Result<_, _>>().context(figures.to_owned())?;
    let [entries, budget, entry] = figures[..] else { bail!("{figures:?} are not three sizes") };
    let step =
        printed.lines().find(|line| line.contains("android_memory ferrule") && line.contains(" icons "));
    let step = step.and_then(|line| line.rsplit(' ').next()).and_then(|bytes| bytes.parse::<i64>().ok());
    let holds = entries > 0 && entries <= budget + entry;
    let _ = writeln!(
        text,
        "{:<44} {:>8}  {}, ≤ {} and one entry of {}",
        "of the icons: entries in the budget",
        megabytes(entries),
        verdict(holds),
        megabytes(budget),
        megabytes(entry)
    );
    if let Some(step) = step {
        let _ = writeln!(
            text,
            "{:<44} {:>8}  the open store, its index and pages, classes of the JVM",
            "of the icons: the rest",
            megabytes(step - entries)
        );
    }
    Ok(holds)
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "EXCEEDED" }
}

fn megabytes(bytes: i64) -> String {
    format!("{:.1} MB", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_sizes() {
        let printed = "JUnit\n.android_bench AndroidIcons legacyToBitmaps 400 1500\nandroid_bench A b 2\n";
        let found = of_times(printed).unwrap();
        let read: Vec<_> =
            found.iter().map(|one| (one.group.as_str(), one.name.as_str(), one.nanos)).collect();
        assert_eq!(read, [("AndroidIcons", "legacyToBitmaps 400", 1500.0), ("A", "b", 2.0)]);
        assert!(of_times("android_bench A b fast").is_err());
    }

    #[test]
    fn what_ferrule_adds_is_held_against_the_ceiling() {
        let lines = |icons: i64| {
            format!(
                "android_memory legacy 400 icons 99000000\n.android_memory ferrule library 1048576\n\
                 android_memory ferrule 400 icons in a budget {icons}\nandroid_icons 8000000 8388608 147456\n"
            )
        };
        let (text, holds) = of_memory(&lines(16 << 20)).unwrap();
        assert!(holds && text.ends_with("17.0 MB  holds, ≤ 24.0 MB over legacy's baseline"), "{text}");
        let (text, holds) = of_memory(&lines(24 << 20)).unwrap();
        assert!(!holds && text.contains("EXCEEDED"), "{text}");
        assert!(of_memory("android_memory legacy 400 icons 1").is_err(), "nothing of Ferrule's was measured");
    }

    #[test]
    fn icons_are_held_against_their_budget_and_one_entry() {
        let measured = |entries: i64| {
            of_memory(&format!(
                "android_memory ferrule 9 icons in a budget 2097152\nandroid_icons {entries} 1048576 4096\n"
            ))
        };
        let (text, holds) = measured(1_048_576 + 4096).unwrap();
        assert!(
            holds
                && text.contains("holds, ≤ 1.0 MB and one entry")
                && text.contains("1.0 MB  the open store"),
            "{text}"
        );
        for entries in [0, 1_048_576 + 4097] {
            let (text, holds) = measured(entries).unwrap();
            assert!(!holds && text.contains("EXCEEDED"), "{text}");
        }
        assert!(of_memory("android_memory ferrule 9 icons 1\n").is_err(), "the budget was not measured");
    }
}
