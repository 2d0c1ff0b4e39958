//! Phones that the Kotlin legacy's OS check and its restatement in `core/compare` both answer (contracts 6, R57).
//!
//! A difference is explained by computing legacy's answer again without some flaws, in Rust. That proves something only
//! if the restatement is legacy: asked about the same phone with the same flaws repaired, both say the same. The phones
//! are the files of the corpus as they are, and random ones whose properties are what such files hold, or near it.

use ferrule_compare::os::{Flaw, Phone, legacy_without};
use ferrule_os4_compat::PropertyMap;
use ferrule_os4_compat::input::Tri;
use serde_json::{Map, Value, json};

use crate::random::Random;

/// The library that the glass asks for.
const FRAMEWORK: &str = "hyperos.rustruntime.v5";

/// The sets of flaws that are asked about: none, all, each by itself, all but each.
pub fn repaired() -> Vec<Vec<Flaw>> {
    let but = |one: &Flaw| Flaw::ALL.into_iter().filter(|flaw| flaw != one).collect();
    let mut sets = vec![Vec::new(), Flaw::ALL.to_vec()];
    sets.extend(Flaw::ALL.map(|flaw| vec![flaw]));
    sets.extend(Flaw::ALL.iter().map(but));
    sets
}

/// A phone of a file.
pub fn phone_of(file: &[u8]) -> Phone {
    Phone { properties: PropertyMap::parse(file), ..Phone::default() }
}

/// A random phone.
pub fn phone(seed: u64) -> Phone {
    let random = &mut Random::new(seed ^ 0x05);
    let mut pairs = Vec::new();
    for (key, chance, values) in KEYS {
        if random.percent(*chance) {
            pairs.push(((*key).to_owned(), value(random, values)));
        }
    }
    let mut phone = Phone { properties: PropertyMap::from_pairs(pairs), ..Phone::default() };
    if random.percent(60) {
        phone.probes.rust_runtime_v5 = if random.percent(50) { Tri::Present } else { Tri::Absent };
    }
    phone.device.ram_gib = random.percent(60).then(|| *random.pick(&[3, 6, 7, 8, 16]));
    phone
}

/// Usually one of these, sometimes with a blank, a letter or a digit too many.
fn value(random: &mut Random, values: &[&str]) -> String {
    let text = *random.pick(values);
    match random.below(24) {
        0 => format!(" {text} "),
        1 => format!("{text}0"),
        2 => format!("-{text}"),
        3 => format!("+{text}"),
        4 => text.chars().skip(1).collect(),
        5 => text.to_lowercase(),
        6 => format!("{text}."),
        7 => format!("{text}f"),
        _ => text.to_owned(),
    }
}

/// The keys that the check reads, how many phones of a hundred have them, and what stands there.
const KEYS: &[(&str, usize, &[&str])] = &[
    ("ro.mi.os.version.code", 50, &["1", "2", "3", "4", "5", "4.0", "04", "3.1", "99", "816"]),
    ("ro.ai.os.version.code", 25, &["3", "4", "2"]),
    (
        "ro.mi.os.version.name",
        50,
        &["OS1.0", "OS2.0", "OS3.0", "OS3.1", "OS4.0", "V816", "OS", "OS4", "OS100.0"],
    ),
    ("ro.mi.os.version.incremental", 40, BUILDS),
    ("ro.build.version.incremental", 75, BUILDS),
    ("ro.product.build.version.incremental", 25, BUILDS),
    ("ro.system_ext.build.version.incremental", 15, BUILDS),
    ("ro.system.build.version.incremental", 25, BUILDS),
    ("ro.product.build.fingerprint", 20, PRINTS),
    ("ro.system.build.fingerprint", 20, PRINTS),
    ("ro.miui.ui.version.name", 40, &["V9", "V12", "V125", "V14", "V816", "V", "12"]),
    ("ro.product.manufacturer", 70, &["Xiaomi", "xiaomi", "XIAOMI", "Google", "samsung"]),
    ("ro.build.version.sdk", 85, &["28", "33", "34", "35", "36", "37", "0"]),
    ("ro.surface_flinger.supports_background_blur", 60, &["1", "0", "true", "false", "yes"]),
    ("persist.sys.background_blur_supported", 50, &["true", "1", "false"]),
    ("persist.sys.advanced_visual_release", 50, &["3", "4", "5", "6"]),
    ("persist.sys.computility.cpulevel", 50, &["1", "4", "5", "6"]),
    ("persist.sys.computility.gpulevel", 50, &["1", "4", "5", "6"]),
];

const BUILDS: &[&str] = &[
    "OS1.0.8.0.UNCCNXM",
    "OS2.0.9.0.VOCEUXM",
    "OS3.0.305.0.WPCCNXM",
    "OS3.0.7.0.WOCCNXM",
    "OS4.0.19.0.XEOCNXM",
    "OS4.0.0.37.XPYCNXM",
    "V816.0.5.0.UNCCNXM",
    "V14.0.23.0.TLACNXM",
    "V12.5.8.0.RKACNXM",
    "A15.0.11.0.VCCMIXM",
    "24.1.5",
    "9.10.31",
    "OS3.0",
    "OS4.",
    "eng.build.20240101",
    "1700000000",
];

const PRINTS: &[&str] = &[
    "Xiaomi/fuxi/fuxi:15/AQ3A.240627.003/OS2.0.9.0.VMCCNXM:user/release-keys",
    "Xiaomi/fuxi/fuxi:16/BP2A/OS4.0.19.0.XEOCNXM:user/release-keys",
    "google/raven/raven:14/UP1A/10817346:user/release-keys",
    "too/short",
];

/// What the legacy program is asked.
pub fn question(phone: &Phone) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let properties: Map<String, Value> =
        phone.properties.iter().map(|(key, value)| (text(key), text(value).into())).collect();
    let libraries: &[&str] = if phone.probes.rust_runtime_v5 == Tri::Present { &[FRAMEWORK] } else { &[] };
    let sets: Vec<Vec<&str>> =
        repaired().iter().map(|set| set.iter().map(|flaw| flaw.code()).collect()).collect();
    json!({
        "phone": { "properties": properties, "libraries": libraries, "ram_gib": phone.device.ram_gib },
        "repaired": sets,
    })
}

/// The answers of the restatement, one a set.
pub fn answers(phone: &Phone) -> Vec<Value> {
    let told = |set: &Vec<Flaw>| {
        let answer = legacy_without(phone, set);
        json!({
            "family": answer.family.as_str(), "major": answer.major, "minor": answer.minor,
            "at_least_os4": answer.at_least_os4, "glass": answer.glass,
        })
    };
    repaired().iter().map(told).collect()
}

/// The sets for which both differ, one a line.
pub fn differences(legacy: &Value, restated: &[Value]) -> Vec<String> {
    let told = legacy["answers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if told.len() != restated.len() {
        return vec![format!("{} answers of legacy, {} restated", told.len(), restated.len())];
    }
    let sets = repaired();
    let each = told.iter().zip(restated).zip(&sets).filter(|((told, restated), _)| told != restated);
    each.map(|((told, restated), set)| {
        let codes: Vec<_> = set.iter().map(|flaw| flaw.code()).collect();
        format!("repaired {codes:?}: legacy {told}, restated {restated}")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_set_is_asked_once() {
        let sets = repaired();
        assert_eq!(sets.len(), 2 + 2 * Flaw::ALL.len());
        assert!(sets.iter().enumerate().all(|(at, set)| !sets[..at].contains(set)));
    }

    #[test]
    fn random_phones_reach_every_flaw() {
        let mut reached = BTreeMap::<&str, usize>::new();
        for seed in 0..3000 {
            let phone = phone(seed);
            let all = legacy_without(&phone, &[]);
            for flaw in Flaw::ALL {
                if legacy_without(&phone, &[flaw]) != all {
                    *reached.entry(flaw.code()).or_default() += 1;
                }
            }
        }
        assert_eq!(reached.len(), Flaw::ALL.len(), "{reached:?}");
        assert!(reached.values().all(|count| *count >= 3), "{reached:?}");
    }

    #[test]
    fn a_difference_names_the_set() {
        let phone = phone(1);
        let restated = answers(&phone);
        let mut legacy = json!({ "answers": restated });
        assert!(differences(&legacy, &restated).is_empty());
        legacy["answers"][2]["major"] = json!(77);
        assert!(differences(&legacy, &restated)[0].contains("OS_LEGACY_TRUSTS_AI_VERSION"));
    }
}
