//! The rows of this room: static SQL only.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kit::{Problem, TenantId};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row as _};
use uuid::Uuid;

use crate::password::Passwords;

/// A row by the names of its columns; sqlx's derive would bring a second copy of sqlx into every build.
macro_rules! row {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl FromRow<'_, PgRow> for $name {
            fn from_row(row: &PgRow) -> sqlx::Result<Self> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),* })
            }
        }
    };
}

row!(Found { tenant_id, row_id, epoch });
row!(UserRow { id, name, email, display_name, active, password, must_change_password });
row!(SessionRow { id, user_id, acting_tenant, kind, expires_at, last_seen_at });
row!(TokenRow { id, owner, secret, rules, allowed_prefixes, expires_at, active, last_used_at });
row!(GrantRow { name, object_types, actions, constraints });
row!(TenantRow { id, slug, name, kind, status });

static PASSWORDS: OnceLock<Passwords> = OnceLock::new();

/// The hasher of this process.
///
/// # Errors
/// When the server did not set it up.
pub fn passwords() -> Result<&'static Passwords, Problem> {
    PASSWORDS.get().ok_or_else(|| Problem::internal("the password hasher is not set up"))
}

/// Sets the hasher up, once; later calls get the first one.
///
/// # Errors
/// None at present.
pub fn set_passwords(passwords: Passwords) -> Result<Passwords, Problem> {
    Ok(PASSWORDS.get_or_init(|| passwords).clone())
}

/// Lower-case hexadecimal.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Where a credential or name leads: the tenant and the row.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The tenant of the row.
    pub tenant_id: Uuid,
    /// The row.
    pub row_id: Uuid,
    /// The tenant's authorisation epoch now.
    pub epoch: i64,
}

/// What a key may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// SHA-256 of a login name or e-mail in lower case.
    Login,
    /// SHA-256 of a session value.
    Session,
    /// SHA-256 of the lookup part of an API token.
    Token,
}

impl KeyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Session => "session",
            Self::Token => "token",
        }
    }
}

/// Looks a key up before any tenant is known. The definer function behind it tells tenant and row
/// id, at most eight, and nothing else.
///
/// # Errors
/// Database errors.
pub async fn find(connection: &mut PgConnection, kind: KeyKind, key: &[u8]) -> Result<Vec<Found>, Problem> {
    Ok(sqlx::query_as("SELECT tenant_id, row_id, epoch FROM app.find_credential($1, $2)")
        .bind(kind.as_str())
        .bind(key)
        .fetch_all(connection)
        .await?)
}

/// A user as the login needs it.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Id.
    pub id: Uuid,
    /// Login name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Name for people.
    pub display_name: Option<String>,
    /// May log in.
    pub active: bool,
    /// PHC string.
    pub password: Option<String>,
    /// Has to choose a new password first.
    pub must_change_password: bool,
}

/// A user of the transaction's tenant.
///
/// # Errors
/// Database errors.
pub async fn user(connection: &mut PgConnection, id: Uuid) -> Result<Option<UserRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, name, email, display_name, active, password, must_change_password \
         FROM app.user_account WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?)
}

/// A browser session or access token.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Id.
    pub id: Uuid,
    /// Its user.
    pub user_id: Uuid,
    /// The tenant it works in; may be another one than the user's own.
    pub acting_tenant: Uuid,
    /// `cookie` or `access`.
    pub kind: String,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
    /// Last use, at most a minute late.
    pub last_seen_at: DateTime<Utc>,
}

/// A session of the transaction's tenant.
///
/// # Errors
/// Database errors.
pub async fn session(connection: &mut PgConnection, id: Uuid) -> Result<Option<SessionRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, user_id, acting_tenant, kind, expires_at, last_seen_at FROM app.session WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?)
}

/// A new session.
pub struct NewSession<'a> {
    /// Id.
    pub id: Uuid,
    /// Its user.
    pub user: Uuid,
    /// The tenant it begins in.
    pub acting_tenant: TenantId,
    /// `cookie` or `access`.
    pub kind: &'a str,
    /// SHA-256 of its value.
    pub digest: &'a [u8],
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
    /// Where it was opened.
    pub address: Option<std::net::IpAddr>,
    /// With what, at most 256 characters.
    pub user_agent: &'a str,
}

/// Stores a session and notes the login.
///
/// # Errors
/// Database errors.
pub async fn insert_session(connection: &mut PgConnection, session: &NewSession<'_>) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO app.session (id, user_id, acting_tenant, kind, digest, expires_at, address, user_agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session.id)
    .bind(session.user)
    .bind(session.acting_tenant.0)
    .bind(session.kind)
    .bind(session.digest)
    .bind(session.expires_at)
    .bind(session.address.map(IpNet::from))
    .bind(session.user_agent)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE app.user_account SET last_login_at = now() WHERE id = $1")
        .bind(session.user)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a session or token is in use, and forgets ended sessions of its user.
///
/// # Errors
/// Database errors.
pub async fn touch_session(connection: &mut PgConnection, id: Uuid, user: Uuid) -> Result<(), Problem> {
    sqlx::query("UPDATE app.session SET last_seen_at = now() WHERE id = $1")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM app.session WHERE user_id = $1 AND expires_at < now()")
        .bind(user)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends the sessions of a user, except one.
///
/// # Errors
/// Database errors.
pub async fn end_sessions(
    connection: &mut PgConnection,
    user: Uuid,
    except: Option<Uuid>,
) -> Result<(), Problem> {
    sqlx::query("DELETE FROM app.session WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2)")
        .bind(user)
        .bind(except)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// Database errors.
pub async fn end_session(connection: &mut PgConnection, id: Uuid) -> Result<(), Problem> {
    sqlx::query("DELETE FROM app.session WHERE id = $1").bind(id).execute(connection).await?;
    Ok(())
}

/// Moves a session into another tenant.
///
/// # Errors
/// Database errors.
pub async fn enter(connection: &mut PgConnection, session: Uuid, tenant: TenantId) -> Result<(), Problem> {
    sqlx::query("UPDATE app.session SET acting_tenant = $2 WHERE id = $1")
        .bind(session)
        .bind(tenant.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores a new password hash and ends what it must end.
///
/// # Errors
/// Database errors.
pub async fn set_password(
    connection: &mut PgConnection,
    user: Uuid,
    hash: &str,
    keep: Option<Uuid>,
) -> Result<(), Problem> {
    sqlx::query("UPDATE app.user_account SET password = $2, must_change_password = false WHERE id = $1")
        .bind(user)
        .bind(hash)
        .execute(&mut *connection)
        .await?;
    end_sessions(connection, user, keep).await
}

/// An API token.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Id.
    pub id: Uuid,
    /// The user it acts as.
    pub owner: Option<Uuid>,
    /// Hexadecimal SHA-256 of the token.
    pub secret: Option<String>,
    /// Rules it is limited to.
    pub rules: Vec<String>,
    /// Networks it may come from.
    pub allowed_prefixes: Vec<IpNet>,
    /// End.
    pub expires_at: Option<DateTime<Utc>>,
    /// May be used.
    pub active: bool,
    /// Last use, at most a minute late.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token of the transaction's tenant.
///
/// # Errors
/// Database errors.
pub async fn token(connection: &mut PgConnection, id: Uuid) -> Result<Option<TokenRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, owner, secret, rules, allowed_prefixes, expires_at, active, last_used_at \
         FROM app.api_token WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?)
}

/// Notes that a token is in use.
///
/// # Errors
/// Database errors.
pub async fn touch_token(connection: &mut PgConnection, id: Uuid) -> Result<(), Problem> {
    sqlx::query("UPDATE app.api_token SET last_used_at = now() WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// The rules of a principal in the transaction's tenant, of its own roles and those of its groups, with
/// the role each comes from.
///
/// # Errors
/// Database errors.
pub async fn rules(
    connection: &mut PgConnection,
    principal: Uuid,
) -> Result<Vec<(String, Vec<String>)>, Problem> {
    Ok(sqlx::query_as(
        "SELECT r.name, r.rules FROM app.role r WHERE r.id IN (\
             SELECT b.\"role\" FROM app.role_binding b \
             WHERE b.\"user\" = $1 AND (b.expires_at IS NULL OR b.expires_at > now()) \
             UNION SELECT unnest(g.roles) FROM app.user_account u JOIN app.user_group g ON g.id = ANY(u.groups) \
             WHERE u.id = $1) ORDER BY r.name",
    )
    .bind(principal)
    .fetch_all(connection)
    .await?)
}

/// What an object permission gives.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// What it is called.
    pub name: String,
    /// Names of models.
    pub object_types: Vec<String>,
    /// What is allowed.
    pub actions: Vec<String>,
    /// On which records, as JSON.
    pub constraints: Option<serde_json::Value>,
}

/// The enabled object permissions of a principal in the transaction's tenant, its own and those of its
/// groups.
///
/// # Errors
/// Database errors.
pub async fn grants(connection: &mut PgConnection, principal: Uuid) -> Result<Vec<GrantRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT p.name, p.object_types, p.actions, p.constraints FROM app.object_permission p \
         WHERE p.enabled AND ($1 = ANY(p.users) \
             OR p.groups && ARRAY(SELECT unnest(u.groups) FROM app.user_account u WHERE u.id = $1)) \
         ORDER BY p.id",
    )
    .bind(principal)
    .fetch_all(connection)
    .await?)
}

/// What being in these groups gives by object permissions, enabled or not.
///
/// # Errors
/// Database errors.
pub async fn grants_of_groups(
    connection: &mut PgConnection,
    groups: &[Uuid],
) -> Result<Vec<GrantRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT p.name, p.object_types, p.actions, p.constraints FROM app.object_permission p \
         WHERE p.groups && $1",
    )
    .bind(groups)
    .fetch_all(connection)
    .await?)
}

/// The roles of these groups.
///
/// # Errors
/// Database errors.
pub async fn roles_of_groups(connection: &mut PgConnection, groups: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar("SELECT DISTINCT unnest(g.roles) FROM app.user_group g WHERE g.id = ANY($1)")
        .bind(groups)
        .fetch_all(connection)
        .await?)
}

/// The rules of a role; none when it is gone.
///
/// # Errors
/// Database errors.
pub async fn rules_of_role(connection: &mut PgConnection, role: Uuid) -> Result<Vec<String>, Problem> {
    let rules = sqlx::query_scalar("SELECT rules FROM app.role WHERE id = $1");
    Ok(rules.bind(role).fetch_optional(connection).await?.unwrap_or_default())
}

/// The next time at which a binding of the principal ends: cached rights must not outlive it.
///
/// # Errors
/// Database errors.
pub async fn next_expiry(
    connection: &mut PgConnection,
    principal: Uuid,
) -> Result<Option<DateTime<Utc>>, Problem> {
    Ok(sqlx::query_scalar(
        r#"SELECT min(expires_at) FROM app.role_binding WHERE "user" = $1 AND expires_at > now()"#,
    )
    .bind(principal)
    .fetch_one(connection)
    .await?)
}

/// Whether somebody active has the role admin without an end.
///
/// # Errors
/// Database errors.
pub async fn has_administrator(connection: &mut PgConnection) -> Result<bool, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM app.role_binding b JOIN app.role r ON r.id = b.\"role\" \
         WHERE r.name = 'admin' AND r.builtin AND b.expires_at IS NULL)",
    )
    .fetch_one(connection)
    .await?)
}

/// Tells every cache that rights in this tenant changed, in the transaction of the change.
///
/// # Errors
/// Database errors.
pub async fn bump_epoch(connection: &mut PgConnection) -> Result<(), Problem> {
    sqlx::query("SELECT app.bump_authz_epoch()").execute(connection).await?;
    Ok(())
}

/// A tenant as its members see it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct TenantRow {
    /// Id.
    pub id: Uuid,
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// `provider`, `customer` or `lab`.
    pub kind: String,
    /// `active`, `suspended` ...
    pub status: String,
}

/// One tenant. `app.tenant` is a global table; callers ask only for tenants they may enter.
///
/// # Errors
/// Database errors.
pub async fn tenant(connection: &mut PgConnection, id: Uuid) -> Result<Option<TenantRow>, Problem> {
    Ok(sqlx::query_as("SELECT id, slug, name, kind, status FROM app.tenant WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?)
}

/// The tenants below one, itself included.
///
/// # Errors
/// Database errors.
pub async fn descendants(connection: &mut PgConnection, id: Uuid) -> Result<Vec<TenantRow>, Problem> {
    Ok(sqlx::query_as(
        "SELECT t.id, t.slug, t.name, t.kind, t.status FROM app.tenant_closure c JOIN app.tenant t ON t.id = c.descendant_id \
         WHERE c.ancestor_id = $1 AND t.status <> 'deleted' ORDER BY c.depth, t.name LIMIT 1000",
    )
    .bind(id)
    .fetch_all(connection)
    .await?)
}

/// Makes the built-in roles of the transaction's tenant, with the rules of this version.
///
/// # Errors
/// Database errors.
pub async fn write_builtin_roles(connection: &mut PgConnection) -> Result<(), Problem> {
    for (name, description, rules) in crate::policy::BUILTIN {
        let updated = sqlx::query(
            "UPDATE app.role SET description = $2, rules = $3 WHERE name = $1 AND builtin \
             AND (rules, description) IS DISTINCT FROM ($3, $2)",
        )
        .bind(name)
        .bind(description)
        .bind(*rules)
        .execute(&mut *connection)
        .await?;
        if updated.rows_affected() > 0 {
            bump_epoch(connection).await?;
        }
        sqlx::query(
            "INSERT INTO app.role (id, name, description, rules, builtin) SELECT $1, $2, $3, $4, true \
             WHERE NOT EXISTS (SELECT 1 FROM app.role WHERE name = $2)",
        )
        .bind(Uuid::now_v7())
        .bind(name)
        .bind(description)
        .bind(*rules)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Makes a user with a role in the transaction's tenant.
///
/// # Errors
/// Database errors; 409 when the name is taken.
pub async fn insert_user(
    connection: &mut PgConnection,
    name: &str,
    hash: &str,
    must_change: bool,
    role: &str,
) -> Result<Uuid, Problem> {
    let id = Uuid::now_v7();
    sqlx::query(
        "WITH leased AS (
             INSERT INTO app.record_number AS n (model, next) VALUES ('platform.user', 2)
             ON CONFLICT (tenant_id, model) DO UPDATE SET next = n.next + 1 RETURNING n.next - 1 AS number)
         INSERT INTO app.user_account (id, number, name, active, password, must_change_password)
         SELECT $1, number, $2, true, $3, $4 FROM leased",
    )
    .bind(id)
    .bind(name)
    .bind(hash)
    .bind(must_change)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO app.role_binding (id, \"user\", \"role\", reason) SELECT $1, $2, id, 'set up' FROM app.role WHERE name = $3",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(role)
    .execute(connection)
    .await?;
    Ok(id)
}

/// A user by login name.
///
/// # Errors
/// Database errors.
pub async fn user_by_name(connection: &mut PgConnection, name: &str) -> Result<Option<Uuid>, Problem> {
    Ok(sqlx::query_scalar("SELECT id FROM app.user_account WHERE name_ci = lower($1)")
        .bind(name)
        .fetch_optional(connection)
        .await?)
}
