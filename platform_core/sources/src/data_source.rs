//! Places whose files are used here.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Model};

const TYPES: &[Choice] = &[Choice::new("local", "Directory")];

const STATES: &[Choice] = &[
    Choice::new("new", "New"),
    Choice::toned("queued", "Queued", "info"),
    Choice::toned("syncing", "Syncing", "info"),
    Choice::toned("completed", "Completed", "ok"),
    Choice::toned("failed", "Failed", "critical"),
];

/// Data source
pub(crate) static DATA_SOURCE: Model = Model {
    name: "platform.data_source",
    table: "app.data_source",
    collection: "data-sources",
    title: "Data source",
    title_plural: "Data sources",
    description: "Places whose files are used here: templates, contexts.",
    icon: "folder-share",
    nav_group: Some("Automation"),
    permission: "platform/data-sources",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::choice("type", "Type", TYPES).required().list(),
        Field::text("source_url", "Address", 200)
            .required()
            .exact()
            .filter()
            .unindexed()
            .list()
            .help("A directory of the server, in one of those that its settings allow."),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::choice("status", "State", STATES).read_only().default(DefaultValue::Text("new")).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::integer("sync_interval", "Every", 1, 525_600)
            .filter()
            .unit("min")
            .help("Empty: only when asked."),
        Field::new("ignore_rules", "Left out", FieldKind::LongText { max: 16_384 })
            .help("Patterns of file names, one a line: *.bak"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::owner(),
        Field::custom_fields(),
        Field::tags(),
        Field::new("last_synced", "Last synchronised", FieldKind::DateTime).read_only().filter().list(),
        Field::new("error", "Error", FieldKind::LongText { max: 1_000 }).read_only(),
        Field::count("file_count", "Files", "platform.data_file", "source").list(),
    ],
    ..crate::BASE
};
