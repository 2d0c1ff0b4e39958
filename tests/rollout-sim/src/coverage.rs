//! Which faults were injected during which operation.

use std::collections::BTreeMap;
use std::fmt;

/// Counts of injected faults by site and operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(BTreeMap<(&'static str, &'static str), u64>);

impl Coverage {
    /// One fault.
    pub fn count(&mut self, site: &'static str, operation: &'static str) {
        *self.0.entry((site, operation)).or_default() += 1;
    }

    /// Adds another run's faults.
    pub fn add(&mut self, other: &Self) {
        for (place, count) in &other.0 {
            *self.0.entry(*place).or_default() += count;
        }
    }

    /// All faults.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How often a site failed.
    pub fn of_site(&self, site: &str) -> u64 {
        self.0.iter().filter(|((of, _), _)| *of == site).map(|(_, count)| count).sum()
    }

    /// The sites and operations that occur.
    pub fn pairs(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sites: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((site, operation), count) in &self.0 {
            sites.entry(site).or_default().push(format!("{operation} {count}"));
        }
        for (site, operations) in sites {
            writeln!(out, "  {site:<23} {}", operations.join(", "))?;
        }
        write!(out, "  {} faults, {} pairs of site and operation", self.total(), self.pairs())
    }
}
