//! The source of truth: what the network is meant to be. Sites, racks, devices, cables, prefixes,
//! addresses, VLANs - as records of the one record engine.
//!
//! - [`models`]: the declarations, one file a record type; everything else follows from them.
//! - `door`: `/netbox`, for the clients of NetBox.
//! - `rules`: what one record must hold beyond its declaration.
#![forbid(unsafe_code)]

mod cabling;
mod components;
mod door;
mod free;
pub mod models;
mod plugin;
mod reading;
mod rules;
mod space;
mod store;

pub use plugin::InventoryPlugin;
