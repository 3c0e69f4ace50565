//! Jobs as read-only records: lists, filters and detail come from the record engine.

use kit::record::{Choice, NoHooks, Operations};
use kit::{Field, FieldKind, Model};

const STATES: &[Choice] = &[
    Choice::toned("available", "Waiting", "info"),
    Choice::toned("scheduled", "Scheduled", "muted"),
    Choice::toned("running", "Running", "info"),
    Choice::toned("retryable", "Tried again", "warning"),
    Choice::toned("completed", "Done", "ok"),
    Choice::toned("cancelled", "Cancelled", "muted"),
    Choice::toned("discarded", "Failed", "critical"),
];

/// `platform.job`.
pub static JOB: Model = Model {
    name: "platform.job",
    table: "app.job",
    product: "platform",
    collection: "jobs",
    title: "Job",
    title_plural: "Jobs",
    description: "Everything that takes longer than a second: discoveries, imports, exports.",
    icon: "list-check",
    nav_group: Some("System"),
    permission: "platform/jobs",
    operations: Operations::READ,
    display: "kind",
    default_sort: "-created_at",
    fields: &[
        Field::text("kind", "Kind", 100).filter().read_only().list(),
        Field::choice("state", "State", STATES).read_only().list(),
        Field::new("progress", "Progress", FieldKind::Json).read_only().list(),
        Field::integer("attempt", "Try", 0, i64::MAX).read_only().list(),
        Field::integer("max_attempts", "Most tries", 0, i64::MAX).read_only(),
        Field::new("scheduled_at", "Not before", FieldKind::DateTime).read_only(),
        Field::new("started_at", "Started", FieldKind::DateTime).read_only().list(),
        Field::new("finished_at", "Finished", FieldKind::DateTime).read_only().list(),
        Field::text("created_by", "Started by", 100).read_only(),
        Field::new("args", "Arguments", FieldKind::Json).read_only(),
        Field::new("result", "Result", FieldKind::Json).read_only(),
        Field::new("error", "Error", FieldKind::LongText { max: 4000 }).read_only().list(),
    ],
    unique: &[],
    hooks: &NoHooks,
};
