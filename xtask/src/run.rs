//! Runs a program as one step: quietly behind a spinner, or with its own output.
//!
//! Invariants: a quiet step that fails shows all it said; on anything but a terminal a step is one line.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::project::cargo;

/// A program with its arguments, and the words for it.
pub struct Step {
    label: String,
    command: Command,
}

impl Step {
    /// A step that runs `program`.
    pub fn new(label: impl Into<String>, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { label: label.into(), command }
    }

    /// A step that runs cargo.
    pub fn cargo(label: impl Into<String>) -> Self {
        Self::new(label, cargo()).of_no_package()
    }

    /// Takes away what the cargo that started xtask has set: the child is another package's.
    pub fn of_no_package(mut self) -> Self {
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            self.command.env_remove(name);
        }
        self
    }

    /// Adds one argument.
    pub fn arg(mut self, value: impl AsRef<OsStr>) -> Self {
        self.command.arg(value);
        self
    }

    /// Adds arguments.
    pub fn args(mut self, values: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(values);
        self
    }

    /// Runs in this folder.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with its own input and output.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn with_own_output(mut self) -> anyhow::Result<ExitStatus> {
        self.command
            .status()
            .with_context(|| format!("{}: cannot start {:?}", self.label, self.command.get_program()))
    }

    /// Starts it, for a caller who reads what it prints; its stderr goes straight through.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn spawn_reading(mut self) -> anyhow::Result<(Child, ChildStdout)> {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{}: cannot start {:?}", self.label, self.command.get_program()))?;
        let stdout = child.stdout.take().context("the child has no stdout")?;
        Ok((child, stdout))
    }

    /// Runs it behind a spinner and returns what it printed.
    ///
    /// # Errors
    /// When the program cannot be started, or fails: then its output is shown first.
    pub fn quietly(mut self) -> anyhow::Result<String> {
        let spinner = Spinner::start(&self.label);
        let output = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .with_context(|| format!("{}: cannot start {:?}", self.label, self.command.get_program()))?;
        spinner.end();
        if !output.status.success() {
            eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            bail!("{} failed ({})", self.label, output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// A spinner with the time that a long step takes; silent where nobody watches.
pub struct Spinner {
    bar: ProgressBar,
    label: String,
    since: Instant,
}

impl Spinner {
    /// Starts it.
    pub fn start(label: &str) -> Self {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(label.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, label: label.to_owned(), since: Instant::now() }
    }

    /// Ends it and leaves one line, if the step took long enough to matter.
    pub fn end(self) {
        self.bar.finish_and_clear();
        let seconds = self.since.elapsed().as_secs_f64();
        if seconds >= 1.0 {
            eprintln!("{} {seconds:.1} s", self.label);
        }
    }
}
