//! What crosses between Kotlin and the launcher model: `docs/formats/model-packed.md`.
//!
//! * [`question`]: grid, flags and everything that the platform said, on its way down.
//! * [`rows`]: the rows that a legacy launcher hands over, on their way down.
//! * [`answer`]: the loaded model, on its way up.
//! * [`report`]: what an import did, on its way up.
//!
//! What it is not: nothing here decides; each file is a list of fields in their order.

pub mod answer;
pub mod question;
pub mod report;
pub mod rows;
