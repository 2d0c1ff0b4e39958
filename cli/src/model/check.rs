//! `ferrule model check`: whether stores and launchers' databases are whole, and what would be done if not.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_launcher_model::store::check;
use serde_json::{Value, json};

use super::problem::Problem;
use super::source::{Reach, Source};
use super::stored::{Copy, is_store};
use crate::output::{Output, Tone, printable};
use crate::problem::{Checked, check_each};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Is this store whole?
    ferrule model check home.store
  Which of these databases are damaged, for a script:
    ferrule model check --json *.db | jq -r 'select(.ok | not) | .file'

Files are copied and only the copies are opened. Of a damaged store it is said what its next opening would set aside and
salvage.

Exit codes: 0 whole, 1 damaged, 2 usage error or unreadable input.";

/// What is checked.
#[derive(Args)]
pub struct CheckArguments {
    /// Print one JSON object a file instead of a text
    #[arg(long)]
    json: bool,
    /// Stores and launcher databases
    #[arg(required = true, value_name = "STORE|DB")]
    files: Vec<PathBuf>,
}

/// What was found.
struct Finding {
    kind: &'static str,
    code: Option<&'static str>,
    items: usize,
    pages: usize,
    quarantined: usize,
    held: usize,
    overflow: usize,
    /// Code and detail.
    report: Vec<(String, String)>,
}

/// Checks each file; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &CheckArguments, output: &mut Output) -> io::Result<ExitCode> {
    check_each(&arguments.files, arguments.json, output, |file| {
        if is_store(file) { store(file) } else { database(file) }
    })
}

fn store(file: &Path) -> Result<Finding, Problem> {
    let mut copy = Copy::of(file)?;
    let mut report = Vec::new();
    let mut code = None;
    if let Some(salvage) = &copy.report.salvage {
        code = Some("LM_STORE_DAMAGED");
        report.extend(super::salvage_lines(salvage));
    }
    if let Err(error) = copy.home.verify() {
        code = Some(error.code());
        report.push((error.code().to_owned(), error.to_string()));
    }
    let content = copy.home.content();
    for fault in check::check(content) {
        code = Some("LM_STORE_DAMAGED");
        report.push(("LM_STORE_DAMAGED".to_owned(), fault.to_string()));
    }
    Ok(Finding {
        kind: "store",
        code,
        items: content.items.len(),
        pages: content.layout().map_or(0, |layout| layout.pages.len()),
        quarantined: content.quarantined().count(),
        held: content.items.values().filter(|item| item.hold.is_some() && item.quarantine.is_none()).count(),
        overflow: content.overflow().count(),
        report,
    })
}

fn database(file: &Path) -> Result<Finding, Problem> {
    let source = Source::read(file, Reach::Stored)?;
    let report =
        source.remarks.iter().map(|remark| (remark.code.to_owned(), remark.detail.clone())).collect();
    let pages: std::collections::BTreeSet<i32> =
        source.rows.iter().filter(|row| row.container == -100).map(|row| row.screen).collect();
    Ok(Finding {
        kind: source.product.word(),
        code: source.is_damaged.then_some("LM_SOURCE_DAMAGED"),
        items: source.rows.len() + source.nameless.len(),
        pages: pages.len(),
        quarantined: 0,
        held: 0,
        overflow: 0,
        report,
    })
}

impl Checked for Finding {
    fn code(&self) -> Option<&'static str> {
        self.code
    }

    fn object(&self, file: &Path) -> Value {
        json!({
            "file": file.display().to_string(),
            "kind": self.kind,
            "ok": self.code.is_none(),
            "code": self.code,
            "items": self.items,
            "pages": self.pages,
            "quarantined": self.quarantined,
            "held": self.held,
            "overflow": self.overflow,
            "report": self.report.iter().map(|(code, detail)| json!({ "code": code, "detail": detail })).collect::<Value>(),
        })
    }

    fn refused(file: &Path, problem: &Problem) -> Value {
        json!({
            "file": file.display().to_string(),
            "kind": "none",
            "ok": false,
            "code": problem.code,
            "report": [{ "code": problem.code, "detail": problem.detail }],
        })
    }

    fn print(&self, file: &Path, output: &mut Output) -> io::Result<()> {
        let name = printable(&file.display().to_string());
        let head = format!("{name}: {}, {} items on {} pages", self.kind, self.items, self.pages);
        output.line(&output.tone(Tone::Heading, &head))?;
        for (count, words) in
            [(self.held, "held"), (self.quarantined, "in quarantine"), (self.overflow, "waiting for a place")]
        {
            if count > 0 {
                output.line(&format!("  {count:>5}  {words}"))?;
            }
        }
        for (code, detail) in &self.report {
            let code = output.tone(Tone::Faint, &format!("[{code}]"));
            output.line(&format!("  note: {} {code}", printable(detail)))?;
        }
        match self.code {
            None => output.line(&output.tone(Tone::Good, "whole")),
            Some(code) => output.line(&output.tone(Tone::Warning, &format!("damaged [{code}]"))),
        }
    }
}
