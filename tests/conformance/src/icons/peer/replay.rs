//! The operations of a case on our cache, and what must hold after each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ferrule_icon_cache::key::{Component, IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::requests::Priority;
use ferrule_icon_cache::lookup::{
    Icon, IconCache, Install, Kind, Listener, Millis, Options, ProfileKind, Progress, Request, Session, Tier,
};
use ferrule_icon_cache::memory::TrimLevel;
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use rusqlite::Connection;
use serde_json::Value;

use super::platform::{Platform, World, mark};

/// A case being replayed.
struct Replay {
    file: PathBuf,
    platform: Arc<Platform>,
    time: Arc<AtomicU64>,
    cache: Option<Arc<IconCache>>,
    size: u32,
    /// Whether monochrome forms are asked for.
    themed: bool,
    profiles: Vec<(ProfileSerial, ProfileKind)>,
    /// Keys of which a good icon is known and must be shown from now on.
    known: BTreeSet<IconKey>,
    titles: BTreeMap<IconKey, bool>,
    sessions: BTreeMap<i64, Open>,
}

/// A session, and what was named in it.
struct Open {
    session: Session,
    named: BTreeSet<IconKey>,
    spared: BTreeSet<PackageOf>,
}

/// Nobody: what is told is looked at by another look-up.
struct Silent(Mutex<Vec<bool>>);

impl Listener for Silent {
    fn deliver(&self, _: Icon) {}

    fn ended(&self, delivered: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(delivered);
    }
}

/// Runs a case.
pub fn run(case: &Value) -> Result<(), String> {
    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    let input = &case["input"];
    let mut replay = Replay::new(dir.path(), input);
    for (number, op) in input["ops"].as_array().into_iter().flatten().enumerate() {
        // Whatever could not be drawn may be tried again: pauses are not the matter here.
        replay.time.fetch_add(3_600_000, Ordering::SeqCst);
        replay.step(op).map_err(|problem| format!("operation {number} {op}: {problem}"))?;
        replay.learn();
    }
    Ok(())
}

fn text<'a>(op: &'a Value, key: &str) -> &'a str {
    op[key].as_str().unwrap_or_default()
}

fn serial(op: &Value) -> ProfileSerial {
    ProfileSerial(op["serial"].as_i64().unwrap_or(0))
}

fn kind_of(profile: &Value) -> ProfileKind {
    match text(profile, "type") {
        "work" => ProfileKind::Work,
        "clone" => ProfileKind::Clone,
        "private" => ProfileKind::Private,
        _ => ProfileKind::Main,
    }
}

impl Replay {
    fn new(dir: &Path, input: &Value) -> Self {
        let mut replay = Self {
            file: dir.join("icons.db"),
            platform: Arc::new(Platform(Mutex::new(World::of(input)))),
            time: Arc::new(AtomicU64::new(0)),
            cache: None,
            size: 8,
            themed: input["themed"].as_bool().unwrap_or(true),
            profiles: vec![(ProfileSerial(0), ProfileKind::Main)],
            known: BTreeSet::new(),
            titles: BTreeMap::new(),
            sessions: BTreeMap::new(),
        };
        if let Some(profiles) = input["profiles"].as_array() {
            replay.profiles = profiles.iter().map(|profile| (serial(profile), kind_of(profile))).collect();
        }
        replay.open();
        replay
    }

    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.platform.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&mut self) {
        let time = Arc::clone(&self.time);
        let clock = Arc::new(move || Millis(time.load(Ordering::SeqCst)));
        let options = Options::new(self.size, clock, Arc::new(|task| task()));
        let cache = IconCache::open(&self.file, options, Arc::clone(&self.platform) as _);
        cache.set_profiles(&self.profiles);
        self.cache = Some(cache);
    }

    fn cache(&self) -> Arc<IconCache> {
        Arc::clone(self.cache.as_ref().unwrap_or_else(|| unreachable!("a case runs on an open cache")))
    }

    /// The process ends; between its end and the next start something may happen to the file.
    fn restart(&mut self, between: impl FnOnce(&Path)) {
        self.sessions.clear();
        self.cache = None;
        between(&self.file);
        self.open();
    }

    /// What the platform handed over since the last look has to be shown from now on.
    fn learn(&mut self) {
        let kept = std::mem::take(&mut self.world().kept);
        let profiles = &self.profiles;
        self.known
            .extend(kept.into_iter().filter(|key| profiles.iter().any(|(serial, _)| *serial == key.profile)));
    }

    fn forget(&mut self, gone: impl Fn(&IconKey) -> bool) {
        self.learn();
        self.known.retain(|key| !gone(key));
        self.titles.retain(|key, _| !gone(key));
    }

    fn key(op: &Value) -> Option<IconKey> {
        Component::parse(text(op, "component")).map(|component| IconKey::new(component, serial(op)))
    }

    fn request(&self, op: &Value) -> Request {
        let flags = op["flags"].as_i64().unwrap_or(0);
        let low = op["low"].as_bool().unwrap_or(false) || flags & 1 != 0;
        Request {
            key: Self::key(op),
            wants: match (low, self.themed) {
                (true, _) => Variants::COLOUR,
                (false, true) => Variants::THEMED,
                (false, false) => Variants::ICON,
            },
            expected: None,
            use_package: flags & 2 != 0 || text(op, "api") == "info",
            skip_memory: flags & 4 != 0,
        }
    }

    /// The key of an object that the case names.
    fn object(&self, op: &Value) -> Option<IconKey> {
        self.world()
            .objects
            .iter()
            .find(|object| text(object, "name") == text(op, "object"))
            .and_then(Self::key)
    }

    /// Looks up and judges.
    fn get(&mut self, request: &Request) -> Result<Icon, String> {
        let icon = self.cache().get(request);
        self.judge(request, &icon)?;
        Ok(icon)
    }

    fn judge(&mut self, request: &Request, icon: &Icon) -> Result<(), String> {
        let Some(key) = &request.key else {
            return if icon.kind == Kind::Default {
                Ok(())
            } else {
                Err("no component, yet an icon".to_owned())
            };
        };
        let world = self.world();
        if let Some(picture) = icon.picture(Variant::Plain) {
            let of = if icon.tier == Tier::Package { key.package_key() } else { key.clone() };
            let own = world.drawn.get(&of).is_some_and(|drawn| drawn.contains(&mark(picture)));
            if !own {
                return Err(format!("{key}: a picture that was never drawn of it"));
            }
        }
        let (good, _) = world.draws(key);
        let must = self.known.contains(key) || good;
        drop(world);
        if must && !request.wants.is_empty() && icon.kind != Kind::Icon {
            return Err(format!("{key}: {:?} where a good icon is known", icon.kind));
        }
        if must && icon.kind == Kind::Blank {
            return Err(format!("{key}: blank where a good icon is known"));
        }
        let titled = self.titles.entry(key.clone()).or_default();
        if *titled && icon.label.is_empty() {
            return Err(format!("{key}: its title is gone"));
        }
        *titled |= !icon.label.is_empty() && icon.tier != Tier::Package && self.known.contains(key);
        Ok(())
    }

    fn bulk(&mut self, op: &Value) -> Result<(), String> {
        let requests: Vec<Request> =
            op["requests"].as_array().into_iter().flatten().map(|op| self.request(op)).collect();
        let icons = self.cache().get_all(&requests);
        for (request, icon) in requests.iter().zip(&icons) {
            self.judge(request, icon)?;
            self.time.fetch_add(3_600_000, Ordering::SeqCst);
            let single = self.get(request)?;
            let facts =
                |icon: &Icon| (icon.label.clone(), icon.colour, icon.flags, icon.kind, icon.pictures.clone());
            if facts(icon) != facts(&single) {
                return Err(format!("in bulk {icon:?}, alone {single:?}"));
            }
        }
        Ok(())
    }

    fn drain(&mut self, steps: u64) {
        for open in self.sessions.values() {
            for _ in 0..steps {
                if open.session.step() == Progress::Idle {
                    break;
                }
            }
        }
        let cache = self.cache();
        (0..steps).take_while(|_| cache.work()).count();
        self.learn();
    }

    fn finish(&mut self, number: i64) -> Result<(), String> {
        let Some(open) = self.sessions.get(&number) else { return Ok(()) };
        let deleted = open.session.finish();
        let left: Vec<ProfileSerial> = self.profiles.iter().map(|(serial, _)| *serial).collect();
        for key in &deleted.keys {
            let spared = open.spared.contains(&key.package()) || open.named.contains(key);
            let listed = open.named.iter().any(|named| named.profile == key.profile);
            if spared || !listed {
                return Err(format!("{key} was deleted, which the session did not mean"));
            }
        }
        self.forget(|key| deleted.keys.contains(key) || !left.contains(&key.profile));
        Ok(())
    }

    /// A damaged blob: the process is away while it happens.
    fn blob(&mut self, op: &Value) {
        let Some(key) = Self::key(op) else { return };
        let variant = if text(op, "column").starts_with("mono") { 1 } else { 0 };
        let of =
            "SELECT blob FROM pictures WHERE profile = ?1 AND package = ?2 AND class = ?3 AND variant = ?4";
        let edit = match text(op, "edit") {
            "null" | "empty" => "x''".to_owned(),
            "half" => "substr(data, 1, length(data) / 2)".to_owned(),
            other => match other.split_once(':') {
                Some(("flip", at)) => {
                    let at = at.parse::<u32>().unwrap_or(0) % 20;
                    format!("CAST(substr(data, 1, {at}) || x'A7' || substr(data, {}) AS BLOB)", at + 2)
                }
                Some(("truncate", left)) => format!("substr(data, 1, {left} % length(data))"),
                Some(("cut_end", cut)) => format!("substr(data, 1, length(data) - 1 - {cut} % 13)"),
                _ => "x'00112233445566778899'".to_owned(),
            },
        };
        let sql = format!("UPDATE blobs SET data = {edit} WHERE id = ({of})");
        let (profile, component) = (key.profile.0, key.component.clone());
        self.restart(|file| {
            if let Ok(connection) = Connection::open(file) {
                // No such row is no damage.
                let _ = connection.execute(&sql, (profile, component.package(), component.class(), variant));
            }
        });
        self.forget(|other| *other == key);
    }

    fn asynchronous(&mut self, op: &Value) -> Result<(), String> {
        let mut request = self.request(op);
        if text(op, "item") == "package" {
            request.key = Some(IconKey::of_package(text(op, "pkg"), serial(op)));
        }
        let cache = self.cache();
        let told = Arc::new(Silent(Mutex::default()));
        while cache.work() {}
        let before = self.world().calls;
        let handle = cache.request(request, Priority::Visible, None, Arc::clone(&told) as _);
        let early = text(op, "cancel").starts_with("before");
        if early {
            handle.cancel();
            handle.cancel();
        }
        while cache.work() {}
        handle.cancel();
        if early && self.world().calls != before {
            return Err("cancelled while queued, and the work was begun".to_owned());
        }
        let ends = told.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        if ends == 1 { Ok(()) } else { Err(format!("ended {ends} times")) }
    }

    fn step(&mut self, op: &Value) -> Result<(), String> {
        let number = op["session"].as_i64().unwrap_or(0);
        let package = PackageOf::new(text(op, "pkg"), serial(op));
        match text(op, "op") {
            "get" => drop(self.get(&self.request(op))?),
            "object" => drop(self.get(&Request { key: self.object(op), ..self.request(op) })?),
            "title_no_cache" => {
                let request = self.request(op);
                let title =
                    Request { key: self.object(op), wants: Variants::COLOUR, skip_memory: true, ..request };
                drop(self.get(&title)?);
            }
            "refresh" => drop(self.get(&Request { use_package: true, ..self.request(op) })?),
            "package" => {
                let key = IconKey::of_package(&package.package, package.profile);
                drop(self.get(&Request { key: Some(key), ..self.request(op) })?);
            }
            "shortcut" => {
                let key = IconKey::new(Component::new(&package.package, text(op, "id")), package.profile);
                drop(self.get(&Request { key: Some(key), ..self.request(op) })?);
            }
            "bulk" => self.bulk(op)?,
            "async" => self.asynchronous(op)?,
            "set_app" => self.world().set_app(&op["app"]),
            "set_shortcut" => self.world().set_shortcut(&op["shortcut"]),
            "del_app" => drop(self.world().apps.remove(&(package.package.to_string(), package.profile.0))),
            "apps_throw" => self.world().throws = op["value"].as_bool().unwrap_or(false),
            "locale" => text(op, "value").clone_into(&mut self.world().locale),
            "pack" => self.world().pack = op["value"].to_string(),
            "remove_pkg" => {
                self.cache().package_removed(&package);
                self.forget(|key| package.holds(key));
            }
            "update_pkg" => {
                self.cache().package_changed(&package);
                while self.cache().work() {}
            }
            "session_icon" => {
                let picture = Picture::new(8, 8, Form::Rgba, [9, 9, 9, 255].repeat(64))
                    .filter(|_| op["icon"].is_string());
                let install = picture.and_then(|picture| Install::new(text(op, "title"), picture, 0));
                let key = IconKey::of_package(&package.package, package.profile);
                if let Some(install) = install {
                    let mark = u32::from_le_bytes([9, 9, 9, 255]);
                    self.world().drawn.entry(key).or_default().insert(mark);
                    self.cache().install(&package, Some(install));
                }
            }
            "profiles" => {
                let profiles = op["value"].as_array().into_iter().flatten();
                self.profiles = profiles.map(|profile| (serial(profile), kind_of(profile))).collect();
                self.cache().set_profiles(&self.profiles);
                let left: Vec<ProfileSerial> = self.profiles.iter().map(|(serial, _)| *serial).collect();
                self.forget(|key| !left.contains(&key.profile));
            }
            "begin" => {
                let session = self.cache().begin_session();
                self.sessions
                    .insert(number, Open { session, named: BTreeSet::new(), spared: BTreeSet::new() });
            }
            "ignore" => {
                if let Some(open) = self.sessions.get_mut(&number) {
                    open.session.spare(package.clone());
                    open.spared.insert(package);
                }
            }
            "update" => {
                let items = self.world().pass(text(op, "logic"), op["items"].as_array());
                if let Some(open) = self.sessions.get_mut(&number) {
                    open.named.extend(items.iter().map(|item| item.key.clone()));
                    open.session.pass(items);
                }
            }
            "step" => self.drain(op["n"].as_u64().unwrap_or(1)),
            "drain" => self.drain(u64::MAX),
            "finish" => self.finish(number)?,
            "restart" => {
                let size = op["size"].as_u64().and_then(|size| u32::try_from(size).ok());
                if let Some(size) = size.filter(|size| *size != self.size) {
                    self.size = size;
                    self.forget(|_| true);
                }
                self.restart(|_| {});
            }
            "params" => {
                self.size =
                    op["size"].as_u64().and_then(|size| u32::try_from(size).ok()).unwrap_or(self.size);
                self.cache().resize(self.size);
                self.forget(|_| true);
            }
            "clear_memory" => self.cache().trim(TrimLevel::Critical),
            "blob" => self.blob(op),
            "themed" => self.themed = op["value"].as_bool().unwrap_or(true),
            // Closing has no counterpart but the end of the process.
            "close" => self.restart(|_| {}),
            // Edits of AOSP's own tables and connection; its default icon, which a case looks at alone; no operation.
            "sql" | "pragma" | "default_icon" | "note" => {}
            other => return Err(format!("no operation {other} is known here")),
        }
        Ok(())
    }
}
