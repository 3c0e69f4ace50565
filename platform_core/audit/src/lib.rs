//! The audit log: every mutating request, every refusal, every failed login.
//!
//! What changed in a record is in the change log of the record engine, under the same request id.
//! This log says who asked, from where, by which right, and what became of it. The table is append
//! only by its grants.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

use std::net::IpAddr;

use kit::plugin::Migration;
use kit::record::{Choice, FieldKind, Model, NoHooks, Operations};
use kit::{Act, Actor, Ctx, Field, Permission, PermissionObject, Problem};
use uuid::Uuid;

/// The SQL of this room, applied under the name `audit`.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "entry", sql: include_str!("../migrations/0001_entry.sql") }];

/// Permission objects of this room.
pub const PERMISSIONS: &[PermissionObject] =
    &[PermissionObject { object: "audit/entries", title: "Audit log" }];

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx or 3xx.
    Done,
    /// 401, 403 or 429: somebody may not.
    Refused,
    /// Any other error: nothing was changed.
    Failed,
}

impl Outcome {
    /// By HTTP status.
    pub fn of(status: u16) -> Self {
        match status {
            200..=399 => Self::Done,
            401 | 403 | 429 => Self::Refused,
            _ => Self::Failed,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// One entry. Paths carry ids, never bodies or query strings: no secret can be in it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Who.
    pub actor: Actor,
    /// Name of the actor at that time.
    pub actor_name: Option<&'a str>,
    /// OpenAPI operation id.
    pub operation: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// Path without query, at most 512 characters are kept.
    pub path: &'a str,
    /// The permission the route asks for.
    pub permission: Option<&'a str>,
    /// HTTP status of the answer.
    pub status: u16,
    /// Address of the client.
    pub address: Option<IpAddr>,
    /// Its `User-Agent`, at most 256 characters are kept.
    pub user_agent: &'a str,
    /// Milliseconds it took.
    pub duration_ms: u64,
}

/// Writes an entry in a transaction of its own: the log also holds what was undone.
///
/// # Errors
/// Database errors.
pub async fn write(ctx: &Ctx, entry: &Entry<'_>) -> Result<(), Problem> {
    let mut tx = ctx.write(ctx.authorize(Permission::new("audit/entries", Act::Write))?).await?;
    sqlx::query(
        "INSERT INTO audit.entry (id, actor_kind, actor_id, actor_name, operation, method, path, permission, outcome, \
         status, address, user_agent, request_id, duration_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(Uuid::now_v7())
    .bind(entry.actor.kind())
    .bind(entry.actor.id())
    .bind(entry.actor_name)
    .bind(entry.operation)
    .bind(entry.method)
    .bind(cut(entry.path, 512))
    .bind(entry.permission)
    .bind(Outcome::of(entry.status).as_str())
    .bind(i64::from(entry.status))
    .bind(entry.address.map(ipnet::IpNet::from))
    .bind(cut(entry.user_agent, 256))
    .bind(ctx.request_id())
    .bind(i64::try_from(entry.duration_ms).unwrap_or(i64::MAX))
    .execute(tx.conn())
    .await?;
    tx.commit().await
}

fn cut(text: &str, max: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(max).collect()
}

/// The audit log as read-only records.
pub static ENTRY: Model = Model {
    name: "audit.entry",
    table: "audit.entry",
    product: "audit",
    collection: "entries",
    title: "Audit entry",
    title_plural: "Audit log",
    description: "Every mutating request, every refusal and every failed login. Nobody can change it.",
    icon: "history",
    nav_group: Some("Access"),
    permission: "audit/entries",
    operations: Operations::READ,
    display: "operation",
    default_sort: "-created_at",
    fields: &[
        Field::text("operation", "Operation", 128).exact().filter().search().list().read_only(),
        Field::choice(
            "outcome",
            "Outcome",
            &[
                Choice::toned("done", "Done", "ok"),
                Choice::toned("refused", "Refused", "warning"),
                Choice::toned("failed", "Failed", "critical"),
            ],
        )
        .list()
        .read_only(),
        Field::text("actor_name", "Who", 64).exact().filter().search().list().read_only(),
        Field::text("actor_kind", "Kind", 16).read_only(),
        Field::new("actor_id", "Actor id", FieldKind::Uuid).filter().read_only(),
        Field::text("method", "Method", 8).list().read_only(),
        Field::text("path", "Path", 512).list().read_only(),
        Field::text("permission", "Permission", 128).read_only(),
        Field::integer("status", "Status", 100, 599).list().read_only(),
        Field::new("address", "Address", FieldKind::Ip).list().read_only(),
        Field::text("user_agent", "Client", 256).read_only(),
        Field::new("request_id", "Request", FieldKind::Uuid).read_only(),
        Field::integer("duration_ms", "Took", 0, i64::MAX).unit("ms").read_only(),
    ],
    unique: &[],
    hooks: &NoHooks,
    ..Model::BASE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_follow_the_status() {
        for (status, outcome) in [
            (201, Outcome::Done),
            (304, Outcome::Done),
            (403, Outcome::Refused),
            (401, Outcome::Refused),
            (422, Outcome::Failed),
            (500, Outcome::Failed),
        ] {
            assert_eq!(Outcome::of(status), outcome, "{status}");
        }
    }

    #[test]
    fn texts_are_cut_at_characters() {
        assert_eq!(cut("zürich\0", 3), "zür");
    }
}
