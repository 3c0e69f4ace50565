//! Doors for the clients of other tools.

pub(crate) mod netbox;
