//! What Criterion and JMH measured, read from the files that they leave.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, bail};
use serde_json::Value;

/// One benchmark's result.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// `rust` or `kotlin`.
    pub language: &'static str,
    /// Criterion's group or JMH's class: what is compared with each other.
    pub group: String,
    /// The name in the group.
    pub name: String,
    /// The median (Criterion) or mean (JMH) time of one call, in nanoseconds.
    pub nanos: f64,
    /// How far off it may be, in nanoseconds, where the tool says so.
    pub error: Option<f64>,
    /// Bytes that one call goes through.
    pub bytes: Option<f64>,
}

/// Results below Criterion's folder that are not older than `since`.
///
/// # Errors
/// When a result cannot be read.
pub fn of_criterion(folder: &Path, since: SystemTime) -> anyhow::Result<Vec<Measured>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry?.path();
            let estimates = path.join("estimates.json");
            if path.ends_with("new") && estimates.exists() {
                if fs::metadata(&estimates)?.modified()? >= since {
                    found.push(criterion_result(&path)?);
                }
            } else if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    Ok(found)
}

/// One `new` folder of Criterion.
fn criterion_result(folder: &Path) -> anyhow::Result<Measured> {
    let read = |name: &str| -> anyhow::Result<Value> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
    };
    let (benchmark, estimates) = (read("benchmark.json")?, read("estimates.json")?);
    let full = benchmark.get("full_id").and_then(Value::as_str).unwrap_or_default();
    let (group, name) = full.split_once('/').unwrap_or((full, ""));
    let median = estimates.get("median").context("no median")?;
    let nanos = median.get("point_estimate").and_then(Value::as_f64).context("no point estimate")?;
    let upper = median.get("confidence_interval").and_then(|interval| interval.get("upper_bound"));
    let bytes = benchmark.get("throughput").and_then(|throughput| throughput.get("Bytes"));
    Ok(Measured {
        language: "rust",
        group: group.to_owned(),
        name: name.to_owned(),
        nanos,
        error: upper.and_then(Value::as_f64).map(|upper| upper - nanos),
        bytes: bytes.and_then(Value::as_f64),
    })
}

/// Results in JMH's JSON.
///
/// # Errors
/// When it is not JMH's JSON, or holds a unit that is no time.
pub fn of_jmh(text: &str) -> anyhow::Result<Vec<Measured>> {
    let results: Vec<Value> = serde_json::from_str(text).context("JMH's results are no JSON")?;
    results.iter().map(jmh_result).collect()
}

fn jmh_result(result: &Value) -> anyhow::Result<Measured> {
    let full = result.get("benchmark").and_then(Value::as_str).context("a result without a name")?;
    let mut parts = full.rsplit('.');
    let (name, class) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let params = result.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
    let params: Vec<String> = params.values().filter_map(Value::as_str).map(str::to_owned).collect();
    let metric = result.get("primaryMetric").context("a result without a metric")?;
    let number = |key: &str| metric.get(key).and_then(Value::as_f64);
    let unit = metric.get("scoreUnit").and_then(Value::as_str).unwrap_or_default();
    // Where calls were timed one by one the median says what a call costs; the mean has the machine's pauses in it.
    let median = metric.get("scorePercentiles").and_then(|all| all.get("50.0")).and_then(Value::as_f64);
    let is_sample = result.get("mode").and_then(Value::as_str) == Some("sample");
    let score =
        median.filter(|_| is_sample).or_else(|| number("score")).context("a result without a score")?;
    let nanos_of = match unit {
        "ns/op" => 1.0,
        "us/op" => 1e3,
        "ms/op" => 1e6,
        "s/op" => 1e9,
        _ => bail!("{full}: {unit} is no time a call"),
    };
    let suffix = if params.is_empty() { String::new() } else { format!(" {}", params.join(" ")) };
    Ok(Measured {
        language: "kotlin",
        group: class.to_owned(),
        name: format!("{name}{suffix}"),
        nanos: score * nanos_of,
        error: number("scoreError")
            .filter(|error| error.is_finite() && !is_sample)
            .map(|error| error * nanos_of),
        bytes: None,
    })
}

/// What the cold starts printed: `cold_start NAME WALL_MEDIAN WALL_MIN CPU_MEDIAN CPU_MIN`, in nanoseconds.
///
/// # Errors
/// When a line of a cold start holds anything else.
pub fn of_cold_starts(text: &str) -> anyhow::Result<Vec<Measured>> {
    let kinds = ["median", "fastest", "processor time, median", "processor time, least"];
    let mut found = Vec::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("cold_start ") else { continue };
        let (name, figures) = rest.split_once(' ').context("a cold start without figures")?;
        let figures: Vec<f64> = figures.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        if figures.len() != kinds.len() {
            bail!("a cold start with {} figures", figures.len());
        }
        found.extend(kinds.iter().zip(figures).map(|(kind, nanos)| Measured {
            language: "kotlin",
            group: "ColdStart".to_owned(),
            name: format!("{name}, {kind}"),
            nanos,
            error: None,
            bytes: None,
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn criterions_files_are_read_if_they_are_new() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("parse/file/new");
        fs::create_dir_all(&new).unwrap();
        let benchmark = r#"{"group_id":"parse","full_id":"parse/file","throughput":{"Bytes":60000}}"#;
        fs::write(new.join("benchmark.json"), benchmark).unwrap();
        let estimates = r#"{"median":{"point_estimate":150.5,"confidence_interval":{"upper_bound":152.0}}}"#;
        fs::write(new.join("estimates.json"), estimates).unwrap();
        let measured = of_criterion(folder.path(), SystemTime::UNIX_EPOCH).unwrap();
        let expected = Measured {
            language: "rust",
            group: "parse".into(),
            name: "file".into(),
            nanos: 150.5,
            error: Some(1.5),
            bytes: Some(60000.0),
        };
        assert_eq!(measured, [expected]);
        let later = SystemTime::now() + Duration::from_secs(60);
        assert_eq!(of_criterion(folder.path(), later).unwrap(), []);
    }

    #[test]
    fn cold_starts_are_read_from_what_they_print() {
        let measured = of_cold_starts("noise\ncold_start fastPath 4 3 2 1\n").unwrap();
        let named: Vec<_> = measured.iter().map(|m| (m.name.as_str(), m.nanos)).collect();
        assert_eq!(named.first(), Some(&("fastPath, median", 4.0)));
        assert_eq!(named.last(), Some(&("fastPath, processor time, least", 1.0)));
        assert!(of_cold_starts("cold_start fastPath 4 3").is_err());
    }

    #[test]
    fn jmhs_results_are_read_in_any_unit_of_time() {
        let text = r#"[{"benchmark":"dev.ferrule.bench.OsBench.fastPath","params":{"size":"800"},
            "primaryMetric":{"score":2.5,"scoreError":"NaN","scoreUnit":"us/op"}}]"#;
        let [measured] = &of_jmh(text).unwrap()[..] else { panic!("one result") };
        assert_eq!((measured.group.as_str(), measured.name.as_str()), ("OsBench", "fastPath 800"));
        assert_eq!((measured.nanos, measured.error), (2500.0, None));
        assert!(of_jmh(&text.replace("us/op", "ops/s")).is_err());
        let sample = r#"[{"mode":"sample","benchmark":"a.B.c","primaryMetric":{"score":9.0,"scoreError":3.0,
            "scorePercentiles":{"50.0":2.0},"scoreUnit":"ns/op"}}]"#;
        let [measured] = &of_jmh(sample).unwrap()[..] else { panic!("one result") };
        assert_eq!((measured.nanos, measured.error), (2.0, None), "the median of calls timed one by one");
    }
}
