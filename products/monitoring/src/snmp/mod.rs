//! The SNMP manager: credentials, one socket for thousands of agents, table readers.
//!
//! - [`Credential`]: how to be let in;
//! - [`Client`]: the process's SNMP socket; [`Session`]: one agent with the credential it accepted;
//! - [`TableSource`]: what table readers need, so that they run on fixtures without sockets;
//! - [`tables`]: one reader per table family; [`survey`]: all of them in a good order.

mod client;
mod credential;
mod open;
mod pacing;
mod report;
mod session;
mod source;
pub mod survey;
pub mod tables;

pub use client::{Client, ClientOptions};
pub use credential::{AuthProtocol, Credential, PrivProtocol, Secret, SnmpAuth, UnknownProtocol, V3User};
pub use open::{Opened, ReadyCredential, open};
pub(crate) use pacing::Bucket;
pub use pacing::DeviceLimits;
pub use report::TableReport;
pub use session::Session;
pub use source::TableSource;
