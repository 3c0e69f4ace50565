//! The door for NetBox's clients: `/netbox/api/...` as version 4.7 answers. It translates; the record
//! engine does the work. Integer ids are the numbers of our records.

mod available;
mod background;
mod changelog;
mod changelog_filter;
mod choices;
mod contract;
pub mod copy;
mod custom;
mod display;
mod elevation;
mod errors;
mod filter;
mod flat;
mod given;
mod graphql;
mod input;
mod jobs;
mod jobs_filter;
mod keep;
mod mac;
mod media;
mod object_types;
mod objects;
mod options;
mod parts;
mod place;
mod pool;
mod presenter;
mod provision;
mod query;
mod render;
mod resolve;
mod schema;
mod scripts;
mod special;
mod tagged;
mod templating;
mod tokens;
mod trace;
mod users;
mod values;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kit::plugin::{Door, Origin};
use kit::{Ctx, Problem, Records, RowAct, Services};
use serde_json::{Map, Value, json};

use self::contract::Endpoint;
use self::errors::Refusal;
use self::objects::Call;
use self::place::{Action, Place, apps};
pub(crate) use self::presenter::NetboxForm;
use crate::plugin::Shared;

/// Where the door is.
const PREFIX: &str = "/netbox";
/// Largest body, bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// Version of the API in the header `API-Version`.
const API: &str = "4.7";
/// The door, for the gateway.
pub(crate) fn door(shared: Shared) -> Door {
    let house = House { shared, schema: graphql::Prepared::default() };
    Door { plugin: "inventory", prefix: PREFIX, router: Router::new().fallback(enter).with_state(house) }
}

/// What the door keeps.
#[derive(Clone)]
struct House {
    shared: Shared,
    /// Of GraphQL.
    schema: graphql::Prepared,
}

/// Every request below the prefix.
async fn enter(State(house): State<House>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let Some(place) = Place::of(&path) else {
        return without_slash(request.method(), request.uri()).unwrap_or_else(|| {
            finished(Refusal::no_route().into_response(), path.starts_with("/api"), None)
        });
    };
    if let Place::GraphQl = place {
        return finished(graphql::served(&house.shared, &house.schema, request).await, false, None);
    }
    let allow = place.allow();
    let response = match served(&house.shared, &place, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    finished(response, true, Some(allow))
}

/// A read without the slash at the end of a path that there is with it is sent there.
fn without_slash(method: &Method, uri: &Uri) -> Option<Response> {
    let path = format!("{}/", uri.path());
    let read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    Place::of(&path).filter(|_| read)?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let place = HeaderValue::from_str(&format!("{PREFIX}{path}{query}")).ok()?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Some(
        (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, place), (header::CONTENT_TYPE, kind)])
            .into_response(),
    )
}

fn finished(mut response: Response, api: bool, allow: Option<&'static str>) -> Response {
    let headers = response.headers_mut();
    if api {
        headers.insert("api-version", HeaderValue::from_static(API));
    }
    if let Some(allow) = allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie, origin"));
    response
}

async fn served(shared: &Shared, place: &Place, request: Request) -> Result<Response, Refusal> {
    let unavailable = || Refusal::detail(StatusCode::SERVICE_UNAVAILABLE, "The inventory is starting.");
    let services = shared.get().ok_or_else(unavailable)?;
    if let (Place::Provision, &Method::POST) = (place, request.method()) {
        return provision::provision(services, request).await;
    }
    if matches!(place, Place::Schema) {
        return contract_of(request).await;
    }
    let extensions = request.extensions();
    let Some(ctx) = extensions.get::<Ctx>().cloned() else {
        return Err(unknown(request.headers(), extensions.get::<Problem>()));
    };
    let origin = extensions.get::<Origin>().map(|origin| origin.0.clone()).unwrap_or_default();
    let base = format!("{origin}{PREFIX}");
    let method = request.method().clone();
    if !place.allow().split(", ").any(|known| known == method.as_str()) {
        let text = format!("Method \"{method}\" not allowed.");
        return Err(Refusal::detail(StatusCode::METHOD_NOT_ALLOWED, text));
    }
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    if let Place::Media(file) = place {
        return media::picture(services, &ctx, file).await;
    }
    if !matches!(place, Place::Action(..)) {
        understood(request.headers(), query::last(&pairs, "format"))?;
    }
    let (endpoint, id) = match place {
        Place::Root => return Ok(axum::Json(root(&base)).into_response()),
        Place::App(app) => return Ok(axum::Json(app_root(&base, app)).into_response()),
        Place::Status | Place::Provision => return Ok(axum::Json(status()).into_response()),
        Place::Queues(_)
        | Place::Workers(_)
        | Place::Tasks(_)
        | Place::TaskAction(..)
        | Place::Jobs(_)
        | Place::Scripts(_)
        | Place::ScriptUpload
        | Place::ObjectChanges(_)
        | Place::Config
            if method == Method::OPTIONS =>
        {
            return Ok(axum::Json(described(place)).into_response());
        }
        Place::Scripts(Some(which)) if method == Method::POST => {
            let (records, jobs) = (services.records()?.clone(), services.jobs()?.clone());
            let given = body(request, true).await?;
            let (base, pairs) = (base.as_str(), pairs.as_slice());
            let scripts = scripts::Scripts { records: &*records, jobs: &*jobs, ctx: &ctx, base, pairs };
            return scripts.run(which, &given).await;
        }
        Place::ScriptUpload => return Err(scripts::no_upload()),
        Place::Queues(_)
        | Place::Workers(_)
        | Place::Tasks(_)
        | Place::TaskAction(..)
        | Place::Jobs(_)
        | Place::Scripts(_)
        | Place::ObjectChanges(_) => {
            return seen(place, services, &ctx, (base.as_str(), pairs.as_slice())).await;
        }
        Place::Config => {
            let records = services.records()?.clone();
            let given = if method == Method::PATCH { Some(body(request, true).await?) } else { None };
            return users::config(&*records, &ctx, given).await;
        }
        Place::ObjectTypes(id) => return object_types::served(&base, id.as_deref(), &pairs),
        Place::TaggedObjects(id) => {
            let id = id.as_deref().map(|id| id.parse().unwrap_or(0));
            return tagged::served(&**services.records()?, &ctx, &base, &pairs, id).await;
        }
        Place::Media(_) | Place::GraphQl | Place::Schema => return Err(Refusal::no_route()),
        Place::List(endpoint) | Place::ConnectedDevice(endpoint) => (*endpoint, None),
        Place::Object(endpoint, id)
        | Place::Available(endpoint, id, _)
        | Place::Action(endpoint, id, _)
        | Place::Trace(endpoint, id)
        | Place::Paths(endpoint, id)
        | Place::Choices(endpoint, id)
        | Place::Elevation(endpoint, id) => (*endpoint, Some(number(endpoint, id)?)),
    };
    let records = services.records()?.clone();
    let model = records.model(&endpoint.model).ok_or_else(Refusal::no_route)?;
    let ctx = keep::copied(request.headers(), ctx, model)?;
    let ctx = if method.is_safe() { ctx.together() } else { ctx };
    let pairs = templating::with_saved(&*records, &ctx, model, pairs).await?;
    let if_match =
        request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let call = Call {
        records: &*records,
        ctx: &ctx,
        endpoint,
        model,
        base: &base,
        pairs: &pairs,
        if_match: if_match.as_deref(),
    };
    if let (Place::List(_) | Place::Object(..), Some(act)) = (place, act_of(&method)) {
        ctx.authorize_rows(model, act)?;
    }
    match (place, id, method.as_str()) {
        (Place::ConnectedDevice(_), _, "GET" | "HEAD") => return call.connected_device().await,
        (Place::Trace(..), Some(id), "GET" | "HEAD") => return call.trace(id).await,
        (Place::Paths(..), Some(id), "GET" | "HEAD") => return call.paths(id).await,
        (Place::Elevation(..), Some(id), "GET" | "HEAD") => return call.elevation(id).await,
        (Place::Choices(..), Some(id), "GET" | "HEAD") => return call.choices(id).await,
        _ => {}
    }
    if let (Place::Action(_, _, action), Some(id), "POST") = (place, id, method.as_str()) {
        if *action == Action::Sync {
            return call.sync(services, id).await;
        }
        let (templates, headers) = (services.templates()?.clone(), request.headers().clone());
        let given = body(request, true).await?;
        return match action {
            Action::RenderConfig => call.render_config(&*templates, id, given, &headers).await,
            Action::Sync | Action::Render => call.render_template(&*templates, id, given, &headers).await,
        };
    }
    if let (None, "GET", Some(name)) = (id, method.as_str(), templating::export_of(&pairs)) {
        return call.export(&**services.templates()?, name).await;
    }
    if let (None, "POST", true) = (id, method.as_str(), media::is_form(request.headers())) {
        return call.upload(&**services.images()?, request).await;
    }
    if let (Place::Available(_, _, kind), Some(id)) = (place, id) {
        return match method.as_str() {
            "GET" | "HEAD" => call.available(id, *kind).await,
            "POST" => call.allocate(id, *kind, body(request, true).await?).await,
            _ => Ok(axum::Json(options::of(endpoint, model)).into_response()),
        };
    }
    match (id, method.as_str()) {
        (None, "GET" | "HEAD") => call.list().await,
        (None, "POST") => call.create(body(request, true).await?).await,
        (None, "PATCH") => call.change_many(body(request, false).await?, true).await,
        (None, "PUT") => call.change_many(body(request, false).await?, false).await,
        (None, "DELETE") => call.delete_many(body(request, false).await?).await,
        (Some(id), "GET" | "HEAD") => call.read(id).await,
        (Some(id), "PATCH") => call.change(id, &body(request, true).await?, true).await,
        (Some(id), "PUT") => call.change(id, &body(request, true).await?, false).await,
        (Some(id), "DELETE") => call.delete(id).await,
        _ => Ok(axum::Json(options::of(endpoint, model)).into_response()),
    }
}

/// What a method does to objects.
fn act_of(method: &Method) -> Option<RowAct> {
    Some(match *method {
        Method::GET | Method::HEAD => RowAct::View,
        Method::POST => RowAct::Add,
        Method::PUT | Method::PATCH => RowAct::Change,
        Method::DELETE => RowAct::Delete,
        _ => return None,
    })
}

/// The contract is for everybody; what is presented must be valid all the same.
async fn contract_of(request: Request) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    if parts.extensions.get::<Ctx>().is_none() && parts.headers.contains_key(header::AUTHORIZATION) {
        return Err(unknown(&parts.headers, parts.extensions.get::<Problem>()));
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        let text = format!("Method \"{}\" not allowed.", parts.method);
        return Err(Refusal::detail(StatusCode::METHOD_NOT_ALLOWED, text));
    }
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    schema::served(&parts.headers, query::last(&pairs, "format")).await
}

/// Lists that are no records of ours, and one of their objects.
async fn seen(
    place: &Place,
    services: &Services,
    ctx: &Ctx,
    (base, pairs): (&str, &query::Pairs),
) -> Result<Response, Refusal> {
    let (records, work) = (services.records()?.clone(), services.jobs()?.clone());
    let (records, work): (&dyn Records, &dyn kit::Jobs) = (&*records, &*work);
    let background = background::Background { records, ctx, base, pairs };
    let log = changelog::Log { records, ctx, base, pairs };
    let jobs = jobs::Jobs { records, ctx, base, pairs };
    let scripts = scripts::Scripts { records, jobs: work, ctx, base, pairs };
    match place {
        Place::Queues(name) => background.queues(name.as_deref()).await,
        Place::Workers(name) => background.workers(work, name.as_deref()),
        Place::Tasks(Some(id)) => background.task(id).await,
        Place::Tasks(None) => background.tasks().await,
        Place::TaskAction(id, task) => background.act(work, id, *task).await,
        Place::Jobs(Some(id)) => jobs.read(id).await,
        Place::Jobs(None) => jobs.list().await,
        Place::Scripts(Some(which)) => scripts.read(which).await,
        Place::Scripts(None) => scripts.list().await,
        Place::ObjectChanges(Some(id)) => log.read(id).await,
        Place::ObjectChanges(None) => log.list().await,
        _ => Err(Refusal::no_route()),
    }
}

/// `OPTIONS` of those.
fn described(place: &Place) -> Value {
    let (name, description) = match place {
        Place::Queues(_) => ("Background Queues", "The queues of jobs."),
        Place::Workers(_) => ("Background Workers", "Who runs jobs."),
        Place::Config => ("User Config", "What a user has set for itself."),
        Place::Tasks(_) | Place::TaskAction(..) => {
            ("Background Tasks", "Jobs that wait, run, or ended not long ago.")
        }
        Place::Jobs(_) => ("Job List", "Jobs with what they are about, and how they ended."),
        Place::Scripts(_) | Place::ScriptUpload => ("Script List", "What can be started as a job."),
        _ => ("Object Change List", "Retrieve a list of recent changes."),
    };
    json!({
        "name": name,
        "description": description,
        "renders": ["application/json", "text/html"],
        "parses": ["application/json", "multipart/form-data"],
    })
}

/// Only JSON is spoken here.
fn understood(headers: &HeaderMap, format: Option<&str>) -> Result<(), Refusal> {
    let not_acceptable =
        || Refusal::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header.");
    match format {
        None | Some("json") => {}
        Some("api") => return Err(not_acceptable()),
        Some(_) => return Err(Refusal::detail(StatusCode::NOT_FOUND, "Not found.")),
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let json = accept.split(',').any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        matches!(kind, "" | "*/*" | "application/*" | "application/json")
    });
    if json { Ok(()) } else { Err(not_acceptable()) }
}

/// Who asks is not known, or what was presented is not valid.
fn unknown(headers: &HeaderMap, problem: Option<&Problem>) -> Refusal {
    let presented = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let text = match presented.and_then(|text| text.split_once(' ')) {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("token") => "Invalid v1 token",
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("bearer") => "Invalid v2 token",
        _ => "Authentication credentials were not provided.",
    };
    match problem.filter(|problem| problem.status != StatusCode::UNAUTHORIZED) {
        Some(problem) => problem.clone().into(),
        None => Refusal::detail(StatusCode::FORBIDDEN, text),
    }
}

/// The id in a path.
fn number(endpoint: &Endpoint, id: &str) -> Result<i64, Refusal> {
    let digits = id.strip_prefix('-').unwrap_or(id);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::detail(StatusCode::NOT_FOUND, "Not found."));
    }
    id.parse().map_err(|_| Refusal::no_object(endpoint))
}

/// The JSON body. `empty`: none at all is an empty object.
async fn body(request: Request, empty: bool) -> Result<Value, Refusal> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let too_large =
        |_| Refusal::detail(StatusCode::PAYLOAD_TOO_LARGE, format!("A body has at most {MAX_BODY} bytes."));
    let bytes: Bytes = axum::body::to_bytes(request.into_body(), MAX_BODY).await.map_err(too_large)?;
    if bytes.is_empty() && empty {
        return Ok(Value::Object(Map::new()));
    }
    if bytes.is_empty() {
        let text = "Expected a list of objects, but no data was submitted.";
        return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
    }
    let plain = kind.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !plain.eq_ignore_ascii_case("application/json") {
        let text = format!("Unsupported media type \"{plain}\" in request.");
        return Err(Refusal::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Refusal::detail(StatusCode::BAD_REQUEST, format!("JSON parse error - {error}")))
}

fn root(base: &str) -> Value {
    let apps = apps().into_iter().map(|app| (app.to_owned(), Value::from(format!("{base}/api/{app}/"))));
    let mut root: Map<String, Value> = apps.collect();
    root.insert("status".to_owned(), Value::from(format!("{base}/api/status/")));
    Value::Object(root)
}

/// Lists that are no records of ours.
const OTHERS: [&str; 9] = [
    background::QUEUES,
    background::WORKERS,
    background::TASKS,
    jobs::PATH,
    changelog::PATH,
    users::CONFIG,
    "core/object-types",
    "extras/tagged-objects",
    scripts::PATH,
];

fn app_root(base: &str, app: &str) -> Value {
    let of_app = contract::endpoints().iter().filter_map(|endpoint| {
        let (name, slug) = endpoint.path.split_once('/')?;
        (name == app).then(|| (slug.to_owned(), Value::from(format!("{base}/api/{}/", endpoint.path))))
    });
    let others = OTHERS.iter().filter_map(|path| {
        let (name, slug) = path.split_once('/')?;
        (name == app).then(|| (slug.to_owned(), Value::from(format!("{base}/api/{path}/"))))
    });
    Value::Object(of_app.chain(others).collect())
}

fn status() -> Value {
    json!({
        "netbox-version": contract::VERSION,
        "netbox-full-version": contract::VERSION,
        "portolan-version": env!("CARGO_PKG_VERSION"),
        "installed-apps": {},
        "plugins": {},
        "hostname": "portolan",
        "rq-workers-running": 1,
    })
}
