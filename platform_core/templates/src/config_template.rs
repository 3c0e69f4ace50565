//! What the configuration of a device is made from: a template.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::rules::ConfigRules;

/// Config template
pub(crate) static CONFIG_TEMPLATE: Model = Model {
    name: "platform.config_template",
    table: "app.config_template",
    collection: "config-templates",
    title: "Config template",
    title_plural: "Config templates",
    description: "What the configuration of a device is made from: a template.",
    icon: "file-code",
    nav_group: Some("Templates"),
    permission: "platform/config-templates",
    fields: &[
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
        Field::boolean("debug", "Debug", false).help("Errors tell the line and what was there."),
        Field::reference("data_source", "Data source", "platform.data_source", OnDelete::Protect),
        Field::reference("data_file", "Data file", "platform.data_file", OnDelete::SetNull),
        Field::text("data_path", "Path", 1_000).exact().read_only(),
        Field::boolean("auto_sync_enabled", "Follow the file", false),
        Field::new("data_synced", "Taken over", FieldKind::DateTime).read_only().filter(),
        Field::owner(),
        Field::tags(),
    ],
    hooks: &ConfigRules,
    ..crate::BASE
};
