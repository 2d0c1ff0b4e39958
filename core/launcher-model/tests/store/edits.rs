//! Changes: one transaction, checked as a whole, audited; quarantine and restore.

use ferrule_launcher_model::store::{
    Change, Edit, Event, Fault, ItemId, ModelStore, Place, Refusal, StoreError, Widget, image,
};

use crate::kit::*;

fn refusal(result: Result<(), StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A folder with three apps at 0,0 and an app in the dock.
fn filled(place: &Place4) -> ModelStore {
    let mut store = place.store();
    let page = first_page(store.content());
    store.write(&[add(folder(), cell(page, 0, 0))], "user", NOW).unwrap();
    let inside = |order| Place::Inside { parent: ItemId(1), order };
    let changes = [
        add(app("a"), inside(0)),
        add(app("b"), inside(1)),
        add(app("c"), inside(1)),
        add(app("d"), Place::Dock { slot: 2 }),
    ];
    store.write(&changes, "user", NOW).unwrap();
    store
}

#[test]
fn contents_close_up_and_make_room() {
    let place = Place4::new();
    let mut store = filled(&place);
    let active = store.content().active;
    let inside = |store: &ModelStore| store.content().inside(ItemId(1), active);
    assert_eq!(inside(&store), [ItemId(2), ItemId(4), ItemId(3)]);
    let page = first_page(store.content());
    let change = Change::Place { id: ItemId(2), place: cell(page, 3, 3), code: None };
    store.write(&[change], "user", NOW).unwrap();
    assert_eq!(inside(&store), [ItemId(4), ItemId(3)]);
    sound(&mut store);
    drop(store);
    assert_eq!(inside(&place.store()), [ItemId(4), ItemId(3)], "memory is what is in the file");
}

#[test]
fn two_items_swap_in_one_list_but_none_lies_on_another() {
    let place = Place4::new();
    let mut store = place.store();
    let page = first_page(store.content());
    let (left, right) = (cell(page, 0, 0), cell(page, 1, 0));
    store.write(&[add(app("a"), left), add(app("b"), right)], "user", NOW).unwrap();
    let put = |id, place| Change::Place { id: ItemId(id), place, code: None };
    assert_eq!(
        refusal(store.write(&[put(1, right)], "user", NOW)),
        Refusal::Broken(Fault::Overlap(ItemId(2)))
    );
    store.write(&[put(1, right), put(2, left)], "user", NOW).unwrap();
    sound(&mut store);
    let outside = cell(page, 4, 0);
    assert_eq!(
        refusal(store.write(&[put(1, outside)], "user", NOW)),
        Refusal::Broken(Fault::OutOfBounds(ItemId(1)))
    );
    let own = Place::Inside { parent: ItemId(2), order: 0 };
    assert_eq!(refusal(store.write(&[put(1, own)], "user", NOW)), Refusal::NoSuchPlace(ItemId(1)));
}

#[test]
fn a_quarantined_folder_takes_its_contents_along_and_brings_them_back() {
    let place = Place4::new();
    let mut store = filled(&place);
    let (id, active) = (ItemId(1), store.content().active);
    let leaves_before = leaves(store.content());
    let before = store.content().clone();
    let away = Change::Quarantine { id, code: "LM_TEST".to_owned(), until: None };
    store.write(&[away], "load", NOW).unwrap();
    assert_eq!(store.quarantine().count(), 4);
    assert_eq!(leaves(store.content()), leaves_before, "LM-I1");
    sound(&mut store);
    drop(store);

    let mut store = place.store();
    let page = first_page(store.content());
    let blocker = add(app("blocker"), cell(page, 0, 0));
    store.write(&[blocker], "user", NOW).unwrap();
    store.write(&[Change::Restore { id }], "user", NOW).unwrap();
    assert_eq!(store.content().inside(id, active), before.inside(id, active));
    assert_eq!(store.content().items[&id].seat(active), Some(cell(page, 1, 0)), "the nearest free cell");
    assert_eq!(store.quarantine().count(), 0);
    sound(&mut store);

    let trail = store.audit(Some(id)).unwrap();
    let events: Vec<Event> = trail.iter().map(|entry| entry.event).collect();
    assert_eq!(events, [Event::Added, Event::Quarantined, Event::Restored]);
    let kept = image::decode(trail[1].image.as_ref().unwrap()).unwrap();
    assert_eq!(kept.id, id, "LM-I17: the item as it was");
}

#[test]
fn an_item_alone_comes_back_to_its_folder_or_beside_it() {
    let place = Place4::new();
    let mut store = filled(&place);
    let active = store.content().active;
    let away = |id| Change::Quarantine { id: ItemId(id), code: "LM_TEST".to_owned(), until: None };
    let back = |id| Change::Restore { id: ItemId(id) };
    store.write(&[away(4)], "load", NOW).unwrap();
    assert_eq!(store.content().inside(ItemId(1), active), [ItemId(2), ItemId(3)]);
    store.write(&[back(4)], "user", NOW).unwrap();
    assert_eq!(
        store.content().inside(ItemId(1), active),
        [ItemId(2), ItemId(4), ItemId(3)],
        "exactly where it was"
    );
    store.write(&[away(1), back(3)], "user", NOW).unwrap();
    assert!(matches!(store.content().items[&ItemId(3)].seat(active), Some(Place::Desktop { .. })));
    assert_eq!(refusal(store.write(&[back(3)], "user", NOW)), Refusal::NotAway(ItemId(3)));
    sound(&mut store);
}

#[test]
fn a_full_home_screen_gets_a_page_for_what_comes_back() {
    let place = Place4::new();
    let mut store = place.store();
    let page = first_page(store.content());
    let cells = (0..GRID.rows).flat_map(|y| (0..GRID.columns).map(move |x| (x, y)));
    let fill: Vec<Change> = cells.map(|(x, y)| add(app(&format!("p{x}{y}")), cell(page, x, y))).collect();
    store.write(&fill, "user", NOW).unwrap();
    let away = Change::Quarantine { id: ItemId(1), code: "LM_TEST".to_owned(), until: None };
    store
        .write(&[away, add(app("late"), cell(page, 0, 0)), Change::Restore { id: ItemId(1) }], "user", NOW)
        .unwrap();
    assert_eq!(store.content().layout().unwrap().pages.len(), 2);
    sound(&mut store);
}

#[test]
fn a_hold_keeps_the_time_when_it_was_first_seen() {
    let place = Place4::new();
    let mut store = filled(&place);
    let hold = |store: &mut ModelStore, at: i64| {
        let change = Change::Hold { id: ItemId(2), code: "LM_TEST".to_owned() };
        store.write(&[change], "load", ferrule_launcher_model::store::EpochMillis(at)).unwrap();
        store.content().items[&ItemId(2)].hold.clone().unwrap().since.0
    };
    assert_eq!((hold(&mut store, 10), hold(&mut store, 20)), (10, 10));
    store.write(&[Change::Release { id: ItemId(2) }], "load", NOW).unwrap();
    assert_eq!(hold(&mut store, 30), 30);
    sound(&mut store);
}

#[test]
fn deleting_is_the_users_alone_and_numbers_are_never_given_again() {
    let place = Place4::new();
    let mut store = filled(&place);
    store.write(&[Change::Delete { id: ItemId(1) }], "user", NOW).unwrap();
    assert_eq!(store.items().len(), 1);
    sound(&mut store);
    let deleted = store.audit(None).unwrap().into_iter().filter(|entry| entry.event == Event::Deleted);
    assert_eq!(deleted.filter(|entry| entry.image.is_some()).count(), 4);
    drop(store);
    let mut store = place.store();
    let page = first_page(store.content());
    store.write(&[add(app("new"), cell(page, 0, 0))], "user", NOW).unwrap();
    assert!(store.content().items.contains_key(&ItemId(6)), "LM-I16, after reopening too");
}

#[test]
fn pages_have_an_order_of_their_own_and_may_be_empty() {
    let place = Place4::new();
    let mut store = place.store();
    let first = first_page(store.content());
    store
        .write(
            &[add(app("a"), cell(first, 0, 0)), Change::AddPage { at: 0, title: Some("New".to_owned()) }],
            "user",
            NOW,
        )
        .unwrap();
    let pages = store.content().layout().unwrap().pages.clone();
    assert_eq!((pages.len(), pages[1].id), (2, first));
    assert!(pages[0].number < pages[1].number, "numbers rise in AOSP's family");
    store.write(&[Change::MovePage { page: first, to: 0 }], "user", NOW).unwrap();
    assert_eq!(first_page(store.content()), first);
    assert_eq!(
        refusal(store.write(&[Change::RemovePage { page: first }], "user", NOW)),
        Refusal::PageNeeded(first)
    );
    sound(&mut store);
    drop(store);
    let mut store = place.store();
    assert_eq!(store.content().layout().unwrap().pages.len(), 2, "the empty page is still there");
    store.write(&[Change::RemovePage { page: pages[0].id }], "user", NOW).unwrap();
    sound(&mut store);
}

#[test]
fn edits_reach_the_file() {
    let place = Place4::new();
    let mut store = filled(&place);
    let widget = Widget { id: 9, provider: Some("p/.W".to_owned()), source: -104 };
    let edits = [
        Edit::Intent(Some("i".to_owned())),
        Edit::Icon(Some(vec![1, 2, 3].into())),
        Edit::Widget(widget),
        Edit::Restored(3),
        Edit::Options(4),
    ];
    let changes: Vec<Change> = edits.into_iter().map(|edit| Change::Edit { id: ItemId(5), edit }).collect();
    store.write(&changes, "user", NOW).unwrap();
    let expected = store.content().items[&ItemId(5)].clone();
    drop(store);
    assert_eq!(place.store().content().items[&ItemId(5)], expected);
}

#[test]
fn the_tables_refuse_by_themselves_what_the_code_would_refuse() {
    let place = Place4::new();
    drop(filled(&place));
    let connection = rusqlite::Connection::open(place.file()).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    for (what, sql) in [
        ("a cell twice", "INSERT INTO cells (page_id, x, y, layout_id, item_id) VALUES (1, 0, 0, 1, 5)"),
        (
            "a slot twice",
            "UPDATE positions SET place = 'dock', slot = 2, page_id = NULL, x = NULL, y = NULL, width = NULL, height = NULL WHERE item_id = 1",
        ),
        ("an order twice", "UPDATE positions SET ord = 0 WHERE item_id = 3"),
        ("a folder in a folder", "UPDATE positions SET item_kind = 'folder' WHERE item_id = 2"),
        ("an app as a collection", "UPDATE positions SET parent_id = 5 WHERE item_id = 2"),
        ("a page of no layout", "UPDATE pages SET layout_id = 9"),
        ("a parent deleted alone", "DELETE FROM items WHERE id = 1"),
        ("an unknown kind", "UPDATE items SET kind = 'zombie' WHERE id = 2"),
        ("a text for a number", "UPDATE positions SET x = 'left' WHERE item_id = 1"),
    ] {
        assert!(connection.execute(sql, []).is_err(), "{what} is taken");
    }
}

#[cfg(unix)]
#[test]
fn every_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place4::new();
    let mut store = filled(&place);
    store.snapshot(ferrule_launcher_model::snapshot::Reason::Manual, NOW).unwrap();
    let source = place.dir.path().join("launcher.db");
    aosp(&source, "", BOARD);
    store.import_file(&source, &import_options()).unwrap();
    store
        .export(ferrule_launcher_model::export::Format::Favorites, &place.dir.path().join("out.db"))
        .unwrap();
    let mut files =
        vec![place.file(), place.dir.path().join("ferrule_model.db-wal"), place.dir.path().join("out.db")];
    files.extend(store.snapshots().into_iter().map(|snapshot| snapshot.file));
    assert_eq!(files.len(), 5);
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn a_folder_in_the_place_of_the_store_is_another_programs() {
    let place = Place4::new();
    std::fs::create_dir(place.file()).unwrap();
    let error = ModelStore::open(&place.file(), options()).unwrap_err();
    assert_eq!(error.code(), "LM_STORE_FOREIGN", "{error}");
    assert!(place.file().is_dir());
}

/// Root may do anything, so a root's test runs once more as nobody, with a copy of itself that nobody may run.
#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_read_or_written_says_so_and_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    const TEST: &str = "edits::a_store_that_may_not_be_read_or_written_says_so_and_stays_as_it_is";
    let place = Place4::new();
    drop(filled(&place));
    let set = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(&place.file(), 0o000);
    if std::fs::File::open(place.file()).is_ok() {
        let folder = tempfile::tempdir().unwrap();
        set(folder.path(), 0o755);
        let program = folder.path().join("test");
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let mut child = std::process::Command::new(&program);
        child.args(["--exact", TEST]).uid(NOBODY).gid(NOBODY).current_dir("/");
        let output = child.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let folder = place.file().parent().unwrap().to_owned();
    for (what, file, parent) in [
        ("no rights at all", 0o000, 0o700),
        ("read only", 0o444, 0o700),
        ("write only", 0o200, 0o700),
        ("in a folder that may only be read", 0o600, 0o500),
    ] {
        set(&place.file(), file);
        set(&folder, parent);
        let error = ModelStore::open(&place.file(), options()).unwrap_err();
        assert_eq!(error.code(), "LM_STORE_READ_ONLY", "{what}: {error}");
        assert!(error.to_string().contains("ferrule_model.db") && !error.remedy().is_empty(), "{what}");
        set(&folder, 0o700);
        set(&place.file(), 0o600);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "{what}");
        sound(&mut place.store());
    }
}
