//! The cache as a whole: look-ups, sessions, events, faults and threads, over a provider made of data.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests speak by failing"
)]

mod bulk;
mod damage;
mod events;
mod hanging;
mod into;
mod invariants;
mod kit;
mod lookups;
mod peer_findings;
mod requests;
mod sessions;
mod store;
mod threads;
