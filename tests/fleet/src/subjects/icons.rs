//! Look-ups of icons, with what was remembered and what the platform offered.

use ferrule_compare::icon::{self, Input, Remembered};
use ferrule_icon_cache::compare::Tolerance;
use ferrule_icon_cache::lookup::{Icon, Pixels, Rendered};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};

use super::Answered;
use crate::Draw;

/// What happened to the app before its icon was asked for.
pub const CLASSES: [&str; 5] = ["first look", "updated", "themed", "title only", "update without icon"];

/// Pixels a side: the arithmetic is the same for every size.
const SIDE: u32 = 8;

/// Asks about one icon.
pub fn ask(draw: &mut Draw, planted: bool) -> Answered {
    let class = *draw.one_of(&CLASSES);
    let app = draw.below(6) as u8;
    let wants = match class {
        "themed" => Variants::THEMED,
        "title only" => Variants::COLOUR,
        _ => Variants::ICON,
    };
    let remembered = (class != "first look").then(|| Remembered {
        label: format!("App {app}"),
        colour: 0xFF00_0000 | u32::from(app) << 8,
        flags: 0,
        plain: picture(100 + app),
        themed: Some(mono(app)),
    });
    let plain = match class {
        "update without icon" => Pixels::Default,
        _ => Pixels::Picture(picture(120 + app)),
    };
    let offered = Rendered {
        label: Some(format!("App {app}")),
        plain,
        themed: Pixels::Picture(mono(50 + app)),
        colour: 0xFF00_0000 | u32::from(app) << 8,
        ..Rendered::default()
    };
    let input = Input { package: format!("com.example.app{app}"), wants, remembered, offered };
    let right = icon::candidate(&input);
    let candidate = match planted {
        true => Icon { colour: right.colour ^ 0x10, pictures: vec![(Variant::Plain, picture(7))], ..right },
        false => right,
    };
    let legacy = icon::legacy_without(&input, &[]);
    let comparison = icon::compare(&input, &legacy, &candidate, Tolerance::RENDERED);
    Answered { class, input: format!("{class} {app}"), comparison }
}

fn picture(level: u8) -> Picture {
    let bytes = [level, 255 - level, level / 2, 255].repeat((SIDE * SIDE) as usize);
    Picture::new(SIDE, SIDE, Form::Rgba, bytes).expect("the bytes of its sides")
}

fn mono(level: u8) -> Picture {
    Picture::new(SIDE, SIDE, Form::Alpha, vec![level; (SIDE * SIDE) as usize])
        .expect("the bytes of its sides")
}
