//! Tags: words that any record may carry.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model};

use crate::custom::{CUSTOM_FIELD, CUSTOM_FIELD_CHOICE_SET};

/// The engine's own models.
pub const MODELS: &[&Model] = &[&TAG, &CUSTOM_FIELD_CHOICE_SET, &CUSTOM_FIELD];

/// A tag.
pub static TAG: Model = Model {
    name: "platform.tag",
    table: "app.tag",
    product: "platform",
    collection: "tags",
    title: "Tag",
    title_plural: "Tags",
    description: "Words that any record may carry: to find it by, to mark it with a colour.",
    icon: "tag",
    nav_group: Some("Settings"),
    permission: "platform/tags",
    default_sort: "name",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).list(),
        Field::text("color", "Colour", 6)
            .format(Format::Color)
            .default(DefaultValue::Text("9e9e9e"))
            .filter()
            .list(),
        Field::text("description", "Description", 200).exact().filter().search().list(),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(1_000)),
        Field::new("object_types", "Only for", FieldKind::TextList { max_items: 200, max: 100 })
            .format(Format::Model)
            .default(DefaultValue::Empty)
            .help("Names of models like inventory.device. Empty: for all."),
    ],
    numbered: true,
    ..Model::BASE
};

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0004_own_records.sql");
        crate::schema::assert_migration_matches(super::MODELS, path);
    }
}
