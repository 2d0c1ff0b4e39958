//! Kinds below `rollout/`: buckets of devices, exact bounds.

mod bounds;
mod buckets;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "rollout/buckets", path: "rollout/bucket_vectors.json", load: buckets::cases },
        Kind { name: "rollout/bounds", path: "rollout/bounds.json", load: bounds::cases },
    ]
}
