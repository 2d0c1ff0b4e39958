//! What a row names that is not shown as what it is, so that a caller can ask the platform for it by name.
//!
//! What it is: the row's own words, read from what is stored. What it is not: no verdict; whether the target is there is
//! the platform's to say. A live row needs none: its item says what it names.

use crate::compat::{LoadRow, TYPE_APP, TYPE_CUSTOM_WIDGET, TYPE_DEEP_SHORTCUT, TYPE_WIDGET};
use crate::intent::{ComponentName, Intent, Text};
use crate::platform::ProfileSerial;

/// A profile, and what a row names in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowTarget {
    /// Serial of the profile, cut to 32 bits as Launcher3 reads it.
    pub profile: ProfileSerial,
    /// The activity of an app or a shortcut, the provider of a widget; none where the row has none that can be read, and
    /// for types whose columns nobody here understands.
    pub component: Option<ComponentName>,
    /// The package that the intent of an app or a shortcut is limited to.
    pub package: Option<Text>,
}

impl RowTarget {
    /// What a row names.
    pub(super) fn of(row: &LoadRow) -> Self {
        let profile = row.profile.into();
        match row.item_type {
            TYPE_APP | TYPE_DEEP_SHORTCUT => {
                let intent =
                    row.intent.as_deref().and_then(|text| Intent::parse(text).ok()).unwrap_or_default();
                Self { profile, component: intent.component, package: intent.package }
            }
            TYPE_WIDGET | TYPE_CUSTOM_WIDGET => {
                let component = row.provider.as_deref().and_then(ComponentName::parse);
                Self { profile, component, package: None }
            }
            _ => Self { profile, ..Self::default() },
        }
    }

    /// The package that has to be there: the component's, else the intent's.
    pub fn package_name(&self) -> Option<&str> {
        self.component
            .as_ref()
            .map(|component| &component.package)
            .or(self.package.as_ref())
            .map(Text::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_row_names_its_own() {
        let row = LoadRow {
            intent: Some("#Intent;package=com.limit;component=com.app/.Main;end".to_owned()),
            provider: Some("com.widget/.Clock".to_owned()),
            profile: 10,
            ..LoadRow::default()
        };
        let limited = "#Intent;package=com.limit;end";
        let cases: [(i32, Option<&str>, &str, &str, &str); 7] = [
            (TYPE_APP, row.intent.as_deref(), "com.app/.Main", "com.limit", "com.app"),
            (TYPE_DEEP_SHORTCUT, Some(limited), "", "com.limit", "com.limit"),
            (TYPE_APP, Some("#Intent;launchFlags=zz;end"), "", "", ""),
            (TYPE_APP, None, "", "", ""),
            (TYPE_WIDGET, None, "com.widget/.Clock", "", "com.widget"),
            (TYPE_CUSTOM_WIDGET, row.intent.as_deref(), "com.widget/.Clock", "", "com.widget"),
            (19, row.intent.as_deref(), "", "", ""),
        ];
        for (item_type, intent, component, package, name) in cases {
            let row = LoadRow { item_type, intent: intent.map(str::to_owned), ..row.clone() };
            let target = RowTarget::of(&row);
            let said = target.component.as_ref().map(ComponentName::to_short_text).unwrap_or_default();
            assert_eq!(
                (said.as_str(), target.package.as_deref().unwrap_or_default()),
                (component, package),
                "{row:?}"
            );
            assert_eq!((target.package_name().unwrap_or_default(), target.profile), (name, 10), "{row:?}");
        }
    }
}
