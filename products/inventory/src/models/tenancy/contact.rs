//! People and teams to call.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Contact
pub static CONTACT: Model = Model {
    name: "inventory.contact",
    table: "inventory.contact",
    collection: "contacts",
    title: "Contact",
    title_plural: "Contacts",
    description: "People and teams to call.",
    icon: "address-book",
    nav_group: Some("Contacts"),
    permission: "inventory/contacts",
    fields: &[
        Field::references("groups", "Groups", "inventory.contact_group"),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("title", "Title", 100).exact().filter().unindexed(),
        Field::text("phone", "Phone", 50).exact().filter().unindexed(),
        Field::text("email", "Email", 254).format(Format::Email).filter(),
        Field::text("address", "Address", 200).exact().filter().unindexed().search().list(),
        Field::text("link", "Link", 200).format(Format::Url).filter().unindexed(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
