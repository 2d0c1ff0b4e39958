//! The table of fates, line by line and by hand, and the page of differences that is made from it.
//!
//! The page is compared; set `FERRULE_BLESS=1` to write it anew after a deliberate change.

#![allow(clippy::expect_used, reason = "helpers outside of test functions; a failure ends the test")]

use std::fmt::Write;
use std::path::Path;

use ferrule_launcher_model::compat::outcome::RowFault;
use ferrule_launcher_model::compat::{DeleteReason, Verdict};
use ferrule_launcher_model::intent::Intent;
use ferrule_launcher_model::safe::{Deviation, State, fate};

/// Every verdict with what becomes of the row. By hand: the code is tested against this, never the other way round.
fn expected() -> Vec<(Verdict, State, Option<Deviation>)> {
    use DeleteReason as D;
    use RowFault as F;
    let number = Intent::parse("#Intent;i.x=abc;end").expect_err("no number");
    let held = (State::Held, Some(Deviation::HeldInsteadOfDeleted));
    let unreadable = (State::Held, Some(Deviation::HeldInsteadOfSkipped));
    let void = (State::Quarantined, Some(Deviation::QuarantinedInsteadOfDeleted));
    let opaque = (State::Opaque, Some(Deviation::KeptOpaque));
    let live = (State::Live, None);
    [
        (Verdict::Accept, live),
        (Verdict::Adrift(F::PairInPair), live),
        (Verdict::Delete(D::ProfileDeleted), held),
        (Verdict::Delete(D::AppNoDbIntent), void),
        (Verdict::Delete(D::AppNoTargetPackage), void),
        (Verdict::Delete(D::AppNoLaunchIntent), held),
        (Verdict::Delete(D::AppNotRestoredOrInstalled), held),
        (Verdict::Delete(D::AppNotInstalledExternalMedia), held),
        (Verdict::Delete(D::ShortcutNotFound), held),
        (Verdict::Delete(D::InvalidWidgetSize), void),
        (Verdict::Delete(D::InvalidWidgetContainer), live),
        (Verdict::Delete(D::NoSearchWidget), held),
        (Verdict::Delete(D::MissingWidgetProvider), held),
        (Verdict::Delete(D::InvalidWidgetId), held),
        (Verdict::Delete(D::InvalidCustomWidgetId), held),
        (Verdict::Delete(D::UnrestoredPendingWidget), held),
        (Verdict::Delete(D::UnspecifiedWidgetInflationResult), held),
        (Verdict::Delete(D::WidgetsDisabled), held),
        (Verdict::Delete(D::OverlappingItem), live),
        (Verdict::Zombie(F::UnknownType), opaque),
        (Verdict::Zombie(F::Unreadable), opaque),
        (Verdict::Zombie(F::AppPairsOff), unreadable),
        (Verdict::Zombie(F::IntentNumber(number)), unreadable),
        (Verdict::Zombie(F::SelectorSet), unreadable),
        (Verdict::Zombie(F::Unresolved), unreadable),
        (Verdict::Zombie(F::RestoreType(4)), unreadable),
        (Verdict::Zombie(F::ShortcutIdMissing), unreadable),
        (Verdict::Zombie(F::ProviderNull), unreadable),
        (Verdict::Zombie(F::ProviderMalformed), unreadable),
        (Verdict::Zombie(F::BindExtrasMissing), unreadable),
        (Verdict::Zombie(F::HotseatIndex { index: -1, length: 5 }), live),
        (Verdict::Zombie(F::PairInPair), live),
    ]
    .into_iter()
    .map(|(verdict, (state, deviation))| (verdict, state, deviation))
    .collect()
}

#[test]
fn every_verdict_has_its_fate() {
    for (verdict, state, deviation) in expected() {
        let fate = fate(verdict);
        assert_eq!((fate.state, fate.deviation), (state, deviation), "{verdict:?}");
    }
    let reasons =
        expected().into_iter().filter(|(verdict, ..)| matches!(verdict, Verdict::Delete(_))).count();
    assert_eq!(reasons, DeleteReason::ALL.len(), "a reason is missing here");
}

#[test]
fn no_verdict_deletes() {
    // LM-I1: of everything that Launcher3 deletes or skips, nothing is without a state in which it is kept and a reason.
    for (verdict, state, deviation) in expected() {
        assert_eq!(deviation.is_none(), state == State::Live, "{verdict:?}");
    }
}

#[test]
fn the_page_of_differences_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/safe-differences.md");
    let page = page();
    if std::env::var_os("FERRULE_BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the page can be read");
    assert_eq!(written, page, "run with FERRULE_BLESS=1 after a deliberate change");
}

#[test]
fn codes_are_distinct_and_of_one_kind() {
    for (place, deviation) in Deviation::ALL.into_iter().enumerate() {
        assert!(deviation.code().starts_with("LM_"));
        assert!(Deviation::ALL.into_iter().skip(place + 1).all(|other| other.code() != deviation.code()));
        let kinds = [deviation.is_state(), deviation.is_move(), deviation.is_effect()];
        assert!(kinds.into_iter().filter(|kind| *kind).count() <= 1, "{deviation:?}");
    }
}

fn page() -> String {
    let mut page = String::from(
        "# How the safe load differs from Launcher3\n\n\
         This page is generated from the table in `core/launcher-model/src/safe`; a test keeps both equal\n\
         (`FERRULE_BLESS=1 cargo test -p ferrule-launcher-model --test safe_table` writes it).\n\n\
         ## What a verdict of Launcher3 becomes\n\n\
         A verdict that is only about an item's place leaves it live: it is moved, see below.\n\n\
         | Launcher3 | code there | here | code here |\n|---|---|---|---|\n",
    );
    let mut lines: Vec<String> = Vec::new();
    for (verdict, ..) in expected() {
        let fate = fate(verdict);
        let line = format!(
            "| {} | `{}` | {} | {} |",
            verdict.as_str(),
            verdict.code(),
            fate.state.as_str(),
            fate.deviation.map_or("–".to_owned(), |deviation| format!("`{}`", deviation.code())),
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    page.push_str(&lines.join("\n"));
    page.push_str("\n\n## Every difference\n\n| code | Launcher3 | Ferrule |\n|---|---|---|\n");
    for deviation in Deviation::ALL {
        let (theirs, ours) = deviation.answers();
        writeln!(page, "| `{}` | {theirs} | {ours} |", deviation.code()).expect("a String takes text");
    }
    page.push_str("\nCauses, remedies and examples are in [codes.md](../codes.md).\n");
    page
}
