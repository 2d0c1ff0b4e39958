//! A legacy program that is asked in lines of JSON and answers in lines, in the same order.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// Starts the program, asks all and hands over each answer, from the first on. It may end only when it has answered all.
pub fn ask(
    program: &[String],
    questions: impl ExactSizeIterator<Item = Value> + Send + 'static,
    mut told: impl FnMut(usize, Value) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (program, rest) = program.split_first().context("name the legacy's program")?;
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let stdin = child.stdin.take().context("no stdin")?;
    let stdout = child.stdout.take().context("no stdout")?;
    let asked = questions.len();
    // It answers while more is being written, so writing has a thread of its own.
    let writer = thread::spawn(move || -> std::io::Result<()> {
        let mut stdin = BufWriter::new(stdin);
        for question in questions {
            writeln!(stdin, "{question}")?;
        }
        stdin.flush()
    });
    let mut answers = 0;
    for line in BufReader::new(stdout).lines() {
        ensure!(answers < asked, "the legacy answers more than {asked} questions");
        let answer = serde_json::from_str(&line?).with_context(|| format!("answer {answers}"))?;
        told(answers, answer)?;
        answers += 1;
    }
    if answers < asked {
        bail!("the legacy ended after {answers} of {asked} questions");
    }
    writer.join().map_err(|_| anyhow::anyhow!("the writer failed"))??;
    ensure!(child.wait()?.success(), "the legacy's program failed");
    Ok(())
}
