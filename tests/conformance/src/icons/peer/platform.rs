//! The platform of a case: apps, shortcuts and objects, and what is drawn of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::{Pixels, Provider, ProviderError, Rendered, Want};
use ferrule_icon_cache::picture::{Form, Picture, Variant};
use ferrule_icon_cache::session::Named;
use ferrule_icon_cache::validity::Tokens;
use serde_json::Value;

/// What the case says is there now.
#[derive(Default)]
pub struct World {
    pub apps: BTreeMap<(String, i64), Value>,
    pub shortcuts: BTreeMap<(String, String, i64), Value>,
    pub objects: Vec<Value>,
    pub locale: String,
    pub pack: String,
    pub throws: bool,
    /// Every picture that was drawn of a key, damaged or not asked for again.
    pub drawn: BTreeMap<IconKey, BTreeSet<u32>>,
    /// Keys of which a good icon was handed over to be kept since the last look.
    pub kept: Vec<IconKey>,
    pub calls: usize,
}

/// The platform as a provider.
pub struct Platform(pub Mutex<World>);

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn serial(value: &Value) -> i64 {
    value["serial"].as_i64().unwrap_or(0)
}

/// What is known of one key.
struct Subject<'a> {
    label: &'a Value,
    icon: &'a Value,
    token: Option<Tokens>,
}

/// A picture that names what it was drawn of and for whom.
fn picture(key: &IconKey, icon: &str) -> Picture {
    let mut seed = 7_u32;
    for byte in key.to_string().bytes().chain(icon.bytes()) {
        seed = seed.wrapping_mul(31).wrapping_add(u32::from(byte));
    }
    let [red, green, blue, _] = seed.to_le_bytes();
    Picture::new(8, 8, Form::Rgba, [red, green, blue, 255].repeat(64))
        .unwrap_or_else(|| unreachable!("8 by 8 is a picture"))
}

/// How a picture is recognised.
pub fn mark(picture: &Picture) -> u32 {
    let mut mark = [0; 4];
    mark.copy_from_slice(&picture.bytes()[..4]);
    // Damage anywhere makes it another picture.
    let whole = picture.bytes().chunks_exact(4).all(|pixel| pixel == mark);
    if whole { u32::from_le_bytes(mark) } else { 0 }
}

impl World {
    pub fn of(input: &Value) -> Self {
        let mut world = Self { locale: "en-US".to_owned(), ..Self::default() };
        if let Some(locale) = input["locale"].as_str() {
            locale.clone_into(&mut world.locale);
        }
        input["apps"].as_array().into_iter().flatten().for_each(|app| world.set_app(app));
        input["shortcuts"].as_array().into_iter().flatten().for_each(|shortcut| world.set_shortcut(shortcut));
        world.objects = input["objects"].as_array().cloned().unwrap_or_default();
        world
    }

    pub fn set_app(&mut self, app: &Value) {
        self.apps.insert((text(app, "pkg").to_owned(), serial(app)), app.clone());
    }

    pub fn set_shortcut(&mut self, shortcut: &Value) {
        let key = (text(shortcut, "pkg").to_owned(), text(shortcut, "id").to_owned(), serial(shortcut));
        self.shortcuts.insert(key, shortcut.clone());
    }

    fn token(&self, package: &str, serial: i64) -> Option<Tokens> {
        let app = self.apps.get(&(package.to_owned(), serial))?;
        if app["null_token"].as_bool() == Some(true) {
            return None;
        }
        let dir = app["source_dir"]
            .as_str()
            .map_or_else(|| format!("/data/app/{package}-1/base.apk"), str::to_owned);
        Some(Tokens {
            label: self.locale.as_str().into(),
            pixels: format!("{dir} {}", self.pack).as_str().into(),
        })
    }

    fn subject(&self, key: &IconKey) -> Option<Subject<'_>> {
        let (package, class, serial) = (key.component.package(), key.component.class(), key.profile.0);
        let token = self.token(package, serial);
        if let Some(shortcut) = self.shortcuts.get(&(package.to_owned(), class.to_owned(), serial)) {
            let token = token.map(|token| Tokens {
                pixels: format!("{}-{}", shortcut["changed"], token.pixels.as_str()).as_str().into(),
                ..token
            });
            return Some(Subject { label: &shortcut["label"], icon: &shortcut["icon"], token });
        }
        let is_object = |object: &&Value| {
            Component::parse(text(object, "component")).as_ref() == Some(&key.component)
                && object["serial"].as_i64().unwrap_or(0) == serial
        };
        let app = self.apps.get(&(package.to_owned(), serial));
        let activity = app.and_then(|app| {
            let activities = app["activities"].as_array().into_iter().flatten();
            activities
                .into_iter()
                .find(|activity| Component::new(package, text(activity, "class")) == key.component)
        });
        if let Some(activity) = activity {
            return Some(Subject { label: &activity["label"], icon: &activity["icon"], token });
        }
        if let Some(object) = self.objects.iter().find(is_object) {
            return Some(Subject { label: &object["label"], icon: &object["icon"], token });
        }
        let known = app.filter(|app| key.component.is_package() && app["known"].as_bool() != Some(false))?;
        Some(Subject { label: &known["label"], icon: &known["icon"], token })
    }

    /// Whether the platform would draw the key now, and for longer than this process.
    pub fn draws(&self, key: &IconKey) -> (bool, bool) {
        let Some(subject) = self.subject(key).filter(|_| !self.throws) else { return (false, false) };
        let icon = subject.icon.as_str().unwrap_or("null");
        let kind = icon.split(':').next().unwrap_or_default();
        let good = matches!(kind, "adaptive" | "legacy" | "bitmap" | "live");
        (good, good && kind != "live" && subject.token.is_some())
    }

    /// What a pass lists.
    pub fn pass(&self, logic: &str, only: Option<&Vec<Value>>) -> Vec<Named> {
        let mut keys = Vec::new();
        match logic {
            "shortcut" => {
                for (package, id, serial) in self.shortcuts.keys() {
                    keys.push((IconKey::new(Component::new(package, id), ProfileSerial(*serial)), 1));
                }
            }
            "object" => {
                for object in &self.objects {
                    if let Some(component) = Component::parse(text(object, "component")) {
                        keys.push((
                            IconKey::new(component, ProfileSerial(object["serial"].as_i64().unwrap_or(0))),
                            2,
                        ));
                    }
                }
            }
            _ => {
                for ((package, serial), app) in &self.apps {
                    for activity in app["activities"].as_array().into_iter().flatten() {
                        if activity["in_list"].as_bool() != Some(false) {
                            let component = Component::new(package, text(activity, "class"));
                            keys.push((IconKey::new(component, ProfileSerial(*serial)), 0));
                        }
                    }
                }
            }
        }
        let wanted: Option<Vec<IconKey>> = only.map(|only| {
            let texts = only.iter().filter_map(Value::as_str);
            texts.filter_map(|text| IconKey::parse(&text.replace('@', "#"))).collect()
        });
        keys.retain(|(key, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(key)));
        keys.into_iter()
            .map(|(key, rank)| Named {
                tokens: self.subject(&key).and_then(|subject| subject.token),
                app_tokens: self.token(key.component.package(), key.profile.0),
                key,
                rank,
            })
            .collect()
    }
}

impl Provider for Platform {
    fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
        let mut world = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        world.calls += 1;
        if world.throws {
            return Err(ProviderError("the platform throws".to_owned()));
        }
        let (good, keeps) = world.draws(key);
        let Some(subject) = world.subject(key) else { return Ok(Rendered::default()) };
        let icon = subject.icon.as_str().unwrap_or("null").to_owned();
        let label = subject.label.as_str().map(str::to_owned);
        let tokens = subject.token;
        if icon == "throw" {
            return Err(ProviderError("the icon throws".to_owned()));
        }
        let clear = || Picture::new(8, 8, Form::Rgba, vec![0; 256]);
        let plain = match icon.split(':').next().unwrap_or_default() {
            _ if !want.variants.has(Variant::Plain) => Pixels::Unknown,
            "live" => Pixels::Live(picture(key, &icon)),
            "default" => Pixels::Default,
            "clear" => clear().map_or(Pixels::Unknown, Pixels::Picture),
            _ if good => Pixels::Picture(picture(key, &icon)),
            _ => Pixels::Unknown,
        };
        if let Pixels::Picture(picture) | Pixels::Live(picture) = &plain
            && !picture.is_blank()
        {
            world.drawn.entry(key.clone()).or_default().insert(mark(picture));
            if keeps {
                world.kept.push(key.clone());
            }
        }
        Ok(Rendered { label, plain, colour: 0x11_2233, tokens, ..Rendered::default() })
    }
}
