//! Who things belong to.

mod contact;
mod contact_assignment;
mod contact_group;
mod contact_role;
mod tenant;
mod tenant_group;

pub use contact::CONTACT;
pub use contact_assignment::CONTACT_ASSIGNMENT;
pub use contact_group::CONTACT_GROUP;
pub use contact_role::CONTACT_ROLE;
pub use tenant::TENANT;
pub use tenant_group::TENANT_GROUP;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] =
    &[&CONTACT, &CONTACT_ASSIGNMENT, &CONTACT_GROUP, &CONTACT_ROLE, &TENANT, &TENANT_GROUP];
