//! A million injected faults, 0 violations; the same seed twice is the same history. Seeds, figures and the coverage of sites and operations go
//! to `injected-faults.txt` in cargo's folder for test output, and from there into the report of `cargo xtask test`.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use ferrule_rollout_sim::{Coverage, Outcome, run};

const SEED: u64 = 20_261_125;
const STEPS: u64 = 2_000;
/// Histories that inject a million faults.
const SEEDS: u64 = 1_900;

#[test]
fn a_million_faults_violate_nothing() {
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("injected-faults.txt");
    // What an earlier run found says nothing of this one.
    let _ = std::fs::remove_file(&report);
    let next = AtomicU64::new(0);
    let worker = || {
        let mut sum = Outcome::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= SEEDS {
                return sum;
            }
            let outcome = run(SEED + number, STEPS).unwrap_or_else(|violation| panic!("{violation}"));
            sum.add(&outcome);
        }
    };
    let mut sum = Outcome::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism().map_or(1, usize::from))
            .map(|_| scope.spawn(worker))
            .collect();
        for worker in workers {
            sum.add(&worker.join().expect("a worker that found nothing"));
        }
    });
    let text = format!(
        "seeds {SEED}..{}, {} steps, {} calls, 0 violations of RO-I1 to RO-I7\n{}\n",
        SEED + SEEDS,
        sum.steps,
        sum.calls,
        sum.coverage
    );
    std::fs::write(&report, &text).expect("the report can be written");
    println!("{text}");
    assert!(sum.coverage.total() >= 1_000_000, "{} faults", sum.coverage.total());
    for site in [
        "write",
        "sync",
        "power in write",
        "power in sync",
        "create",
        "read",
        "power",
        "clock",
        "breaker",
        "rot of the newest slot",
        "rot of the other slot",
        "rot of both slots",
        "file gone",
        "later version's file",
        "beacon without a slot",
        "death, no reason",
        "death, native",
        "death, signal",
        "death, memory",
        "ANR in candidate",
        "candidate throws",
        "candidate panics",
        "candidate is late",
        "candidate differs",
        "candidate is slow",
        "configuration",
        "dirty set",
    ] {
        assert!(sum.coverage.of_site(site) > 0, "{site} was never injected");
    }
}

#[test]
fn a_seed_is_a_history() {
    let run = |seed| -> (u64, Coverage) {
        let outcome = run(seed, STEPS).unwrap_or_else(|violation| panic!("{violation}"));
        (outcome.calls, outcome.coverage)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
