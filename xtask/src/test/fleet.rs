//! What needs more than cargo: the fleet's SQL on a database, the report in a browser; by night the simulator's ten million faults, the SQL on
//! Spark, and a million devices through the merge and the SQL.
//!
//! Invariants: what the machine lacks is named and left out, with the package that brings it; nothing is installed outside the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::need::version_of;
use crate::project::Project;
use crate::run::Step;
use crate::test::report::{Outcome, Report};
use crate::test::{Part, TestArguments, runner};

/// The engines that run the SQL, with the packages that bring them.
const DUCKDB: (&str, &str) = ("duckdb", "duckdb==2.0.1");
const SPARK: (&str, &str) = ("spark", "pyspark==4.3.0");
/// Faults that the simulator injects by night.
const FAULTS: &str = "10000000";
/// Devices that are merged by night.
const DEVICES: &str = "1000000";
/// How long a browser may take for one page.
const BROWSER_SECONDS: u64 = 60;
/// How many pages the report of three features may take on paper.
const PAGES_MAX: usize = 6;
/// The width of a narrow window; browsers without a head go no narrower.
const NARROW: &str = "500";

/// Runs the steps.
///
/// # Errors
/// When a step cannot be started.
pub fn run(project: &Project, arguments: &TestArguments, report: &mut Report) -> anyhow::Result<()> {
    let tools = Tools { project, folder: project.notes().join("fleet") };
    std::fs::create_dir_all(&tools.folder)?;
    if arguments.wants(Part::Sql) || arguments.wants(Part::Page) {
        let built = report.measure("fleet build", || tools.build().map(|()| Outcome::counted(1, 0)));
        if !built {
            return Ok(());
        }
    }
    if arguments.wants(Part::Sql) {
        tools.sql("gates.sql", DUCKDB, &tools.folder, report)?;
        tools.phones(report)?;
        if arguments.nightly {
            tools.sql("gates.sql", SPARK, &tools.folder, report)?;
        }
    }
    if arguments.wants(Part::Page) {
        tools.page(report)?;
    }
    if arguments.wants(Part::Faults) {
        let step = tools.proof("faults").args(["--package", "ferrule-rollout-sim", "--", "--faults", FAULTS]);
        report.run("ten million faults", step, runner::all_lines)?;
    }
    if arguments.wants(Part::Million) {
        tools.million(report)?;
    }
    Ok(())
}

struct Tools<'p> {
    project: &'p Project,
    folder: PathBuf,
}

impl Tools<'_> {
    fn build(&self) -> anyhow::Result<()> {
        Step::cargo("fleet")
            .folder(&self.project.root)
            .args(["build", "--quiet", "--package", "ferrule-fleet", "--package", "ferrule-cli"])
            .quietly()?;
        self.fleet("scenarios").args(["scenarios", "--out"]).arg(&self.folder).quietly()?;
        Ok(())
    }

    /// A program of ours, optimised.
    fn proof(&self, label: &str) -> Step {
        Step::cargo(label).folder(&self.project.root).args(["run", "--quiet", "--profile", "proof"])
    }

    /// A million devices: verdicts and memory of the merge in Rust, then the same verdicts by the SQL.
    fn million(&self, report: &mut Report) -> anyhow::Result<()> {
        let folder = self.folder.join("million");
        let step = self
            .proof("merge")
            .args(["--package", "ferrule-fleet", "--", "million", "--devices", DEVICES, "--out"])
            .arg(&folder);
        report.run("a million devices", step, runner::all_lines)?;
        for engine in [DUCKDB, SPARK] {
            self.sql("a million", engine, &folder, report)?;
        }
        // It is more than a gigabyte, and a seed makes it again.
        std::fs::remove_dir_all(&folder).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error.into()),
        })
    }

    /// What phones whose calls went through the guard exported, as its tests left it.
    fn phones(&self, report: &mut Report) -> anyhow::Result<()> {
        let what = "gates.sql over phones";
        let folder = self.project.root.join("kotlin-bindings/guard/target/fleet-of-phones");
        if folder.join("expected.jsonl").is_file() {
            return self.sql(what, DUCKDB, &folder, report);
        }
        report.skip(what, "the guard's tests have not run here: cargo xtask test --only kotlin");
        Ok(())
    }

    fn fleet(&self, label: &str) -> Step {
        Step::new(label, self.project.target.join("debug/ferrule-fleet"))
    }

    /// The SQL as it is shipped, on one engine, against the verdicts of the gate in Rust.
    fn sql(
        &self,
        what: &str,
        (engine, package): (&str, &str),
        folder: &Path,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let name = format!("{what} on {engine}");
        let module = package.split("==").next().unwrap_or(package);
        let python = match self.python(module, package) {
            Ok(python) => python,
            Err(why) => {
                report.skip(&name, &format!("{why:#}"));
                return Ok(());
            }
        };
        let step = Step::new(&name, python)
            .arg(self.project.root.join("tests/fleet/gates.py"))
            .arg(engine)
            .arg(self.project.root.join("docs/fleet/gates.sql"))
            .arg(folder);
        report.run(&name, step, runner::sum_lines)
    }

    /// A Python that has the module: the machine's, or one of our own in the target folder.
    fn python(&self, module: &str, package: &str) -> anyhow::Result<PathBuf> {
        let has = |python: &Path| {
            let found = Command::new(python).args(["-c", &format!("import {module}")]).output();
            found.is_ok_and(|output| output.status.success())
        };
        let system = PathBuf::from("python3");
        if has(&system) {
            return Ok(system);
        }
        let own = self.project.notes().join("python");
        let python = own.join("bin/python");
        if has(&python) {
            return Ok(python);
        }
        let lacking =
            || format!("python3 has no {module}, and it could not be installed: pip install {package}");
        Step::new("python", system).args(["-m", "venv"]).arg(&own).quietly().with_context(lacking)?;
        Step::new(package, own.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", package])
            .quietly()
            .with_context(lacking)?;
        Ok(python)
    }

    /// The report of a small fleet, laid out and printed by a browser without a head.
    fn page(&self, report: &mut Report) -> anyhow::Result<()> {
        let name = "report in Chromium";
        let Some(browser) = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find(|browser| version_of(browser, "--version").is_some())
        else {
            report.skip(name, "there is no Chromium: apt-get install chromium");
            return Ok(());
        };
        report.measure(name, || {
            let page = self.report()?;
            let html = std::fs::read_to_string(&page)?;
            let mut passed = 0;
            for (width, look) in [("1280", "light"), (NARROW, "narrow"), ("1280", "dark")] {
                let copy = self.folder.join(format!("report-{look}.html"));
                std::fs::write(&copy, probed(&html, look))?;
                let window = format!("--window-size={width},1000");
                let out = browse(browser, &[&window, "--virtual-time-budget=4000", "--dump-dom"], &copy)?;
                let told = out.split("data-told=\"").nth(1).and_then(|rest| rest.split('"').next());
                if told != Some("scripted 0 wider 0 errors") {
                    bail!("{look}, {width} pixels wide: the page says {told:?}");
                }
                passed += 1;
            }
            let pdf = self.folder.join("report.pdf");
            let _ = std::fs::remove_file(&pdf);
            browse(browser, &[&format!("--print-to-pdf={}", pdf.display())], &page)?;
            let printed = std::fs::read(&pdf).context("nothing was printed")?;
            if !printed.starts_with(b"%PDF") || printed.len() < 20_000 {
                bail!("{} bytes were printed", printed.len());
            }
            let pages = pages(&printed);
            if !(1..=PAGES_MAX).contains(&pages) {
                bail!("{pages} pages were printed, at most {PAGES_MAX} are meant");
            }
            Ok(Outcome::counted(passed + 2, 0).noting(format!("{} ({pages} pages on paper)", page.display())))
        });
        Ok(())
    }

    /// A page with a burned ledger, made as an operator makes it.
    fn report(&self) -> anyhow::Result<PathBuf> {
        let config = self.project.root.join("tests/fleet/sample.toml");
        let page = self.folder.join("report.html");
        let mut step = Step::new("report", self.project.target.join("debug/ferrule"));
        step = step.args(["rollout", "report", "--today", "2026-11-30", "--config"]).arg(&config);
        step = step.arg("--out").arg(&page);
        for feature in ["os_compat", "launcher_model", "icon_cache"] {
            let out = self.folder.join(format!("{feature}.jsonl"));
            self.fleet("evidence")
                .args([
                    "evidence",
                    "--feature",
                    feature,
                    "--stage",
                    "shadow",
                    "--devices",
                    "12",
                    "--calls",
                    "64",
                ])
                .args(["--planted", if feature == "launcher_model" { "5" } else { "99" }, "--config"])
                .arg(&config)
                .arg("--out")
                .arg(&out)
                .quietly()?;
            step = step.arg(&out);
        }
        // Exit code 1: a feature is not ready, as it has to be.
        let status = step.with_own_output()?;
        if status.code() != Some(1) {
            bail!("ferrule rollout report ended with {status}");
        }
        Ok(page)
    }
}

/// The page with a script that tells on it: whether its own script ran, how many elements stand out of the window, how many errors there were.
fn probed(html: &str, look: &str) -> String {
    let early = "<script>window.failed = 0; addEventListener('error', () => failed++);</script></head>";
    let late = "<script>addEventListener('load', () => {\
        document.querySelectorAll('details').forEach(one => { one.open = true; });\
        const scripted = document.documentElement.classList.contains('no-script') ? 'unscripted' : 'scripted';\
        const wider = document.documentElement.scrollWidth > innerWidth ? 1 : 0;\
        document.documentElement.dataset.told = scripted + ' ' + wider + ' wider ' + failed + ' errors';\
        });</script></body>";
    let html = html.replace("</head>", early).replace("</body>", late);
    if look == "dark" { html.replace("(prefers-color-scheme: dark)", "all") } else { html }
}

/// How many pages a PDF of Chromium's has.
fn pages(pdf: &[u8]) -> usize {
    let page = b"/Type /Page\n";
    pdf.windows(page.len()).filter(|part| *part == page).count()
}

/// Runs the browser on a page; what it printed. It is ended if it takes too long.
fn browse(browser: &str, options: &[&str], page: &Path) -> anyhow::Result<String> {
    let out = page.with_extension("out");
    let mut child = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .args(options)
        .arg(format!("file://{}", page.display()))
        .stdin(std::process::Stdio::null())
        .stdout(std::fs::File::create(&out)?)
        .stderr(std::process::Stdio::null())
        .spawn()?;
    let since = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(std::fs::read_to_string(&out)?),
            Some(status) => bail!("{browser} ended with {status}"),
            None if since.elapsed() > Duration::from_secs(BROWSER_SECONDS) => {
                child.kill()?;
                child.wait()?;
                bail!("{browser} took more than {BROWSER_SECONDS} s");
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_is_put_into_the_page_once() {
        let page = probed("<html><head></head><body>(prefers-color-scheme: dark)</body></html>", "dark");
        assert_eq!(page.matches("<script>").count(), 2);
        assert!(page.contains("all</body>") || page.contains("all<script>"), "{page}");
    }
}
