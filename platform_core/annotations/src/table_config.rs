//! Views of a list, kept under a name: columns, order, filters, rows at a time.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::rules::TableRules;

/// Table configuration
pub(crate) static TABLE_CONFIG: Model = Model {
    name: "platform.table_config",
    table: "app.table_config",
    collection: "table-configs",
    title: "Table configuration",
    title_plural: "Table configurations",
    description: "Views of a list, kept under a name: columns, order, filters, rows at a time.",
    icon: "table",
    nav_group: Some("Lists"),
    permission: "platform/table-configs",
    default_sort: "weight",
    fields: &[
        Field::text("object_type", "List of", 100)
            .required()
            .exact()
            .format(Format::Model)
            .filter()
            .list()
            .placeholder("inventory.device")
            .help("Name of a model."),
        Field::text("table", "Table", 100)
            .exact()
            .required()
            .filter()
            .list()
            .help("Which of the lists of the model."),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("user", "Owner", "platform.user", OnDelete::SetNull).list(),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(1_000)),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::boolean("shared", "Shared", true).help("Others see it too.").list(),
        Field::new("columns", "Columns", FieldKind::TextList { max_items: 200, max: 100 }).required(),
        Field::new("ordering", "Order", FieldKind::TextList { max_items: 20, max: 100 })
            .help("Columns, with - in front for descending."),
        Field::new("parameters", "Parameters", FieldKind::Json)
            .help("Search and filters as the list takes them: {\"status__in\": \"active,planned\"}."),
        Field::integer("page_size", "Rows at a time", 10, 1_000),
        Field::boolean("is_default", "Default", false)
            .help("The list opens with it: an own one before a shared one."),
    ],
    hooks: &TableRules,
    ..crate::BASE
};
