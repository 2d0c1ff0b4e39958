//! One layout document → rows: the tags of both dialects and the order in which legacy does things (A.9, MORE L1–L12).
//!
//! Legacy reads with one flat loop over start tags, so an element nested where nobody looks is a further top-level
//! element (L4); a failure keeps what is already inserted and every side effect (L10, L11). Both follow here from the
//! same loop over the same events, not from special cases.
//!
//! Not here: which document is read (`source`), widgets (`widget`), favourites by intent (`resolve`).

use std::borrow::Cow;

use crate::intent::{
    ACTION_MAIN, CATEGORY_DEEP_SHORTCUT, ComponentName, EXTRA_SHORTCUT_ID, Extra, Intent, LAUNCH_FLAGS,
};

use super::attributes::{Document, Flavor, LayoutResources};
use super::error::LayoutError;
use super::number::parse_int;
use super::platform::LayoutPlatform;
use super::report::{LayoutLog, LayoutReport, Pin, Step};
use super::row::{Cell, LayoutRow};
use super::xml::Event;

/// Deepest nesting of `include`. Legacy has no limit and runs out of stack.
pub const INCLUDE_DEPTH_MAX: usize = 16;

/// Most bytes that one layout may read, its includes counted each time they are read.
pub const TOTAL_BYTES_MAX: usize = 4 << 20;

const CONTAINER_DESKTOP: i32 = -100;
const CONTAINER_DOCK: i32 = -101;
const TYPE_APPLICATION: i32 = 0;
const TYPE_FOLDER: i32 = 2;
const TYPE_DEEP_SHORTCUT: i32 = 6;
/// A.4: an icon restored from a backup; what a layout's shortcut claims to be.
const RESTORED_ICON: i32 = 1;
/// A.4: an icon that an installer is to bring.
const AUTO_INSTALL_ICON: i32 = 2;

/// The two dialects of layout XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Root `workspace`: what a provider or an auto-installs APK delivers.
    AutoInstalls,
    /// Root `favorites`: what the launcher or a partner's APK holds.
    Default,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    App,
    AppOrIntent,
    AutoInstall,
    Shortcut,
    Folder,
    FolderOrReference,
    PartnerFolder,
    PendingWidget,
    BoundWidget,
    SearchWidget,
    Resolve,
}

impl Dialect {
    /// The root element.
    pub fn root(self) -> &'static str {
        match self {
            Self::AutoInstalls => "workspace",
            Self::Default => "favorites",
        }
    }

    /// The legacy class that reads it.
    pub fn legacy_name(self) -> &'static str {
        match self {
            Self::AutoInstalls => "AutoInstallsLayout",
            Self::Default => "DefaultLayoutParser",
        }
    }

    /// Tags of a page or the dock.
    fn tags(self) -> &'static [(&'static str, Tag)] {
        match self {
            Self::AutoInstalls => &[
                ("appicon", Tag::App),
                ("autoinstall", Tag::AutoInstall),
                ("folder", Tag::Folder),
                ("appwidget", Tag::PendingWidget),
                ("searchwidget", Tag::SearchWidget),
                ("shortcut", Tag::Shortcut),
            ],
            Self::Default => &[
                ("favorite", Tag::AppOrIntent),
                ("appwidget", Tag::BoundWidget),
                ("searchwidget", Tag::SearchWidget),
                ("shortcut", Tag::Shortcut),
                ("resolve", Tag::Resolve),
                ("folder", Tag::FolderOrReference),
                ("partner-folder", Tag::PartnerFolder),
            ],
        }
    }

    /// Tags inside a folder; any other fails the layout.
    fn folder_tags(self) -> &'static [(&'static str, Tag)] {
        match self {
            Self::AutoInstalls => {
                &[("appicon", Tag::App), ("autoinstall", Tag::AutoInstall), ("shortcut", Tag::Shortcut)]
            }
            Self::Default => &[("favorite", Tag::AppOrIntent), ("shortcut", Tag::Shortcut)],
        }
    }
}

fn find(tags: &[(&str, Tag)], name: &str) -> Option<Tag> {
    tags.iter().find(|(tag, _)| *tag == name).map(|(_, tag)| *tag)
}

/// Reads one layout document into an empty table. `partner` is the APK behind `partner-folder`, if there is one.
///
/// Never fails: a failed layout is a report with count −1, its log entry, and whatever it had done before.
///
/// ```
/// # use ferrule_launcher_model::layout::{Dialect, Flavor, LayoutGrid, LayoutPlatform, LayoutResources, parse_layout};
/// let platform = LayoutPlatform::empty(LayoutGrid { columns: 5, rows: 5, dock: 5 });
/// let text = r#"<workspace><autoinstall packageName="org.mail" className="org.mail.Main"
///     screen="0" x="0" y="-1"/></workspace>"#;
/// let own = LayoutResources::default();
/// let report = parse_layout(Dialect::AutoInstalls, text, Flavor::Text, &own, None, &platform);
/// assert_eq!(report.count(), Some(1));
/// assert_eq!(report.rows[0].restored, 2);
/// ```
pub fn parse_layout(
    dialect: Dialect,
    text: &str,
    flavor: Flavor,
    resources: &LayoutResources,
    partner: Option<&LayoutResources>,
    platform: &LayoutPlatform,
) -> LayoutReport {
    let mut session = Session::new(platform, partner);
    session.load(dialect, text, flavor, resources);
    session.report
}

/// The values of the row that is being put together, legacy's one shared set of column values.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) row: LayoutRow,
    /// Whether the layout itself named a profile; an override may not change it then (L12).
    explicit_profile: bool,
}

/// State that lasts over all layouts of one run: ids of widgets go on, ids of items start again with each wipe.
pub(super) struct Session<'a> {
    pub(super) platform: &'a LayoutPlatform,
    partner: Option<&'a LayoutResources>,
    pub(super) report: LayoutReport,
    pub(super) draft: Draft,
    pub(super) allocated_widgets: i32,
    last_id: i32,
    bytes_left: usize,
    include_depth: usize,
    dialect: Dialect,
}

impl<'a> Session<'a> {
    pub(super) fn new(platform: &'a LayoutPlatform, partner: Option<&'a LayoutResources>) -> Self {
        Self {
            platform,
            partner,
            report: LayoutReport::default(),
            draft: Draft::default(),
            allocated_widgets: 0,
            last_id: 0,
            bytes_left: TOTAL_BYTES_MAX,
            include_depth: 0,
            dialect: Dialect::Default,
        }
    }

    /// Empties the table.
    pub(super) fn wipe(&mut self) {
        self.report.steps.push(Step::Wipe);
        self.report.rows.clear();
        self.last_id = 0;
    }

    /// Reads one layout and gives its count, −1 when it failed.
    pub(super) fn load(
        &mut self,
        dialect: Dialect,
        text: &str,
        flavor: Flavor,
        resources: &LayoutResources,
    ) -> i32 {
        self.report.steps.push(Step::Load(dialect));
        self.dialect = dialect;
        self.bytes_left = TOTAL_BYTES_MAX;
        let count = match self.read_document(text, flavor, resources) {
            Ok(count) => count,
            Err(error) => {
                self.log("Error parsing layout: ", error);
                -1
            }
        };
        self.report.steps.push(Step::Count(count));
        count
    }

    pub(super) fn log(&mut self, text: impl Into<String>, error: LayoutError) {
        self.report.log.push(LayoutLog { text: text.into(), error });
    }

    fn read_document(
        &mut self,
        text: &str,
        flavor: Flavor,
        resources: &LayoutResources,
    ) -> Result<i32, LayoutError> {
        let mut document = self.open(text, flavor, resources, self.dialect.root())?;
        let depth = document.reader.depth();
        let mut count = 0;
        loop {
            match document.reader.next_event()? {
                Event::Start => count += self.read_element(&mut document)?,
                Event::End if document.reader.depth() > depth => {}
                Event::End | Event::EndOfDocument => return Ok(count),
            }
        }
    }

    /// Opens a document and stands at its root, which must be `root`.
    fn open<'d>(
        &mut self,
        text: &'d str,
        flavor: Flavor,
        resources: &'d LayoutResources,
        root: &'static str,
    ) -> Result<Document<'d>, LayoutError> {
        self.bytes_left = self.bytes_left.checked_sub(text.len()).ok_or(LayoutError::TooLarge(text.len()))?;
        let mut document = Document::new(text, flavor, resources)?;
        loop {
            match document.reader.next_event()? {
                Event::Start if document.reader.name() == root => return Ok(document),
                Event::Start => {
                    let found = document.reader.name().to_owned();
                    return Err(LayoutError::WrongRoot { found, expected: root });
                }
                Event::End => {}
                Event::EndOfDocument => return Err(LayoutError::NoStartTag),
            }
        }
    }

    fn read_element(&mut self, document: &mut Document<'_>) -> Result<i32, LayoutError> {
        if document.reader.name() == "include" {
            return self.read_include(document);
        }
        self.draft = Draft::default();
        let (container, screen) = self.read_container(document)?;
        self.draft.row.container = Some(container);
        self.draft.row.screen = Some(screen);
        // The profile is looked up before the cells, but no cell failure can tell.
        if let Some(serial) =
            document.attribute("userType").and_then(|kind| self.platform.profile_of_type(&kind))
        {
            self.draft.row.profile_id = serial;
            self.draft.explicit_profile = true;
        }
        let grid = self.platform.grid;
        self.draft.row.cell_x = distance_from_end(document.attribute("x").as_deref(), grid.columns)?;
        self.draft.row.cell_y = distance_from_end(document.attribute("y").as_deref(), grid.rows)?;
        let Some(tag) = find(self.dialect.tags(), document.reader.name()) else { return Ok(0) };
        Ok(i32::from(self.read_tag(tag, document)?.is_some()))
    }

    fn read_include(&mut self, document: &Document<'_>) -> Result<i32, LayoutError> {
        let id = document.resource("workspace")?;
        if id == 0 {
            return Ok(0);
        }
        if self.include_depth == INCLUDE_DEPTH_MAX {
            return Err(LayoutError::TooDeep(INCLUDE_DEPTH_MAX));
        }
        self.include_depth += 1;
        let count =
            self.read_document(document.resources.document(id)?, Flavor::Compiled, document.resources);
        self.include_depth -= 1;
        count
    }

    /// Container and screen: the two dialects share nothing but the names (L1, L2).
    fn read_container(&self, document: &Document<'_>) -> Result<(i32, i32), LayoutError> {
        let container = document.attribute("container");
        let number = |name| parse_int(document.attribute(name).as_deref(), 10);
        match self.dialect {
            Dialect::AutoInstalls if container.as_deref() == Some("hotseat") => {
                Ok((CONTAINER_DOCK, number("rank")?))
            }
            Dialect::AutoInstalls => Ok((CONTAINER_DESKTOP, number("screen")?)),
            Dialect::Default => {
                let container = match container {
                    None => CONTAINER_DESKTOP,
                    text => parse_int(text.as_deref(), 10)?,
                };
                Ok((container, number("screen")?))
            }
        }
    }

    /// Reads one tag; the id of what it inserted, none when it was skipped.
    fn read_tag(&mut self, tag: Tag, document: &mut Document<'_>) -> Result<Option<i32>, LayoutError> {
        match tag {
            Tag::App => Ok(self.read_app(document).flatten()),
            Tag::AppOrIntent => self.read_favorite(document),
            Tag::AutoInstall => Ok(self.read_auto_install(document)),
            Tag::Shortcut => Ok(self.read_shortcut(document)),
            Tag::Folder => self.read_folder(document),
            Tag::FolderOrReference => match document.resource("folderItems")? {
                0 => self.read_folder(document),
                id => self.read_foreign_folder(document.resources.document(id)?, document.resources),
            },
            Tag::PartnerFolder => {
                let Some(partner) = self.partner else { return Ok(None) };
                let Some(id) = partner.xml_id("partner_folder") else { return Ok(None) };
                self.read_foreign_folder(partner.document(id)?, partner)
            }
            Tag::PendingWidget => self.read_pending_widget(document),
            Tag::BoundWidget => self.read_bound_widget(document),
            Tag::SearchWidget => self.read_search_widget(document),
            Tag::Resolve => self.read_resolve(document),
        }
    }

    /// An app by package and class. The outer `None`: one of them is missing.
    fn read_app(&mut self, document: &Document<'_>) -> Option<Option<i32>> {
        let package = document.non_empty("packageName")?;
        let class = document.non_empty("className")?;
        let known = |package: &str| {
            let component = ComponentName::new(package, class.as_ref());
            self.platform.activities.get(&component).map(|label| (component, label.clone()))
        };
        let found = known(&package).or_else(|| known(self.platform.canonical_package(&package)));
        Some(found.map(|(component, label)| {
            self.insert_icon(Some(label), Intent::main_activity(component), TYPE_APPLICATION)
        }))
    }

    /// `favorite`: an app, or whatever an intent resolves to.
    pub(super) fn read_favorite(&mut self, document: &Document<'_>) -> Result<Option<i32>, LayoutError> {
        match self.read_app(document) {
            Some(inserted) => Ok(inserted),
            None => self.read_favorite_by_intent(document),
        }
    }

    fn read_auto_install(&mut self, document: &Document<'_>) -> Option<i32> {
        let package = document.non_empty("packageName")?;
        let class = document.non_empty("className")?;
        self.draft.row.restored = AUTO_INSTALL_ICON;
        let intent = Intent::main_activity(ComponentName::new(package, class));
        Some(self.insert_icon(Some(self.platform.unknown_title.clone()), intent, TYPE_APPLICATION))
    }

    /// `shortcut`: pinned now, for the current user whatever `userType` says (L7, L11). Nothing checks that the
    /// attributes are there.
    fn read_shortcut(&mut self, document: &Document<'_>) -> Option<i32> {
        let package = document.attribute("packageName").map(Cow::into_owned);
        let shortcut = document.attribute("shortcutId").map(Cow::into_owned);
        if let Some(failure) = &self.platform.pin_failure {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "null".to_owned());
            let line = format!(
                "Unable to pin the shortcut for shortcut id = {} and package name = {}",
                text(&shortcut),
                text(&package)
            );
            self.log(line, failure.into());
            return None;
        }
        let mut intent = Intent {
            action: Some(ACTION_MAIN.into()),
            package: package.as_ref().map(Into::into),
            flags: LAUNCH_FLAGS,
            ..Intent::default()
        };
        intent.categories.insert(CATEGORY_DEEP_SHORTCUT, ());
        if let Some(id) = &shortcut {
            intent.extras.insert(EXTRA_SHORTCUT_ID, Extra::String(id.into()));
        }
        self.report.pins.push(Pin { package, profile: self.platform.current_profile, shortcut });
        self.draft.row.restored = RESTORED_ICON;
        Some(self.insert_icon(None, intent, TYPE_DEEP_SHORTCUT))
    }

    fn read_foreign_folder(
        &mut self,
        text: &str,
        resources: &LayoutResources,
    ) -> Result<Option<i32>, LayoutError> {
        let mut document = self.open(text, Flavor::Compiled, resources, "folder")?;
        self.read_folder(&mut document)
    }

    /// A folder and its children. With one child the child takes its place, with none it is gone (L7, L9).
    fn read_folder(&mut self, document: &mut Document<'_>) -> Result<Option<i32>, LayoutError> {
        let title = match document.resource("title")? {
            0 => document.attribute("titleText").unwrap_or_default().into_owned(),
            id => document.resources.string(id)?.to_owned(),
        };
        self.draft.row.title = Some(title);
        self.draft.row.item_type = TYPE_FOLDER;
        self.draft.row.span_x = Cell::Integer(1);
        self.draft.row.span_y = Cell::Integer(1);
        let folder = self.insert();
        let place = self.draft.row.clone();
        let mut children = Vec::new();
        let depth = document.reader.depth();
        loop {
            match document.reader.next_event()? {
                Event::Start => {
                    let Some(tag) = find(self.dialect.folder_tags(), document.reader.name()) else {
                        return Err(LayoutError::FolderItem(document.reader.name().to_owned()));
                    };
                    self.draft = Draft::default();
                    self.draft.row.container = Some(folder);
                    self.draft.row.rank = i32::try_from(children.len()).unwrap_or(i32::MAX);
                    children.extend(self.read_tag(tag, document)?);
                }
                Event::End if document.reader.depth() > depth => {}
                Event::End => break,
                Event::EndOfDocument => return Err(LayoutError::Truncated("folder".to_owned())),
            }
        }
        if children.len() >= 2 {
            return Ok(Some(folder));
        }
        self.report.rows.retain(|row| row.id != folder);
        let Some(&only) = children.first() else { return Ok(None) };
        if let Some(row) = self.report.rows.iter_mut().find(|row| row.id == only) {
            row.container = place.container;
            row.screen = place.screen;
            row.cell_x = place.cell_x;
            row.cell_y = place.cell_y;
        }
        Ok(Some(only))
    }

    /// Completes an icon's row and inserts it.
    pub(super) fn insert_icon(&mut self, title: Option<String>, intent: Intent, item_type: i32) -> i32 {
        let row = &mut self.draft.row;
        row.title = title;
        row.item_type = item_type;
        row.span_x = Cell::Integer(1);
        row.span_y = Cell::Integer(1);
        row.intent = Some(intent.to_uri());
        if item_type == TYPE_APPLICATION && !self.draft.explicit_profile {
            let package = intent.component.as_ref().map(|component| component.package.as_str());
            if let Some(other) = package.and_then(|package| self.platform.activity_overrides.get(package)) {
                row.profile_id = other.profile;
                row.intent = Some(Intent::main_activity(other.component.clone()).to_uri());
                self.draft.explicit_profile = true;
            }
        }
        self.insert()
    }

    /// Inserts the draft under the next id.
    pub(super) fn insert(&mut self) -> i32 {
        self.last_id += 1;
        let mut row = self.draft.row.clone();
        row.id = self.last_id;
        if !self.draft.explicit_profile {
            row.profile_id = self.platform.current_profile;
        }
        self.report.steps.push(Step::Insert { id: row.id, item_type: row.item_type });
        self.report.rows.push(row);
        self.last_id
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self { row: LayoutRow { app_widget_id: -1, ..LayoutRow::default() }, explicit_profile: false }
    }
}

/// A cell as the layout gives it; a negative one counts from the far edge, unchecked.
fn distance_from_end(text: Option<&str>, size: i32) -> Result<Cell, LayoutError> {
    let Some(text) = text else { return Ok(Cell::Null) };
    if !text.is_empty() {
        let value = parse_int(Some(text), 10)?;
        if value < 0 {
            return Ok(Cell::Integer(i64::from(size.wrapping_add(value))));
        }
    }
    Ok(Cell::integer_column(Some(text)))
}
