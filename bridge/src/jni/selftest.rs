//! Hidden entries of the shipped library with which its containment is tested: they fail on purpose.
//!
//! What it is: panics and errors of each kind, a trip wire for any entry, and a native thread that logs. What it is not:
//! nothing here crashes the process (that is `tests/crashtest`), changes data, or is of use to a program.
//!
//! Invariant: whatever it does must arrive in Kotlin as one typed exception or as its result.

use jni::{Env, jni_str};

use super::entry;
use super::threads::spawn_attached;
use crate::error::{BridgeError, Kind};

/// Runs self-test `kind` with `argument`:
///
/// | kind | what happens |
/// |---|---|
/// | 0 | nothing; answers `argument` |
/// | 1 | panics with a literal text |
/// | 2 | panics with a formatted text that holds `argument` |
/// | 3 | panics with a payload that is no text |
/// | 4 | fails with the error kind `argument`: 0 invalid input … 4 internal |
/// | 5 | panics while an `IllegalStateException` is pending; that one arrives |
/// | 6 | fails while an `IllegalStateException` is pending; that one arrives |
/// | 7 | the next call of entry `argument` panics |
/// | 8 | logs 40 error lines from each of `argument` native threads, joined; answers how many ran |
/// | 9 | panics inside an attached native thread; answers 1 if that was contained there |
/// | 10 | panics with a text that modified UTF-8 spells in its own way |
///
/// # Errors
/// What was asked for, or `FFI_ARGUMENT_INVALID` for an unknown number.
#[expect(clippy::panic, reason = "panics are what this function is for; its caller contains them")]
pub fn run(env: &mut Env<'_>, kind: i32, argument: i32) -> Result<i64, BridgeError> {
    match kind {
        0 => Ok(argument.into()),
        1 => panic!("self-test panic"),
        2 => panic!("self-test panic {argument}"),
        3 => std::panic::panic_any(argument),
        4 => Err(BridgeError::SelfTest { kind: error_kind(argument)?, number: argument }),
        5 => {
            pend(env);
            panic!("self-test panic that must not hide the pending exception")
        }
        6 => {
            pend(env);
            Err(BridgeError::SelfTest { kind: Kind::Internal, number: argument })
        }
        7 => {
            let number = u32::try_from(argument).ok();
            entry::trip_next(number.ok_or(BridgeError::Argument { what: "entry", value: argument.into() })?);
            Ok(0)
        }
        8 => log_from_threads(env, argument),
        9 => {
            let body = |_: &mut Env<'_>| -> Result<(), BridgeError> { panic!("self-test panic in a thread") };
            let thread = spawn_attached(env.get_java_vm()?, "ferrule-selftest", body)?;
            Ok(i64::from(thread.join().is_err()))
        }
        10 => panic!("self-test panic of \u{1f4f1} and \0 {argument}"),
        _ => Err(BridgeError::Argument { what: "self-test", value: kind.into() }),
    }
}

fn error_kind(number: i32) -> Result<Kind, BridgeError> {
    let kinds = [Kind::InvalidInput, Kind::StaleHandle, Kind::Storage, Kind::Panic, Kind::Internal];
    kinds
        .into_iter()
        .find(|kind| kind.number() == number)
        .ok_or(BridgeError::Argument { what: "error kind", value: number.into() })
}

/// Leaves an exception pending, as a callback that threw would.
fn pend(env: &mut Env<'_>) {
    // A throw that worked answers `JavaException`, by the crate's convention.
    let _ = env
        .throw_new(jni_str!("java/lang/IllegalStateException"), jni_str!("self-test: thrown by a callback"));
}

fn log_from_threads(env: &mut Env<'_>, count: i32) -> Result<i64, BridgeError> {
    let mut threads = Vec::new();
    for number in 0..count.clamp(0, 64) {
        threads.push(spawn_attached(env.get_java_vm()?, "ferrule-selftest", move |_| {
            // More than the local references that a thread may hold: each line gives its own back.
            for line in 0..40 {
                tracing::error!(target: "ferrule::selftest", number, line, "line of a native thread");
            }
            Ok(())
        })?);
    }
    // Joined before anything is judged: no thread outlives the call, whatever another one did.
    let outcomes: Vec<_> = threads.into_iter().map(std::thread::JoinHandle::join).collect();
    Ok(outcomes.iter().filter(|outcome| matches!(outcome, Ok(Ok(())))).count() as i64)
}
