//! Filters of lists, kept under a name.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::rules::FilterRules;

/// Saved filter
pub(crate) static SAVED_FILTER: Model = Model {
    name: "platform.saved_filter",
    table: "app.saved_filter",
    collection: "saved-filters",
    title: "Saved filter",
    title_plural: "Saved filters",
    description: "Filters of lists, kept under a name.",
    icon: "filter",
    nav_group: Some("Lists"),
    permission: "platform/saved-filters",
    default_sort: "weight",
    fields: &[
        Field::object_types().required(),
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("user", "Owner", "platform.user", OnDelete::SetNull).list(),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(100)),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::boolean("shared", "Shared", true).help("Others see it too.").list(),
        Field::new("parameters", "Parameters", FieldKind::Json)
            .required()
            .help("Query parameters of the list: {\"status\": [\"active\"]}."),
        Field::owner(),
    ],
    hooks: &FilterRules,
    ..crate::BASE
};
