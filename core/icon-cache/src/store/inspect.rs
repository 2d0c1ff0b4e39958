//! A store looked at by somebody who does not own it: the command line, a report.
//!
//! What it is: a private copy, opened as it is, and a check of every row. What it is not: [`super::Store`], which empties,
//! repairs and makes anew what it opens.
//!
//! Invariants: neither the file nor anything beside it is written; what the store would hand out is handed out here, and
//! nothing else.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::error::{At, Located, Step, StoreError};
use super::rows::{Found, Packed};
use super::{database, schema, sql};
use crate::import::{Copied, ImportError};
use crate::key::IconKey;
use crate::picture::{Variant, Variants};

/// How many of SQLite's own findings are told; one damaged page makes many.
const FILE_FINDINGS_MAX: usize = 20;

/// What a store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The form that wrote it.
    pub format: i64,
    /// The lowest form that may read it.
    pub min_reader: i64,
    /// The side of its icons, in pixels.
    pub size_px: u32,
    /// The languages that labels were last compared with.
    pub label_state: Option<String>,
    /// The theme that pixels were last compared with.
    pub pixel_state: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// SQLite cannot read all of the file.
    File,
    /// A row says of itself something that its checksum does not.
    Row,
    /// The pixels of a row are no picture.
    Picture,
    /// Pixels that no row refers to: room that is lost until the next write.
    Orphan,
}

impl Fault {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "IC_CHECK_FILE",
            Self::Row => "IC_CHECK_ROW",
            Self::Picture => "IC_CHECK_PICTURE",
            Self::Orphan => "IC_CHECK_ORPHAN",
        }
    }

    /// Whether an icon is lost by it.
    pub fn is_damage(self) -> bool {
        self != Self::Orphan
    }
}

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Whose row; `None` when it concerns no single one.
    pub key: Option<IconKey>,
    /// More about it.
    pub detail: String,
}

/// A copy of a store, open. Gone when this is dropped.
#[derive(Debug)]
pub struct Inspected {
    connection: Connection,
    file: PathBuf,
    facts: Facts,
    // Dropped last, and with it the copy.
    _copied: Copied,
}

impl Inspected {
    /// Copies a store with its log and opens the copy; `scratch` is where the private folder is made. For a file that nobody
    /// in this process has open (contracts 4).
    ///
    /// # Errors
    /// When there is no file, when it is no store, a newer one, or damaged so that it does not open.
    pub fn open(file: &Path, scratch: &Path) -> Result<Self, StoreError> {
        let at = || At::new(file, Step::Read);
        let copied = Copied::of(file, scratch).map_err(|error| match error {
            ImportError::Absent => StoreError::Absent { at: at() },
            ImportError::Changed => StoreError::Locked { at: at() },
            ImportError::Unknown | ImportError::TooLarge => StoreError::Foreign { at: at() },
            ImportError::Io(error) => StoreError::io(&error, at()),
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(copied.main(), flags).at(file, Step::Read)?;
        connection.pragma_update(None, "trusted_schema", false).at(file, Step::Read)?;
        let application: i32 = match connection.pragma_query_value(None, "application_id", |row| row.get(0)) {
            // No database at all.
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => 0,
            answer => answer.at(file, Step::Read)?,
        };
        if application != schema::APPLICATION_ID {
            return Err(StoreError::Foreign { at: at() });
        }
        let facts = facts(&connection, file)?;
        if facts.min_reader > schema::FORMAT {
            let (min_reader, known) = (facts.min_reader, schema::FORMAT);
            return Err(StoreError::TooNew { at: at(), min_reader, known });
        }
        Ok(Self { connection, file: file.to_owned(), facts, _copied: copied })
    }

    /// What it says of itself.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Every key of which something is stored, in their order.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn keys(&self) -> Result<Vec<IconKey>, StoreError> {
        sql::all_keys(&self.connection).map(|(keys, _)| keys).at(&self.file, Step::Read)
    }

    /// What is stored of a key; what cannot be read is counted in it.
    pub fn read(&self, key: &IconKey) -> Found {
        sql::read(&self.connection, key, Variants::ALL)
            .unwrap_or_else(|_| Found { damaged: 1, ..Found::default() })
    }

    /// Looks at every page and every row, and unpacks every picture. `progress` is told how many rows are done, of how many.
    pub fn verify(&self, mut progress: impl FnMut(usize, usize)) -> Vec<Finding> {
        let mut findings = Vec::new();
        let of_file = |detail: String| Finding { fault: Fault::File, key: None, detail };
        match sql::integrity(&self.connection, FILE_FINDINGS_MAX) {
            Ok(found) => findings.extend(found.into_iter().map(of_file)),
            Err(error) => findings.push(of_file(error.to_string())),
        }
        let (keys, nameless) = sql::all_keys(&self.connection).unwrap_or_else(|error| {
            findings.push(of_file(format!("its keys cannot be read to the end: {error}")));
            (Vec::new(), 0)
        });
        if nameless > 0 {
            let detail = format!("{nameless} rows whose name cannot be read");
            findings.push(Finding { fault: Fault::Row, key: None, detail });
        }
        for (at, key) in keys.iter().enumerate() {
            progress(at, keys.len());
            self.verify_key(key, &mut findings);
        }
        match sql::orphans(&self.connection) {
            Ok(0) => {}
            Ok(count) => {
                let detail = format!("{count} pictures that no row refers to");
                findings.push(Finding { fault: Fault::Orphan, key: None, detail });
            }
            Err(error) => findings.push(of_file(error.to_string())),
        }
        findings
    }

    fn verify_key(&self, key: &IconKey, findings: &mut Vec<Finding>) {
        let mut add = |fault, detail: String| {
            findings.push(Finding { fault, key: Some(key.clone()), detail });
        };
        let read = |wants| sql::read(&self.connection, key, wants).map_err(|error| error.to_string());
        let label = read(Variants::COLOUR).map(|found| found.damaged);
        match &label {
            Ok(0) => {}
            Ok(_) => add(Fault::Row, "label, colour and flags do not fit their checksum".to_owned()),
            Err(error) => add(Fault::File, error.clone()),
        }
        let before = label.unwrap_or(0);
        for variant in Variant::ALL {
            match read(Variants::COLOUR.with(variant)) {
                Ok(found) if found.damaged > before => {
                    add(Fault::Row, format!("the {} pixels do not fit their checksum", variant.word()));
                }
                Ok(found) => {
                    let packed = found.pictures.iter().filter_map(|(_, row)| row.data.as_ref());
                    for broken in packed.filter(|packed| packed.unpack(variant).is_none()) {
                        add(Fault::Picture, no_picture(variant, broken));
                    }
                }
                Err(error) => add(Fault::File, error),
            }
        }
    }
}

fn no_picture(variant: Variant, packed: &Packed) -> String {
    format!("the {} pixels are no picture of {}x{}", variant.word(), packed.width, packed.height)
}

fn facts(connection: &Connection, file: &Path) -> Result<Facts, StoreError> {
    let number = |name: &str| database::fact::<i64>(connection, name).at(file, Step::Read);
    let text = |name: &str| database::fact::<String>(connection, name).at(file, Step::Read);
    let missing = |what: &str| StoreError::Damaged {
        at: At::new(file, Step::Read),
        detail: format!("the store does not say its {what}"),
    };
    Ok(Facts {
        format: number("format")?.ok_or_else(|| missing("format"))?,
        min_reader: number("min_reader")?.ok_or_else(|| missing("version"))?,
        size_px: number("size_px")?
            .and_then(|size| u32::try_from(size).ok())
            .ok_or_else(|| missing("icons' size"))?,
        label_state: text("label_state")?,
        pixel_state: text("pixel_state")?,
    })
}
