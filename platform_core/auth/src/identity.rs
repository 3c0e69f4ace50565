//! From a request's credential to a context: tenant and rights come from the principal, the
//! `X-Tenant-ID` header only chooses among tenants it may enter.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use db::Store;
use kit::rows::Rows;
use kit::{Actor, Ctx, OpKind, PermSet, PermissionRegistry, Problem, SecretText, TenantId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::credential::{self, ACCESS_PREFIX};
use crate::models::ENTER_TENANTS;
use crate::password::Passwords;
use crate::store::{self, Found, KeyKind, SessionRow, TokenRow, UserRow};
use crate::throttle::Throttle;
use crate::{authority, policy, tenants};

/// How long a browser session or access token lives.
const SESSION_LIFE: chrono::Duration = chrono::Duration::hours(12);
/// How long a browser session may be idle.
const IDLE: chrono::Duration = chrono::Duration::minutes(60);
/// How late "last seen" may be.
const TOUCH: Duration = Duration::from_mins(1);
/// Principals whose rights are kept compiled.
const CACHE: usize = 20_000;

/// The credential of a request.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// The session cookie's value.
    Cookie(&'a str),
    /// `Authorization: Bearer`: an access token of a login or an API token.
    Bearer(&'a str),
}

/// A request whose principal is known.
#[derive(Clone)]
pub struct Authenticated {
    /// The context of the request.
    pub ctx: Ctx,
    /// The user behind it.
    pub user: Arc<UserRow>,
    /// The user's own tenant.
    pub home: TenantId,
    /// The browser session or access token, if it is one.
    pub session: Option<Uuid>,
    /// CSRF token that unsafe requests must carry; only cookies need one.
    pub csrf: Option<String>,
    /// The user has to choose a new password before anything else.
    pub must_change_password: bool,
}

/// A login that worked.
pub struct LoggedIn {
    /// The session's value, for its owner only.
    pub clear: SecretText,
    /// Its end.
    pub expires_at: DateTime<Utc>,
    /// The user has to choose a new password.
    pub must_change_password: bool,
}

/// Where a login comes from.
#[derive(Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Address of the client.
    pub address: Option<IpAddr>,
    /// Its `User-Agent`.
    pub user_agent: &'a str,
}

/// The authentication room. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    registry: Arc<PermissionRegistry>,
    passwords: Passwords,
    throttle: Throttle,
    cache: Mutex<HashMap<(Uuid, TenantId), Cached>>,
}

/// A principal with its rights, as long as the epoch of its home tenant stays.
#[derive(Clone)]
struct Cached {
    epoch: i64,
    valid_until: DateTime<Utc>,
    touched: Instant,
    rights: Arc<PermSet>,
    user: Arc<UserRow>,
    tenant: TenantId,
    principal: Principal,
}

#[derive(Clone)]
enum Principal {
    Session(Arc<SessionRow>),
    Token(Arc<TokenRow>),
}

impl Auth {
    /// Over a store whose schema is migrated.
    pub fn new(store: Store, registry: Arc<PermissionRegistry>, passwords: Passwords) -> Self {
        let inner =
            Inner { store, registry, passwords, throttle: Throttle::default(), cache: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The permissions of this build.
    pub fn registry(&self) -> &Arc<PermissionRegistry> {
        &self.inner.registry
    }

    /// The store, for the rooms of this crate.
    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The hasher.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// A context of the server itself in a tenant.
    pub fn system(&self, tenant: TenantId, name: &'static str) -> Ctx {
        let rights = Arc::new(PermSet::all(self.inner.registry.clone()));
        self.context(tenant, Actor::System(name), rights, Uuid::now_v7(), OpKind::Job)
    }

    /// A context of the server itself that belongs to a request, for what is noted about it.
    pub fn system_request(&self, tenant: TenantId, name: &'static str, request: Uuid) -> Ctx {
        let rights = Arc::new(PermSet::all(self.inner.registry.clone()));
        self.context(tenant, Actor::System(name), rights, request, OpKind::Request)
    }

    fn context(
        &self,
        tenant: TenantId,
        actor: Actor,
        rights: Arc<PermSet>,
        request: Uuid,
        kind: OpKind,
    ) -> Ctx {
        Ctx::new(tenant, actor, rights, request, kind, Arc::new(self.inner.store.clone()))
    }

    /// Finds out who asks and what it may do in the tenant it works in.
    ///
    /// # Errors
    /// 401 for a credential that is unknown, ended or revoked (one message for all), 403
    /// `tenant-mismatch` for a tenant the principal may not enter.
    pub async fn authenticate(
        &self,
        presented: Presented<'_>,
        wanted: Option<TenantId>,
        address: Option<IpAddr>,
        request: Uuid,
    ) -> Result<Authenticated, Problem> {
        let (kind, key, clear) = match presented {
            Presented::Cookie(value) if value.len() <= 128 => {
                (KeyKind::Session, credential::digest(value), value)
            }
            Presented::Bearer(value) if value.starts_with(ACCESS_PREFIX) && value.len() <= 128 => {
                (KeyKind::Session, credential::digest(value), value)
            }
            Presented::Bearer(value) => {
                let value = credential::bare(value);
                let lookup = credential::api_lookup(value).ok_or_else(Problem::unauthenticated)?;
                (KeyKind::Token, credential::digest(lookup), value)
            }
            Presented::Cookie(_) => return Err(Problem::unauthenticated()),
        };
        let mut tx = self.inner.store.tenantless().await?;
        let found = store::find(tx.conn(), kind, &key).await?;
        drop(tx);
        let found = found.into_iter().next().ok_or_else(Problem::unauthenticated)?;
        let cached = self.resolve(kind, found, wanted).await?;
        check(&cached, presented, clear, address)?;
        self.touch(&cached, found).await?;
        let csrf = matches!(presented, Presented::Cookie(_)).then(|| credential::csrf(clear));
        Ok(self.authenticated(&cached, found, request, csrf))
    }

    fn authenticated(
        &self,
        cached: &Cached,
        found: Found,
        request: Uuid,
        csrf: Option<String>,
    ) -> Authenticated {
        let session = match &cached.principal {
            Principal::Session(row) => Some(row.id),
            Principal::Token(_) => None,
        };
        let actor = Actor::User(cached.user.id);
        Authenticated {
            ctx: self.context(cached.tenant, actor, cached.rights.clone(), request, OpKind::Request),
            user: cached.user.clone(),
            home: TenantId(found.tenant_id),
            session,
            csrf,
            must_change_password: session.is_some() && cached.user.must_change_password,
        }
    }

    /// The principal with its rights, from the cache while the epoch of its tenant stays.
    async fn resolve(
        &self,
        kind: KeyKind,
        found: Found,
        wanted: Option<TenantId>,
    ) -> Result<Cached, Problem> {
        let home = TenantId(found.tenant_id);
        let key = (found.row_id, wanted.unwrap_or(TenantId(Uuid::nil())));
        let hit = self.inner.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(hit) = hit.filter(|hit| hit.epoch == found.epoch && hit.valid_until > Utc::now()) {
            return Ok(hit);
        }
        let fresh = self.load(kind, found, home, wanted).await?;
        let mut cache = self.inner.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE {
            cache.clear();
        }
        cache.insert(key, fresh.clone());
        Ok(fresh)
    }

    async fn load(
        &self,
        kind: KeyKind,
        found: Found,
        home: TenantId,
        wanted: Option<TenantId>,
    ) -> Result<Cached, Problem> {
        let system = self.system(home, "auth");
        let mut tx = system.read().await?;
        let (principal, user_id) = match kind {
            KeyKind::Token => {
                let token =
                    store::token(tx.conn(), found.row_id).await?.ok_or_else(Problem::unauthenticated)?;
                let owner = token.owner.ok_or_else(Problem::unauthenticated)?;
                (Principal::Token(Arc::new(token)), owner)
            }
            KeyKind::Session | KeyKind::Login => {
                let session =
                    store::session(tx.conn(), found.row_id).await?.ok_or_else(Problem::unauthenticated)?;
                let user = session.user_id;
                (Principal::Session(Arc::new(session)), user)
            }
        };
        let user = store::user(tx.conn(), user_id).await?.ok_or_else(Problem::unauthenticated)?;
        let mut rights = self.rights(tx.conn(), user_id).await?;
        let next_expiry = store::next_expiry(tx.conn(), user_id).await?;
        let tenant = match (&principal, wanted) {
            (Principal::Token(_), Some(wanted)) if wanted != home => return Err(mismatch()),
            (Principal::Token(token), _) => {
                rights = limited(&rights, &self.inner.registry, &token.rules)?;
                home
            }
            (Principal::Session(session), wanted) => wanted.unwrap_or(TenantId(session.acting_tenant)),
        };
        if tenant != home
            && !(rights.allows(ENTER_TENANTS) && tenants::is_below(tx.conn(), home, tenant).await?)
        {
            return Err(mismatch());
        }
        let touched = match &principal {
            Principal::Session(session) => ago(session.last_seen_at),
            Principal::Token(token) => token.last_used_at.map_or_else(|| ago(DateTime::UNIX_EPOCH), ago),
        };
        Ok(Cached {
            epoch: found.epoch,
            valid_until: next_expiry.unwrap_or(DateTime::<Utc>::MAX_UTC),
            touched,
            rights: Arc::new(rights),
            user: Arc::new(user),
            tenant,
            principal,
        })
    }

    /// The compiled rights of a user in the transaction's tenant: rules of roles, then what object
    /// permissions give beside them.
    async fn rights(&self, connection: &mut sqlx::PgConnection, user: Uuid) -> Result<PermSet, Problem> {
        let rules: Vec<policy::Rule> = store::rules(connection, user)
            .await?
            .iter()
            .flat_map(|(_, rules)| rules)
            .filter_map(|text| policy::parse(text).ok())
            .collect();
        let mut rights = policy::compile(&self.inner.registry, &rules);
        let grants = store::grants(connection, user).await?;
        rights.open(Rows::new(authority::row_grants(&grants)));
        Ok(rights)
    }

    async fn touch(&self, cached: &Cached, found: Found) -> Result<(), Problem> {
        if cached.touched.elapsed() < TOUCH {
            return Ok(());
        }
        {
            let mut cache = self.inner.cache.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, entry) in cache.iter_mut() {
                if key.0 == found.row_id {
                    entry.touched = Instant::now();
                }
            }
        }
        let system = self.system(TenantId(found.tenant_id), "auth");
        let mut tx = system.write(system.authorize(WRITE_USERS)?).await?;
        match &cached.principal {
            Principal::Session(session) => {
                store::touch_session(tx.conn(), session.id, session.user_id).await?;
            }
            Principal::Token(token) => store::touch_token(tx.conn(), token.id).await?,
        }
        tx.commit().await
    }

    /// Checks name and password and opens a session.
    ///
    /// # Errors
    /// 401 with one message for every failure, 429 after too many, 503 when too many log in at once.
    pub async fn login(
        &self,
        name: &str,
        clear: &SecretText,
        kind: &'static str,
        origin: Origin<'_>,
    ) -> Result<(LoggedIn, Uuid, TenantId), Problem> {
        let now = Instant::now();
        self.inner.throttle.check(name, origin.address, now)?;
        let Some((home, user)) = self.verified(name, clear).await? else {
            self.inner.throttle.failed(name, origin.address, now);
            tracing::info!(address = ?origin.address, "login failed");
            return Err(invalid_credentials());
        };
        self.inner.throttle.succeeded(name);
        let issued = credential::session(if kind == "access" { ACCESS_PREFIX } else { "" })?;
        let expires_at = Utc::now() + SESSION_LIFE;
        let session = store::NewSession {
            id: Uuid::now_v7(),
            user: user.id,
            acting_tenant: home,
            kind,
            digest: &issued.digest,
            expires_at,
            address: origin.address,
            user_agent: shorten(origin.user_agent, 256),
        };
        let system = self.system(home, "auth");
        let mut tx = system.write(system.authorize(WRITE_USERS)?).await?;
        store::insert_session(tx.conn(), &session).await?;
        tx.commit().await?;
        let logged_in =
            LoggedIn { clear: issued.clear, expires_at, must_change_password: user.must_change_password };
        Ok((logged_in, user.id, home))
    }

    /// The user whom name and password belong to. Exactly one must match: the same name with the
    /// same password in two tenants is nobody.
    async fn verified(&self, name: &str, clear: &SecretText) -> Result<Option<(TenantId, UserRow)>, Problem> {
        let key = credential::digest(&name.trim().to_ascii_lowercase());
        let mut tx = self.inner.store.tenantless().await?;
        let candidates = store::find(tx.conn(), KeyKind::Login, &key).await?;
        drop(tx);
        let mut matching = Vec::new();
        for candidate in &candidates {
            let tenant = TenantId(candidate.tenant_id);
            let mut tx = self.system(tenant, "auth").read().await?;
            let user = store::user(tx.conn(), candidate.row_id).await?;
            drop(tx);
            let stored = user.as_ref().filter(|user| user.active).and_then(|user| user.password.as_deref());
            if let (true, Some(user)) = (self.inner.passwords.verify(clear, stored).await?, user) {
                matching.push((tenant, user));
            }
        }
        if candidates.is_empty() {
            self.inner.passwords.verify(clear, None).await?;
        }
        let only = (matching.len() == 1).then(|| matching.pop()).flatten();
        Ok(only)
    }
}

/// What must hold at each use, cached or not.
fn check(
    cached: &Cached,
    presented: Presented<'_>,
    clear: &str,
    address: Option<IpAddr>,
) -> Result<(), Problem> {
    let now = Utc::now();
    let good = cached.user.active
        && match &cached.principal {
            Principal::Session(session) => {
                let cookie = matches!(presented, Presented::Cookie(_));
                let idle = cookie && cached.touched.elapsed() > IDLE.to_std().unwrap_or(TOUCH);
                session.expires_at > now && !idle && (session.kind == "cookie") == cookie
            }
            Principal::Token(token) => {
                let digest = store::hex(&credential::digest(clear));
                let secret = token.secret.as_deref().unwrap_or_default();
                let from = token.allowed_prefixes.is_empty()
                    || address.is_some_and(|ip| token.allowed_prefixes.iter().any(|net| net.contains(&ip)));
                bool::from(digest.as_bytes().ct_eq(secret.as_bytes()))
                    && token.active
                    && token.expires_at.is_none_or(|end| end > now)
                    && from
            }
        };
    if good { Ok(()) } else { Err(Problem::unauthenticated()) }
}

const WRITE_USERS: kit::Permission = kit::Permission::new("platform/users", kit::Act::Write);

impl kit::services::SystemContexts for Auth {
    fn system(&self, tenant: TenantId, name: &'static str) -> Ctx {
        Self::system(self, tenant, name)
    }

    fn active_tenants(&self) -> kit::BoxFuture<'_, Result<Vec<TenantId>, Problem>> {
        Box::pin(async move { tenants::active(&self.inner.store).await })
    }
}

fn limited(
    rights: &PermSet,
    registry: &Arc<PermissionRegistry>,
    rules: &[String],
) -> Result<PermSet, Problem> {
    if rules.is_empty() {
        return Ok(rights.clone());
    }
    let rules: Vec<policy::Rule> =
        rules.iter().map(|rule| policy::parse(rule)).collect::<Result<_, _>>().map_err(Problem::internal)?;
    Ok(rights.limited_to(&policy::compile(registry, &rules)))
}

fn mismatch() -> Problem {
    Problem::new(
        axum::http::StatusCode::FORBIDDEN,
        "tenant-mismatch",
        "This principal may not work in the tenant named by X-Tenant-ID.",
    )
}

fn invalid_credentials() -> Problem {
    Problem::new(
        axum::http::StatusCode::UNAUTHORIZED,
        "invalid-credentials",
        "Login name or password is wrong.",
    )
}

fn ago(at: DateTime<Utc>) -> Instant {
    let passed = (Utc::now() - at).to_std().unwrap_or_default();
    let now = Instant::now();
    now.checked_sub(passed).or_else(|| now.checked_sub(TOUCH)).unwrap_or(now)
}

fn shorten(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}

impl kit::services::Logins for Auth {
    fn login<'a>(
        &'a self,
        name: &'a str,
        password: &'a SecretText,
        address: Option<IpAddr>,
    ) -> kit::BoxFuture<'a, Result<Ctx, Problem>> {
        Box::pin(async move {
            let origin = Origin { address, user_agent: "a client that asks for a token" };
            let (opened, ..) = Self::login(self, name, password, "access", origin).await?;
            if opened.must_change_password {
                return Err(Problem::new(
                    axum::http::StatusCode::FORBIDDEN,
                    "password-change-required",
                    "Choose a new password first (POST /api/v1/auth/password).",
                ));
            }
            let presented = Presented::Bearer(opened.clear.expose());
            Ok(self.authenticate(presented, None, address, Uuid::now_v7()).await?.ctx)
        })
    }
}
