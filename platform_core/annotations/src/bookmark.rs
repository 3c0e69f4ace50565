//! Records that somebody wants at hand.

use kit::record::{Field, Model, OnDelete};

/// Bookmark
pub(crate) static BOOKMARK: Model = Model {
    name: "platform.bookmark",
    table: "app.bookmark",
    collection: "bookmarks",
    title: "Bookmark",
    title_plural: "Bookmarks",
    description: "Records that somebody wants at hand.",
    icon: "bookmark",
    nav_group: Some("Notes"),
    permission: "platform/bookmarks",
    display: "id",
    default_sort: "-created_at",
    fields: &[
        Field::any("object", "Record", ["object_type", "object_id"], OnDelete::Cascade).required().list(),
        Field::reference("user", "User", "platform.user", OnDelete::Cascade).required().list(),
    ],
    unique: &[&["object", "user"]],
    own: Some("user"),
    ..crate::BASE
};
