//! The cache as a whole: look-ups, sessions, events, faults and threads, over a provider made of data.

mod bulk;
mod events;
mod kit;
mod lookups;
mod peer_findings;
mod requests;
mod sessions;
mod store;
mod threads;
