//! Monitoring: asks devices over SNMP what they are and whom they know, and the host for its own view.
//!
//! The collecting engine ([`snmp`], [`discovery`], [`host`]) never touches a store: it takes a work
//! order (targets, credentials just in time, limits) and yields frames to a [`sink::FrameSink`]. The
//! same code runs in the server, in `portolan discover --once` and in a collector.
#![forbid(unsafe_code)]

mod api;
mod collect;
pub mod discovery;
pub mod host;
mod jobs;
pub mod models;
mod order;
mod plugin;
mod refresher;
pub mod sink;
pub mod snmp;
mod store;

pub use plugin::{MIGRATIONS, MonitoringPlugin, Settings};

#[cfg(test)]
mod testing;
