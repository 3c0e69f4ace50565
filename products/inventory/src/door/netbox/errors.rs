//! Refusals in the words of the contract.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::Problem;
use serde_json::{Map, Value, json};

use super::contract::{Endpoint, Kind};

/// Wrong fields of one object: name to messages. `__all__` is the object itself.
pub(super) type Errors = Map<String, Value>;

/// Adds a message to a field.
pub(super) fn add(errors: &mut Errors, field: &str, message: impl Into<String>) {
    let message = Value::String(message.into());
    match errors.get_mut(field).and_then(Value::as_array_mut) {
        Some(messages) if messages.contains(&message) => {}
        Some(messages) => messages.push(message),
        None => {
            errors.insert(field.to_owned(), Value::Array(vec![message]));
        }
    }
}

/// An answer that is no success.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Refusal {
    /// `{"detail": "..."}`.
    pub(super) fn detail(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, body: json!({ "detail": text.into() }) }
    }

    /// 404 for an object.
    pub(super) fn no_object(endpoint: &Endpoint) -> Self {
        Self::detail(StatusCode::NOT_FOUND, format!("No {} matches the given query.", endpoint.class))
    }

    /// 404 for a path: a page for people, as the contract has it.
    pub(super) fn no_route() -> Self {
        Self { status: StatusCode::NOT_FOUND, body: Value::Null }
    }

    /// 400 with wrong fields.
    pub(super) fn fields(errors: Errors) -> Self {
        Self { status: StatusCode::BAD_REQUEST, body: Value::Object(errors) }
    }

    /// 400 with one wrong field.
    pub(super) fn field(name: &str, message: impl Into<String>) -> Self {
        let mut errors = Errors::new();
        add(&mut errors, name, message);
        Self::fields(errors)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem.status {
            StatusCode::UNAUTHORIZED => {
                Self::detail(StatusCode::FORBIDDEN, "Authentication credentials were not provided.")
            }
            StatusCode::FORBIDDEN => {
                Self::detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
            }
            StatusCode::PRECONDITION_FAILED => {
                Self::detail(StatusCode::PRECONDITION_FAILED, "Precondition failed.")
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                Self::field("__all__", problem.detail).with_status(StatusCode::BAD_REQUEST)
            }
            status => Self::detail(status, problem.detail),
        }
    }
}

impl Refusal {
    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if self.body.is_null() {
            let page = "<!doctype html><html lang=\"en\"><title>Not found</title><h1>Not found</h1></html>";
            return (self.status, axum::response::Html(page)).into_response();
        }
        (self.status, axum::Json(self.body)).into_response()
    }
}

/// The errors of the engine for object `at` of a write, in the names and words of the contract.
pub(super) fn of_object(endpoint: &Endpoint, problem: &Problem, at: usize) -> Errors {
    let mut errors = Errors::new();
    let prefix = format!("/{at}/");
    for error in &problem.errors {
        let Some(rest) = error.pointer.strip_prefix(&prefix) else { continue };
        let column = rest.split('/').next().unwrap_or_default();
        if column == "custom_fields" {
            // A reference that leads nowhere is said of the field, everything else of the object.
            let lost = matches!(&*error.code, "not_found" | "ambiguous" | "unknown_field" | "no_reference");
            add(&mut errors, if lost { column } else { "__all__" }, custom_message(rest, error));
            continue;
        }
        let fact = endpoint.fact_of(column);
        let name = fact.map_or("__all__", |fact| fact.name.as_str());
        match &*error.code {
            "duplicate" if column == "extra_choices" => add(&mut errors, "__all__", error.message.clone()),
            // Said of the object, not of one field.
            "two_types" | "no_type" | "network" | "broadcast" | "overlapping" | "no_choices" | "in_use"
            | "no_unit" | "no_end" | "no_place" | "no_mode" | "mode" | "no_algorithm" | "full" => {
                add(&mut errors, "__all__", error.message.clone());
            }
            "not_unique" => match fact.and_then(|fact| fact.unique.as_deref()) {
                Some(message) => {
                    add(&mut errors, name, taken(endpoint, fact.map_or("", |f| &f.name), message))
                }
                None => add(&mut errors, "__all__", combination(endpoint, name, &error.message)),
            },
            "required" => add(&mut errors, name, "This field cannot be blank."),
            // Of what a reference of two halves leads to, not of a half.
            _ if matches!(fact.map(|fact| fact.kind), Some(Kind::GenericType | Kind::GenericId)) => {
                add(&mut errors, column, error.message.clone());
            }
            _ => add(&mut errors, name, error.message.clone()),
        }
    }
    errors
}

/// A value of a custom field that is wrong; `place` is `custom_fields/name` or `custom_fields/name/0`.
fn custom_message(place: &str, error: &kit::FieldError) -> String {
    let name = place.split('/').nth(1).unwrap_or_default();
    match &*error.code {
        "not_unique" | "unknown_field" | "not_found" | "ambiguous" | "no_reference" => error.message.clone(),
        _ => format!("Invalid value for custom field '{name}': {}", error.message),
    }
}

fn taken(endpoint: &Endpoint, field: &str, message: &str) -> String {
    message.replace("%(model_name)s", &endpoint.class).replace("%(field_label)s", &field.replace('_', " "))
}

fn combination<'a>(endpoint: &'a Endpoint, field: &str, otherwise: &'a str) -> &'a str {
    let named = endpoint.unique.iter().find(|unique| unique.fields.iter().any(|name| name == field));
    let unnamed = || endpoint.unique.iter().find(|unique| unique.fields.is_empty());
    named.or_else(unnamed).map_or(otherwise, |unique| unique.message.as_str())
}
