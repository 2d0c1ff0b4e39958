//! Intents as text: what Android's `Intent.parseUri(text, 0)` and `toUri(0)` do, exactly (A.8, I1 to I6).
//!
//! The text of an intent is the identity of an icon: Launcher3 stores it, compares it and matches it after a restore.
//! So parser and printer follow the platform to the letter, its odd corners included. This is not a general URI
//! library, and clip data or parcelled extras, which no text can carry, are not part of the type.
//!
//! Invariants: no text makes [`Intent::parse`] panic; its time is linear in the text and what it allocates is bounded;
//! what was printed is printed again, except in four corners of the platform's own: data with a fragment, data with a
//! scheme that parsing takes apart, a component without class (old form), a selector beside the package of an app URI.

mod big;
mod component;
mod error;
mod extra;
mod float_text;
mod number;
mod order;
mod parse;
mod parse_old;
mod percent;
mod print;

pub(crate) use number::parse_integer;

pub use component::ComponentName;
pub use error::{FailureClass, IntentError, IntentFault};
pub use extra::Extra;
pub use order::{HashOrdered, java_hash};
pub use parse::{DECODED_BYTES_MAX, TEXT_BYTES_MAX};
pub use percent::{decode as percent_decode, encode as percent_encode};
/// A text of an intent. Up to 23 bytes lie in place and longer ones are shared, so cloning it copies nothing.
pub use smol_str::SmolStr as Text;

/// The action that an intent text has when it names none.
pub const ACTION_VIEW: &str = "android.intent.action.VIEW";
/// The action of an app's entry point.
pub const ACTION_MAIN: &str = "android.intent.action.MAIN";
/// The category of an app's entry in launchers.
pub const CATEGORY_LAUNCHER: &str = "android.intent.category.LAUNCHER";
/// The category of a deep shortcut (A.8).
pub const CATEGORY_DEEP_SHORTCUT: &str = "com.android.launcher3.DEEP_SHORTCUT";
/// The string extra with the id of a deep shortcut (A.8).
pub const EXTRA_SHORTCUT_ID: &str = "shortcut_id";
/// The long extra with a profile serial in older databases (A.8).
pub const EXTRA_PROFILE: &str = "profile";
/// New task and reset-task-if-needed, the launch flags of every icon (A.8).
pub const LAUNCH_FLAGS: i32 = 0x1020_0000;

/// A rectangle on the screen in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Left edge.
    pub left: i32,
    /// Top edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Bottom edge.
    pub bottom: i32,
}

/// An intent, as far as its text can carry it.
///
/// ```
/// # use ferrule_launcher_model::intent::{ComponentName, Intent};
/// let text = "#Intent;action=android.intent.action.MAIN;launchFlags=0x10200000;component=a.b/.C;end";
/// let intent = Intent::parse(text)?;
/// assert_eq!(intent.component, Some(ComponentName::new("a.b", "a.b.C")));
/// assert_eq!(intent.to_uri(), text);
/// # Ok::<(), ferrule_launcher_model::intent::IntentError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intent {
    /// The action. `None` prints like VIEW, so it comes back as VIEW.
    pub action: Option<Text>,
    /// The data URI, unparsed.
    pub data: Option<Text>,
    /// The MIME type.
    pub mime_type: Option<Text>,
    /// The identifier that keeps otherwise equal intents apart.
    pub identifier: Option<Text>,
    /// The package that the intent is limited to.
    pub package: Option<Text>,
    /// The explicit component.
    pub component: Option<ComponentName>,
    /// The categories, in Android's order.
    pub categories: HashOrdered<()>,
    /// The launch flags, the bits of a signed 32-bit number. Grant bits are cleared by parsing, not by printing.
    pub flags: i32,
    /// The extended launch flags.
    pub extended_flags: i32,
    /// Where the sender sat on the screen.
    pub source_bounds: Option<Bounds>,
    /// The extras, in Android's order.
    pub extras: HashOrdered<Extra>,
    /// The intent that is matched instead of this one. Only its data's scheme survives printing (I6).
    pub selector: Option<Box<Intent>>,
}

impl Intent {
    /// The intent of an app's icon: MAIN, LAUNCHER, explicit component, launch flags (A.8).
    pub fn main_activity(component: ComponentName) -> Self {
        let mut intent = Self {
            action: Some(Text::new_static(ACTION_MAIN)),
            component: Some(component),
            flags: LAUNCH_FLAGS,
            ..Self::default()
        };
        intent.categories.insert(CATEGORY_LAUNCHER, ());
        intent
    }

    /// The intent of a deep shortcut: MAIN, its category, package, optional activity, the id as extra (A.8).
    pub fn deep_shortcut(package: &str, activity: Option<ComponentName>, id: &str) -> Self {
        let mut intent = Self {
            action: Some(Text::new_static(ACTION_MAIN)),
            package: Some(package.into()),
            component: activity,
            flags: LAUNCH_FLAGS,
            ..Self::default()
        };
        intent.categories.insert(CATEGORY_DEEP_SHORTCUT, ());
        intent.extras.insert(EXTRA_SHORTCUT_ID, Extra::String(id.into()));
        intent
    }

    /// The scheme of the data: what stands before its first colon.
    pub fn scheme(&self) -> Option<&str> {
        self.data.as_deref().and_then(|data| data.split_once(':')).map(|(scheme, _)| scheme)
    }

    /// A string extra; `None` also when the extra has another type.
    pub fn string_extra(&self, key: &str) -> Option<&str> {
        match self.extras.get(key) {
            Some(Extra::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The explicit package, else the component's: what Launcher3 calls an item's target package.
    pub fn target_package(&self) -> Option<&str> {
        self.package.as_deref().or(self.component.as_ref().map(|component| component.package.as_str()))
    }

    /// Android's `filterEquals`: whether both would be resolved alike. Extras, flags, bounds and selector do not count,
    /// and a package that only repeats the component's is ignored when both sides have such a component.
    pub fn filter_equals(&self, other: &Self) -> bool {
        let packages =
            (self.package_is_implied() && other.package_is_implied()) || self.package == other.package;
        packages
            && self.action == other.action
            && self.data == other.data
            && self.mime_type == other.mime_type
            && self.identifier == other.identifier
            && self.component == other.component
            && self.categories == other.categories
    }

    fn package_is_implied(&self) -> bool {
        self.component.as_ref().is_some_and(|component| {
            self.package.as_ref().is_none_or(|package| *package == component.package)
        })
    }
}
