//! An item as bytes: what the journal and the audit trail keep of it before and after a change.
//!
//! Form 1: a byte 1, then fields in a fixed order. A number is 8 bytes, little endian; a text or blob its length as such
//! a number and its bytes; an optional value a byte 0, or 1 and the value. Reading is total: any bytes give an item or
//! `None`, and allocate no more than there are bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::item::{
    EpochMillis, Item, ItemId, Kind, LayoutId, PageId, Place, Position, ProfileSerial, Quarantine, Since,
    Widget,
};
use crate::neutral::{FolderStyle, Title};
use crate::rows::Value;

const FORM: u8 = 1;

/// All kinds with the number that stands for each.
const KINDS: [(u8, Kind); 10] = [
    (0, Kind::App),
    (1, Kind::Shortcut),
    (2, Kind::Folder(FolderStyle::Small)),
    (3, Kind::Folder(FolderStyle::Big)),
    (4, Kind::Folder(FolderStyle::BigNine)),
    (5, Kind::AppPair),
    (6, Kind::Widget),
    (7, Kind::Internal),
    (8, Kind::Promise),
    (9, Kind::Opaque),
];

/// An item's image.
pub fn encode(item: &Item) -> Vec<u8> {
    let mut out = Writer(vec![FORM]);
    out.number(item.id.0);
    out.option(item.source_id, Writer::number);
    out.number(item.profile.0);
    let kind = KINDS.iter().find(|(_, kind)| *kind == item.kind).map_or(9, |(number, _)| *number);
    out.0.push(kind);
    out.number(item.item_type.into());
    match &item.title {
        Title::None => out.0.push(0),
        Title::Text(text) => {
            out.0.push(1);
            out.bytes(text.as_bytes());
        }
        Title::Resource(name) => {
            out.0.push(2);
            out.bytes(name.as_bytes());
        }
    }
    out.option(item.intent.as_deref(), |out, text| out.bytes(text.as_bytes()));
    out.option(item.icon.as_deref(), Writer::bytes);
    out.number(item.widget.id.into());
    out.option(item.widget.provider.as_deref(), |out, text| out.bytes(text.as_bytes()));
    out.number(item.widget.source.into());
    out.number(item.restored.into());
    out.number(item.options.into());
    out.number(item.modified.0);
    out.length(item.columns.len());
    for (name, value) in &item.columns {
        out.bytes(name.as_bytes());
        out.value(value);
    }
    out.length(item.positions.len());
    for (layout, position) in &item.positions {
        out.number(layout.0);
        out.0.push(u8::from(position.seated));
        out.place(position.place);
    }
    out.option(item.hold.as_ref(), Writer::since);
    out.option(item.quarantine.as_ref(), |out, quarantine| {
        out.since(&quarantine.why);
        out.option(quarantine.until, |out, until| out.number(until.0));
    });
    out.0
}

/// The item of an image; `None` for bytes that are none.
pub fn decode(bytes: &[u8]) -> Option<Item> {
    let mut input = Reader(bytes);
    if input.byte()? != FORM {
        return None;
    }
    let id = ItemId(input.number()?);
    let source_id = input.option(Reader::number)?;
    let profile = ProfileSerial(input.number()?);
    let kind = input.byte()?;
    let (_, kind) = KINDS.into_iter().find(|(number, _)| *number == kind)?;
    let mut item = Item::new(id, profile, kind, input.int()?);
    item.source_id = source_id;
    item.title = match input.byte()? {
        0 => Title::None,
        1 => Title::Text(input.text()?),
        2 => Title::Resource(input.text()?),
        _ => return None,
    };
    item.intent = input.option(Reader::text)?;
    item.icon = input.option(Reader::blob)?.map(Arc::from);
    item.widget = Widget { id: input.int()?, provider: input.option(Reader::text)?, source: input.int()? };
    item.restored = input.int()?;
    item.options = input.int()?;
    item.modified = EpochMillis(input.number()?);
    let mut columns = BTreeMap::new();
    for _ in 0..input.number()? {
        columns.insert(input.text()?, input.value()?);
    }
    item.columns = columns;
    for _ in 0..input.number()? {
        let layout = LayoutId(input.number()?);
        let seated = input.flag()?;
        item.positions.insert(layout, Position { place: input.place()?, seated });
    }
    item.hold = input.option(Reader::since)?;
    item.quarantine = input.option(|input| {
        let why = input.since()?;
        let until = input.option(Reader::number)?.map(EpochMillis);
        Some(Quarantine { why, until })
    })?;
    input.0.is_empty().then_some(item)
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: i64) {
        self.0.extend(number.to_le_bytes());
    }

    fn length(&mut self, length: usize) {
        self.0.extend((length as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend(bytes);
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn since(&mut self, since: &Since) {
        self.bytes(since.code.as_bytes());
        self.number(since.since.0);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push(0),
            Value::Integer(number) => {
                self.0.push(1);
                self.number(*number);
            }
            Value::Real(number) => {
                self.0.push(2);
                self.0.extend(number.to_bits().to_le_bytes());
            }
            Value::Text(text) => {
                self.0.push(3);
                self.bytes(text.as_bytes());
            }
            Value::Blob(bytes) => {
                self.0.push(4);
                self.bytes(bytes);
            }
        }
    }

    fn place(&mut self, place: Place) {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                self.0.push(0);
                self.number(page.0);
                for number in [x, y, width, height] {
                    self.number(number.into());
                }
            }
            Place::Dock { slot } => {
                self.0.push(1);
                self.number(slot.into());
            }
            Place::Inside { parent, order } => {
                self.0.push(2);
                self.number(parent.0);
                self.number(order.into());
            }
            Place::Elsewhere { container } => {
                self.0.push(3);
                self.number(container);
            }
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<i64> {
        let (bytes, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*bytes))
    }

    fn int(&mut self) -> Option<i32> {
        i32::try_from(self.number()?).ok()
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.blob()?.to_vec()).ok()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn since(&mut self) -> Option<Since> {
        Some(Since { code: self.text()?, since: EpochMillis(self.number()?) })
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.byte()? {
            0 => Value::Null,
            1 => Value::Integer(self.number()?),
            2 => Value::Real(f64::from_bits(self.number()?.cast_unsigned())),
            3 => Value::Text(self.text()?),
            4 => Value::Blob(self.blob()?.to_vec()),
            _ => return None,
        })
    }

    fn place(&mut self) -> Option<Place> {
        Some(match self.byte()? {
            0 => Place::Desktop {
                page: PageId(self.number()?),
                x: self.int()?,
                y: self.int()?,
                width: self.int()?,
                height: self.int()?,
            },
            1 => Place::Dock { slot: self.int()? },
            2 => Place::Inside { parent: ItemId(self.number()?), order: self.int()? },
            3 => Place::Elsewhere { container: self.number()? },
            _ => return None,
        })
    }
}
