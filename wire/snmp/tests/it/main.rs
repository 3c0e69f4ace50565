//! All tests of the crate in one binary.

mod codec;
mod index;
mod netsnmp;
mod props;
mod seeds;
mod support;
mod v3;
mod walk;
