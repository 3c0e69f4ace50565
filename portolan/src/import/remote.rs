//! A server that speaks NetBox' REST API: pages of objects, writes of many.

use std::collections::{BTreeSet, HashMap};
use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use inventory::netbox_copy::{KEEP_IDS, Object};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::Failure;

/// Objects of a page.
const PAGE: usize = 1_000;
/// Largest answer that is read, bytes.
pub(super) const MAX_ANSWER: usize = 256 * 1024 * 1024;
/// How often a request is tried when the network or the server is in the way.
const ATTEMPTS: u32 = 6;

/// One of the two servers.
pub(super) struct Remote {
    pub(super) http: reqwest::Client,
    /// Before `/api/`.
    base: String,
    /// Does it page from an id? Older NetBox takes no notice of `start`.
    by_start: AtomicBool,
}

/// Objects in the order of their ids.
pub(super) struct Page {
    pub(super) objects: Vec<(i64, Object)>,
    /// Where the next page begins.
    pub(super) next: Option<i64>,
}

/// What became of a write of many.
pub(super) enum Written {
    /// All done; the objects after.
    Done(Vec<Object>),
    /// Nothing done, because of these: position and errors.
    Refused(Vec<(usize, Value)>),
    /// Nothing done.
    Failed(String),
}

impl Remote {
    /// The NetBox that is read.
    pub(super) fn netbox(url: &str, token: &str, insecure: bool) -> Result<Self, Failure> {
        let url = url.trim_end_matches('/');
        Self::new(url.strip_suffix("/api").unwrap_or(url), &authorization(token), &[], insecure)
    }

    /// The Portolan that is written.
    pub(super) fn portolan(
        url: &str,
        token: &str,
        tenant: Option<&str>,
        insecure: bool,
    ) -> Result<Self, Failure> {
        let url = url.trim_end_matches('/');
        let mut more = vec![(KEEP_IDS, "true")];
        more.extend(tenant.map(|tenant| ("x-tenant-id", tenant)));
        let base = format!("{}/netbox", url.strip_suffix("/netbox").unwrap_or(url));
        Self::new(&base, &format!("Bearer {}", token.trim()), &more, insecure)
    }

    fn new(
        base: &str,
        authorization: &str,
        more: &[(&'static str, &str)],
        insecure: bool,
    ) -> Result<Self, Failure> {
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Failure::new(format!("{base}: an address begins with https:// or http://")));
        }
        let mut headers = HeaderMap::new();
        let mut value = HeaderValue::from_str(authorization)
            .map_err(|_| Failure::new("a token has no line breaks and no control characters"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        for (name, value) in more {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
        }
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(5))
            .connect_timeout(Duration::from_secs(15))
            .user_agent(concat!("portolan/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .tls_danger_accept_invalid_certs(insecure)
            .build()?;
        Ok(Self { http, base: base.to_owned(), by_start: AtomicBool::new(true) })
    }

    /// The address, for messages.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The version it says; tried once, so that a wrong address is told at once.
    pub(super) async fn version(&self) -> Result<String, Failure> {
        let (status, answer) = self.once(&Method::GET, "/api/status/", None).await?;
        let answer = self.good("/api/status/", status, answer)?;
        Ok(answer["netbox-version"].as_str().unwrap_or("unknown").to_owned())
    }

    /// GET of what must be there.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        let (status, answer) = self.send(&Method::GET, path, None).await?;
        self.good(path, status, answer)
    }

    /// GET of what may not be there, or not be shown.
    pub(super) async fn look(&self, path: &str) -> Result<Option<Value>, Failure> {
        let (status, answer) = self.send(&Method::GET, path, None).await?;
        Ok(status.is_success().then_some(answer))
    }

    /// How many objects there are, and one of them; `None` when the endpoint is not there. What may not be
    /// read is an error: it would be missing in silence.
    pub(super) async fn sample(&self, path: &str) -> Result<Option<(u64, Object)>, Failure> {
        let list = format!("/api/{path}/?limit=1");
        let (status, answer) = self.send(&Method::GET, &list, None).await?;
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(counted(self.good(&list, status, answer)?))
    }

    /// [`Remote::sample`] of what need not be readable.
    pub(super) async fn peek(&self, path: &str) -> Result<Option<(u64, Object)>, Failure> {
        Ok(self.look(&format!("/api/{path}/?limit=1")).await?.and_then(counted))
    }

    /// The page that begins with this id.
    pub(super) async fn page(&self, path: &str, fields: &str, from: i64) -> Result<Page, Failure> {
        let list = format!("/api/{path}/?limit={PAGE}&fields={fields}");
        if self.by_start.load(Ordering::Relaxed) {
            let answer = self.get(&format!("{list}&start={from}")).await?;
            // Who counts has taken no notice.
            if answer["count"].is_null() {
                return Ok(paged(answer, from));
            }
            self.by_start.store(false, Ordering::Relaxed);
        }
        let answer = self.get(&format!("{list}&id__gte={from}&ordering=id")).await?;
        Ok(paged(answer, from))
    }

    /// The objects with these ids, at most a page of them.
    pub(super) async fn by_ids(
        &self,
        path: &str,
        fields: &str,
        ids: &[i64],
    ) -> Result<Vec<(i64, Object)>, Failure> {
        let ids: Vec<String> = ids.iter().map(|id| format!("&id={id}")).collect();
        let list = format!("/api/{path}/?limit={PAGE}&fields={fields}{}", ids.concat());
        Ok(paged(self.get(&list).await?, i64::MIN).objects)
    }

    /// Those of the wanted objects that are there.
    pub(super) async fn among(
        &self,
        path: &str,
        fields: &str,
        wanted: &BTreeSet<i64>,
    ) -> Result<HashMap<i64, Object>, Failure> {
        let mut found = HashMap::new();
        let (mut next, last) = (wanted.first().copied(), wanted.last().copied());
        while let Some(from) = next.filter(|from| Some(*from) <= last) {
            let page = self.page(path, fields, from).await?;
            found.extend(page.objects.into_iter().filter(|(id, _)| wanted.contains(id)));
            next = page.next;
        }
        Ok(found)
    }

    /// POST or PATCH of many objects: all or nothing.
    pub(super) async fn write(
        &self,
        method: &Method,
        path: &str,
        bodies: &[Value],
    ) -> Result<Written, Failure> {
        let list = format!("/api/{path}/?fields=id,last_updated");
        let body = Value::from(bodies);
        let (status, answer) = self.send(method, &list, Some(&body)).await?;
        if status.is_success() {
            let objects = if let Value::Array(objects) = answer { objects } else { Vec::new() };
            return Ok(Written::Done(objects.into_iter().map(object).collect()));
        }
        // Whoever is not let in here is let in nowhere.
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(self.refused(path, status, &answer));
        }
        let errors = refused(&answer, bodies);
        Ok(if errors.is_empty() { Written::Failed(said(status, &answer)) } else { Written::Refused(errors) })
    }

    /// A request, again when it may help.
    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value), Failure> {
        // A write of many that takes too long is better halved than sent again and again.
        let many = body.and_then(Value::as_array).is_some_and(|items| items.len() > 1);
        let mut attempt = 1;
        loop {
            let outcome = self.once(method, path, body).await;
            let attempts = match &outcome {
                Ok((status, _)) if !matches!(status.as_u16(), 429 | 502 | 503 | 504) => 1,
                Ok(_) if many => 2,
                _ => ATTEMPTS,
            };
            if attempt >= attempts {
                return outcome;
            }
            tokio::time::sleep(Duration::from_secs(1 << (attempt - 1))).await;
            attempt += 1;
        }
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value), Failure> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if bytes.len() + chunk.len() > MAX_ANSWER {
                return Err(Failure::new(format!("{}{path}: more than {MAX_ANSWER} bytes", self.base)));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = || Value::from(String::from_utf8_lossy(&bytes).chars().take(200).collect::<String>());
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_else(|_| text())))
    }

    pub(super) fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let mut text = format!("{}: {error}", self.base);
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Failure::new(text)
    }

    fn good(&self, path: &str, status: StatusCode, answer: Value) -> Result<Value, Failure> {
        if status.is_success() { Ok(answer) } else { Err(self.refused(path, status, &answer)) }
    }

    pub(super) fn refused(&self, path: &str, status: StatusCode, answer: &Value) -> Failure {
        Failure::new(format!("{} {path}: {}", self.base, said(status, answer)))
    }
}

/// `Token` for the tokens of version 1, `Bearer` for those of version 2; a scheme that is said stays.
fn authorization(token: &str) -> String {
    let token = token.trim();
    if token.contains(' ') {
        token.to_owned()
    } else if token.starts_with("nbt_") {
        format!("Bearer {token}")
    } else {
        format!("Token {token}")
    }
}

fn object(value: Value) -> Object {
    if let Value::Object(object) = value { object } else { Object::new() }
}

/// The id of an object.
pub(super) fn id_of(object: &Object) -> Option<i64> {
    object.get("id").and_then(Value::as_i64)
}

/// The count of a list, and its first object.
fn counted(mut answer: Value) -> Option<(u64, Object)> {
    let count = answer["count"].as_u64()?;
    let first = answer.pointer_mut("/results/0").map(Value::take);
    Some((count, object(first.unwrap_or_default())))
}

fn paged(mut answer: Value, from: i64) -> Page {
    let results = answer.get_mut("results").map(Value::take);
    let results = if let Some(Value::Array(results)) = results { results } else { Vec::new() };
    let mut objects: Vec<(i64, Object)> = results
        .into_iter()
        .map(object)
        .filter_map(|object| Some((id_of(&object).filter(|id| *id >= from)?, object)))
        .collect();
    objects.sort_by_key(|(id, _)| *id);
    let more = !answer["next"].is_null();
    let next = objects.last().filter(|_| more).map(|(id, _)| id + 1);
    Page { objects, next }
}

/// The objects that are wrong, by position: told by index when they are new, by id else.
fn refused(answer: &Value, bodies: &[Value]) -> Vec<(usize, Value)> {
    let position = |error: &Value| match error["index"].as_u64() {
        Some(at) => usize::try_from(at).ok(),
        None => bodies.iter().position(|body| !error["id"].is_null() && body["id"] == error["id"]),
    };
    let errors = answer["errors"].as_array().into_iter().flatten();
    errors
        .filter_map(|error| Some((position(error)?, error["errors"].clone())))
        .filter(|(at, _)| *at < bodies.len())
        .collect()
}

fn said(status: StatusCode, answer: &Value) -> String {
    match answer["detail"].as_str().or(answer.as_str()) {
        Some(text) if !text.is_empty() => format!("{status}: {text}"),
        _ if answer.is_null() => status.to_string(),
        _ => format!("{status}: {answer}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_of_both_versions() {
        for (token, header) in [
            ("0123abcd\n", "Token 0123abcd"),
            ("nbt_key.secret", "Bearer nbt_key.secret"),
            ("Bearer x", "Bearer x"),
        ] {
            assert_eq!(authorization(token), header);
        }
    }

    #[test]
    fn addresses_lead_to_the_api() {
        let _again = rustls::crypto::ring::default_provider().install_default().is_err();
        for (url, base) in [("http://x/", "http://x"), ("https://x/nb/api/", "https://x/nb")] {
            assert_eq!(Remote::netbox(url, "t", false).map(|remote| remote.base).ok().as_deref(), Some(base));
        }
        let target = Remote::portolan("http://y/", "t", None, false).map(|remote| remote.base);
        assert_eq!(target.ok().as_deref(), Some("http://y/netbox"));
        assert!(Remote::netbox("netbox.example.net", "t", false).is_err());
    }

    #[test]
    fn pages_go_on_behind_their_last_id() {
        let answer = |next: Value| json!({"next": next, "results": [{"id": 9}, {"id": 4}, {"name": "x"}]});
        let page = paged(answer(json!("http://x")), 5);
        assert_eq!((page.objects.len(), page.next), (1, Some(10)));
        assert_eq!(paged(answer(Value::Null), 0).next, None);
        assert_eq!(paged(json!({"next": "http://x", "results": []}), 0).next, None);
    }

    #[test]
    fn errors_have_their_places() {
        let bodies = [json!({"id": 5}), json!({"id": 7})];
        let created =
            json!({"errors": [{"index": 1, "errors": {"name": ["x"]}}, {"index": 9, "errors": {}}]});
        assert_eq!(refused(&created, &bodies), [(1, json!({"name": ["x"]}))]);
        let changed = json!({"errors": [{"id": 5, "errors": {"name": ["x"]}}]});
        assert_eq!(refused(&changed, &bodies), [(0, json!({"name": ["x"]}))]);
        assert!(refused(&json!({"detail": "x"}), &bodies).is_empty());
    }
}
