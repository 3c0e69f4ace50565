//! HTTP: the same few short handlers for every model. A handler parses, calls the engine, renders.

mod body;
mod handlers;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path};
use axum::routing::{get, post};
use http::request::Parts;
use kit::Problem;
use kit::record::Model;
use uuid::Uuid;

use crate::custom::CUSTOM_FIELD_CHOICE_SET;
use crate::engine::Engine;
use crate::query;

/// Largest body of a write, bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// Largest import, bytes.
const MAX_IMPORT: usize = 16 * 1024 * 1024;

/// The engine at one model: the state of its routes.
#[derive(Clone)]
pub(crate) struct Place {
    engine: Engine,
    model: &'static Model,
}

/// The routes of all models, their description and the search over them. They need a [`kit::Ctx`] in the request's
/// extensions; the gateway puts it there.
pub fn router(engine: &Engine) -> Router {
    let of_all = Router::new()
        .route("/api/v1/meta/models", get(handlers::meta))
        .route("/api/v1/search", get(handlers::search))
        .route("/api/v1/search/actions/rebuild", post(handlers::rebuild))
        .with_state(engine.clone());
    let models = engine.models().fold(of_all, |router, model| router.merge(model_router(engine, model)));
    match engine.models().find(|model| model.name == CUSTOM_FIELD_CHOICE_SET.name) {
        Some(model) => models.merge(
            Router::new()
                .route(&format!("{}/{{id}}/choices", model.path()), get(handlers::choices))
                .with_state(Place { engine: engine.clone(), model }),
        ),
        None => models,
    }
}

fn model_router(engine: &Engine, model: &'static Model) -> Router {
    let path = model.path();
    let offered = model.operations;
    let mut collection = get(handlers::list);
    if offered.create {
        collection = collection.post(handlers::create);
    }
    let mut item = get(handlers::read);
    if offered.update {
        item = item.patch(handlers::patch).put(handlers::put);
    }
    if offered.delete {
        item = item.delete(handlers::delete);
    }
    let mut router = Router::new()
        .route(&path, collection)
        .route(&format!("{path}/{{id}}"), item)
        .route(&format!("{path}/{{id}}/history"), get(handlers::history));
    if offered.create || offered.update || offered.delete {
        router = router.route(&format!("{path}/actions/batch"), post(handlers::batch));
    }
    router = router.layer(DefaultBodyLimit::max(MAX_BODY));
    if offered.create {
        let import = post(handlers::import).layer(DefaultBodyLimit::max(MAX_IMPORT));
        router = router.route(&format!("{path}/actions/import"), import);
    }
    router.with_state(Place { engine: engine.clone(), model })
}

/// The id in the path. What is no uuid names no record: 404 like any other absent one.
pub(crate) struct Id(Uuid);

impl FromRequestParts<Place> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, place: &Place) -> Result<Self, Problem> {
        let absent = || Problem::not_found(place.model.title);
        let Path(text) = Path::<String>::from_request_parts(parts, place).await.map_err(|_| absent())?;
        query::id(&text).map(Self).ok_or_else(absent)
    }
}

/// The decoded query parameters, in order.
pub(crate) struct Pairs(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }
}

impl Pairs {
    /// Takes the parameters of a route that knows only these; every other one is refused.
    fn only<const N: usize>(self, known: [&'static str; N]) -> Result<[Option<String>; N], Problem> {
        let mut values = [const { None }; N];
        for (name, value) in self.0 {
            match known.iter().position(|other| *other == name).and_then(|at| values.get_mut(at)) {
                Some(slot) => *slot = Some(value),
                None => return Err(query::unknown_parameter(&name, &known)),
            }
        }
        Ok(values)
    }
}

/// `true`, `false` or absent.
fn flag(name: &str, value: Option<&str>) -> Result<bool, Problem> {
    match value {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::bad_request(format!("{name} must be `true` or `false`."))),
    }
}
