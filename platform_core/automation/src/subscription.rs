//! Who wants to be told of changes of a record.

use kit::record::{Field, Model, OnDelete};

use crate::rules::SubscriptionRules;

/// Subscription
pub(crate) static SUBSCRIPTION: Model = Model {
    name: "platform.subscription",
    table: "app.subscription",
    collection: "subscriptions",
    title: "Subscription",
    title_plural: "Subscriptions",
    description: "Who wants to be told of changes of a record.",
    icon: "bell-plus",
    nav_group: Some("Automation"),
    permission: "platform/subscriptions",
    display: "id",
    default_sort: "-created_at",
    fields: &[
        Field::any("object", "Record", ["object_type", "object_id"], OnDelete::Cascade).required().list(),
        Field::reference("user", "User", "platform.user", OnDelete::Cascade).required().list(),
    ],
    unique: &[&["object", "user"]],
    own: Some("user"),
    hooks: &SubscriptionRules,
    ..crate::BASE
};
