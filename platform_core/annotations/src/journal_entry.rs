//! What people write down about a record.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::rules::JournalRules;

const KINDS: &[Choice] = &[
    Choice::toned("info", "Info", "info"),
    Choice::toned("success", "Success", "ok"),
    Choice::toned("warning", "Warning", "warning"),
    Choice::toned("danger", "Danger", "critical"),
];

/// Journal entry
pub(crate) static JOURNAL_ENTRY: Model = Model {
    name: "platform.journal_entry",
    table: "app.journal_entry",
    collection: "journal-entries",
    title: "Journal entry",
    title_plural: "Journal entries",
    description: "What people write down about a record: what was done, what was seen.",
    icon: "notebook",
    nav_group: Some("Notes"),
    permission: "platform/journal-entries",
    display: "kind",
    default_sort: "-created_at",
    fields: &[
        Field::any(
            "assigned_object",
            "About",
            ["assigned_object_type", "assigned_object_id"],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::reference("created_by", "Author", "platform.user", OnDelete::SetNull)
            .list()
            .help("Empty: whoever writes it."),
        Field::choice("kind", "Kind", KINDS).default(DefaultValue::Text("info")).list(),
        Field::new("comments", "Text", FieldKind::LongText { max: 65_536 }).required().search().list(),
        Field::tags(),
        Field::custom_fields(),
    ],
    hooks: &JournalRules,
    ..crate::BASE
};
