//! The diff explorer: what differs, where in the answer, and redacted examples (R18–R22, R57).
//!
//! What it is not: a judge; what counts as real, the ledger says.

use std::collections::BTreeMap;

use ferrule_rollout::ledger::bounds::{LEVEL, upper};
use ferrule_rollout::ledger::detail::Seen;
use ferrule_rollout::ledger::fleet::Evidence;
use ferrule_rollout::ledger::{Ledger, Outcome};

use super::html::Html;
use super::words::{count, counted, rate, share};

/// Shows everything that differed under one key.
pub fn show(html: &mut Html, evidence: &Evidence) {
    let sum = &evidence.tally.sum;
    let signatures = &evidence.details.signatures;
    let mut sorted: Vec<(&String, &Seen)> = signatures.iter().collect();
    sorted.sort_by_key(|(id, seen)| (seen.code.is_some(), std::cmp::Reverse(seen.count), (*id).clone()));
    if sum.real() == 0 && sum.explained.is_empty() && sorted.is_empty() {
        html.leaf("p", &[("class", "good")], "Nothing differed.");
    } else {
        outcomes(html, sum);
    }
    if sorted.len() > 3 {
        html.tag("p", &[("class", "tools")], |html| {
            html.tag("label", &[], |html| {
                html.text("Only what contains ");
                html.void(
                    "input",
                    &[("type", "search"), ("data-filter", ""), ("placeholder", "a field or a code")],
                );
            });
        });
    }
    for (id, seen) in sorted {
        signature(html, id, seen, sum);
    }
    if evidence.details.overflow > 0 {
        let words = format!("{} more found no room.", counted(evidence.details.overflow, "difference"));
        html.leaf("p", &[("class", "about")], &words);
    }
    uncounted(html, sum);
}

/// Real differences by outcome, explained ones by code.
fn outcomes(html: &mut Html, sum: &Ledger) {
    html.tag("table", &[("class", "small")], |html| {
        html.tag("thead", &[], |html| {
            html.tag("tr", &[], |html| {
                for head in ["What", "How often", "Share, at most (95 %)", "Counts as"] {
                    html.leaf("th", &[("scope", "col")], head);
                }
            });
        });
        html.tag("tbody", &[], |html| {
            for outcome in
                Outcome::ALL.into_iter().filter(|outcome| outcome.burns() && sum.count(*outcome) > 0)
            {
                row(html, ("bad", outcome.as_str()), (sum.count(outcome), sum.comparisons()), "real: burns");
            }
            for (code, explained) in &sum.explained {
                let (class, words) = match explained.accepted {
                    true => ("good", "explained and accepted"),
                    false => ("warn", "explained, not accepted: burns"),
                };
                let all = sum.comparisons().saturating_add(explained.count);
                row(html, (class, code), (explained.count, all), words);
            }
        });
    });
}

fn row(html: &mut Html, (class, what): (&str, &str), (times, all): (u64, u64), counts_as: &str) {
    html.tag("tr", &[("class", class)], |html| {
        html.tag("th", &[("scope", "row")], |html| html.leaf("code", &[], what));
        html.leaf("td", &[("data-label", "How often")], &count(times));
        html.leaf("td", &[("data-label", "Share, at most")], &share(upper(all, times.min(all), LEVEL)));
        html.leaf("td", &[("data-label", "Counts as")], counts_as);
    });
}

/// One signature: its fields as a tree, and examples.
fn signature(html: &mut Html, id: &str, seen: &Seen, sum: &Ledger) {
    let class = if seen.code.is_some() { "difference good" } else { "difference bad" };
    html.tag("details", &[("class", class)], |html| {
        html.tag("summary", &[], |html| {
            html.leaf("b", &[], &format!("{} ×", count(seen.count)));
            html.text(" ");
            let first = seen.places.first().map_or("", String::as_str);
            html.leaf("code", &[], first);
            if seen.places.len() > 1 {
                html.text(&format!(" and {} more", counted(seen.places.len() as u64 - 1, "field")));
            }
            html.leaf("span", &[("class", "verdict")], seen.code.as_deref().unwrap_or("real"));
        });
        html.tag("div", &[("class", "panes")], |html| {
            html.tag("div", &[], |html| {
                html.leaf("h5", &[], "Where");
                let mut tree = Tree::default();
                for place in &seen.places {
                    tree.add(place);
                }
                tree.show(html);
                let all = sum.comparisons().max(seen.count);
                let words = format!(
                    "On {}; below {} of comparisons at 95 %. Signature {id}.",
                    counted(seen.devices, "device"),
                    rate(upper(all, seen.count, LEVEL)),
                );
                html.leaf("p", &[("class", "about")], &words);
            });
            html.tag("div", &[], |html| {
                html.leaf("h5", &[], "Examples, redacted on the device");
                if seen.exemplars.is_empty() {
                    html.leaf("p", &[("class", "about")], "none was handed over");
                }
                for exemplar in &seen.exemplars {
                    example(html, exemplar);
                }
            });
        });
    });
}

/// The fields of one comparison, legacy's value and the candidate's.
fn example(html: &mut Html, lines: &[String]) {
    html.tag("table", &[("class", "small example")], |html| {
        html.tag("thead", &[], |html| {
            html.tag("tr", &[], |html| {
                for head in ["Field", "Legacy", "Candidate"] {
                    html.leaf("th", &[("scope", "col")], head);
                }
            });
        });
        html.tag("tbody", &[], |html| {
            for line in lines {
                let mut parts = line.splitn(4, ' ');
                let mut next = || parts.next().unwrap_or_default();
                let (path, _, legacy, candidate) = (next(), next(), next(), next());
                html.tag("tr", &[], |html| {
                    html.tag("th", &[("scope", "row")], |html| html.leaf("code", &[], path));
                    for (label, value) in [("Legacy", legacy), ("Candidate", candidate)] {
                        html.tag("td", &[("data-label", label)], |html| html.leaf("code", &[], value));
                    }
                });
            }
        });
    });
}

/// What was called and says nothing about equality.
fn uncounted(html: &mut Html, sum: &Ledger) {
    let others: Vec<String> = Outcome::ALL
        .into_iter()
        .filter(|outcome| !outcome.agrees() && !outcome.burns() && sum.count(*outcome) > 0)
        .map(|outcome| format!("{} {}", count(sum.count(outcome)), outcome.as_str().replace('_', " ")))
        .collect();
    if !others.is_empty() {
        html.leaf("p", &[("class", "about")], &format!("Beside the comparisons: {}.", others.join(", ")));
    }
}

/// Fields by their path.
#[derive(Default)]
struct Tree {
    inside: BTreeMap<String, Tree>,
    kind: Option<String>,
}

impl Tree {
    fn add(&mut self, place: &str) {
        let (path, kind) = place.rsplit_once(' ').unwrap_or((place, ""));
        let mut at = self;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            at = at.inside.entry(step.to_owned()).or_default();
        }
        at.kind = Some(kind.replace('_', " "));
    }

    fn show(&self, html: &mut Html) {
        html.tag("ul", &[("class", "tree")], |html| {
            if let Some(kind) = self.kind.as_deref().filter(|_| self.inside.is_empty()) {
                html.leaf("li", &[], &format!("the whole answer: {kind}"));
            }
            for (step, tree) in &self.inside {
                html.tag("li", &[], |html| {
                    html.leaf("code", &[], step);
                    if let Some(kind) = &tree.kind {
                        html.leaf("span", &[("class", "kind")], kind);
                    }
                    if !tree.inside.is_empty() {
                        tree.show(html);
                    }
                });
            }
        });
    }
}
