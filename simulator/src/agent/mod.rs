//! The agents: what answers on the loopback addresses.

mod message;
mod respond;
mod socket;
mod world;

pub(crate) use socket::Server;
pub use world::Statistics;
pub(crate) use world::World;
