//! Errors as RFC 9457 problem documents. Never SQL, never a stack, never a secret.

use std::borrow::Cow;
use std::fmt;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::permission::Permission;

/// One wrong field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the request body, or `?name` for a query parameter.
    pub pointer: String,
    /// Machine-readable code: `required`, `too_long`, `not_unique`, `unknown_field` ...
    pub code: Cow<'static, str>,
    /// What is wrong and what is expected.
    pub message: String,
}

/// An error that leaves the server as `application/problem+json`.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code; the `type` is `/problems/<code>`.
    pub code: &'static str,
    /// One sentence for a person: what and what to do.
    pub detail: String,
    /// Wrong fields, when there are any.
    pub errors: Vec<FieldError>,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of any kind.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// 422 with the wrong fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.pointer, one.message),
            many => format!("{} fields are wrong.", many.len()),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// 422 with one wrong field.
    pub fn field(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        }])
    }

    /// 401.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Log in (POST /api/v1/auth/login) or send a valid API token as Authorization: Bearer.",
        )
    }

    /// 403, naming the permission.
    pub fn forbidden(permission: Permission) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", format!("This needs the permission {permission}."))
    }

    /// 404. The same words for an absent object and one that the caller may not see.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("There is no such {what}."))
    }

    /// 409.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 503: a part of the server is not there at present.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail) }
    }

    /// 500. The cause goes to the log with the request id, not to the client.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server made an error. Its log has the cause under this request id.",
        )
    }

    /// The document without `instance`, which the gateway adds.
    pub fn document(&self) -> serde_json::Value {
        let mut document = serde_json::json!({
            "type": format!("/problems/{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let (false, Some(map)) = (self.errors.is_empty(), document.as_object_mut()) {
            map.insert("errors".to_owned(), serde_json::json!(self.errors));
        }
        document
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        for error in &self.errors {
            write!(f, " [{} {}]", error.pointer, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Maps SQLSTATE classes. PostgreSQL's `detail` and `hint` show rows and never leave the server.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::not_found("object"),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "database unreachable");
                Self::unavailable("The database does not answer. The server keeps trying; try again shortly.")
            }
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("23505") => Self::conflict("not-unique", "An object with these values exists already."),
                Some("23503") => {
                    Self::conflict("reference", "A referenced object does not exist, or is still in use.")
                }
                Some("23502" | "23514" | "22P02" | "22003" | "22001" | "22021") => {
                    tracing::debug!(%error, "database refused a value");
                    Self::new(
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "invalid",
                        "A value is outside what this field can hold.",
                    )
                }
                Some("42501") => {
                    Self::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed in this tenant.")
                }
                // Said by our own functions, in words for people.
                Some("PB404") => Self::new(StatusCode::NOT_FOUND, "no-such-branch", database.message()),
                Some("PB409") => Self::conflict("not-in-branch", database.message()),
                Some("40001" | "40P01" | "55P03") => {
                    Self::conflict("retry", "Somebody changed the same objects at the same time. Try again.")
                }
                Some("2201B") => Self::bad_request("This is no valid regular expression."),
                Some("57014") => Self::unavailable("The query took too long and was stopped. Narrow it."),
                Some("57P01" | "57P02" | "57P03") => {
                    Self::unavailable("The database is restarting. Try again shortly.")
                }
                _ => Self::internal(&error),
            },
            _ => Self::internal(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.document().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
