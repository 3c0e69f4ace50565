//! The interface every product sees. Small and rarely changed.
//!
//! A product never opens a connection, reads a header or decides who somebody is. It receives a
//! [`Ctx`] (tenant, principal, rights), asks it for an authorisation decision ([`Granted`]) and for a
//! transaction ([`ReadTx`], [`WriteTx`]), and declares everything else - records, routes, permissions,
//! jobs, events, navigation - in [`Plugin::describe`]. The rooms of `platform_core` implement the
//! traits declared here; products depend on this crate only.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod ctx;
pub mod events;
pub mod files;
pub mod frames;
pub mod graphql;
mod hooks;
pub mod images;
pub mod jobs;
pub mod permission;
pub mod plugin;
pub mod presenter;
pub mod problem;
pub mod record;
pub mod records;
pub mod rows;
pub mod secrets;
pub mod services;
pub mod templates;
pub mod truth;
pub mod tx;
pub mod yaml;

pub use ctx::{Actor, Ctx, OpKind, TenantId};
pub use events::{Event, EventType};
pub use frames::FrameSink;
pub use jobs::{JobCx, JobError, JobHandler, JobKind, Jobs, NewJob};
pub use permission::{Act, Granted, PermSet, Permission, PermissionObject, PermissionRegistry};
pub use plugin::{Health, Manifest, NavEntry, Plugin, PluginError, PluginRuntime, Registrar, Running};
pub use problem::{FieldError, Problem};
pub use record::{Field, FieldKind, Model};
pub use records::Records;
pub use rows::RowAct;
pub use secrets::{SecretText, Secrets};
pub use services::Services;
pub use truth::SourceOfTruth;
pub use tx::{Database, ReadTx, WriteTx};

/// A boxed future that can cross threads: native `async fn` in traits cannot be made into an object.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
