//! Numbers and codes as a reader of the report meets them.

use ferrule_rollout::RoCode;

/// `41207` as `41,207`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun.
pub fn counted(number: u64, noun: &str) -> String {
    let plural = match (number, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) if !noun.ends_with("ay") => format!("{stem}ies"),
        (_, _) if noun.ends_with("ch") || noun.ends_with('s') => format!("{noun}es"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", count(number))
}

/// A rate as `7.3e-5`; 1 is `1`.
pub fn rate(rate: f64) -> String {
    if rate >= 0.1 { format!("{rate:.2}") } else { format!("{rate:.1e}") }
}

/// A share as `18 %`, and a small one as a rate.
pub fn share(share: f64) -> String {
    if share >= 0.01 { format!("{:.1} %", share * 100.0) } else { rate(share) }
}

/// A limit as `1e-4`.
pub fn limit(rate: f64) -> String {
    format!("{rate:.0e}")
}

/// Nanoseconds in the unit that fits.
pub fn duration(ns: u64) -> String {
    let ns = ns as f64;
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

/// A running time.
pub fn running_time(ms: u64) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0 => format!("{} s", ms / 1000),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", minutes / 1440, minutes / 60 % 24),
    }
}

/// What a demand of a gate is called.
pub fn demand(code: RoCode) -> &'static str {
    match code {
        RoCode::GateBurned => "Real mismatches",
        RoCode::GateUnaccepted => "Explained differences",
        RoCode::GateDeaths => "Deaths",
        RoCode::GatePanics => "Panics",
        RoCode::GateHarness => "Harness",
        RoCode::GateLoads => "Loads",
        RoCode::GateComparisons => "Comparisons",
        RoCode::GateDevices => "Devices",
        RoCode::GateClasses => "Input classes",
        RoCode::GateUnseen => "Unseen inputs",
        RoCode::GateNoise => "Noise",
        RoCode::GateDays => "Days",
        RoCode::GateInline => "Times on the caller's thread",
        RoCode::GateLatency => "Latency guard",
        RoCode::GateDrift => "Drift of data",
        RoCode::GateWaivers => "Waivers",
        RoCode::GateDrill => "Kill drill",
        RoCode::GateLegacy => "Legacy code",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            [count(0), count(999), count(41_207), count(1_000_000)],
            ["0", "999", "41,207", "1,000,000"]
        );
        assert_eq!(
            [counted(1, "device"), counted(2, "device"), counted(0, "mismatch"), counted(3, "day")],
            ["1 device", "2 devices", "0 mismatches", "3 days"]
        );
        assert_eq!([rate(0.000_073), rate(1.0), limit(1e-4)], ["7.3e-5", "1.00", "1e-4"]);
        assert_eq!([share(0.18), share(0.000_5)], ["18.0 %", "5.0e-4"]);
        assert_eq!(
            [duration(41), duration(41_200), duration(187_000_000), duration(2_500_000_000)],
            ["41.0 ns", "41.2 µs", "187 ms", "2.50 s"]
        );
        assert_eq!(
            [running_time(5_000), running_time(61_000), running_time(7_260_000), running_time(90_000_000)],
            ["5 s", "1 min", "2 h 1 min", "1 d 1 h"]
        );
    }
}
