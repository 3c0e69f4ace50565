//! Networks that access points offer (IEEE 802.11).

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Wireless LAN
pub static WIRELESS_LAN: Model = Model {
    name: "inventory.wireless_lan",
    table: "inventory.wireless_lan",
    collection: "wireless-lans",
    title: "Wireless LAN",
    title_plural: "Wireless LANs",
    description: "Networks that access points offer (IEEE 802.11).",
    icon: "wifi",
    nav_group: Some("Wireless"),
    permission: "inventory/wireless-lans",
    display: "ssid",
    default_sort: "ssid",
    fields: &[
        Field::text("ssid", "SSID", 32).exact().filter().required().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("group", "Group", "inventory.wireless_lan_group", OnDelete::SetNull).list(),
        Field::choice("status", "Status", choices::WIRELESS_LAN_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("vlan", "VLAN", "inventory.vlan", OnDelete::Protect).list(),
        Field::generic(
            "scope",
            "Scope",
            ["scope_type", "scope_id"],
            &["inventory.location", "inventory.region", "inventory.site", "inventory.site_group"],
            OnDelete::SetNull,
        ),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("auth_type", "Authentication", choices::WIRELESS_AUTH_TYPE).list(),
        Field::choice("auth_cipher", "Cipher", choices::WIRELESS_AUTH_CIPHER),
        Field::new("auth_psk", "Pre-shared key", FieldKind::Secret { min: 1, max: 64 }),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
