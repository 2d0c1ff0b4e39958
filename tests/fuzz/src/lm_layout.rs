//! Target `lm_layout`: default layouts of all dialects.
//!
//! The first byte picks how the rest is read. Whatever the text: reading ends, ids ascend from 1, no row lies in a
//! folder that is not there, a failed layout says why, and reading it again gives the same.

use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::layout::{
    Dialect, Flavor, LayoutGrid, LayoutPlatform, LayoutResources, parse_layout, parse_miui_layout,
};

/// Reads the input as a layout of every dialect.
pub fn lm_layout(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let flavor = if choice & 1 == 0 { Flavor::Text } else { Flavor::Compiled };
    let mut resources = LayoutResources::default();
    for (id, name) in [(1, "@xml/me"), (2, "@xml/partner_folder")] {
        resources.ids.insert(name.to_owned(), id);
        resources.documents.insert(id, text.clone().into_owned());
    }
    resources.ids.insert("@string/title".to_owned(), 3);
    resources.strings.insert(3, "title".to_owned());
    let mut platform = LayoutPlatform::empty(LayoutGrid { columns: 4, rows: 5, dock: 4 });
    platform.activities.insert(ComponentName::new("a", "a.B"), "label".to_owned());
    platform.receivers.insert(ComponentName::new("a", "a.W"));
    if choice & 2 != 0 {
        platform.search_component = Some(ComponentName::new("a", "a.S"));
    }
    for dialect in [Dialect::AutoInstalls, Dialect::Default] {
        let read = || parse_layout(dialect, &text, flavor, &resources, Some(&resources), &platform);
        let report = read();
        let ids: Vec<i32> = report.rows.iter().map(|row| row.id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "ids ascend");
        assert!(ids.first().is_none_or(|id| *id >= 1), "ids begin at 1");
        for row in &report.rows {
            // A layout may name any number as container; only folders of its own have ranks.
            let in_folder = row.screen.is_none();
            let container = row.container.unwrap_or_default();
            assert!(!in_folder || ids.contains(&container), "row {} lies in a folder that is gone", row.id);
        }
        let failed = report.log.iter().any(|entry| entry.text == "Error parsing layout: ");
        assert_eq!(report.count() == Some(-1), failed, "a failed layout says why");
        assert!(report.log.iter().all(|entry| entry.error.code().starts_with("LM_LAYOUT_")));
        assert_eq!(read(), report, "reading is repeatable");
    }
    let layout = parse_miui_layout(&text, flavor, &resources, 4, 6);
    for (index, entry) in layout.entries.iter().enumerate() {
        assert!(entry.folder.is_none_or(|folder| folder < index), "a folder comes before its children");
    }
}
