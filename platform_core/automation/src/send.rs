//! Calling webhooks. What fails is tried again by the event log with growing pauses, and is a dead
//! letter in the end: to be seen, retried or discarded, never lost.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use egress::{Policy, Trust};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kit::events::{Delivered, EventHandler};
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::secrets::SecretPlace;
use kit::templates::Rendering;
use kit::{BoxFuture, Ctx, Problem, SecretText, Services};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use sha2::Sha512;
use uuid::Uuid;

use crate::log;
use crate::webhook::WEBHOOK;

/// Header with the signature of the body.
const SIGNATURE: HeaderName = HeaderName::from_static("x-hook-signature");
/// Time for an answer when the webhook says nothing, and at most: the event log waits a minute.
const TIMEOUT: (u64, u64) = (30, 50);
/// A target that did not answer is left alone for so long, so that it does not hold up others.
const PAUSE: Duration = Duration::from_secs(5);
/// Targets remembered for that.
const MAX_PAUSED: usize = 10_000;
/// Headers of one call.
const MAX_HEADERS: usize = 50;
/// Largest file with certificates, bytes.
const MAX_CERTIFICATES: u64 = 1 << 20;
/// Headers that follow from the call itself.
const OWN: &[&str] =
    &["host", "content-length", "transfer-encoding", "connection", "content-type", "x-hook-signature"];

/// Calls webhooks.
pub(crate) struct Sender {
    services: Services,
    policy: Policy,
    paused: Mutex<HashMap<Uuid, Instant>>,
}

/// A call, ready to be made.
struct Call {
    url: reqwest::Url,
    method: reqwest::Method,
    headers: HeaderMap,
    body: String,
    timeout: Duration,
    trust: Trust,
}

fn failed(text: impl Into<String>) -> Problem {
    Problem::new(http::StatusCode::BAD_GATEWAY, "webhook", text)
}

impl Sender {
    pub(crate) fn new(services: Services, policy: Policy) -> Self {
        Self { services, policy, paused: Mutex::default() }
    }

    async fn send(&self, ctx: &Ctx, event: &Delivered) -> Result<(), Problem> {
        let records = self.services.records()?;
        let id = event.data.get("webhook").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let (Some(id), Some(model)) = (id, records.model(WEBHOOK.name)) else { return Ok(()) };
        let ask = Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, ..Ask::default() };
        // A webhook that is gone wants nothing any more.
        let Some(webhook) = records.find(ctx, model, &ask).await?.records.pop() else { return Ok(()) };
        if self.is_paused(id) {
            return Err(failed("The target did not answer a moment ago; it is tried again later."));
        }
        let payload = event.data.get("payload").cloned().unwrap_or_default();
        let began = Instant::now();
        let call = self.prepared(ctx, id, &webhook, payload).await;
        let (host, outcome) = match call {
            Ok(call) => (call.url.host_str().map(str::to_owned), self.made(id, call).await),
            Err(problem) => (None, Err(problem)),
        };
        let done = log::Done { webhook: id, event, host, outcome: &outcome, took: began.elapsed() };
        log::write(ctx, done).await?;
        outcome.map(drop)
    }

    async fn prepared(&self, ctx: &Ctx, id: Uuid, webhook: &Record, payload: Value) -> Result<Call, Problem> {
        let text = |field: &str| webhook.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = text("body_template");
        let whole = if body.is_empty() { payload.to_string() } else { String::new() };
        let rendering = Rendering {
            codes: vec![text("payload_url"), text("additional_headers"), body.clone()],
            context: payload,
            ..Rendering::default()
        };
        let mut texts = self.services.templates()?.render(rendering).await?.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let (url, headers, rendered) = (next(), next(), next());
        let url = self.policy.url(url.trim()).map_err(|refused| failed(refused.to_string()))?;
        let body = if body.is_empty() { whole } else { rendered };
        let mut headers = read_headers(&headers).map_err(failed)?;
        let kind = HeaderValue::from_str(&text("http_content_type"));
        headers.insert(CONTENT_TYPE, kind.map_err(|_| failed("The content type is no header value."))?);
        if let Some(secret) = self.secret(ctx, id).await? {
            let signature = HeaderValue::from_str(&signature(&secret, &body)?);
            headers.insert(SIGNATURE, signature.map_err(Problem::internal)?);
        }
        let method = text("http_method").parse().map_err(|_| failed("The method cannot be used."))?;
        let seconds = webhook.get("timeout").and_then(Value::as_u64).unwrap_or(TIMEOUT.0).clamp(1, TIMEOUT.1);
        let only = match text("ca_file_path") {
            path if path.is_empty() => None,
            path => Some(certificates(Path::new(&path)).await.map_err(failed)?),
        };
        let trust = Trust { anyone: webhook.get("ssl_verification") == Some(&Value::Bool(false)), only };
        Ok(Call { url, method, headers, body, timeout: Duration::from_secs(seconds), trust })
    }

    async fn secret(&self, ctx: &Ctx, id: Uuid) -> Result<Option<SecretText>, Problem> {
        let mut tx = ctx.read().await?;
        let sealed: Option<Option<Vec<u8>>> =
            sqlx::query_scalar("SELECT secret FROM app.webhook WHERE id = $1")
                .bind(id)
                .fetch_optional(tx.conn())
                .await?;
        let Some(sealed) = sealed.flatten() else { return Ok(None) };
        let place = SecretPlace { model: WEBHOOK.name, id, field: "secret" };
        self.services.secrets()?.open(&mut tx, place, &sealed).await.map(Some)
    }

    /// The status of the answer. Its body is not read: nothing here needs it, and it may have no end.
    async fn made(&self, id: Uuid, call: Call) -> Result<u16, Problem> {
        let client = self.policy.client(&call.trust).map_err(|error| failed(told(error)))?;
        let request = client
            .request(call.method, call.url)
            .headers(call.headers)
            .timeout(call.timeout)
            .body(call.body)
            .send();
        let answer = request.await.map_err(|error| {
            self.pause(id);
            failed(told(error))
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(status.as_u16());
        }
        Err(failed(format!("The target answered {}.", status.as_u16())))
    }

    fn is_paused(&self, id: Uuid) -> bool {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        match paused.get(&id) {
            Some(until) if *until > Instant::now() => true,
            Some(_) => paused.remove(&id).is_none(),
            None => false,
        }
    }

    fn pause(&self, id: Uuid) {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        if paused.len() >= MAX_PAUSED {
            paused.clear();
        }
        paused.insert(id, Instant::now() + PAUSE);
    }
}

impl EventHandler for Sender {
    fn handle<'a>(&'a self, ctx: &'a Ctx, event: &'a Delivered) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.send(ctx, event))
    }
}

/// The causes of an error without the address, which may hold a key.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}

/// HMAC-SHA512 of the body, in hexadecimal.
fn signature(secret: &SecretText, body: &str) -> Result<String, Problem> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.expose().as_bytes()).map_err(Problem::internal)?;
    mac.update(body.as_bytes());
    let mut text = String::with_capacity(128);
    for byte in mac.finalize().into_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// `Name: value` lines.
fn read_headers(text: &str) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) =
            line.split_once(':').ok_or_else(|| format!("The header {line:?} has no colon."))?;
        let name = name.trim().to_lowercase();
        if OWN.contains(&name.as_str()) {
            return Err(format!("The header {name} is set by the call itself."));
        }
        let name: HeaderName = name.parse().map_err(|_| format!("{name:?} is no name of a header."))?;
        let value = HeaderValue::from_str(value.trim())
            .map_err(|_| format!("The value of {name} cannot be sent."))?;
        headers.insert(name, value);
    }
    if headers.len() > MAX_HEADERS {
        return Err(format!("At most {MAX_HEADERS} headers."));
    }
    Ok(headers)
}

async fn certificates(path: &Path) -> Result<Vec<u8>, String> {
    let unusable = || "The file with CA certificates cannot be used.".to_owned();
    let about = tokio::fs::metadata(path).await.map_err(|_| unusable())?;
    if !about.is_file() || about.len() > MAX_CERTIFICATES {
        return Err(unusable());
    }
    tokio::fs::read(path).await.map_err(|_| unusable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_signed() {
        // RFC 4231, test case 2.
        let secret = SecretText::new("Jefe".to_owned());
        let signed = signature(&secret, "what do ya want for nothing?").unwrap();
        assert!(
            signed.starts_with("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"),
            "{signed}"
        );
        assert_eq!(signed.len(), 128);
    }

    #[test]
    fn headers_are_read() {
        let headers = read_headers("X-Event: created\n\n  X-User :  a b \r\n").unwrap();
        assert_eq!(headers.get("x-event").unwrap(), "created");
        assert_eq!(headers.get("x-user").unwrap(), "a b");
        for (text, expected) in [
            ("no colon", "no colon"),
            ("Host: x", "set by the call"),
            ("Content-Length: 5", "set by the call"),
            ("a b: c", "no name"),
            ("x: a\u{7}b", "cannot be sent"),
        ] {
            assert!(read_headers(text).unwrap_err().contains(expected), "{text}");
        }
    }
}
