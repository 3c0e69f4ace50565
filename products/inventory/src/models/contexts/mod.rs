//! Data that configurations are made from.

mod config_context;
mod config_context_profile;

pub use config_context::CONFIG_CONTEXT;
pub use config_context_profile::CONFIG_CONTEXT_PROFILE;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[&CONFIG_CONTEXT, &CONFIG_CONTEXT_PROFILE];
