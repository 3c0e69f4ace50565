//! Point-to-point connections by radio.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Wireless link
pub static WIRELESS_LINK: Model = Model {
    name: "inventory.wireless_link",
    table: "inventory.wireless_link",
    collection: "wireless-links",
    title: "Wireless link",
    title_plural: "Wireless links",
    description: "Point-to-point connections by radio.",
    icon: "antenna-bars-5",
    nav_group: Some("Wireless"),
    permission: "inventory/wireless-links",
    display: "ssid",
    default_sort: "created_at",
    fields: &[
        Field::reference("interface_a", "Interface A", "inventory.interface", OnDelete::Protect)
            .required()
            .list(),
        Field::reference("interface_b", "Interface B", "inventory.interface", OnDelete::Protect)
            .required()
            .list(),
        Field::text("ssid", "SSID", 32).exact().filter().search().list(),
        Field::choice("status", "Status", choices::LINK_STATUS)
            .indexed()
            .default(DefaultValue::Text("connected"))
            .list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("auth_type", "Authentication", choices::WIRELESS_AUTH_TYPE),
        Field::choice("auth_cipher", "Cipher", choices::WIRELESS_AUTH_CIPHER),
        Field::new("auth_psk", "Pre-shared key", FieldKind::Secret { min: 1, max: 64 }),
        Field::new("distance", "Distance", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("distance_unit", "Distance unit", choices::DISTANCE_UNIT),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["interface_a", "interface_b"]],
    hooks: &intended::WIRELESS_LINK,
    ..BASE
};
