//! Target `os_packed`: bytes as packed questions, runtime states and answers (docs/formats/os-packed.md).

use ferrule::os;
use ferrule::wire::{answer, request};

/// Decodes the input as each form; what decodes is written and read again, and a question is answered.
///
/// # Panics
/// When a property does not hold.
pub fn os_packed(data: &[u8]) {
    if let Ok(question) = request::decode(data) {
        let written = request::encode(&question);
        let again = request::decode(&written).expect("a written question reads back");
        assert_eq!(request::encode(&again), written, "the same question has the same bytes");
        assert_eq!(again.pairs, question.pairs, "no pair is lost");
        let bytes = os::decide(&question);
        assert_eq!(os::decide(&question), bytes, "the same question has the same answer");
        let decoded = answer::decode(&bytes).expect("every answer reads back");
        assert!(!(decoded.at_least_os4 && decoded.spoofed), "a spoof is never OS4");
        assert!(!decoded.reasons.is_empty(), "every answer has a reason");
    }
    if let Ok(observed) = request::decode_runtime(data) {
        let written = request::encode_runtime(&observed);
        let again = request::decode_runtime(&written).expect("a written runtime state reads back");
        assert_eq!(request::encode_runtime(&again), written, "the same state has the same bytes");
    }
    if let Ok(decoded) = answer::decode(data) {
        assert!(decoded.reasons.len() <= data.len() / 4, "reasons come out of bytes");
    }
}
