//! Phones with their properties, as `getprop` tells them.

use ferrule_compare::os::{self, Answer, Phone};
use ferrule_os4_compat::{DeviceFacts, PropertyMap};

use super::Answered;
use crate::Draw;

/// Families of phones; the last one is a phone that declares more than it is.
pub const CLASSES: [&str; 6] = ["hyperos1", "hyperos2", "hyperos3", "os4", "aosp", "spoofed"];

/// Asks about one phone.
pub fn ask(draw: &mut Draw, planted: bool) -> Answered {
    let class = *draw.one_of(&CLASSES);
    let build = draw.below(9) + 1;
    let properties = properties(class, build);
    let phone = Phone {
        properties: PropertyMap::from_pairs(properties.iter().map(|(name, value)| (*name, value.as_str()))),
        device: DeviceFacts { ram_gib: Some(8), ..DeviceFacts::default() },
        ..Phone::default()
    };
    let right = os::candidate(&phone);
    let candidate = if planted { Answer { major: Some(9), ..right } } else { right };
    let comparison = os::compare(&phone, &os::legacy_without(&phone, &[]), &candidate);
    Answered { class, input: format!("{properties:?}"), comparison }
}

fn properties(class: &str, build: u64) -> Vec<(&'static str, String)> {
    let hyper = |major: u32, sdk: u32| {
        vec![
            ("ro.product.manufacturer", "Xiaomi".to_owned()),
            ("ro.mi.os.version.code", major.to_string()),
            ("ro.mi.os.version.name", format!("OS{major}.0")),
            ("ro.build.version.incremental", format!("OS{major}.0.{build}.0.VZZCNXM")),
            ("ro.build.version.sdk", sdk.to_string()),
        ]
    };
    match class {
        "hyperos1" => hyper(1, 34),
        "hyperos2" => hyper(2, 35),
        "hyperos3" => hyper(3, 36),
        "os4" => hyper(4, 36),
        "aosp" => vec![
            ("ro.product.manufacturer", "Google".to_owned()),
            ("ro.build.version.incremental", format!("1234567{build}")),
            ("ro.build.version.sdk", "35".to_owned()),
        ],
        _ => {
            let mut properties = hyper(2, 35);
            properties[1].1 = "4".to_owned();
            properties[2].1 = "OS4.0".to_owned();
            properties
        }
    }
}
