//! The rows of monitoring: static SQL only.

mod credentials;
mod discoveries;
mod targets;

pub(crate) use credentials::{CredentialRow, credential_ids, credentials};
pub(crate) use discoveries::{
    DiscoveryRow, TargetRow, discoveries, discovery, due_scopes, fail_orphans, finish, insert_discovery,
    scope_request, set_counts, set_job, start, targets, write_targets,
};
pub(crate) use targets::{Target, known_targets, remember};
