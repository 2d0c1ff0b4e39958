//! Attributes of an element, by the two rules of namespaces and the two of resource references.
//!
//! Layouts come as text (from a provider) or compiled (a resource of an APK). The platform reads both through one
//! interface that answers differently: text matches an attribute of any namespace and takes numbers for resource ids,
//! compiled XML wants the launcher's namespace or none and knows real references (MORE L6, `document/*`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::LayoutError;
use super::number::convert_value_to_int;
use super::xml::XmlReader;

/// The namespace of layout attributes.
pub const LAUNCHER_NAMESPACE: &str = "http://schemas.android.com/apk/res-auto/com.android.launcher3";

/// How a layout document reached the launcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// Text, as a content provider or a blob delivers it.
    Text,
    /// A compiled resource of an APK.
    Compiled,
}

/// The resources of one APK, as far as layouts refer to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayoutResources {
    /// References as they are written (`@string/name`, `@xml/name`) → resource id.
    pub ids: BTreeMap<String, i32>,
    /// String resources by id.
    pub strings: BTreeMap<i32, String>,
    /// XML resources by id, as text.
    pub documents: BTreeMap<i32, String>,
}

impl LayoutResources {
    /// Id of the XML resource `name`.
    pub fn xml_id(&self, name: &str) -> Option<i32> {
        self.ids.get(&format!("@xml/{name}")).copied()
    }

    pub(super) fn string(&self, id: i32) -> Result<&str, LayoutError> {
        self.strings.get(&id).map(String::as_str).ok_or(LayoutError::NoSuchString(id))
    }

    pub(super) fn document(&self, id: i32) -> Result<&str, LayoutError> {
        self.documents.get(&id).map(String::as_str).ok_or(LayoutError::NoSuchXml(id))
    }
}

/// A document that is being read, with what its references mean.
pub(super) struct Document<'a> {
    pub(super) reader: XmlReader<'a>,
    flavor: Flavor,
    pub(super) resources: &'a LayoutResources,
}

impl<'a> Document<'a> {
    pub(super) fn new(
        text: &'a str,
        flavor: Flavor,
        resources: &'a LayoutResources,
    ) -> Result<Self, LayoutError> {
        Ok(Self { reader: XmlReader::new(text)?, flavor, resources })
    }

    fn qualified(&self, name: &str) -> Option<&str> {
        let found =
            self.reader.attributes().find(|(ns, local, _)| *ns == LAUNCHER_NAMESPACE && *local == name);
        found.map(|(_, _, value)| value)
    }

    fn unqualified(&self, name: &str) -> Option<&str> {
        let any = self.flavor == Flavor::Text;
        let found = self.reader.attributes().find(|(ns, local, _)| (any || ns.is_empty()) && *local == name);
        found.map(|(_, _, value)| value)
    }

    /// The attribute's text: the launcher's namespace first. A compiled reference reads as `@` and its number.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let text = self.qualified(name).or_else(|| self.unqualified(name))?;
        match self.flavor {
            Flavor::Compiled if text.starts_with('@') => {
                Some(self.resources.ids.get(text).map_or(Cow::Borrowed(text), |id| format!("@{id}").into()))
            }
            _ => Some(Cow::Borrowed(text)),
        }
    }

    /// The attribute's text; none when it is missing or empty.
    pub(super) fn non_empty(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attribute(name).filter(|value| !value.is_empty())
    }

    /// The resource id that the attribute refers to, 0 for none.
    ///
    /// # Errors
    /// [`LayoutError::Number`] when a text document holds anything but a number there.
    pub(super) fn resource(&self, name: &str) -> Result<i32, LayoutError> {
        for value in [self.qualified(name), self.unqualified(name)] {
            let id = match self.flavor {
                Flavor::Text => convert_value_to_int(value, 0)?,
                Flavor::Compiled => {
                    value.and_then(|value| self.resources.ids.get(value)).copied().unwrap_or(0)
                }
            };
            if id != 0 {
                return Ok(id);
            }
        }
        Ok(0)
    }
}
