//! atlas: the one live model of the network.
//!
//! The engine is pure: [`build`] turns the documents of one tenant into a [`Map`] of entities,
//! nodes, links with evidence, and everything that could not be placed with its reason.
//! [`identity`] decides which subjects are one device, [`topology`] infers links, [`layout`] places
//! nodes so that they stay put, [`export`] draws.
#![forbid(unsafe_code)]

mod api;
mod digest;
mod drift;
mod engine;
pub mod export;
mod identity;
mod layout;
pub mod map;
mod parts;
mod plugin;
mod search;
mod service;
mod slim;
mod store;
mod topology;
mod world;

pub use engine::build;
pub use map::{Input, Map, Prior, SubjectView};
pub use plugin::{AtlasPlugin, MIGRATIONS, Settings};
pub use service::{Atlas, Current};
