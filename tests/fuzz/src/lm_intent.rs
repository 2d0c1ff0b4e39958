//! Target `lm_intent`: texts as intents.

use ferrule_launcher_model::intent::{Intent, percent_decode, percent_encode};

/// Reads the input as an intent in both ways, prints it and reads it again.
///
/// # Panics
/// When a property does not hold.
pub fn lm_intent(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    assert_eq!(percent_decode(&percent_encode(&text, "/")), text, "decoding undoes encoding");
    for result in [Intent::parse(&text), Intent::parse_intent_scheme(&text)] {
        match result {
            Err(error) => {
                assert!(error.offset <= text.len(), "a fault lies inside the text");
                assert!(error.index.is_none_or(|index| index <= text.encode_utf16().count()));
            }
            Ok(intent) => check_print(&intent),
        }
    }
}

fn check_print(intent: &Intent) {
    let printed = intent.to_uri();
    let data = intent.data.as_deref().unwrap_or_default();
    if data.contains('#') || data.starts_with("intent:") || data.starts_with("android-app:") {
        return; // reads differently the second time, on the platform, too
    }
    let again = Intent::parse(&printed);
    assert_eq!(again.map(|intent| intent.to_uri()), Ok(printed), "what was printed is printed again");
}
