//! The tables behind the charts: other ledgers, crashes, waivers, kill drills, files and commands.

use ferrule_rollout::engine::State;
use ferrule_rollout::ledger::Key;
use ferrule_rollout::ledger::fleet::Evidence;

use super::Report;
use super::html::Html;
use super::words::{count, duration, rate, running_time};

/// A table with its heads; each cell carries its head for narrow screens.
pub fn table(html: &mut Html, heads: &[&str], rows: &[(&str, Vec<String>)]) {
    html.tag("table", &[("class", "small")], |html| {
        html.tag("thead", &[], |html| {
            html.tag("tr", &[], |html| {
                for head in heads {
                    html.leaf("th", &[("scope", "col")], head);
                }
            });
        });
        html.tag("tbody", &[], |html| {
            for (class, cells) in rows {
                html.tag("tr", &[("class", class)], |html| {
                    for (index, (head, cell)) in heads.iter().zip(cells).enumerate() {
                        match index {
                            0 => html.leaf("th", &[("scope", "row")], cell),
                            _ if cell.len() > 40 && !cell.contains(' ') => {
                                html.leaf("td", &[("data-label", head), ("class", "long")], cell);
                            }
                            _ => html.leaf("td", &[("data-label", head)], cell),
                        }
                    }
                });
            }
        });
    });
}

/// A long table that is there for whoever opens it; on paper it is as open as on the screen.
fn folded(html: &mut Html, name: &str, heads: &[&str], rows: &[(&str, Vec<String>)]) {
    html.tag("details", &[("class", "log")], |html| {
        html.leaf("summary", &[], &format!("{name} ({})", rows.len()));
        table(html, heads, rows);
    });
}

/// Ledgers of other stages, builds, comparators and configurations: never added to the current one (R49).
pub fn others(html: &mut Html, others: &[(&Key, &Evidence)]) {
    html.tag("details", &[("class", "others")], |html| {
        html.leaf("summary", &[], &format!("Other ledgers ({}), never added to this one", others.len()));
        let rows: Vec<(&str, Vec<String>)> = others
            .iter()
            .map(|(key, evidence)| {
                let sum = &evidence.tally.sum;
                let (n, k) = (sum.comparisons(), sum.real());
                let about = format!("{} against {}", key.candidate_build, key.legacy_build);
                let cells = vec![
                    format!("{} {}", key.rung, key.op),
                    about,
                    format!("{} / {}", key.comparator, key.config),
                    count(n),
                    count(k),
                    rate(evidence.tally.bound()),
                    count(evidence.tally.devices),
                ];
                (if k > 0 { "bad" } else { "" }, cells)
            })
            .collect();
        let heads =
            ["Gathered at", "Builds", "Comparator / config", "Compared", "Real", "Bound 95 %", "Devices"];
        table(html, &heads, &rows);
    });
}

/// Deaths and what followed.
pub fn crashes(html: &mut Html, report: &Report) {
    let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
    for death in &report.told.deaths {
        rows.push((
            "warn",
            vec![
                death.feature.clone().unwrap_or_else(|| "(any)".to_owned()),
                death.reason.clone().unwrap_or_else(|| "death with a call in flight".to_owned()),
                running_time(death.age_ms),
                death.tombstone.clone().unwrap_or_else(|| "–".to_owned()),
            ],
        ));
    }
    if let Some(state) = &report.state {
        rows.extend(of_state(state));
    }
    if rows.is_empty() {
        html.leaf("p", &[("class", "good")], "No death was counted and nothing is quarantined.");
        return;
    }
    table(html, &["Feature", "What", "At age", "Tombstone"], &rows);
}

fn of_state(state: &State) -> Vec<(&'static str, Vec<String>)> {
    let durable = &state.durable;
    let mut rows = Vec::new();
    let mut row = |feature: &str, what: String, age: u64| {
        rows.push(("bad", vec![feature.to_owned(), what, running_time(age), "–".to_owned()]));
    };
    for feature in &durable.features {
        let name = &feature.settings.name;
        for age in feature.crashes.ages() {
            row(name, "death that counts".to_owned(), *age);
        }
        for quarantine in &feature.quarantines {
            let now = if quarantine.build == durable.build { ", the build that runs now" } else { "" };
            row(name, format!("quarantine of build {:016x}{now}", quarantine.build), quarantine.age_ms);
        }
    }
    if let Some(build) = durable.safe_mode {
        row("(all)", format!("safe mode about build {build:016x}"), durable.age_ms);
    }
    rows
}

/// Who bears which difference, until when (R19).
pub fn waivers(html: &mut Html, report: &Report) {
    let rows: Vec<(&str, Vec<String>)> = report
        .config
        .features
        .iter()
        .flat_map(|feature| feature.waivers.iter().map(move |waiver| (feature, waiver)))
        .map(|(feature, waiver)| {
            let over = waiver.expires < report.day;
            let expires = format!("{}{}", waiver.expires, if over { ", over" } else { "" });
            let cells = vec![
                feature.settings.name.clone(),
                waiver.path.clone(),
                waiver.reason.clone(),
                waiver.owner.clone(),
                expires,
                format!("{} %", waiver.max_rate * 100.0),
            ];
            (if over { "bad" } else { "warn" }, cells)
        })
        .collect();
    if rows.is_empty() {
        html.leaf("p", &[("class", "good")], "No waiver is in force.");
        return;
    }
    table(html, &["Feature", "Field", "Reason", "Owner", "Until", "At most"], &rows);
}

/// How fast a kill was, where it was tried (R36).
pub fn drills(html: &mut Html, report: &Report) {
    let rows: Vec<(&str, Vec<String>)> = report
        .told
        .drills
        .iter()
        .map(|drill| {
            let done = |done: Option<bool>| match done {
                Some(true) => "yes",
                Some(false) => "no",
                None => "–",
            };
            let cells = vec![
                drill.feature.clone(),
                count(drill.late_calls),
                duration(drill.decided_ns),
                drill.written_ns.map_or("–".to_owned(), duration),
                done(drill.survived).to_owned(),
                done(drill.undone).to_owned(),
                drill.by.clone().unwrap_or_else(|| "–".to_owned()),
            ];
            (if drill.passed() { "good" } else { "bad" }, cells)
        })
        .collect();
    if rows.is_empty() {
        html.leaf("p", &[("class", "none")], "There was no kill drill; see ferrule rollout drill.");
        return;
    }
    let heads = [
        "Feature",
        "Calls after the kill",
        "Decided after",
        "On disk after",
        "Outlives a process",
        "Taken back",
        "By",
    ];
    table(html, &heads, &rows);
}

/// How all this is made again.
pub fn reproduction(html: &mut Html, report: &Report) {
    html.leaf("p", &[], "The report holds no time of its making: the same files give the same bytes.");
    html.tag("ul", &[("class", "commands")], |html| {
        for command in &report.commands {
            html.tag("li", &[], |html| html.leaf("code", &[], command));
        }
    });
    let sources: Vec<(&str, Vec<String>)> = report
        .sources
        .iter()
        .map(|source| {
            let cells =
                vec![source.name.clone(), source.kind.to_owned(), count(source.bytes), source.sha256.clone()];
            ("", cells)
        })
        .collect();
    folded(html, "Every file", &["File", "What", "Bytes", "SHA-256"], &sources);
    let keys: Vec<(&str, Vec<String>)> = report
        .evidence
        .keys()
        .map(|key| {
            let name =
                if key.op.is_empty() { key.feature.clone() } else { format!("{} {}", key.feature, key.op) };
            let cells = vec![
                name,
                key.rung.to_string(),
                key.legacy_build.clone(),
                key.candidate_build.clone(),
                key.comparator.to_string(),
                key.config.clone(),
            ];
            ("", cells)
        })
        .collect();
    if !keys.is_empty() {
        let heads = ["Ledger", "Gathered at", "Legacy", "Candidate", "Comparator", "Configuration"];
        folded(html, "Every ledger", &heads, &keys);
    }
}
