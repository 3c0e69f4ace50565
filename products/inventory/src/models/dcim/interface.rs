//! Network interfaces of a device: physical, virtual, bridges, aggregates.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Interface
pub static INTERFACE: Model = Model {
    name: "inventory.interface",
    table: "inventory.interface",
    collection: "interfaces",
    title: "Interface",
    title_plural: "Interfaces",
    description: "Network interfaces of a device: physical, virtual, bridges, aggregates.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/interfaces",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::references("vdcs", "Virtual device contexts", "inventory.virtual_device_context"),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::INTERFACE_TYPE).required().list(),
        Field::integer("channels", "Channels", 1, 1024).filter(),
        Field::integer("channel_id", "Channel id", 1, 1024).filter(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::reference("parent", "Parent", "inventory.interface", OnDelete::Protect).list(),
        Field::reference("bridge", "Bridge", "inventory.interface", OnDelete::SetNull),
        Field::reference("lag", "Lag", "inventory.interface", OnDelete::SetNull),
        Field::integer("mtu", "MTU", 1, 65_536).filter(),
        Field::reference(
            "primary_mac_address",
            "Primary MAC address",
            "inventory.mac_address",
            OnDelete::SetNull,
        ),
        Field::integer("speed", "Speed", 0, i64::MAX).filter(),
        Field::choice("duplex", "Duplex", choices::INTERFACE_DUPLEX),
        Field::text("wwn", "WWN", 23).exact().filter(),
        Field::boolean("mgmt_only", "Management only", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("mode", "Mode", choices::INTERFACE_MODE),
        Field::choice("rf_role", "Wireless role", choices::WIRELESS_ROLE),
        Field::choice("rf_channel", "Wireless channel", choices::WIRELESS_CHANNEL),
        Field::choice("poe_mode", "PoE mode", choices::INTERFACE_PO_EMODE),
        Field::choice("poe_type", "PoE type", choices::INTERFACE_PO_ETYPE),
        Field::new("rf_channel_frequency", "Channel frequency", FieldKind::Decimal { digits: 8, places: 3 })
            .filter(),
        Field::new("rf_channel_width", "Channel width", FieldKind::Decimal { digits: 7, places: 3 }).filter(),
        Field::integer("tx_power", "Transmit power", -40, 127).filter(),
        Field::reference("untagged_vlan", "Untagged VLAN", "inventory.vlan", OnDelete::SetNull),
        Field::references("tagged_vlans", "Tagged VLANs", "inventory.vlan"),
        Field::reference("qinq_svlan", "Q-in-Q service VLAN", "inventory.vlan", OnDelete::SetNull),
        Field::reference(
            "vlan_translation_policy",
            "VLAN translation policy",
            "inventory.vlan_translation_policy",
            OnDelete::Protect,
        ),
        Field::references("wireless_lans", "Wireless LANs", "inventory.wireless_lan"),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::reference("vrf", "VRF", "inventory.vrf", OnDelete::SetNull).list(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"], &["parent", "channel_id"]],
    parent: Some("parent"),
    hooks: &intended::INTERFACE,
    ..BASE
};
