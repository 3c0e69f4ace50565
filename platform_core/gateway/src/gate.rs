//! Who asks, in which tenant, and whether this route is for them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Entry, Outcome};
use auth::{Auth, Authenticated, Presented};
use axum::extract::{ConnectInfo, MatchedPath, OriginalUri, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kit::plugin::Origin;
use kit::{Actor, Problem, TenantId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::branch;
use crate::context::RequestId;
use crate::routes::{Access, Route, RouteTable};

/// Longest time of a request until its answer begins.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Routes about the caller.
const OWN: &str = "/api/v1/auth/";

/// Operations a user may call before choosing a new password.
const BEFORE_PASSWORD: &[&str] = &["auth_me", "auth_change_password", "auth_close_session"];

/// What the gate needs.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) auth: Auth,
    pub(crate) routes: Arc<RouteTable>,
    /// The tenant in whose log failed logins of unknown names are written.
    pub(crate) root_tenant: TenantId,
}

/// The layer in front of every API route.
pub(crate) async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let facts = Facts::of(&request);
    // Who one is does not depend on a branch.
    let branch = if facts.path.starts_with(OWN) { Ok(None) } else { branch::take(&mut request, "branch") };
    let headers = request.headers().clone();
    let admitted = match branch {
        Ok(branch) => {
            let admitted = gate.decide(&facts, &headers).await;
            admitted.map(|(route, principal)| (route, principal.map(|who| entered(who, branch.as_deref()))))
        }
        Err(problem) => Err(Refused { problem, route: None, principal: None }),
    };
    let response = match &admitted {
        Ok((_, principal)) => {
            if let Some(principal) = principal {
                request.extensions_mut().insert(principal.ctx.clone());
                request.extensions_mut().insert(principal.clone());
            }
            tokio::time::timeout(TIME_LIMIT, next.run(request)).await.unwrap_or_else(|_| {
                Problem::unavailable("This took longer than 30 s and was stopped.").into_response()
            })
        }
        Err(refused) => refused.problem.clone().into_response(),
    };
    let (route, principal) = match admitted {
        Ok((route, principal)) => (Some(route), principal),
        Err(refused) => (refused.route, refused.principal),
    };
    let route = route.map(|route| done(route, &response));
    gate.record(&facts, route.as_ref(), principal.as_ref(), response.status(), started.elapsed()).await;
    response
}

/// Somebody who works in a branch, when they say so.
fn entered(mut principal: Authenticated, branch: Option<&str>) -> Authenticated {
    if let Some(branch) = branch {
        principal.ctx = principal.ctx.in_branch(branch);
    }
    principal
}

/// What an operation did, in the extensions of its answer, where its name does not tell.
#[derive(Clone, Copy)]
pub(crate) struct Did(pub(crate) &'static str);

fn done(route: Route, response: &Response) -> Route {
    match response.extensions().get::<Did>() {
        Some(did) => Route { operation: format!("{}_{}", route.operation, did.0).into(), ..route },
        None => route,
    }
}

/// Marks answers of doors.
#[derive(Clone, Copy)]
pub(crate) struct AtDoor;

/// The layer in front of a door: it finds out who asks and leaves refusing to the door, which can
/// reach nothing without a `Ctx`.
pub(crate) async fn admit_to_door(
    State((gate, plugin)): State<(Gate, &'static str)>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let facts = Facts::of(&request);
    let branch = branch::take(&mut request, "_branch");
    let headers = request.headers().clone();
    let origin = origin(&request);
    let admitted = match branch {
        Ok(branch) => gate.at_door(&facts, &headers).await.map(|who| entered(who, branch.as_deref())),
        Err(problem) => Err(problem),
    };
    let extensions = request.extensions_mut();
    extensions.insert(origin);
    match &admitted {
        Ok(principal) => drop(extensions.insert(principal.ctx.clone())),
        Err(problem) => drop(extensions.insert(problem.clone())),
    }
    let mut response = tokio::time::timeout(TIME_LIMIT, next.run(request)).await.unwrap_or_else(|_| {
        Problem::unavailable("This took longer than 30 s and was stopped.").into_response()
    });
    response.extensions_mut().insert(AtDoor);
    let route = Route {
        method: facts.method.clone(),
        path: facts.path.clone(),
        operation: format!("{plugin}_door").into(),
        access: Access::Authenticated,
        permission: None,
        records: None,
    };
    gate.record(&facts, Some(&route), admitted.as_ref().ok(), response.status(), started.elapsed()).await;
    response
}

/// Scheme and authority by which the server was reached.
fn origin(request: &Request) -> Origin {
    let secure = request.extensions().get::<crate::listener::Secure>().is_some();
    let host = text(request.headers(), header::HOST)
        .or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    Origin(format!("{}://{}", if secure { "https" } else { "http" }, host.unwrap_or("localhost")))
}

struct Refused {
    problem: Problem,
    route: Option<Route>,
    principal: Option<Authenticated>,
}

/// What is needed of the request after it is gone.
struct Facts {
    request: Uuid,
    method: Method,
    matched: String,
    path: String,
    address: Option<std::net::IpAddr>,
    user_agent: String,
}

impl Facts {
    fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        Self {
            request: extensions.get::<RequestId>().map_or_else(Uuid::now_v7, |id| id.0),
            method: request.method().clone(),
            matched: extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default(),
            path: extensions
                .get::<OriginalUri>()
                .map_or_else(|| request.uri().path(), |uri| uri.0.path())
                .to_owned(),
            address: extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()),
            user_agent: text(request.headers(), header::USER_AGENT).unwrap_or_default().to_owned(),
        }
    }

    fn unsafe_method(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

impl Gate {
    async fn decide(
        &self,
        facts: &Facts,
        headers: &HeaderMap,
    ) -> Result<(Route, Option<Authenticated>), Refused> {
        let Some(route) = self.routes.find(&facts.method, &facts.matched).cloned() else {
            let problem = crate::context::wrong_method(facts.method.clone()).await;
            return Err(Refused { problem, route: None, principal: None });
        };
        if route.access == Access::Public {
            return Ok((route, None));
        }
        let refuse = |problem, principal| Refused { problem, route: Some(route.clone()), principal };
        let principal = self.principal(facts, headers).await.map_err(|p| refuse(p, None))?;
        from_our_pages(&principal, facts, headers).map_err(|p| refuse(p, Some(principal.clone())))?;
        if principal.must_change_password && !BEFORE_PASSWORD.contains(&&*route.operation) {
            return Err(refuse(password_first(), Some(principal)));
        }
        if let Access::Needs(permission) = route.access
            && let Err(problem) = principal.ctx.authorize(permission)
            && route.records.is_none_or(|model| !principal.ctx.rights().reaches(model, permission.act))
        {
            return Err(refuse(problem, Some(principal)));
        }
        Ok((route, Some(principal)))
    }

    /// Who stands at a door.
    async fn at_door(&self, facts: &Facts, headers: &HeaderMap) -> Result<Authenticated, Problem> {
        let principal = self.principal(facts, headers).await?;
        from_our_pages(&principal, facts, headers)?;
        if principal.must_change_password { Err(password_first()) } else { Ok(principal) }
    }

    async fn principal(&self, facts: &Facts, headers: &HeaderMap) -> Result<Authenticated, Problem> {
        let wanted = match headers.get("x-tenant-id") {
            None => None,
            Some(value) => Some(TenantId(
                value.to_str().ok().and_then(|text| Uuid::parse_str(text).ok()).ok_or_else(|| {
                    Problem::bad_request(
                        "X-Tenant-ID is not a uuid. Leave it out to work in your own tenant.",
                    )
                })?,
            )),
        };
        let bearer = text(headers, header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            // `Token` is what clients of older tools send.
            .filter(|(scheme, _)| ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
            .map(|(_, value)| Presented::Bearer(value.trim()));
        let presented = bearer.or_else(|| cookie(headers, auth::api::COOKIE).map(Presented::Cookie));
        let presented = presented.ok_or_else(Problem::unauthenticated)?;
        self.auth.authenticate(presented, wanted, facts.address, facts.request).await
    }

    /// Writes the audit entry of everything that changes something, and of every refusal.
    async fn record(
        &self,
        facts: &Facts,
        route: Option<&Route>,
        principal: Option<&Authenticated>,
        status: StatusCode,
        took: Duration,
    ) {
        let Some(route) = route else { return };
        let refused = Outcome::of(status.as_u16()) == Outcome::Refused;
        let anonymous_read = principal.is_none() && route.access != Access::Public;
        if !(facts.unsafe_method() || refused) || anonymous_read {
            return;
        }
        let tenant = principal.map_or(self.root_tenant, |principal| principal.ctx.tenant());
        let ctx = self.auth.system_request(tenant, "audit", facts.request);
        let entry = Entry {
            actor: principal.map_or(Actor::System("anonymous"), |principal| principal.ctx.actor().clone()),
            actor_name: principal.map(|principal| principal.user.name.as_str()),
            operation: &route.operation,
            method: facts.method.as_str(),
            path: &facts.path,
            permission: route.permission.as_deref(),
            status: status.as_u16(),
            address: facts.address,
            user_agent: &facts.user_agent,
            duration_ms: took.as_millis() as u64,
        };
        if let Err(problem) = audit::write(&ctx, &entry).await {
            tracing::error!(%problem, operation = %route.operation, "an audit entry could not be written");
        }
    }
}

fn password_first() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "password-change-required",
        "Choose a new password first (POST /api/v1/auth/password).",
    )
}

/// Cookie requests that change something must come from our own pages.
fn from_our_pages(principal: &Authenticated, facts: &Facts, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(csrf) = principal.csrf.as_deref().filter(|_| facts.unsafe_method()) else { return Ok(()) };
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let from_here = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let token = headers.get("x-csrf-token").map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if from_here && bool::from(token.ct_eq(csrf.as_bytes())) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "csrf",
        "A request with the session cookie must carry the header X-CSRF-Token of this session.",
    ))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}
