//! The loaded model as protobuf, once with texts where they belong and once with a table of texts.
//!
//! What it is: a schema by prost's derive and the conversion. What it is not: shipped; docs/adr/0008 says why.

use std::collections::HashMap;

use ferrule_launcher_model::compat::model::{Icon, Item, ItemKind, Widget};
use ferrule_launcher_model::safe::{RowOutcome, SafeOutcome, State};
use prost::Message;

/// A model.
#[derive(Clone, PartialEq, Message)]
pub struct Model {
    /// Pages.
    #[prost(int32, repeated, tag = "1")]
    pub pages: Vec<i32>,
    /// Items.
    #[prost(message, repeated, tag = "2")]
    pub items: Vec<ItemRecord>,
    /// The table of texts, if there is one.
    #[prost(string, repeated, tag = "3")]
    pub texts: Vec<String>,
}

/// A text, as itself or as a number of the table from 1.
#[derive(Clone, PartialEq, Message)]
pub struct ItemRecord {
    /// Number.
    #[prost(int64, tag = "1")]
    pub id: i64,
    /// Kind.
    #[prost(uint32, tag = "2")]
    pub kind: u32,
    /// State.
    #[prost(uint32, tag = "3")]
    pub state: u32,
    /// Type.
    #[prost(sint32, tag = "4")]
    pub item_type: i32,
    /// Container.
    #[prost(sint32, tag = "5")]
    pub container: i32,
    /// Page.
    #[prost(sint32, tag = "6")]
    pub screen: i32,
    /// Column.
    #[prost(sint32, tag = "7")]
    pub cell_x: i32,
    /// Row.
    #[prost(sint32, tag = "8")]
    pub cell_y: i32,
    /// Width.
    #[prost(sint32, tag = "9")]
    pub span_x: i32,
    /// Height.
    #[prost(sint32, tag = "10")]
    pub span_y: i32,
    /// Order.
    #[prost(sint32, tag = "11")]
    pub rank: i32,
    /// Profile.
    #[prost(int64, tag = "12")]
    pub profile: i64,
    /// Numbers of the kind, in the order of the packed form.
    #[prost(sint32, repeated, tag = "13")]
    pub numbers: Vec<i32>,
    /// Contents.
    #[prost(int64, repeated, tag = "14")]
    pub contents: Vec<i64>,
    /// Title, package of the intent, package, class.
    #[prost(string, optional, tag = "15")]
    pub title: Option<String>,
    /// Package of the intent.
    #[prost(string, optional, tag = "16")]
    pub intent_package: Option<String>,
    /// Package of the component.
    #[prost(string, optional, tag = "17")]
    pub package: Option<String>,
    /// Class of the component.
    #[prost(string, optional, tag = "18")]
    pub class: Option<String>,
    /// Text of the intent where it is not that of every icon.
    #[prost(string, optional, tag = "19")]
    pub intent: Option<String>,
    /// The same five as numbers of the table.
    #[prost(uint32, repeated, tag = "20")]
    pub texts: Vec<u32>,
}

/// The bytes of a model.
pub fn encode(outcome: &SafeOutcome, with_table: bool) -> Vec<u8> {
    let mut table = Table::default();
    let items =
        outcome.rows.iter().map(|row| record(outcome, row, with_table.then_some(&mut table))).collect();
    Model { pages: outcome.pages.clone(), items, texts: table.texts }.encode_to_vec()
}

#[derive(Default)]
struct Table {
    known: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Table {
    fn number(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = self.texts.len() as u32;
        self.known.insert(text.to_owned(), number);
        number
    }
}

fn record(outcome: &SafeOutcome, row: &RowOutcome, table: Option<&mut Table>) -> ItemRecord {
    let id = i32::try_from(row.row_id).unwrap_or_default();
    let mut record = ItemRecord {
        id: row.row_id,
        state: match row.state {
            State::Live => 0,
            State::Held => 1,
            State::Quarantined => 2,
            State::Opaque => 3,
        },
        contents: outcome.contents.get(&id).into_iter().flatten().map(|child| i64::from(*child)).collect(),
        ..ItemRecord::default()
    };
    let Some(item) = outcome.items.get(&id) else { return record };
    place(&mut record, item);
    let texts: [Option<&str>; 5];
    let intent_text;
    match &item.kind {
        ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => {
            record.kind = if matches!(item.kind, ItemKind::App(_)) { 1 } else { 2 };
            record.numbers = icon_numbers(icon);
            let component = icon.intent.component.as_ref();
            intent_text = ferrule::wire::model::answer::intent_text(&icon.intent);
            texts = [
                item.title.as_deref(),
                icon.intent.package.as_deref(),
                component.map(|component| &*component.package),
                component.map(|component| &*component.class),
                intent_text.as_deref(),
            ];
        }
        ItemKind::Widget(widget) => {
            record.kind = 5;
            record.numbers = widget_numbers(widget);
            let provider = &widget.provider;
            texts = [item.title.as_deref(), None, Some(&*provider.package), Some(&*provider.class), None];
        }
        ItemKind::Folder { options } => {
            record.kind = 3;
            record.numbers = vec![*options];
            texts = [item.title.as_deref(), None, None, None, None];
        }
        ItemKind::AppPair => {
            record.kind = 4;
            texts = [item.title.as_deref(), None, None, None, None];
        }
    }
    match table {
        Some(table) => record.texts = texts.map(|text| table.number(text)).to_vec(),
        None => {
            let [title, intent_package, package, class, intent] = texts.map(|text| text.map(str::to_owned));
            (record.title, record.intent_package, record.package) = (title, intent_package, package);
            (record.class, record.intent) = (class, intent);
        }
    }
    record
}

fn place(record: &mut ItemRecord, item: &Item) {
    record.item_type = item.type_number();
    (record.container, record.screen) = (item.container, item.screen);
    (record.cell_x, record.cell_y) = (item.cell_x, item.cell_y);
    (record.span_x, record.span_y) = (item.span_x, item.span_y);
    (record.rank, record.profile) = (item.rank, item.profile);
}

fn icon_numbers(icon: &Icon) -> Vec<i32> {
    vec![icon.status.0, icon.runtime.0, icon.shown_progress(), icon.icon as i32]
}

fn widget_numbers(widget: &Widget) -> Vec<i32> {
    let bits = i32::from(widget.pending) | i32::from(widget.is_custom) << 1;
    let (width, height) = widget.min_span;
    vec![
        widget.widget_id,
        widget.restore.0,
        widget.options,
        widget.install_progress,
        width,
        height,
        bits,
        widget.source,
    ]
}
