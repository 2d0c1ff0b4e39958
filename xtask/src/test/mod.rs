//! `cargo xtask test`: every test of both languages, one step after the other.
//!
//! A step that fails does not stop those that can still tell something; the run fails at the end. Invariants: what
//! was left out is named with its reason; the last lines are a table of the steps and `N passed, N failed`.

mod crash_lines;
mod device;
mod fleet;
mod fuzz;
mod report;
mod runner;
mod stress;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::need::{self, Need};
use crate::project::Project;
use crate::run::Step;
use crate::tidy::{self, House};
use crate::{bindings, elf, maven, package, parity, vendor, versions};
use report::{Outcome, Report};

/// How much is run.
#[derive(Args, Clone)]
pub struct TestArguments {
    /// Leave out what takes minutes: fuzzing, mutations, other API levels, and type checks for Android
    #[arg(long, conflicts_with = "nightly")]
    pub quick: bool,
    /// Fuzz longer, hold laws to more cases, inject ten million faults, run the fleet's SQL on Spark too
    #[arg(long)]
    pub nightly: bool,
    /// Run only these parts
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    /// Fuzz only these targets
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
}

/// A part of the test run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, rules of the house, versions, lints
    Rules,
    /// Tests and documentation of the crates
    Rust,
    /// Tests of the Kotlin modules
    Kotlin,
    /// The library and the archive that are handed on
    Package,
    /// liblog, and type checks for Android
    Device,
    /// The fleet's SQL, and the report in a browser; by night faults and million
    Fleet,
    /// The fuzz targets
    Fuzz,
    /// Of rust, by night: the laws of loading a home screen and of its store, 100,000 cases each
    Laws,
    /// Of rust: rules broken on purpose, in the conformance data and in the simulator
    Planted,
    /// Of kotlin: processes that die; by night 1,000
    Deaths,
    /// Of kotlin: jcstress; by night in its default mode
    Stress,
    /// Of kotlin: both loaders on random databases; by night 10,000
    Parity,
    /// Of package, by night: a build with the network cut
    Offline,
    /// Of fleet: the fleet's SQL on DuckDB, by night on Spark too
    Sql,
    /// Of fleet: the report in a browser
    Page,
    /// Of fleet, by night: ten million injected faults
    Faults,
    /// Of fleet, by night: a million devices through the merge and the SQL
    Million,
}

impl Part {
    /// The part that it belongs to; itself if to none.
    const fn whole(self) -> Self {
        match self {
            Self::Laws | Self::Planted => Self::Rust,
            Self::Deaths | Self::Stress | Self::Parity => Self::Kotlin,
            Self::Offline => Self::Package,
            Self::Sql | Self::Page | Self::Faults | Self::Million => Self::Fleet,
            whole => whole,
        }
    }

    /// Whether it is there by night only.
    const fn is_nightly(self) -> bool {
        matches!(self, Self::Laws | Self::Offline | Self::Faults | Self::Million)
    }
}

impl TestArguments {
    /// Whether a part is run.
    fn wants(&self, part: Part) -> bool {
        let chosen = self.only.is_empty() || self.only.contains(&part) || self.only.contains(&part.whole());
        chosen && (self.nightly || !part.is_nightly())
    }

    /// Whether a part is run, or one that belongs to it.
    fn wants_some_of(&self, whole: Part) -> bool {
        Part::value_variants().iter().any(|part| part.whole() == whole && self.wants(*part))
    }

    /// What the wanted parts need.
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Rust];
        if self.wants_some_of(Part::Kotlin) || self.wants_some_of(Part::Package) {
            needs.extend([Need::Jdk, Need::Maven]);
        }
        if self.wants(Part::Package) {
            needs.push(Need::Objcopy);
        }
        if self.wants(Part::Fuzz) && !self.quick {
            needs.push(Need::Cxx);
        }
        needs
    }
}

/// Runs the steps.
///
/// # Errors
/// When a tool is missing, or something keeps the tests from being run at all.
pub fn run(project: &Project, arguments: &TestArguments) -> anyhow::Result<ExitCode> {
    need::check(&arguments.needs())?;
    let _lock = project.lock()?;
    let mut report = Report::default();
    for part in arguments.only.iter().filter(|part| part.is_nightly() && !arguments.nightly) {
        let name = part.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned());
        report.skip(&name, "only --nightly");
    }
    if arguments.wants(Part::Rules) {
        rules(project, &mut report)?;
    }
    if arguments.wants_some_of(Part::Rust) {
        rust(project, arguments, &mut report)?;
    }
    if arguments.wants_some_of(Part::Kotlin) {
        kotlin(project, arguments, &mut report)?;
    }
    if arguments.wants(Part::Package) {
        package(project, arguments, &mut report);
    }
    if arguments.wants(Part::Offline) {
        offline(project, &mut report);
    }
    if arguments.wants(Part::Device) {
        device::liblog(project, &mut report)?;
        device::android_targets(project, arguments, &mut report)?;
    }
    if arguments.wants_some_of(Part::Fleet) {
        if arguments.quick {
            report.skip("fleet", "--quick");
        } else {
            fleet::run(project, arguments, &mut report)?;
        }
    }
    if arguments.wants(Part::Fuzz) {
        if arguments.quick {
            report.skip("fuzzing", "--quick");
        } else {
            fuzz::run(project, arguments, &mut report)?;
        }
    }
    report.print();
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Format, rules of the house, versions, lints.
fn rules(project: &Project, report: &mut Report) -> anyhow::Result<()> {
    let step = Step::cargo("format").folder(&project.root).args(["fmt", "--all", "--check"]);
    report.run("format", step, runner::all_lines)?;
    report.measure("tidy", || {
        let (passed, failed) = tidy::check(project)?;
        Ok(Outcome::counted(passed, failed))
    });
    report.measure("check-versions", || {
        let (agree, problems) = versions::check(&House::read(project)?);
        for problem in &problems {
            println!("{problem}");
        }
        Ok(Outcome::counted(agree, problems.len()))
    });
    let step = Step::cargo("clippy").folder(&project.root).args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    report.run("clippy", step, runner::all_lines)
}

/// The seed of property tests, so that a change is judged by what it changes; the nightly run takes new seeds.
const PROPERTY_SEED: &str = "20261125";

/// Tests of the crates, documentation included.
fn rust(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    if arguments.wants(Part::Rust) {
        let mut step =
            Step::cargo("cargo test").folder(&project.root).args(["test", "--workspace", "--no-fail-fast"]);
        if !arguments.nightly {
            step = step.env("PROPTEST_RNG_SEED", PROPERTY_SEED);
        }
        report.run("cargo test", step, runner::cargo_lines)?;
        show(project, "injected-faults.txt")?;
        interleavings(project, report)?;
    }
    if arguments.wants(Part::Laws) {
        laws(project, report)?;
    }
    if arguments.wants(Part::Planted) {
        mutations(project, arguments.quick, report)?;
    }
    if !arguments.wants(Part::Rust) {
        return Ok(());
    }
    let step = Step::cargo("cargo doc").folder(&project.root).env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    report.run("cargo doc", step, runner::all_lines)
}

/// Look-ups of icons in the orders of a scheduler, whose locks only this build has.
fn interleavings(project: &Project, report: &mut Report) -> anyhow::Result<()> {
    let Some(package) = project.package_with_target("test", "interleavings") else { return Ok(()) };
    let step = Step::cargo("interleavings").folder(&project.root).args([
        "test",
        "--package",
        package,
        "--features",
        "interleavings",
        "--test",
        "interleavings",
    ]);
    report.run("interleavings", step, runner::cargo_lines)
}

/// How many random tables each law of a home screen is held to in the night; by day it is proptest's own count.
const LAW_CASES: &str = "100000";

/// The laws of loading (LM-I), on the rows and through the store, and those of the store itself.
fn laws(project: &Project, report: &mut Report) -> anyhow::Result<()> {
    let Some(package) = project.package_with_target("test", "safe_properties") else { return Ok(()) };
    let step = Step::cargo("laws")
        .folder(&project.root)
        .env("PROPTEST_CASES", LAW_CASES)
        .args(["test", "--profile", "proof", "--package", package, "--no-fail-fast"])
        .args(["--test", "safe_properties", "--test", "home", "--test", "store"]);
    report.run("laws", step, runner::cargo_lines)
}

/// Breaks rules on purpose and demands that somebody notices: the conformance data, the simulator.
fn mutations(project: &Project, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    for (name, test) in [("mutations", "mutations"), ("planted bugs", "planted")] {
        let Some(package) = project.package_with_target("test", test) else { continue };
        if quick {
            report.skip(name, "--quick");
            continue;
        }
        let step = Step::cargo(name).folder(&project.root).args([
            "test",
            "--package",
            package,
            "--features",
            "mutants",
            "--test",
            test,
        ]);
        report.run(name, step, runner::cargo_lines)?;
    }
    show(project, "planted-bugs.txt")?;
    keep(project, &project.target.join("tmp/mutations-load.tsv"), "mutations-rust.tsv")
}

/// Prints what a test found, which its harness holds back, and puts it into the test report.
fn show(project: &Project, name: &str) -> anyhow::Result<()> {
    let list = project.target.join("tmp").join(name);
    if let Ok(text) = fs::read_to_string(&list) {
        print!("{text}");
    }
    keep(project, &list, name)
}

/// Puts a list into the test report, if its test wrote one.
fn keep(project: &Project, list: &Path, name: &str) -> anyhow::Result<()> {
    if list.exists() {
        fs::create_dir_all(project.report())?;
        fs::copy(list, project.report().join(name))?;
        println!("list in {}", project.report().join(name).display());
    }
    Ok(())
}

/// How many processes die in the night, for the guard to see that two of a feature and three in all are the most.
const DEATHS_NIGHTLY: &str = "-Dferrule.deaths=1000";
/// How many do where there is little time; by day it is what the guard's own build says.
const DEATHS_QUICK: &str = "-Dferrule.deaths=40";

/// Each rule for shrinkers is left out once, and the shrunk app must miss it.
const EACH_RULE: &str = "-Dferrule.rules=each";

/// What Maven's tests leave for people to read: the file, and its name in the report.
const TABLES: [(&str, &str); 3] = [
    ("legacy/target/loader-mutants.md", "mutations-kotlin.md"),
    ("guard/target/throwable-matrix.md", "throwable-matrix.md"),
    ("guard/target/process-deaths.md", "process-deaths.md"),
];

/// Tests of the Kotlin modules.
fn kotlin(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    if arguments.wants(Part::Kotlin) {
        verify(project, arguments, report)?;
    } else if arguments.wants(Part::Deaths) {
        deaths(project, arguments, report)?;
    }
    if arguments.wants(Part::Deaths) {
        for (table, name) in TABLES {
            keep(project, &project.kotlin().join(table), name)?;
        }
    }
    if arguments.wants(Part::Stress) {
        if arguments.quick {
            report.skip("jcstress", "--quick");
        } else {
            stress::run(project, arguments.nightly, report)?;
        }
    }
    if arguments.wants(Part::Parity) {
        parity(project, arguments, report)?;
    }
    Ok(())
}

/// Every test of the Kotlin modules, against the library of the release profile.
fn verify(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    let built =
        report.measure("bindings", || bindings::build_for_tests(project).map(|()| Outcome::counted(1, 0)));
    if !built {
        report.fail("mvn verify", "the bindings could not be built");
        return Ok(());
    }
    let step = maven::step(project, "mvn verify")
        .arg(maven::property("ferrule.crashtest", &project.crashtest()))
        .arg(maven::property("ferrule.cli", &project.target.join("release/ferrule")))
        .args(arguments.nightly.then_some([DEATHS_NIGHTLY, EACH_RULE]).into_iter().flatten())
        .args(["--no-transfer-progress", "--fail-at-end", "verify"]);
    // The other frameworks are half a gigabyte, and each is started for itself.
    let step = if arguments.quick {
        step.args(["-Dandroid.sdks=34", "-Dandroid.older.skip=true", DEATHS_QUICK])
    } else {
        step
    };
    report.run("mvn verify", maven::noting_test_class_paths(step), runner::maven_lines)?;
    maven::stamp_test_class_paths(project, &["bindings", "legacy"])
}

/// The test of the guard in which processes die, alone.
fn deaths(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    let built = report.measure("crashtest", || {
        let step = Step::cargo("crashtest").folder(&project.root);
        step.args(["build", "--quiet", "--release", "--package", "ferrule-crashtest"]).quietly()?;
        Ok(Outcome::counted(1, 0))
    });
    if !built {
        report.fail("deaths", "the library that crashes could not be built");
        return Ok(());
    }
    let step = maven::step(project, "deaths")
        .arg(maven::property("ferrule.crashtest", &project.crashtest()))
        .args(arguments.nightly.then_some(DEATHS_NIGHTLY))
        .args(arguments.quick.then_some(DEATHS_QUICK))
        .args(["--no-transfer-progress", "--projects", "guard", "--also-make"])
        .args(["-Dtest=DeathsTest", "-Dsurefire.failIfNoSpecifiedTests=false", "test"]);
    report.run("deaths", step, runner::maven_lines)
}

/// What is handed on: the library, the way from its crash to its line, the archive.
fn package(project: &Project, arguments: &TestArguments, report: &mut Report) {
    let built = report.measure("package", || package::build(project).map(|()| Outcome::counted(1, 0)));
    if !built {
        report.fail("check-elf, aar", "what they look at could not be built");
        return;
    }
    report.measure("check-elf", || {
        let (exports, faults) = elf::check_release(project)?;
        Ok(Outcome::counted(exports, faults))
    });
    report.measure("crash lines", || crash_lines::check(project));
    report.measure("aar", || Ok(Outcome::counted(package::check_built(project)?, 0)));
    if !arguments.nightly {
        report.skip("without network", "only --nightly, or cargo xtask vendor --check");
    }
}

/// A build of everything with the network cut.
fn offline(project: &Project, report: &mut Report) {
    report.measure("without network", || {
        let folder = project.target.join("vendor");
        vendor::fill(project, &folder)?;
        vendor::build_without_network(project, &folder)?;
        Ok(Outcome::counted(1, 0))
    });
}

/// Random databases, the core beside the legacy loader.
fn parity(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    if arguments.quick {
        report.skip("parity", "--quick");
        return Ok(());
    }
    let count = if arguments.nightly { parity::COUNT_NIGHTLY } else { parity::COUNT };
    match parity::step(project, count, 1) {
        Ok(step) => report.run("parity", step, runner::sum_lines),
        Err(error) => {
            report.fail("parity", &format!("{error:#}"));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(only: &[Part], nightly: bool) -> TestArguments {
        TestArguments { quick: false, nightly, only: only.to_vec(), target: Vec::new() }
    }

    #[test]
    fn a_part_alone_runs_alone_and_a_whole_one_with_all_that_belongs_to_it() {
        let chosen = |only: &[Part], nightly| -> Vec<&Part> {
            let arguments = arguments(only, nightly);
            Part::value_variants().iter().filter(|part| arguments.wants(**part)).collect()
        };
        use Part::*;
        assert_eq!(chosen(&[Stress], false), [&Stress]);
        assert_eq!(chosen(&[Million], true), [&Million]);
        assert_eq!(chosen(&[Million], false), [] as [&Part; 0], "it is there by night only");
        assert_eq!(chosen(&[Fleet], false), [&Fleet, &Sql, &Page]);
        assert_eq!(chosen(&[Fleet], true), [&Fleet, &Sql, &Page, &Faults, &Million]);
        assert_eq!(chosen(&[], true).len(), Part::value_variants().len());
        assert!(arguments(&[Deaths], false).wants_some_of(Kotlin));
        assert!(!arguments(&[Deaths], false).wants_some_of(Rust));
    }
}
