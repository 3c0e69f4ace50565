//! Lines of providers.

mod circuit;
mod circuit_group;
mod circuit_group_assignment;
mod circuit_termination;
mod circuit_type;
mod provider;
mod provider_account;
mod provider_network;
mod virtual_circuit;
mod virtual_circuit_termination;
mod virtual_circuit_type;

pub use circuit::CIRCUIT;
pub use circuit_group::CIRCUIT_GROUP;
pub use circuit_group_assignment::CIRCUIT_GROUP_ASSIGNMENT;
pub use circuit_termination::CIRCUIT_TERMINATION;
pub use circuit_type::CIRCUIT_TYPE;
pub use provider::PROVIDER;
pub use provider_account::PROVIDER_ACCOUNT;
pub use provider_network::PROVIDER_NETWORK;
pub use virtual_circuit::VIRTUAL_CIRCUIT;
pub use virtual_circuit_termination::VIRTUAL_CIRCUIT_TERMINATION;
pub use virtual_circuit_type::VIRTUAL_CIRCUIT_TYPE;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[
    &CIRCUIT,
    &CIRCUIT_GROUP,
    &CIRCUIT_GROUP_ASSIGNMENT,
    &CIRCUIT_TERMINATION,
    &CIRCUIT_TYPE,
    &PROVIDER,
    &PROVIDER_ACCOUNT,
    &PROVIDER_NETWORK,
    &VIRTUAL_CIRCUIT,
    &VIRTUAL_CIRCUIT_TERMINATION,
    &VIRTUAL_CIRCUIT_TYPE,
];
