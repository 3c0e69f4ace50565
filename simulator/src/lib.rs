//! A network in a box: simulated devices that answer real SNMP on loopback addresses, with known
//! truth.
#![forbid(unsafe_code)]

mod agent;
mod l2;
mod mib;
mod options;
pub mod plan;
mod rng;
mod state;

pub use options::{LameChoice, MAX_DEVICES, Options, SimulatorError, V3Access};
