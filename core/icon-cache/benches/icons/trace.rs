//! How often a picture is still in memory when it is wanted, while the drawer is scrolled through now and then. Shared by the
//! bench and the test.
//!
//! 400 apps, wanted by Zipf's law with exponent 0.9; room for 100; after every 200 looks one pass over the whole drawer.
//! Looks of the passes are not counted. An LRU forgets everything in each pass.

use std::collections::VecDeque;

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::memory::{Change, Memory, Note, picture_bytes};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};

const APPS: usize = 400;
const ROOM: usize = 100;
const LOOKS: usize = 40_000;
const LOOKS_A_PASS: usize = 200;

/// A cache of pictures: whether it was there; it is now.
pub trait Policy {
    fn look(&mut self, app: usize) -> bool;
}

#[derive(Default)]
pub struct Lru(VecDeque<usize>);

impl Policy for Lru {
    fn look(&mut self, app: usize) -> bool {
        let at = self.0.iter().position(|held| *held == app);
        at.map(|at| self.0.remove(at));
        self.0.push_front(app);
        self.0.truncate(ROOM);
        at.is_some()
    }
}

pub struct Moka(moka::sync::Cache<usize, ()>);

impl Default for Moka {
    fn default() -> Self {
        Self(moka::sync::Cache::new(ROOM as u64))
    }
}

impl Policy for Moka {
    fn look(&mut self, app: usize) -> bool {
        let hit = self.0.get(&app).is_some();
        if !hit {
            self.0.insert(app, ());
        }
        self.0.run_pending_tasks();
        hit
    }
}

/// The memory tier itself.
pub struct Tier {
    memory: Memory,
    keys: Vec<IconKey>,
    picture: Picture,
    /// Bytes that it may use.
    pub budget: u64,
    /// The most that it used.
    pub peak: u64,
}

impl Tier {
    pub fn new() -> Self {
        let picture = Picture::new(192, 192, Form::Rgba, vec![1; 147_456]).unwrap();
        let keys = (0..APPS)
            .map(|app| IconKey::new(Component::new("com.app", &format!(".A{app}")), ProfileSerial(0)))
            .collect();
        // Room for the pictures; a 64th of the budget is for the titles.
        let budget = picture_bytes(&picture) * ROOM as u64 * 64 / 63 + 128;
        Self { memory: Memory::new(budget), keys, picture, budget, peak: 0 }
    }

    /// The bytes that one picture takes.
    pub fn one(&self) -> u64 {
        picture_bytes(&self.picture)
    }
}

impl Policy for Tier {
    fn look(&mut self, app: usize) -> bool {
        let key = &self.keys[app];
        let held = self.memory.get(key, Variants::ICON);
        let hit = held.is_some_and(|held| held.missing.is_empty());
        if !hit {
            let note = Note { origin: None, stale: false, absent: false };
            let pictures = vec![(Variant::Plain, note, Some(self.picture.clone()))];
            self.memory.put(key, Change { label: None, pictures });
        }
        self.peak = self.peak.max(self.memory.usage().bytes());
        hit
    }
}

/// The share of looks that were hits, in percent.
pub fn rate(policy: &mut dyn Policy) -> f64 {
    let weights: Vec<f64> = (1..=APPS).map(|rank| (rank as f64).powf(-0.9)).collect();
    let total: f64 = weights.iter().sum();
    let mut state = 20_261_125_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut hits, mut counted) = (0, 0);
    for look in 1..=LOOKS {
        let mut left = random() * total;
        let app = weights.iter().position(|weight| {
            left -= weight;
            left <= 0.0
        });
        hits += usize::from(policy.look(app.unwrap_or(APPS - 1)));
        counted += 1;
        if look % LOOKS_A_PASS == 0 {
            (0..APPS).for_each(|app| {
                policy.look(app);
            });
        }
    }
    100.0 * hits as f64 / f64::from(counted)
}

/// Runs the trace over all three, prints the figures and holds the tier against its budgets: 68 % of hits, bytes within the
/// budget and one picture.
pub fn hold() {
    let mut tier = Tier::new();
    let (lru, moka, ours) = (rate(&mut Lru::default()), rate(&mut Moka::default()), rate(&mut tier));
    println!(
        "hits beside passes over the drawer: LRU {lru:.1} %, moka {moka:.1} %, this tier (quick_cache) {ours:.1} %, at least 68 %"
    );
    println!("memory: {} bytes at most, {} budgeted, {} a picture", tier.peak, tier.budget, tier.one());
    assert!((45.0..55.0).contains(&lru), "the trace is the one that is meant: {lru:.1}");
    assert!(ours >= 68.0, "{ours:.1}");
    assert!(tier.peak <= tier.budget + tier.one());
    assert!(tier.peak > tier.budget / 2, "the budget is used");
}
