//! Laws of reading and printing intents, on random texts and random intents.

use ferrule_launcher_model::intent::{
    Bounds, ComponentName, Extra, HashOrdered, Intent, Text, java_hash, percent_decode, percent_encode,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Texts that look like intents often enough to get past the first character.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("#Intent;"),
        Just("end"),
        Just(";"),
        Just("="),
        Just("#"),
        Just("SEL;"),
        Just("action="),
        Just("S."),
        Just("i."),
        Just("c.k="),
        Just("f.k=1"),
        Just("launchFlags=0x"),
        Just("sourceBounds=1 2 3 4"),
        Just("component=a/.B"),
        Just("scheme=x"),
        Just("package=p"),
        Just("intent:"),
        Just("android-app://"),
        Just("/"),
        Just("%"),
        Just("%C3"),
        Just("%zz"),
        Just("action("),
        Just("extras("),
        Just("Sk=v!"),
        Just(")"),
        Just("!"),
        Just("é"),
        Just("😀"),
        Just("１"),
        Just("9"),
        Just("\0"),
    ];
    prop_oneof![vec(piece, 0..24).prop_map(|pieces| pieces.concat()), any::<String>(),]
}

fn extras() -> impl Strategy<Value = Extra> {
    prop_oneof![
        any::<String>().prop_map(|text| Extra::String(text.into())),
        any::<bool>().prop_map(Extra::Boolean),
        any::<i8>().prop_map(Extra::Byte),
        any::<char>().prop_filter("one unit", |c| c.len_utf16() == 1).prop_map(|c| Extra::Char(c as u16)),
        any::<f64>().prop_map(Extra::Double),
        any::<f32>().prop_map(Extra::Float),
        any::<i32>().prop_map(Extra::Int),
        any::<i64>().prop_map(Extra::Long),
        any::<i16>().prop_map(Extra::Short),
    ]
}

/// Intents that a text can carry: an action, data without a fragment or a scheme of our own, a component whose parts a
/// slash can part, no grant flags.
fn intents() -> impl Strategy<Value = Intent> {
    let component = ("[a-z.]{1,8}", "[A-Za-z$é][A-Za-z.$é]{0,12}");
    let fields = (
        any::<String>(),
        of("[a-z]{1,5}:[^#]{0,20}"),
        of(any::<String>()),
        of(any::<String>()),
        of(any::<String>()),
        of(component),
    );
    let rest = (
        vec(any::<String>(), 0..5),
        any::<i32>(),
        any::<i32>(),
        of(any::<[i32; 4]>()),
        vec((any::<String>(), extras()), 0..6),
    );
    (fields, rest).prop_map(
        |(
            (action, data, mime_type, identifier, package, component),
            (categories, flags, extended_flags, bounds, extras),
        )| {
            Intent {
                action: Some(action.into()),
                data: data.filter(|data| !data.starts_with("intent:")).map(Text::from),
                mime_type: mime_type.map(Text::from),
                identifier: identifier.map(Text::from),
                package: package.map(Text::from),
                component: component.map(|(package, class)| ComponentName::new(package, class)),
                categories: HashOrdered::from_pairs(
                    categories.into_iter().map(|name| (name.into(), ())).collect(),
                ),
                flags: flags & !0xC3,
                extended_flags,
                source_bounds: bounds.map(|[left, top, right, bottom]| Bounds { left, top, right, bottom }),
                extras: HashOrdered::from_pairs(
                    extras.into_iter().map(|(key, extra)| (key.into(), extra)).collect(),
                ),
                selector: None,
            }
        },
    )
}

proptest! {
    #[test]
    fn no_text_panics_and_faults_lie_inside_it(text in texts()) {
        for result in [Intent::parse(&text), Intent::parse_intent_scheme(&text)] {
            if let Err(error) = result {
                prop_assert!(error.offset <= text.len());
                prop_assert!(error.index.is_none_or(|index| index <= text.encode_utf16().count()));
            }
        }
    }

    /// What was printed is printed again. Data with a fragment, or with a scheme that parsing takes apart, may read
    /// differently the second time; so may a component without class, which the old form alone can name, and a selector
    /// beside the package of an app URI. So they do on the platform.
    #[test]
    fn printing_is_stable(text in texts()) {
        if let Ok(intent) = Intent::parse(&text) {
            let data = intent.data.clone().unwrap_or_default();
            prop_assume!(intent.selector.is_none() || intent.package.is_none());
            prop_assume!(intent.component.as_ref().is_none_or(|component| !component.class.is_empty()));
            prop_assume!(!data.contains('#') && !data.starts_with("intent:") && !data.starts_with("android-app:"));
            let printed = intent.to_uri();
            let again = Intent::parse(&printed);
            prop_assert_eq!(again.map(|intent| intent.to_uri()), Ok(printed));
        }
    }

    #[test]
    fn what_a_text_can_carry_comes_back(intent in intents(), selector in of(intents())) {
        let selector = selector.map(|selector| Box::new(Intent {
            // Of a selector's data only the scheme survives (I6).
            data: selector.scheme().map(|scheme| Text::from(format!("{scheme}:"))),
            ..selector
        }));
        let intent = Intent { selector: selector.filter(|_| intent.package.is_none()), ..intent };
        prop_assert_eq!(Intent::parse(&intent.to_uri()), Ok(intent));
    }

    #[test]
    fn the_intent_scheme_says_the_same(intent in intents()) {
        let text = intent.to_intent_scheme_uri();
        prop_assert!(text.starts_with("intent:"));
        prop_assert_eq!(Intent::parse_intent_scheme(&text), Ok(intent));
    }

    #[test]
    fn decoding_undoes_encoding(text in any::<String>()) {
        let encoded = percent_encode(&text, "/");
        prop_assert_eq!(percent_decode(&encoded), text);
    }

    #[test]
    fn maps_are_in_hash_order(keys in vec(any::<String>(), 0..40)) {
        let map = HashOrdered::from_pairs(keys.into_iter().map(|key| (key.into(), ())).collect());
        let hashes: Vec<i32> = map.keys().map(java_hash).collect();
        prop_assert!(hashes.is_sorted());
    }
}

/// A key without `=` reaches to the next one, so a text can ask for the square of its length; it is refused instead.
#[test]
fn hostile_texts_are_refused_not_decoded() {
    let text = format!("#Intent;{}S.k=v;end", "S.aaaaaaaaaaaaaaa;".repeat(40_000));
    let error = Intent::parse(&text).unwrap_err();
    assert_eq!(error.code(), "LM_INTENT_OVERSIZE");
    let error = Intent::parse(&"x".repeat(3 << 20)).unwrap_err();
    assert_eq!(error.code(), "LM_INTENT_OVERSIZE");
    let many: String = (0..60_000).map(|n| format!("i.k{n}={n};")).collect();
    assert_eq!(Intent::parse(&format!("#Intent;{many}end")).unwrap().extras.len(), 60_000);
}
