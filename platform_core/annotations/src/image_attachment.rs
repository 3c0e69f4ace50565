//! Pictures of a record.

use kit::record::{Field, FieldKind, Model, OnDelete, Operations};

/// Image attachment
pub(crate) static IMAGE_ATTACHMENT: Model = Model {
    name: "platform.image_attachment",
    table: "app.image_attachment",
    collection: "image-attachments",
    title: "Image attachment",
    title_plural: "Image attachments",
    description: "Pictures of a record: the front of a rack, the door of a site.",
    icon: "photo",
    nav_group: Some("Notes"),
    permission: "platform/image-attachments",
    // Made by an upload: see `crate::images`.
    operations: Operations { create: false, update: true, delete: true },
    display: "file_name",
    default_sort: "name",
    fields: &[
        Field::any("object", "Of", ["object_type", "object_id"], OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::text("name", "Name", 50).exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::text("file_name", "File", 200).exact().read_only().required().filter().unindexed(),
        Field::text("media_type", "Media type", 50).exact().read_only().required(),
        Field::integer("image_width", "Width", 1, 65_535).read_only().required().filter().unit("px").list(),
        Field::integer("image_height", "Height", 1, 65_535).read_only().required().filter().unit("px").list(),
        Field::new("image_size", "Size", FieldKind::Integer { min: 1, max: 1 << 30 })
            .read_only()
            .required()
            .filter()
            .unit("bytes")
            .list(),
    ],
    ..crate::BASE
};
