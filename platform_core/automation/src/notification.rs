//! What somebody is told.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::EVENT_KINDS;

/// Notification
pub(crate) static NOTIFICATION: Model = Model {
    name: "platform.notification",
    table: "app.notification",
    collection: "notifications",
    title: "Notification",
    title_plural: "Notifications",
    description: "What somebody is told: a record they follow has changed, a rule has fired.",
    icon: "bell",
    nav_group: Some("Automation"),
    permission: "platform/notifications",
    display: "event_type",
    default_sort: "-created_at",
    fields: &[
        Field::any("object", "Record", ["object_type", "object_id"], OnDelete::Cascade).required().list(),
        Field::reference("user", "User", "platform.user", OnDelete::Cascade).required().list(),
        Field::choice("event_type", "Event", EVENT_KINDS).required().list(),
        Field::new("read", "Read", FieldKind::DateTime).filter().list().help("When it was read."),
    ],
    unique: &[&["object", "user"]],
    own: Some("user"),
    ..crate::BASE
};
