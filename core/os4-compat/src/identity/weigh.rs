//! The decision table of os4-compat 6.2, one branch a row, then the checks of SDK and letter.

use super::evidence::{Evidence, UiName};
use super::{Confidence, Family, Verdict};
use crate::incremental::{Incremental, System};
use crate::reason::{OsCode, Reason};

/// What all stamps together name.
struct StampMajors {
    /// HyperOS majors, V816 as 1.
    hyperos: Vec<u32>,
    /// The lowest MIUI major.
    miui: Option<u32>,
    /// An Android Go build is among them.
    go: bool,
    /// There are HyperOS stamps, and all are spelled V816.
    only_v816: bool,
    /// They do not all name the same.
    disagree: bool,
}

impl StampMajors {
    fn of(evidence: &Evidence<'_>) -> Self {
        let builds = || evidence.stamps.iter().map(|said| &said.value);
        let mut hyperos = Vec::new();
        let (mut miui, mut go) = (None::<u32>, false);
        for build in builds() {
            match build.system() {
                System::HyperOs(major) => hyperos.push(major),
                System::Miui(major) => miui = Some(miui.map_or(major, |lowest| lowest.min(major))),
                System::Go => go = true,
                System::Unnamed => {}
            }
        }
        let mut named = builds().map(Incremental::system).filter(|system| *system != System::Unnamed);
        let first = named.next();
        let disagree = named.any(|system| Some(system) != first);
        let mut of_hyperos = builds().filter(|build| matches!(build.system(), System::HyperOs(_)));
        let only_v816 = !hyperos.is_empty() && of_hyperos.all(Incremental::is_v816);
        Self { hyperos, miui, go, only_v816, disagree }
    }

    fn lowest_hyperos(&self) -> Option<u32> {
        self.hyperos.iter().copied().min()
    }
}

/// Applies the table, then the checks; pushes the reasons in the order of the rules.
pub(super) fn weigh(evidence: &Evidence<'_>, reasons: &mut Vec<Reason>) -> Verdict {
    let stamps = StampMajors::of(evidence);
    if stamps.disagree {
        reasons.push(Reason::new(OsCode::StampsDisagree, evidence.describe()));
    }
    let (code, verdict) = match Declared::of(evidence) {
        Some(declared) => weigh_declared(&declared, &stamps, evidence),
        None => weigh_undeclared(&stamps, evidence),
    };
    reasons.push(Reason::new(code, evidence.describe()));
    let verdict = check_sdk(verdict, evidence, reasons);
    check_letters(evidence, reasons);
    verdict
}

/// The majors that the declared keys name.
struct Declared {
    majors: Vec<u32>,
    lowest: u32,
    highest: u32,
}

impl Declared {
    fn of(evidence: &Evidence<'_>) -> Option<Self> {
        let majors: Vec<u32> = evidence.declared.iter().map(|said| said.value).collect();
        let (lowest, highest) = (*majors.iter().min()?, *majors.iter().max()?);
        Some(Self { majors, lowest, highest })
    }

    /// The one value that they agree on.
    fn agreed(&self) -> Option<u32> {
        (self.lowest == self.highest).then_some(self.lowest)
    }
}

/// The rows with something declared.
fn weigh_declared(declared: &Declared, stamps: &StampMajors, evidence: &Evidence<'_>) -> (OsCode, Verdict) {
    use Confidence::{High, Low, Medium};
    let hyperos = |major, confidence| Verdict::new(Family::HyperOs, Some(major), confidence);
    if evidence.foreign.is_some() {
        return (OsCode::DeclaredOverForeign, hyperos(declared.lowest, Low));
    }
    if let Some(miui) = stamps.miui {
        let verdict = Verdict::new(Family::Miui, Some(miui), Low).spoofed_if(true);
        return (OsCode::DeclaredOverMiui, verdict);
    }
    let Some(lowest_stamp) = stamps.lowest_hyperos() else {
        if stamps.go {
            return (OsCode::DeclaredOverGo, Verdict::new(Family::XiaomiGo, None, Low));
        }
        return match declared.agreed() {
            Some(major) => (OsCode::DeclaredOnly, hyperos(major, declared_only_confidence(evidence))),
            None => (OsCode::InconsistentLowest, hyperos(declared.lowest, Low)),
        };
    };
    let above_stamp = declared.highest > lowest_stamp;
    match declared.agreed() {
        Some(1) if stamps.only_v816 => (OsCode::V816ConfirmsOs1, hyperos(1, High)),
        Some(_) if stamps.only_v816 => (OsCode::DeclaredAboveV816, hyperos(1, Low).spoofed_if(true)),
        Some(major) if !stamps.disagree && lowest_stamp == major => {
            let confidence = if evidence.declared_incremental_malformed { Medium } else { High };
            (OsCode::StampConfirms, hyperos(major, confidence))
        }
        Some(major) => (OsCode::StampDiffers, hyperos(major.min(lowest_stamp), Low).spoofed_if(above_stamp)),
        // Stamps that contradict each other settle nothing.
        None if !stamps.disagree && declared.majors.contains(&lowest_stamp) => {
            (OsCode::InconsistentOneConfirmed, hyperos(lowest_stamp, Medium).spoofed_if(above_stamp))
        }
        None => {
            let lowest = declared.lowest.min(lowest_stamp);
            (OsCode::InconsistentLowest, hyperos(lowest, Low).spoofed_if(above_stamp))
        }
    }
}

/// Declared without any stamp: two keys, or an incremental whose letter fits the SDK, carry further than one.
fn declared_only_confidence(evidence: &Evidence<'_>) -> Confidence {
    let letter_fits = || {
        let range = evidence.declared_incremental?.value.sdk_range()?;
        evidence.sdk.map(|sdk| (range.0..=range.1).contains(&sdk))
    };
    let carries = evidence.declared.len() >= 2 || letter_fits() == Some(true);
    if carries { Confidence::Medium } else { Confidence::Low }
}

/// The rows with nothing declared.
fn weigh_undeclared(stamps: &StampMajors, evidence: &Evidence<'_>) -> (OsCode, Verdict) {
    use Confidence::{High, Low, Medium};
    let ui_name = evidence.ui_name.map(|said| said.value);
    let doubtful = stamps.disagree || evidence.foreign.is_some();
    let unless_doubtful = |confidence| if doubtful { Low } else { confidence };
    if let Some(miui) = stamps.miui {
        let confidence = if matches!(ui_name, Some(UiName::Miui(_))) { High } else { Medium };
        return (OsCode::StampOnly, Verdict::new(Family::Miui, Some(miui), unless_doubtful(confidence)));
    }
    if let Some(major) = stamps.lowest_hyperos() {
        return (OsCode::StampOnly, Verdict::new(Family::HyperOs, Some(major), unless_doubtful(Medium)));
    }
    if stamps.go {
        return (OsCode::GoBuild, Verdict::new(Family::XiaomiGo, None, unless_doubtful(Medium)));
    }
    match ui_name {
        Some(UiName::V816) => (OsCode::UiNameV816, Verdict::new(Family::HyperOs, None, Low)),
        Some(UiName::Miui(major)) => {
            (OsCode::UiNameMiui, Verdict::new(Family::Miui, Some(major), unless_doubtful(Medium)))
        }
        None => (OsCode::NoEvidence, Verdict::new(Family::Other, None, Low)),
    }
}

/// HyperOS n came with SDK 32+n to 34+n.
fn check_sdk(verdict: Verdict, evidence: &Evidence<'_>, reasons: &mut Vec<Reason>) -> Verdict {
    if let Some(raw) = &evidence.sdk_malformed {
        reasons.push(Reason::new(OsCode::SdkMalformed, raw.clone()));
    }
    let (Family::HyperOs, Some(major), Some(sdk)) = (verdict.family, verdict.major, evidence.sdk) else {
        return verdict;
    };
    let (lowest, highest) = (32 + major, 34 + major);
    let detail = || format!("sdk {sdk}, HyperOS {major} has {lowest} to {highest}");
    if sdk < lowest {
        reasons.push(Reason::new(OsCode::SdkBelowRange, detail()));
        let spoofed = verdict.spoofed || !evidence.declared.is_empty();
        return Verdict { confidence: Confidence::Low, spoofed, ..verdict };
    }
    if sdk > highest {
        reasons.push(Reason::new(OsCode::SdkAboveRange, detail()));
        return Verdict { confidence: verdict.confidence.min(Confidence::Medium), ..verdict };
    }
    verdict
}

/// A letter that does not fit is worth a reason and nothing more.
fn check_letters(evidence: &Evidence<'_>, reasons: &mut Vec<Reason>) {
    let stamp = evidence.stamps.first();
    let declared =
        evidence.declared_incremental.filter(|said| stamp.is_none_or(|stamp| stamp.raw != said.raw));
    for said in stamp.into_iter().chain(declared.as_ref()) {
        if let Some(letter) = said.value.android_letter().filter(|_| said.value.android().is_none()) {
            reasons.push(Reason::new(OsCode::LetterUnknown, format!("{}={}: {letter}", said.key, said.raw)));
        }
        let (Some((lowest, highest)), Some(sdk)) = (said.value.sdk_range(), evidence.sdk) else {
            continue;
        };
        if !(lowest..=highest).contains(&sdk) {
            let detail = format!("{}={}: sdk {lowest} to {highest}, not {sdk}", said.key, said.raw);
            reasons.push(Reason::new(OsCode::LetterSdkMismatch, detail));
        }
    }
}
