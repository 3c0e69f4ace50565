//! What is done when something happens.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::rules::EventRuleRules;

const ACTIONS: &[Choice] = &[Choice::new("webhook", "Webhook"), Choice::new("notification", "Notification")];

const FORMS: &[Choice] = &[Choice::new(crate::OWN_FORM, "Portolan"), Choice::new("netbox", "NetBox")];

/// Event rule
pub(crate) static EVENT_RULE: Model = Model {
    name: "platform.event_rule",
    table: "app.event_rule",
    collection: "event-rules",
    title: "Event rule",
    title_plural: "Event rules",
    description: "What is done when a record is created, changed or deleted, or a job about it begins or ends: a webhook is called, people are told.",
    icon: "bolt",
    nav_group: Some("Automation"),
    permission: "platform/event-rules",
    fields: &[
        Field::object_types().required(),
        Field::text("name", "Name", 150).required().exact().unique().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::new("event_types", "Events", FieldKind::TextList { max_items: 10, max: 50 })
            .required()
            .filter()
            .list()
            .placeholder("object_created"),
        Field::new("conditions", "Conditions", FieldKind::Json)
            .help("{\"and\": [{\"attr\": \"status\", \"value\": \"active\"}]}. Empty: always."),
        Field::choice("action_type", "Action", ACTIONS).required().list(),
        Field::generic(
            "action_object",
            "With",
            ["action_object_type", "action_object_id"],
            &["platform.webhook", "platform.notification_group"],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::choice("form", "Form", FORMS)
            .default(DefaultValue::Text(crate::OWN_FORM))
            .help("How records look in conditions and in what is sent."),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::custom_fields(),
        Field::owner(),
        Field::tags(),
    ],
    hooks: &EventRuleRules,
    ..crate::BASE
};
