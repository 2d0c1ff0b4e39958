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
    /// Fuzz longer, check every Android target, inject ten million faults, run the fleet's SQL on Spark too
    #[arg(long)]
    pub nightly: bool,
    /// Run only these parts
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
}

/// A part of the test run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
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
    /// The fleet's SQL, and the report in a browser
    Fleet,
    /// The fuzz targets
    Fuzz,
}

impl TestArguments {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// What the wanted parts need.
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Rust];
        if self.wants(Part::Kotlin) || self.wants(Part::Package) {
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
    if arguments.wants(Part::Rules) {
        rules(project, &mut report)?;
    }
    if arguments.wants(Part::Rust) {
        rust(project, arguments, &mut report)?;
    }
    if arguments.wants(Part::Kotlin) {
        kotlin(project, arguments, &mut report)?;
    }
    if arguments.wants(Part::Package) {
        package(project, arguments, &mut report);
    }
    if arguments.wants(Part::Device) {
        device::liblog(project, &mut report)?;
        device::android_targets(project, arguments, &mut report)?;
    }
    if arguments.wants(Part::Fleet) {
        if arguments.quick {
            report.skip("fleet", "--quick");
        } else {
            fleet::run(project, arguments.nightly, &mut report)?;
        }
    }
    if arguments.wants(Part::Fuzz) {
        if arguments.quick {
            report.skip("fuzzing", "--quick");
        } else {
            fuzz::run(project, arguments.nightly, &mut report)?;
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
    let quick = arguments.quick;
    let mut step =
        Step::cargo("cargo test").folder(&project.root).args(["test", "--workspace", "--no-fail-fast"]);
    if !arguments.nightly {
        step = step.env("PROPTEST_RNG_SEED", PROPERTY_SEED);
    }
    report.run("cargo test", step, runner::cargo_lines)?;
    if arguments.nightly {
        laws(project, report)?;
    }
    interleavings(project, report)?;
    mutations(project, quick, report)?;
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

/// The laws of loading (LM-I), on the rows and through the store.
fn laws(project: &Project, report: &mut Report) -> anyhow::Result<()> {
    let Some(package) = project.package_with_target("test", "safe_properties") else { return Ok(()) };
    let step = Step::cargo("laws")
        .folder(&project.root)
        .env("PROPTEST_CASES", LAW_CASES)
        .args(["test", "--profile", "proof", "--package", package, "--no-fail-fast"])
        .args(["--test", "safe_properties", "--test", "home"]);
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
    keep(project, &project.target.join("tmp/mutations-load.tsv"), "mutations-rust.tsv")
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

/// Tests of the Kotlin modules against the library of the release profile.
fn kotlin(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    let built =
        report.measure("bindings", || bindings::build_for_tests(project).map(|()| Outcome::counted(1, 0)));
    if !built {
        report.fail("mvn verify", "the bindings could not be built");
        return Ok(());
    }
    let step = maven::step(project, "mvn verify")
        .arg(maven::property("ferrule.crashtest", &project.crashtest()))
        .args(arguments.nightly.then_some([DEATHS_NIGHTLY, EACH_RULE]).into_iter().flatten())
        .args(["--no-transfer-progress", "--fail-at-end", "verify"]);
    // The other frameworks are half a gigabyte, and each is started for itself.
    let step = if arguments.quick {
        step.args(["-Dandroid.sdks=34", "-Dandroid.older.skip=true", DEATHS_QUICK])
    } else {
        step
    };
    report.run("mvn verify", maven::noting_test_class_paths(step), runner::maven_lines)?;
    maven::stamp_test_class_paths(project, &["bindings", "legacy"])?;
    keep(project, &project.kotlin().join("legacy/target/loader-mutants.md"), "mutations-kotlin.md")?;
    for table in ["throwable-matrix.md", "process-deaths.md"] {
        keep(project, &project.kotlin().join("guard/target").join(table), table)?;
    }
    if arguments.quick {
        report.skip("jcstress", "--quick");
    } else {
        stress::run(project, arguments.nightly, report)?;
    }
    parity(project, arguments, report)
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
        return;
    }
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
