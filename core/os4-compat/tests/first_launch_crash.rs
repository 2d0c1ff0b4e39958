//! The first launch on a disk that is cut off at every byte, damaged in every byte, and shared by two processes.
//!
//! What must hold whatever happens (os4-compat 6.6, contracts 2): never more than three deliveries, none after a
//! durable acknowledgement, none for an OS that is not established, and at least one before the acknowledgement.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, not only tests"
)]

mod sim;

use std::cell::RefCell;
use std::rc::Rc;

use ferrule_os4_compat::FirstLaunch;
use ferrule_os4_compat::first_launch::slots::{FILE_BYTES, SLOT_BYTES, SLOT_STRIDE_BYTES, load};
use ferrule_os4_compat::first_launch::{Answer, Delivery, Kind, Loaded, State, decide};
use sim::{Disk, Fault, Opener, SharedDisk, Torn, start};

const SLOT_OFFSETS: [usize; 2] = [0, SLOT_STRIDE_BYTES];

fn delivery(answer: Answer) -> Option<Delivery> {
    match answer {
        Answer::Deliver(delivery) => Some(delivery),
        _ => None,
    }
}

/// One start in a process of its own. What a process that died was about to answer was never delivered.
fn run(disk: &SharedDisk, major: u8, fault: Option<Fault>, acknowledge: bool) -> (Option<Delivery>, bool) {
    let opener = Opener::new(disk, fault);
    let dead = opener.death();
    let mut first_launch = FirstLaunch::new(opener);
    let answer = first_launch.start(&start(major, 1)).answer;
    let delivered = delivery(answer).filter(|_| !*dead.borrow());
    let acknowledged = acknowledge && delivered.is_some() && first_launch.acknowledge().is_ok();
    (delivered, acknowledged)
}

fn is_done(disk: &SharedDisk) -> bool {
    let loaded = load(disk.borrow().file.as_deref());
    matches!(loaded, Loaded::Record(record) if matches!(record.state, State::Done { .. }))
}

fn every_tear() -> impl Iterator<Item = Torn> {
    (0..=SLOT_BYTES).flat_map(|count| [Torn::Prefix(count), Torn::Suffix(count)])
}

/// After one death anywhere in arming or acknowledging, at any byte: at least one delivery, at most two, and an end.
#[test]
fn one_death_at_any_byte_of_any_operation_loses_nothing_and_repeats_at_most_once() {
    let mut struck = 0;
    for history in [&[4][..], &[3, 4], &[3, 3, 4], &[2, 3, 4, 5]] {
        for operation in 0..4 {
            for torn in every_tear() {
                let disk = SharedDisk::default();
                let fault = Fault { operation, torn, dies: true };
                let (last, before) = history.split_last().unwrap();
                let mut delivered = Vec::new();
                let mut acknowledged = false;
                for major in before {
                    let (seen, done) = run(&disk, *major, None, true);
                    delivered.extend(seen);
                    acknowledged |= done;
                }
                // From here on the history repeats its last OS; the first of these starts dies.
                for fault in [Some(fault), None, None, None, None] {
                    let (seen, done) = run(&disk, *last, fault, true);
                    struck += usize::from(fault.is_some() && !done);
                    assert!(!acknowledged || seen.is_none(), "delivered after the acknowledgement");
                    delivered.extend(seen);
                    acknowledged |= done;
                }
                assert!((1..=2).contains(&delivered.len()), "{history:?} {fault:?}: {delivered:?}");
                assert!(delivered.is_sorted_by_key(|delivery| delivery.attempt));
                assert!(delivered.iter().all(|delivery| delivery.kind == delivered[0].kind));
                assert!(is_done(&disk), "{history:?} {fault:?}");
            }
        }
    }
    assert!(struck > 1_000, "the faults strike: {struck}");
}

/// A write that fails without killing the process: nothing is delivered by that start, whatever reached the medium.
#[test]
fn failed_write_delivers_nothing() {
    for before in [None, Some(3)] {
        for operation in 0..2 {
            for torn in every_tear() {
                let disk = SharedDisk::default();
                if let Some(major) = before {
                    run(&disk, major, None, true);
                } else if operation > 0 {
                    continue; // a first arming is one create
                }
                let (delivered, _) = run(&disk, 4, Some(Fault { operation, torn, dies: false }), true);
                assert_eq!(delivered, None, "{before:?} {operation} {torn:?}");
                let (delivered, acknowledged) = run(&disk, 4, None, true);
                assert!(delivered.is_some() && acknowledged);
            }
        }
    }
}

/// An acknowledgement whose write fails can be tried again in the same process.
#[test]
fn failed_acknowledgement_can_be_repeated() {
    let disk = SharedDisk::default();
    let fault = Fault { operation: 1, torn: Torn::Prefix(100), dies: false };
    let mut first_launch = FirstLaunch::new(Opener::new(&disk, Some(fault)));
    assert!(delivery(first_launch.start(&start(4, 1)).answer).is_some());
    assert!(first_launch.acknowledge().is_err());
    assert!(first_launch.acknowledge().is_ok());
    assert!(first_launch.acknowledge().is_err(), "there is nothing to acknowledge twice");
    assert_eq!(run(&disk, 4, None, true), (None, false));
}

fn file_after(majors: &[u8], acknowledge: bool) -> Vec<u8> {
    let disk = SharedDisk::default();
    for major in majors {
        run(&disk, *major, None, acknowledge);
    }
    let file = disk.borrow().file.clone();
    file.unwrap()
}

/// Every bit of the file in every state: a damaged slot does not count, anything else changes nothing.
#[test]
fn every_flipped_bit_falls_back_to_the_other_slot() {
    let files = [
        file_after(&[3], true),
        file_after(&[4], false),
        file_after(&[3, 4], false),
        file_after(&[3, 4, 4], false),
        file_after(&[3, 4, 4, 4], false),
        file_after(&[3, 4, 4, 4, 4], false),
        file_after(&[3, 4], true),
        file_after(&[3, 4, 5], true),
    ];
    for file in files {
        assert_eq!(file.len(), FILE_BYTES);
        let without = SLOT_OFFSETS.map(|offset| {
            let mut file = file.clone();
            file[offset..offset + SLOT_BYTES].fill(0xEE);
            load(Some(&file))
        });
        for index in 0..file.len() {
            for bit in 0..8 {
                let mut damaged = file.clone();
                damaged[index] ^= 1 << bit;
                let hit =
                    SLOT_OFFSETS.iter().position(|offset| (*offset..offset + SLOT_BYTES).contains(&index));
                let expected = hit.map_or_else(|| load(Some(&file)), |slot| without[slot].clone());
                assert_eq!(load(Some(&damaged)), expected, "byte {index}, bit {bit}");
            }
        }
    }
}

/// Damage of any kind ends: within three deliveries, and then for good.
#[test]
fn every_flipped_byte_comes_to_an_end() {
    for (majors, acknowledge) in [(&[3, 4][..], false), (&[3, 4, 4, 4], false), (&[3, 4], true), (&[4], true)]
    {
        let file = file_after(majors, acknowledge);
        for index in (0..SLOT_BYTES).chain(SLOT_STRIDE_BYTES..FILE_BYTES) {
            let mut damaged = file.clone();
            damaged[index] ^= 0x40;
            let disk = Disk::with_file(damaged);
            let mut attempts = Vec::new();
            for _ in 0..5 {
                attempts.extend(run(&disk, 4, None, false).0.map(|delivery| delivery.attempt));
            }
            assert!(attempts.len() <= 3 && attempts.is_sorted(), "byte {index}: {attempts:?}");
            assert_eq!(run(&disk, 4, None, false).0, None);
            assert!(is_done(&disk), "byte {index}");
        }
    }
}

/// A file of any length that was cut short or never filled: suppressed, marked done, silent from then on.
#[test]
fn truncated_and_blank_files_recover_once() {
    let whole = file_after(&[3, 4], false);
    for len in (0..SLOT_BYTES).chain([SLOT_BYTES, 4096, 4200, FILE_BYTES - 1]) {
        for file in [whole[..len].to_vec(), vec![0; len]] {
            let readable = matches!(load(Some(&file)), Loaded::Record(_));
            let disk = Disk::with_file(file);
            let answer = |major| FirstLaunch::new(Opener::new(&disk, None)).start(&start(major, 1)).answer;
            if !readable {
                assert_eq!(answer(4), Answer::Recovered, "{len}");
                assert_eq!(answer(4), Answer::Nothing, "{len}");
                assert_eq!(answer(5), Answer::Nothing, "{len}");
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// OS3 starts.
    Old,
    /// OS4 starts and whatever it shows is acknowledged.
    Acknowledged,
    /// OS5 starts, likewise.
    Later,
    /// OS4 starts and the process dies before the acknowledgement.
    DiesBeforeAcknowledging,
    /// OS4 starts and the process dies inside its first write.
    DiesInWrite,
    /// OS4 starts and dies inside the write of the acknowledgement.
    DiesInAcknowledgement,
    /// OS4 starts and its write fails.
    WriteFails,
    /// Something that claims OS4 starts and is not believed.
    Untrusted,
}

const STEPS: [Step; 8] = [
    Step::Old,
    Step::Acknowledged,
    Step::Later,
    Step::DiesBeforeAcknowledging,
    Step::DiesInWrite,
    Step::DiesInAcknowledgement,
    Step::WriteFails,
    Step::Untrusted,
];

/// What an observer who knows nothing of the record has seen.
#[derive(Debug, Clone, Default)]
struct Seen {
    starts_on_4: u8,
    last_attempt: u8,
    deliveries: u8,
    acknowledged: bool,
    kind: Option<Kind>,
    old_before: bool,
}

fn take(step: Step, disk: &SharedDisk, seen: &mut Seen) {
    let write = |operation, dies| Some(Fault { operation, torn: Torn::Prefix(90), dies });
    // The acknowledgement is the operation after arming: a create, or a write and a sync.
    let acknowledgement = if disk.borrow().file.is_none() { 1 } else { 2 };
    let (major, fault, acknowledge) = match step {
        Step::Old => (3, None, true),
        Step::Acknowledged => (4, None, true),
        Step::Later => (5, None, true),
        Step::DiesBeforeAcknowledging => (4, None, false),
        Step::DiesInWrite => (4, write(0, true), true),
        Step::DiesInAcknowledgement => (4, write(acknowledgement, true), true),
        Step::WriteFails => (4, write(0, false), true),
        Step::Untrusted => (0, None, true),
    };
    let before = disk.borrow().file.clone();
    let (delivered, acknowledged) = run(disk, major, fault, acknowledge);
    match step {
        Step::Old => {
            assert_eq!(delivered, None);
            seen.old_before |= seen.starts_on_4 == 0;
        }
        Step::Untrusted => {
            assert_eq!((delivered, &before), (None, &disk.borrow().file), "not believed, not written");
        }
        _ => {
            let must = !seen.acknowledged
                && seen.starts_on_4 < 3
                && !matches!(step, Step::DiesInWrite | Step::WriteFails);
            seen.starts_on_4 = seen.starts_on_4.saturating_add(1);
            assert!(delivered.is_some() || !must, "at least once before the acknowledgement");
        }
    }
    if let Some(delivery) = delivered {
        assert!(!seen.acknowledged, "never after the acknowledgement");
        assert!(delivery.attempt > seen.last_attempt, "attempts grow");
        let kind = *seen.kind.get_or_insert(delivery.kind);
        assert_eq!(kind, delivery.kind, "the kind stays");
        assert_eq!(kind, if seen.old_before { Kind::Upgrade { from: 3 } } else { Kind::Fresh });
        seen.last_attempt = delivery.attempt;
        seen.deliveries += 1;
    }
    seen.acknowledged |= acknowledged;
    assert!(seen.deliveries <= 3, "at most three deliveries");
}

fn explore(disk: &Disk, seen: &Seen, depth: usize, history: &mut Vec<Step>, visited: &mut usize) {
    if depth == 0 {
        return;
    }
    for step in STEPS {
        let disk = Rc::new(RefCell::new(disk.clone()));
        let mut seen = seen.clone();
        history.push(step);
        take(step, &disk, &mut seen);
        *visited += 1;
        explore(&disk.borrow(), &seen, depth - 1, history, visited);
        history.pop();
    }
}

/// All 299,592 histories of up to six steps.
#[test]
fn every_short_history_keeps_the_promises() {
    let mut visited = 0;
    explore(&Disk::default(), &Seen::default(), 6, &mut Vec::new(), &mut visited);
    assert_eq!(visited, (1..=6).map(|depth| 8_usize.pow(depth)).sum::<usize>());
}

/// Two live processes in every order of six moves: one delivery at a time, three at most, none after the end.
#[test]
fn two_processes_interleaved_never_deliver_side_by_side() {
    const MOVES: usize = 6;
    for schedule in 0..6_usize.pow(MOVES as u32) {
        let disk = SharedDisk::default();
        let open = || FirstLaunch::new(Opener::new(&disk, None));
        let mut processes = [open(), open()];
        let mut delivering = [false; 2];
        let (mut deliveries, mut acknowledged) = (0, false);
        for position in 0..MOVES {
            let digit = schedule / 6_usize.pow(position as u32) % 6;
            let (who, action) = (digit % 2, digit / 2);
            match action {
                0 => {
                    if delivery(processes[who].start(&start(4, 1)).answer).is_some() {
                        assert!(!delivering[1 - who] && !acknowledged, "schedule {schedule}");
                        delivering[who] = true;
                        deliveries += 1;
                    }
                }
                1 => {
                    let done = processes[who].acknowledge().is_ok();
                    assert_eq!(done, delivering[who]);
                    acknowledged |= done;
                    delivering[who] = false;
                }
                _ => {
                    processes[who] = open();
                    delivering[who] = false;
                }
            }
        }
        assert!(deliveries <= 3, "schedule {schedule}");
    }
}

/// The machine alone, without a storage: what is decided is what the loaded record says, whoever loads it.
#[test]
fn decisions_are_pure() {
    let loaded = load(Some(&file_after(&[3], true)));
    assert_eq!(decide(&loaded, &start(4, 1)), decide(&loaded, &start(4, 1)));
    let wanted = Delivery { kind: Kind::Upgrade { from: 3 }, attempt: 1 };
    assert_eq!(decide(&loaded, &start(4, 1)).answer, Answer::Deliver(wanted));
}
