//! Who is to blame when a process died: the beacon page that it left behind, and what the system says of its end (R24–R30).
//!
//! What it is: the codec of the beacon and the rules of blame. What it is not: it writes no beacon on a device; the
//! guard does, because it has to work before any library is loaded. Format: `docs/formats/rollout-beacon.md`.
//!
//! Invariants: any bytes are a beacon or none, never a panic; doubt blames more, never less.

pub mod beacon;
mod blame;

pub use beacon::{Beacon, Entry};
pub use blame::{Blame, ExitReason, Signal, blame};
