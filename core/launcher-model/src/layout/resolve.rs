//! Favourites that name an intent, and `resolve` groups of them (MORE L8).
//!
//! What is stored is the launch intent of the resolved activity's *package*, with the resolved activity's own label;
//! the two may be different activities. So legacy does it, and so the rows must be.

use crate::intent::{ComponentName, LAUNCH_FLAGS};

use super::attributes::Document;
use super::error::LayoutError;
use super::intents::parse_uri;
use super::parser::Session;
use super::xml::Event;

impl Session<'_> {
    /// A group: the first favourite that inserts wins, other children are passed over.
    pub(super) fn read_resolve(&mut self, document: &mut Document<'_>) -> Result<Option<i32>, LayoutError> {
        let depth = document.reader.depth();
        let mut inserted = None;
        loop {
            match document.reader.next_event()? {
                Event::Start if inserted.is_none() && document.reader.name() == "favorite" => {
                    inserted = self.read_favorite(document)?;
                }
                Event::Start => {}
                Event::End if document.reader.depth() > depth => {}
                Event::End => return Ok(inserted),
                Event::EndOfDocument => return Err(LayoutError::Truncated("resolve".to_owned())),
            }
        }
    }

    pub(super) fn read_favorite_by_intent(
        &mut self,
        document: &Document<'_>,
    ) -> Result<Option<i32>, LayoutError> {
        let Some(uri) = document.non_empty("uri") else { return Ok(None) };
        let intent = match parse_uri(&uri) {
            Ok(intent) => intent,
            Err(error @ LayoutError::IntentSyntax(_)) => {
                self.log(format!("Unable to add meta-favorite: {uri}"), error);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let Some(answer) = self.platform.resolutions.get(&intent.to_uri()) else { return Ok(None) };
        let chosen = match &answer.resolved {
            None if !answer.candidates.is_empty() => return Err(LayoutError::ResolvedNothing),
            Some(resolved) if answer.candidates.contains(resolved) => resolved.clone(),
            // The chooser would open, or nothing at all: only a single system app can stand for the intent.
            _ => match self.single_system_activity(&answer.candidates) {
                Ok(Some(component)) => component,
                Ok(None) => return Ok(None),
                Err(error) => {
                    self.log("Unable to get info about resolve results", error);
                    return Ok(None);
                }
            },
        };
        let Some(mut launch) = self.platform.launch_intents.get(chosen.package.as_str()).cloned() else {
            return Ok(None);
        };
        launch.flags = LAUNCH_FLAGS;
        let labels = [&self.platform.activities, &self.platform.resolved_labels];
        let label = labels.iter().find_map(|labels| labels.get(&chosen)).cloned().unwrap_or_default();
        Ok(Some(self.insert_icon(Some(label), launch, 0)))
    }

    fn single_system_activity(
        &self,
        candidates: &[ComponentName],
    ) -> Result<Option<ComponentName>, LayoutError> {
        let mut system = None;
        for candidate in candidates {
            if self.platform.unknown_packages.contains(candidate.package.as_str()) {
                return Err(LayoutError::NameNotFound(candidate.package.to_string()));
            }
            if self.platform.system_packages.contains(candidate.package.as_str()) {
                if system.is_some() {
                    return Ok(None);
                }
                system = Some(candidate.clone());
            }
        }
        Ok(system)
    }
}
