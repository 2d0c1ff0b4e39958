//! Runs the commands of `ferrule icons` that make, read and draw a store, as a person or a script does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::{Form, Picture, Variant};
use ferrule_icon_cache::pixels::Image;
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write};
use ferrule_icon_cache::validity::Token;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

const SIZE: u32 = 24;

/// Legacy's table until 2024 and since, as `user_version`, columns and what a row is valid for.
const GENERATIONS: [(&str, u32, &str, &str, &str); 3] = [
    ("until", 27, "lastUpdated INTEGER, version INTEGER, system_state TEXT", "7, 3, 'en-US,30'", "version"),
    (
        "flags",
        34,
        "lastUpdated INTEGER, version INTEGER, system_state TEXT, flags INTEGER",
        "7, 3, 'en-US,34', 1",
        "version",
    ),
    (
        "since",
        2,
        "freshnessId TEXT, flags INTEGER, mono_icon BLOB",
        "'en-US,35 /data/app/x', 0, zeroblob(576)",
        "freshness",
    ),
];

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A legacy cache of a generation: two good rows, one of each that is skipped.
    fn legacy(&self, generation: usize) -> PathBuf {
        let (name, release, columns, values, _) = GENERATIONS[generation];
        let path = self.path(&format!("{name}.db"));
        let database = Connection::open(&path).unwrap();
        database
            .execute_batch(&format!(
                "PRAGMA user_version = {};
                 CREATE TABLE icons (componentName TEXT NOT NULL, profileId INTEGER NOT NULL, icon BLOB,
                 icon_color INTEGER NOT NULL, label TEXT, {columns}, PRIMARY KEY (componentName, profileId))",
                (release << 16) + SIZE
            ))
            .unwrap();
        let whole = square(SIZE, [0x20, 0x60, 0xA0, 255]);
        let rows: [(&str, i64, Option<&[u8]>); 6] = [
            ("com.maps/com.maps.Main", 0, Some(&whole)),
            ("com.mail/com.mail.Main", 10, Some(&whole)),
            ("nonsense", 0, Some(&whole)),
            ("com.cut/com.cut.Main", 0, Some(&whole[..whole.len() - 9])),
            ("com.none/com.none.Main", 0, None),
            ("com.big/com.big.Main", 0, Some(&square(SIZE + 1, [9, 9, 9, 255]))),
        ];
        for (component, profile, icon) in rows {
            let sql = format!("INSERT INTO icons VALUES (?1, ?2, ?3, -10, ?4, {values})");
            database.execute(&sql, params![component, profile, icon, &component[..5]]).unwrap();
        }
        path
    }

    /// A store of so many icons, the first of them stale and in another profile.
    fn store(&self, name: &str, icons: u32) -> PathBuf {
        let path = self.path(name);
        let mut store = Store::open(&path, OpenOptions::new(SIZE));
        store.write((0..icons).map(put).collect()).unwrap();
        path
    }
}

fn square(side: u32, pixel: [u8; 4]) -> Vec<u8> {
    let pixels = pixel.repeat((side * side) as usize);
    png::encode(Image::new(side, side, &pixels).unwrap()).unwrap()
}

fn put(number: u32) -> Write {
    let component = Component::new(&format!("com.app{number:03}"), ".Main");
    let key = IconKey::new(component, ProfileSerial(if number == 0 { 10 } else { 0 }));
    let token = Token::new("1");
    let [red, green, ..] = number.to_le_bytes();
    let pixels = [red, green, 200, 255].repeat((SIZE * SIZE) as usize);
    let plain = Picture::new(SIZE, SIZE, Form::Rgba, pixels).unwrap();
    let alpha = Picture::new(SIZE, SIZE, Form::Alpha, vec![128; (SIZE * SIZE) as usize]).unwrap();
    let row = |picture: Option<&Picture>| PictureRow {
        origin: Origin { provider: "".into(), token: token.clone() },
        stale: number == 0,
        data: picture.map(|picture| Packed::of(picture).unwrap()),
    };
    let themed = (number == 1).then_some(&alpha);
    let label = LabelRow {
        label: Some(format!("App {number}").into()),
        token: Some(token.clone()),
        stale: number == 0,
        colour: 0xFF00_80FF,
        flags: 0,
    };
    let pictures = vec![(Variant::Plain, row(Some(&plain))), (Variant::Themed, row(themed))];
    Write::Put { key, label: Some(label), pictures }
}

fn ferrule(arguments: &[&str], paths: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrule"));
    command.arg("icons").args(arguments).args(paths).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn objects(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!(output.status.code(), Some(exit), "{output:?}");
    let text = text(&output.stderr);
    assert!(text.starts_with(&format!("ferrule: {code}: ")), "{text}");
    assert_eq!(text.lines().count(), 1, "one line, its remedy in it: {text}");
}

#[test]
fn every_generation_comes_in_and_its_file_stays_as_it_is() {
    for (generation, (_, release, _, _, validity)) in GENERATIONS.iter().enumerate() {
        let files = Files::new();
        let (legacy, store) = (files.legacy(generation), files.path("icons.store"));
        let before = fs::read(&legacy).unwrap();
        let trial = ferrule(&["import", "--json"], &[&legacy]);
        assert_eq!(fs::read_dir(files.0.path()).unwrap().count(), 1, "a dry run leaves nothing");
        let output = ferrule(&["import", "--json", "--into"], &[&store, &legacy]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(trial.stdout, output.stdout);
        let themed = if *release == 2 { 2 } else { 0 };
        let expected = json!({
            "schema": 1, "file": legacy.to_str().unwrap(), "code": null, "release": release, "size_px": SIZE,
            "validity": validity, "rows": 6, "imported": 2, "kept": 0, "themed": themed,
            "skipped": { "IC_ROW_NAME": 1, "IC_ROW_NO_ICON": 1, "IC_ROW_BAD_ICON": 1, "IC_ROW_OTHER_SIZE": 1 },
        });
        assert_eq!(text(&output.stdout), format!("{expected}\n"));
        assert_eq!(fs::read(&legacy).unwrap(), before);
        let again = &objects(&ferrule(&["import", "--json", "--into"], &[&store, &legacy]))[0];
        assert_eq!((&again["imported"], &again["kept"]), (&json!(0), &json!(2)), "what is known is kept");
    }
}

#[test]
fn an_import_tells_people_what_was_left_out_and_why() {
    let files = Files::new();
    let (legacy, store) = (files.legacy(2), files.path("icons.store"));
    let output = ferrule(&["import", "--into"], &[&store, &legacy]);
    let expected = format!(
        "{}: release 2, icons of 24 px; 2 of 6 came in, 2 with a monochrome form
      1  skipped: the component or the profile cannot be read [IC_ROW_NAME]
      1  skipped: it has no icon [IC_ROW_NO_ICON]
      1  skipped: its icon is no whole picture [IC_ROW_BAD_ICON]
      1  skipped: its icon has another size than the store's [IC_ROW_OTHER_SIZE]\n",
        legacy.display()
    );
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn a_refused_import_makes_no_store_and_harms_none() {
    let files = Files::new();
    let (absent, other, store) = (files.path("absent.db"), files.path("other.db"), files.path("icons.store"));
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE things (a)").unwrap();
    refused(&ferrule(&["import", "--into"], &[&store, &absent]), 2, "IC_IMPORT_ABSENT");
    refused(&ferrule(&["import", "--into"], &[&store, &other]), 2, "IC_IMPORT_UNKNOWN");
    assert!(!store.exists());
    let legacy = files.legacy(0);
    refused(&ferrule(&["import", "--into"], &[&files.path("no/icons.store"), &legacy]), 2, "IC_OUT_IO");
    // A launcher would empty these and begin anew; a person is asked first.
    let before = fs::read(&other).unwrap();
    refused(&ferrule(&["import", "--into"], &[&other, &legacy]), 2, "IC_STORE_FOREIGN");
    assert_eq!(fs::read(&other).unwrap(), before);
    let damaged = files.store("damaged.store", 3);
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[200..4096].fill(0xA5);
    fs::write(&damaged, &bytes).unwrap();
    refused(&ferrule(&["import", "--into"], &[&damaged, &legacy]), 1, "IC_STORE_DAMAGED");
    assert_eq!(fs::read(&damaged).unwrap(), bytes);
    // The others come in all the same.
    let output = ferrule(&["import", "--json", "--into"], &[&store, &absent, &legacy]);
    let codes: Vec<Value> = objects(&output).iter().map(|object| object["code"].clone()).collect();
    assert_eq!((output.status.code(), json!(codes)), (Some(2), json!(["IC_IMPORT_ABSENT", null])));
}

#[test]
fn a_store_of_another_size_is_not_emptied_by_an_import() {
    let files = Files::new();
    let (legacy, store) = (files.legacy(1), files.path("icons.store"));
    drop(Store::open(&store, OpenOptions::new(SIZE + 1)));
    let object = &objects(&ferrule(&["import", "--json", "--into"], &[&store, &legacy]))[0];
    assert_eq!((&object["imported"], &object["skipped"]["IC_ROW_OTHER_SIZE"]), (&json!(1), &json!(2)));
    assert_eq!(objects(&ferrule(&["stat", "--json"], &[&store]))[0]["size_px"], json!(SIZE + 1));
}

#[test]
fn a_damaged_legacy_cache_gives_what_it_can_and_says_so() {
    let files = Files::new();
    let legacy = files.legacy(0);
    let mut bytes = fs::read(&legacy).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0xA5);
    fs::write(&legacy, &bytes).unwrap();
    let output = ferrule(&["import", "--json"], &[&legacy]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(objects(&output)[0]["code"], "IC_IMPORT_DAMAGED");
}

#[test]
fn stat_says_what_is_in_a_store() {
    let files = Files::new();
    let store = files.store("icons.store", 3);
    let output = ferrule(&["stat"], &[&store]);
    let bytes = fs::metadata(&store).unwrap().len();
    let figures = &objects(&ferrule(&["stat", "--json"], &[&store]))[0];
    let packed = |variant: &str| figures["variants"][variant]["packed_bytes"].as_u64().unwrap();
    let share = |variant, pixels: f64| 100.0 * packed(variant) as f64 / pixels;
    let expected = format!(
        "{}: 3 icons of 3 packages
  format     1, icons of 24 px
  file       {bytes} bytes
  profiles   0 (2), 10 (1)
  labels     3, 1 stale
  plain      3, 0 known to be none, 1 stale, {} bytes, {:.1} % of their pixels
  themed     1, 2 known to be none, 1 stale, {} bytes, {:.1} % of their pixels
  dark       0, 0 known to be none, 0 stale\n",
        store.display(),
        packed("plain"),
        share("plain", 3.0 * 2304.0),
        packed("themed"),
        share("themed", 576.0),
    );
    assert_eq!(text(&output.stdout), expected);
    let keys: Vec<&str> = figures.as_object().unwrap().keys().map(String::as_str).collect();
    let known = [
        "schema",
        "file",
        "format",
        "size_px",
        "file_bytes",
        "icons",
        "packages",
        "profiles",
        "providers",
        "labels",
        "labels_stale",
        "variants",
        "damaged",
        "label_state",
        "pixel_state",
    ];
    assert_eq!(keys, known);
}

#[test]
fn check_names_the_row_that_is_damaged() {
    let files = Files::new();
    let store = files.store("icons.store", 4);
    let whole = ferrule(&["check"], &[&store]);
    assert_eq!(text(&whole.stdout), format!("{}: 4 icons\nwhole\n", store.display()));
    assert_eq!(whole.status.code(), Some(0));
    for (sql, exit, codes) in [
        (
            "INSERT INTO blobs (width, height, data, checksum) VALUES (1, 1, x'00', 0)",
            0,
            vec![["IC_CHECK_ORPHAN", ""]],
        ),
        (
            "UPDATE icons SET colour = colour + 1 WHERE package = 'com.app002'",
            1,
            vec![["IC_CHECK_ROW", "com.app002/com.app002.Main#0"], ["IC_CHECK_ORPHAN", ""]],
        ),
        (
            "UPDATE blobs SET data = zeroblob(length(data)) WHERE id = (SELECT blob FROM pictures
             WHERE package = 'com.app001' AND variant = 1)",
            1,
            vec![
                ["IC_CHECK_ROW", "com.app001/com.app001.Main#0"],
                ["IC_CHECK_ROW", "com.app002/com.app002.Main#0"],
                ["IC_CHECK_ORPHAN", ""],
            ],
        ),
    ] {
        Connection::open(&store).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&store).unwrap();
        let output = ferrule(&["check", "--json"], &[&store]);
        assert_eq!(output.status.code(), Some(exit), "{output:?}");
        let object = &objects(&output)[0];
        let found: Vec<Value> = object["report"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!([line["code"], line["key"].as_str().unwrap_or("")]))
            .collect();
        assert_eq!(json!(found), json!(codes));
        assert_eq!(object["ok"], json!(exit == 0));
        assert_eq!(fs::read(&store).unwrap(), before);
    }
    let told = text(&ferrule(&["check"], &[&store]).stdout);
    assert!(
        told.contains("com.app001/com.app001.Main#0: the themed pixels do not fit their checksum"),
        "{told}"
    );
    assert!(told.ends_with("damaged [IC_CHECK_ROW]\n"), "{told}");
}

#[test]
fn check_finds_a_damaged_page() {
    let files = Files::new();
    let store = files.store("icons.store", 40);
    let mut bytes = fs::read(&store).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0xA5);
    fs::write(&store, &bytes).unwrap();
    let output = ferrule(&["check", "--json"], &[&store]);
    assert_eq!((output.status.code(), &objects(&output)[0]["code"]), (Some(1), &json!("IC_CHECK_FILE")));
}

#[test]
fn an_export_has_every_pixel_and_says_whose_it_is() {
    let files = Files::new();
    let (store, folder) = (files.store("icons.store", 3), files.path("icons"));
    let output = ferrule(&["export", "--json", "--into"], &[&folder, &store]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let object = &objects(&output)[0];
    assert_eq!(
        json!([object["schema"], object["icons"], object["pictures"], object["damaged"]]),
        json!([1, 3, 4, 0])
    );
    let index: Value = serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
    let second = &index["icons"][1];
    assert_eq!(
        *second,
        json!({
            "profile": 0, "package": "com.app002", "class": "com.app002.Main", "label": "App 2",
            "label_stale": false, "colour": "ff0080ff", "flags": 0,
            "pictures": [
                { "variant": "plain", "file": "00002-com.app002-plain.png", "width": SIZE, "height": SIZE, "provider": "", "stale": false },
                { "variant": "themed", "file": null, "width": null, "height": null, "provider": "", "stale": false },
            ],
        })
    );
    let picture = png::decode(&fs::read(folder.join("00002-com.app002-plain.png")).unwrap()).unwrap();
    assert_eq!(picture.pixels, [2, 0, 200, 255].repeat((SIZE * SIZE) as usize));
    let themed = png::decode(&fs::read(folder.join("00001-com.app001-themed.png")).unwrap()).unwrap();
    assert_eq!(themed.pixels, [0, 0, 0, 128].repeat((SIZE * SIZE) as usize));
    refused(&ferrule(&["export", "--into"], &[&folder, &store]), 2, "IC_OUT_TAKEN");
}

#[test]
fn a_sheet_shows_none_one_and_four_hundred() {
    for (icons, columns, width) in [(0, 1, 360), (1, 1, 360), (400, 26, 26 * 112 + 8)] {
        let files = Files::new();
        let (store, sheet) = (files.store("icons.store", icons), files.path("sheet.png"));
        let output = ferrule(&["render", "--json", "--out"], &[&sheet, &store]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let object = &objects(&output)[0];
        let told =
            json!([object["schema"], object["icons"], object["columns"], object["width"], object["damaged"]]);
        assert_eq!(told, json!([1, icons, columns, width, 0]));
        let picture = png::decode(&fs::read(&sheet).unwrap()).unwrap();
        assert_eq!(
            (json!(picture.width), json!(picture.height)),
            (object["width"].clone(), object["height"].clone())
        );
        let image = picture.image().unwrap();
        let drawn = image.pixels().any(|pixel| pixel != [0xF4, 0xF4, 0xF6, 255]);
        assert!(drawn, "the title at least");
        if icons == 400 {
            // The first row in order is app 1, which lies after the column of its own number.
            let middle = |cell: u32| image.pixel(12 + cell % 26 * 112 + 48, 32 + cell / 26 * 138 + 48);
            assert_eq!(middle(0), Some([1, 0, 200, 255]));
            assert_eq!(middle(299), Some([44, 1, 200, 255]));
            assert_eq!(middle(399), Some([0, 0, 200, 255]), "profile 10 comes last");
        }
        refused(&ferrule(&["render", "--out"], &[&sheet, &store]), 2, "IC_OUT_TAKEN");
    }
}

#[test]
fn a_sheet_that_does_not_fit_is_refused_and_a_damaged_row_is_drawn_as_such() {
    let files = Files::new();
    let (store, sheet) = (files.store("icons.store", 40), files.path("sheet.png"));
    refused(&ferrule(&["render", "--icon", "1024", "--out"], &[&sheet, &store]), 2, "IC_SHEET_SIZE");
    assert!(!sheet.exists());
    let sql = "UPDATE blobs SET data = zeroblob(length(data)) WHERE id = (SELECT blob FROM pictures
               WHERE package = 'com.app001' AND variant = 0)";
    Connection::open(&store).unwrap().execute_batch(sql).unwrap();
    let output = ferrule(&["render", "--columns", "8", "--icon", "32", "--out"], &[&sheet, &store]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stdout).ends_with("1 rows are damaged; ferrule icons check says which\n"));
    let picture = png::decode(&fs::read(&sheet).unwrap()).unwrap();
    assert_eq!(picture.image().unwrap().pixel(6, 26), Some([0xC6, 0x28, 0x28, 255]));
}

#[test]
fn what_is_no_store_is_named_and_stays_as_it_is() {
    let files = Files::new();
    let legacy = files.legacy(2);
    let (absent, letter) = (files.path("absent"), files.path("letter.txt"));
    fs::write(&letter, "a letter that is long enough to be taken for the header of a database, which has one hundred bytes or more").unwrap();
    let newer = files.store("newer.store", 1);
    let sql = "UPDATE meta SET value = 99 WHERE key IN ('format', 'min_reader')";
    Connection::open(&newer).unwrap().execute_batch(sql).unwrap();
    let before = fs::read(&newer).unwrap();
    let (out, folder) = (files.path("out.png"), files.path("out"));
    let commands: [&[&str]; 4] = [
        &["stat"],
        &["check"],
        &["render", "--out", out.to_str().unwrap()],
        &["export", "--into", folder.to_str().unwrap()],
    ];
    for command in commands {
        refused(&ferrule(command, &[&absent]), 2, "IC_STORE_ABSENT");
        refused(&ferrule(command, &[&legacy]), 2, "IC_STORE_FOREIGN");
        refused(&ferrule(command, &[&letter]), 2, "IC_STORE_FOREIGN");
        refused(&ferrule(command, &[files.0.path()]), 2, "IC_STORE_FOREIGN");
        refused(&ferrule(command, &[&newer]), 2, "IC_STORE_TOO_NEW");
    }
    assert!(!absent.exists() && !out.exists() && !folder.exists());
    assert_eq!(fs::read(&newer).unwrap(), before);
}

#[test]
fn help_teaches_with_examples() {
    for command in ["analyze", "import", "stat", "check", "export", "render"] {
        let told = text(&ferrule(&[command, "--help"], &[]).stdout);
        assert!(told.contains("Examples:") && told.contains("Exit codes:"), "{command}: {told}");
    }
}
