//! Layer 2 networks over a layer 3 network.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// L2VPN
pub static L2VPN: Model = Model {
    name: "inventory.l2vpn",
    table: "inventory.l2vpn",
    collection: "l2vpns",
    title: "L2VPN",
    title_plural: "L2VPNs",
    description: "Layer 2 networks over a layer 3 network.",
    icon: "layers-union",
    nav_group: Some("VPN"),
    permission: "inventory/l2vpns",
    fields: &[
        Field::integer("identifier", "Identifier", i64::MIN, i64::MAX).filter().list(),
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::choice("type", "Type", choices::L2VPN_TYPE).required().list(),
        Field::choice("status", "Status", choices::L2VPN_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::references("import_targets", "Import targets", "inventory.route_target"),
        Field::references("export_targets", "Export targets", "inventory.route_target"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
