//! Where events are sent to.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Model};

use crate::rules::WebhookRules;

const METHODS: &[Choice] = &[
    Choice::new("GET", "GET"),
    Choice::new("POST", "POST"),
    Choice::new("PUT", "PUT"),
    Choice::new("PATCH", "PATCH"),
    Choice::new("DELETE", "DELETE"),
];

/// Webhook
pub(crate) static WEBHOOK: Model = Model {
    name: "platform.webhook",
    table: "app.webhook",
    collection: "webhooks",
    title: "Webhook",
    title_plural: "Webhooks",
    description: "An address of another system that events are sent to.",
    icon: "webhook",
    nav_group: Some("Automation"),
    permission: "platform/webhooks",
    fields: &[
        Field::text("name", "Name", 150).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::text("payload_url", "Address", 500)
            .required()
            .exact()
            .filter()
            .unindexed()
            .list()
            .placeholder("https://example.net/hook")
            .help("Template of an address. Private, link-local and loopback targets are refused unless the server's settings allow them."),
        Field::choice("http_method", "Method", METHODS).default(DefaultValue::Text("POST")).list(),
        Field::text("http_content_type", "Content type", 100)
            .exact()
            .filter()
            .unindexed()
            .default(DefaultValue::Text("application/json")),
        Field::new("additional_headers", "Headers", FieldKind::LongText { max: 16_384 })
            .help("One a line, `Name: value`; a template."),
        Field::new("body_template", "Body", FieldKind::LongText { max: 65_536 })
            .help("Template of the body. Empty: the event as JSON."),
        Field::new("secret", "Secret", FieldKind::Secret { min: 1, max: 255 })
            .help("The body is signed with it: HMAC-SHA512 in X-Hook-Signature."),
        Field::boolean("ssl_verification", "Check certificates", true),
        Field::text("ca_file_path", "CA certificates", 4_096 / 8).exact().filter().unindexed(),
        Field::integer("timeout", "Time-out", 1, 3_600).filter().unit("s").help("60 s when empty, and at most."),
        Field::custom_fields(),
        Field::owner(),
        Field::tags(),
    ],
    hooks: &WebhookRules,
    ..crate::BASE
};
