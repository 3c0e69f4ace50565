//! Height units held for somebody or something.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::racks;

/// Rack reservation
pub static RACK_RESERVATION: Model = Model {
    name: "inventory.rack_reservation",
    table: "inventory.rack_reservation",
    collection: "rack-reservations",
    title: "Rack reservation",
    title_plural: "Rack reservations",
    description: "Height units held for somebody or something.",
    icon: "server-2",
    nav_group: Some("Racks"),
    permission: "inventory/rack-reservations",
    display: "description",
    default_sort: "description",
    fields: &[
        Field::reference("rack", "Rack", "inventory.rack", OnDelete::Cascade).required().list(),
        Field::new("units", "Units", FieldKind::IntegerList { max_items: 1_000, min: 0, max: 32_767 })
            .required()
            .filter(),
        Field::choice("status", "Status", choices::RACK_RESERVATION_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("user", "User", "platform.user", OnDelete::Protect).required(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).required().exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &racks::rule::OfReservation,
    ..BASE
};
