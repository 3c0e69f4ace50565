//! SNMP for managers and agents, sans-I/O: bytes in, bytes out; no sockets, no clock, no threads.
//!
//! See README.md for the modules, the RFCs and the invariants.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod ber;
pub mod index;
mod message;
mod oid;
mod pdu;
pub mod v3;
mod value;
pub mod walk;

pub use ber::{DecodeError, EncodeError};
pub use index::{IndexAddress, IndexReader};
pub use message::{Message, Version, peek_version};
pub use oid::{MAX_ARCS, Oid, OidParseError};
pub use pdu::{ErrorStatus, Pdu, PduKind, TrapV1};
pub use value::{Value, VarBind};
pub use walk::{Completeness, Fed, Row, Table, Walk, WalkEnd, WalkLimits};
