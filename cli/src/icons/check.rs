//! `ferrule icons check`: whether stores are whole, to the last pixel.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_icon_cache::store::inspect::Finding;
use serde_json::{Value, json};

use super::{SCHEMA, problem};
use crate::output::{Output, Tone, printable};
use crate::problem::{Checked, Problem, check_each};
use crate::progress::counting;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Is this store whole?
    ferrule icons check ferrule_icons.db
  Which of these stores are damaged, for a script:
    ferrule icons check --json *.store | jq -r 'select(.ok | not) | .file'
  Whose icons are lost:
    ferrule icons check --json icons.store | jq -r '.report[] | .key // .detail'

SQLite's own check runs over every page, every row is held against its checksum and every picture is unpacked. A damaged row is
a miss on a phone: its icon is drawn again. The files are copied with their -wal, and only the copies are opened.

Exit codes: 0 whole, 1 damaged, 2 usage error or unreadable input.";

/// What is checked.
#[derive(Args)]
pub struct CheckArguments {
    /// Print one JSON object a store instead of a text
    #[arg(long)]
    json: bool,
    /// Stores
    #[arg(required = true, value_name = "STORE")]
    stores: Vec<PathBuf>,
}

/// What was found.
struct Found {
    icons: usize,
    findings: Vec<Finding>,
}

/// Checks each store; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &CheckArguments, output: &mut Output) -> io::Result<ExitCode> {
    check_each(&arguments.stores, arguments.json, output, verify)
}

fn verify(file: &Path) -> Result<Found, Problem> {
    let store = problem::open(file)?;
    let bar = counting(&format!("checking {}", file.display()));
    let mut icons = 0;
    let findings = store.verify(|done, all| {
        icons = all;
        bar.at(done, all);
    });
    Ok(Found { icons, findings })
}

impl Checked for Found {
    fn code(&self) -> Option<&'static str> {
        self.findings
            .iter()
            .map(|finding| finding.fault)
            .find(|fault| fault.is_damage())
            .map(|fault| fault.code())
    }

    fn object(&self, file: &Path) -> Value {
        json!({
            "schema": SCHEMA,
            "file": file.display().to_string(),
            "ok": self.code().is_none(),
            "code": self.code(),
            "icons": self.icons,
            "report": self.findings.iter().map(|finding| json!({
                "code": finding.fault.code(),
                "key": finding.key.as_ref().map(ToString::to_string),
                "detail": finding.detail,
            })).collect::<Value>(),
        })
    }

    fn refused(file: &Path, problem: &Problem) -> Value {
        json!({
            "schema": SCHEMA,
            "file": file.display().to_string(),
            "ok": false,
            "code": problem.code,
            "icons": 0,
            "report": [{ "code": problem.code, "key": null, "detail": problem.detail }],
        })
    }

    fn print(&self, file: &Path, output: &mut Output) -> io::Result<()> {
        let head = format!("{}: {} icons", printable(&file.display().to_string()), self.icons);
        output.line(&output.tone(Tone::Heading, &head))?;
        for finding in &self.findings {
            let key = finding.key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
            let code = output.tone(Tone::Faint, &format!("[{}]", finding.fault.code()));
            output.line(&format!("  {}{} {code}", printable(&key), printable(&finding.detail)))?;
        }
        match self.code() {
            None => output.line(&output.tone(Tone::Good, "whole")),
            Some(code) => output.line(&output.tone(Tone::Warning, &format!("damaged [{code}]"))),
        }
    }
}
