//! Target `ic_wire`: bytes as packed look-ups of icons, answers, and what a provider drew (docs/formats/icons-packed.md).

use ferrule::wire::icons::{answer, drawn, question};

/// Decodes the input as each form; what decodes is written and read again.
///
/// # Panics
/// When a property does not hold.
pub fn ic_wire(data: &[u8]) {
    if let Ok(requests) = question::decode(data) {
        let written = question::encode(&requests);
        assert_eq!(
            question::decode(&written).expect("written look-ups read back"),
            requests,
            "nothing is lost"
        );
    }
    if let Ok(drawn) = drawn::decode(data) {
        let written = drawn::encode(&drawn);
        assert_eq!(drawn::decode(&written).expect("a written drawing reads back"), drawn, "nothing is lost");
    }
    if let Ok(answers) = answer::decode(data) {
        assert!(answers.len() <= data.len() / 28, "answers come out of bytes");
    }
}
