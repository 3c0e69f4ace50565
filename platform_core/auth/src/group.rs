//! Groups of users. A group hands its roles and object permissions on to everybody in it.

use kit::record::{Change, Field, Hooks, Model, Record};
use kit::{BoxFuture, Problem, WriteTx};

use crate::{authority, store};

/// A group of users.
pub(crate) static GROUP: Model = Model {
    name: "platform.group",
    table: "app.user_group",
    product: "platform",
    collection: "groups",
    title: "Group",
    title_plural: "Groups",
    description: "Users who have the same roles and object permissions.",
    icon: "users",
    nav_group: Some("Access"),
    permission: "platform/groups",
    fields: &[
        Field::text("name", "Name", 150).required().exact().unique().search().list().placeholder("noc"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::references("roles", "Roles", "platform.role").list().help("Everybody in the group has them."),
        Field::count("user_count", "Users", "platform.user", "groups").list(),
    ],
    numbered: true,
    hooks: &GroupHooks,
    ..Model::BASE
};

struct GroupHooks;

impl Hooks for GroupHooks {
    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        _: Change,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            authority::over_roles(tx, &authority::changed(before, after, "roles")).await?;
            store::bump_epoch(tx.conn()).await
        })
    }
}
