//! Places with equipment: buildings, campuses, points of presence.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Site
pub static SITE: Model = Model {
    name: "inventory.site",
    table: "inventory.site",
    collection: "sites",
    title: "Site",
    title_plural: "Sites",
    description: "Places with equipment: buildings, campuses, points of presence.",
    icon: "building",
    nav_group: Some("Sites"),
    permission: "inventory/sites",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::choice("status", "Status", choices::SITE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("region", "Region", "inventory.region", OnDelete::SetNull).list(),
        Field::reference("group", "Group", "inventory.site_group", OnDelete::SetNull).list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("facility", "Facility", 50).exact().filter().search(),
        Field::text("time_zone", "Time zone", 63).exact().filter().unindexed(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::text("physical_address", "Physical address", 200).exact().filter().unindexed(),
        Field::text("shipping_address", "Shipping address", 200).exact().filter().unindexed(),
        Field::new("latitude", "Latitude", FieldKind::Decimal { digits: 8, places: 6 }).filter(),
        Field::new("longitude", "Longitude", FieldKind::Decimal { digits: 9, places: 6 }).filter(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::references("asns", "ASNs", "inventory.asn"),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("circuit_count", "Circuits", "inventory.circuit_termination", "termination"),
        Field::count("device_count", "Devices", "inventory.device", "site"),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "scope"),
        Field::count("rack_count", "Racks", "inventory.rack", "site"),
        Field::count("vlan_count", "VLANs", "inventory.vlan", "site"),
        Field::count("virtualmachine_count", "Virtual machines", "inventory.virtual_machine", "site"),
    ],
    hooks: &intended::SITE,
    ..BASE
};
