//! Owners: who is responsible for records.

use kit::record::{Field, Model, OnDelete};

/// Who is responsible for records.
pub(crate) static OWNER: Model = Model {
    name: "platform.owner",
    table: "app.owner",
    product: "platform",
    collection: "owners",
    title: "Owner",
    title_plural: "Owners",
    description: "Who is responsible for records: people under one name.",
    icon: "user-star",
    nav_group: Some("Access"),
    permission: "platform/owners",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::reference("group", "Group", "platform.owner_group", OnDelete::Protect).list(),
        Field::references("user_groups", "Groups", "platform.group"),
        Field::references("users", "Users", "platform.user"),
    ],
    numbered: true,
    ..Model::BASE
};
