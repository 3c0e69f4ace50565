//! Users, roles and bindings as records: tables, lists and forms come from these
//! declarations.

use kit::record::{Change, FieldKind, Hooks, Model, OnDelete, Operations, Record};
use kit::{Act, BoxFuture, Ctx, Field, FieldError, Permission, Problem, SecretText, WriteTx};
use serde_json::Value;

use crate::group::GROUP;
use crate::object_permission::OBJECT_PERMISSION;
use crate::owner::OWNER;
use crate::owner_group::OWNER_GROUP;
use crate::password::{self, Cost, Passwords};
use crate::token::TOKEN;
use crate::user_config::USER_CONFIG;
use crate::{authority, policy, store};

/// All models of this room.
pub const MODELS: &[&Model] =
    &[&USER, &GROUP, &ROLE, &ROLE_BINDING, &OBJECT_PERMISSION, &TOKEN, &OWNER_GROUP, &OWNER, &USER_CONFIG];

/// Permission to work in customers of one's own tenant.
pub const ENTER_TENANTS: Permission = Permission::new("platform/tenants", Act::Execute);

/// A person who logs in.
pub static USER: Model = Model {
    name: "platform.user",
    table: "app.user_account",
    product: "platform",
    collection: "users",
    title: "User",
    title_plural: "Users",
    description: "People who log in. What they may do is given by role bindings, groups and object permissions.",
    icon: "user",
    nav_group: Some("Access"),
    permission: "platform/users",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[
        Field::text("name", "Login name", 150).required().unique().search().list().placeholder("alice"),
        Field::text("email", "E-mail", 254)
            .unique()
            .search()
            .list()
            .placeholder("alice@example.net")
            .help("May be used to log in as well."),
        Field::text("display_name", "Name", 128).search().list(),
        Field::text("first_name", "First name", 150).exact().filter().unindexed().search(),
        Field::text("last_name", "Last name", 150).exact().filter().unindexed().search(),
        Field::boolean("active", "Active", true)
            .list()
            .help("An inactive user cannot log in and every session ends."),
        Field::new(
            "password",
            "Password",
            FieldKind::Password { min: password::MIN_LENGTH, max: password::MAX_LENGTH },
        )
        .help("At least 12 characters; a sentence is easy to remember."),
        Field::boolean("must_change_password", "Must change password", true)
            .help("The user chooses a new password at the next login."),
        Field::new("last_login_at", "Last login", FieldKind::DateTime).read_only().filter().list(),
        Field::references("groups", "Groups", "platform.group")
            .list()
            .help("Gives the roles and object permissions of the groups."),
    ],
    numbered: true,
    unique: &[],
    hooks: &UserHooks,
    ..Model::BASE
};

/// A set of rules.
pub static ROLE: Model = Model {
    name: "platform.role",
    table: "app.role",
    product: "platform",
    collection: "roles",
    title: "Role",
    title_plural: "Roles",
    description: "Rules that say what may be done to what. The built-in roles cannot be changed.",
    icon: "shield-lock",
    nav_group: Some("Access"),
    permission: "platform/roles",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[
        Field::text("name", "Name", 64).required().unique().search().list(),
        Field::text("description", "Description", 256).list(),
        Field::new("rules", "Rules", FieldKind::TextList { max_items: 200, max: 200 })
            .required()
            .list()
            .placeholder("monitoring/*:read|execute")
            .help("[!]object:act|act, where the object is *, product/* or product/kind. A rule with ! denies and wins."),
        Field::boolean("builtin", "Built in", false).read_only().list(),
    ],
    unique: &[],
    hooks: &RoleHooks,
    ..Model::BASE
};

/// Who has which role.
pub static ROLE_BINDING: Model = Model {
    name: "platform.role_binding",
    table: "app.role_binding",
    product: "platform",
    collection: "role-bindings",
    title: "Role binding",
    title_plural: "Role bindings",
    description: "Gives a user a role in this tenant, for ever or until a time.",
    icon: "user-check",
    nav_group: Some("Access"),
    permission: "platform/role-bindings",
    operations: Operations::ALL,
    display: "reason",
    default_sort: "-created_at",
    fields: &[
        Field::new(
            "user",
            "User",
            FieldKind::Reference { model: "platform.user", on_delete: OnDelete::Cascade },
        )
        .required()
        .immutable()
        .filter()
        .list(),
        Field::new(
            "role",
            "Role",
            FieldKind::Reference { model: "platform.role", on_delete: OnDelete::Protect },
        )
        .required()
        .immutable()
        .filter()
        .list(),
        Field::new("expires_at", "Expires", FieldKind::DateTime)
            .filter()
            .list()
            .help("Empty: until it is taken away."),
        Field::text("reason", "Reason", 256).list(),
    ],
    unique: &[&["user", "role"]],
    hooks: &BindingHooks,
    ..Model::BASE
};

pub(crate) fn wrong(
    errors: &mut Vec<FieldError>,
    pointer: String,
    code: &'static str,
    message: impl Into<String>,
) {
    errors.push(FieldError { pointer, code: code.into(), message: message.into() });
}

pub(crate) fn check_rules(record: &Record, errors: &mut Vec<FieldError>) {
    for (n, rule) in record.get("rules").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(Err(error)) = rule.as_str().map(policy::parse) {
            wrong(errors, format!("/rules/{n}"), "rule", error);
        }
    }
}

pub(crate) fn text<'a>(record: Option<&'a Record>, field: &str) -> Option<&'a str> {
    record.and_then(|record| record.get(field)).and_then(Value::as_str)
}

struct UserHooks;

impl Hooks for UserHooks {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if text(Some(record), "name")
            .is_some_and(|name| name.contains('@') || name.contains(char::is_whitespace))
        {
            wrong(
                errors,
                "/name".into(),
                "format",
                "A login name has no blanks and no @ (that would be an e-mail).",
            );
        }
        if text(Some(record), "email")
            .is_some_and(|mail| !mail.contains('@') || mail.contains(char::is_whitespace))
        {
            wrong(errors, "/email".into(), "format", "Write an e-mail address like alice@example.net.");
        }
        if let Some(clear) = text(Some(record), "password") {
            let context: Vec<&str> =
                ["name", "email"].iter().filter_map(|field| text(Some(record), field)).collect();
            if let Some(weakness) = password::weakness(clear, &context) {
                wrong(errors, "/password".into(), "weak", weakness);
            }
        } else if before.is_none() {
            wrong(errors, "/password".into(), "required", "A new user needs a first password.");
        }
        let own = ctx.actor().id().is_some_and(|id| text(before, "id") == Some(id.to_string().as_str()));
        if own && record.get("active") == Some(&Value::Bool(false)) {
            wrong(errors, "/active".into(), "own", "You cannot deactivate yourself.");
        }
    }

    fn digest<'a>(&'a self, _: &'a str, clear: &'a SecretText) -> BoxFuture<'a, Result<String, Problem>> {
        Box::pin(async move { store::passwords()?.hash(clear).await })
    }

    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        change: Change,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let id = text(after.or(before), "id").and_then(|id| id.parse().ok());
            let inactive = after.is_some_and(|after| after.get("active") == Some(&Value::Bool(false)));
            if let (Some(id), true) = (id, inactive || change == Change::Delete) {
                store::end_sessions(tx.conn(), id, None).await?;
            }
            if change == Change::Delete && tx.ctx().actor().id() == id {
                return Err(Problem::conflict("own-user", "You cannot delete yourself."));
            }
            authority::over_groups(tx, &authority::changed(before, after, "groups")).await?;
            if let (Some(id), Change::Update | Change::Delete) = (id, change) {
                authority::over_user(tx, id).await?;
            }
            store::bump_epoch(tx.conn()).await
        })
    }
}

struct RoleHooks;

impl Hooks for RoleHooks {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        check_rules(record, errors);
        let builtin = before.is_some_and(|before| before.get("builtin") == Some(&Value::Bool(true)));
        if builtin && matches!(ctx.actor(), kit::Actor::User(_) | kit::Actor::Service(_)) {
            wrong(
                errors,
                "/name".into(),
                "builtin",
                "A built-in role cannot be changed. Make a role of your own.",
            );
        }
    }

    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        change: Change,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            authority::over_role(tx.ctx(), before, after)?;
            let builtin = before.is_some_and(|before| before.get("builtin") == Some(&Value::Bool(true)));
            if builtin && change == Change::Delete {
                return Err(Problem::conflict("builtin", "A built-in role cannot be deleted."));
            }
            store::bump_epoch(tx.conn()).await
        })
    }
}

struct BindingHooks;

impl Hooks for BindingHooks {
    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        _: Change,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            authority::over_binding(tx, before, after).await?;
            if !store::has_administrator(tx.conn()).await? {
                return Err(Problem::conflict(
                    "last-administrator",
                    "Somebody must keep the role admin without an end; give it to another user first.",
                ));
            }
            store::bump_epoch(tx.conn()).await
        })
    }
}

/// The password hasher of this process: hooks are statics and reach it through [`store`].
pub fn use_passwords(cost: Cost) -> Result<Passwords, Problem> {
    store::set_passwords(Passwords::new(cost)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migration_is_generated() {
        records::schema::assert_migration_matches(
            MODELS,
            concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql"),
        );
    }
}
