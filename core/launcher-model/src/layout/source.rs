//! Which layout a fresh home screen gets (A.9, SPEC-05, MORE L10).
//!
//! Only behind the "empty database" flag. In this order: a layout provider or blob named by a system setting; an
//! auto-installs APK; a partner's APK; the grid's own layout, or the demo one for a demo user. An external layout that
//! inserts nothing or fails is wiped and the grid's own one is read: the other external ones are not tried.
//!
//! Not here: reading the setting, the blob or the APKs; their answers come in.

use super::attributes::{Flavor, LayoutResources};
use super::parser::{Dialect, Session};
use super::platform::{HostFailure, LayoutGrid, LayoutPlatform};
use super::report::LayoutReport;

/// What the setting `launcher3.layout.provider` led to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LayoutProvider {
    /// The setting is absent or empty.
    #[default]
    None,
    /// A blob handle (`blob://…`).
    Blob(Result<String, HostFailure>),
    /// An authority that no provider answers to.
    UnknownAuthority(String),
    /// A content provider.
    Authority {
        /// Its authority.
        authority: String,
        /// The text it delivered.
        text: Result<String, HostFailure>,
    },
}

/// Everything a layout may come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayoutSources {
    /// Whether the database was just created or wiped (A.7); without it nothing happens.
    pub empty_flag: bool,
    /// The setting and what it led to.
    pub provider: LayoutProvider,
    /// The APK that answers the auto-installs action.
    pub auto_installs: Option<LayoutResources>,
    /// The partner's APK.
    pub partner: Option<LayoutResources>,
    /// The launcher's own resources.
    pub own: LayoutResources,
    /// The grid's own layout.
    pub internal: i32,
    /// The layout for demo users; none where the grid has none.
    pub demo: Option<i32>,
}

/// Where the rows came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The layout provider or blob.
    Provider,
    /// The auto-installs APK.
    AutoInstalls,
    /// The partner's APK.
    Partner,
    /// The grid's own layout.
    Internal,
    /// The demo layout.
    Demo,
}

/// What a fresh start did.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedLayout {
    /// Sources that were read, in order; empty without the flag.
    pub sources: Vec<SourceKind>,
    /// The address that the layout provider was asked at.
    pub provider_uri: Option<String>,
    /// Rows, steps, side effects, log.
    pub report: LayoutReport,
    /// The flag afterwards: cleared even if nothing was inserted.
    pub empty_flag: bool,
}

struct Choice<'a> {
    kind: SourceKind,
    dialect: Dialect,
    text: &'a str,
    flavor: Flavor,
    resources: &'a LayoutResources,
}

/// Fills a fresh table as the launcher does at its first start. See the module's head.
pub fn load_default_layout(sources: &LayoutSources, platform: &LayoutPlatform) -> LoadedLayout {
    let mut session = Session::new(platform, sources.partner.as_ref());
    let mut loaded = LoadedLayout {
        sources: Vec::new(),
        provider_uri: None,
        report: LayoutReport::default(),
        empty_flag: false,
    };
    if !sources.empty_flag {
        return loaded;
    }
    let provider = choose_provider(sources, platform, &mut session, &mut loaded);
    let external = provider.or_else(|| choose_package(sources, platform.grid));
    let mut chosen = external.unwrap_or_else(|| choose_internal(sources, platform));
    loop {
        session.wipe();
        loaded.sources.push(chosen.kind);
        let count = session.load(chosen.dialect, chosen.text, chosen.flavor, chosen.resources);
        let internal = matches!(chosen.kind, SourceKind::Internal | SourceKind::Demo);
        if count > 0 || internal {
            break;
        }
        chosen = choose_internal(sources, platform);
    }
    loaded.report = session.report;
    loaded
}

fn choose_provider<'a>(
    sources: &'a LayoutSources,
    platform: &LayoutPlatform,
    session: &mut Session<'_>,
    loaded: &mut LoadedLayout,
) -> Option<Choice<'a>> {
    let (text, log) = match &sources.provider {
        LayoutProvider::None | LayoutProvider::UnknownAuthority(_) => return None,
        LayoutProvider::Blob(text) => (text, "Error getting layout from blob handle".to_owned()),
        LayoutProvider::Authority { authority, text } => {
            let LayoutGrid { columns, rows, dock } = platform.grid;
            loaded.provider_uri = Some(format!(
                "content://{authority}/launcher_layout?version=1&gridWidth={columns}&gridHeight={rows}\
                 &hotseatSize={dock}"
            ));
            (text, format!("Error getting layout stream from: {authority}"))
        }
    };
    match text {
        Ok(text) => Some(Choice {
            kind: SourceKind::Provider,
            dialect: Dialect::AutoInstalls,
            text,
            flavor: Flavor::Text,
            resources: &sources.own,
        }),
        Err(failure) => {
            session.log(log, failure.into());
            None
        }
    }
}

fn choose_package(sources: &LayoutSources, grid: LayoutGrid) -> Option<Choice<'_>> {
    let LayoutGrid { columns, rows, dock } = grid;
    let names = [
        format!("default_layout_{columns}x{rows}_h{dock}"),
        format!("default_layout_{columns}x{rows}"),
        "default_layout".to_owned(),
    ];
    let find = |resources: Option<&'_ LayoutResources>, names: &[String]| {
        let resources = resources?;
        names.iter().find_map(|name| resources.xml_id(name))
    };
    if let (Some(id), Some(resources)) =
        (find(sources.auto_installs.as_ref(), &names), sources.auto_installs.as_ref())
    {
        return Some(compiled(SourceKind::AutoInstalls, Dialect::AutoInstalls, resources, id));
    }
    let resources = sources.partner.as_ref()?;
    let id = resources.xml_id("partner_default_layout")?;
    Some(compiled(SourceKind::Partner, Dialect::Default, resources, id))
}

fn choose_internal<'a>(sources: &'a LayoutSources, platform: &LayoutPlatform) -> Choice<'a> {
    match sources.demo {
        Some(id) if platform.is_demo_user => compiled(SourceKind::Demo, Dialect::Default, &sources.own, id),
        _ => compiled(SourceKind::Internal, Dialect::Default, &sources.own, sources.internal),
    }
}

fn compiled(kind: SourceKind, dialect: Dialect, resources: &LayoutResources, id: i32) -> Choice<'_> {
    // A missing document reads like an empty one: no start tag, count −1.
    let text = resources.documents.get(&id).map(String::as_str).unwrap_or_default();
    Choice { kind, dialect, text, flavor: Flavor::Compiled, resources }
}
