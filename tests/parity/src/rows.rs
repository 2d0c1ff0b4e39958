//! Random rows, most of them nearly right and each wrong in its own way.

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::world::{CLASSES, PACKAGES, SERIALS, SHORTCUTS, WIDGET_IDS, component};

/// A picture of a few bytes; loads only ask whether there is one.
const ICON: &str = "iVBORw0KGgo=";
/// Numbers that no launcher writes.
const ODD: [i64; 8] = [-1, -2, 7, 99_999, i32::MAX as i64, i32::MIN as i64, -201, 1_073_741_824];

/// The list `rows`, in an order of insertion that is not that of the ids.
pub fn rows(random: &mut Random, columns: i64, height: i64, dock: i64) -> Value {
    let most = random.weighed(&[(10, 1), (50, 12), (30, 30), (10, 80)]);
    let count = random.below(most + 1) as i64;
    let mut ids: Vec<i64> = (1..=count + count / 4).collect();
    random.shuffle(&mut ids);
    ids.truncate(count as usize);
    if random.percent(3) {
        ids.push(*random.pick(&[0, -5, i64::from(i32::MAX)]));
    }
    let space = Space { columns, height, dock, collections: ids[..ids.len().div_ceil(3)].to_vec() };
    ids.iter().map(|id| row(random, *id, &space)).collect()
}

/// What places and containers are drawn from.
struct Space {
    columns: i64,
    height: i64,
    dock: i64,
    /// Ids that children are put into; some of them are folders.
    collections: Vec<i64>,
}

fn row(random: &mut Random, id: i64, space: &Space) -> Value {
    let may_contain = space.collections.contains(&id);
    let item_type = match may_contain && random.percent(70) {
        true => random.weighed(&[(65, 2), (35, 10)]),
        false => random.weighed(&[
            (42, 0),
            (18, 6),
            (4, 2),
            (20, 4),
            (5, 5),
            (3, 10),
            (2, 1),
            (2, -1),
            (2, 77),
            (2, 21),
        ]),
    };
    let mut row = Map::new();
    let mut put = |key: &str, value: Value| {
        row.insert(key.to_owned(), value);
    };
    put("_id", json!(id));
    put("itemType", number(random, item_type));
    put("title", title(random));
    put("intent", intent(random, item_type));
    let container = container(random, space);
    put("container", if random.percent(2) { Value::Null } else { number(random, container) });
    let screen = match container {
        -101 => odd(random, 5, |random| random.between(0, space.dock)),
        _ => odd(random, 3, |random| random.weighed(&[(60, 0), (25, 1), (10, 2), (5, 5)])),
    };
    put("screen", number(random, screen));
    let cell = odd(random, 3, |random| random.between(0, space.columns - 1));
    put("cellX", number(random, cell));
    let cell = odd(random, 3, |random| random.between(0, space.height - 1));
    put("cellY", number(random, cell));
    for key in ["spanX", "spanY"] {
        let span = odd(random, 3, |random| random.weighed(&[(70, 1), (22, 2), (5, 3), (3, 0)]));
        put(key, number(random, span));
    }
    let widget = matches!(item_type, 4 | 5) || random.percent(5);
    if widget {
        put("appWidgetId", json!(random.pick(&WIDGET_IDS)));
        put("appWidgetProvider", provider(random));
    }
    put("restored", json!(restored(random, widget)));
    put("profileId", profile(random));
    put("rank", json!(odd(random, 3, |random| random.between(0, 5))));
    put("options", json!(random.weighed(&[(70, 0), (15, 1), (5, 8), (5, 15), (5, -1)])));
    if random.percent(40) {
        put("icon", json!(ICON));
    }
    if widget && random.percent(50) {
        put("appWidgetSource", json!(random.pick(&[-1, -105, -113])));
    }
    leave_out(random, &mut row);
    Value::Object(row)
}

/// A row that does not name a column gets its default.
fn leave_out(random: &mut Random, row: &mut Map<String, Value>) {
    if random.percent(8) {
        let keys: Vec<String> = row.keys().filter(|key| *key != "_id").cloned().collect();
        row.shift_remove(random.pick(&keys));
    }
}

/// A usual number, now and then an odd one.
fn odd(random: &mut Random, chance: usize, usual: impl FnOnce(&mut Random) -> i64) -> i64 {
    if random.percent(chance) { *random.pick(&ODD) } else { usual(random) }
}

/// A number, now and then as a text, as nothing, or as a text that is none.
fn number(random: &mut Random, value: i64) -> Value {
    match random.below(200) {
        0 => json!(value.to_string()),
        1 => json!("word"),
        2 => Value::Null,
        _ => json!(value),
    }
}

fn container(random: &mut Random, space: &Space) -> i64 {
    let inside = if space.collections.is_empty() { 3 } else { *random.pick(&space.collections) };
    random.weighed(&[
        (45, -100),
        (15, -101),
        (34, inside),
        (2, 1234),
        (1, 0),
        (1, -1),
        (1, -102),
        (1, -103),
        (1, -200),
    ])
}

/// A serial; now and then one that is known only after it has been cut to 32 bits, or not even then.
fn profile(random: &mut Random) -> Value {
    let serial = random.weighed(&[
        (760, SERIALS[0]),
        (100, SERIALS[1]),
        (80, SERIALS[2]),
        (30, SERIALS[3]),
        (15, (1 << 32) + 10),
        (5, 1 << 32),
        (5, 1 << 31),
        (5, -1),
    ]);
    number(random, serial)
}

fn restored(random: &mut Random, widget: bool) -> i64 {
    match random.below(10) {
        0..=4 => 0,
        5..=7 => *random.pick(&[1, 2, 3, 4, 5, 8]),
        _ => random.between(0, if widget { 63 } else { 31 }),
    }
}

fn title(random: &mut Random) -> Value {
    match random.below(10) {
        0 => Value::Null,
        1 => json!(""),
        2 => json!("  \u{a0}padded\t"),
        3 => json!("\u{3000}名前"),
        other => json!(format!("T{other}")),
    }
}

fn provider(random: &mut Random) -> Value {
    match random.below(20) {
        0 => Value::Null,
        1 => json!(random.pick(&["", "noslash", "/", "a/", "/b"])),
        _ => json!(component(random)),
    }
}

/// Intents that cannot be read, in several ways, or are read as something else.
const BROKEN: [&str; 9] = [
    "not an intent",
    "#Intent;launchFlags=zzz;end",
    "#Intent;i.n=abc;component=com.ah/.Main;end",
    "#Intent;component=com.ah/.Main",
    "#Intent;unknown.key=1;end",
    "#Intent;component=noslash;end",
    "#Intent;component=com.be/.Main;SEL;action=x;end",
    "intent:#Intent;package=;end",
    "http://[bad#Intent;component=com.ah/.Main;end",
];

fn intent(random: &mut Random, item_type: i64) -> Value {
    if matches!(item_type, 2 | 10) {
        return if random.percent(95) { Value::Null } else { json!("#Intent;end") };
    }
    match random.below(20) {
        0 => return Value::Null,
        1 => return json!(""),
        2 => return json!(random.pick(&BROKEN)),
        _ => {}
    }
    let mut text = String::from("#Intent;");
    if random.percent(80) {
        text += "action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;";
    }
    if random.percent(60) {
        text += "launchFlags=0x10200000;";
    }
    let package = *random.pick(&PACKAGES);
    if random.percent(25) {
        text += &format!("package={};", if random.percent(80) { package } else { random.pick(&PACKAGES) });
    }
    if random.percent(90) {
        text += &format!("component={package}/{};", random.pick(&CLASSES));
    }
    if item_type == 6 && random.percent(90) {
        let id = random.pick(&SHORTCUTS).replace('%', "%25").replace(' ', "%20");
        text += &format!("S.shortcut_id={id};");
    }
    if random.percent(8) {
        text += *random.pick(&["i.count=3;", "B.flag=true;", "l.profile=10;", "S.x=;", "f.f=1.5;"]);
    }
    json!(text + "end")
}
