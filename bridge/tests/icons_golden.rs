//! Golden bytes of the packed icons, the same files that the Kotlin tests read (`tests/golden`), and what hostile bytes do.
//!
//! A change of these files is a change of the format: run with `FERRULE_BLESS=1` to write them, and explain it in
//! docs/formats/icons-packed.md.

#![expect(clippy::unwrap_used, reason = "a test, also outside of its functions")]

use std::path::PathBuf;

use ferrule::wire::WireError;
use ferrule::wire::icons::{answer, drawn, question};
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::{
    Icon, Kind, Pixels, Place, Placed, ProviderError, Rendered, Request, Tier, Undrawn,
};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::validity::{Token, Tokens};

fn golden(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name);
    if std::env::var_os("FERRULE_BLESS").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name} differs; see the head of this file");
}

fn tokens() -> Tokens {
    Tokens { label: Token::new("de,en 35"), pixels: Token::new("kreis ● 35") }
}

/// Every level and every flag, names that are not ASCII, no key at all.
fn questions() -> Vec<Request> {
    let key = |package: &str, class: &str, profile| {
        IconKey::new(Component::new(package, class), ProfileSerial(profile))
    };
    vec![
        Request {
            expected: Some(tokens()),
            use_package: true,
            skip_memory: true,
            ..Request::new(key("com.camera", ".Main", 0), Variants::THEMED)
        },
        Request::new(key("com.\u{1f4f1}", "ä.Б", -10), Variants::ICON),
        Request { skip_memory: true, ..Request::new(key("com.a", "com.a.", i64::MAX), Variants::DARK) },
        Request { key: None, ..Request::new(key("x", "y", 0), Variants::COLOUR) },
    ]
}

fn icon(label: &str, kind: Kind, tier: Tier) -> Icon {
    Icon { label: label.into(), colour: 0xFF12_3456, flags: 0x11, kind, tier, ..Icon::blank() }
}

/// Every kind, a few tiers, every flag; pictures of two levels; a slot that was too small.
fn answers() -> Vec<Placed> {
    let place = |variant, at| Place { variant, width: 192, height: 190, at };
    vec![
        Placed {
            icon: icon("Kamera \u{1f4f1}", Kind::Icon, Tier::Store),
            places: vec![place(Variant::Plain, 0), place(Variant::Themed, 192 * 190 * 4)],
            needed: None,
        },
        Placed {
            icon: Icon { label_stale: true, pixels_stale: true, ..icon("Б", Kind::Icon, Tier::Package) },
            places: vec![place(Variant::Dark, 0)],
            needed: None,
        },
        Placed { icon: icon("", Kind::Blank, Tier::Nothing), places: Vec::new(), needed: None },
        Placed { icon: icon("", Kind::Default, Tier::Provider), places: Vec::new(), needed: None },
        Placed { icon: icon("Farbe", Kind::Colour, Tier::Memory), places: Vec::new(), needed: None },
        Placed { icon: icon("Groß", Kind::Icon, Tier::Memory), places: Vec::new(), needed: Some(147_456) },
    ]
}

fn packed(answers: &[Placed]) -> Vec<u8> {
    let mut out = answer::Answers::new(answers.len());
    answers.iter().for_each(|placed| out.push(placed));
    out.finish()
}

/// Every text, a picture, its monochrome form, no dark one.
fn rendered() -> Rendered {
    let plain = Picture::new(2, 1, Form::Rgba, [1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    let themed = Picture::new(2, 1, Form::Alpha, [9, 10]).unwrap();
    Rendered {
        label: Some("Kamera \u{1f4f1}".to_owned()),
        plain: Pixels::Picture(plain),
        themed: Pixels::Live(themed),
        dark: Pixels::Absent,
        colour: 0xFF12_3456,
        flags: 0x12,
        tokens: Some(tokens()),
        provider: "com.pack".to_owned(),
    }
}

#[test]
fn questions_have_their_golden_bytes() {
    let bytes = question::encode(&questions());
    golden("icons-question.bin", &bytes);
    assert_eq!(question::decode(&bytes).unwrap(), questions());
    assert!(question::decode_one(&bytes).is_err(), "one look-up is a list of one");
}

#[test]
fn answers_have_their_golden_bytes() {
    let bytes = packed(&answers());
    golden("icons-answer.bin", &bytes);
    let read = answer::decode(&bytes).unwrap();
    for ((icon, variants, needed), placed) in read.iter().zip(&answers()) {
        assert_eq!(*icon, placed.icon);
        assert_eq!(*variants, placed.places.iter().map(|place| place.variant).collect::<Vec<_>>());
        assert_eq!(*needed as usize, placed.needed.unwrap_or(0));
    }
    assert_eq!(read.len(), answers().len());
}

#[test]
fn why_the_provider_was_not_heard_is_a_bit_of_the_state() {
    for (undrawn, bit) in [(Undrawn::Hangs, 8), (Undrawn::Refused, 16)] {
        let icon =
            Icon { undrawn: Some(undrawn), label_stale: true, ..icon("", Kind::Default, Tier::Nothing) };
        let bytes = answer::encode_one(&Placed { icon: icon.clone(), places: Vec::new(), needed: None });
        assert_eq!(bytes[16 + 10], 1 | bit);
        assert_eq!(answer::decode(&bytes).unwrap()[0].0, icon);
    }
}

#[test]
fn what_was_drawn_has_its_golden_bytes() {
    let bytes = drawn::encode(&Ok(rendered()));
    golden("icons-drawn.bin", &bytes);
    assert_eq!(drawn::decode(&bytes).unwrap(), Ok(rendered()));
    let failed = Err(ProviderError("java.lang.IllegalStateException".to_owned()));
    assert_eq!(drawn::decode(&drawn::encode(&failed)).unwrap(), failed);
    let nothing = Ok(Rendered::default());
    assert_eq!(drawn::decode(&drawn::encode(&nothing)).unwrap(), nothing);
}

/// Reads bytes as one form; whether they are.
type Reads = fn(&[u8]) -> Result<(), WireError>;

const FORMS: [(&str, Reads); 3] = [
    ("question", |bytes| question::decode(bytes).map(drop)),
    ("answer", |bytes| answer::decode(bytes).map(drop)),
    ("drawn", |bytes| drawn::decode(bytes).map(drop)),
];

fn samples() -> [Vec<u8>; 3] {
    [question::encode(&questions()), packed(&answers()), drawn::encode(&Ok(rendered()))]
}

#[test]
fn every_cut_is_refused_and_so_is_every_byte_too_many() {
    for ((name, reads), bytes) in FORMS.iter().zip(samples()) {
        for end in 0..bytes.len() {
            assert!(reads(&bytes[..end]).is_err(), "{name} cut at {end}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(reads(&longer).is_err(), "{name}");
    }
}

#[test]
fn every_flipped_byte_is_read_or_refused() {
    for ((_, reads), bytes) in FORMS.iter().zip(samples()) {
        for at in 0..bytes.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut hostile = bytes.clone();
                hostile[at] ^= flip;
                let _ = reads(&hostile);
            }
        }
    }
}

#[test]
fn a_newer_format_is_named_and_a_longer_header_is_read() {
    for ((name, reads), bytes) in FORMS.iter().zip(samples()) {
        let mut newer = bytes.clone();
        newer[4] = 2;
        assert_eq!(reads(&newer).unwrap_err().code(), "FFI_FORMAT_TOO_NEW", "{name}");
        let header = usize::from(bytes[6]);
        let mut longer = bytes.clone();
        longer.splice(header..header, [0xaa; 8]);
        longer[6] += 8;
        let total = u32::try_from(longer.len()).unwrap().to_le_bytes();
        longer[8..12].copy_from_slice(&total);
        assert_eq!(reads(&longer), Ok(()), "{name} with 8 bytes that we do not know");
    }
}

#[test]
fn counts_and_sides_that_lie_are_refused() {
    let mut many = question::encode(&questions());
    many[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(question::decode(&many).unwrap_err().code(), "FFI_PACKED_MALFORMED");
    let mut wide = drawn::encode(&Ok(rendered()));
    wide[42..44].copy_from_slice(&1_025_u16.to_le_bytes());
    assert_eq!(drawn::decode(&wide).unwrap_err().code(), "FFI_PACKED_MALFORMED");
    let mut flagged = question::encode(&questions());
    flagged[17] |= 0x80;
    assert_eq!(question::decode(&flagged).unwrap_err().code(), "FFI_PACKED_MALFORMED");
}
