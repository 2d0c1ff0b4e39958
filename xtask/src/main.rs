//! The project's own tasks: `cargo xtask demo | test | bench | conformance | parity | bindings | aar | rom | check-elf |
//! symbolize | vendor | check-versions | tidy`.
//!
//! What it is: the one place that knows how the two builds (cargo, Maven) fit together, so that a person types one
//! command and Gradle's tasks call the same one.
//!
//! What it is not: it holds no decision of the product and links none of the cores, so it still runs when one of
//! them does not compile.
//!
//! Invariants: each command checks what it needs before it starts and names how to get what is missing; two of them
//! never build at the same time; exit code 0 is done, 1 is a failed check or step, 2 is a usage error or a missing tool.

mod bench;
mod bindings;
mod conformance;
mod demo;
mod elf;
mod maven;
mod need;
mod package;
mod parity;
mod project;
mod run;
mod stamp;
mod test;
mod tidy;
mod vendor;
mod versions;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

/// The command line.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about = "Ferrule's own tasks", long_about = None)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// One task.
#[derive(Subcommand)]
enum Task {
    /// Build everything and let the Kotlin demo ask both implementations about real phones
    #[command(
        after_help = "Examples:\n  cargo xtask demo\n  cargo xtask demo --props phone/build.prop --out /tmp/phone.html\n  cargo xtask demo --db launcher.db --packages packages.txt --grid 5x5/5"
    )]
    Demo(demo::DemoArguments),
    /// Run every test of both languages
    #[command(
        after_help = "Examples:\n  cargo xtask test --quick   # without fuzzing: while you work\n  cargo xtask test           # what CI runs\n  cargo xtask test --nightly --only deaths --only stress   # two parts of the night"
    )]
    Test(test::TestArguments),
    /// Measure both languages and hold the results against the budgets
    #[command(after_help = "Examples:\n  cargo xtask bench\n  cargo xtask bench --quick parse")]
    Bench(bench::BenchArguments),
    /// Run the conformance data against the cores
    #[command(
        after_help = "Examples:\n  cargo xtask conformance\n  cargo xtask conformance --dir ../other-cases os4/identity os4/glass"
    )]
    Conformance {
        /// Folder with the data [default: FERRULE_CONFORMANCE_DIR, else ../shared/data beside the project]
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Kinds to run, for example os4/identity [default: all]
        kinds: Vec<String>,
    },
    /// Compare the core with the Kotlin legacy on random databases
    #[command(
        after_help = "Examples:\n  cargo xtask parity\n  cargo xtask parity --count 1 --seed 3578   # one that differed, with its input"
    )]
    Parity(parity::ParityArguments),
    /// Build the shared library and generate its Kotlin
    Bindings,
    /// Pack the Android archive, with its bill of materials, into a Maven repository
    #[command(
        after_help = "Examples:\n  cargo xtask aar\n  cargo xtask aar --libs target/jniLibs --out ../maven   # with libraries of cargo-ndk"
    )]
    Aar(package::AarArguments),
    /// Write what a ROM's tree takes: prebuilts, and the blueprint of a build from source
    #[command(
        after_help = "Examples:\n  cargo xtask rom\n  cargo xtask rom --state rollout.state --libs target/jniLibs --out ../vendor/ferrule"
    )]
    Rom(package::rom::RomArguments),
    /// Check that shared libraries are what devices and crash reports need
    #[command(after_help = "Examples:\n  cargo xtask check-elf target/package/host/libferrule.so")]
    CheckElf(elf::ElfArguments),
    /// Find the functions and lines of a crash report's addresses
    #[command(
        after_help = "Examples:\n  cargo xtask symbolize --symbols target/package tombstone_00\n  adb logcat -d | cargo xtask symbolize --symbols ../symbols"
    )]
    Symbolize(elf::lines::SymbolizeArguments),
    /// Put everything that a build takes from outside into one folder
    #[command(
        after_help = "Examples:\n  cargo xtask vendor\n  cargo xtask vendor --check   # and build with the network cut: takes minutes"
    )]
    Vendor(vendor::VendorArguments),
    /// Hold the versions of both builds together
    CheckVersions,
    /// Check the rules of the house (CONTRIBUTING.md)
    Tidy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments.task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(if error.is::<need::Missing>() { 2 } else { 1 })
        }
    }
}

/// Runs one task; an error means that it could not be done, a code how it went.
fn dispatch(task: Task) -> anyhow::Result<ExitCode> {
    let project = Project::find()?;
    match task {
        Task::Demo(arguments) => demo::run(&project, &arguments),
        Task::Test(arguments) => test::run(&project, &arguments),
        Task::Bench(arguments) => bench::run(&project, &arguments),
        Task::Conformance { dir, kinds } => conformance::run(&project, dir.as_deref(), &kinds),
        Task::Parity(arguments) => parity::run(&project, &arguments),
        Task::Bindings => bindings::run(&project),
        Task::Aar(arguments) => package::run(&project, &arguments),
        Task::Rom(arguments) => package::rom::run(&project, &arguments),
        Task::CheckElf(arguments) => elf::run(&arguments),
        Task::Symbolize(arguments) => elf::lines::run(&arguments),
        Task::Vendor(arguments) => vendor::run(&project, &arguments),
        Task::CheckVersions => versions::run(&project),
        Task::Tidy => tidy::run(&project),
    }
}
