//! Clusters and virtual machines.

mod cluster;
mod cluster_group;
mod cluster_type;
mod virtual_disk;
mod virtual_machine;
mod virtual_machine_type;
mod vm_interface;

pub use cluster::CLUSTER;
pub use cluster_group::CLUSTER_GROUP;
pub use cluster_type::CLUSTER_TYPE;
pub use virtual_disk::VIRTUAL_DISK;
pub use virtual_machine::VIRTUAL_MACHINE;
pub use virtual_machine_type::VIRTUAL_MACHINE_TYPE;
pub use vm_interface::VM_INTERFACE;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[
    &CLUSTER,
    &CLUSTER_GROUP,
    &CLUSTER_TYPE,
    &VIRTUAL_DISK,
    &VIRTUAL_MACHINE,
    &VIRTUAL_MACHINE_TYPE,
    &VM_INTERFACE,
];
