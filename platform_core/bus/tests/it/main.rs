//! The bus over a real store: order and completeness under concurrent writers, retries, streams.

mod delivery;
mod order;
mod streams;
mod support;
