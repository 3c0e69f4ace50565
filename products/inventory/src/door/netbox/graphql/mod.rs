//! `/graphql/`: the contract's GraphQL. The schema is the recorded one; `facts` says what its fields are here,
//! `load` reads them, `leaf` gives them their form, `filter` translates filters, `arrange` makes the orders that
//! no column has. Parsing, validation and execution are those of every schema of this server.

mod arrange;
mod changes;
mod facts;
mod filter;
mod leaf;
mod load;

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::graphql::{Limits, Request as Query, Schema};
use kit::{Ctx, Problem, Services};
use serde_json::{Map, Value};

use super::errors::Refusal;
use crate::plugin::Shared;

/// Where it is.
pub(super) const PATH: &str = "/graphql/";
/// Largest body, bytes.
const MAX_BODY: usize = 1024 * 1024;
/// Bounds of a query. The contract has a bound of its own for aliases only.
const LIMITS: Limits = Limits { depth: 20, fields: 2_000, aliases: Some(10), objects: 20_000 };
/// What people see who open it in a browser.
const PAGE: &str = "<!doctype html><html lang=\"en\"><title>GraphQL</title><p>Send queries here: \
    <code>POST</code> with a JSON body <code>{\"query\": \"{site_list{id name}}\"}</code>. \
    The schema tells itself by introspection.</html>";

/// The schema, once somebody has asked for it.
pub(super) type Prepared = Arc<OnceLock<Arc<dyn Schema>>>;

/// One request.
pub(super) async fn served(shared: &Shared, prepared: &Prepared, request: Request) -> Response {
    match answered(shared, prepared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn answered(shared: &Shared, prepared: &Prepared, request: Request) -> Result<Response, Refusal> {
    let method = request.method().clone();
    if !matches!(method, Method::GET | Method::HEAD | Method::POST) {
        let text = "GraphQL only supports GET and POST requests.";
        return Ok((StatusCode::METHOD_NOT_ALLOWED, text).into_response());
    }
    let unavailable = || Refusal::detail(StatusCode::SERVICE_UNAVAILABLE, "The inventory is starting.");
    let services = shared.get().ok_or_else(unavailable)?;
    let Some(ctx) = request.extensions().get::<Ctx>().cloned() else {
        let other = request.extensions().get::<Problem>();
        return match other.filter(|problem| problem.status != StatusCode::UNAUTHORIZED) {
            Some(problem) => Err(problem.clone().into()),
            None => Ok(page(StatusCode::FORBIDDEN, "<!doctype html><title>403 Forbidden</title>")),
        };
    };
    let asked = match method {
        Method::POST => posted(request).await,
        _ => match in_address(&request) {
            None if wants_page(request.headers()) => return Ok(page(StatusCode::OK, PAGE)),
            asked => asked.ok_or(NO_QUERY),
        },
    };
    let query = match asked {
        Ok(query) => query,
        Err(text) => return Ok((StatusCode::BAD_REQUEST, [plain()], text).into_response()),
    };
    let schema = schema(services, prepared).await?;
    Ok(axum::Json(schema.answer(&ctx, &query).await).into_response())
}

const NO_QUERY: &str = "No GraphQL query found in the request";

fn plain() -> (header::HeaderName, HeaderValue) {
    (header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))
}

fn page(status: StatusCode, html: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html)
        .into_response()
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html")
}

/// A query in the address.
fn in_address(request: &Request) -> Option<Query> {
    let pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let mut members = Map::new();
    for (name, value) in pairs {
        let value = match &*name {
            "variables" => serde_json::from_str(&value).unwrap_or_default(),
            _ => Value::from(&*value),
        };
        members.insert(name.into_owned(), value);
    }
    query(members)
}

/// A query in the body.
async fn posted(request: Request) -> Result<Query, &'static str> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let json = kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json");
    if !json {
        return Err("Unsupported content type");
    }
    let bytes = axum::body::to_bytes(request.into_body(), MAX_BODY)
        .await
        .map_err(|_| "A GraphQL request has at most 1 MiB. Put less into variables.")?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(members)) => query(members).ok_or(NO_QUERY),
        Ok(Value::Array(_)) => Err("Batching is not enabled"),
        Ok(_) => Err(NO_QUERY),
        Err(_) => Err("Unable to parse request body as JSON"),
    }
}

/// The parts of a request; none without a query.
fn query(mut members: Map<String, Value>) -> Option<Query> {
    let text = match members.remove("query") {
        Some(Value::String(text)) if !text.is_empty() => text,
        _ => return None,
    };
    let operation = members.get("operationName").and_then(Value::as_str).map(str::to_owned);
    let variables = match members.remove("variables") {
        Some(Value::Object(variables)) => variables,
        _ => Map::new(),
    };
    Some(Query { query: text, operation, variables })
}

/// The schema: made when it is asked for the first time.
async fn schema(services: &Services, prepared: &Prepared) -> Result<Arc<dyn Schema>, Problem> {
    if let Some(schema) = prepared.get() {
        return Ok(schema.clone());
    }
    let source = Arc::new(load::Netbox { services: services.clone() });
    let graphql = services.graphql()?.clone();
    // A second of work, once.
    let make = move || graphql.schema(facts::DEFINITION, source, LIMITS);
    let schema = tokio::task::spawn_blocking(make).await.map_err(Problem::internal)??;
    Ok(prepared.get_or_init(|| schema).clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests() {
        let of = |body: Value| query(body.as_object().cloned().unwrap_or_default());
        assert!(of(json!({})).is_none() && of(json!({"query": ""})).is_none());
        let asked = of(json!({"query": "{a}", "operationName": "x", "variables": {"n": 1}})).unwrap();
        assert_eq!((asked.query.as_str(), asked.operation.as_deref()), ("{a}", Some("x")));
        assert_eq!(asked.variables.get("n"), Some(&json!(1)));
        assert!(of(json!({"query": "{a}", "variables": null})).unwrap().variables.is_empty());
    }
}
