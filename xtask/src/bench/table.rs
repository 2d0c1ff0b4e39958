//! The budgets of a benchmark by itself, and the table that holds measurements against them. What is wanted against legacy
//! stands in [`super::comparison`].

use std::fmt::Write as _;

use super::measured::Measured;

/// What a budget limits.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// The time of one call, in nanoseconds.
    NanosMax(f64),
    /// Bytes a second.
    BytesPerSecondMin(f64),
}

/// One budget of the design.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// What it is about.
    pub what: &'static str,
    /// `rust` or `kotlin`.
    pub language: &'static str,
    /// The benchmark that measures it: group and the start of the name.
    pub benchmark: (&'static str, &'static str),
    /// The limit.
    pub limit: Limit,
}

/// The budgets, area by area.
pub const BUDGETS: &[Budget] = &[
    Budget {
        what: "parse a build.prop of 60 KB",
        language: "rust",
        benchmark: ("parse", "build_prop_60_kb"),
        limit: Limit::BytesPerSecondMin(200e6),
    },
    Budget {
        what: "identity and all effects, 800 properties, in Rust",
        language: "rust",
        benchmark: ("os4", "identity_and_effects_of_800"),
        limit: Limit::NanosMax(20e3),
    },
    Budget {
        what: "the same from Kotlin by the fast path",
        language: "kotlin",
        benchmark: ("OsBench", "fastPath"),
        limit: Limit::NanosMax(40e3),
    },
    Budget {
        what: "a decision of the guard",
        language: "kotlin",
        benchmark: ("GuardBench", "decision"),
        limit: Limit::NanosMax(20.0),
    },
    Budget {
        what: "a call marked as in flight and over again",
        language: "kotlin",
        benchmark: ("BeaconBench", "enterAndLeave"),
        limit: Limit::NanosMax(10.0),
    },
    Budget {
        what: "a call in shadow whose comparison is made later, median",
        language: "kotlin",
        benchmark: ("ShadowBench", "enqueue"),
        limit: Limit::NanosMax(1e3),
    },
    Budget {
        what: "cold JVM: loadLibrary to the first answer",
        language: "kotlin",
        benchmark: ("ColdStart", "fastPath, median"),
        limit: Limit::NanosMax(5e6),
    },
    Budget {
        what: "a home screen of 1,000 items to Kotlin's objects, warm",
        language: "kotlin",
        benchmark: ("HomeBench", "jniLoadAnew 1000"),
        limit: Limit::NanosMax(5e6),
    },
    Budget {
        what: "an icon of 192 px unpacked",
        language: "rust",
        benchmark: ("decode", "stored"),
        limit: Limit::NanosMax(15e3),
    },
    Budget {
        what: "the tokens of 400 icons",
        language: "rust",
        benchmark: ("icons_scan", "store"),
        limit: Limit::NanosMax(1e6),
    },
    Budget {
        what: "an icon in memory from Kotlin, without its pixels",
        language: "kotlin",
        benchmark: ("IconHitBench", "ferruleHit"),
        limit: Limit::NanosMax(1e3),
    },
];

/// The table, and whether every budget that was measured holds.
pub fn render(measured: &[Measured], budgets: &[Budget]) -> (String, bool) {
    let mut text = format!(
        "{:<52} {:>12} {:>12} {:>10} {:>14}  budget\n",
        "benchmark", "time", "± ", "ratio", "throughput"
    );
    let mut all_hold = true;
    for result in measured {
        let group: Vec<&Measured> = measured
            .iter()
            .filter(|other| (other.language, &other.group) == (result.language, &result.group))
            .collect();
        let budget = budgets.iter().find(|budget| covers(budget, result));
        let verdict = match budget {
            Some(budget) => {
                let holds = holds(budget.limit, result);
                all_hold &= holds;
                format!(
                    "{} {}: {}",
                    if holds { "holds," } else { "EXCEEDED," },
                    words(budget.limit),
                    budget.what
                )
            }
            None => String::new(),
        };
        let name = format!("{} {}/{}", result.language, result.group, result.name);
        let _ = writeln!(
            text,
            "{name:<52} {:>12} {:>12} {:>10} {:>14}  {verdict}",
            time(result.nanos),
            result.error.map(time).unwrap_or_default(),
            ratio(result, &group, budgets),
            throughput(result),
        );
    }
    for budget in budgets.iter().filter(|budget| !measured.iter().any(|result| covers(budget, result))) {
        let _ = writeln!(text, "not measured: {} ({})", budget.what, words(budget.limit));
    }
    (text.trim_end().to_owned(), all_hold)
}

/// Whether this is the budget's benchmark.
fn covers(budget: &Budget, result: &Measured) -> bool {
    let (group, name) = budget.benchmark;
    // A size is a whole number: 1000 is no start of 10000.
    let is_longer_number =
        |rest: &str| name.ends_with(char::is_numeric) && rest.starts_with(char::is_numeric);
    let begins = result.name.strip_prefix(name).is_some_and(|rest| !is_longer_number(rest));
    budget.language == result.language && group == result.group && begins
}

/// Whether the result keeps within the limit.
fn holds(limit: Limit, result: &Measured) -> bool {
    match limit {
        Limit::NanosMax(nanos) => result.nanos <= nanos,
        Limit::BytesPerSecondMin(rate) => rate_of(result).is_some_and(|measured| measured >= rate),
    }
}

/// Bytes a second.
fn rate_of(result: &Measured) -> Option<f64> {
    result.bytes.map(|bytes| bytes / (result.nanos / 1e9))
}

/// The limit in words.
fn words(limit: Limit) -> String {
    match limit {
        Limit::NanosMax(nanos) => format!("≤ {}", time(nanos)),
        Limit::BytesPerSecondMin(rate) => format!("≥ {:.0} MB/s", rate / 1e6),
    }
}

/// How many times the time of the group's yardstick: what legacy needs, else what has a budget, else the fastest.
fn ratio(result: &Measured, group: &[&Measured], budgets: &[Budget]) -> String {
    if group.len() < 2 {
        return String::new();
    }
    let legacy = group.iter().find(|other| other.name.to_lowercase().contains("legacy"));
    let budgeted = || group.iter().find(|other| budgets.iter().any(|budget| covers(budget, other)));
    let fastest = || group.iter().min_by(|a, b| a.nanos.total_cmp(&b.nanos));
    let yardstick = legacy.or_else(budgeted).or_else(fastest).map_or(result.nanos, |other| other.nanos);
    match result.nanos / yardstick {
        ratio if ratio < 0.01 => "< 0.01×".to_owned(),
        ratio => format!("{ratio:.2}×"),
    }
}

/// `1.23 GB/s`, or nothing.
fn throughput(result: &Measured) -> String {
    rate_of(result).map(|rate| format!("{:.0} MB/s", rate / 1e6)).unwrap_or_default()
}

/// Nanoseconds in a unit that a person reads.
pub fn time(nanos: f64) -> String {
    match nanos {
        nanos if nanos < 1e3 => format!("{nanos:.1} ns"),
        nanos if nanos < 1e6 => format!("{:.2} µs", nanos / 1e3),
        nanos if nanos < 1e9 => format!("{:.2} ms", nanos / 1e6),
        nanos => format!("{:.2} s", nanos / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(group: &str, name: &str, nanos: f64, bytes: Option<f64>) -> Measured {
        Measured { language: "rust", group: group.into(), name: name.into(), nanos, error: None, bytes }
    }

    const SAMPLE: &[Budget] = &[
        Budget { what: "fast", language: "rust", benchmark: ("os", "fast"), limit: Limit::NanosMax(1e3) },
        Budget {
            what: "read",
            language: "rust",
            benchmark: ("read", ""),
            limit: Limit::BytesPerSecondMin(1e9),
        },
        Budget { what: "cold", language: "kotlin", benchmark: ("os", "fast"), limit: Limit::NanosMax(1e6) },
    ];

    #[test]
    fn each_budget_holds_or_not_or_was_not_measured() {
        let results = [measured("os", "fast 800", 900.0, None), measured("os", "legacy", 3600.0, None)];
        let (text, all_hold) = render(&results, SAMPLE);
        assert!(all_hold);
        assert!(text.contains("holds, ≤ 1.00 µs: fast"), "{text}");
        assert!(text.contains("0.25×") && text.contains("1.00×"), "against legacy: {text}");
        let others = [measured("os", "fast", 500.0, None), measured("os", "a field", 2.0, None)];
        let (text, _) = render(&others, SAMPLE);
        assert!(text.contains("1.00×") && text.contains("< 0.01×"), "against what has a budget: {text}");
        let (text, all_hold) = render(&results, SAMPLE);
        assert!(all_hold);
        assert!(text.contains("not measured: cold") && text.contains("not measured: read"), "{text}");
        let (text, all_hold) = render(&[measured("read", "a", 2e6, Some(1e6))], SAMPLE);
        assert!(!all_hold && text.contains("500 MB/s") && text.contains("EXCEEDED, ≥ 1000 MB/s"), "{text}");
    }

    #[test]
    fn a_budget_of_one_size_is_not_that_of_a_larger_one() {
        let budget = Budget {
            what: "load",
            language: "rust",
            benchmark: ("home", "load 1000"),
            limit: Limit::NanosMax(1.0),
        };
        assert!(covers(&budget, &measured("home", "load 1000", 1.0, None)));
        assert!(!covers(&budget, &measured("home", "load 10000", 1.0, None)));
    }
}
