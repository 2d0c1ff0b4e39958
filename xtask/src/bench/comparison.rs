//! The same work in both languages, side by side: one line a size, the ratio to legacy, and how time grows with size.
//!
//! A benchmark takes part by a row in [`COMPARISONS`]: a new way to do the work (through another binding, say) is one more
//! [`Side`]. A ratio that is wanted stands there and nowhere else. That all sides do the same work is the benchmarks' business: those here end with one checksum and fail
//! before they measure if it differs.

use std::fmt::Write as _;

use super::measured::Measured;
use super::table::time;

/// One way to do the work.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    /// The heading of its column.
    pub label: &'static str,
    /// `rust` or `kotlin`.
    pub language: &'static str,
    /// Criterion's group or JMH's class.
    pub group: &'static str,
    /// The name without its size: `NAME/SIZE` (Criterion) or `NAME SIZE` (JMH).
    pub name: &'static str,
}

/// Work of several sizes that several sides do.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// What it is.
    pub what: &'static str,
    /// What a size counts.
    pub unit: &'static str,
    /// The sizes, ascending.
    pub sizes: &'static [u32],
    /// What the others are held against.
    pub legacy: Side,
    /// The others. The first is the one that has to be as fast as wanted.
    pub ours: &'static [Side],
    /// How many times faster than legacy the first of ours has to be, a size each; empty without such a budget.
    pub wanted: &'static [f64],
}

/// All comparisons.
pub const COMPARISONS: &[Comparison] = &[
    Comparison {
        what: "load of a home screen: rows of an SQLite file to the model, every field read, equal sums",
        unit: "items",
        sizes: &[100, 1_000, 10_000],
        legacy: kotlin("Kotlin legacy", "ModelBench", "legacyFileToModel"),
        ours: &[rust("Rust", "model_load", "file_to_model")],
        wanted: &[],
    },
    Comparison {
        what: "home screen to Kotlin's objects, every field read, equal sums; again, kept: same question, nothing changed",
        unit: "items",
        sizes: &[100, 1_000, 10_000],
        legacy: kotlin("Kotlin legacy", "HomeBench", "legacyFileToModel"),
        ours: &[
            kotlin("JNI, again", "HomeBench", "jniLoadAgain"),
            kotlin("JNI, anew", "HomeBench", "jniLoadAnew"),
            kotlin("UniFFI, anew", "HomeBench", "uniffiLoad"),
            kotlin("start: kept", "HomeBench", "jniKept"),
            kotlin("start: opened", "HomeBench", "jniOpenAndLoad"),
        ],
        wanted: &[],
    },
    Comparison {
        what: "icons of 192 pixels from a store into memory, seen from Kotlin, equal sums of every pixel",
        unit: "icons",
        sizes: &[28, 400],
        legacy: kotlin("SQLite and PNG", "IconBench", "legacyFromStore"),
        ours: &[
            kotlin("Ferrule", "IconBench", "ferruleFromStore"),
            kotlin("memcpy", "IconBench", "memcpyFloor"),
        ],
        wanted: &[4.0, 5.0],
    },
    Comparison {
        what: "icons of 192 pixels into a new file, seen from Kotlin; legacy one row a transaction, on its fastest settings",
        unit: "icons",
        sizes: &[400],
        legacy: kotlin("SQLite and PNG", "IconWriteBench", "legacyWrite"),
        ours: &[kotlin("Ferrule", "IconWriteBench", "ferruleWrite")],
        wanted: &[],
    },
    Comparison {
        what: "the same with each of legacy's rows on the disk when its transaction ends",
        unit: "icons",
        sizes: &[400],
        legacy: kotlin("SQLite and PNG", "IconWriteBench", "legacyWriteSynced"),
        ours: &[kotlin("Ferrule", "IconWriteBench", "ferruleWrite")],
        wanted: &[],
    },
    Comparison {
        what: "the same with legacy's file as Android opens it",
        unit: "icons",
        sizes: &[400],
        legacy: kotlin("SQLite and PNG", "IconWriteBench", "legacyWriteAsAosp"),
        ours: &[kotlin("Ferrule", "IconWriteBench", "ferruleWrite")],
        wanted: &[50.0],
    },
    Comparison {
        what: "icons of 192 px from the store to the caller's buffers, equal sums of all pixels",
        unit: "icons",
        sizes: &[28, 400],
        legacy: rust("SQLite and PNG", "icons_to_buffers", "legacy_png"),
        ours: &[rust("store", "icons_to_buffers", "store"), rust("memcpy", "icons_to_buffers", "memcpy")],
        wanted: &[4.0, 5.0],
    },
    Comparison {
        what: "icons of 192 px into the store; legacy one row a transaction, as AOSP has it",
        unit: "icons",
        sizes: &[400],
        legacy: rust("SQLite and PNG", "icons_write", "legacy_as_aosp"),
        ours: &WRITES,
        wanted: &[50.0],
    },
    Comparison {
        what: "the same with legacy's log written ahead and synced with every row",
        unit: "icons",
        sizes: &[400],
        legacy: rust("SQLite and PNG", "icons_write", "legacy_wal_full"),
        ours: &WRITES,
        wanted: &[],
    },
    Comparison {
        what: "the same with legacy's fastest settings, which sync no row",
        unit: "icons",
        sizes: &[400],
        legacy: rust("SQLite and PNG", "icons_write", "legacy_wal_normal"),
        ours: &WRITES,
        wanted: &[],
    },
    Comparison {
        what: "icons of 192 pixels from the store to Android's bitmaps, under Robolectric, equal sums of all pixels",
        unit: "icons",
        sizes: &[28, 400],
        legacy: kotlin("SQLite and PNG", "AndroidIcons", "legacyToBitmaps"),
        ours: &[kotlin("Ferrule", "AndroidIcons", "ferruleToBitmaps")],
        wanted: &[],
    },
    Comparison {
        what: "a home screen under Robolectric: legacy from SQLiteDatabase, Ferrule from its store; equal sums",
        unit: "items",
        sizes: &[100, 1_000],
        legacy: kotlin("SQLiteDatabase", "AndroidHome", "legacyFromSqlite"),
        ours: &[
            kotlin("store", "AndroidHome", "ferruleFromStore"),
            kotlin("first import", "AndroidHome", "ferruleImportOfRows"),
        ],
        wanted: &[],
    },
];

/// Icons into the store: packed and written by one thread, packed by two as a cache's workers do, and written alone, which is the
/// floor of every way to pack.
const WRITES: [Side; 3] = [
    rust("store", "icons_write", "store"),
    rust("two pack", "icons_write", "store_packed_by_two"),
    rust("packed before", "icons_write", "store_packed_before"),
];

/// A benchmark of a crate's.
const fn rust(label: &'static str, group: &'static str, name: &'static str) -> Side {
    Side { label, language: "rust", group, name }
}

/// A benchmark of a JVM's.
const fn kotlin(label: &'static str, group: &'static str, name: &'static str) -> Side {
    Side { label, language: "kotlin", group, name }
}

/// The comparisons of which legacy and at least one other side were measured, as text, and whether all are as wanted. A
/// ratio that is wanted of what was not measured is named as not measured.
pub fn render(measured: &[Measured], comparisons: &[Comparison]) -> (String, bool) {
    let blocks = comparisons.iter().filter_map(|comparison| block(measured, comparison));
    let (mut texts, hold): (Vec<String>, Vec<bool>) = blocks.unzip();
    let missing: String = comparisons.iter().map(|comparison| not_measured(measured, comparison)).collect();
    if !missing.is_empty() {
        texts.push(missing);
    }
    (texts.join("\n"), hold.into_iter().all(|holds| holds))
}

/// A line for each ratio that is wanted and that this run cannot tell.
fn not_measured(measured: &[Measured], comparison: &Comparison) -> String {
    let Some(first) = comparison.ours.first() else { return String::new() };
    let both = [first, &comparison.legacy].map(|side| nanos_by_size(measured, comparison, side));
    let is_open = |at: usize| both.iter().any(|nanos| nanos.get(at).is_none_or(Option::is_none));
    let wanted = comparison.sizes.iter().zip(comparison.wanted).enumerate();
    wanted
        .filter(|(at, _)| is_open(*at))
        .map(|(_, (size, times))| {
            format!("not measured: {size} {}, {} (≥ {times}×)\n", comparison.unit, comparison.what)
        })
        .collect()
}

fn block(measured: &[Measured], comparison: &Comparison) -> Option<(String, bool)> {
    let legacy = nanos_by_size(measured, comparison, &comparison.legacy);
    let ours: Vec<(&Side, Vec<Option<f64>>)> = comparison
        .ours
        .iter()
        .map(|side| (side, nanos_by_size(measured, comparison, side)))
        .filter(|(_, nanos)| nanos.iter().any(Option::is_some))
        .collect();
    if ours.is_empty() || legacy.iter().all(Option::is_none) {
        return None;
    }
    let mut text = format!("{}\n{:>8}  {:>14}", comparison.what, comparison.unit, comparison.legacy.label);
    for (side, _) in &ours {
        let _ = write!(text, "  {:>14} {:>12} {:>8}", side.label, "an item", "faster");
    }
    text.push('\n');
    // The first of all, not the first that was measured: nobody else is held to what is wanted of it.
    let judged =
        comparison.ours.first().map(|side| nanos_by_size(measured, comparison, side)).unwrap_or_default();
    let mut all_hold = true;
    for (at, size) in comparison.sizes.iter().enumerate() {
        let yardstick = legacy.get(at).copied().flatten();
        let _ = write!(text, "{size:>8}  {:>14}", yardstick.map(time).unwrap_or_default());
        for (_, nanos) in &ours {
            let own = nanos.get(at).copied().flatten();
            let faster = own.zip(yardstick).map(|(own, legacy)| format!("{:.2}×", legacy / own));
            let each = own.map(|own| time(own / f64::from(*size)));
            let _ = write!(
                text,
                "  {:>14} {:>12} {:>8}",
                own.map(time).unwrap_or_default(),
                each.unwrap_or_default(),
                faster.unwrap_or_default()
            );
        }
        let first = judged.get(at).copied().flatten();
        if let Some((wanted, (first, legacy))) = comparison.wanted.get(at).zip(first.zip(yardstick)) {
            let holds = legacy / first >= *wanted;
            all_hold &= holds;
            let _ = write!(text, "  {} ≥ {wanted}×", if holds { "holds," } else { "EXCEEDED," });
        }
        text.push('\n');
    }
    for (label, nanos) in [(comparison.legacy.label, &legacy)]
        .into_iter()
        .chain(ours.iter().map(|(side, nanos)| (side.label, nanos)))
    {
        if let Some(growth) = growth(comparison.sizes, nanos) {
            let _ = writeln!(
                text,
                "{label}: {} an item more, fitted; time grows with size to the power of {:.2}",
                time(growth.slope),
                growth.power
            );
        }
    }
    Some((text, all_hold))
}

/// The times of a side, a size each.
fn nanos_by_size(measured: &[Measured], comparison: &Comparison, side: &Side) -> Vec<Option<f64>> {
    let of_size = |size: &u32| {
        let names = [format!("{}/{size}", side.name), format!("{} {size}", side.name)];
        let is_it = |result: &&Measured| {
            (result.language, result.group.as_str()) == (side.language, side.group)
                && names.contains(&result.name)
        };
        measured.iter().find(is_it).map(|result| result.nanos)
    };
    comparison.sizes.iter().map(of_size).collect()
}

/// How time depends on size.
struct Growth {
    /// Nanoseconds that one more costs: the slope of the straight line with the least squares of relative errors.
    slope: f64,
    /// The exponent of size that fits best; 1 is linear.
    power: f64,
}

/// Fits a line and a power; `None` with fewer than two sizes.
fn growth(sizes: &[u32], nanos: &[Option<f64>]) -> Option<Growth> {
    let points: Vec<(f64, f64)> = sizes
        .iter()
        .zip(nanos)
        .filter_map(|(size, nanos)| nanos.map(|nanos| (f64::from(*size), nanos)))
        .filter(|(size, nanos)| *size > 0.0 && *nanos > 0.0)
        .collect();
    // Weighted by 1/time², so that the largest size does not drown the others.
    let slope = fit(points.iter().map(|(size, nanos)| (*size, *nanos, nanos.powi(-2))))?;
    let power = fit(points.iter().map(|(size, nanos)| (size.ln(), nanos.ln(), 1.0)))?;
    Some(Growth { slope, power })
}

/// The slope of a weighted least-squares line through `(x, y, weight)`.
fn fit(points: impl Iterator<Item = (f64, f64, f64)> + Clone) -> Option<f64> {
    let sum = |term: fn((f64, f64, f64)) -> f64| points.clone().map(term).sum::<f64>();
    let weight = sum(|(_, _, w)| w);
    let (x, y) = (sum(|(x, _, w)| w * x), sum(|(_, y, w)| w * y));
    let (xx, xy) = (sum(|(x, _, w)| w * x * x), sum(|(x, y, w)| w * x * y));
    let spread = weight * xx - x * x;
    (points.count() > 1 && spread.abs() > f64::EPSILON * weight * xx).then(|| (weight * xy - x * y) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(language: &'static str, group: &str, name: &str, nanos: f64) -> Measured {
        Measured { language, group: group.into(), name: name.into(), nanos, error: None, bytes: None }
    }

    const SAMPLE: Comparison = Comparison {
        what: "work",
        unit: "items",
        sizes: &[10, 100, 1_000],
        legacy: Side { label: "old", language: "kotlin", group: "Bench", name: "old" },
        ours: &[
            Side { label: "new", language: "rust", group: "bench", name: "new" },
            Side { label: "bound", language: "kotlin", group: "Bench", name: "bound" },
        ],
        wanted: &[5.0, 20.0],
    };

    #[test]
    fn a_side_stands_beside_legacy_with_its_ratio_and_growth() {
        let results = [
            measured("kotlin", "Bench", "old 10", 15e3),
            measured("kotlin", "Bench", "old 100", 150e3),
            measured("kotlin", "Bench", "old 1000", 1.5e6),
            measured("rust", "bench", "new/10", 2_000.0),
            measured("rust", "bench", "new/100", 11_000.0),
            measured("rust", "bench", "new/1000", 101_000.0),
        ];
        let (text, holds) = render(&results, &[SAMPLE]);
        assert!(!holds, "20 times faster is wanted: {text}");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2 + 3 + 2, "{text}");
        assert!(lines[3].contains("150.00 µs") && lines[3].contains("11.00 µs"), "{text}");
        assert!(lines[3].contains("110.0 ns") && lines[3].contains("13.64×"), "{text}");
        assert!(lines[2].ends_with("holds, ≥ 5×") && lines[3].ends_with("EXCEEDED, ≥ 20×"), "{text}");
        assert!(lines[4].ends_with('×'), "nothing is wanted of the last: {text}");
        assert!(lines[5].starts_with("old: 1.50 µs an item more") && lines[5].ends_with("1.00"), "{text}");
        assert!(lines[6].starts_with("new: 100.0 ns an item more"), "{text}");
        assert!(!text.contains("bound"), "a side without a result has no column: {text}");
    }

    #[test]
    fn nothing_is_compared_without_both_sides_and_what_was_wanted_is_named() {
        let missing = "not measured: 10 items, work (≥ 5×)\nnot measured: 100 items, work (≥ 20×)\n";
        for only in
            [measured("rust", "bench", "new/10", 2_000.0), measured("kotlin", "Bench", "old 10", 2_000.0)]
        {
            assert_eq!(render(&[only], &[SAMPLE]), (missing.to_owned(), true));
        }
        let nothing_wanted = Comparison { wanted: &[], ..SAMPLE };
        assert_eq!(render(&[], &[nothing_wanted]), (String::new(), true));
    }

    #[test]
    fn only_the_first_side_is_held_to_what_is_wanted() {
        let results =
            [measured("kotlin", "Bench", "old 10", 15e3), measured("kotlin", "Bench", "bound 10", 14e3)];
        let (text, holds) = render(&results, &[SAMPLE]);
        assert!(holds && text.contains("1.07×") && !text.contains("EXCEEDED"), "{text}");
        assert!(text.contains("not measured: 10 items, work (≥ 5×)"), "{text}");
    }

    #[test]
    fn one_size_has_no_growth() {
        let results = [measured("kotlin", "Bench", "old 10", 10e3), measured("rust", "bench", "new/10", 5e3)];
        let (text, _) = render(&results, &[SAMPLE]);
        assert!(text.contains("2.00×") && !text.contains("grows"), "{text}");
    }
}
