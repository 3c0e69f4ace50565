//! Bodies and preconditions.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, StatusCode, header};
use kit::Problem;
use serde_json::Value;

/// The media type without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn unsupported(expected: &str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        format!("Send the body with the header Content-Type: {expected}."),
    )
}

/// The bytes of a body within the limit of its route.
pub(super) async fn bytes(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "The body is larger than this route takes.",
            )
        } else {
            Problem::bad_request("The body could not be read to its end.")
        }
    })
}

/// JSON that is JSON. Deeper than 128 levels is refused by the parser.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::bad_request(format!(
            "The body is no JSON this server reads (line {}, column {}).",
            error.line(),
            error.column()
        ))
    })
}

/// A JSON body, said to be JSON: a form of another site cannot send it.
pub(crate) struct Json(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        match media_type(request.headers()).as_str() {
            "application/json" | "application/merge-patch+json" => parse(&bytes(request).await?).map(Self),
            _ => Err(unsupported("application/json")),
        }
    }
}

/// A body to import.
pub(crate) enum Import {
    Csv(Bytes),
    Json(Value),
    Yaml(Bytes),
}

impl<S: Send + Sync> FromRequest<S> for Import {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        match media_type(request.headers()).as_str() {
            "text/csv" => bytes(request).await.map(Self::Csv),
            "application/json" => parse(&bytes(request).await?).map(Self::Json),
            // RFC 9512, and what was in use before.
            "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => {
                bytes(request).await.map(Self::Yaml)
            }
            "application/x-ndjson" => {
                let body = bytes(request).await?;
                let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
                lines.map(parse).collect::<Result<Vec<_>, _>>().map(|rows| Self::Json(Value::Array(rows)))
            }
            _ => Err(unsupported("text/csv, application/json, application/x-ndjson or application/yaml")),
        }
    }
}

/// The version that `If-Match` names; `None` without the header or for `*`.
pub(super) fn expected_version(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    match version(text) {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "version-mismatch",
            "If-Match names no version of this record. Send the ETag of a read, such as \"v3\".",
        )),
    }
}

/// Does `If-None-Match` name this version?
pub(super) fn not_modified(headers: &HeaderMap, current: i64) -> bool {
    let Some(value) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    value.split(',').any(|tag| tag.trim() == "*" || version(tag.trim()) == Some(current))
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"v")?.strip_suffix('"')?.parse().ok()
}
