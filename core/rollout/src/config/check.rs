//! What can be said only of all features together: numbers, needs, windows of one group.

use std::collections::{BTreeMap, BTreeSet};

use super::FeatureConfig;
use super::feature::ReadFeature;
use super::problem::nearest;
use super::table::Reader;
use crate::bucket::Cohort;
use crate::reason::RoCode;
use crate::stage::Rung;

/// Checks them against each other; what is bad is off.
pub(super) fn together(reader: &mut Reader<'_>, mut read: Vec<ReadFeature>) -> Vec<FeatureConfig> {
    let mut bad = BTreeSet::new();
    numbers(reader, &read, &mut bad);
    needs(reader, &mut read, &mut bad);
    groups(reader, &read, &mut bad);
    let mut features: Vec<FeatureConfig> = Vec::new();
    for (index, read) in read.into_iter().enumerate() {
        let mut config = read.config;
        if bad.contains(&index) {
            config.settings.is_bad = true;
            config.settings.start = Rung::OFF;
            config.settings.ceiling = Rung::OFF;
        }
        // Of two with one number neither is believed; the first keeps the number, off.
        if features.iter().all(|feature| feature.id != config.id) {
            features.push(config);
        }
    }
    features.sort_by_key(|feature| feature.id);
    features
}

fn numbers(reader: &mut Reader<'_>, read: &[ReadFeature], bad: &mut BTreeSet<usize>) {
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    for (index, feature) in read.iter().enumerate() {
        let number = feature.config.id.number();
        let Some(first) = seen.insert(number, index) else { continue };
        let other = read.get(first).map_or("", |feature| feature.config.settings.name.as_str());
        let message = format!("id = {number} is the number of {other} too; neither is believed.");
        reader.problem(feature.id_at, RoCode::ConfigDuplicate, Some(&feature.config.settings.name), message);
        bad.extend([first, index]);
    }
}

fn needs(reader: &mut Reader<'_>, read: &mut [ReadFeature], bad: &mut BTreeSet<usize>) {
    let ids: BTreeMap<String, (usize, u64)> = read
        .iter()
        .enumerate()
        .map(|(index, read)| (read.config.settings.name.clone(), (index, read.config.id.bit())))
        .collect();
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); read.len()];
    for (index, feature) in read.iter_mut().enumerate() {
        for (name, at) in &feature.needs {
            match ids.get(name) {
                Some((parent, bit)) => {
                    feature.config.settings.parents |= bit;
                    if let Some(edges) = edges.get_mut(index) {
                        edges.push(*parent);
                    }
                }
                None => {
                    let own = feature.config.settings.name.clone();
                    let message = format!("needs \"{name}\", and there is no such feature.");
                    let near = nearest(name, ids.keys().map(String::as_str)).map(str::to_owned);
                    reader.problem(*at, RoCode::ConfigDependency, Some(&own), message);
                    reader.suggest(near);
                    bad.insert(index);
                }
            }
        }
    }
    for (index, feature) in read.iter().enumerate() {
        // What can be reached from it; if that is it itself, it waits for itself.
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = edges.get(index).cloned().unwrap_or_default();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(edges.get(next).into_iter().flatten());
            }
        }
        if reached.contains(&index) {
            let name = &feature.config.settings.name;
            let message = "it needs itself in the end.".to_owned();
            reader.problem(feature.at, RoCode::ConfigDependency, Some(name), message);
            bad.insert(index);
        }
    }
}

fn groups(reader: &mut Reader<'_>, read: &[ReadFeature], bad: &mut BTreeSet<usize>) {
    let window = |read: &ReadFeature| {
        let settings = &read.config.settings;
        // Beyond a canary every device is reached.
        let share = |rung: Rung| if rung.stage > crate::stage::Stage::Canary { 1000 } else { rung.permille };
        Cohort { start: settings.window_start, count: share(settings.start).max(share(settings.ceiling)) }
    };
    let in_groups: Vec<_> = read.iter().enumerate().filter(|(_, read)| read.in_group).collect();
    for (number, (index, feature)) in in_groups.iter().enumerate() {
        for (_, before) in in_groups.iter().take(number) {
            let same = before.config.settings.salt == feature.config.settings.salt;
            if same && window(before).overlaps(window(feature)) {
                let message = format!("reaches devices that {} reaches too.", before.config.settings.name);
                let name = &feature.config.settings.name;
                reader.problem(feature.at, RoCode::ConfigOverlap, Some(name), message);
                bad.insert(*index);
            }
        }
    }
}
