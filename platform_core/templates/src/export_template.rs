//! How a list is written into a file: a template over its records.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::rules::ExportRules;

/// Export template
pub(crate) static EXPORT_TEMPLATE: Model = Model {
    name: "platform.export_template",
    table: "app.export_template",
    collection: "export-templates",
    title: "Export template",
    title_plural: "Export templates",
    description: "How a list is written into a file: a template over its records.",
    icon: "file-export",
    nav_group: Some("Templates"),
    permission: "platform/export-templates",
    fields: &[
        Field::object_types().required(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::new("environment_params", "Environment", FieldKind::Json)
            .default(kit::record::DefaultValue::Empty)
            .help(
                "Of the template: trim_blocks, lstrip_blocks, keep_trailing_newline, undefined, autoescape.",
            ),
        Field::new("template_code", "Template", FieldKind::LongText { max: 65_536 }).required(),
        Field::text("mime_type", "Media type", 50).exact().filter().unindexed(),
        Field::text("file_name", "File name", 200).exact().filter().unindexed(),
        Field::text("file_extension", "Extension", 15).exact().filter().unindexed(),
        Field::boolean("as_attachment", "As a download", true),
        Field::reference("data_source", "Data source", "platform.data_source", OnDelete::Protect),
        Field::reference("data_file", "Data file", "platform.data_file", OnDelete::SetNull),
        Field::text("data_path", "Path", 1_000).exact().read_only(),
        Field::boolean("auto_sync_enabled", "Follow the file", false),
        Field::new("data_synced", "Taken over", FieldKind::DateTime).read_only().filter(),
        Field::owner(),
    ],
    hooks: &ExportRules,
    ..crate::BASE
};
