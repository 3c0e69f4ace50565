//! SQL of the inventory: what the record engine does not ask.

pub(crate) mod adoption;
pub(crate) mod intended;
pub(crate) mod space;
pub(crate) mod sums;
pub(crate) mod tree;
