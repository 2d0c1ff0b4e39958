//! MIUI's own default-workspace dialect (G.4), read into items that keep what is not understood.
//!
//! Only tag names and a few attributes of this dialect are known from the outside, so the reader is careful rather than
//! exact: every element with a place becomes an item, unknown tags and attributes are kept beside it and reported
//! (LM-I14), and conditions (`command`) are handed on unevaluated, because what they test is known to the vendor's
//! launcher only. A failure keeps what was read before.
//!
//! Not here: turning items into rows of `favorites`; a caller does that once it has answered the conditions.

use std::collections::BTreeMap;

use super::attributes::{Document, Flavor, LayoutResources};
use super::error::LayoutError;
use super::number::parse_int;
use super::parser::{INCLUDE_DEPTH_MAX, TOTAL_BYTES_MAX};
use super::xml::Event;

const CONTAINER_DESKTOP: i32 = -100;

/// What an element of the dialect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MiuiKind {
    /// `favorite`: an app.
    App,
    /// `shortcut`.
    Shortcut,
    /// `toggle`: a switch of the system on the home screen.
    Toggle,
    /// `folder`, one cell.
    Folder,
    /// `folder_2x2_9`: a folder of 2x2 cells that shows nine icons (item type 22, G.3).
    BigFolder,
    /// `appwidget`.
    Widget,
    /// `maml`: a widget of the vendor's own markup (item types 18 and 19); opaque.
    Maml,
    /// `clock2x4`, `clock3x4`: a clock gadget (item type 5); opaque.
    Clock,
    /// A tag that this reader does not know; opaque.
    Unknown,
}

/// Width and height in cells.
type Span = (i32, i32);

/// Tag → kind and its spans in cells where the tag itself says them.
const TAGS: [(&str, MiuiKind, Option<Span>); 9] = [
    ("favorite", MiuiKind::App, Some((1, 1))),
    ("shortcut", MiuiKind::Shortcut, Some((1, 1))),
    ("toggle", MiuiKind::Toggle, Some((1, 1))),
    ("folder", MiuiKind::Folder, Some((1, 1))),
    ("folder_2x2_9", MiuiKind::BigFolder, Some((2, 2))),
    ("appwidget", MiuiKind::Widget, None),
    ("maml", MiuiKind::Maml, None),
    // Named rows x columns, as MIUI names its clocks.
    ("clock2x4", MiuiKind::Clock, Some((4, 2))),
    ("clock3x4", MiuiKind::Clock, Some((4, 3))),
];

/// A condition around items: the attributes of a `command` element, unevaluated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MiuiCommand {
    /// Attribute → text.
    pub attributes: BTreeMap<String, String>,
}

/// One element with a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiuiEntry {
    /// What it is.
    pub kind: MiuiKind,
    /// The tag as written.
    pub tag: String,
    /// Index in [`MiuiLayout::entries`] of the folder that holds it.
    pub folder: Option<usize>,
    /// Container number; the desktop unless the layout says otherwise, unused in folders.
    pub container: i32,
    /// Page number as the layout counts them, if it is a number.
    pub screen: Option<i32>,
    /// Column and row; negative ones are already counted from the far edge.
    pub cell: Option<(i32, i32)>,
    /// Width and height in cells: the attributes, else what the tag implies, else none.
    pub span: Option<(i32, i32)>,
    /// Order inside its folder (MIUI keeps it in `cellX`).
    pub rank: i32,
    /// Every attribute as written, the understood ones included.
    pub attributes: BTreeMap<String, String>,
    /// Conditions around it, outermost first; all must hold.
    pub commands: Vec<MiuiCommand>,
}

/// Something about an element that the reader could not take as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiuiNote {
    /// `LM_LAYOUT_MIUI_TAG` or `LM_LAYOUT_MIUI_NUMBER`.
    pub code: &'static str,
    /// Tag, and attribute where one is meant.
    pub detail: String,
}

/// A layout of MIUI's dialect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MiuiLayout {
    /// The page that opens first, from `default`.
    pub default_screen: Option<i32>,
    /// Elements in document order; a folder comes before its children.
    pub entries: Vec<MiuiEntry>,
    /// What was not understood.
    pub notes: Vec<MiuiNote>,
    /// Why reading stopped early; what was read before is kept.
    pub failure: Option<LayoutError>,
}

/// Reads a layout of MIUI's dialect for a grid of `columns` x `rows`. Any root is taken; an `include` refers to an XML
/// resource through its attribute `workspace`.
///
/// ```
/// # use ferrule_launcher_model::layout::{parse_miui_layout, Flavor, LayoutResources, MiuiKind};
/// let text = r#"<favorites><folder_2x2_9 screen="0" x="0" y="-2"><favorite packageName="a" className="b"/></folder_2x2_9></favorites>"#;
/// let layout = parse_miui_layout(text, Flavor::Text, &LayoutResources::default(), 4, 6);
/// assert_eq!(layout.entries[0].kind, MiuiKind::BigFolder);
/// assert_eq!(layout.entries[0].cell, Some((0, 4)));
/// assert_eq!(layout.entries[1].folder, Some(0));
/// ```
pub fn parse_miui_layout(
    text: &str,
    flavor: Flavor,
    resources: &LayoutResources,
    columns: i32,
    rows: i32,
) -> MiuiLayout {
    let mut reader =
        MiuiReader { layout: MiuiLayout::default(), columns, rows, bytes_left: TOTAL_BYTES_MAX, includes: 0 };
    let mut open = Vec::new();
    if let Err(error) = reader.read(text, flavor, resources, &mut open) {
        reader.layout.failure = Some(error);
    }
    reader.layout
}

/// An element that is still open.
enum Open {
    Folder { index: usize, children: i32 },
    Command(MiuiCommand),
    Other,
}

struct MiuiReader {
    layout: MiuiLayout,
    columns: i32,
    rows: i32,
    bytes_left: usize,
    includes: usize,
}

impl MiuiReader {
    fn read(
        &mut self,
        text: &str,
        flavor: Flavor,
        resources: &LayoutResources,
        open: &mut Vec<Open>,
    ) -> Result<(), LayoutError> {
        self.bytes_left = self.bytes_left.checked_sub(text.len()).ok_or(LayoutError::TooLarge(text.len()))?;
        let mut document = Document::new(text, flavor, resources)?;
        if document.reader.next_event()? != Event::Start {
            return Err(LayoutError::NoStartTag);
        }
        let outer = open.len();
        loop {
            match document.reader.next_event()? {
                Event::Start => {
                    let opened = self.read_element(&document, open)?;
                    open.push(opened);
                }
                Event::End if open.len() > outer => {
                    open.pop();
                }
                Event::End | Event::EndOfDocument => {
                    open.truncate(outer);
                    return Ok(());
                }
            }
        }
    }

    fn read_element(&mut self, document: &Document<'_>, open: &mut Vec<Open>) -> Result<Open, LayoutError> {
        let tag = document.reader.name();
        match tag {
            "include" => {
                let id = document.resource("workspace")?;
                if id != 0 {
                    if self.includes == INCLUDE_DEPTH_MAX {
                        return Err(LayoutError::TooDeep(INCLUDE_DEPTH_MAX));
                    }
                    self.includes += 1;
                    let text = document.resources.document(id)?;
                    self.read(text, Flavor::Compiled, document.resources, open)?;
                    self.includes -= 1;
                }
                Ok(Open::Other)
            }
            "default" => {
                self.layout.default_screen = self.number(document, "screen");
                Ok(Open::Other)
            }
            "command" => Ok(Open::Command(MiuiCommand { attributes: attributes(document) })),
            _ => Ok(self.read_item(document, open)),
        }
    }

    fn read_item(&mut self, document: &Document<'_>, open: &mut [Open]) -> Open {
        let tag = document.reader.name().to_owned();
        let known = TAGS.iter().find(|(name, _, _)| *name == tag);
        let (kind, implied) = known.map_or((MiuiKind::Unknown, None), |(_, kind, span)| (*kind, *span));
        if kind == MiuiKind::Unknown {
            self.note("LM_LAYOUT_MIUI_TAG", tag.clone());
        }
        let mut place = (None, 0);
        for open in open.iter_mut().rev() {
            if let Open::Folder { index, children } = open {
                place = (Some(*index), *children);
                *children += 1;
                break;
            }
        }
        let (folder, rank) = place;
        let commands = open.iter().filter_map(|open| match open {
            Open::Command(command) => Some(command.clone()),
            _ => None,
        });
        let from_edge = |value: i32, size: i32| if value < 0 { size.wrapping_add(value) } else { value };
        let cell = self.number(document, "x").zip(self.number(document, "y"));
        let entry = MiuiEntry {
            kind,
            tag,
            folder,
            container: self.number(document, "container").unwrap_or(CONTAINER_DESKTOP),
            screen: self.number(document, "screen"),
            cell: cell.map(|(x, y)| (from_edge(x, self.columns), from_edge(y, self.rows))),
            span: self.number(document, "spanX").zip(self.number(document, "spanY")).or(implied),
            rank,
            attributes: attributes(document),
            commands: commands.collect(),
        };
        self.layout.entries.push(entry);
        match kind {
            MiuiKind::Folder | MiuiKind::BigFolder => {
                Open::Folder { index: self.layout.entries.len() - 1, children: 0 }
            }
            _ => Open::Other,
        }
    }

    fn number(&mut self, document: &Document<'_>, name: &str) -> Option<i32> {
        let text = document.attribute(name)?;
        match parse_int(Some(&text), 10) {
            Ok(value) => Some(value),
            Err(_) => {
                self.note("LM_LAYOUT_MIUI_NUMBER", format!("{}/{name}={text}", document.reader.name()));
                None
            }
        }
    }

    fn note(&mut self, code: &'static str, detail: String) {
        self.layout.notes.push(MiuiNote { code, detail });
    }
}

fn attributes(document: &Document<'_>) -> BTreeMap<String, String> {
    let all = document.reader.attributes();
    all.map(|(_, name, value)| (name.to_owned(), value.to_owned())).collect()
}
