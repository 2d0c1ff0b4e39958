//! The OS check of today's frameworks, written again with a switch for each of its flaws.
//!
//! It exists for the proof of R57 only and answers nobody. Where it should ever differ from the real one, a difference stays
//! unexplained and burns: the safe side.

use std::collections::BTreeSet;

use ferrule_os4_compat::Family;
use ferrule_os4_compat::input::Tri;

use super::stamp::{HYPEROS_1, Stamp, letter_fits, os_number};
use super::{Answer, Phone};

macro_rules! flaws {
    ($($(#[$meta:meta])* $name:ident, $code:literal;)*) => {
        /// A flaw of the legacy check. The order decides which one is named where several would do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Flaw {
            $($(#[$meta])* $name,)*
        }

        impl Flaw {
            /// Every flaw, in order.
            pub const ALL: [Self; 16] = [$(Self::$name,)*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

flaws! {
    /// Takes the highest of all `*.os.version.code` for the OS version.
    TrustsAiVersion, "OS_LEGACY_TRUSTS_AI_VERSION";
    /// Believes the declared version although the build stamp says an older OS.
    TrustsSpoof, "OS_LEGACY_TRUSTS_SPOOF";
    /// Says "OS4" on a single key that nothing else confirms.
    NoSecondWitness, "OS_LEGACY_NO_SECOND_WITNESS";
    /// Reads only `.code`.
    ReadsOnlyCode, "OS_LEGACY_READS_ONLY_CODE";
    /// Reads only `ro.build.version.incremental`.
    ReadsOneStamp, "OS_LEGACY_READS_ONE_STAMP";
    /// Knows builds by a list of prefixes that ends at OS3.
    PrefixListEndsAtOs3, "OS_LEGACY_PREFIX_LIST_ENDS_AT_OS3";
    /// Takes V816 for a version number or for MIUI.
    MisreadsV816, "OS_LEGACY_MISREADS_V816";
    /// Takes the year of a weekly build for a version number.
    ReadsDateAsVersion, "OS_LEGACY_READS_DATE_AS_VERSION";
    /// Makes a minor version of the third build number.
    MinorFromBuildNumber, "OS_LEGACY_MINOR_FROM_BUILD_NUMBER";
    /// Takes any Xiaomi phone on SDK 34 or later for HyperOS.
    SdkMeansHyperOs, "OS_LEGACY_SDK_MEANS_HYPEROS";
    /// Takes SDK 36 or later for OS4 where it finds no version.
    SdkMeansOs4, "OS_LEGACY_SDK_MEANS_OS4";
    /// Has no word for Android Go builds.
    NoGoFamily, "OS_LEGACY_NO_GO_FAMILY";
    /// Shows glass without asking for the framework that draws it.
    GlassWithoutFramework, "OS_LEGACY_GLASS_WITHOUT_FRAMEWORK";
    /// Shows glass without asking for the material.
    GlassIgnoresMaterial, "OS_LEGACY_GLASS_IGNORES_MATERIAL";
    /// Shows glass on any tier.
    GlassIgnoresTier, "OS_LEGACY_GLASS_IGNORES_TIER";
    /// Takes an absent property for "no".
    AbsentMeansNo, "OS_LEGACY_ABSENT_MEANS_NO";
}

/// Legacy's answer without the flaws that are repaired.
pub(super) fn check(phone: &Phone, repaired: &BTreeSet<Flaw>) -> Answer {
    let check = Check { phone, repaired };
    let stamp = Stamp::of(check.incremental());
    let family = check.family(stamp);
    let version = check.version(stamp, family);
    let major = version.map(|version| version as i32);
    let at_least_os4 = family == Family::HyperOs
        && version.is_some_and(|version| version >= 4.0)
        && (check.has(Flaw::NoSecondWitness) || check.confirmed(stamp, major.unwrap_or(0)));
    let minor = if family == Family::HyperOs { check.minor(major) } else { None };
    Answer {
        family,
        major: major.map(i64::from),
        minor: minor.map(i64::from),
        at_least_os4,
        glass: at_least_os4 && check.glass(),
    }
}

struct Check<'p> {
    phone: &'p Phone,
    repaired: &'p BTreeSet<Flaw>,
}

impl<'p> Check<'p> {
    fn has(&self, flaw: Flaw) -> bool {
        !self.repaired.contains(&flaw)
    }

    fn get(&self, key: &str) -> &'p str {
        self.phone.properties.get(key).unwrap_or_default().trim()
    }

    fn int(&self, key: &str) -> Option<i32> {
        self.get(key).parse().ok()
    }

    fn incremental(&self) -> &'p str {
        let usual = self.get("ro.build.version.incremental");
        if !usual.is_empty() || self.has(Flaw::ReadsOneStamp) {
            return usual;
        }
        let partitions = ["product", "system_ext", "system"];
        let stamps = partitions.map(|name| self.get(&format!("ro.{name}.build.version.incremental")));
        let prints = partitions.map(|name| {
            let print = self.get(&format!("ro.{name}.build.fingerprint"));
            print.split('/').nth(4).unwrap_or_default().split(':').next().unwrap_or_default()
        });
        stamps.into_iter().chain(prints).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn family(&self, stamp: Stamp) -> Family {
        let keys = ["ro.mi.os.version.code", "ro.mi.os.version.name", "ro.mi.os.version.incremental"];
        if keys.iter().any(|key| !self.get(key).is_empty()) {
            let is_miui = stamp == Stamp::Miui && !self.has(Flaw::TrustsSpoof);
            return if is_miui { Family::Miui } else { Family::HyperOs };
        }
        let incremental = self.incremental();
        let listed = ["OS1.", "OS2.", "OS3.", "V816."].iter().any(|prefix| incremental.starts_with(prefix));
        let read = !self.has(Flaw::PrefixListEndsAtOs3) && matches!(stamp, Stamp::HyperOs(_));
        if listed || read {
            return Family::HyperOs;
        }
        if stamp == Stamp::Go && !self.has(Flaw::NoGoFamily) {
            return Family::XiaomiGo;
        }
        let ui_name = self.get("ro.miui.ui.version.name");
        if ui_name.strip_prefix('V') == Some("816") && !self.has(Flaw::MisreadsV816) {
            return Family::HyperOs;
        }
        if !ui_name.is_empty() || stamp == Stamp::Miui {
            return Family::Miui;
        }
        let is_xiaomi = self.get("ro.product.manufacturer").eq_ignore_ascii_case("xiaomi");
        let new = self.int("ro.build.version.sdk").unwrap_or(0) >= 34;
        if is_xiaomi && new && self.has(Flaw::SdkMeansHyperOs) { Family::HyperOs } else { Family::Other }
    }

    fn version(&self, stamp: Stamp, family: Family) -> Option<f32> {
        match family {
            Family::HyperOs => self.hyper_os_version(stamp),
            Family::Miui => {
                self.leading_number(stamp).or_else(|| ui_number(self.get("ro.miui.ui.version.name")))
            }
            Family::XiaomiGo | Family::Other => None,
        }
    }

    fn hyper_os_version(&self, stamp: Stamp) -> Option<f32> {
        if let Some(declared) = self.declared_version() {
            let stamped = match stamp {
                Stamp::HyperOs(number) => Some(number as f32),
                _ => None,
            };
            let spoofed = stamped.filter(|stamped| *stamped < declared && !self.has(Flaw::TrustsSpoof));
            return Some(spoofed.unwrap_or(declared));
        }
        self.leading_number(stamp).or_else(|| {
            let new = self.int("ro.build.version.sdk").unwrap_or(0) >= 36;
            (new && self.has(Flaw::SdkMeansOs4)).then_some(4.0)
        })
    }

    fn declared_version(&self) -> Option<f32> {
        let code = if self.has(Flaw::TrustsAiVersion) {
            let all = self.phone.properties.iter().filter(|(key, _)| key.ends_with(b".os.version.code"));
            all.filter_map(|(_, value)| float(std::str::from_utf8(value).ok()?)).reduce(f32::max)
        } else {
            float(self.get("ro.mi.os.version.code"))
        };
        if code.is_some() || self.has(Flaw::ReadsOnlyCode) {
            return code;
        }
        let names = ["ro.mi.os.version.name", "ro.mi.os.version.incremental"];
        names.iter().find_map(|key| os_number(self.get(key))).map(|number| number as f32)
    }

    /// What stands before the first dot of the build number, letters dropped.
    fn leading_number(&self, stamp: Stamp) -> Option<f32> {
        if stamp == Stamp::Weekly && !self.has(Flaw::ReadsDateAsVersion) {
            return None;
        }
        let first = self.incremental().split('.').next().unwrap_or_default();
        let first = first.strip_prefix("OS").unwrap_or(first);
        let number = float(first.strip_prefix('V').unwrap_or(first))?;
        let is_816 = number == HYPEROS_1 as f32;
        Some(if is_816 && !self.has(Flaw::MisreadsV816) { 1.0 } else { number })
    }

    fn minor(&self, major: Option<i32>) -> Option<i32> {
        if !self.has(Flaw::MinorFromBuildNumber) {
            let name = self.get("ro.mi.os.version.name");
            let rest = name.split_once('.').map_or("", |(_, rest)| rest);
            let is_named = os_number(name).map(i64::from) == major.map(i64::from);
            return is_named.then(|| rest.parse().ok()).flatten();
        }
        let declared = self.get("ro.mi.os.version.incremental");
        let build = if declared.is_empty() { self.incremental() } else { declared };
        build.split('.').nth(2)?.parse::<i32>().ok().map(|number| number / 100)
    }

    /// Whether something besides one declared key says that this is HyperOS of that major.
    fn confirmed(&self, stamp: Stamp, major: i32) -> bool {
        match stamp {
            Stamp::HyperOs(number) => i64::from(number) == i64::from(major),
            Stamp::Foreign => false,
            _ => {
                let incremental = self.get("ro.mi.os.version.incremental");
                let code = self.int("ro.mi.os.version.code").map(i64::from);
                let names = [os_number(self.get("ro.mi.os.version.name")), os_number(incremental)];
                let declared: Vec<i64> =
                    code.into_iter().chain(names.into_iter().flatten().map(i64::from)).collect();
                declared.iter().all(|number| *number == i64::from(major))
                    && (declared.len() >= 2 || letter_fits(incremental, self.int("ro.build.version.sdk")))
            }
        }
    }

    fn glass(&self) -> bool {
        let blurs = match self.get("ro.surface_flinger.supports_background_blur") {
            "1" | "true" => true,
            "" => !self.has(Flaw::AbsentMeansNo),
            _ => false,
        };
        let framework = self.phone.probes.rust_runtime_v5 == Tri::Present;
        let material = matches!(self.get("persist.sys.background_blur_supported"), "1" | "true")
            && self.int("persist.sys.advanced_visual_release").unwrap_or(0) >= 5;
        blurs
            && (self.has(Flaw::GlassWithoutFramework) || framework)
            && (self.has(Flaw::GlassIgnoresMaterial) || material)
            && (self.has(Flaw::GlassIgnoresTier) || self.is_fast())
    }

    /// More than 6 GiB and processors of the top levels; what is not known does not count, but something must be.
    fn is_fast(&self) -> bool {
        let level = |given: Option<u32>, key: &str| {
            given.map(i64::from).or_else(|| self.int(key).map(i64::from)).map(|level| level >= 5)
        };
        let device = &self.phone.device;
        let enough: Vec<bool> = [
            device.ram_gib.map(|gib| gib > 6),
            level(device.cpulevel, "persist.sys.computility.cpulevel"),
            level(device.gpulevel, "persist.sys.computility.gpulevel"),
        ]
        .into_iter()
        .flatten()
        .collect();
        !enough.is_empty() && enough.iter().all(|enough| *enough)
    }
}

/// `V9` is 9 and `V125` is 12.
fn ui_number(name: &str) -> Option<f32> {
    let digits = name.strip_prefix('V').unwrap_or(name);
    let digits = if digits.len() == 3 { digits.get(..2)? } else { digits };
    digits.parse::<i32>().ok().map(|number| number as f32)
}

/// A float as Kotlin reads it: blanks around it, and one of Java's suffixes behind it, do not matter. Hexadecimal ones, and
/// words for what is no number, are left out: no property has them.
fn float(text: &str) -> Option<f32> {
    let text = text.trim();
    let digits = text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text);
    let is_one = digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    is_one.then(|| digits.parse().ok()).flatten()
}
