//! A database with two tenants, the engine, its routes, and who asks.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use db::testing::TestDatabase;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use kit::Model;
use kit::permission::Act;
use kit::plugin::Migration;
use kit::secrets::SecretPlace;
use kit::tx::EventWriter;
use kit::{
    BoxFuture, Ctx, Event, Permission, Problem, ReadTx, SecretText, Secrets, Services, TenantId, WriteTx,
};
use records::{Engine, Options};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tower::ServiceExt as _;

use crate::models::ALL;

pub(crate) const MODELS_SQL: &str = include_str!("../migrations/0001_records.sql");
const MIGRATIONS: &[Migration] = &[Migration { version: 1, name: "records", sql: MODELS_SQL }];

/// The models of the tests, and those of the engine itself that they need.
fn models() -> Vec<&'static Model> {
    ALL.iter().copied().chain([&records::CUSTOM_FIELD_CHOICE_SET, &records::CUSTOM_FIELD]).collect()
}

/// Rights on everything.
pub(crate) fn all_rights() -> Vec<Permission> {
    let acts = [Act::Read, Act::Write, Act::Delete];
    models().iter().flat_map(|model| acts.map(|act| Permission::new(model.permission, act))).collect()
}

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) engine: Engine,
    pub(crate) router: Router,
    pub(crate) events: Arc<Events>,
    pub(crate) tenant: TenantId,
    pub(crate) other: TenantId,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// The id of the record in the body.
    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no record: {}", self.text)).to_owned()
    }

    /// `pointer code` of every field error, sorted.
    pub(crate) fn faults(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let mut faults: Vec<String> = errors
            .iter()
            .map(|error| {
                assert!(!error["message"].as_str().unwrap_or_default().is_empty(), "no message: {error}");
                format!(
                    "{} {}",
                    error["pointer"].as_str().unwrap_or("?"),
                    error["code"].as_str().unwrap_or("?")
                )
            })
            .collect();
        faults.sort();
        faults
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The given member of every item of a list.
    pub(crate) fn column(&self, name: &str) -> Vec<Value> {
        self.body["items"].as_array().expect("items").iter().map(|item| item[name].clone()).collect()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new(&[("records", records::MIGRATIONS), ("lab", MIGRATIONS)]).await;
        let events = Arc::new(Events::default());
        database.store.set_event_writer(events.clone());
        let services = Services::default();
        services.offer_secrets(Arc::new(TestVault));
        let engine = Engine::new(&models(), services, Options::default()).expect("the test models are right");
        let router = records::router(&engine);
        let tenant = database.tenant("acme").await;
        let other = database.tenant("other").await;
        Self { database, engine, router, events, tenant, other }
    }

    pub(crate) fn ctx(&self) -> Ctx {
        self.database.ctx(self.tenant, &all_rights())
    }

    pub(crate) fn foreign(&self) -> Ctx {
        self.database.ctx(self.other, &all_rights())
    }

    pub(crate) async fn raw(&self, ctx: &Ctx, request: Request<Body>) -> Answer {
        let mut request = request;
        request.extensions_mut().insert(ctx.clone());
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.expect("a whole body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{text}");
        Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    pub(crate) async fn send_as(&self, ctx: &Ctx, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.raw(ctx, request.body(body).expect("a request")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send_as(&self.ctx(), Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_as(&self.ctx(), Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_as(&self.ctx(), Method::PATCH, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_as(&self.ctx(), Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send_as(&self.ctx(), Method::DELETE, path, Value::Null).await
    }

    /// A site of the tenant; its id.
    pub(crate) async fn site(&self, name: &str) -> String {
        self.post("/api/v1/lab/sites", json!({"name": name})).await.expect(201).id()
    }

    /// A device; the whole record.
    pub(crate) async fn device(&self, site: &str, name: &str) -> Value {
        self.post("/api/v1/lab/devices", json!({"name": name, "site": site})).await.expect(201).body
    }

    /// How many rows a table really has, over all tenants.
    pub(crate) async fn rows(&self, table: &'static str) -> i64 {
        let mut superuser = self.database.superuser().await;
        let text = match table {
            "site" => "SELECT count(*) FROM lab.site",
            "device" => "SELECT count(*) FROM lab.device",
            "key" => "SELECT count(*) FROM lab.key",
            "log" => "SELECT count(*) FROM app.change_log",
            _ => panic!("{table}"),
        };
        sqlx::query_scalar(text).fetch_one(&mut superuser).await.expect("count")
    }
}

/// Keeps what was published; `committed` counts.
#[derive(Default)]
pub(crate) struct Events {
    pub(crate) seen: Mutex<Vec<Event>>,
}

impl Events {
    pub(crate) fn types(&self) -> Vec<&'static str> {
        self.seen.lock().expect("events").iter().map(|event| event.event_type).collect()
    }

    pub(crate) fn clear(&self) {
        self.seen.lock().expect("events").clear();
    }
}

impl EventWriter for Events {
    fn append<'a>(
        &'a self,
        _: &'a Ctx,
        _: &'a mut PgConnection,
        events: &'a [Event],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            self.seen.lock().expect("events").extend_from_slice(events);
            Ok(())
        })
    }

    fn committed(&self) {}
}

/// Seals by remembering the place and turning the bytes: enough to see that places are kept.
struct TestVault;

fn place_text(place: SecretPlace<'_>) -> String {
    format!("{}/{}/{}:", place.model, place.id, place.field)
}

impl Secrets for TestVault {
    fn seal<'a>(
        &'a self,
        _: &'a mut WriteTx,
        place: SecretPlace<'a>,
        clear: &'a SecretText,
    ) -> BoxFuture<'a, Result<Vec<u8>, Problem>> {
        Box::pin(async move {
            let text = place_text(place) + clear.expose();
            Ok(text.bytes().map(|byte| !byte).collect())
        })
    }

    fn open<'a>(
        &'a self,
        _: &'a mut ReadTx,
        place: SecretPlace<'a>,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretText, Problem>> {
        Box::pin(async move {
            let text =
                String::from_utf8(sealed.iter().map(|byte| !byte).collect()).map_err(Problem::internal)?;
            let clear =
                text.strip_prefix(&place_text(place)).ok_or_else(|| Problem::internal("another place"))?;
            Ok(SecretText::new(clear.to_owned()))
        })
    }

    fn fingerprint(&self, sealed: &[u8]) -> String {
        format!("{:02x}", sealed.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)))
    }
}
