//! The decision table of os4-compat 6.2, one case a row and more at its edges, with values made up for this test.
#![allow(missing_docs)]

use ferrule_os4_compat::Confidence::{self, High, Low, Medium};
use ferrule_os4_compat::Family::{self, HyperOs, Miui, Other, XiaomiGo};
use ferrule_os4_compat::{OsCode, OsIdentity, PropertyMap, ReasonCode};

const CODE: &str = "ro.mi.os.version.code";
const NAME: &str = "ro.mi.os.version.name";
const INC: &str = "ro.mi.os.version.incremental";
const STAMP: &str = "ro.build.version.incremental";
const PRODUCT: &str = "ro.product.build.version.incremental";
const SYSTEM: &str = "ro.system.build.version.incremental";
const UI: &str = "ro.miui.ui.version.name";
const SDK: &str = "ro.build.version.sdk";
const FINGERPRINT: &str = "ro.build.fingerprint";

type Pairs<'a> = &'a [(&'a str, &'a str)];

type Row = (&'static str, Pairs<'static>, Family, Option<u32>, Confidence, bool, &'static [OsCode]);

/// Codes listed must come in this order; others may stand between them.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // One value d.
    ("stamps all d", &[(CODE, "3"), (NAME, "OS3.0"), (INC, "OS3.0.21.0.WQACNXM"), (STAMP, "OS3.0.21.0.WQACNXM"), (SDK, "36")],
        HyperOs, Some(3), High, false, &[OsCode::StampConfirms]),
    ("two digits count as one", &[(CODE, "04"), (STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), High, false, &[OsCode::StampConfirms]),
    ("shared image as declared build", &[(INC, "17OS4.0.260131.235959999.QZZECN.S"), (STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), High, false, &[OsCode::StampConfirms]),
    ("malformed build number lowers", &[(CODE, "3"), (INC, "3.0.21"), (STAMP, "OS3.0.21.0.WQACNXM")],
        HyperOs, Some(3), Medium, false, &[OsCode::DeclaredIncrementalMalformed, OsCode::StampConfirms]),
    ("build number of MIUI is malformed here", &[(CODE, "3"), (INC, "V14.0.21.0.TQACNXM"), (STAMP, "OS3.0.21.0.WQACNXM")],
        HyperOs, Some(3), Medium, false, &[OsCode::DeclaredIncrementalMalformed, OsCode::StampConfirms]),
    ("declared above stamp", &[(CODE, "5"), (STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Low, true, &[OsCode::StampDiffers]),
    ("declared below stamp", &[(CODE, "3"), (STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(3), Low, false, &[OsCode::StampDiffers]),
    ("one later stamp differs", &[(CODE, "4"), (STAMP, "OS4.0.2.0.XQACNXM"), (SYSTEM, "OS3.0.21.0.WQACNXM"), (SDK, "37")],
        HyperOs, Some(3), Low, true, &[OsCode::StampsDisagree, OsCode::StampDiffers]),
    ("1 over V816", &[(CODE, "1"), (STAMP, "V816.0.9.0.UQAMIXM"), (SDK, "34")],
        HyperOs, Some(1), High, false, &[OsCode::V816ConfirmsOs1]),
    ("1 over OS1 and V816", &[(CODE, "1"), (STAMP, "OS1.0.9.0.UQAMIXM"), (PRODUCT, "V816.0.9.0.UQAMIXM"), (SDK, "34")],
        HyperOs, Some(1), High, false, &[OsCode::StampConfirms]),
    ("2 over V816", &[(NAME, "OS2.0"), (STAMP, "V816.0.9.0.UQAMIXM"), (SDK, "34")],
        HyperOs, Some(1), Low, true, &[OsCode::DeclaredAboveV816]),
    ("4 over OS4 and V816", &[(CODE, "4"), (STAMP, "OS4.0.2.0.XQACNXM"), (SYSTEM, "V816.0.9.0.UQAMIXM"), (SDK, "37")],
        HyperOs, Some(1), Low, true, &[OsCode::StampsDisagree, OsCode::StampDiffers]),
    ("over MIUI", &[(CODE, "3"), (STAMP, "V13.0.9.0.SQAMIXM")],
        Miui, Some(13), Low, true, &[OsCode::DeclaredOverMiui]),
    ("over a Go build", &[(CODE, "4"), (STAMP, "A16.0.9.0.WQAMIXM")],
        XiaomiGo, None, Low, false, &[OsCode::DeclaredOverGo]),
    ("no stamp, two keys", &[(CODE, "4"), (NAME, "OS4.0")],
        HyperOs, Some(4), Medium, false, &[OsCode::DeclaredOnly]),
    ("no stamp, one key", &[(CODE, "4"), (SDK, "37")],
        HyperOs, Some(4), Low, false, &[OsCode::DeclaredOnly]),
    ("no stamp, letter fits", &[(INC, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Medium, false, &[OsCode::DeclaredOnly]),
    ("no stamp, letter does not fit", &[(INC, "OS4.0.2.0.XQACNXM"), (SDK, "36")],
        HyperOs, Some(4), Low, false, &[OsCode::DeclaredOnly, OsCode::LetterSdkMismatch]),
    ("no stamp, no SDK", &[(INC, "OS4.0.2.0.XQACNXM")],
        HyperOs, Some(4), Low, false, &[OsCode::DeclaredOnly]),
    ("weekly stamp is none", &[(CODE, "2"), (NAME, "OS2.0"), (STAMP, "24.2.29")],
        HyperOs, Some(2), Medium, false, &[OsCode::StampWeekly, OsCode::DeclaredOnly]),
    ("foreign", &[(CODE, "4"), (NAME, "OS4.0"), (INC, "OS4.0.2.0.XQACNXM"), (STAMP, "20260207"), (SDK, "37")],
        HyperOs, Some(4), Low, false, &[OsCode::ForeignStamp, OsCode::DeclaredOverForeign]),
    ("foreign beats other stamps", &[(CODE, "4"), (STAMP, "my-rom"), (PRODUCT, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Low, false, &[OsCode::ForeignStamp, OsCode::DeclaredOverForeign]),
    ("unknown major is foreign", &[(CODE, "4"), (STAMP, "V16.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Low, false, &[OsCode::ForeignStamp]),
    ("non-ASCII stamp is foreign, not absent", &[(CODE, "4"), (NAME, "OS4.0"), (STAMP, "OS4.0.2.0.\u{425}QACNXM"), (SDK, "37")],
        HyperOs, Some(4), Low, false, &[OsCode::ForeignStamp]),
    // Inconsistent.
    ("stamp confirms the lower", &[(CODE, "4"), (NAME, "OS3.0"), (STAMP, "OS3.0.21.0.WQACNXM")],
        HyperOs, Some(3), Medium, true, &[OsCode::InconsistentOneConfirmed]),
    ("stamp confirms the higher", &[(CODE, "3"), (NAME, "OS4.0"), (STAMP, "OS4.0.2.0.XQACNXM")],
        HyperOs, Some(4), Medium, false, &[OsCode::InconsistentOneConfirmed]),
    ("V816 confirms 1", &[(CODE, "1"), (NAME, "OS2.0"), (STAMP, "V816.0.9.0.UQAMIXM")],
        HyperOs, Some(1), Medium, true, &[OsCode::InconsistentOneConfirmed]),
    ("stamp confirms none", &[(CODE, "5"), (NAME, "OS4.0"), (STAMP, "OS3.0.21.0.WQACNXM")],
        HyperOs, Some(3), Low, true, &[OsCode::InconsistentLowest]),
    ("disagreeing stamps settle nothing", &[(CODE, "4"), (NAME, "OS5.0"), (STAMP, "OS5.0.2.0.YQACNXM"), (SYSTEM, "OS3.0.2.0.WQACNXM")],
        HyperOs, Some(3), Low, true, &[OsCode::StampsDisagree, OsCode::InconsistentLowest]),
    ("inconsistent without stamp", &[(CODE, "4"), (NAME, "OS3.0")],
        HyperOs, Some(3), Low, false, &[OsCode::InconsistentLowest]),
    ("inconsistent over foreign", &[(CODE, "4"), (NAME, "OS3.0"), (STAMP, "77")],
        HyperOs, Some(3), Low, false, &[OsCode::DeclaredOverForeign]),
    // Nothing declared.
    ("HyperOS stamp", &[(STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Medium, false, &[OsCode::StampOnly]),
    ("V816 stamp", &[(STAMP, "V816.0.9.0.UQAMIXM"), (SDK, "34")],
        HyperOs, Some(1), Medium, false, &[OsCode::StampOnly]),
    ("MIUI stamp and name", &[(STAMP, "V14.0.9.0.TQAMIXM"), (UI, "V130")],
        Miui, Some(14), High, false, &[OsCode::StampOnly]),
    ("MIUI stamp", &[(PRODUCT, "V14.0.9.0.TQAMIXM")],
        Miui, Some(14), Medium, false, &[OsCode::StampOnly]),
    ("MIUI and HyperOS stamps", &[(STAMP, "OS2.0.9.0.VQAMIXM"), (PRODUCT, "V14.0.9.0.TQAMIXM")],
        Miui, Some(14), Low, false, &[OsCode::StampsDisagree, OsCode::StampOnly]),
    ("legacy stamp", &[(STAMP, "JZZCNBC7.0")],
        Miui, Some(5), Medium, false, &[OsCode::StampOnly]),
    ("Go stamp", &[(STAMP, "A14.0.9.0.UQAMIXM"), (SDK, "34")],
        XiaomiGo, None, Medium, false, &[OsCode::GoBuild]),
    ("fingerprint stands in", &[(FINGERPRINT, "A/b/c:17/ID.1/OS4.0.2.0.XQACNXM:user/release-keys"), (SDK, "37")],
        HyperOs, Some(4), Medium, false, &[OsCode::StampFromFingerprint, OsCode::StampOnly]),
    ("fingerprint over foreign", &[(FINGERPRINT, "A/b/c:17/ID.1/OS4.0.2.0.XQACNXM:user/release-keys"), (STAMP, "9")],
        Other, None, Low, false, &[OsCode::ForeignStamp, OsCode::FingerprintSpoof, OsCode::NoEvidence]),
    ("fingerprint beside a stamp is not asked", &[(FINGERPRINT, "A/b/c:17/ID.1/OS4.0.2.0.XQACNXM:user/release-keys"), (PRODUCT, "OS3.0.2.0.WQACNXM")],
        HyperOs, Some(3), Medium, false, &[OsCode::StampOnly]),
    ("name V816", &[(UI, "V816")],
        HyperOs, None, Low, false, &[OsCode::UiNameV816]),
    ("name V125", &[(UI, "V125"), (STAMP, "21.12.31")],
        Miui, Some(12), Medium, false, &[OsCode::StampWeekly, OsCode::UiNameMiui]),
    ("name V8", &[(UI, "V8")], Miui, Some(8), Medium, false, &[OsCode::UiNameMiui]),
    ("name over foreign", &[(UI, "V9"), (STAMP, "eng.me.1")],
        Miui, Some(9), Low, false, &[OsCode::ForeignStamp, OsCode::UiNameMiui]),
    ("name that is none", &[(UI, "V4")], Other, None, Low, false, &[OsCode::NoEvidence]),
    ("foreign alone", &[(STAMP, "12345678"), (SDK, "34")],
        Other, None, Low, false, &[OsCode::ForeignStamp, OsCode::NoEvidence]),
    ("nothing", &[], Other, None, Low, false, &[OsCode::NoEvidence]),
    // SDK and letter.
    ("SDK below, declared", &[(CODE, "4"), (STAMP, "OS4.0.2.0.VQACNXM"), (SDK, "35")],
        HyperOs, Some(4), Low, true, &[OsCode::StampConfirms, OsCode::SdkBelowRange]),
    ("SDK below, not declared", &[(STAMP, "OS4.0.2.0.VQACNXM"), (SDK, "35")],
        HyperOs, Some(4), Low, false, &[OsCode::StampOnly, OsCode::SdkBelowRange]),
    ("SDK lowest", &[(CODE, "4"), (STAMP, "OS4.0.2.0.WQACNXM"), (SDK, "36")],
        HyperOs, Some(4), High, false, &[OsCode::StampConfirms]),
    ("SDK highest", &[(CODE, "4"), (STAMP, "OS4.0.2.0.YQACNXM"), (SDK, "38")],
        HyperOs, Some(4), High, false, &[OsCode::StampConfirms, OsCode::LetterUnknown]),
    ("SDK above", &[(CODE, "4"), (STAMP, "OS4.0.2.0.YQACNXM"), (SDK, "39")],
        HyperOs, Some(4), Medium, false, &[OsCode::StampConfirms, OsCode::SdkAboveRange]),
    ("letter against SDK", &[(CODE, "3"), (STAMP, "OS3.0.2.0.WQACNXM"), (SDK, "35")],
        HyperOs, Some(3), High, false, &[OsCode::StampConfirms, OsCode::LetterSdkMismatch]),
    ("SDK that is none", &[(CODE, "3"), (STAMP, "OS3.0.2.0.WQACNXM"), (SDK, "g35")],
        HyperOs, Some(3), High, false, &[OsCode::StampConfirms, OsCode::SdkMalformed]),
    // Declared keys that do not count.
    ("code of three digits", &[(CODE, "100"), (STAMP, "OS3.0.2.0.WQACNXM")],
        HyperOs, Some(3), Medium, false, &[OsCode::DeclaredCodeMalformed, OsCode::StampOnly]),
    ("code 0", &[(CODE, "00"), (STAMP, "OS3.0.2.0.WQACNXM")],
        HyperOs, Some(3), Medium, false, &[OsCode::DeclaredCodeMalformed, OsCode::StampOnly]),
    ("name in small letters", &[(NAME, "Os4.0"), (STAMP, "OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), Medium, false, &[OsCode::DeclaredNameMalformed, OsCode::StampOnly]),
    ("decorated", &[(INC, "X | Y|OS4.0.2.0.XQACNXM"), (STAMP, "Z|OS4.0.2.0.XQACNXM"), (SDK, "37")],
        HyperOs, Some(4), High, false, &[OsCode::IncrementalDecorated, OsCode::IncrementalDecorated, OsCode::StampConfirms]),
];

fn decide(pairs: Pairs) -> OsIdentity {
    OsIdentity::decide(&PropertyMap::from_pairs(pairs.iter().copied()))
}

fn codes(identity: &OsIdentity) -> Vec<ReasonCode> {
    identity.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn rows_of_the_decision_table() {
    for (name, pairs, family, major, confidence, spoofed, expected) in ROWS {
        let identity = decide(pairs);
        let facts = (identity.family, identity.major, identity.confidence, identity.spoofed);
        assert_eq!(facts, (*family, *major, *confidence, *spoofed), "{name}: {:#?}", identity.reasons);
        let mut found = codes(&identity).into_iter();
        for code in *expected {
            assert!(
                found.any(|it| it == ReasonCode::Os(*code)),
                "{name}: {code:?} in order in {:#?}",
                identity.reasons
            );
        }
        let trusted = *family == HyperOs && *major >= Some(4) && *confidence >= Medium && !spoofed;
        assert_eq!(identity.at_least_os4(), trusted, "{name}");
    }
}

#[test]
fn every_row_of_the_table_is_met_by_a_case() {
    let table =
        OsCode::ALL.iter().filter(|code| (OsCode::StampConfirms..=OsCode::LetterUnknown).contains(code));
    for code in table {
        assert!(ROWS.iter().any(|row| row.6.contains(code)), "no case expects {code:?}");
    }
}

#[test]
fn minor_is_what_the_phone_declares_for_the_decided_major() {
    let minor = |pairs: &[(&str, &str)]| decide(pairs).minor;
    assert_eq!(minor(&[(NAME, "OS4.1"), (STAMP, "OS4.0.2.0.XQACNXM")]), Some(1));
    // Contracts 2: never from the third number of a build number, never from the AI OS.
    assert_eq!(
        minor(&[(CODE, "3"), (STAMP, "OS3.0.302.0.WQACNXM"), ("ro.ai.os.version.name", "OS3.1")]),
        None
    );
    assert_eq!(minor(&[(NAME, "OS4.1"), (STAMP, "OS3.0.2.0.WQACNXM")]), None);
    assert_eq!(minor(&[(NAME, "OS13.1"), (STAMP, "V13.0.2.0.SQACNXM")]), None);
}

#[test]
fn sdk_of_another_partition_counts_only_where_the_main_one_is_absent() {
    let product = ("ro.product.build.version.sdk", "36");
    assert_eq!(decide(&[product]).sdk, Some(36));
    assert_eq!(decide(&[product, (SDK, "35")]).sdk, Some(35));
    assert_eq!(decide(&[product, (SDK, "?")]).sdk, None);
    assert_eq!(decide(&[("ro.vendor.build.version.sdk", "33")]).sdk, None);
}

#[test]
fn misleading_keys_are_named_and_change_nothing() {
    let base = [(CODE, "3"), (STAMP, "OS3.0.2.0.WQACNXM"), (SDK, "36")];
    let other = [(STAMP, "20250101"), (SDK, "34")];
    #[rustfmt::skip]
    let cases: [(Pairs, &str, &str, OsCode); 9] = [
        (&base, "ro.ai.os.version.code", "4", OsCode::IgnoredAiOs),
        (&base, "ro.ai.os.version.name", "OS4.0", OsCode::IgnoredAiOs),
        (&base, "ro.build.version.smr_baseversion", "OS4.0.1.0.XQACNXM", OsCode::IgnoredSmrBase),
        (&base, "ro.vendor.build.version.incremental", "OS4.0.1.0.XQACNXM", OsCode::IgnoredVendorStamp),
        (&base, "ro.odm.build.version.incremental", "V14.0.1.0.TQACNXM", OsCode::IgnoredVendorStamp),
        (&base, "rust.runtime_version", "3.1.0", OsCode::IgnoredRuntime),
        (&other, "ro.mi.xms.version.incremental", "C09", OsCode::IgnoredXms),
        (&other, "ro.product.mod_device", "zzz_global", OsCode::IgnoredModDevice),
        (&other, "ro.product.brand", "Redmi", OsCode::IgnoredBrand),
    ];
    for (pairs, key, value, code) in cases {
        let before = decide(pairs);
        let with = [pairs, &[(key, value)][..]].concat();
        let after = decide(&with);
        assert!(!codes(&before).contains(&ReasonCode::Os(code)), "{key}");
        let named = after.reasons.iter().find(|reason| reason.code == ReasonCode::Os(code));
        assert!(named.is_some_and(|reason| reason.detail.contains(value)), "{key}: {:#?}", after.reasons);
        let facts = |it: &OsIdentity| (it.family, it.major, it.minor, it.sdk, it.confidence, it.spoofed);
        assert_eq!(facts(&before), facts(&after), "{key}");
    }
}

#[test]
fn at_least_counts_later_majors_and_other_thresholds() {
    let five = decide(&[(CODE, "5"), (STAMP, "OS5.0.1.0.YQACNXM"), (SDK, "38")]);
    assert!(five.at_least_os4() && five.at_least(5) && !five.at_least(6));
    let miui = decide(&[(STAMP, "V14.0.1.0.TQACNXM"), (UI, "V140")]);
    assert!(!miui.at_least(1) && !miui.at_least_os4());
}
