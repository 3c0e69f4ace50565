//! The vocabulary of Portolan: pure types, no I/O.
//!
//! Collecting engines describe what they saw as [`Document`]s inside [`Frame`]s; atlas resolves the
//! subjects of those frames into entities and infers topology. Nobody writes "the device":
//! a document belongs to a [`Subject`] in its source's own identity (DESIGN section 4).
#![forbid(unsafe_code)]

pub mod address;
pub mod adoption;
pub mod documents;
pub mod frame;
pub mod names;
pub mod reason;

pub use address::{Mac, MacClass};
pub use documents::{Document, DocumentKind};
pub use frame::{Completeness, Frame, Method, Subject};
pub use reason::{Reason, ReasonCode};
