//! Login, logout, password, the principal's own view, tenants.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use kit::rows::Rows;
use kit::{
    Act, Ctx, NavEntry, Permission, PermissionObject, PermissionRegistry, Problem, RowAct, SecretText,
    TenantId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::identity::{Auth, Authenticated, Origin};
use crate::models::ENTER_TENANTS;
use crate::store::{self, TenantRow};
use crate::{authority, object_permission, password, policy, tenants};

/// The session cookie. The `__Host-` prefix makes browsers insist on `Secure`, this host, this path.
pub const COOKIE: &str = "__Host-portolan_session";

/// Permission objects of this room.
pub const PERMISSIONS: &[PermissionObject] = &[
    PermissionObject { object: "platform/users", title: "Users" },
    PermissionObject { object: "platform/groups", title: "Groups" },
    PermissionObject { object: "platform/roles", title: "Roles" },
    PermissionObject { object: "platform/role-bindings", title: "Role bindings" },
    PermissionObject { object: "platform/object-permissions", title: "Object permissions" },
    PermissionObject { object: "platform/tokens", title: "API tokens" },
    PermissionObject { object: "platform/user-configs", title: "User configurations" },
    PermissionObject { object: "platform/tenants", title: "Tenants" },
    PermissionObject { object: "platform/owners", title: "Owners" },
    PermissionObject { object: "platform/owner-groups", title: "Owner groups" },
];

/// What the handlers share.
#[derive(Clone)]
pub struct ApiState {
    /// The room.
    pub auth: Auth,
    /// Navigation of all plugins.
    pub navigation: Arc<[NavEntry]>,
}

/// The routes of this room, below `/api/v1`.
pub fn router(state: ApiState) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(open_session, close_session))
        .routes(routes!(change_password))
        .routes(routes!(me))
        .routes(routes!(enter_tenant))
        .routes(routes!(list_tenants, create_tenant))
        .routes(routes!(explain))
        .with_state(state)
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// Login name or e-mail.
    #[schema(example = "admin")]
    username: String,
    /// Password.
    password: String,
}

/// An access token, to be sent as `Authorization: Bearer`.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct AccessToken {
    access_token: String,
    expires_at: DateTime<Utc>,
    must_change_password: bool,
}

/// A browser session was opened; its value is in the cookie.
#[derive(Serialize, ToSchema)]
struct SessionOpened {
    /// To be sent as `X-CSRF-Token` with every unsafe request.
    csrf_token: String,
    must_change_password: bool,
}

/// Log in for a script.
#[utoipa::path(post, path = "/auth/login", tag = "auth", operation_id = "auth_login", request_body = Login,
    extensions(("x-public" = json!(true))),
    responses((status = 200, body = AccessToken), (status = 401, description = "Wrong name or password"), (status = 429, description = "Too many failures")))]
async fn login(
    State(state): State<ApiState>,
    Client { address, user_agent }: Client,
    Json(body): Json<Login>,
) -> Result<Json<AccessToken>, Problem> {
    let origin = Origin { address, user_agent: &user_agent };
    let (opened, ..) =
        state.auth.login(&body.username, &SecretText::new(body.password), "access", origin).await?;
    Ok(Json(AccessToken {
        access_token: opened.clear.expose().to_owned(),
        expires_at: opened.expires_at,
        must_change_password: opened.must_change_password,
    }))
}

/// Log in for a browser: the session travels in a cookie that scripts cannot read.
#[utoipa::path(post, path = "/auth/session", tag = "auth", operation_id = "auth_open_session", request_body = Login,
    extensions(("x-public" = json!(true))),
    responses((status = 200, body = SessionOpened), (status = 401, description = "Wrong name or password"), (status = 429, description = "Too many failures")))]
async fn open_session(
    State(state): State<ApiState>,
    Client { address, user_agent }: Client,
    Json(body): Json<Login>,
) -> Result<Response, Problem> {
    let origin = Origin { address, user_agent: &user_agent };
    let (opened, ..) =
        state.auth.login(&body.username, &SecretText::new(body.password), "cookie", origin).await?;
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; Secure; SameSite=Lax", opened.clear.expose());
    let body = SessionOpened {
        csrf_token: crate::credential::csrf(opened.clear.expose()),
        must_change_password: opened.must_change_password,
    };
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(body)).into_response())
}

/// Log out: ends the session or access token of this request.
#[utoipa::path(delete, path = "/auth/session", tag = "auth", operation_id = "auth_close_session",
    extensions(("x-authenticated" = json!(true))), responses((status = 204)))]
async fn close_session(
    State(state): State<ApiState>,
    Extension(principal): Extension<Authenticated>,
) -> Result<Response, Problem> {
    if let Some(session) = principal.session {
        let system = state.auth.system(principal.home, "auth");
        let mut tx = system.write(system.authorize(Permission::new("platform/users", Act::Write))?).await?;
        store::end_session(tx.conn(), session).await?;
        tx.commit().await?;
    }
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0");
    let gone = HeaderValue::from_str(&gone).map_err(Problem::internal)?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, gone)])).into_response())
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    current: String,
    new: String,
}

/// Change one's own password. Every other session of the user ends.
#[utoipa::path(post, path = "/auth/password", tag = "auth", operation_id = "auth_change_password", request_body = PasswordChange,
    extensions(("x-authenticated" = json!(true))),
    responses((status = 204), (status = 403, description = "The current password is wrong"), (status = 422, description = "The new one is too weak")))]
async fn change_password(
    State(state): State<ApiState>,
    Extension(principal): Extension<Authenticated>,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let Some(session) = principal.session else {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Log in with the password to change it.",
        ));
    };
    let user = &principal.user;
    let current = SecretText::new(body.current);
    if !state.auth.passwords().verify(&current, user.password.as_deref()).await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong-password", "The current password is wrong."));
    }
    let context: Vec<&str> =
        [Some(user.name.as_str()), user.email.as_deref()].into_iter().flatten().collect();
    if let Some(weakness) = password::weakness(&body.new, &context) {
        return Err(Problem::field("/new", "weak", weakness));
    }
    let new = SecretText::new(body.new);
    if new == current {
        return Err(Problem::field("/new", "same", "Choose a password that differs from the current one."));
    }
    let hash = state.auth.passwords().hash(&new).await?;
    let system = state.auth.system(principal.home, "auth");
    let mut tx = system.write(system.authorize(Permission::new("platform/users", Act::Write))?).await?;
    store::set_password(tx.conn(), user.id, &hash, Some(session)).await?;
    store::bump_epoch(tx.conn()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The principal, its tenant and its rights.
#[derive(Serialize, ToSchema)]
struct Me {
    user: MeUser,
    tenant: Option<TenantRow>,
    /// Tenants it may work in.
    tenants: Vec<TenantRow>,
    /// `object:act`, also of what is allowed for some records only.
    permissions: Vec<String>,
    csrf_token: Option<String>,
    must_change_password: bool,
    /// Version of the server.
    version: &'static str,
    #[schema(value_type = Vec<Object>)]
    navigation: Vec<NavEntry>,
}

/// The user.
#[derive(Serialize, ToSchema)]
struct MeUser {
    id: Uuid,
    name: String,
    email: Option<String>,
    display_name: Option<String>,
}

/// Who I am and what I may do here.
#[utoipa::path(get, path = "/me", tag = "auth", operation_id = "auth_me",
    extensions(("x-authenticated" = json!(true))), responses((status = 200, body = Me)))]
async fn me(
    State(state): State<ApiState>,
    Extension(principal): Extension<Authenticated>,
) -> Result<Json<Me>, Problem> {
    let ctx = &principal.ctx;
    let mut tx = state.auth.system(principal.home, "auth").read().await?;
    let tenants = tenants::enterable(tx.conn(), principal.home, ctx.rights().allows(ENTER_TENANTS)).await?;
    let permissions: Vec<String> = ctx.rights().in_part().iter().map(ToString::to_string).collect();
    let navigation = state
        .navigation
        .iter()
        .filter(|entry| permissions.iter().any(|p| p == entry.permission))
        .copied()
        .collect();
    let user = &principal.user;
    Ok(Json(Me {
        user: MeUser {
            id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            display_name: user.display_name.clone(),
        },
        tenant: tenants.iter().find(|tenant| tenant.id == ctx.tenant().0).cloned(),
        tenants,
        permissions,
        csrf_token: principal.csrf.clone(),
        must_change_password: principal.must_change_password,
        version: env!("CARGO_PKG_VERSION"),
        navigation,
    }))
}

/// The tenant to work in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Enter {
    tenant_id: Uuid,
}

/// Work in another tenant with this session.
#[utoipa::path(post, path = "/session/tenant", tag = "auth", operation_id = "auth_enter_tenant", request_body = Enter,
    extensions(("x-authenticated" = json!(true))),
    responses((status = 204), (status = 403, description = "This principal may not enter that tenant")))]
async fn enter_tenant(
    State(state): State<ApiState>,
    Extension(principal): Extension<Authenticated>,
    Json(body): Json<Enter>,
) -> Result<StatusCode, Problem> {
    let system = state.auth.system(principal.home, "auth");
    let mut tx = system.write(system.authorize(Permission::new("platform/users", Act::Write))?).await?;
    let may_enter = principal.ctx.rights().allows(ENTER_TENANTS);
    let allowed = tenants::enterable(tx.conn(), principal.home, may_enter).await?;
    let (Some(session), true) = (principal.session, allowed.iter().any(|tenant| tenant.id == body.tenant_id))
    else {
        return Err(Problem::new(StatusCode::FORBIDDEN, "tenant-mismatch", "You may not enter this tenant."));
    };
    store::enter(tx.conn(), session, TenantId(body.tenant_id)).await?;
    store::bump_epoch(tx.conn()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tenants.
#[derive(Serialize, ToSchema)]
struct Tenants {
    items: Vec<TenantRow>,
    next_cursor: Option<String>,
}

/// The tenants one may work in.
#[utoipa::path(get, path = "/platform/tenants", tag = "platform", operation_id = "platform_tenants_list",
    extensions(("x-permission" = json!("platform/tenants:read"))), responses((status = 200, body = Tenants)))]
async fn list_tenants(
    State(state): State<ApiState>,
    Extension(principal): Extension<Authenticated>,
) -> Result<Json<Tenants>, Problem> {
    principal.ctx.authorize(Permission::new("platform/tenants", Act::Read))?;
    let mut tx = state.auth.system(principal.home, "auth").read().await?;
    let may_enter = principal.ctx.rights().allows(ENTER_TENANTS);
    let items = tenants::enterable(tx.conn(), principal.home, may_enter).await?;
    Ok(Json(Tenants { items, next_cursor: None }))
}

/// A new customer tenant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTenant {
    /// Short name, lower case.
    #[schema(example = "acme")]
    slug: String,
    /// Name.
    name: String,
}

/// Create a customer below the tenant one works in. Its built-in roles are made with it.
#[utoipa::path(post, path = "/platform/tenants", tag = "platform", operation_id = "platform_tenants_create", request_body = NewTenant,
    extensions(("x-permission" = json!("platform/tenants:admin"))),
    responses((status = 201, body = TenantRow), (status = 409, description = "The slug is taken"), (status = 422, description = "Wrong slug or name")))]
async fn create_tenant(
    State(state): State<ApiState>,
    ctx: Ctx,
    Json(body): Json<NewTenant>,
) -> Result<(StatusCode, Json<TenantRow>), Problem> {
    ctx.authorize(Permission::new("platform/tenants", Act::Admin))?;
    let new = db::NewTenant {
        parent: Some(ctx.tenant()),
        kind: db::TenantKind::Customer,
        slug: body.slug,
        name: body.name,
    };
    let id = state.auth.create_tenant(&new).await?;
    let mut tx = ctx.read().await?;
    let row = store::tenant(tx.conn(), id.0).await?.ok_or_else(|| Problem::not_found("tenant"))?;
    Ok((StatusCode::CREATED, Json(row)))
}

/// A question about rights.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// User id.
    user: Uuid,
    /// `object:act`
    #[schema(example = "monitoring/credentials:read")]
    permission: String,
}

/// The decision with the rules that made it.
#[derive(Serialize, ToSchema)]
struct Answer {
    allowed: bool,
    rules: Vec<DecidingRule>,
}

/// A rule that matched, or an object permission, under its name instead of a role's. `allow_some`: it has a
/// constraint.
#[derive(Serialize, ToSchema)]
struct DecidingRule {
    role: String,
    rule: String,
    effect: &'static str,
}

/// Why somebody can or cannot.
#[utoipa::path(post, path = "/platform/authz/explain", tag = "platform", operation_id = "platform_authz_explain", request_body = Question,
    extensions(("x-permission" = json!("platform/roles:read"))), responses((status = 200, body = Answer)))]
async fn explain(
    State(state): State<ApiState>,
    ctx: Ctx,
    Json(body): Json<Question>,
) -> Result<Json<Answer>, Problem> {
    ctx.authorize(Permission::new("platform/roles", Act::Read))?;
    let permission =
        state.auth.registry().permissions().find(|known| known.to_string() == body.permission).ok_or_else(
            || Problem::field("/permission", "unknown", "There is no such permission in this server."),
        )?;
    let mut tx = ctx.read().await?;
    let rules: Vec<(String, policy::Rule)> = store::rules(tx.conn(), body.user)
        .await?
        .into_iter()
        .flat_map(|(role, texts)| texts.into_iter().map(move |text| (role.clone(), text)))
        .filter_map(|(role, text)| policy::parse(&text).ok().map(|rule| (role, rule)))
        .collect();
    let grants = store::grants(tx.conn(), body.user).await?;
    let registry = state.auth.registry();
    let mut rights = policy::compile(registry, rules.iter().map(|(_, rule)| rule));
    rights.open(Rows::new(authority::row_grants(&grants)));
    let deciding = policy::deciding(&rules, permission);
    let rules = deciding
        .into_iter()
        .map(|(role, rule)| DecidingRule {
            role: role.clone(),
            rule: rule.to_string(),
            effect: if rule.deny { "deny" } else { "allow" },
        })
        .chain(grants.iter().filter_map(|grant| granting(registry, grant, permission)))
        .collect();
    Ok(Json(Answer { allowed: rights.allows(permission), rules }))
}

/// What an object permission says of a permission, when it is about it.
fn granting(
    registry: &PermissionRegistry,
    grant: &store::GrantRow,
    permission: Permission,
) -> Option<DecidingRule> {
    let about = |action: &String| match RowAct::of(action) {
        Some(act) => act.act() == permission.act,
        None => action == permission.act.as_str(),
    };
    let actions: Vec<&str> =
        grant.actions.iter().filter(|action| about(action)).map(String::as_str).collect();
    let of_object =
        |name: &&String| registry.model(name).is_some_and(|model| model.permission == permission.object);
    let model = grant.object_types.iter().find(of_object)?;
    let limited = object_permission::constraint(grant.constraints.as_ref()).is_some();
    (!actions.is_empty()).then(|| DecidingRule {
        role: grant.name.clone(),
        rule: format!("{model}:{}", actions.join("|")),
        effect: if limited { "allow_some" } else { "allow" },
    })
}

/// Address and browser of the client.
struct Client {
    address: Option<IpAddr>,
    user_agent: String,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, std::convert::Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Self { address, user_agent: user_agent(&parts.headers) })
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(256)
        .collect()
}
