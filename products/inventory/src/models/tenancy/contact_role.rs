//! What a contact is asked for: billing, technical, emergency.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Contact role
pub static CONTACT_ROLE: Model = Model {
    name: "inventory.contact_role",
    table: "inventory.contact_role",
    collection: "contact-roles",
    title: "Contact role",
    title_plural: "Contact roles",
    description: "What a contact is asked for: billing, technical, emergency.",
    icon: "address-book",
    nav_group: Some("Contacts"),
    permission: "inventory/contact-roles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
