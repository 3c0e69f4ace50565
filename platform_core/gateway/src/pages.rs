//! The web pages, out of the binary or, for work on them, out of a directory.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kit::Problem;

/// Where pages come from.
#[derive(Clone, Default)]
pub(crate) struct Pages {
    /// Serve from here instead of from the binary.
    pub(crate) directory: Option<Arc<Path>>,
}

/// Everything that is no API route: assets by name, else the page shell.
pub(crate) async fn page(State(pages): State<Pages>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::not_found("route").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return crate::context::wrong_method(request.method().clone()).await.into_response();
    }
    let name = path.trim_start_matches('/');
    if let Some(response) = pages.asset(name, request.headers()).await {
        return response;
    }
    let html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html") || accept.contains("*/*"));
    if name.starts_with("_ui/") || !html {
        return Problem::not_found("page").into_response();
    }
    pages.shell().await
}

impl Pages {
    async fn asset(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        if let Some(directory) = &self.directory {
            return file(directory, name).await;
        }
        let asset = webui::asset(name)?;
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let immutable = name.starts_with("_ui/");
        let cache = if immutable { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
        let known = text(header::IF_NONE_MATCH)
            .is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == asset.etag));
        let (encoding, bytes) = asset.encoded(text(header::ACCEPT_ENCODING));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, asset.mime)], Bytes::from_static(bytes)).into_response()
        };
        let answer = response.headers_mut();
        answer.insert(header::ETAG, HeaderValue::from_static(asset.etag));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let (Some(encoding), false) = (encoding, known) {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }

    /// `index.html` with a fresh nonce, also in the policy.
    async fn shell(&self) -> Response {
        let mut octets = [0u8; 16];
        if let Err(error) = rand::TryRng::try_fill_bytes(&mut rand::rngs::SysRng, &mut octets) {
            return Problem::internal(error).into_response();
        }
        let nonce = STANDARD_NO_PAD.encode(octets);
        let html = match &self.directory {
            None => webui::index_html(&nonce, "/"),
            Some(directory) => match tokio::fs::read_to_string(directory.join("index.html")).await {
                Ok(text) => webui::fill(&text, &nonce, "/"),
                Err(error) => return Problem::internal(error).into_response(),
            },
        };
        let policy = format!(
            "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
             connect-src 'self'; worker-src 'self'; font-src 'self'; object-src 'none'; base-uri 'self'; \
             form-action 'self'; frame-ancestors 'none'"
        );
        let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match HeaderValue::from_str(&policy) {
            Ok(policy) => {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                response
            }
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

/// A file below the directory; names never leave it.
async fn file(directory: &Path, name: &str) -> Option<Response> {
    let relative = PathBuf::from(name);
    if name.is_empty()
        || name == "index.html"
        || !relative.components().all(|part| matches!(part, Component::Normal(_)))
    {
        return None;
    }
    let bytes = tokio::fs::read(directory.join(&relative)).await.ok()?;
    let kind = match relative.extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    Some(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}
