//! The source of truth: what the network is meant to be. Sites, racks, devices, cables, prefixes,
//! addresses, VLANs - as records of the one record engine.
//!
//! - [`models`]: the declarations, one file a record type; everything else follows from them.
//! - `api`: native routes of what is more than a record; `door`: `/netbox`, for the clients of NetBox.
//! - `rules`: what one record must hold beyond its declaration; `components`, `space`, `racks`, `cabling`:
//!   what records must hold together.
//! - `intended`: publishes what the network is meant to be; `adoption`: what was observed becomes records.
//! - `library`: types of devices, modules and racks as documents of the community's form.
//! - `allocation`, `prefix_tree`, `racks`, `tracing`: what is asked across records.
#![forbid(unsafe_code)]

mod adoption;
mod allocation;
mod api;
mod cabling;
mod circuits;
mod components;
mod contexts;
mod door;
mod free;
mod intended;
mod interfaces;
mod library;
pub mod models;
mod panels;
mod plugin;
mod prefix_tree;
mod primary;
mod racks;
mod reading;
mod rules;
mod space;
mod stacks;
mod store;
mod tracing;
mod virtualization;
mod vpn;
mod wireless;

pub use door::netbox::copy as netbox_copy;
pub use plugin::InventoryPlugin;
