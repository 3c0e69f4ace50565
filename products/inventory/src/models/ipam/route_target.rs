//! Extended communities by which VRFs exchange routes (RFC 4360).

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;

/// Route target
pub static ROUTE_TARGET: Model = Model {
    name: "inventory.route_target",
    table: "inventory.route_target",
    collection: "route-targets",
    title: "Route target",
    title_plural: "Route targets",
    description: "Extended communities by which VRFs exchange routes (RFC 4360).",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/route-targets",
    fields: &[
        Field::text("name", "Name", 21).required().exact().unique().filter().search().list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
