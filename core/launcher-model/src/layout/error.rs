//! What can go wrong with a default layout, once for the whole area.
//!
//! Each failure knows three names: the stable code of `docs/codes.md`, and the exception class and message that the
//! legacy loader writes to its log for the same layout. The last two exist so that a comparison of both loaders' logs
//! is exact; nothing decides by them.
//!
//! Not here: which failure loses the whole layout and which only its tag. That is the parser's rule (A.9, MORE L3–L11).

use thiserror::Error;

/// A failure while a default layout is read. The text is the legacy loader's own message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The text is not XML as the platform's pull parser accepts it.
    #[error("{message} (position:{position}) ")]
    Xml {
        /// What the parser stumbled over.
        message: String,
        /// The event it was reading, with line and column.
        position: String,
    },
    /// A character reference that names no character.
    #[error("Invalid character reference: &{0}")]
    CharacterReference(String),
    /// A name uses a namespace prefix that nothing declares.
    #[error("{0}")]
    Namespace(String),
    /// There is no element at all.
    #[error("No start tag found")]
    NoStartTag,
    /// The first element is not the root of this dialect.
    #[error("Unexpected start tag: found {found}, expected {expected}")]
    WrongRoot {
        /// The element that was there.
        found: String,
        /// The root that the dialect demands.
        expected: &'static str,
    },
    /// A number is missing where one must be.
    #[error("Cannot parse null string")]
    NumberMissing,
    /// A number cannot be read.
    #[error("For input string: \"{text}\"{}", radix_suffix(*.radix))]
    Number {
        /// The text in question.
        text: String,
        /// The radix it was read with.
        radix: u32,
    },
    /// A number in a favourite's `uri` cannot be read; the message is the intent parser's.
    #[error("{0}")]
    IntentNumber(String),
    /// A favourite's `uri` has a syntax error; only its tag is lost.
    #[error("{0}")]
    IntentSyntax(String),
    /// A folder holds a tag that it may not hold.
    #[error("Invalid folder item {0}")]
    FolderItem(String),
    /// A widget holds something other than `extra`.
    #[error("Widgets can contain only extras")]
    WidgetChild,
    /// A widget's `extra` lacks its key or its value.
    #[error("Widget extras must have a key and value")]
    WidgetExtra,
    /// `searchwidget` reads a field that nothing has set (J.28).
    #[error(
        "Cannot invoke \"java.lang.Integer.intValue()\" because the return value of \
         \"android.content.ContentValues.getAsInteger(String)\" is null"
    )]
    SearchWidget,
    /// An intent has candidates but the platform resolves it to nothing.
    #[error("Cannot read field \"activityInfo\" because \"<parameter1>\" is null")]
    ResolvedNothing,
    /// A string resource does not exist.
    #[error("String resource ID #0x{0:x}")]
    NoSuchString(i32),
    /// An XML resource does not exist.
    #[error("Resource ID #0x{0:x}")]
    NoSuchXml(i32),
    /// The platform knows no such package.
    #[error("{0}")]
    NameNotFound(String),
    /// The platform refused; class and message are its own.
    #[error("{message}")]
    Refused {
        /// Java class of the exception that the platform threw.
        class: String,
        /// Its message.
        message: String,
    },
    /// The document ends inside an element whose reader never looks for the end; legacy spins here for ever.
    #[error("the document ends inside <{0}>")]
    Truncated(String),
    /// A text, or all included texts together, are longer than the limit of the reader; legacy has none.
    #[error("layout of {0} bytes")]
    TooLarge(usize),
    /// Elements or includes are nested deeper than the limit; legacy runs out of stack.
    #[error("layout nested deeper than {0}")]
    TooDeep(usize),
    /// An element has more attributes, or a place more namespaces, than the limit; legacy has none.
    #[error("more than {0} attributes or namespaces")]
    TooMany(usize),
}

fn radix_suffix(radix: u32) -> String {
    if radix == 10 { String::new() } else { format!(" under radix {radix}") }
}

impl LayoutError {
    /// The stable code; each has an entry in `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Xml { .. } | Self::CharacterReference(_) | Self::Namespace(_) | Self::NoStartTag => {
                "LM_LAYOUT_XML"
            }
            Self::WrongRoot { .. } => "LM_LAYOUT_ROOT",
            Self::NumberMissing | Self::Number { .. } | Self::IntentNumber(_) => "LM_LAYOUT_NUMBER",
            Self::IntentSyntax(_) => "LM_LAYOUT_URI",
            Self::FolderItem(_) => "LM_LAYOUT_FOLDER_ITEM",
            Self::WidgetChild | Self::WidgetExtra => "LM_LAYOUT_WIDGET_EXTRA",
            Self::SearchWidget => "LM_LAYOUT_SEARCH_WIDGET",
            Self::ResolvedNothing | Self::NameNotFound(_) => "LM_LAYOUT_RESOLVE",
            Self::NoSuchString(_) | Self::NoSuchXml(_) => "LM_LAYOUT_RESOURCE",
            Self::Refused { .. } => "LM_LAYOUT_REFUSED",
            Self::Truncated(_) => "LM_LAYOUT_TRUNCATED",
            Self::TooLarge(_) | Self::TooDeep(_) | Self::TooMany(_) => "LM_LAYOUT_LIMIT",
        }
    }

    /// The exception class in the legacy loader's log for the same layout.
    pub fn legacy_class(&self) -> &str {
        match self {
            Self::Xml { .. } | Self::CharacterReference(_) | Self::NoStartTag | Self::WrongRoot { .. } => {
                "org.xmlpull.v1.XmlPullParserException"
            }
            Self::NumberMissing | Self::Number { .. } | Self::IntentNumber(_) => {
                "java.lang.NumberFormatException"
            }
            Self::IntentSyntax(_) => "java.net.URISyntaxException",
            Self::Namespace(_) | Self::FolderItem(_) | Self::WidgetChild | Self::WidgetExtra => {
                "java.lang.RuntimeException"
            }
            Self::SearchWidget | Self::ResolvedNothing => "java.lang.NullPointerException",
            Self::NoSuchString(_) | Self::NoSuchXml(_) => "android.content.res.Resources$NotFoundException",
            Self::NameNotFound(_) => "android.content.pm.PackageManager$NameNotFoundException",
            Self::Refused { class, .. } => class,
            // Legacy logs nothing: it waits for ever, or has no such limit.
            Self::Truncated(_) | Self::TooMany(_) => "",
            Self::TooDeep(_) => "java.lang.StackOverflowError",
            Self::TooLarge(_) => "java.lang.OutOfMemoryError",
        }
    }
}
