//! What hangs on records: pictures, templates, contexts, webhooks and notifications - who may, in which
//! tenant, and what hostile input does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::{PASSWORD, Principal, Server};

pub(crate) const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0bIDATx\x9cc`\0\x02\0\0\x05\0\x01z^\xab?\0\0\0\0IEND\xaeB`\x82";
const PATIENCE: Duration = Duration::from_mins(1);

async fn a_site(admin: &Principal<'_>, name: &str) -> String {
    admin.create("/api/v1/inventory/sites", &json!({"name": name, "slug": name})).await
}

async fn upload(server: &Server, who: &Principal<'_>, query: &str, file: &[u8]) -> (StatusCode, Value) {
    let url = format!("{}/api/v1/platform/image-attachments/upload?{query}", server.url);
    let answer = server.http.post(url).bearer_auth(&who.token).body(file.to_vec()).send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_looked_at_and_served_without_harm() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = a_site(&admin, "alpha").await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;
    admin.add_user("vera", "viewer").await;
    let (bob, vera) = (server.login("bob", PASSWORD).await, server.login("vera", PASSWORD).await);

    let of_site = format!("object_type=inventory.site&object_id={site}");
    let (status, made) =
        upload(&server, &admin, &format!("{of_site}&file_name=door.png&name=door"), PIXEL).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!((&made["media_type"], &made["image_width"]), (&json!("image/png"), &json!(1)));
    let content = format!("/api/v1/platform/image-attachments/{}/content", made["id"].as_str().unwrap());
    let answer =
        server.http.get(format!("{}{content}", server.url)).bearer_auth(&vera.token).send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("image/png"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    assert!(header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(answer.bytes().await.unwrap(), PIXEL);

    assert_eq!(bob.get(&content).await.0, StatusCode::NOT_FOUND);
    let file = made["file_name"].as_str().unwrap();
    assert_eq!(bob.get(&format!("/netbox/media/image-attachments/{file}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&content).await.status(), StatusCode::UNAUTHORIZED);
    let (status, _) = upload(&server, &vera, &format!("{of_site}&file_name=x.png"), PIXEL).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = upload(&server, &bob, &format!("{of_site}&file_name=x.png"), PIXEL).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (name, bytes) in
        [("x.svg", svg.as_slice()), ("x.png", svg), ("x.png", &PIXEL[..30]), ("x.exe", PIXEL), ("x.png", b"")]
    {
        let (status, answer) = upload(&server, &admin, &format!("{of_site}&file_name={name}"), bytes).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {answer}");
        assert_eq!(answer["errors"][0]["pointer"], json!("/image"), "{answer}");
    }
    // Pictures go with what they show.
    let (status, _) = admin.call(Method::DELETE, &format!("/api/v1/inventory/sites/{site}"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&content).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_cannot_do_harm() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let codes = [
        ("{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}", 400),
        (
            "{% set ns = namespace(a='xxxxxxxx') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
            400,
        ),
        ("{% include '/etc/passwd' %}", 400),
        ("{{ ''.__class__.__mro__ }}", 400),
        ("{% if", 400),
        ("{{ x }}", 200),
    ];
    for (at, (code, expected)) in codes.iter().enumerate() {
        let body = json!({"name": format!("t{at}"), "template_code": code});
        let (status, made) = admin.post("/netbox/api/extras/config-templates/", &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let path = format!("/netbox/api/extras/config-templates/{}/render/", made["id"]);
        let (status, answer) = admin.post(&path, &json!({"x": "given"})).await;
        assert_eq!(status.as_u16(), *expected, "{code}: {answer}");
        if *expected == 200 {
            assert_eq!(answer["content"], json!("given"));
        }
    }
    // An export runs nowhere: whatever type it claims, the browser keeps it apart.
    a_site(&admin, "alpha").await;
    let body = json!({"object_types": ["dcim.site"], "name": "page", "template_code": "<script>{{ queryset[0].name }}</script>",
        "mime_type": "text/html"});
    assert_eq!(admin.post("/netbox/api/extras/export-templates/", &body).await.0, StatusCode::CREATED);
    let url = format!("{}/netbox/api/dcim/sites/?export=page", server.url);
    let answer = server.http.get(url).bearer_auth(&admin.token).send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(answer.text().await.unwrap(), "<script>alpha</script>");
}

/// Requests that a target got: the head and the body. It answers with the given statuses, then with 200.
struct Target {
    url: String,
    got: Arc<Mutex<Vec<(String, String)>>>,
}

impl Target {
    async fn start(mut statuses: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
        let got: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let kept = got.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut text = Vec::new();
                let (head, body) = loop {
                    let mut buffer = [0; 4096];
                    let count = socket.read(&mut buffer).await.unwrap();
                    text.extend_from_slice(&buffer[..count]);
                    let all = String::from_utf8_lossy(&text).into_owned();
                    let Some((head, body)) = all.split_once("\r\n\r\n") else { continue };
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned)
                    });
                    if body.len() >= length.map_or(0, |length| length.parse().unwrap()) || count == 0 {
                        break (head.to_owned(), body.to_owned());
                    }
                };
                kept.lock().unwrap().push((head, body));
                let status = if statuses.is_empty() { 200 } else { statuses.remove(0) };
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _sent = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, got }
    }

    fn bodies(&self) -> Vec<Value> {
        self.got
            .lock()
            .unwrap()
            .iter()
            .map(|(_, body)| serde_json::from_str(body).unwrap_or_default())
            .collect()
    }
}

async fn a_rule(admin: &Principal<'_>, name: &str, url: &str, more: Value) {
    let mut webhook = json!({"name": name, "payload_url": url, "secret": "s3cret"});
    webhook.as_object_mut().unwrap().extend(more["webhook"].as_object().cloned().unwrap_or_default());
    let (status, made) = admin.post("/netbox/api/extras/webhooks/", &webhook).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_ne!(made["secret"], json!("s3cret"));
    let mut rule = json!({"name": name, "object_types": ["dcim.site"], "action_type": "webhook",
        "event_types": ["object_created", "object_updated", "object_deleted"],
        "action_object_type": "extras.webhook", "action_object_id": made["id"]});
    rule.as_object_mut().unwrap().extend(more["rule"].as_object().cloned().unwrap_or_default());
    let (status, made) = admin.post("/netbox/api/extras/event-rules/", &rule).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_signed_tried_again_and_never_lost() {
    let server = Server::start_set(&["webhooks.allowed_networks=127.0.0.0/8"]).await;
    let admin = server.admin().await;
    // The first answer is a failure: the same event comes again, and what follows it waits.
    let all = Target::start(vec![503]).await;
    a_rule(&admin, "all", &all.url, json!({})).await;
    let planned = Target::start(Vec::new()).await;
    let more = json!({
        "webhook": {"http_method": "PUT", "body_template": "{\"n\":\"{{ data.name }}\",\"e\":\"{{ event }}\"}", "additional_headers": "X-Event: {{ event }}"},
        "rule": {"event_types": ["object_updated"], "conditions": {"and": [{"attr": "status.value", "value": "planned"}, {"attr": "status", "op": "changed"}]}},
    });
    a_rule(&admin, "planned", &planned.url, more).await;
    a_rule(
        &admin,
        "closed",
        "http://10.255.255.1/hook",
        json!({"rule": {"event_types": ["object_created"]}}),
    )
    .await;

    let site = "/netbox/api/dcim/sites/";
    let (_, made) = admin.post(site, &json!({"name": "Alpha", "slug": "alpha"})).await;
    let own = format!("{site}{}/", made["id"]);
    assert_eq!(admin.call(Method::PATCH, &own, Some(&json!({"status": "planned"}))).await.0, StatusCode::OK);
    assert_eq!(admin.call(Method::DELETE, &own, None).await.0, StatusCode::NO_CONTENT);
    server.until(PATIENCE, async || all.got.lock().unwrap().len() >= 4).await;
    let events: Vec<Value> = all.bodies().iter().map(|body| body["event"].clone()).collect();
    assert_eq!(json!(events), json!(["created", "created", "updated", "deleted"]));
    let bodies = all.bodies();
    assert_eq!(bodies[1]["object_type"], json!("dcim.site"));
    assert_eq!(
        (&bodies[1]["data"]["name"], &bodies[1]["request"]["user"]),
        (&json!("Alpha"), &json!("admin"))
    );
    assert_eq!(bodies[2]["snapshots"]["prechange"]["status"], json!("active"));
    assert_eq!(bodies[2]["snapshots"]["postchange"]["status"], json!("planned"));
    assert_eq!(
        (&bodies[3]["data"]["id"], &bodies[3]["snapshots"]["postchange"]),
        (&made["id"], &Value::Null)
    );
    for (head, _) in all.got.lock().unwrap().iter() {
        let signed = head.lines().find_map(|line| line.strip_prefix("x-hook-signature: ").map(str::len));
        assert_eq!(signed, Some(128), "{head}");
    }

    server.until(PATIENCE, async || !planned.got.lock().unwrap().is_empty()).await;
    let got = planned.got.lock().unwrap().clone();
    assert_eq!((got.len(), got[0].1.as_str()), (1, "{\"n\":\"Alpha\",\"e\":\"updated\"}"));
    assert!(got[0].0.starts_with("PUT /hook") && got[0].0.contains("x-event: updated"), "{}", got[0].0);

    // What must not be reached is not, and waits where it can be seen.
    let closed = "/api/v1/platform/dead-letters?consumer=automation.webhooks";
    server.until(PATIENCE, async || admin.get(closed).await.1.to_string().contains("private address")).await;
    let (_, deliveries) = admin.get("/api/v1/platform/webhook-deliveries").await;
    assert!(deliveries["items"].as_array().unwrap().len() >= 6, "{deliveries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_wait_for_jobs_about_a_record() {
    let server = Server::start_set(&["webhooks.allowed_networks=127.0.0.0/8"]).await;
    let admin = server.admin().await;
    let (wanted, other) = (Target::start(Vec::new()).await, Target::start(Vec::new()).await);
    let of = |kinds: &[&str], event_types: &[&str]| json!({"rule": {"object_types": kinds, "event_types": event_types}});
    let ends = ["job_started", "job_completed", "job_errored", "job_failed"];
    a_rule(&admin, "sources", &wanted.url, of(&["core.datasource"], &ends)).await;
    a_rule(&admin, "sites", &other.url, of(&["dcim.site"], &ends)).await;
    a_rule(&admin, "completed", &other.url, of(&["core.datasource"], &["job_completed"])).await;
    let body = json!({"name": "Nowhere", "type": "local", "source_url": "/nowhere"});
    let (status, made) = admin.post("/netbox/api/core/data-sources/", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let sync = format!("/netbox/api/core/data-sources/{}/sync/", made["id"]);
    assert_eq!(admin.post(&sync, &json!({})).await.0, StatusCode::OK);
    server.until(PATIENCE, async || wanted.got.lock().unwrap().len() >= 2).await;
    let bodies = wanted.bodies();
    let events: Vec<&Value> = bodies.iter().map(|body| &body["event_type"]).collect();
    assert_eq!(events, [&json!("job_started"), &json!("job_errored")]);
    assert_eq!(bodies[1]["event"], json!("job_ended"));
    assert_eq!(bodies[1]["request"]["user"], json!("admin"), "{}", bodies[1]);
    assert!(bodies.iter().all(|body| body["object_type"] == json!("core.datasource")), "{bodies:?}");
    assert_eq!(other.got.lock().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_of_webhooks_lead_outside() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let target = Target::start(Vec::new()).await;
    for (at, url) in [
        target.url.clone(),
        target.url.replace("127.0.0.1", "localhost"),
        "http://[::ffff:169.254.169.254]/".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        a_rule(&admin, &format!("r{at}"), url, json!({})).await;
    }
    a_site(&admin, "alpha").await;
    let letters = "/api/v1/platform/dead-letters?consumer=automation.webhooks";
    server
        .until(PATIENCE, async || {
            admin.get(letters).await.1["items"].as_array().is_some_and(|items| items.len() >= 3)
        })
        .await;
    let (_, answer) = admin.get(letters).await;
    for kind in ["loopback", "link-local"] {
        assert!(answer.to_string().contains(kind), "{answer}");
    }
    assert_eq!(target.got.lock().unwrap().len(), 0);
    let (status, answer) = admin
        .post("/netbox/api/extras/webhooks/", &json!({"name": "f", "payload_url": "file:///etc/passwd"}))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_follow_a_record_are_told() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = a_site(&admin, "alpha").await;
    let (_, users) = admin.get("/api/v1/platform/users").await;
    let me = users["items"][0]["id"].clone();
    let object = json!({"type": "inventory.site", "id": site});
    admin.create("/api/v1/platform/subscriptions", &json!({"object": object, "user": me})).await;
    let group = admin
        .create("/api/v1/platform/notification-groups", &json!({"name": "all", "roles": [{"name": "admin"}]}))
        .await;
    let rule = json!({"name": "new", "object_types": ["inventory.site"], "event_types": ["object_created"], "action_type": "notification",
        "action_object": {"type": "platform.notification_group", "id": group}});
    admin.create("/api/v1/platform/event-rules", &rule).await;
    let other = a_site(&admin, "other").await;
    let path = format!("/api/v1/inventory/sites/{site}");
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&json!({"description": "changed"}))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let told = async || {
        let (_, all) = admin.get("/api/v1/platform/notifications").await;
        let mut seen: Vec<(String, String)> = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["object"]["id"].as_str().unwrap().to_owned(),
                    one["event_type"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        seen.sort();
        seen
    };
    let mut expected =
        vec![(site.clone(), "object_updated".to_owned()), (other, "object_created".to_owned())];
    expected.sort();
    server.until(PATIENCE, async || told().await == expected).await;
    // A rule that cannot be read is refused, with what is wrong.
    let mut bad = rule.clone();
    bad["name"] = json!("bad");
    bad["conditions"] = json!({"attr": "a", "op": "bogus"});
    let (status, answer) = admin.post("/api/v1/platform/event-rules", &bad).await;
    assert_eq!(
        (status, &answer["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/conditions")),
        "{answer}"
    );
    let unknown = json!({"name": "bad", "object_types": ["inventory.nothing"], "event_types": ["object_created"], "action_type": "notification",
        "action_object": {"type": "platform.notification_group", "id": group}});
    let (status, answer) = admin.post("/api/v1/platform/event-rules", &unknown).await;
    assert_eq!(
        (status, &answer["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/object_types/0")),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_followed_and_only_those_that_may_be() {
    let files = tempfile::tempdir().unwrap();
    let template = files.path().join("base.j2");
    std::fs::write(&template, "hostname {{ name }}").unwrap();
    std::fs::write(files.path().join("context.json"), "{\"a\": 1}").unwrap();
    let setting = format!("sources.local_directories={}", files.path().display());
    let server = Server::start_set(&[&setting]).await;
    let admin = server.admin().await;
    let sources = "/netbox/api/core/data-sources/";
    let synced = async |url: &str| -> Value {
        let body = json!({"name": url, "type": "local", "source_url": url});
        let (status, made) = admin.post(sources, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let own = format!("{sources}{}/", made["id"]);
        assert_eq!(admin.post(&format!("{own}sync/"), &json!({})).await.0, StatusCode::OK);
        let done = async || {
            !["queued", "syncing"].contains(&admin.get(&own).await.1["status"]["value"].as_str().unwrap())
        };
        server.until(PATIENCE, done).await;
        admin.get(&own).await.1
    };
    for closed in ["/etc", "/", &format!("{}/..", files.path().display())] {
        assert_eq!(synced(closed).await["status"]["value"], json!("failed"), "{closed}");
    }
    let source = synced(files.path().to_str().unwrap()).await;
    assert_eq!(
        (&source["status"]["value"], &source["file_count"]),
        (&json!("completed"), &json!(2)),
        "{source}"
    );
    let (_, found) = admin.get("/netbox/api/core/data-files/?path=base.j2").await;
    let file = found["results"][0]["id"].clone();
    let body = json!({"name": "t", "template_code": "x", "data_file": file, "auto_sync_enabled": true});
    let (status, made) = admin.post("/netbox/api/extras/config-templates/", &body).await;
    assert_eq!(
        (status, &made["template_code"]),
        (StatusCode::CREATED, &json!("hostname {{ name }}")),
        "{made}"
    );
    assert_eq!(made["data_path"], json!("base.j2"));
    std::fs::write(&template, "changed {{ name }}").unwrap();
    let own = format!("{sources}{}/sync/", source["id"]);
    assert_eq!(admin.post(&own, &json!({})).await.0, StatusCode::OK);
    let path = format!("/netbox/api/extras/config-templates/{}/", made["id"]);
    let changed = async || admin.get(&path).await.1["template_code"] == json!("changed {{ name }}");
    server.until(PATIENCE, changed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_and_dashboards_keep_what_pages_can_show() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let boards = "/api/v1/platform/dashboards";
    let widget =
        json!({"id": "a", "kind": "note", "x": 0, "y": 0, "w": 4, "h": 3, "config": {"text": "Hello"}});
    let board = admin.create(boards, &json!({"name": "Mine", "layout": {"widgets": [widget]}})).await;
    let path = format!("{boards}/{board}");
    assert_eq!(admin.get(&path).await.1["layout"]["widgets"], json!([widget]));
    let refused = [
        (
            json!({"name": "B", "layout": {"widgets": [{"id": "a", "kind": "iframe", "x": 0, "y": 0, "w": 4, "h": 3}]}}),
            "/layout/widgets/0/kind",
        ),
        (json!({"name": "B", "layout": []}), "/layout"),
        (json!({"name": "B", "shared": false}), "/user"),
    ];
    for (body, pointer) in refused {
        let (status, answer) = admin.post(boards, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer["errors"][0]["pointer"], json!(pointer), "{answer}");
    }
    let views = "/api/v1/platform/table-configs";
    let mut view = json!({"object_type": "inventory.site", "table": "sites", "name": "Active", "columns": ["name"],
        "parameters": {"status__in": "active,planned", "q": "ams"}, "page_size": 50, "is_default": true});
    let made = admin.create(views, &view).await;
    let (_, kept) = admin.get(&format!("{views}/{made}")).await;
    assert_eq!((&kept["parameters"], &kept["page_size"]), (&view["parameters"], &json!(50)), "{kept}");
    view["parameters"] = json!({"status__in": ["active"]});
    let (status, answer) = admin.post(views, &view).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(answer["errors"][0]["pointer"], json!("/parameters"), "{answer}");

    // Another tenant has none of it, and who may only look changes nothing.
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;
    admin.add_user("vera", "viewer").await;
    let (bob, vera) = (server.login("bob", PASSWORD).await, server.login("vera", PASSWORD).await);
    assert_eq!(bob.get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(vera.get(&path).await.0, StatusCode::OK);
    assert_eq!(vera.post(boards, &json!({"name": "V"})).await.0, StatusCode::FORBIDDEN);
}
