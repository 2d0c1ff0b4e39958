//! The page about the store's format and the tables that the store makes are the same.

use std::collections::{BTreeMap, BTreeSet};

use ferrule_icon_cache::store::schema::{CREATE, TABLES};
use rusqlite::Connection;

#[test]
fn the_page_names_every_table_and_column() {
    let page = include_str!("../../../docs/formats/icon-store.md");
    let mut documented: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut table = None;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            table = heading.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        }
        if let (Some(table), Some(column)) =
            (table, line.strip_prefix("| `").and_then(|rest| rest.split('`').next()))
        {
            documented.entry(table).or_default().insert(column);
        }
    }
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(CREATE).unwrap();
    let tables: BTreeSet<&str> = TABLES.into_iter().collect();
    assert_eq!(documented.keys().copied().collect::<BTreeSet<_>>(), tables);
    for (table, columns) in documented {
        let mut select = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let made = select
            .query_map([table], |row| row.get(0))
            .unwrap()
            .collect::<Result<BTreeSet<String>, _>>()
            .unwrap();
        assert_eq!(made, columns.into_iter().map(str::to_owned).collect(), "{table}");
    }
}
