//! What the inventory knows across records: the tree of prefixes and what is free in it, what stands
//! where in a rack, where cables lead.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Principal, Server};

const AT: &str = "/api/v1/inventory";

async fn make(admin: &Principal<'_>, collection: &str, body: Value) -> String {
    admin.create(&format!("{AT}/{collection}"), &body).await
}

async fn read(admin: &Principal<'_>, path: &str) -> Value {
    let (status, body) = admin.get(&format!("{AT}/{path}")).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// The code of the first wrong field.
fn code(problem: &Value) -> &str {
    problem["errors"][0]["code"].as_str().or_else(|| problem["code"].as_str()).unwrap_or_default()
}

/// The lines of a level: `+` before what is free.
fn lines(tree: &Value) -> Vec<String> {
    let line = |item: &Value| {
        let prefix = item["prefix"].as_str().unwrap();
        if item["kind"] == "free" { format!("+{prefix}") } else { prefix.to_owned() }
    };
    tree["items"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn prefixes_as_a_tree_and_the_next_free_one() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let mut ids = std::collections::HashMap::new();
    for (prefix, status) in [
        ("10.0.0.0/8", "container"),
        ("10.0.0.0/16", "container"),
        ("10.0.0.0/24", "active"),
        ("10.0.1.0/24", "active"),
        ("10.2.0.0/16", "active"),
        ("2001:db8::/32", "container"),
    ] {
        let id = make(&admin, "prefixes", json!({"prefix": prefix, "status": status})).await;
        ids.insert(prefix, id);
    }
    let vrf = make(&admin, "vrfs", json!({"name": "Red"})).await;
    make(&admin, "prefixes", json!({"prefix": "10.0.0.0/8", "vrf": vrf})).await;
    for n in 1..=127 {
        make(&admin, "ip-addresses", json!({"address": format!("10.0.0.{n}/24")})).await;
    }

    let top = read(&admin, "prefix-tree").await;
    assert_eq!(lines(&top), ["10.0.0.0/8", "2001:db8::/32"]);
    let first = &top["items"][0];
    assert_eq!((&first["children"], &first["depth"]), (&json!(4), &json!(0)), "{first}");
    assert_eq!(first["utilisation"], json!(0.78), "two of 256");
    assert_eq!(lines(&read(&admin, &format!("prefix-tree?vrf={vrf}")).await), ["10.0.0.0/8"]);

    let parent = &ids["10.0.0.0/8"];
    let level = read(&admin, &format!("prefix-tree?parent={parent}")).await;
    let expected = [
        "10.0.0.0/16",
        "+10.1.0.0/16",
        "10.2.0.0/16",
        "+10.3.0.0/16",
        "+10.4.0.0/14",
        "+10.8.0.0/13",
        "+10.16.0.0/12",
        "+10.32.0.0/11",
        "+10.64.0.0/10",
        "+10.128.0.0/9",
    ];
    assert_eq!(lines(&level), expected);
    // By pages the same lines, no one twice.
    let (mut paged, mut query) = (Vec::new(), format!("prefix-tree?parent={parent}&limit=1"));
    loop {
        let page = read(&admin, &query).await;
        paged.extend(lines(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("prefix-tree?parent={parent}&limit=1&cursor={cursor}");
    }
    assert_eq!(paged, expected);
    let inner = read(&admin, &format!("prefix-tree?parent={}", ids["10.0.0.0/16"])).await;
    let above: Vec<&Value> = inner["above"].as_array().unwrap().iter().map(|row| &row["prefix"]).collect();
    assert_eq!(above, [&json!("10.0.0.0/8"), &json!("10.0.0.0/16")]);
    assert_eq!(inner["items"][0]["utilisation"], json!(50.0), "127 of 254 hosts");
    for (search, found) in [("10.0.1.77", 3), ("10.0.0.0/16", 4), ("2001:db8::1", 1), ("nothing", 0)] {
        let tree = read(&admin, &format!("prefix-tree?q={search}")).await;
        assert_eq!(lines(&tree).len(), found, "{search}: {tree}");
    }
    for wrong in ["limit=0", "limit=501", "cursor=x", "vfr=x", "parent=x"] {
        let (status, _) = admin.get(&format!("{AT}/prefix-tree?{wrong}")).await;
        assert!(status.is_client_error(), "{wrong}: {status}");
    }

    take(&admin, &ids["10.0.0.0/16"], &ids["10.0.0.0/24"]).await;
}

/// Prefixes and addresses in one step.
async fn take(admin: &Principal<'_>, container: &str, network: &str) {
    let prefixes = format!("{AT}/prefixes/{container}/available-prefixes");
    let (_, free) = admin.get(&prefixes).await;
    assert_eq!(free["items"][0], json!({"prefix": "10.0.2.0/23"}));
    let (status, taken) = admin.post(&prefixes, &json!({"prefix_length": 24, "description": "new"})).await;
    assert_eq!((status, &taken["prefix"]), (StatusCode::CREATED, &json!("10.0.2.0/24")), "{taken}");
    let (_, many) = admin.post(&prefixes, &json!([{"prefix_length": 25}, {"prefix_length": 25}])).await;
    assert_eq!(
        (&many["items"][0]["prefix"], &many["items"][1]["prefix"]),
        (&json!("10.0.3.0/25"), &json!("10.0.3.128/25"))
    );
    let addresses = format!("{AT}/prefixes/{network}/available-ips");
    let (_, free) = admin.get(&format!("{addresses}?limit=2")).await;
    assert_eq!(free["items"], json!([{"address": "10.0.0.128/24"}, {"address": "10.0.0.129/24"}]));
    let (status, taken) = admin.post(&addresses, &json!({"dns_name": "a.example"})).await;
    assert_eq!((status, &taken["address"]), (StatusCode::CREATED, &json!("10.0.0.128/24")), "{taken}");
    for (path, body, status, what) in [
        (&prefixes, json!({}), StatusCode::UNPROCESSABLE_ENTITY, "required"),
        (&prefixes, json!({"prefix_length": 33}), StatusCode::UNPROCESSABLE_ENTITY, "range"),
        (&prefixes, json!({"prefix_length": 16}), StatusCode::CONFLICT, "exhausted"),
        (&prefixes, json!({"prefix_length": 24, "vrf": null}), StatusCode::UNPROCESSABLE_ENTITY, "decided"),
        (&addresses, json!({"status": "nonsense"}), StatusCode::UNPROCESSABLE_ENTITY, "invalid_choice"),
        (&addresses, json!([]), StatusCode::BAD_REQUEST, "bad-request"),
    ] {
        let (got, problem) = admin.post(path, &body).await;
        assert_eq!(got, status, "{body}: {problem}");
        if what != "invalid_choice" {
            assert_eq!(code(&problem), what, "{body}: {problem}");
        }
    }
    let group = make(admin, "vlan-groups", json!({"name": "G", "slug": "g", "vid_ranges": [[10, 11]]})).await;
    let vlans = format!("{AT}/vlan-groups/{group}/available-vlans");
    for (name, status) in [("a", 201), ("b", 201), ("c", 409)] {
        let (got, body) = admin.post(&vlans, &json!({"name": name})).await;
        assert_eq!(got.as_u16(), status, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_takes_nothing() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let prefix = make(&admin, "prefixes", json!({"prefix": "10.0.0.0/24"})).await;
    let customer = admin.create("/api/v1/platform/tenants", &json!({"name": "Acme", "slug": "acme"})).await;
    admin.add_user("looker", "viewer").await;
    let viewer = server.login("looker", crate::server::PASSWORD).await;
    let (status, _) = viewer.get(&format!("{AT}/prefixes/{prefix}/available-ips")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, problem) = viewer.post(&format!("{AT}/prefixes/{prefix}/available-ips"), &json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    // Another tenant does not see that it exists.
    let mut other = server.admin().await;
    other.tenant = Some(customer);
    for path in ["available-ips", "available-prefixes"] {
        let (status, body) = other.get(&format!("{AT}/prefixes/{prefix}/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    }
    let (_, tree) = other.get(&format!("{AT}/prefix-tree")).await;
    assert_eq!(lines(&tree), Vec::<String>::new());
}

struct Site {
    site: String,
    rack: String,
}

/// A site with a rack of ten units, and types of two units, of one shallow unit, and without height.
async fn site(admin: &Principal<'_>) -> Site {
    let site = make(admin, "sites", json!({"name": "AMS 1", "slug": "ams1"})).await;
    let rack = make(admin, "racks", json!({"name": "R01", "site": site, "u_height": 10})).await;
    make(admin, "manufacturers", json!({"name": "Acme", "slug": "acme"})).await;
    for (slug, height, deep) in [("two", json!(2), true), ("flat", json!(1), false), ("zero", json!(0), true)]
    {
        let body = json!({"manufacturer": {"slug": "acme"}, "model": slug, "slug": slug, "u_height": height, "is_full_depth": deep});
        make(admin, "device-types", body).await;
    }
    make(admin, "device-roles", json!({"name": "Switch", "slug": "switch", "color": "2196f3"})).await;
    Site { site, rack }
}

impl Site {
    fn device(&self, name: &str, kind: &str, place: &Value) -> Value {
        let mut body = json!({
            "name": name, "site": self.site, "role": {"slug": "switch"}, "device_type": {"slug": kind},
            "rack": self.rack,
        });
        body.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        body
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rack_has_each_unit_once() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = site(&admin).await;
    let at = |position: f64, face: &str| json!({"position": position, "face": face});
    let two = make(&admin, "devices", site.device("two", "two", &at(3.0, "front"))).await;
    make(&admin, "devices", site.device("front", "flat", &at(1.0, "front"))).await;
    let rear = make(&admin, "devices", site.device("rear", "flat", &at(1.0, "rear"))).await;
    make(&admin, "devices", site.device("strip", "zero", &json!({}))).await;
    for (kind, place, wrong) in [
        ("two", at(4.0, "front"), "occupied"),
        ("flat", at(3.0, "rear"), "occupied"),
        ("flat", at(1.5, "front"), "occupied"),
        ("two", at(10.0, "front"), "outside"),
        ("flat", at(11.0, "front"), "outside"),
        ("zero", at(7.0, "front"), "no_height"),
    ] {
        let (status, problem) = admin.post(&format!("{AT}/devices"), &site.device("x", kind, &place)).await;
        assert_eq!(
            (status, code(&problem)),
            (StatusCode::UNPROCESSABLE_ENTITY, wrong),
            "{kind} {place}: {problem}"
        );
        assert_eq!(problem["errors"][0]["pointer"], "/position");
    }
    // Two in one write collide as well, and none of them is left.
    let both = json!([site.device("p", "two", &at(6.0, "front")), site.device("q", "two", &at(7.0, "rear"))]);
    let (status, problem) = admin.post(&format!("{AT}/devices"), &both).await;
    assert_eq!((status, code(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "occupied"));

    let moved = |id: &str| format!("{AT}/devices/{id}");
    let (status, problem) = admin.call(Method::PATCH, &moved(&rear), Some(&at(4.0, "rear"))).await;
    assert_eq!((status, code(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "occupied"));
    let (status, _) = admin.call(Method::PATCH, &moved(&rear), Some(&at(5.5, "rear"))).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = admin.call(Method::PATCH, &moved(&two), Some(&at(4.0, "front"))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "4 to 5.5 would meet the one at 5.5");

    let user = admin.get("/api/v1/me").await.1["user"]["id"].clone();
    let held =
        |units: Value| json!({"rack": site.rack, "units": units, "user": user, "description": "spare"});
    make(&admin, "rack-reservations", held(json!([8, 9]))).await;
    for (units, wrong) in [(json!([9]), "reserved"), (json!([11]), "outside")] {
        let (_, problem) = admin.post(&format!("{AT}/rack-reservations"), &held(units)).await;
        assert_eq!(code(&problem), wrong, "{problem}");
    }
    let rack = format!("{AT}/racks/{}", site.rack);
    let (_, problem) = admin.call(Method::PATCH, &rack, Some(&json!({"u_height": 4}))).await;
    assert_eq!((code(&problem), problem["errors"][0]["pointer"].as_str()), ("in_use", Some("/u_height")));
    elevation(&admin, &site, &two).await;

    let other = make(&admin, "sites", json!({"name": "AMS 2", "slug": "ams2"})).await;
    let (status, _) = admin.call(Method::PATCH, &rack, Some(&json!({"site": other}))).await;
    assert_eq!(status, StatusCode::OK);
    let device = read(&admin, &format!("devices/{two}")).await;
    assert_eq!(device["site"]["id"], json!(other), "what is in a rack moves with it");
    let (_, problem) = admin.post(&format!("{AT}/devices"), &site.device("y", "zero", &json!({}))).await;
    assert_eq!(code(&problem), "other_site", "{problem}");
}

async fn elevation(admin: &Principal<'_>, site: &Site, two: &str) {
    let front = read(admin, &format!("racks/{}/elevation", site.rack)).await;
    let units = front["units"].as_array().unwrap();
    assert_eq!((units.len(), &units[0]["name"], &units[19]["name"]), (20, &json!("U10.5"), &json!("U1")));
    let seen = |elevation: &Value, name: &str| {
        let unit =
            elevation["units"].as_array().unwrap().iter().find(|unit| unit["name"] == name).unwrap().clone();
        (unit["device"].as_str().map(str::to_owned), unit["reservation"].is_string())
    };
    assert_eq!(seen(&front, "U4.5"), (Some(two.to_owned()), false));
    assert_eq!(seen(&front, "U5.5"), (None, false), "that one is behind");
    assert_eq!(seen(&front, "U8"), (None, true));
    let rear = read(admin, &format!("racks/{}/elevation?face=rear", site.rack)).await;
    assert_eq!(seen(&rear, "U4.5"), (Some(two.to_owned()), false), "one sees its back");
    assert!(seen(&rear, "U5.5").0.is_some());
    let used = &front["utilisation"];
    assert_eq!(
        (&used["units"], &used["units_used"], &used["units_reserved"]),
        (&json!(10), &json!(4.0), &json!(2.0))
    );
    assert_eq!(front["devices"].as_array().unwrap().len(), 4);
    let (status, _) = admin.get(&format!("{AT}/racks/{}/elevation?face=top", site.rack)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let svg = read(admin, &format!("racks/{}/elevation.svg?face=rear&theme=dark", site.rack)).await;
    assert!(svg.as_str().unwrap().starts_with("<svg xmlns="), "{svg}");
}

/// Ports of two panels of four positions that are joined, with devices at both ends.
struct Panels {
    a: [String; 2],
    b: String,
    fronts: [Vec<String>; 2],
    rears: [String; 2],
}

async fn panels(admin: &Principal<'_>, site: &Site) -> Panels {
    let mut devices = Vec::new();
    for name in ["a", "b", "p1", "p2"] {
        devices.push(make(admin, "devices", site.device(name, "zero", &json!({}))).await);
    }
    let port = async |device: &String, name: &str| {
        make(admin, "interfaces", json!({"device": device, "name": name, "type": "1000base-t"})).await
    };
    let (mut fronts, mut rears) = ([Vec::new(), Vec::new()], Vec::new());
    for (panel, fronts) in devices[2..].iter().zip(&mut fronts) {
        let rear =
            make(admin, "rear-ports", json!({"device": panel, "name": "r", "type": "mpo", "positions": 4}))
                .await;
        for at in 1..=2 {
            let front = json!({"device": panel, "name": format!("f{at}"), "type": "lc"});
            let front = make(admin, "front-ports", front).await;
            let mapping =
                json!({"front_port": front, "front_position": 1, "rear_port": rear, "rear_position": at});
            make(admin, "port-mappings", mapping).await;
            fronts.push(front);
        }
        rears.push(rear);
    }
    let rears: [String; 2] = rears.try_into().unwrap();
    Panels {
        a: [port(&devices[0], "e0").await, port(&devices[0], "e1").await],
        b: port(&devices[1], "e0").await,
        fronts,
        rears,
    }
}

async fn cable(admin: &Principal<'_>, a: (&str, &str), b: (&str, &str)) -> String {
    let cable = make(admin, "cables", json!({"label": "c", "color": "ff0000"})).await;
    for (side, (model, id)) in [("A", a), ("B", b)] {
        let end = json!({"cable": cable, "cable_end": side, "termination": {"type": format!("inventory.{model}"), "id": id}});
        make(admin, "cable-terminations", end).await;
    }
    cable
}

#[tokio::test(flavor = "multi_thread")]
async fn where_cables_lead() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = site(&admin).await;
    let Panels { a, b, fronts, rears } = panels(&admin, &site).await;
    let trace = async |path: String| read(&admin, &format!("{path}/trace")).await;
    let flags = |trace: &Value| ["complete", "split", "cut"].map(|flag| trace[flag].as_bool().unwrap());
    let count = |trace: &Value, what: &str| trace[what].as_array().unwrap().len();

    let alone = trace(format!("interfaces/{}", a[0])).await;
    assert_eq!((flags(&alone), count(&alone, "ports")), ([false, false, false], 1));
    let trunk = cable(&admin, ("rear_port", &rears[0]), ("rear_port", &rears[1])).await;
    // Panels that lead to nothing: from a front port through both.
    let empty = trace(format!("front-ports/{}", fronts[0][1])).await;
    assert_eq!(
        (flags(&empty), count(&empty, "ports"), count(&empty, "open")),
        ([false, false, false], 4, 2),
        "{empty}"
    );
    let whole = trace(format!("cables/{trunk}")).await;
    assert_eq!(
        (flags(&whole), count(&whole, "ports")),
        ([false, true, false], 6),
        "every front port: {whole}"
    );

    cable(&admin, ("interface", &a[0]), ("front_port", &fronts[0][1])).await;
    cable(&admin, ("front_port", &fronts[1][1]), ("interface", &b)).await;
    let path = trace(format!("interfaces/{}", a[0])).await;
    assert_eq!(
        (flags(&path), count(&path, "cables"), count(&path, "passes")),
        ([true, false, false], 3, 2),
        "{path}"
    );
    let end = path["ports"].as_array().unwrap().iter().find(|port| port["id"] == json!(b)).unwrap();
    assert_eq!((&end["step"], &end["at"]["display"]), (&json!(3), &json!("b")));
    assert_eq!(path["cables"][0]["color"], "ff0000");
    let back = trace(format!("front-ports/{}", fronts[0][1])).await;
    let steps: Vec<i64> =
        back["ports"].as_array().unwrap().iter().filter_map(|port| port["step"].as_i64()).collect();
    assert_eq!(
        (flags(&back), steps.iter().min(), steps.iter().max()),
        ([true, false, false], Some(&-2), Some(&1)),
        "{back}"
    );
    let (status, _) = admin.get(&format!("{AT}/interfaces/{}/trace", rears[0])).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "that is a rear port");
}
