//! Jobs as records: lists and reads come from the record engine.

use kit::Field;
use kit::record::{Choice, FieldKind, Model, NoHooks, Operations};

use crate::schedule::MAX_INTERVAL;

/// Jobs as read-only records, `/api/v1/platform/jobs`.
pub static JOB: Model = Model {
    name: "platform.job",
    table: "app.job",
    product: "platform",
    collection: "jobs",
    title: "Job",
    title_plural: "Jobs",
    description: "Work in the background: what runs, how far it is and how it ended. Kept for a day, given-up ones for a week.",
    icon: "progress",
    nav_group: Some("System"),
    permission: "platform/jobs",
    operations: Operations::READ,
    display: "kind",
    default_sort: "-created_at",
    fields: &[
        Field::text("kind", "Kind", 100).required().filter().list().read_only(),
        Field::choice(
            "state",
            "State",
            &[
                Choice::toned("available", "Waiting", "info"),
                Choice::toned("scheduled", "Scheduled", "info"),
                Choice::toned("running", "Running", "info"),
                Choice::toned("retryable", "Waiting to retry", "warning"),
                Choice::toned("completed", "Completed", "ok"),
                Choice::toned("cancelled", "Cancelled", "muted"),
                Choice::toned("discarded", "Given up", "critical"),
            ],
        )
        .required()
        .list()
        .read_only(),
        Field::text("object_type", "About records of", 100).exact().filter().unindexed().read_only(),
        Field::new("object_id", "About", FieldKind::Uuid).filter().unindexed().read_only(),
        Field::new("progress", "Progress", FieldKind::Json).required().list().read_only(),
        Field::new("result", "Result", FieldKind::Json).read_only(),
        Field::new("error", "Error", FieldKind::LongText { max: 4000 }).list().read_only(),
        Field::new("errors", "Failed tries", FieldKind::Json).required().read_only(),
        Field::integer("attempt", "Attempt", 0, 65_535).required().list().read_only(),
        Field::text("created_by", "Enqueued by", 200).exact().required().filter().unindexed().read_only(),
        Field::new("schedule", "Schedule", FieldKind::Uuid).filter().unindexed().read_only(),
        Field::integer("repeat_minutes", "Repeated every", 1, MAX_INTERVAL).filter().unit("min").read_only(),
        Field::new("scheduled_at", "Not before", FieldKind::DateTime).required().filter().read_only(),
        Field::new("started_at", "Started", FieldKind::DateTime).filter().list().read_only(),
        Field::new("finished_at", "Finished", FieldKind::DateTime).filter().list().read_only(),
    ],
    numbered: true,
    unique: &[],
    hooks: &NoHooks,
    ..Model::BASE
};
