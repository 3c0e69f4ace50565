//! `portolan import netbox`, from the NetBox door of one server into another: everything arrives under
//! its id, a stopped run goes on, a second one writes nothing. And who may say ids, and which.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::extras::PIXEL;
use crate::server::{PASSWORD, Principal, Server};

const KEEP_IDS: &str = "portolan-keep-ids";

/// Makes an object at the door; its id.
async fn made(admin: &Principal<'_>, path: &str, body: Value) -> Value {
    let (status, answer) = admin.post(&format!("/netbox/api/{path}/"), &body).await;
    assert_eq!(status, StatusCode::CREATED, "{path} {body}: {answer}");
    answer["id"].clone()
}

async fn changed(admin: &Principal<'_>, path: &str, id: &Value, body: Value) {
    let path = format!("/netbox/api/{path}/{id}/");
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{path} {body}: {answer}");
}

/// The first object of a list with this name on this device.
async fn port(admin: &Principal<'_>, device: &Value, name: &str) -> Value {
    let path = format!("/netbox/api/dcim/interfaces/?device_id={device}&name={name}");
    let (_, found) = admin.get(&path).await;
    assert_eq!(found["count"], json!(1), "{path} {found}");
    found["results"][0]["id"].clone()
}

/// What hangs on nothing, or on each other: fields, tags, places, people.
async fn places(server: &Server, admin: &Principal<'_>) -> Value {
    let field = json!({"name": "asset", "type": "text", "object_types": ["dcim.site", "dcim.device"]});
    made(admin, "extras/custom-fields", field).await;
    let field = json!({"name": "partner", "type": "object", "related_object_type": "dcim.site",
        "object_types": ["dcim.site"]});
    made(admin, "extras/custom-fields", field).await;
    let tag = made(admin, "extras/tags", json!({"name": "Core", "slug": "core"})).await;
    // A child with a lower id than its parent, and two of one name below different parents.
    let child = made(admin, "dcim/regions", json!({"name": "Child", "slug": "child"})).await;
    let parent = made(admin, "dcim/regions", json!({"name": "Parent", "slug": "parent"})).await;
    changed(admin, "dcim/regions", &child, json!({"parent": parent})).await;
    for (at, above) in [&child, &parent].into_iter().enumerate() {
        let body = json!({"name": "Same", "slug": format!("same-{at}"), "parent": above});
        made(admin, "dcim/regions", body).await;
    }
    let tenant = made(admin, "tenancy/tenants", json!({"name": "Customer", "slug": "customer"})).await;
    let body = json!({"name": "Alpha", "slug": "alpha", "region": child, "tenant": tenant, "tags": [tag],
        "latitude": 48.25, "comments": "one\ntwo", "custom_fields": {"asset": "A-1"}});
    let site = made(admin, "dcim/sites", body).await;
    let body = json!({"name": "Beta", "slug": "beta", "custom_fields": {"partner": site}});
    let other = made(admin, "dcim/sites", body).await;
    changed(admin, "dcim/sites", &site, json!({"custom_fields": {"partner": other}})).await;
    let contact = made(admin, "tenancy/contacts", json!({"name": "Ann"})).await;
    let role = made(admin, "tenancy/contact-roles", json!({"name": "Tech", "slug": "tech"})).await;
    let body = json!({"object_type": "dcim.site", "object_id": site, "contact": contact, "role": role});
    made(admin, "tenancy/contact-assignments", body).await;
    let body =
        json!({"assigned_object_type": "dcim.site", "assigned_object_id": site, "comments": "Visited."});
    made(admin, "extras/journal-entries", body).await;
    let (_, sites) = admin.get("/api/v1/inventory/sites?name=Alpha").await;
    let of = sites["items"][0]["id"].as_str().unwrap();
    let query = format!("object_type=inventory.site&object_id={of}&file_name=door.png&name=door");
    let url = format!("{}/api/v1/platform/image-attachments/upload?{query}", server.url);
    let answer = server.http.post(url).bearer_auth(&admin.token).body(PIXEL).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    site
}

/// Devices with what comes with their type, cabled, addressed and stacked.
async fn devices(admin: &Principal<'_>, site: &Value) {
    let maker = made(admin, "dcim/manufacturers", json!({"name": "Acme", "slug": "acme"})).await;
    let kind = json!({"manufacturer": maker, "model": "S1", "slug": "s1"});
    let kind = made(admin, "dcim/device-types", kind).await;
    for name in ["eth0", "eth1", "lag0"] {
        let kind_of = if name == "lag0" { "lag" } else { "1000base-t" };
        let body = json!({"device_type": kind, "name": name, "type": kind_of});
        made(admin, "dcim/interface-templates", body).await;
    }
    let role = made(admin, "dcim/device-roles", json!({"name": "Switch", "slug": "switch"})).await;
    let mut ids = Vec::new();
    for at in 0..12 {
        let body = json!({"name": format!("sw{at}"), "device_type": kind, "role": role, "site": site,
            "custom_fields": {"asset": format!("D-{at}")}});
        ids.push(made(admin, "dcim/devices", body).await);
    }
    let (one, two) = (&ids[0], &ids[1]);
    let (near, far) = (port(admin, one, "eth0").await, port(admin, two, "eth0").await);
    let end = |id: &Value| json!([{"object_type": "dcim.interface", "object_id": id}]);
    let body = json!({"a_terminations": end(&near), "b_terminations": end(&far), "status": "connected"});
    made(admin, "dcim/cables", body).await;
    let lag = port(admin, one, "lag0").await;
    changed(admin, "dcim/interfaces", &port(admin, one, "eth1").await, json!({"lag": lag})).await;
    let body = json!({"mac_address": "00:11:22:33:44:55", "assigned_object_type": "dcim.interface",
        "assigned_object_id": near});
    let mac = made(admin, "dcim/mac-addresses", body).await;
    changed(admin, "dcim/interfaces", &near, json!({"primary_mac_address": mac})).await;
    let vlan = made(admin, "ipam/vlans", json!({"vid": 10, "name": "Users"})).await;
    made(admin, "ipam/prefixes", json!({"prefix": "10.0.0.0/24", "vlan": vlan})).await;
    let body = json!({"address": "10.0.0.1/24", "assigned_object_type": "dcim.interface", "assigned_object_id": near});
    let address = made(admin, "ipam/ip-addresses", body).await;
    changed(admin, "dcim/devices", one, json!({"primary_ip4": address})).await;
    let stack = made(admin, "dcim/virtual-chassis", json!({"name": "Stack"})).await;
    for (at, device) in [one, two].into_iter().enumerate() {
        let body = json!({"virtual_chassis": stack, "vc_position": at + 1});
        changed(admin, "dcim/devices", device, body).await;
    }
    changed(admin, "dcim/virtual-chassis", &stack, json!({"master": two})).await;
}

/// What a server has of its own: accounts, cable ends made with their cables, its history and its work.
const OF_THE_SERVER: [&str; 9] = [
    "users/users",
    "users/config",
    "dcim/cable-terminations",
    "core/object-changes",
    "core/jobs",
    "core/background-queues",
    "core/background-tasks",
    "core/background-workers",
    "extras/scripts",
];

/// Every object of every endpoint, without times: addresses of the server are those of `name`.
async fn everything(server: &Server, admin: &Principal<'_>, times: bool) -> BTreeMap<String, Vec<Value>> {
    let mut all = BTreeMap::new();
    let (_, apps) = admin.get("/netbox/api/").await;
    for app in apps.as_object().unwrap().keys().filter(|app| *app != "status") {
        let (_, lists) = admin.get(&format!("/netbox/api/{app}/")).await;
        for list in lists.as_object().unwrap().keys() {
            let path = format!("{app}/{list}");
            if OF_THE_SERVER.contains(&path.as_str()) {
                continue;
            }
            let (status, found) = admin.get(&format!("/netbox/api/{path}/?limit=1000&ordering=id")).await;
            assert_eq!(status, StatusCode::OK, "{path} {found}");
            let text = found["results"].to_string().replace(&server.url, "http://it");
            let mut objects: Vec<Value> = serde_json::from_str(&text).unwrap();
            if !times {
                objects.iter_mut().for_each(timeless);
            }
            if !objects.is_empty() {
                all.insert(path, objects);
            }
        }
    }
    all
}

/// Takes times out, and what is called by them.
fn timeless(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let entry = members.contains_key("assigned_object_type") && members.contains_key("comments");
            members.retain(|name, _| !["created", "last_updated"].contains(&name.as_str()));
            if entry {
                members.remove("display");
            }
            members.values_mut().for_each(timeless);
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        _ => {}
    }
}

/// The import from one server into another.
fn import(from: &Principal<'_>, source: &Server, to: &Principal<'_>, target: &Server) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
    command
        .args(["import", "netbox", &format!("{}/netbox", source.url), "--to", &target.url, "--batch", "5"])
        .env("NETBOX_TOKEN", format!("Bearer {}", from.token))
        .env("PORTOLAN_TOKEN", &to.token)
        .stdin(Stdio::null());
    command
}

/// Runs it to its end; the report.
fn run(mut command: Command) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report.json");
    let output = command.arg("--report").arg(&file).output().unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_under_its_id_and_only_once() {
    let (source, target) = (Server::start().await, Server::start().await);
    let (from, to) = (source.admin().await, target.admin().await);
    let site = places(&source, &from).await;
    devices(&from, &site).await;

    let mut dry = import(&from, &source, &to, &target);
    dry.arg("--dry-run");
    let report = run(dry);
    assert_eq!(report["endpoints"]["dcim/devices"]["created"], json!(12), "{report}");
    assert_eq!(to.get("/netbox/api/dcim/devices/").await.1["count"], json!(0));

    // Stopped when it comes to the interfaces: what was made stays, and the next run goes on.
    let mut child =
        import(&from, &source, &to, &target).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut told = Vec::new();
    for line in lines {
        told.push(line);
        if told.last().is_some_and(|line| line.starts_with("copy dcim/interfaces:")) {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(told.iter().any(|line| line.starts_with("copy dcim/interfaces:")), "{told:?}");
    assert_eq!(to.get("/netbox/api/dcim/devices/").await.1["count"], json!(12));

    let report = run(import(&from, &source, &to, &target));
    assert_eq!(report["endpoints"]["dcim/devices"]["created"], json!(0), "{report}");
    assert_eq!(report["whole"], json!(true), "{report}");
    let (there, here) = (everything(&source, &from, false).await, everything(&target, &to, false).await);
    assert_eq!(there.keys().collect::<Vec<_>>(), here.keys().collect::<Vec<_>>());
    for (path, objects) in &there {
        for (one, other) in objects.iter().zip(&here[path]) {
            assert_eq!(one, other, "{path}");
        }
        assert_eq!(objects.len(), here[path].len(), "{path}");
    }

    let before = everything(&target, &to, true).await;
    let report = run(import(&from, &source, &to, &target));
    assert_eq!(
        (&report["totals"]["created"], &report["totals"]["changed"]),
        (&json!(0), &json!(0)),
        "{report}"
    );
    assert_eq!(before, everything(&target, &to, true).await);

    // What is new there comes; what is made here gets an id behind all of them.
    let (_, last) = from.get("/netbox/api/dcim/sites/?limit=1&ordering=-id").await;
    let last = last["results"][0]["id"].as_i64().unwrap();
    let own = made(&to, "dcim/sites", json!({"name": "Own", "slug": "own"})).await;
    assert!(own.as_i64().unwrap() > last, "{own} {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_taken_by_others_stop_the_import() {
    let (source, target) = (Server::start().await, Server::start().await);
    let (from, to) = (source.admin().await, target.admin().await);
    made(&from, "dcim/sites", json!({"name": "Theirs", "slug": "theirs"})).await;
    made(&to, "dcim/sites", json!({"name": "Ours", "slug": "ours"})).await;
    made(&from, "extras/tags", json!({"name": "x", "slug": "x"})).await;
    let output = import(&from, &source, &to, &target).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("Theirs in the NetBox, Ours here"), "{told}");
    assert_eq!(to.get("/netbox/api/extras/tags/").await.1["count"], json!(0), "nothing was written");
}

/// POST of a site with an id.
async fn keep(server: &Server, who: &Principal<'_>, body: &Value) -> (StatusCode, Value) {
    let url = format!("{}/netbox/api/dcim/sites/", server.url);
    let mut request = server.http.post(url).bearer_auth(&who.token).header(KEEP_IDS, "true").json(body);
    if let Some(tenant) = &who.tenant {
        request = request.header("x-tenant-id", tenant);
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_said_by_administrators_and_taken_once() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let rules = json!({"name": "writer", "rules": ["inventory/*:read|write"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("will", "writer").await;
    let will = server.login("will", PASSWORD).await;
    let site = |id: Value, name: &str| json!({"id": id, "name": name, "slug": name});

    // Without the header an id says nothing, as ever.
    assert_eq!(made(&will, "dcim/sites", site(json!(77), "a")).await, json!(1));
    assert_eq!(keep(&server, &will, &site(json!(500), "b")).await.0, StatusCode::FORBIDDEN);
    let (status, answer) = keep(&server, &admin, &site(json!(500), "b")).await;
    assert_eq!((status, &answer["id"]), (StatusCode::CREATED, &json!(500)), "{answer}");
    for (id, name) in [
        (json!(500), "c"),
        (json!(1), "c"),
        (json!(0), "c"),
        (json!(-5), "c"),
        (json!("x"), "c"),
        (json!(u64::MAX), "c"),
    ] {
        let (status, answer) = keep(&server, &admin, &site(id.clone(), name)).await;
        assert_eq!((status, answer["id"].is_array()), (StatusCode::BAD_REQUEST, true), "{id} {answer}");
    }
    let (status, answer) = keep(&server, &admin, &json!([site(json!(9), "d"), site(json!(9), "e")])).await;
    assert_eq!((status, &answer["errors"][0]["index"]), (StatusCode::BAD_REQUEST, &json!(1)), "{answer}");
    // An id below the highest is free too; the counter goes on behind the highest.
    assert_eq!(keep(&server, &admin, &site(json!(50), "f")).await.1["id"], json!(50));
    let next = made(&will, "dcim/sites", json!({"name": "g", "slug": "g"})).await;
    assert!(next.as_i64().unwrap() > 500, "{next}");

    // Another tenant has ids of its own.
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    assert_eq!(keep(&server, &inside, &site(json!(500), "b")).await.1["id"], json!(500));
    assert_eq!(admin.get("/netbox/api/dcim/sites/500/").await.1["name"], json!("b"));
}

/// A running `--follow`.
struct Following {
    child: Child,
    told: std::sync::mpsc::Receiver<String>,
}

impl Following {
    fn start(mut command: Command, state: &Path) -> Self {
        command.args(["--follow", "--every", "1", "--state"]).arg(state);
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || lines.for_each(|line| drop(tell.send(line))));
        Self { child, told }
    }

    /// Waits for a line with the text; all lines up to it.
    fn until(&self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains(text)) {
            let line = self.told.recv_timeout(Duration::from_mins(1));
            lines.push(line.unwrap_or_else(|_| panic!("waited in vain for {text}: {lines:?}")));
        }
        lines
    }

    /// Ctrl-C; the exit code.
    fn stop(mut self) -> Option<i32> {
        let signalled = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(signalled.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ended = self.child.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_followed_until_it_is_stopped_and_after() {
    let (source, target) = (Server::start().await, Server::start().await);
    let (from, to) = (source.admin().await, target.admin().await);
    let site = places(&source, &from).await;
    devices(&from, &site).await;
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state.json");

    let following = Following::start(import(&from, &source, &to, &target), &state);
    let lines = following.until("following behind change");
    assert!(lines.iter().any(|line| line.starts_with("copy dcim/devices:")), "{lines:?}");
    // New, changed, gone; a name that goes from one to another; a reference to what is new.
    let new = made(&from, "dcim/sites", json!({"name": "Gamma", "slug": "gamma"})).await;
    let rack = made(&from, "dcim/racks", json!({"name": "R1", "site": new})).await;
    changed(&from, "dcim/sites", &site, json!({"name": "Alpha 2", "description": "renamed"})).await;
    let (_, vlans) = from.get("/netbox/api/ipam/vlans/").await;
    changed(&from, "ipam/vlans", &vlans["results"][0]["id"], json!({"name": "People"})).await;
    made(&from, "ipam/vlans", json!({"vid": 11, "name": "Users"})).await;
    let (_, found) = from.get("/netbox/api/dcim/devices/?name=sw11").await;
    let gone = format!("/netbox/api/dcim/devices/{}/", found["results"][0]["id"]);
    assert_eq!(from.call(Method::DELETE, &gone, None).await.0, StatusCode::NO_CONTENT);
    let whole = async || everything(&source, &from, false).await == everything(&target, &to, false).await;
    target.until(Duration::from_mins(1), whole).await;
    assert_eq!(to.get(&gone).await.0, StatusCode::NOT_FOUND);
    assert_eq!(following.stop(), Some(0));

    // What happened meanwhile comes, without a copy; then nothing is written any more.
    changed(&from, "dcim/racks", &rack, json!({"name": "R2"})).await;
    let following = Following::start(import(&from, &source, &to, &target), &state);
    let lines = following.until("1 changed");
    assert!(!lines.iter().any(|line| line.starts_with("copy ")), "{lines:?}");
    assert!(everything(&source, &from, false).await == everything(&target, &to, false).await);
    assert_eq!(following.stop(), Some(0));
    let before = everything(&target, &to, true).await;
    let following = Following::start(import(&from, &source, &to, &target), &state);
    following.until("following behind change");
    // One more change shows that it has looked.
    changed(&from, "dcim/racks", &rack, json!({"name": "R3"})).await;
    following.until("0 created, 1 changed, 0 deleted");
    let after = everything(&target, &to, true).await;
    let differ: Vec<&String> = before.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    assert_eq!(differ, ["dcim/racks"]);

    // An id that was given away in the mirror is left alone, and told.
    let own = made(&to, "tenancy/tenants", json!({"name": "Own", "slug": "own"})).await;
    let theirs = made(&from, "tenancy/tenants", json!({"name": "Theirs", "slug": "theirs"})).await;
    assert_eq!(own, theirs, "the numbers go on alike in both");
    following.until("This id is taken here by Own");
    assert_eq!(following.stop(), Some(3));
    assert_eq!(to.get(&format!("/netbox/api/tenancy/tenants/{own}/")).await.1["name"], json!("Own"));
    let mut other = import(&from, &target, &to, &source);
    let output = other.args(["--follow", "--state"]).arg(&state).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is of another copy"), "{output:?}");
}
