//! Groups of owners.

use kit::record::{Field, Model};

/// A group of owners.
pub(crate) static OWNER_GROUP: Model = Model {
    name: "platform.owner_group",
    table: "app.owner_group",
    product: "platform",
    collection: "owner-groups",
    title: "Owner group",
    title_plural: "Owner groups",
    description: "Groups of owners: departments, companies.",
    icon: "users-group",
    nav_group: Some("Access"),
    permission: "platform/owner-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::count("member_count", "Owners", "platform.owner", "group"),
    ],
    numbered: true,
    ..Model::BASE
};
