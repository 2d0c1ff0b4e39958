//! Names the keys that are never evidence where they would have led to another answer (os4-compat 6.2).
//!
//! What it is not: nothing here changes a verdict; it gets one and adds reasons.

use super::evidence::reason;
use super::{Confidence, Family, Verdict};
use crate::incremental::{Incremental, number};
use crate::property_map::PropertyMap;
use crate::reason::{OsCode, Reason};

/// The first SDK that OS4 could have by the range of its predecessors.
const OS4_SDK_MIN: u32 = 36;

/// Brands and manufacturers of Xiaomi's phones.
const BRANDS: [&str; 3] = ["xiaomi", "redmi", "poco"];

/// A key and how the value it would suggest is told from the verdict.
struct Ignored {
    code: OsCode,
    keys: &'static [&'static str],
    misleads: fn(&str, &Verdict) -> bool,
}

const IGNORED: [Ignored; 7] = [
    Ignored {
        code: OsCode::IgnoredAiOs,
        keys: &["ro.ai.os.version.code", "ro.ai.os.version.name"],
        misleads: other_number,
    },
    Ignored { code: OsCode::IgnoredXms, keys: &["ro.mi.xms.version.incremental"], misleads: not_hyperos },
    Ignored {
        code: OsCode::IgnoredSmrBase,
        keys: &["ro.build.version.smr_baseversion"],
        misleads: other_build,
    },
    Ignored {
        code: OsCode::IgnoredVendorStamp,
        keys: &["ro.vendor.build.version.incremental", "ro.odm.build.version.incremental"],
        misleads: other_build,
    },
    Ignored { code: OsCode::IgnoredModDevice, keys: &["ro.product.mod_device"], misleads: no_family },
    Ignored {
        code: OsCode::IgnoredBrand,
        keys: &["ro.product.brand", "ro.product.manufacturer"],
        misleads: xiaomi_without_family,
    },
    Ignored {
        code: OsCode::IgnoredRuntime,
        keys: &["rust.runtime_version", "rust.runtime_active"],
        misleads: not_trusted_os4,
    },
];

/// One reason a rule, with the first key of it that would mislead.
pub(super) fn explain(map: &PropertyMap, verdict: &Verdict, sdk: Option<u32>, reasons: &mut Vec<Reason>) {
    for rule in &IGNORED {
        let values = rule.keys.iter().filter_map(|key| Some((*key, map.get(key)?)));
        if let Some((key, raw)) = values.into_iter().find(|(_, raw)| (rule.misleads)(raw, verdict)) {
            reasons.push(reason(rule.code, key, raw));
        }
    }
    if let Some(sdk) = sdk.filter(|sdk| *sdk >= OS4_SDK_MIN && not_trusted_os4("", verdict)) {
        reasons.push(Reason::new(OsCode::IgnoredSdk, format!("sdk {sdk}")));
    }
}

/// A code `n` or a name `OSn.m` of another number than the decided major.
fn other_number(raw: &str, verdict: &Verdict) -> bool {
    let digits = raw.strip_prefix("OS").unwrap_or(raw);
    let major = number(digits.split('.').next().unwrap_or_default(), 2);
    verdict.family != Family::HyperOs || major != verdict.major
}

/// A build number of another system, or of none.
fn other_build(raw: &str, verdict: &Verdict) -> bool {
    use crate::incremental::System;
    match Incremental::parse(raw).map(|build| build.system()) {
        Ok(System::HyperOs(major)) => verdict.family != Family::HyperOs || verdict.major != Some(major),
        Ok(System::Miui(major)) => verdict.family != Family::Miui || verdict.major != Some(major),
        Ok(System::Go) => verdict.family != Family::XiaomiGo,
        Ok(System::Unnamed) | Err(_) => false,
    }
}

fn not_hyperos(_: &str, verdict: &Verdict) -> bool {
    verdict.family != Family::HyperOs
}

fn no_family(_: &str, verdict: &Verdict) -> bool {
    verdict.family == Family::Other
}

fn xiaomi_without_family(raw: &str, verdict: &Verdict) -> bool {
    no_family(raw, verdict) && BRANDS.iter().any(|brand| raw.eq_ignore_ascii_case(brand))
}

fn not_trusted_os4(_: &str, verdict: &Verdict) -> bool {
    let trusted = verdict.confidence >= Confidence::Medium && !verdict.spoofed;
    !(verdict.family == Family::HyperOs && verdict.major >= Some(4) && trusted)
}
