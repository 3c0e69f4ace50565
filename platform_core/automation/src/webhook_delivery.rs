//! What became of each call of a webhook.

use kit::record::{Field, FieldKind, Model, OnDelete, Operations};

/// Webhook delivery
pub(crate) static WEBHOOK_DELIVERY: Model = Model {
    name: "platform.webhook_delivery",
    table: "app.webhook_delivery",
    collection: "webhook-deliveries",
    title: "Webhook delivery",
    title_plural: "Webhook deliveries",
    description: "What became of each call of a webhook. Kept for 30 days; what could not be delivered is an undelivered event.",
    icon: "send",
    nav_group: Some("Automation"),
    permission: "platform/webhook-deliveries",
    operations: Operations::READ,
    display: "event_type",
    default_sort: "-created_at",
    numbered: false,
    fields: &[
        Field::reference("webhook", "Webhook", "platform.webhook", OnDelete::Cascade)
            .required()
            .read_only()
            .list(),
        Field::text("event_type", "Event", 100).required().read_only().list(),
        Field::text("object_type", "Of", 100).required().read_only().list(),
        Field::new("event_id", "Event id", FieldKind::Uuid).required().read_only().filter(),
        Field::text("host", "Host", 255).read_only().list(),
        Field::integer("status", "Answer", 100, 999).read_only().filter().list(),
        Field::text("error", "Error", 1_000).read_only().list(),
        Field::new("duration", "Took", FieldKind::Integer { min: 0, max: 1 << 31 })
            .required()
            .read_only()
            .unit("ms")
            .list(),
    ],
    ..crate::BASE
};
