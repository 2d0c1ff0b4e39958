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
    if !is_faithful(intent) {
        return;
    }
    let printed = intent.to_uri();
    let again = Intent::parse(&printed);
    assert_eq!(again.map(|intent| intent.to_uri()), Ok(printed), "what was printed is printed again");
}

/// Whether printing loses nothing that shows in the next print. On the platform, too, data with a fragment or with a
/// scheme that parsing takes apart, a component without class, and a selector beside a package are lost.
fn is_faithful(intent: &Intent) -> bool {
    let data = intent.data.as_deref().unwrap_or_default();
    let classless = intent.component.as_ref().is_some_and(|component| component.class.is_empty());
    let selector = intent.selector.as_deref();
    !(classless || data.contains('#') || data.starts_with("intent:") || data.starts_with("android-app:"))
        && selector.is_none_or(|selector| intent.package.is_none() && is_faithful(selector))
}
