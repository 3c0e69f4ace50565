//! `/netbox/api/schema/`: the door as an OpenAPI 3.0.3 document, made of the contract. It is the same for
//! everybody, made when it is first asked for, and kept compressed.

mod components;
mod paths;
mod yaml;

use std::io::{Read as _, Write as _};
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::errors::Refusal;
use super::{API, PREFIX, contract};

/// How hard brotli tries: what pays when the document is made while somebody waits.
const BROTLI: i32 = 5;

/// A form of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Yaml,
}

/// Media types, the one that is meant when nothing is said first.
const MEDIA: [(&str, Form); 4] = [
    ("application/vnd.oai.openapi", Form::Yaml),
    ("application/yaml", Form::Yaml),
    ("application/vnd.oai.openapi+json", Form::Json),
    ("application/json", Form::Json),
];

/// A text as it is kept.
struct Packed {
    gzip: Bytes,
    brotli: Bytes,
}

static JSON: LazyLock<Option<Packed>> = LazyLock::new(|| Packed::of(&document().to_string()));
static YAML: LazyLock<Option<Packed>> = LazyLock::new(|| Packed::of(&yaml::written(&document())));

impl Packed {
    /// Writing into memory does not fail; if it does, the log says so and the document is not there.
    fn of(text: &str) -> Option<Self> {
        let packed = gzipped(text).and_then(|gzip| Ok(Self { gzip, brotli: brotlied(text)? }));
        packed.inspect_err(|error| tracing::error!(%error, "the schema could not be compressed")).ok()
    }

    fn plain(&self) -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(&self.gzip[..]).read_to_end(&mut text)?;
        Ok(text)
    }
}

fn gzipped(text: &str) -> std::io::Result<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?.into())
}

fn brotlied(text: &str) -> std::io::Result<Bytes> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: BROTLI, ..Default::default() };
    brotli::BrotliCompress(&mut text.as_bytes(), &mut packed, &params)?;
    Ok(packed.into())
}

/// The document in the form that is asked for, in a coding that the client takes.
pub(super) async fn served(headers: &HeaderMap, format: Option<&str>) -> Result<Response, Refusal> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (media, form) = wanted(text(header::ACCEPT), format)?;
    let coding = coding(text(header::ACCEPT_ENCODING).unwrap_or_default());
    let unavailable = || Refusal::detail(StatusCode::SERVICE_UNAVAILABLE, "The schema cannot be made.");
    // Making it takes a second or two.
    let bytes = tokio::task::spawn_blocking(move || {
        let packed = match form {
            Form::Json => JSON.as_ref()?,
            Form::Yaml => YAML.as_ref()?,
        };
        match coding {
            Some("br") => Some(packed.brotli.clone()),
            Some(_) => Some(packed.gzip.clone()),
            None => packed.plain().ok().map(Bytes::from),
        }
    });
    let bytes = bytes.await.ok().flatten().ok_or_else(unavailable)?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let (kind, ending) = match form {
        Form::Yaml => (format!("{media}; charset=utf-8"), "yaml"),
        Form::Json => (media.to_owned(), "json"),
    };
    let name = format!("inline; filename=\"NetBox REST API ({API}).{ending}\"");
    let texts = [(header::CONTENT_TYPE, kind.as_str()), (header::CONTENT_DISPOSITION, name.as_str())];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}

/// The media type of the answer: what `format` says, else the first that the client accepts.
fn wanted(accept: Option<&str>, format: Option<&str>) -> Result<(&'static str, Form), Refusal> {
    let of = |form: Form| MEDIA.into_iter().find(|(_, known)| *known == form);
    let found = match format {
        Some("json") => of(Form::Json),
        Some("yaml") => of(Form::Yaml),
        Some(_) => return Err(Refusal::detail(StatusCode::NOT_FOUND, "Not found.")),
        None => accept.unwrap_or("*/*").split(',').find_map(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            let any = matches!(kind, "" | "*/*" | "application/*");
            MEDIA.into_iter().find(|(known, _)| any || kind.eq_ignore_ascii_case(known))
        }),
    };
    found.ok_or_else(|| {
        Refusal::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header.")
    })
}

/// The smaller of the codings that are kept and taken.
fn coding(accept: &str) -> Option<&'static str> {
    let takes = |coding: &str| {
        accept.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused =
                |part: &str| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            named && !parts.any(refused)
        })
    };
    ["br", "gzip"].into_iter().find(|coding| takes(coding))
}

/// The whole.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "NetBox REST API",
            "version": format!("{} ({API})", contract::VERSION),
            "description": "The contract that Portolan serves to the clients of NetBox.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"tokenAuth": []}],
        "paths": paths::all(),
        "components": {
            "schemas": components::all(),
            "securitySchemes": {"tokenAuth": {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": "`Bearer nbt_...` or `Token ...`.",
            }},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference leads to a schema, and every operation has a name of its own.
    #[test]
    fn the_document_holds_together() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
        let mut names: Vec<&str> =
            text.split("\"operationId\":\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert!(all > 1_000 && names.len() == all, "{all} {}", names.len());
        let devices = &document["paths"]["/api/dcim/devices/"]["get"]["parameters"];
        let named = |name: &str| devices.as_array().unwrap().iter().any(|one| one["name"] == name);
        for name in ["name", "name__ic", "site_id__n", "q", "tag", "limit", "offset", "brief", "ordering"] {
            assert!(named(name), "{name}");
        }
        let status = &document["components"]["schemas"]["Site"]["properties"]["status"]["properties"];
        assert!(status["value"]["enum"].as_array().unwrap().contains(&json!("active")), "{status}");
        assert_eq!(document["info"]["version"], "4.7.3 (4.7)");
    }

    #[test]
    fn forms_and_codings_are_negotiated() {
        let media = |accept, format| wanted(accept, format).ok().map(|(media, _)| media);
        for (accept, format, expected) in [
            (None, None, Some("application/vnd.oai.openapi")),
            (Some("*/*"), None, Some("application/vnd.oai.openapi")),
            (Some("application/json"), None, Some("application/json")),
            (Some("text/html, application/json;q=0.9"), None, Some("application/json")),
            (Some("application/json"), Some("json"), Some("application/vnd.oai.openapi+json")),
            (None, Some("yaml"), Some("application/vnd.oai.openapi")),
            (None, Some("bogus"), None),
            (Some("text/html"), None, None),
        ] {
            assert_eq!(media(accept, format), expected, "{accept:?} {format:?}");
        }
        for (accept, expected) in
            [("gzip, deflate, br", Some("br")), ("gzip, br;q=0", Some("gzip")), ("deflate", None), ("", None)]
        {
            assert_eq!(coding(accept), expected, "{accept}");
        }
    }

    #[test]
    fn what_is_kept_is_what_was_written() {
        let packed = Packed::of("some text").unwrap();
        assert_eq!(packed.plain().unwrap(), b"some text");
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &packed.brotli[..], &mut plain).unwrap();
        assert_eq!(plain, b"some text");
    }
}
