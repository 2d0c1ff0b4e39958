//! Every code of the load has its entry in `docs/codes.md`.

use ferrule_launcher_model::compat::outcome::{DeleteReason, RowFault, SweepStep, Verdict};
use ferrule_launcher_model::first_screen::FirstScreenError;
use ferrule_launcher_model::intent::Intent;

#[test]
fn every_code_is_documented() {
    let number = Intent::parse("#Intent;i.x=abc;end").expect_err("no number");
    let faults = [
        RowFault::UnknownType,
        RowFault::Unreadable,
        RowFault::AppPairsOff,
        RowFault::IntentNumber(number),
        RowFault::SelectorSet,
        RowFault::Unresolved,
        RowFault::RestoreType(4),
        RowFault::ShortcutIdMissing,
        RowFault::ProviderNull,
        RowFault::ProviderMalformed,
        RowFault::BindExtrasMissing,
        RowFault::HotseatIndex { index: -1, length: 5 },
        RowFault::PairInPair,
    ];
    let codes = DeleteReason::ALL
        .map(DeleteReason::code)
        .into_iter()
        .chain(faults.map(RowFault::code))
        .chain(SweepStep::ALL.map(SweepStep::code))
        .chain([Verdict::Accept.code(), FirstScreenError::NoInstaller.code()]);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/codes.md"))
        .expect("docs/codes.md can be read");
    let missing: Vec<&str> =
        codes.filter(|code| !page.lines().any(|line| line.strip_prefix("## ") == Some(*code))).collect();
    assert!(missing.is_empty(), "without an entry: {missing:?}");
}

#[test]
fn codes_are_the_words_of_the_restore_errors() {
    for reason in DeleteReason::ALL {
        assert_eq!(reason.code(), format!("LM_{}", reason.as_str().to_uppercase()));
    }
}
