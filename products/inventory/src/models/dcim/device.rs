//! Every piece of hardware with a place: routers, switches, servers, panels, power strips.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Device
pub static DEVICE: Model = Model {
    name: "inventory.device",
    table: "inventory.device",
    collection: "devices",
    title: "Device",
    title_plural: "Devices",
    description: "Every piece of hardware with a place: routers, switches, servers, panels, power strips.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/devices",
    fields: &[
        Field::text("name", "Name", 64).filter().search().list(),
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Protect)
            .required()
            .list(),
        Field::reference("role", "Role", "inventory.device_role", OnDelete::Protect).required().list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::reference("platform", "Platform", "inventory.platform", OnDelete::SetNull),
        Field::text("serial", "Serial", 50).exact().filter().search().list(),
        Field::text("asset_tag", "Asset tag", 50).exact().unique().filter().search().list(),
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).required().list(),
        Field::reference("location", "Location", "inventory.location", OnDelete::Protect).list(),
        Field::reference("rack", "Rack", "inventory.rack", OnDelete::Protect).list(),
        Field::new("position", "Position", FieldKind::Decimal { digits: 4, places: 1 }).filter().list(),
        Field::choice("face", "Face", choices::DEVICE_FACE),
        Field::new("latitude", "Latitude", FieldKind::Decimal { digits: 8, places: 6 }).filter(),
        Field::new("longitude", "Longitude", FieldKind::Decimal { digits: 9, places: 6 }).filter(),
        Field::choice("status", "Status", choices::DEVICE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::choice("airflow", "Airflow", choices::DEVICE_AIRFLOW),
        Field::choice("cooling_method", "Cooling method", choices::COOLING_METHOD),
        Field::reference("primary_ip4", "Primary IPv4", "inventory.ip_address", OnDelete::SetNull).list(),
        Field::reference("primary_ip6", "Primary IPv6", "inventory.ip_address", OnDelete::SetNull),
        Field::reference("oob_ip", "Out-of-band address", "inventory.ip_address", OnDelete::SetNull),
        Field::reference("cluster", "Cluster", "inventory.cluster", OnDelete::SetNull),
        Field::reference(
            "virtual_chassis",
            "Virtual chassis",
            "inventory.virtual_chassis",
            OnDelete::SetNull,
        ),
        Field::integer("vc_position", "Position in the stack", 0, 255).filter(),
        Field::integer("vc_priority", "Priority in the stack", 0, 255).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::reference("config_template", "Config template", "platform.config_template", OnDelete::SetNull),
        Field::new("local_context_data", "Local context data", FieldKind::Json),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["rack", "position", "face"], &["virtual_chassis", "vc_position"]],
    unique_within: &[&["site", "assigned_tenant", "name"]],
    hooks: &intended::DEVICE,
    ..BASE
};
