//! What an import keeps of a row beyond what the item says: unknown columns, and values that a canonical row would not
//! repeat, such as a text in a number's column.

use std::collections::BTreeMap;

use crate::export::default_value;
use crate::export::row::{self, Cells};
use crate::rows::{Row, SourceRows, Value};
use crate::store::item::DESKTOP;
use crate::store::{Family, Item, Kind, LayoutId, Place};

/// What has to be known beside the row and its item.
pub(super) struct Context<'a> {
    pub(super) family: Family,
    /// The source's number of the page that the row lies on.
    pub(super) screen: i64,
    /// Whether pages get other numbers, so that the row's own means nothing any more.
    pub(super) renumbered: bool,
    pub(super) source_id: i64,
    /// The source's number of the collection that the row lies in.
    pub(super) collection: i64,
    /// What that collection is.
    pub(super) parent: Option<Kind>,
    pub(super) active: LayoutId,
    /// The item as the store had it.
    pub(super) old: Option<&'a Item>,
    pub(super) source: &'a SourceRows,
}

impl Context<'_> {
    /// The columns that are kept.
    pub(super) fn kept(&self, item: &Item, row: &Row<'_>) -> BTreeMap<String, Value> {
        let position = item.positions.get(&self.active).copied();
        let place = position.map_or(Place::Elsewhere { container: DESKTOP }, |position| position.place);
        let seated = position.is_some_and(|position| position.seated);
        let cells = Cells::of(place, self.screen, |_| self.collection);
        let kept = row.columns().filter(|(name, stored)| {
            match row::columns(self.family).iter().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
                Some((own, _)) => self.differs(own, stored, item, place, seated, &cells),
                None => !stored.is_null() && !self.is_fresh_default(name, stored),
            }
        });
        kept.map(|(name, stored)| (name.to_owned(), stored.clone())).collect()
    }

    /// Whether one of the family's own columns holds what a canonical row would not, and nothing else decides it.
    fn differs(
        &self,
        name: &str,
        stored: &Value,
        item: &Item,
        place: Place,
        seated: bool,
        cells: &Cells,
    ) -> bool {
        let expected = row::value(name, item, item.item_type, self.source_id, cells, self.family);
        let decided = seated && row::decides_place(name, item, place, self.parent, self.family);
        let stale = self.renumbered && name == "screen";
        let refused = stored.is_null() && row::refuses_null(name);
        *stored != expected && !decided && !stale && !refused && name != "_id"
    }

    /// Whether an item that was made here has got the column's own default by the export.
    fn is_fresh_default(&self, name: &str, stored: &Value) -> bool {
        let made_here =
            self.old.is_some_and(|old| old.source_id.is_none() && !old.columns.contains_key(name));
        let favorites = &self.source.favorites;
        let column = favorites.index_of(name).and_then(|at| favorites.columns.get(at));
        made_here && column.map(default_value).as_ref() == Some(stored)
    }
}
