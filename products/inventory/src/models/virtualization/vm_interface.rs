//! Network interfaces of a virtual machine.

use kit::record::{Field, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// VM interface
pub static VM_INTERFACE: Model = Model {
    name: "inventory.vm_interface",
    table: "inventory.vm_interface",
    collection: "vm-interfaces",
    title: "VM interface",
    title_plural: "VM interfaces",
    description: "Network interfaces of a virtual machine.",
    icon: "plug",
    nav_group: Some("Virtualization"),
    permission: "inventory/vm-interfaces",
    fields: &[
        Field::reference(
            "virtual_machine",
            "Virtual machine",
            "inventory.virtual_machine",
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::reference("parent", "Parent", "inventory.vm_interface", OnDelete::Protect),
        Field::reference("bridge", "Bridge", "inventory.vm_interface", OnDelete::SetNull),
        Field::integer("mtu", "MTU", 1, 65_536).filter(),
        Field::reference(
            "primary_mac_address",
            "Primary MAC address",
            "inventory.mac_address",
            OnDelete::SetNull,
        ),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("mode", "Mode", choices::INTERFACE_MODE),
        Field::reference("untagged_vlan", "Untagged VLAN", "inventory.vlan", OnDelete::SetNull),
        Field::references("tagged_vlans", "Tagged VLANs", "inventory.vlan"),
        Field::reference("qinq_svlan", "Q-in-Q service VLAN", "inventory.vlan", OnDelete::SetNull),
        Field::reference(
            "vlan_translation_policy",
            "VLAN translation policy",
            "inventory.vlan_translation_policy",
            OnDelete::Protect,
        ),
        Field::reference("vrf", "VRF", "inventory.vrf", OnDelete::SetNull).list(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["virtual_machine", "name"], &["primary_mac_address"]],
    parent: Some("parent"),
    hooks: &intended::MACHINE_INTERFACE,
    ..BASE
};
