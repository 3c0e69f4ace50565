//! What a user has set for itself: data that clients keep here, of no meaning to the server.

use kit::record::{Field, FieldKind, Model, OnDelete};

/// The settings of a user.
pub(crate) static USER_CONFIG: Model = Model {
    name: "platform.user_config",
    table: "app.user_config",
    product: "platform",
    collection: "user-configs",
    title: "User configuration",
    title_plural: "User configurations",
    description: "What users have set for themselves: data that their clients keep here.",
    icon: "user-cog",
    nav_group: None,
    permission: "platform/user-configs",
    display: "id",
    default_sort: "-created_at",
    fields: &[
        Field::reference("user", "User", "platform.user", OnDelete::Cascade)
            .required()
            .immutable()
            .unique()
            .list(),
        Field::new("data", "Data", FieldKind::Json).default(kit::record::DefaultValue::Empty),
    ],
    own: Some("user"),
    ..Model::BASE
};
