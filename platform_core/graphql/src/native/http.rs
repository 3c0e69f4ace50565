//! The route.

use std::sync::Arc;

use axum::extract::State;
use kit::graphql::{Request, Schema};
use kit::{Ctx, Problem};
use records::Engine;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Native;

/// Longest query, bytes.
const MAX_QUERY: usize = 64 * 1024;

/// The schema, once somebody has asked for it: a server need not wait for it to start.
#[derive(Clone)]
struct Prepared {
    engine: Engine,
    schema: Arc<OnceCell<Arc<dyn Schema>>>,
}

impl Prepared {
    async fn schema(&self) -> Result<&Arc<dyn Schema>, Problem> {
        let make = || async {
            let engine = self.engine.clone();
            tokio::task::spawn_blocking(move || Native::schema(&engine)).await.map_err(Problem::internal)?
        };
        self.schema.get_or_try_init(make).await
    }
}

/// The route of the schema over all models of the engine.
pub fn router(engine: &Engine) -> OpenApiRouter {
    let prepared = Prepared { engine: engine.clone(), schema: Arc::default() };
    OpenApiRouter::new().routes(routes!(ask)).with_state(prepared)
}

/// A GraphQL request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GraphqlRequest {
    /// The query.
    query: String,
    /// Which of its operations, when there are several.
    operation_name: Option<String>,
    /// Values of its variables.
    #[schema(value_type = Option<Object>)]
    variables: Option<Map<String, Value>>,
    /// Left to clients; not looked at.
    #[schema(value_type = Option<Object>)]
    #[serde(rename = "extensions")]
    _extensions: Option<Value>,
}

/// Read records with GraphQL. The schema has every record type of this server and tells itself by introspection;
/// each type needs the right to read it.
#[utoipa::path(post, path = "/graphql", tag = "graphql", operation_id = "graphql",
    request_body = GraphqlRequest, extensions(("x-permission" = json!("authenticated"))),
    responses((status = 200, description = "`data` in the form of the query, and `errors` with what has no value and why"),
        (status = 400, description = "The body is no GraphQL request")))]
async fn ask(
    State(prepared): State<Prepared>,
    ctx: Ctx,
    body: axum::body::Bytes,
) -> Result<axum::Json<Value>, Problem> {
    let asked: GraphqlRequest = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(format!(
            "The body must be a JSON object with `query`, and if needed `operationName` and `variables`: {error}."
        ))
    })?;
    if asked.query.len() > MAX_QUERY {
        return Err(Problem::bad_request(format!(
            "query: longer than {MAX_QUERY} bytes. Put the values into variables."
        )));
    }
    let request = Request {
        query: asked.query,
        operation: asked.operation_name,
        variables: asked.variables.unwrap_or_default(),
    };
    Ok(axum::Json(prepared.schema().await?.answer(&ctx, &request).await))
}
