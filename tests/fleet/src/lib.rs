//! Virtual devices: both sides of each feature are run and compared for real, only the phones, the homes and the days are made up.
//!
//! What it is: ledgers for gates, reports and the fleet's SQL, and a million of them for the merge. What it is not: part of
//! the product; nothing here ships.
//!
//! Invariant: a seed makes the same devices, calls and ledgers everywhere.
#![forbid(unsafe_code)]

mod draw;
pub mod evidence;
pub mod million;
pub mod scenarios;
pub mod subjects;
mod verdict;

pub use draw::Draw;
