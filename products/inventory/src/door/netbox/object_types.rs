//! `/api/core/object-types/`: the types that this door serves.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::contract::{self, Endpoint};
use super::errors::Refusal;
use super::query::{self, Pairs};
use super::render::Form;

/// Members of the short form.
const BRIEF: &[&str] = &["id", "url", "display", "app_label", "model"];

/// The types in the order of their names.
static TYPES: LazyLock<Vec<&'static Endpoint>> = LazyLock::new(|| {
    let mut all: Vec<&'static Endpoint> = contract::endpoints().iter().collect();
    all.sort_by(|a, b| a.kind.cmp(&b.kind));
    all
});

/// The id of a type.
pub(super) fn id_of(endpoint: &Endpoint) -> Option<usize> {
    TYPES.iter().position(|known| known.kind == endpoint.kind).map(|at| at + 1)
}

/// The type with an id.
pub(super) fn by_id(id: usize) -> Option<&'static Endpoint> {
    TYPES.get(id.checked_sub(1)?).copied()
}

/// An app as people read it.
pub(super) fn app_title(app: &str) -> String {
    match app {
        "dcim" | "ipam" | "vpn" => app.to_uppercase(),
        other => capital(other),
    }
}

/// A list, or one of them by its id. Ids are places in the order of the names of the types.
pub(super) fn served(base: &str, id: Option<&str>, pairs: &Pairs) -> Result<Response, Refusal> {
    let all: Vec<(usize, &'static Endpoint)> =
        TYPES.iter().enumerate().map(|(at, endpoint)| (at + 1, *endpoint)).collect();
    let form = query::form(pairs);
    let show = |(id, endpoint): &(usize, &'static Endpoint)| shown(base, *id, endpoint, &form);
    if let Some(id) = id {
        let found = all.iter().find(|(known, _)| id.parse() == Ok(*known));
        let missing = || Refusal::detail(StatusCode::NOT_FOUND, "No ObjectType matches the given query.");
        return Ok(axum::Json(show(found.ok_or_else(missing)?)).into_response());
    }
    let given = |name: &str| -> Vec<&str> {
        pairs.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    };
    let (apps, models, ids, words) = (given("app_label"), given("model"), given("id"), given("q"));
    let fits = |(id, endpoint): &(usize, &'static Endpoint)| {
        let (app, model) = endpoint.kind.split_once('.').unwrap_or_default();
        (apps.is_empty() || apps.contains(&app))
            && (models.is_empty() || models.contains(&model))
            && (ids.is_empty() || ids.iter().any(|wanted| wanted.parse() == Ok(*id)))
            && words.iter().all(|word| endpoint.kind.contains(&word.to_lowercase()))
            && query::last(pairs, "public").is_none_or(|public| public.eq_ignore_ascii_case("true"))
    };
    let found: Vec<_> = all.iter().filter(|entry| fits(entry)).collect();
    let results: Vec<Value> = query::cut(&found, pairs).iter().map(|entry| show(entry)).collect();
    let address = query::Address { base, path: "core/object-types", pairs };
    Ok(address.answer(found.len(), &results))
}

fn shown(base: &str, id: usize, endpoint: &Endpoint, form: &Form) -> Value {
    let (app, model) = endpoint.kind.split_once('.').unwrap_or_default();
    let name = words(&endpoint.class);
    let title = app_title(app);
    let plural = endpoint.path.rsplit('/').next().unwrap_or_default().replace('-', " ");
    let mut whole = json!({
        "id": id,
        "url": format!("{base}/api/core/object-types/{id}/"),
        "display": format!("{title} > {}", capital(&name)),
        "app_label": app,
        "app_name": title,
        "model": model,
        "model_name": name,
        "model_name_plural": plural,
        "public": true,
        "features": features(endpoint),
        "is_plugin_model": false,
        "rest_api_endpoint": format!("{}/api/{}/", super::PREFIX, endpoint.path),
        "description": "",
    });
    form.trim(&mut whole, BRIEF);
    whole
}

/// What this server does with records of the type.
fn features(endpoint: &Endpoint) -> Vec<&'static str> {
    let mut features = vec!["bookmarks", "change_logging"];
    if endpoint.fact("custom_fields").is_some() {
        features.push("custom_fields");
    }
    features.extend([
        "custom_links",
        "event_rules",
        "export_templates",
        "image_attachments",
        "journaling",
        "notifications",
    ]);
    if endpoint.fact_of("tags").is_some() {
        features.push("tags");
    }
    features
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `DeviceType` as `device type`.
fn words(class: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for letter in class.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
        before = letter;
    }
    text
}
