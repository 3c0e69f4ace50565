//! API tokens as records: for scripts. The token itself is told once; what is kept is its hash.

use kit::record::{Change, DefaultValue, FieldKind, Hooks, Model, ONCE, OnDelete, Operations, Record};
use kit::{BoxFuture, Ctx, Field, FieldError, Problem, SecretText, WriteTx};
use serde_json::json;

use crate::models::{check_rules, text, wrong};
use crate::{authority, credential, store};

/// A token for scripts.
pub(crate) static TOKEN: Model = Model {
    name: "platform.token",
    table: "app.api_token",
    product: "platform",
    collection: "tokens",
    title: "API token",
    title_plural: "API tokens",
    description: "For scripts: sent as Authorization: Bearer. Shown once, when it is made. Acts as its owner.",
    icon: "key",
    nav_group: Some("Access"),
    permission: "platform/tokens",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[
        Field::text("name", "Name", 128).required().unique().search().list().placeholder("backup script"),
        Field::text("description", "Description", 200).search().list(),
        Field::new(
            "owner",
            "Owner",
            FieldKind::Reference { model: "platform.user", on_delete: OnDelete::Cascade },
        )
        .read_only()
        .filter()
        .list(),
        Field::text("lookup", "Begins with", 16).read_only().filter().list(),
        Field::new("secret", "Secret", FieldKind::Password { min: 1, max: 128 }).read_only(),
        Field::new("rules", "Limited to", FieldKind::TextList { max_items: 50, max: 200 })
            .default(DefaultValue::Empty)
            .placeholder("atlas/*:read")
            .help("Empty: everything its owner may. Otherwise the part of it that these rules allow."),
        Field::new("allowed_prefixes", "Allowed addresses", FieldKind::PrefixList { max_items: 50 })
            .default(DefaultValue::Empty)
            .help("Empty: from anywhere."),
        Field::new("expires_at", "Expires", FieldKind::DateTime)
            .filter()
            .list()
            .help("Empty: in 90 days. At most 365."),
        Field::boolean("active", "Active", true).list(),
        Field::new("last_used_at", "Last used", FieldKind::DateTime).read_only().list(),
    ],
    numbered: true,
    unique: &[],
    hooks: &TokenHooks,
    ..Model::BASE
};

struct TokenHooks;

/// Days of a token without an end of its own, and the most it may have.
const TOKEN_DAYS: (i64, i64) = (90, 365);

impl Hooks for TokenHooks {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        check_rules(record, errors);
        let now = chrono::Utc::now();
        let expires =
            text(Some(record), "expires_at").and_then(|at| at.parse::<chrono::DateTime<chrono::Utc>>().ok());
        match expires {
            Some(at) if at > now + chrono::Duration::days(TOKEN_DAYS.1) => {
                wrong(errors, "/expires_at".into(), "too_late", "A token lives at most 365 days.");
            }
            Some(_) => {}
            None => {
                let end = now + chrono::Duration::days(TOKEN_DAYS.0);
                record.insert(
                    "expires_at".into(),
                    json!(end.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
                );
            }
        }
        if before.is_some() {
            return;
        }
        let Some(owner) = ctx.actor().id() else {
            return wrong(
                errors,
                "/owner".into(),
                "required",
                "A token belongs to a user; log in as one to make it.",
            );
        };
        match credential::api_token() {
            Ok(issued) => {
                record.insert("owner".into(), json!(owner));
                record.insert("lookup".into(), json!(issued.lookup));
                record.insert("secret".into(), json!(issued.clear.expose()));
                record.insert(ONCE.into(), json!({"token": issued.clear.expose()}));
            }
            Err(problem) => wrong(errors, "/secret".into(), "random", problem.detail),
        }
    }

    fn digest<'a>(&'a self, _: &'a str, clear: &'a SecretText) -> BoxFuture<'a, Result<String, Problem>> {
        Box::pin(async move { Ok(store::hex(&credential::digest(clear.expose()))) })
    }

    fn written<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        _: Change,
        before: Option<&'a Record>,
        _: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if let Some(owner) = authority::id(before, "owner") {
                authority::over_user(tx, owner).await?;
            }
            store::bump_epoch(tx.conn()).await
        })
    }
}
