//! Which contact is responsible for which thing, in which role.

use kit::record::{Field, Model, OnDelete};

use crate::models::choices;
use crate::models::BASE;

/// Contact assignment
pub static CONTACT_ASSIGNMENT: Model = Model {
    name: "inventory.contact_assignment",
    table: "inventory.contact_assignment",
    collection: "contact-assignments",
    title: "Contact assignment",
    title_plural: "Contact assignments",
    description: "Which contact is responsible for which thing, in which role.",
    icon: "address-book",
    nav_group: Some("Contacts"),
    permission: "inventory/contact-assignments",
    display: "id",
    default_sort: "created_at",
    fields: &[
        Field::generic("object", "Object", ["object_type", "object_id"], &["inventory.cable", "inventory.cable_bundle", "inventory.console_port", "inventory.console_port_template", "inventory.console_server_port", "inventory.console_server_port_template", "inventory.cooling_feed", "inventory.cooling_intake", "inventory.cooling_intake_template", "inventory.cooling_outflow", "inventory.cooling_outflow_template", "inventory.cooling_source", "inventory.device", "inventory.device_bay", "inventory.device_bay_template", "inventory.device_role", "inventory.device_type", "inventory.front_port", "inventory.front_port_template", "inventory.interface", "inventory.interface_template", "inventory.inventory_item", "inventory.inventory_item_role", "inventory.inventory_item_template", "inventory.location", "inventory.mac_address", "inventory.manufacturer", "inventory.module", "inventory.module_bay", "inventory.module_bay_template", "inventory.module_bay_type", "inventory.module_type", "inventory.module_type_profile", "inventory.platform", "inventory.power_feed", "inventory.power_outlet", "inventory.power_outlet_template", "inventory.power_panel", "inventory.power_port", "inventory.power_port_template", "inventory.rack", "inventory.rack_group", "inventory.rack_reservation", "inventory.rack_role", "inventory.rack_type", "inventory.rear_port", "inventory.rear_port_template", "inventory.region", "inventory.site", "inventory.site_group", "inventory.virtual_chassis", "inventory.virtual_device_context", "inventory.aggregate", "inventory.asn", "inventory.asn_range", "inventory.fhrp_group", "inventory.fhrp_group_assignment", "inventory.ip_address", "inventory.ip_range", "inventory.prefix", "inventory.rir", "inventory.role", "inventory.route_target", "inventory.service", "inventory.service_template", "inventory.vlan", "inventory.vlan_group", "inventory.vlan_translation_policy", "inventory.vlan_translation_rule", "inventory.vrf", "inventory.contact", "inventory.contact_assignment", "inventory.contact_group", "inventory.contact_role", "inventory.tenant", "inventory.tenant_group"], OnDelete::Cascade).required(),
        Field::reference("contact", "Contact", "inventory.contact", OnDelete::Protect).required(),
        Field::reference("role", "Role", "inventory.contact_role", OnDelete::Protect).list(),
        Field::choice("priority", "Priority", choices::CIRCUIT_PRIORITY),
        Field::tags(),
    ],
    unique: &[&["object", "contact", "role"]],
    ..BASE
};
