//! People who are told together.

use kit::record::{Field, Model};

/// Notification group
pub(crate) static NOTIFICATION_GROUP: Model = Model {
    name: "platform.notification_group",
    table: "app.notification_group",
    collection: "notification-groups",
    title: "Notification group",
    title_plural: "Notification groups",
    description: "People who are told together.",
    icon: "users",
    nav_group: Some("Automation"),
    permission: "platform/notification-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::references("roles", "Roles", "platform.role").list().help("Everybody who has one of them."),
        Field::references("users", "Users", "platform.user").list(),
    ],
    ..crate::BASE
};
