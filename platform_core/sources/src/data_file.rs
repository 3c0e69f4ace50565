//! A file of a data source, as it was found last.

use kit::record::{Field, FieldKind, Model, OnDelete, Operations};

/// Data file
pub(crate) static DATA_FILE: Model = Model {
    name: "platform.data_file",
    table: "app.data_file",
    collection: "data-files",
    title: "Data file",
    title_plural: "Data files",
    description: "A file of a data source, as it was found last.",
    icon: "file",
    nav_group: Some("Automation"),
    permission: "platform/data-files",
    operations: Operations::READ,
    display: "path",
    default_sort: "path",
    fields: &[
        Field::reference("source", "Source", "platform.data_source", OnDelete::Cascade)
            .required()
            .read_only()
            .list(),
        Field::text("path", "Path", 1_000).exact().required().read_only().filter().search().list(),
        Field::new("size", "Size", FieldKind::Integer { min: 0, max: 1 << 30 })
            .required()
            .read_only()
            .filter()
            .unit("bytes")
            .list(),
        Field::text("hash", "SHA-256", 64).exact().required().read_only().filter(),
        Field::new("text", "Content", FieldKind::LongText { max: 65_536 })
            .read_only()
            .help("Of texts up to 64 KiB: those that something here can be made from."),
    ],
    unique: &[&["source", "path"]],
    ..crate::BASE
};
