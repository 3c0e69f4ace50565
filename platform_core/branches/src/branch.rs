//! Branches as records.

use chrono::{SecondsFormat, Utc};
use kit::record::{Change, Choice, DefaultValue, Drafted, Field, FieldKind, Hooks, Model, OnDelete, Record};
use kit::records::{Ask, Where};
use kit::{Actor, BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

/// Permission object.
pub(crate) const OBJECT: &str = "platform/branches";

const USER: &str = "platform.user";

const STATES: &[Choice] = &[
    Choice::toned("open", "Open", "info"),
    Choice::toned("review", "In review", "warning"),
    Choice::toned("merging", "Merging", "info"),
    Choice::toned("merged", "Merged", "ok"),
    Choice::new("reverted", "Reverted"),
    Choice::new("archived", "Archived"),
];

/// Branch
pub(crate) static BRANCH: Model = Model {
    name: "platform.branch",
    table: "app.branch",
    product: "platform",
    collection: "branches",
    title: "Branch",
    title_plural: "Branches",
    description: "Changes that nobody else sees until they are merged.",
    icon: "git-branch",
    nav_group: Some("Automation"),
    permission: OBJECT,
    default_sort: "-created_at",
    numbered: true,
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::choice("state", "State", STATES).read_only().default(DefaultValue::Text("open")).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 })
            .help("What it is for, and what a reviewer should look at."),
        Field::reference("author", "Author", USER, OnDelete::SetNull).read_only().list(),
        Field::new("synced_at", "In step since", FieldKind::DateTime)
            .read_only()
            .list()
            .help("When it was made, or last freed of what the main line has already."),
        Field::reference("reviewed_by", "Approved by", USER, OnDelete::SetNull).read_only(),
        Field::new("reviewed_at", "Approved", FieldKind::DateTime).read_only(),
        Field::reference("merged_by", "Merged by", USER, OnDelete::SetNull).read_only(),
        Field::new("merged_at", "Merged", FieldKind::DateTime).read_only().list(),
        Field::reference("reverts", "Reverts", "platform.branch", OnDelete::SetNull).read_only(),
    ],
    hooks: &Rules,
    ..Model::BASE
};

/// A time as records have it.
pub(crate) fn now() -> Value {
    json!(Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Who acts, when that is a user of this tenant: staff of the provider are not.
pub(crate) async fn acting(records: &dyn Records, tx: &mut WriteTx) -> Result<Value, Problem> {
    let (Actor::User(id), Some(users)) = (tx.ctx().actor().clone(), records.model(USER)) else {
        return Ok(Value::Null);
    };
    let ask = Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, ..Ask::default() };
    let known = !records.find_in(tx, users, &ask).await?.records.is_empty();
    Ok(if known { json!(id) } else { Value::Null })
}

struct Rules;

impl Hooks for Rules {
    fn clean(&self, _: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if before.is_none() && record.get("synced_at").is_none_or(Value::is_null) {
            record.insert("synced_at".to_owned(), now());
        }
        let name = record.get("name").and_then(Value::as_str).unwrap_or_default();
        if Uuid::parse_str(name).is_ok() {
            errors.push(FieldError {
                pointer: "/name".to_owned(),
                code: "format".into(),
                message: "A name must not look like an id. Choose a word.".to_owned(),
            });
        }
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if drafts.iter().all(|draft| draft.before.is_some()) {
                return Ok(());
            }
            let author = acting(records, tx).await?;
            for draft in drafts.iter_mut().filter(|draft| draft.before.is_none()) {
                draft.record.insert("author".to_owned(), author.clone());
            }
            Ok(())
        })
    }

    fn written<'a>(
        &'a self,
        _: &'a mut WriteTx,
        change: Change,
        before: Option<&'a Record>,
        _: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let merging =
                before.and_then(|branch| branch.get("state")).and_then(Value::as_str) == Some("merging");
            if change == Change::Delete && merging {
                return Err(Problem::conflict(
                    "merging",
                    "This branch is being merged. Wait until that has ended.",
                ));
            }
            Ok(())
        })
    }
}
