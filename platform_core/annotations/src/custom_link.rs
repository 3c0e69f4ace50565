//! Links from a record to where else something is known of it.

use kit::record::{Choice, DefaultValue, Field, FieldKind, Model};

const CLASSES: &[Choice] = &[
    Choice::new("default", "Default"),
    Choice::new("blue", "Blue"),
    Choice::new("indigo", "Indigo"),
    Choice::new("purple", "Purple"),
    Choice::new("pink", "Pink"),
    Choice::new("red", "Red"),
    Choice::new("orange", "Orange"),
    Choice::new("yellow", "Yellow"),
    Choice::new("green", "Green"),
    Choice::new("teal", "Teal"),
    Choice::new("cyan", "Cyan"),
    Choice::new("gray", "Gray"),
    Choice::new("black", "Black"),
    Choice::new("white", "White"),
    Choice::new("ghost-dark", "Link"),
];

/// Custom link
pub(crate) static CUSTOM_LINK: Model = Model {
    name: "platform.custom_link",
    table: "app.custom_link",
    collection: "custom-links",
    title: "Custom link",
    title_plural: "Custom links",
    description: "Links from a record to where else something is known of it; text and address are templates.",
    icon: "external-link",
    nav_group: Some("Lists"),
    permission: "platform/custom-links",
    default_sort: "weight",
    fields: &[
        Field::object_types().required(),
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::new("link_text", "Text", FieldKind::LongText { max: 65_536 })
            .required()
            .list()
            .help("Template: {{ object.name }}. Nothing is shown when it comes out empty."),
        Field::new("link_url", "Address", FieldKind::LongText { max: 65_536 })
            .required()
            .help("Template of an address."),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(100)),
        Field::text("group_name", "Group", 50).exact().filter().list(),
        Field::choice("button_class", "Button", CLASSES).default(DefaultValue::Text("default")),
        Field::boolean("new_window", "New window", false),
        Field::owner(),
    ],
    ..crate::BASE
};
