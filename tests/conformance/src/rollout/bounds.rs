//! Exact upper bounds of rates, and the table that stands in for them in SQL (contracts 6).

use std::path::Path;

use anyhow::Context;
use ferrule_rollout::ledger::bounds::{poisson_upper, upper};
use serde::Deserialize;

use crate::Case;

/// How far two correct computations in double precision may lie apart.
const RELATIVE: f64 = 1e-11;
/// Against which numbers of trials the table is held.
const TRIALS: [u64; 4] = [1_000, 29_956, 299_572, 10_000_000];

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    clopper_pearson: Vec<Bound>,
    #[serde(default)]
    garwood_upper: Vec<Limit>,
}

#[derive(Deserialize)]
struct Bound {
    n: u64,
    k: u64,
    level: f64,
    upper: f64,
}

#[derive(Deserialize)]
struct Limit {
    k: u64,
    upper_count_95: f64,
}

/// One case a bound, and one a row of the table: equal to ours, and never below the exact bound.
pub fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let file: File = serde_json::from_str(&std::fs::read_to_string(path)?).context("the bounds")?;
    let exact = file.clopper_pearson.into_iter().map(|bound| Case {
        id: format!("{}-of-{}-at-{}", bound.k, bound.n, bound.level),
        run: Box::new(move || equal("upper", bound.upper, upper(bound.n, bound.k, bound.level))),
    });
    let table = file.garwood_upper.into_iter().map(|limit| Case {
        id: format!("garwood-{}", limit.k),
        run: Box::new(move || {
            equal("upper_count_95", limit.upper_count_95, poisson_upper(limit.k, 0.95))?;
            let below =
                TRIALS.into_iter().find(|n| limit.upper_count_95 / (*n as f64) < upper(*n, limit.k, 0.95));
            below.map_or(Ok(()), |n| Err(format!("below the exact bound for {n} trials")))
        }),
    });
    Ok(exact.chain(table).collect())
}

fn equal(what: &str, expected: f64, found: f64) -> Result<(), String> {
    if (found - expected).abs() <= expected.abs() * RELATIVE {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:e}, got {found:e}"))
}
