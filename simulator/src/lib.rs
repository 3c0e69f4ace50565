//! A network in a box: simulated devices that answer real SNMP on loopback addresses, with known
//! truth.
//!
//! [`Plan::generate`] draws a campus and data-centre network from a seed, [`Simulation::start`] lets
//! its agents answer over UDP, [`Truth`] says what a discovery should find and by which source,
//! [`score`] compares a discovered map with it. Addresses, and why 127.0.0.0/8 is the management
//! plane here, are explained in [`plan`].
#![forbid(unsafe_code)]

mod agent;
mod l2;
mod mib;
mod options;
pub mod plan;
mod rng;
mod run;
pub mod score;
mod simulation;
mod state;
pub mod truth;

pub use agent::Statistics;
pub use options::{LameChoice, MAX_DEVICES, Options, SimulatorError, V3Access};
pub use plan::{Lame, Plan};
pub use run::run;
pub use score::{LayerScore, Map, Score, score};
pub use simulation::Simulation;
pub use truth::Truth;
