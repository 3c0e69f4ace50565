//! Pages of widgets that people put together.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::rules::DashboardRules;

/// Dashboard
pub(crate) static DASHBOARD: Model = Model {
    name: "platform.dashboard",
    table: "app.dashboard",
    collection: "dashboards",
    title: "Dashboard",
    title_plural: "Dashboards",
    description: "Pages of widgets: counts, lists, charts, the map, what changed.",
    icon: "layout-dashboard",
    nav_group: None,
    permission: "platform/dashboards",
    default_sort: "weight",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("user", "Owner", "platform.user", OnDelete::SetNull).list(),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(1_000)),
        Field::boolean("shared", "Shared", true).help("Others see it too.").list(),
        Field::boolean("home", "Home page", false)
            .help("Shown in place of the home page: an own one before a shared one.")
            .list(),
        Field::new("layout", "Layout", FieldKind::Json).help(
            "Widgets on twelve columns: {\"widgets\": [{\"id\": \"a\", \"kind\": \"note\", \"x\": 0, \"y\": 0, \"w\": 4, \"h\": 3}]}.",
        ),
        Field::owner(),
    ],
    hooks: &DashboardRules,
    ..crate::BASE
};
