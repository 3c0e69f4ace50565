//! Groups of contacts, as a tree.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Contact group
pub static CONTACT_GROUP: Model = Model {
    name: "inventory.contact_group",
    table: "inventory.contact_group",
    collection: "contact-groups",
    title: "Contact group",
    title_plural: "Contact groups",
    description: "Groups of contacts, as a tree.",
    icon: "address-book",
    nav_group: Some("Contacts"),
    permission: "inventory/contact-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("parent", "Parent", "inventory.contact_group", OnDelete::Cascade).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    unique: &[&["parent", "name"]],
    parent: Some("parent"),
    ..BASE
};
