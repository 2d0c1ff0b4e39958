//! The bucket of a salt and a unit (R12).

use std::path::Path;

use anyhow::Context;
use ferrule_rollout::bucket::{Unit, bucket};
use serde::Deserialize;

use crate::Case;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    salt: String,
    unit: String,
    bucket: u16,
}

/// One case a vector.
pub fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let file: File = serde_json::from_str(&std::fs::read_to_string(path)?).context("the vectors")?;
    let case = |(number, vector): (usize, Vector)| Case {
        id: format!("{number}"),
        run: Box::new(move || {
            let unit = Unit::parse(&vector.unit).ok_or("the unit is not 32 lower-case digits")?;
            match bucket(&vector.salt, &unit) {
                found if found == vector.bucket => Ok(()),
                found => Err(format!("bucket: expected {}, got {found}", vector.bucket)),
            }
        }),
    };
    Ok(file.vectors.into_iter().enumerate().map(case).collect())
}
