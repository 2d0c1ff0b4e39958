//! The icon store on a disk that fails at every operation, once and from then on, and that dies before every operation.
//!
//! A cache may lose rows; it may never show a wrong one, nor one that was removed, nor stay broken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ferrule_fault_vfs::{Fault, FaultDisk, Photo, Plan};
use ferrule_icon_cache::key::{Component, IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{
    Condition, LabelRow, OpenOptions, Origin, Packed, Part, PictureRow, Range, Store, Write,
};
use ferrule_icon_cache::validity::Token;

const KEYS: usize = 8;

fn key(number: usize) -> IconKey {
    IconKey::new(Component::new(&format!("com.a{}", number / 2), &format!(".M{number}")), ProfileSerial(0))
}

fn picture(number: usize, version: u8) -> Picture {
    let pixel = [u8::try_from(number).unwrap() + 1, version, 7, 255];
    Picture::new(24, 24, Form::Rgba, pixel.repeat(576)).unwrap()
}

fn put(number: usize, version: u8) -> Write {
    let token = Token::new(&version.to_string());
    let label = LabelRow {
        label: Some(format!("App {number} {version}").into()),
        token: Some(token.clone()),
        stale: false,
        colour: 0xFF00_0000,
        flags: 0,
    };
    let data = Packed::of(&picture(number, version));
    let row = PictureRow { origin: Origin { provider: "".into(), token }, stale: false, data };
    Write::Put { key: key(number), label: Some(label), pictures: vec![(Variant::Plain, row)] }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("icons.db")
}

fn options(disk: Option<&FaultDisk>) -> OpenOptions {
    let mut options = OpenOptions::new(24);
    if let Some(disk) = disk {
        options.vfs = Some(disk.vfs());
        options.files = disk.icon_files();
    }
    options
}

/// What is done with the store: new rows, renewed rows, marks, removals. Answers whether all was written.
fn work(store: &mut Store) -> bool {
    let mut whole = true;
    let renewed: Vec<Write> = (4..KEYS).map(|number| put(number, 1)).collect();
    whole &= store.write(renewed).is_ok();
    whole &= store.write(vec![Write::DeletePackage(PackageOf::new("com.a0", ProfileSerial(0)))]).is_ok();
    let stale = Range::Package(PackageOf::new("com.a1", ProfileSerial(0)));
    whole & store.write(vec![Write::Stale(stale, Part::Pixels)]).is_ok()
}

/// Keys 0 to 5 in their first version.
fn base(folder: &Path) {
    let mut store = Store::open(&file(folder), options(None));
    store.write((0..6).map(|number| put(number, 0)).collect()).unwrap();
}

/// Every row is its key's own, in one of its versions. Which keys have an icon, and its version.
fn rows(store: &mut Store, what: &str) -> BTreeMap<usize, u8> {
    let mut found = BTreeMap::new();
    for number in 0..KEYS {
        let read = store.read(&key(number), Variants::ICON);
        let Some((_, row)) = read.pictures.first() else { continue };
        let picture_found = row.data.as_ref().and_then(|packed| packed.unpack(Variant::Plain));
        let version = [0, 1].into_iter().find(|version| picture_found == Some(picture(number, *version)));
        let version = version.unwrap_or_else(|| panic!("{what}: key {number} shows another picture"));
        assert_eq!(
            row.origin.token.as_str(),
            version.to_string(),
            "{what}: the token is that of the picture"
        );
        let label = read.label.and_then(|row| row.label);
        assert_eq!(label.as_deref(), Some(format!("App {number} {version}").as_str()), "{what}");
        found.insert(number, version);
    }
    found
}

#[test]
fn a_fault_at_any_operation_shows_nothing_wrong_and_heals() {
    a_fault_at_any_operation(|_| {});
}

/// The same on a file with a damaged page, which is looked at and rebuilt on the way.
#[test]
fn a_store_that_may_only_be_read_is_read_and_takes_writes_when_it_may_again() {
    let folder = tempfile::Builder::new().prefix("100% a#b?c").tempdir().unwrap();
    let disk = FaultDisk::install(folder.path());
    let file = file(folder.path());
    base(folder.path());
    let bytes = fs::read(&file).unwrap();
    disk.read_only(true);
    let mut store = Store::open(&file, options(Some(&disk)));
    let code = |store: &Store| store.last_error().map(|error| error.code());
    assert_eq!((store.condition(), code(&store)), (Condition::Paused, Some("IC_STORE_READ_ONLY")));
    assert_eq!(rows(&mut store, "read-only"), (0..6).map(|number| (number, 0)).collect());
    assert_eq!(store.scan().map(|rows| rows.len()), Some(6));
    let gone = Write::DeletePackage(PackageOf::new("com.a0", ProfileSerial(0)));
    assert!(store.write(vec![put(2, 1), gone]).is_err());
    assert_eq!(store.counts().rows_given_up, 1, "what adds is dropped and counted");
    assert_eq!(rows(&mut store, "removed"), (2..6).map(|number| (number, 0)).collect());
    assert!(!store.recover());
    assert_eq!(rows(&mut store, "still"), (2..6).map(|number| (number, 0)).collect());
    assert_eq!(fs::read(&file).unwrap(), bytes, "the file is as it was");
    disk.read_only(false);
    assert!(store.recover());
    store.write(vec![put(2, 1)]).unwrap();
    drop(store);
    let mut store = Store::open(&file, options(None));
    let expected = (2..6).map(|number| (number, u8::from(number == 2)));
    assert_eq!(rows(&mut store, "written again"), expected.collect(), "the removal was made up for");
}

#[test]
fn a_file_that_cannot_serve_to_be_read_only_leaves_a_store_in_memory() {
    type Change = fn(&Path);
    let rows: [(&str, Change); 4] = [
        ("no file", |file| fs::remove_file(file).unwrap()),
        ("an empty file", |file| fs::write(file, []).unwrap()),
        ("a log that was left behind", |file| {
            let mut log = file.as_os_str().to_owned();
            log.push("-wal");
            fs::write(log, [1]).unwrap();
        }),
        ("another size", |file| {
            let mut options = options(None);
            options.size_px = 48;
            drop(Store::open(file, options));
        }),
    ];
    for (what, change) in rows {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultDisk::install(folder.path());
        base(folder.path());
        change(&file(folder.path()));
        disk.read_only(true);
        let mut store = Store::open(&file(folder.path()), options(Some(&disk)));
        assert_eq!(store.condition(), Condition::MemoryOnly, "{what}");
        assert_eq!(store.last_error().map(|error| error.code()), Some("IC_STORE_READ_ONLY"), "{what}");
        store.write(vec![put(1, 0)]).unwrap();
        assert_eq!(self::rows(&mut store, what).len(), 1, "{what}");
    }
}

#[test]
fn a_fault_while_a_damaged_store_is_rebuilt_shows_nothing_wrong_and_heals() {
    a_fault_at_any_operation(damage_a_page);
}

fn damage_a_page(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0);
    fs::write(file, &bytes).unwrap();
}

#[test]
fn a_crash_while_a_damaged_store_is_rebuilt_leaves_a_store_that_is_right() {
    let folder = tempfile::tempdir().unwrap();
    base(folder.path());
    damage_a_page(&file(folder.path()));
    let disk = FaultDisk::install(folder.path());
    disk.start_camera();
    let mut store = Store::open(&file(folder.path()), options(Some(&disk)));
    rows(&mut store, "before the work");
    assert!(work(&mut store));
    assert_eq!(store.counts().rebuilds, 1);
    drop(store);
    let (mut half_done, photos) = (0, disk.stop_camera());
    for (number, photo) in photos.iter().enumerate() {
        half_done += u32::from(photo.files.keys().any(|path| path.ends_with("icons.db.rebuilt")));
        let copy = tempfile::tempdir().unwrap();
        photo.lay_out(folder.path(), copy.path());
        let what = format!("operation {number}");
        let mut store = Store::open(&file(copy.path()), options(None));
        rows(&mut store, &what);
        assert!(work(&mut store), "{what}");
        drop(store);
        let shown = rows(&mut Store::open(&file(copy.path()), options(None)), &what);
        assert!((4..KEYS).all(|number| shown.get(&number) == Some(&1)), "{what}: {shown:?}");
        assert!(!copy.path().join("icons.db.rebuilt").exists(), "{what}");
    }
    assert!(half_done > 5, "{half_done} of {}", photos.len());
}

fn a_fault_at_any_operation(damage: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    base(folder.path());
    damage(&file(folder.path()));
    let start = Photo::read(folder.path());
    let disk = FaultDisk::install(folder.path());
    let (mut runs, mut outcomes) = (0, BTreeMap::<&str, u32>::new());
    for (fault, sticky) in Fault::ALL.into_iter().flat_map(|fault| [(fault, false), (fault, true)]) {
        for at in 1.. {
            for entry in fs::read_dir(folder.path()).unwrap() {
                fs::remove_file(entry.unwrap().path()).unwrap();
            }
            start.lay_out(folder.path(), folder.path());
            disk.plan(Some(Plan { at, fault, sticky }));
            let mut store = Store::open(&file(folder.path()), options(Some(&disk)));
            rows(&mut store, "before the work");
            let whole = work(&mut store);
            let what = format!("{fault:?} at {at}, sticky {sticky}");
            let shown = rows(&mut store, &what);
            assert!(!shown.contains_key(&0) && !shown.contains_key(&1), "{what}: removed, and shown");
            let fired = disk.fired();
            disk.plan(None);
            let condition = format!("{:?}", store.condition());
            // The disk is well again: the same process goes on.
            assert!(store.recover(), "{what}: {:?}", store.last_error());
            assert_eq!(store.condition(), Condition::Good, "{what}");
            let shown = rows(&mut store, &what);
            assert!(
                !shown.contains_key(&0) && !shown.contains_key(&1) || condition == "MemoryOnly",
                "{what}"
            );
            work(&mut store);
            drop(store);
            let mut store = Store::open(&file(folder.path()), options(Some(&disk)));
            let shown = rows(&mut store, &what);
            assert!((4..KEYS).all(|number| shown.get(&number) == Some(&1)), "{what}: {shown:?}");
            assert!(!shown.contains_key(&0) && !shown.contains_key(&1), "{what}");
            if !fired {
                assert!(whole, "{what}");
                break;
            }
            runs += 1;
            let error = store.last_error().map_or("none", ferrule_icon_cache::store::StoreError::code);
            assert_eq!(error, "none", "{what}: a fresh opening knows of nothing");
            *outcomes.entry(if whole { "bridged" } else { "failed" }).or_default() += 1;
        }
    }
    println!("{runs} runs with a fault: {outcomes:?}");
    assert!(runs > 50 && outcomes.len() == 2);
}

#[test]
fn a_crash_before_any_operation_leaves_a_store_that_is_right() {
    let folder = tempfile::tempdir().unwrap();
    base(folder.path());
    let disk = FaultDisk::install(folder.path());
    disk.start_camera();
    let mut store = Store::open(&file(folder.path()), options(Some(&disk)));
    assert!(work(&mut store));
    drop(store);
    let photos = disk.stop_camera();
    let mut counts = BTreeMap::<&str, u32>::new();
    for (number, photo) in photos.iter().enumerate() {
        let name: &'static str = photo.loss.into();
        *counts.entry(name).or_default() += 1;
        let copy = tempfile::tempdir().unwrap();
        photo.lay_out(folder.path(), copy.path());
        let what = format!("{name} before operation {number}");
        let mut store = Store::open(&file(copy.path()), options(None));
        assert_eq!(store.condition(), Condition::Good, "{what}");
        let shown = rows(&mut store, &what);
        // Each batch is there whole or not at all.
        let renewed: Vec<Option<u8>> = (4..KEYS).map(|number| shown.get(&number).copied()).collect();
        let possible = [[Some(0), Some(0), None, None], [Some(1); 4], [None; 4]];
        assert!(possible.iter().any(|state| renewed == state), "{what}: {renewed:?}");
        assert_eq!(shown.contains_key(&0), shown.contains_key(&1), "{what}");
        assert!(work(&mut store), "{what}");
    }
    println!("crashes staged, each reopened: {counts:?}");
    assert!(counts.len() == 2);
}
