//! The object `LauncherModel`: what is asked of a home screen rarely, in words.

use std::path::Path;
use std::sync::Arc;

use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::store::{EpochMillis, ItemId, OpenOptions};

use super::model_items::{self, HomeItem};
use super::model_report::{
    AuditEntry, Explanation, ExportFormat, ExportReport, GridSize, ImportSummary, LoadSummary, OpenReport,
    Snapshot,
};
use crate::error::{BridgeError, FerruleError};
use crate::jni;
use crate::model::Model;
use crate::panics;
use crate::wire::model::question;

/// A home screen: imports, explanations, snapshots and exports, for settings, tools and tests.
///
/// A launcher opens it by `dev.ferrule.launcher.LauncherModel`, whose loads never touch these generated classes, and gets
/// here from there. Call it off the main thread: it reads and writes files. Times are epoch milliseconds. What a call
/// fails with leaves the store as it was.
#[derive(Debug, uniffi::Object)]
pub struct LauncherModel {
    model: Arc<Model>,
}

#[uniffi::export]
impl LauncherModel {
    /// Opens the store in a file, or makes it for a grid. One model a file: a second opening fails with
    /// `LM_STORE_LOCKED`; a store that is too new (`LM_STORE_TOO_NEW`) is left as it is.
    #[uniffi::constructor]
    pub fn open(
        file: String,
        grid: GridSize,
        main_profile: i64,
        now_millis: i64,
    ) -> Result<Arc<Self>, FerruleError> {
        panics::install_hook();
        let options = OpenOptions::new(EpochMillis(now_millis), grid.into(), main_profile);
        let model = Arc::new(Model::open(Path::new(&file), options)?);
        Ok(Arc::new(Self { model }))
    }

    /// The model that `dev.ferrule.launcher.LauncherModel` has open under a handle. Both see the same store; it stays
    /// open until both are closed.
    #[uniffi::constructor]
    pub fn of_handle(handle: i64) -> Result<Arc<Self>, FerruleError> {
        panics::install_hook();
        Ok(Arc::new(Self { model: jni::model(handle)? }))
    }

    /// What the opening showed.
    pub fn opened(&self) -> OpenReport {
        self.model.opened().into()
    }

    /// Imports a launcher's database that nobody has open: it is copied whole and never changed.
    pub fn import_file(
        &self,
        file: String,
        main_profile: i64,
        now_millis: i64,
    ) -> Result<ImportSummary, FerruleError> {
        let options = ImportOptions { now: EpochMillis(now_millis), grid: None, main_profile };
        Ok((&self.model.import_file(Path::new(&file), &options)?).into())
    }

    /// Loads for a question in the packed form (`docs/formats/model-packed.md`) and counts what came of it.
    pub fn load(&self, question: Vec<u8>, now_millis: i64) -> Result<LoadSummary, FerruleError> {
        let question = question::decode(&question).map_err(BridgeError::from)?;
        Ok((&self.model.load(&question, EpochMillis(now_millis))?).into())
    }

    /// Loads, and answers every item as a record, by its number. For tools; a launcher's loads come in the packed form.
    pub fn load_items(&self, question: Vec<u8>, now_millis: i64) -> Result<Vec<HomeItem>, FerruleError> {
        let question = question::decode(&question).map_err(BridgeError::from)?;
        Ok(model_items::items(&self.model.load(&question, EpochMillis(now_millis))?))
    }

    /// Why an item is not where or what the user left it, since when, and what would bring it back. None: no such item.
    pub fn explain(&self, item: i64) -> Result<Option<Explanation>, FerruleError> {
        let explained = self.model.home()?.explain(ItemId(item)).map_err(BridgeError::from)?;
        Ok(explained.as_ref().map(Explanation::from))
    }

    /// Every item that has something to explain, by its number.
    pub fn explain_all(&self) -> Result<Vec<Explanation>, FerruleError> {
        let explained = self.model.home()?.explain_all().map_err(BridgeError::from)?;
        Ok(explained.iter().map(Explanation::from).collect())
    }

    /// The audit trail, oldest first: of one item, or of everything.
    pub fn audit(&self, item: Option<i64>) -> Result<Vec<AuditEntry>, FerruleError> {
        let trail = self.model.home()?.audit(item.map(ItemId)).map_err(BridgeError::from)?;
        Ok(trail.iter().map(AuditEntry::from).collect())
    }

    /// Brings an item back from quarantine.
    pub fn restore(&self, item: i64, now_millis: i64) -> Result<(), FerruleError> {
        let restored = self.model.home()?.restore(ItemId(item), EpochMillis(now_millis));
        Ok(restored.map_err(BridgeError::from)?)
    }

    /// The snapshots, oldest first.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, FerruleError> {
        Ok(self.model.home()?.snapshots().iter().map(Snapshot::from).collect())
    }

    /// Makes a snapshot. The newest five are kept.
    pub fn take_snapshot(&self, now_millis: i64) -> Result<Snapshot, FerruleError> {
        let made = self.model.home()?.take_snapshot(EpochMillis(now_millis));
        Ok((&made.map_err(BridgeError::from)?).into())
    }

    /// Makes the snapshot of the day, if there is none yet. Call it off the start-up path.
    pub fn daily_snapshot(&self, now_millis: i64) -> Result<Option<Snapshot>, FerruleError> {
        let made = self.model.home()?.daily_snapshot(EpochMillis(now_millis));
        Ok(made.map_err(BridgeError::from)?.as_ref().map(Snapshot::from))
    }

    /// Goes back to a snapshot, after one of the present state was made. Load again afterwards.
    pub fn go_back(&self, snapshot: u64, now_millis: i64) -> Result<(), FerruleError> {
        let back = self.model.home()?.go_back(snapshot, EpochMillis(now_millis));
        Ok(back.map_err(BridgeError::from)?)
    }

    /// Writes the home screen as another launcher's database, so that legacy can go on from it. The file must not exist.
    pub fn export(&self, format: ExportFormat, file: String) -> Result<ExportReport, FerruleError> {
        let format = match format {
            ExportFormat::Favorites => Format::Favorites,
            ExportFormat::Miui => Format::Miui,
        };
        let report = self.model.home()?.export(format, Path::new(&file));
        Ok((&report.map_err(BridgeError::from)?).into())
    }

    /// Checks the whole store: SQLite's own check, and what is in memory against what is in the file.
    pub fn check(&self) -> Result<(), FerruleError> {
        Ok(self.model.home()?.verify().map_err(BridgeError::from)?)
    }
}
