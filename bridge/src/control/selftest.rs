//! Hidden functions of the shipped library with which UniFFI's containment is tested: they fail on purpose.

use crate::error::{BridgeError, FerruleError, Kind};
use crate::panics;

/// For tests of the shipped library: panics with a formatted text. Of no other use.
#[uniffi::export]
#[expect(clippy::panic, reason = "the panic is what this function is for; UniFFI contains it")]
pub fn self_test_panic(number: u32) {
    panics::install_hook();
    panics::reported(|| panic!("self-test panic {number}"))
}

/// For tests of the shipped library: fails with each kind of error, 0 to 3. Of no other use.
#[uniffi::export]
pub fn self_test_error(number: u8) -> Result<(), FerruleError> {
    let kinds = [Kind::InvalidInput, Kind::StaleHandle, Kind::Storage, Kind::Internal];
    match kinds.get(usize::from(number)) {
        Some(kind) => Err(BridgeError::SelfTest { kind: *kind, number: number.into() }.into()),
        None => Ok(()),
    }
}
