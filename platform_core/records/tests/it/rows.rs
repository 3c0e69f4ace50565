//! What somebody sees and does whose rights are limited to some records.

use std::sync::Arc;

use http::{Method, Request};
use kit::records::{Ask, Where, Write};
use kit::rows::{RowGrant, Rows};
use kit::{Actor, Ctx, OpKind, PermSet, Permission, PermissionObject, PermissionRegistry, Records};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::models::{ALL, DEVICE, RACK, SITE};
use crate::world::{World, all_rights};

const SITES: &str = "/api/v1/lab/sites";
const DEVICES: &str = "/api/v1/lab/devices";

/// A user with object permissions and no roles.
fn limited(world: &World, grants: &[(&str, &[&str], Value)]) -> Ctx {
    let objects = all_rights();
    let objects = objects.iter().map(|right| PermissionObject { object: right.object, title: "" });
    let registry = PermissionRegistry::new(objects).with_models(ALL.iter().copied());
    let mut set = PermSet::none(Arc::new(registry));
    let actions: Vec<Vec<String>> = grants
        .iter()
        .map(|(_, actions, _)| actions.iter().map(|action| (*action).to_owned()).collect())
        .collect();
    let grants = grants.iter().zip(&actions).map(|((model, _, constraint), actions)| RowGrant {
        model,
        actions,
        constraint: (!constraint.is_null()).then_some(constraint),
    });
    set.open(Rows::new(grants));
    world.database.ctx_with(world.tenant, Actor::User(Uuid::now_v7()), Arc::new(set), OpKind::Request)
}

/// Two sites with a device each: the ids of the devices.
async fn two(world: &World) -> [String; 2] {
    let (berlin, bonn) = (world.site("Berlin").await, world.site("Bonn").await);
    let id = |device: Value| device["id"].as_str().expect("an id").to_owned();
    [id(world.device(&berlin, "r1").await), id(world.device(&bonn, "r2").await)]
}

async fn get(world: &World, ctx: &Ctx, path: &str) -> crate::world::Answer {
    world.send_as(ctx, Method::GET, path, Value::Null).await
}

#[tokio::test]
async fn what_is_hidden_is_found_by_no_read() {
    let world = World::new().await;
    let [shown, hidden] = two(&world).await;
    world.patch(&format!("{DEVICES}/{shown}"), json!({"backup_of": hidden})).await.expect(200);
    let ctx = limited(
        &world,
        &[
            ("lab.device", &["view"], json!({"site__name": "Berlin"})),
            ("lab.site", &["view"], json!([{"name": "Berlin"}, {"name": "Potsdam"}])),
        ],
    );
    for query in ["", "&q=r", "&sort=-name", "&name__startswith=r", "&limit=1"] {
        let list = get(&world, &ctx, &format!("{DEVICES}?count=exact{query}")).await.expect(200);
        assert_eq!((list.column("name"), &list.body["total"]), (vec![json!("r1")], &json!(1)), "{query}");
        assert_eq!(list.body["next_cursor"], Value::Null, "{query}");
    }
    // Neither by what it is like, nor through what refers to it.
    for query in [format!("id={hidden}"), "name=r2".to_owned(), "backup_of.name=r2".to_owned()] {
        let list = get(&world, &ctx, &format!("{DEVICES}?count=exact&{query}")).await.expect(200);
        assert_eq!(list.body["total"], json!(0), "{query}");
    }
    for format in ["csv", "json", "ndjson"] {
        let text =
            get(&world, &ctx, &format!("{DEVICES}?format={format}&fields=name")).await.expect(200).text;
        assert!(text.contains("r1") && !text.contains("r2"), "{text}");
    }
    get(&world, &ctx, &format!("{DEVICES}/{shown}")).await.expect(200);
    get(&world, &ctx, &format!("{DEVICES}/{shown}/history")).await.expect(200);
    let absent = "0193a0c4-0000-7000-8000-000000000009";
    for rest in ["", "/history"] {
        let none = get(&world, &ctx, &format!("{DEVICES}/{absent}{rest}")).await.expect(404);
        assert_eq!(get(&world, &ctx, &format!("{DEVICES}/{hidden}{rest}")).await.expect(404).text, none.text);
    }
    let meta = get(&world, &ctx, "/api/v1/meta/models").await.expect(200);
    assert_eq!(meta.body["models"].as_array().map(Vec::len), Some(2), "{}", meta.text);
    get(&world, &ctx, "/api/v1/lab/racks").await.expect(403);

    // As products and doors read.
    let records: &dyn Records = &world.engine;
    let ask = Ask { count: true, ..Ask::default() };
    let found = records.find(&ctx, &DEVICE, &ask).await.expect("found");
    assert_eq!((found.records.len(), found.total), (1, Some(1)));
    let by_device = Where::Back {
        model: "lab.device",
        field: "site".to_owned(),
        then: Box::new(Where::is("name", "eq", "r2")),
    };
    let bonn = records.find(&world.ctx(), &SITE, &Ask { filter: by_device.clone(), ..Ask::default() }).await;
    assert_eq!(bonn.expect("found").records.len(), 1);
    let none = records.find(&ctx, &SITE, &Ask { filter: by_device, ..Ask::default() }).await;
    assert_eq!(none.expect("found").records.len(), 0);
}

#[tokio::test]
async fn the_past_is_limited_by_what_was_then() {
    let world = World::new().await;
    let [_, moved] = two(&world).await;
    let ctx = limited(&world, &[("lab.device", &["view"], json!({"site__name": "Berlin"}))]);
    let mut tx = world.ctx().read().await.expect("a transaction");
    let before: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(tx.conn()).await.expect("the time");
    drop(tx);
    let before = before.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    world.patch(&format!("{DEVICES}/{moved}"), json!({"site": {"name": "Berlin"}})).await.expect(200);
    let list = get(&world, &ctx, &format!("{DEVICES}?as_of={before}&count=exact")).await.expect(200);
    assert_eq!((list.column("name"), &list.body["total"]), (vec![json!("r1")], &json!(1)));
    get(&world, &ctx, &format!("{DEVICES}/{moved}?as_of={before}")).await.expect(404);
    get(&world, &ctx, &format!("{DEVICES}/{moved}")).await.expect(200);
}

#[tokio::test]
async fn writes_stay_within_what_is_open() {
    let world = World::new().await;
    let [own, hidden] = two(&world).await;
    let berlin = json!({"site__name": "Berlin"});
    let ctx = limited(
        &world,
        &[
            ("lab.device", &["view", "add", "change", "delete"], berlin),
            ("lab.site", &["view"], json!({"name": "Berlin"})),
        ],
    );
    let sites = world.get(&format!("{SITES}?sort=name")).await.expect(200);
    let site = |at: usize| sites.body["items"][at]["id"].clone();
    let before = world.rows("device").await;
    let send =
        async |method: Method, path: String, body: Value| world.send_as(&ctx, method, &path, body).await;
    let inside = json!({"name": "new", "site": site(0)});
    let outside = json!({"name": "new", "site": site(1)});
    for (body, faults) in [
        (outside.clone(), vec![" not_permitted"]),
        (json!([inside, {"name": "other", "site": site(1)}]), vec!["/1 not_permitted"]),
    ] {
        let refused = send(Method::POST, DEVICES.to_owned(), body).await.expect(403);
        assert_eq!((refused.faults(), &refused.body["code"]), (faults_of(&faults), &json!("not-permitted")));
    }
    send(Method::POST, format!("{DEVICES}?dry_run=true"), outside).await.expect(403);
    // By its name a site that is hidden is not there.
    let named = json!({"name": "new", "site": {"name": "Bonn"}});
    let refused = send(Method::POST, DEVICES.to_owned(), named).await.expect(422);
    assert_eq!(refused.faults(), ["/site not_found"]);

    let own_path = format!("{DEVICES}/{own}");
    send(Method::PATCH, own_path.clone(), json!({"comments": "mine"})).await.expect(200);
    send(Method::PATCH, own_path.clone(), json!({"site": site(1)})).await.expect(403);
    let hidden_path = format!("{DEVICES}/{hidden}");
    for (method, body) in [(Method::PATCH, json!({"comments": "x"})), (Method::DELETE, Value::Null)] {
        send(method, hidden_path.clone(), body).await.expect(404);
    }
    let patch = Request::builder().method(Method::PATCH).uri(&hidden_path).header("if-match", "\"v9\"");
    let patch = patch.header("content-type", "application/json").body("{}".into()).expect("a request");
    world.raw(&ctx, patch).await.expect(404);

    let batch = |operations: Value| json!({"operations": operations, "atomic": true});
    let actions = format!("{DEVICES}/actions/batch");
    let update = |id: &str| json!({"op": "update", "id": id, "data": {"comments": "x"}});
    send(Method::POST, actions.clone(), batch(json!([update(&own), update(&hidden)]))).await.expect(404);
    let delete = batch(json!([{"op": "delete", "id": hidden}]));
    send(Method::POST, actions, delete).await.expect(404);
    let import = json!([{"id": hidden, "comments": "x"}]);
    let refused = send(Method::POST, format!("{DEVICES}/actions/import"), import).await.expect(422);
    assert_eq!(refused.body["errors"][0]["errors"][0]["code"], json!("not_found"), "{}", refused.text);
    let import = json!([{"id": own, "site": site(1)}]);
    send(Method::POST, format!("{DEVICES}/actions/import"), import).await.expect(403);

    let records: &dyn Records = &world.engine;
    let fields = json!({"site": site(1)}).as_object().cloned().unwrap_or_default();
    let id: Uuid = own.parse().expect("an id");
    let write = Write::Change { id, expect: None, fields, replace: false };
    let refused = records.write(&ctx, &DEVICE, vec![write]).await.expect_err("it would leave");
    assert_eq!((refused.status.as_u16(), refused.code), (403, "not-permitted"));

    assert_eq!(world.rows("device").await, before);
    let kept = world.get(&own_path).await.expect(200).body;
    assert_eq!((&kept["site"]["display"], &kept["comments"]), (&json!("Berlin"), &json!("mine")));
    assert_eq!(world.get(&hidden_path).await.expect(200).body["comments"], Value::Null);
    send(Method::DELETE, own_path, Value::Null).await.expect(204);
    send(Method::POST, DEVICES.to_owned(), json!({"name": "new", "site": site(0)})).await.expect(201);
}

fn faults_of(faults: &[&str]) -> Vec<String> {
    faults.iter().map(|fault| (*fault).to_owned()).collect()
}

#[tokio::test]
async fn who_may_change_need_not_be_able_to_add() {
    let world = World::new().await;
    let [own, hidden] = two(&world).await;
    let ctx = limited(
        &world,
        &[
            ("lab.device", &["view"], Value::Null),
            ("lab.device", &["change"], json!({"site__name": "Berlin"})),
        ],
    );
    assert!(ctx.authorize(Permission::new("lab/devices", kit::Act::Read)).is_ok(), "a plain grant");
    assert!(ctx.authorize(Permission::new("lab/devices", kit::Act::Write)).is_err());
    let body = json!({"comments": "x"});
    let patch =
        async |id: &str| world.send_as(&ctx, Method::PATCH, &format!("{DEVICES}/{id}"), body.clone()).await;
    patch(&own).await.expect(200);
    // It is seen, so that it is no secret that it is there.
    patch(&hidden).await.expect(403);
    world.send_as(&ctx, Method::POST, DEVICES, json!({"name": "x"})).await.expect(403);
    world.send_as(&ctx, Method::DELETE, &format!("{DEVICES}/{own}"), Value::Null).await.expect(403);
}

#[tokio::test]
async fn constraints_fit_their_model_or_are_refused() {
    let world = World::new().await;
    let records: &dyn Records = &world.engine;
    for constraint in [
        json!(null),
        json!({}),
        json!({"name": "a", "weight__gte": 3}),
        json!([{"name__icontains": "a"}, {"region__slug__in": ["a", "b"]}]),
        json!({"region": 5}),
        json!({"region_id__in": [1, 2]}),
        json!({"region__parent__slug__istartswith": "x"}),
        json!({"region": null}),
        json!({"region__isnull": false}),
        json!({"id": "0193a0c4-0000-7000-8000-000000000009"}),
        json!({"weight__range": [1, 2]}),
        json!({"address__net_contained": "10.0.0.0/8"}),
        json!({"cf_anything": "x"}),
        json!({"custom_field_data__anything__gte": 3}),
        json!({"units": 3}),
    ] {
        let checked = records.check_constraint(&RACK, &constraint);
        assert!(checked.is_ok(), "{constraint}: {checked:?}");
    }
    for constraint in [
        json!("x"),
        json!(["x"]),
        json!({"bogus": 1}),
        json!({"name__bogus": 1}),
        json!({"region__bogus": 1}),
        json!({"name__slug": "x"}),
        json!({"name": ["a"]}),
        json!({"name__in": "a"}),
        json!({"name": {"a": 1}}),
        json!({"weight": "heavy"}),
        json!({"weight__range": [1]}),
        json!({"region__parent__parent__parent__parent__parent__parent__slug": "x"}),
    ] {
        let checked = records.check_constraint(&RACK, &constraint);
        assert_eq!(checked.err().map(|problem| problem.status.as_u16()), Some(400), "{constraint}");
    }
    // What no longer fits opens nothing, and the rest still does.
    two(&world).await;
    let constraints = json!([{"name": "r1"}]);
    let ctx = limited(
        &world,
        &[("lab.device", &["view"], json!({"gone": 1})), ("lab.device", &["view"], constraints)],
    );
    assert_eq!(get(&world, &ctx, DEVICES).await.expect(200).column("name"), [json!("r1")]);
}

#[tokio::test]
async fn the_user_in_a_constraint_is_whoever_asks() {
    let world = World::new().await;
    let [own, _] = two(&world).await;
    let ctx = limited(&world, &[("lab.device", &["view"], json!({"owner": "$user"}))]);
    assert!(get(&world, &ctx, DEVICES).await.expect(200).column("name").is_empty());
    let user = ctx.actor().id().expect("a user");
    world.patch(&format!("{DEVICES}/{own}"), json!({"owner": user})).await.expect(200);
    assert_eq!(get(&world, &ctx, DEVICES).await.expect(200).column("name"), [json!("r1")]);
}
