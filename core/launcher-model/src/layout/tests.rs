//! Tables and properties of default layouts; the exact answers of Launcher3 are the conformance data's part.

use proptest::prelude::*;

use crate::intent::ComponentName;

use super::xml::{Event, MAX_DEPTH, XmlReader};
use super::*;

const NS: &str = "xmlns:l=\"http://schemas.android.com/apk/res-auto/com.android.launcher3\"";

fn platform() -> LayoutPlatform {
    let mut platform = LayoutPlatform::empty(LayoutGrid { columns: 4, rows: 6, dock: 4 });
    for name in ["clock", "mail", "notes"] {
        let component = ComponentName::new(format!("org.{name}"), format!("org.{name}.Main"));
        platform.activities.insert(component, name.to_uppercase());
    }
    platform.receivers.insert(ComponentName::new("org.clock", "org.clock.Widget"));
    platform.profiles.push(LayoutProfile { serial: 10, kind: ProfileKind::Work });
    platform
}

fn favorites(body: &str) -> LayoutReport {
    let text = format!("<favorites {NS}>{body}</favorites>");
    let none = LayoutResources::default();
    parse_layout(Dialect::Default, &text, Flavor::Compiled, &none, None, &platform())
}

fn workspace(body: &str) -> LayoutReport {
    let text = format!("<workspace {NS}>{body}</workspace>");
    let none = LayoutResources::default();
    parse_layout(Dialect::AutoInstalls, &text, Flavor::Text, &none, None, &platform())
}

fn app(name: &str, place: &str) -> String {
    format!("<favorite l:packageName='org.{name}' l:className='org.{name}.Main' {place}/>")
}

#[test]
fn a_negative_cell_counts_from_the_far_edge() {
    let report = favorites(&app("clock", "l:screen='2' l:x='-1' l:y='-6'"));
    assert_eq!(report.rows[0].screen, Some(2));
    assert_eq!((&report.rows[0].cell_x, &report.rows[0].cell_y), (&Cell::Integer(3), &Cell::Integer(0)));
}

/// MORE L2: the same word means the dock in one dialect and loses the layout in the other.
#[test]
fn the_dock_is_a_word_in_one_dialect_and_a_number_in_the_other() {
    let report =
        workspace("<autoinstall l:packageName='a' l:className='a.B' l:container='hotseat' l:rank='3'/>");
    assert_eq!((report.rows[0].container, report.rows[0].screen), (Some(-101), Some(3)));
    assert_eq!(report.rows[0].restored, 2);
    let report = favorites(&app("clock", "l:container='hotseat' l:screen='0'"));
    assert_eq!(report.count(), Some(-1));
    assert_eq!(report.log[0].error.code(), "LM_LAYOUT_NUMBER");
}

/// MORE L10: what was inserted before a bad tag stays, and so do side effects.
#[test]
fn one_bad_tag_loses_the_layout_and_keeps_its_rows() {
    let body = format!(
        "{}<shortcut l:packageName='a' l:shortcutId='s' l:screen='0'/><what/>",
        app("clock", "l:screen='0'")
    );
    let report = favorites(&body);
    assert_eq!(report.count(), Some(-1));
    assert_eq!(report.rows.len(), 2);
    assert_eq!(report.pins.len(), 1);
}

/// SPEC-05: 0, 1 and 2 children.
#[test]
fn a_folder_needs_two_children() {
    let folder =
        |children: &str| favorites(&format!("<folder l:screen='1' l:x='2' l:y='3'>{children}</folder>"));
    assert!(folder(&app("gone", "")).rows.is_empty());
    let one = folder(&app("clock", ""));
    assert_eq!((one.rows.len(), one.rows[0].id, one.rows[0].screen), (1, 2, Some(1)));
    let two = folder(&format!("{}{}{}", app("clock", ""), app("gone", ""), app("mail", "")));
    let ranks: Vec<_> = two.rows.iter().map(|row| (row.id, row.container, row.rank)).collect();
    assert_eq!(ranks, [(1, Some(-100), 0), (2, Some(1), 0), (3, Some(1), 1)]);
}

/// MORE L4: nobody reads the children of an app, so they become elements of the page.
#[test]
fn an_element_inside_an_app_is_a_top_level_element() {
    let inner = app("mail", "l:screen='4'");
    let body = format!(
        "<favorite l:packageName='org.clock' l:className='org.clock.Main' l:screen='0'>{inner}</favorite>"
    );
    let screens: Vec<_> = favorites(&body).rows.iter().map(|row| row.screen).collect();
    assert_eq!(screens, [Some(0), Some(4)]);
}

#[test]
fn the_work_profile_is_named_by_user_type() {
    let report = favorites(&app("clock", "l:screen='0' l:userType='work'"));
    assert_eq!(report.rows[0].profile_id, 10);
    let report = favorites(&app("clock", "l:screen='0' l:userType='private'"));
    assert_eq!(report.rows[0].profile_id, 0);
}

#[test]
fn a_widget_is_bound_in_one_dialect_and_pending_in_the_other() {
    let tag = "<appwidget l:packageName='org.clock' l:className='org.clock.Widget' l:screen='0' l:spanX='2'>\
               <extra l:key='k' l:value='v'/></appwidget>";
    let bound = favorites(tag);
    assert_eq!((bound.rows[0].app_widget_id, bound.rows[0].restored), (1, 0));
    assert_eq!(bound.broadcasts.len(), 1);
    let pending = workspace(tag);
    assert_eq!((pending.rows[0].app_widget_id, pending.rows[0].restored), (-1, 35));
    assert_eq!(pending.rows[0].intent.as_deref(), Some("#Intent;S.k=v;end"));
    assert_eq!(pending.rows[0].span_y, Cell::Null);
}

fn apk(documents: &[(&str, &str)]) -> LayoutResources {
    let mut out = LayoutResources::default();
    for (id, (name, text)) in (1..).zip(documents) {
        out.ids.insert(format!("@xml/{name}"), id);
        out.documents.insert(id, (*text).to_owned());
    }
    out
}

/// Legacy runs out of stack here; the limit makes it an error of the layout.
#[test]
fn a_layout_that_includes_itself_ends() {
    let text = "<favorites><include workspace='@xml/me'/></favorites>";
    let resources = apk(&[("me", text)]);
    let report = parse_layout(Dialect::Default, text, Flavor::Compiled, &resources, None, &platform());
    assert_eq!(report.log[0].error, LayoutError::TooDeep(INCLUDE_DEPTH_MAX));
    let twice = format!("<favorites>{}</favorites>", "<include workspace='@xml/me'/>".repeat(5000));
    let resources = apk(&[("me", &twice)]);
    let report = parse_layout(Dialect::Default, &twice, Flavor::Compiled, &resources, None, &platform());
    assert_eq!(report.log[0].error.code(), "LM_LAYOUT_LIMIT");
}

/// Legacy waits for the folder's end for ever.
#[test]
fn a_document_that_ends_in_a_folder_fails() {
    let none = LayoutResources::default();
    let text = "<favorites><folder screen='0'>";
    let report = parse_layout(Dialect::Default, text, Flavor::Compiled, &none, None, &platform());
    assert_eq!(report.log[0].error, LayoutError::Truncated("folder".into()));
}

/// A.9 and MORE L10: order of sources, and straight to the grid's own layout when an external one is empty.
#[test]
fn sources_are_asked_in_order() {
    let row = |root: &str, tag: &str, page: u32| {
        format!(
            "<{root} {NS}><{tag} l:packageName='org.clock' l:className='org.clock.Main' l:screen='{page}'/></{root}>"
        )
    };
    let exact = row("workspace", "appicon", 1);
    let partner = row("favorites", "favorite", 2);
    let mut sources = LayoutSources {
        empty_flag: true,
        provider: LayoutProvider::Authority {
            authority: "a".into(),
            text: Ok(row("workspace", "appicon", 0)),
        },
        auto_installs: Some(apk(&[("default_layout_4x6_h4", &exact), ("default_layout", "<workspace/>")])),
        partner: Some(apk(&[("partner_default_layout", &partner)])),
        own: apk(&[("own", &row("favorites", "favorite", 3)), ("demo", &row("favorites", "favorite", 4))]),
        internal: 1,
        demo: Some(2),
    };
    let mut platform = platform();
    let page = |sources: &LayoutSources, platform: &LayoutPlatform| {
        let loaded = load_default_layout(sources, platform);
        (loaded.sources.clone(), loaded.report.rows.first().and_then(|row| row.screen))
    };
    assert_eq!(page(&sources, &platform), (vec![SourceKind::Provider], Some(0)));
    let uri = load_default_layout(&sources, &platform).provider_uri;
    assert_eq!(
        uri.as_deref(),
        Some("content://a/launcher_layout?version=1&gridWidth=4&gridHeight=6&hotseatSize=4")
    );
    sources.provider = LayoutProvider::Authority { authority: "a".into(), text: Ok("<workspace/>".into()) };
    assert_eq!(page(&sources, &platform), (vec![SourceKind::Provider, SourceKind::Internal], Some(3)));
    sources.provider = LayoutProvider::UnknownAuthority("a".into());
    assert_eq!(page(&sources, &platform), (vec![SourceKind::AutoInstalls], Some(1)));
    sources.auto_installs = Some(LayoutResources::default());
    assert_eq!(page(&sources, &platform), (vec![SourceKind::Partner], Some(2)));
    sources.partner = None;
    assert_eq!(page(&sources, &platform), (vec![SourceKind::Internal], Some(3)));
    platform.is_demo_user = true;
    assert_eq!(page(&sources, &platform), (vec![SourceKind::Demo], Some(4)));
    sources.empty_flag = false;
    assert_eq!(page(&sources, &platform), (vec![], None));
}

#[test]
fn miui_conditions_and_unknown_tags_are_kept() {
    let text = r#"<favorites>
        <default screen="1"/>
        <command installed="org.clock"><favorite packageName="org.clock" className="X" screen="0" x="1" y="-1"/></command>
        <clock2x4 screen="0" x="0" y="0"/>
        <maml screen="1" x="0" y="2" spanX="2" spanY="2" product_id="7"/>
        <folder title="Tools" screen="0" x="3" y="x"><favorite packageName="a"/><shortcut uri="b"/></folder>
        <hologram power="9"/>
    </favorites>"#;
    let layout = parse_miui_layout(text, Flavor::Text, &LayoutResources::default(), 4, 6);
    assert_eq!(layout.failure, None);
    assert_eq!(layout.default_screen, Some(1));
    let kinds: Vec<_> = layout.entries.iter().map(|entry| (entry.kind, entry.folder, entry.rank)).collect();
    assert_eq!(
        kinds,
        [
            (MiuiKind::App, None, 0),
            (MiuiKind::Clock, None, 0),
            (MiuiKind::Maml, None, 0),
            (MiuiKind::Folder, None, 0),
            (MiuiKind::App, Some(3), 0),
            (MiuiKind::Shortcut, Some(3), 1),
            (MiuiKind::Unknown, None, 0),
        ]
    );
    assert_eq!(layout.entries[0].cell, Some((1, 5)));
    assert_eq!(layout.entries[0].commands[0].attributes["installed"], "org.clock");
    assert_eq!(layout.entries[1].span, Some((4, 2)));
    assert_eq!(layout.entries[2].attributes["product_id"], "7");
    assert_eq!(layout.entries[3].cell, None);
    let codes: Vec<_> = layout.notes.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["LM_LAYOUT_MIUI_NUMBER", "LM_LAYOUT_MIUI_TAG"]);
}

#[test]
fn xml_is_as_strict_and_as_lenient_as_the_platform() {
    let accepted = [
        "<a/><b>",
        "<a><b></b>",
        "<?xml version='1.0' encoding='x' standalone='yes'?><a/>",
        "<!DOCTYPE a SYSTEM \"x\" [<!ENTITY b 'c>'>]><a>&b;</a>",
        "<a b='1' b='2'/>",
        "<a>&#65;&#x42;&amp;</a>",
        "<a><![CDATA[<]]></a>",
        "<a><?p?></a>",
        " \n<a/>",
    ];
    for text in accepted {
        assert_eq!(walk(text).err(), None, "{text}");
    }
    let refused = [
        ("<a", "Dangling < (position:START_DOCUMENT null@1:1"),
        ("<ab", "Unexpected EOF (position:START_TAG <ab>@1:4"),
        ("<a b>", "Attr.value missing f. b (position:START_TAG <a b='null'>@1:5"),
        ("<a b=c/>", "attr value delimiter missing! (position:START_TAG <a b='null'>@1:6"),
        ("<a></b>", "expected: /a read: b (position:END_TAG </b>@1:8"),
        ("</a>", "read end tag a with no tags open (position:END_TAG </a>@1:5"),
        ("<a b='<'/>", "Illegal: \"<\" inside attribute value (position:START_TAG <a b='null'>@1:7"),
        ("<a>\n &x;", "unresolved: &x; (position:TEXT @2:5"),
        ("<a>&#xffffffff;</a>", "Invalid character reference: &#xffffffff"),
        ("<a><!-- -- --></a>", "Comments may not contain -- (position:COMMENT @1:11"),
        ("<b:a/>", "undefined prefix: b (position:START_TAG (empty) <{}b:a>@1:7"),
        ("<a b:c='d'/>", "Undefined Prefix: b in "),
        ("<a/>text", "Unexpected token (position:TEXT text@1:9"),
        ("<a/><!DOCTYPE a>", "Unexpected token (position:DOCDECL @1:17"),
        (" <?xml version='1.0'?><a/>", "Unexpected token (position:unknown @1:2"),
        ("<?xml encoding='u'?><a/>", "version expected"),
    ];
    for (text, message) in refused {
        let error = walk(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

#[test]
fn nesting_is_bounded() {
    assert!(walk(&"<a>".repeat(MAX_DEPTH)).is_ok());
    assert_eq!(walk(&"<a>".repeat(MAX_DEPTH + 1)), Err(LayoutError::TooDeep(MAX_DEPTH)));
}

fn walk(text: &str) -> Result<Vec<String>, LayoutError> {
    let mut reader = XmlReader::new(text)?;
    let mut out = Vec::new();
    loop {
        match reader.next_event()? {
            Event::Start => {
                let attributes: Vec<_> =
                    reader.attributes().map(|(_, name, value)| format!("{name}={value}")).collect();
                out.push(format!("{} {} {}", reader.depth(), reader.name(), attributes.join(",")));
            }
            Event::End => out.push(format!("{} /{}", reader.depth(), reader.name())),
            Event::EndOfDocument => return Ok(out),
        }
    }
}

/// The same walk with an independent parser.
fn walk_with_quick_xml(text: &str) -> Vec<String> {
    use quick_xml::events::{BytesStart, Event};
    let start = |depth: usize, tag: &BytesStart<'_>| {
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
            format!(
                "{key}={}",
                quick_xml::escape::unescape(std::str::from_utf8(&attribute.value).unwrap()).unwrap()
            )
        });
        let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
        (format!("{depth} {name} {}", attributes.collect::<Vec<_>>().join(",")), format!("{depth} /{name}"))
    };
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = Vec::new();
    let mut out = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let (begin, end) = start(open.len() + 1, &tag);
                out.push(begin);
                open.push(end);
            }
            Event::Empty(tag) => {
                let (begin, end) = start(open.len() + 1, &tag);
                out.extend([begin, end]);
            }
            Event::End(_) => out.extend(open.pop()),
            Event::Eof => return out,
            _ => {}
        }
    }
}

/// A well-formed element as text and as the events that it must give.
fn element() -> impl Strategy<Value = (String, usize)> {
    let leaf = ("[a-c]{1,3}", "[ -;=?-~]{0,5}").prop_map(|(name, value)| {
        let value = value.replace('&', "&amp;").replace('\'', "&apos;");
        (format!("<{name} k='{value}'/>"), 1)
    });
    leaf.prop_recursive(4, 32, 4, |inner| {
        ("[a-c]{1,3}", prop::collection::vec(inner, 0..4)).prop_map(|(name, children)| {
            let count = children.iter().map(|(_, count)| count).sum::<usize>() + 1;
            let body: String = children.into_iter().map(|(text, _)| text).collect();
            (format!("<{name}>{body}</{name}>"), count)
        })
    })
}

fn some_tag() -> impl Strategy<Value = String> {
    let tag = prop::sample::select(vec![
        "favorite",
        "appicon",
        "autoinstall",
        "shortcut",
        "folder",
        "appwidget",
        "searchwidget",
        "resolve",
        "partner-folder",
        "include",
        "extra",
        "what",
        "command",
        "maml",
    ]);
    let attribute = prop::sample::select(vec![
        "l:screen='0'",
        "screen='-3'",
        "l:x='-1'",
        "l:y='9'",
        "x='a'",
        "l:container='-101'",
        "container='hotseat'",
        "rank='1'",
        "l:packageName='org.clock'",
        "l:className='org.clock.Main'",
        "l:className='org.clock.Widget'",
        "uri='#Intent;end'",
        "uri='#Intent;i.a=b;end'",
        "key='k'",
        "value='v'",
        "title='@x'",
        "titleText='t'",
        "workspace='@xml/me'",
        "shortcutId='s'",
        "userType='work'",
        "spanX='0x'",
    ]);
    (tag, prop::collection::vec(attribute, 0..6), any::<bool>()).prop_map(|(tag, attributes, closed)| {
        format!("<{tag} {}{}>", attributes.join(" "), if closed { "/" } else { "" })
    })
}

proptest! {
    #[test]
    fn well_formed_documents_are_read_whole((text, count) in element()) {
        let events = walk(&text).unwrap();
        prop_assert_eq!(events.len(), 2 * count);
        prop_assert_eq!(events, walk_with_quick_xml(&text));
    }

    #[test]
    fn no_text_panics_the_reader(text in "([<>&/='\"a-c:! ?\\[\\]-]|<!--|<!\\[CDATA\\[|xmlns|\\PC){0,60}") {
        let _ = walk(&text);
    }

    /// Whatever the tags: ids ascend from 1, every child's folder is there, and both dialects end.
    #[test]
    fn rows_are_consistent_however_broken_the_layout(tags in prop::collection::vec(some_tag(), 0..12)) {
        let body: String = tags.concat();
        for dialect in [Dialect::AutoInstalls, Dialect::Default] {
            for flavor in [Flavor::Text, Flavor::Compiled] {
                let text = format!("<{} {NS}>{body}", dialect.root());
                let report = parse_layout(dialect, &text, flavor, &apk(&[("me", &text)]), None, &platform());
                let ids: Vec<i32> = report.rows.iter().map(|row| row.id).collect();
                prop_assert!(ids.windows(2).all(|pair| pair[0] < pair[1]) && ids.first().is_none_or(|id| *id >= 1));
                for row in &report.rows {
                    let container = row.container.unwrap();
                    prop_assert!(container < 0 || report.rows.iter().any(|other| other.id == container));
                }
                let failed = report.log.iter().any(|entry| entry.text == "Error parsing layout: ");
                prop_assert_eq!(report.count() == Some(-1), failed);
                parse_miui_layout(&text, flavor, &apk(&[("me", &text)]), 4, 6);
            }
        }
    }
}
