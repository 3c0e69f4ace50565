//! Machines without hardware of their own, in a cluster, on a device or at a site.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Virtual machine
pub static VIRTUAL_MACHINE: Model = Model {
    name: "inventory.virtual_machine",
    table: "inventory.virtual_machine",
    collection: "virtual-machines",
    title: "Virtual machine",
    title_plural: "Virtual machines",
    description: "Machines without hardware of their own, in a cluster, on a device or at a site.",
    icon: "device-desktop",
    nav_group: Some("Virtualization"),
    permission: "inventory/virtual-machines",
    fields: &[
        Field::text("name", "Name", 64).required().filter().search().list(),
        Field::reference("virtual_machine_type", "Type", "inventory.virtual_machine_type", OnDelete::Protect),
        Field::reference("role", "Role", "inventory.device_role", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::VIRTUAL_MACHINE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::choice("start_on_boot", "Start on boot", choices::START_ON_BOOT)
            .default(DefaultValue::Text("off")),
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).list(),
        Field::reference("cluster", "Cluster", "inventory.cluster", OnDelete::Protect).list(),
        Field::reference("device", "Device", "inventory.device", OnDelete::Protect),
        Field::text("serial", "Serial", 50).exact().filter().search(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::reference("platform", "Platform", "inventory.platform", OnDelete::SetNull),
        Field::reference("config_template", "Config template", "platform.config_template", OnDelete::SetNull),
        Field::reference("primary_ip4", "Primary IPv4", "inventory.ip_address", OnDelete::SetNull).list(),
        Field::reference("primary_ip6", "Primary IPv6", "inventory.ip_address", OnDelete::SetNull),
        Field::new("vcpus", "vCPUs", FieldKind::Decimal { digits: 6, places: 2 }).filter().list(),
        Field::integer("memory", "Memory", 0, 2_147_483_647).filter().list().unit("MB"),
        Field::integer("disk", "Disk", 0, 2_147_483_647).filter().list().unit("MB"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::new("local_context_data", "Local context data", FieldKind::Json),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("interface_count", "Interfaces", "inventory.vm_interface", "virtual_machine"),
        Field::count("virtual_disk_count", "Virtual disks", "inventory.virtual_disk", "virtual_machine"),
    ],
    unique: &[&["primary_ip4"], &["primary_ip6"]],
    unique_within: &[&["assigned_tenant", "name", "cluster"], &["assigned_tenant", "name", "device"]],
    hooks: &intended::MACHINE,
    ..BASE
};
