//! Dead letters as a record, so that lists, filters and tables come from the record engine.

use kit::record::{Choice, NoHooks, Operations};
use kit::{Field, FieldKind, Model};

const STATES: &[Choice] =
    &[Choice::toned("retrying", "Tried again", "warning"), Choice::toned("dead", "Given up", "critical")];

/// `platform.dead_letter`: events that a consumer could not handle.
pub static DEAD_LETTER: Model = Model {
    name: "platform.dead_letter",
    table: "app.event_failure",
    product: "platform",
    collection: "dead-letters",
    title: "Undelivered event",
    title_plural: "Undelivered events",
    description: "Events that a part of the server could not handle: tried again, then kept until somebody decides.",
    icon: "mail-x",
    nav_group: Some("System"),
    permission: "platform/dead-letters",
    operations: Operations::READ,
    display: "event_type",
    default_sort: "-created_at",
    fields: &[
        Field::text("event_type", "Event", 100).exact().filter().unindexed().read_only().list(),
        Field::text("subject", "Subject", 500).read_only().list(),
        Field::text("consumer", "Consumer", 100).exact().filter().unindexed().read_only().list(),
        Field::choice("state", "State", STATES).read_only().list(),
        Field::integer("attempts", "Tries", 0, 1000).read_only().list(),
        Field::new("next_at", "Next try", FieldKind::DateTime).read_only(),
        Field::new("error", "Error", FieldKind::LongText { max: 1000 }).read_only().list(),
        Field::new("event_id", "Event id", FieldKind::Uuid).read_only(),
    ],
    unique: &[],
    hooks: &NoHooks,
    ..Model::BASE
};
