//! Tenants: created and changed as `portolan_backfill`, because the role that serves requests may
//! only see them. The caller has authorised the change.

use chrono::{DateTime, Utc};
use kit::{Problem, TenantId};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

/// What a tenant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantKind {
    /// Runs networks for others; its people may work in its customers.
    Provider,
    /// Has a network.
    Customer,
    /// For trying things out.
    Lab,
}

impl TenantKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Lab => "lab",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "provider" => Self::Provider,
            "lab" => Self::Lab,
            _ => Self::Customer,
        }
    }
}

/// What may be done in a tenant (platform.md 1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Everything.
    Active,
    /// Reads by administrators.
    Suspended,
    /// Everything, while an export runs.
    Exporting,
    /// Nothing.
    Deleting,
    /// Nothing; only the tombstone is left.
    Deleted,
}

impl TenantStatus {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Exporting => "exporting",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "suspended" => Self::Suspended,
            "exporting" => Self::Exporting,
            "deleting" => Self::Deleting,
            _ => Self::Deleted,
        }
    }
}

/// A tenant.
#[derive(Clone, Debug, Serialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The provider it belongs to.
    pub parent: Option<TenantId>,
    /// What it is.
    pub kind: TenantKind,
    /// Short name in addresses, unique in the server.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// What may be done in it.
    pub status: TenantStatus,
    /// Rises with every change of rights: caches compare it.
    pub authz_epoch: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A tenant to be created.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// The provider it belongs to.
    pub parent: Option<TenantId>,
    /// What it is.
    pub kind: TenantKind,
    /// 1 to 63 lower-case letters, digits and hyphens; unique in the server.
    pub slug: String,
    /// 1 to 200 characters.
    pub name: String,
}

/// A change; `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct TenantChange {
    /// New name.
    pub name: Option<String>,
    /// New status.
    pub status: Option<TenantStatus>,
    /// Why it is suspended.
    pub suspended_reason: Option<String>,
}

pub(crate) async fn create(connection: &mut PgConnection, new: &NewTenant) -> Result<TenantId, Problem> {
    let id = TenantId(Uuid::now_v7());
    let outcome =
        sqlx::query("INSERT INTO app.tenant (id, parent_id, kind, slug, name) VALUES ($1, $2, $3, $4, $5)")
            .bind(id.0)
            .bind(new.parent.map(|parent| parent.0))
            .bind(new.kind.as_str())
            .bind(&new.slug)
            .bind(&new.name)
            .execute(connection)
            .await;
    match outcome {
        Ok(_) => Ok(id),
        Err(error) => Err(explain(error)),
    }
}

fn explain(error: sqlx::Error) -> Problem {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some("tenant_slug_key") => {
            Problem::field("/slug", "not_unique", "Another tenant of this server has this short name.")
        }
        Some("tenant_slug_check") => Problem::field(
            "/slug",
            "invalid",
            "Use 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
        ),
        Some("tenant_name_check") => Problem::field("/name", "length", "A name has 1 to 200 characters."),
        Some("tenant_parent_id_fkey") => Problem::field("/parent", "not_found", "There is no such tenant."),
        Some("tenant_closure_depth_check") => {
            Problem::field("/parent", "too_deep", "Tenants nest at most four levels below the first.")
        }
        _ => error.into(),
    }
}

pub(crate) async fn update(
    connection: &mut PgConnection,
    id: TenantId,
    change: &TenantChange,
) -> Result<(), Problem> {
    let outcome = sqlx::query(
        "UPDATE app.tenant SET
            name = coalesce($2, name),
            status = coalesce($3, status),
            suspended_reason = CASE WHEN coalesce($3, status) = 'suspended' THEN coalesce($4, suspended_reason) END,
            suspended_at = CASE WHEN coalesce($3, status) = 'suspended' THEN coalesce(suspended_at, now()) END,
            authz_epoch = authz_epoch + ($3 IS NOT NULL)::integer
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(change.name.as_deref())
    .bind(change.status.map(TenantStatus::as_str))
    .bind(change.suspended_reason.as_deref())
    .execute(connection)
    .await;
    match outcome {
        Ok(done) if done.rows_affected() == 1 => Ok(()),
        Ok(_) => Err(Problem::not_found("tenant")),
        Err(error) => Err(explain(error)),
    }
}

pub(crate) async fn bump_epoch(connection: &mut PgConnection, id: TenantId) -> Result<i64, Problem> {
    let row = sqlx::query(
        "UPDATE app.tenant SET authz_epoch = authz_epoch + 1 WHERE id = $1 RETURNING authz_epoch",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Problem::not_found("tenant"))?;
    Ok(row.try_get(0)?)
}

pub(crate) async fn all(connection: &mut PgConnection) -> Result<Vec<Tenant>, Problem> {
    let rows = sqlx::query(
        "SELECT id, parent_id, kind, slug, name, status, authz_epoch, created_at FROM app.tenant ORDER BY created_at, id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| tenant(row).map_err(Problem::from)).collect()
}

fn tenant(row: &PgRow) -> Result<Tenant, sqlx::Error> {
    Ok(Tenant {
        id: TenantId(row.try_get("id")?),
        parent: row.try_get::<Option<Uuid>, _>("parent_id")?.map(TenantId),
        kind: TenantKind::parse(row.try_get("kind")?),
        slug: row.try_get("slug")?,
        name: row.try_get("name")?,
        status: TenantStatus::parse(row.try_get("status")?),
        authz_epoch: row.try_get("authz_epoch")?,
        created_at: row.try_get("created_at")?,
    })
}
