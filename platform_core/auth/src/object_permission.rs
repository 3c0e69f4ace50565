//! Object permissions: what users and groups may do to the records of some models, if wanted only to
//! those that match a constraint. docs/permissions.md says how they go together with roles.

use kit::record::{Change, DefaultValue, Drafted, Field, FieldKind, Hooks, Model, Record};
use kit::rows::RowGrant;
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;

use crate::models::wrong;
use crate::{authority, store};

/// Longest action.
const MAX_ACTION: u32 = 30;

/// Actions on records of some models, for users and groups.
pub(crate) static OBJECT_PERMISSION: Model = Model {
    name: "platform.object_permission",
    table: "app.object_permission",
    product: "platform",
    collection: "object-permissions",
    title: "Object permission",
    title_plural: "Object permissions",
    description: "What users and groups may do to the records of some models, or to some of them only.",
    icon: "lock-access",
    nav_group: Some("Access"),
    permission: "platform/object-permissions",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list().placeholder("edit EMEA sites"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::object_types().default(DefaultValue::Empty),
        Field::new("actions", "Actions", FieldKind::TextList { max_items: 20, max: MAX_ACTION })
            .required()
            .filter()
            .list()
            .placeholder("view")
            .help("view, add, change, delete; execute and admin as in roles; or an action of a model, like render_config."),
        Field::new("constraints", "Constraints", FieldKind::Json).help(
            "Empty: all records. Otherwise those that match: {\"status\": \"active\", \"region__slug\": \"emea\"}, or one of \
             a list of such objects. \"$user\" is whoever asks.",
        ),
        Field::references("users", "Users", "platform.user").list(),
        Field::references("groups", "Groups", "platform.group").list(),
    ],
    numbered: true,
    hooks: &PermissionHooks,
    ..Model::BASE
};

/// The texts of a list.
fn texts(record: &Record, field: &str) -> Vec<String> {
    let items = record.get(field).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// On which records; an empty object says nothing.
pub(crate) fn constraint(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::Object(members) => !members.is_empty(),
        _ => true,
    })
}

struct PermissionHooks;

impl Hooks for PermissionHooks {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let actions = texts(record, "actions");
        if actions.is_empty() {
            wrong(errors, "/actions".into(), "required", "Say what is allowed: view, add, change, delete.");
        }
        for (n, action) in actions.iter().enumerate() {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if !action.bytes().all(plain) {
                let text = format!("`{action}` is no action: lower-case letters, digits and `_`, like view.");
                wrong(errors, format!("/actions/{n}"), "format", text);
            }
        }
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        _: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            for draft in drafts {
                let Some(constraint) = constraint(draft.record.get("constraints")) else { continue };
                for name in texts(&draft.record, "object_types") {
                    let Some(model) = records.model(&name) else { continue };
                    if let Err(problem) = records.check_constraint(model, constraint) {
                        let text = format!("Of {}: {}", model.title_plural, problem.detail);
                        wrong(&mut draft.errors, "/constraints".into(), "invalid", text);
                    }
                }
            }
            Ok(())
        })
    }

    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        change: Change,
        _: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            // Taking something away gives nobody more.
            if let (Some(after), Change::Create | Change::Update) = (after, change) {
                let actions = texts(after, "actions");
                let constraint = constraint(after.get("constraints"));
                let models = texts(after, "object_types");
                let grants = models.iter().map(|model| RowGrant { model, actions: &actions, constraint });
                authority::over_grants(tx.ctx(), grants)?;
            }
            store::bump_epoch(tx.conn()).await
        })
    }
}
