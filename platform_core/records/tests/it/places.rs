//! Trees, numbers, counts, generic references, conditions on what references lead to, and the kinds
//! of fields that places need.

use serde_json::{Value, json};

use crate::world::World;

const REGIONS: &str = "/api/v1/lab/regions";
const RACKS: &str = "/api/v1/lab/racks";

async fn region(world: &World, slug: &str, parent: Option<&str>) -> String {
    let body = json!({"name": slug, "slug": slug, "parent": parent});
    world.post(REGIONS, body).await.expect(201).id()
}

#[tokio::test]
async fn a_tree_has_no_circles_and_is_asked_as_a_whole() {
    let world = World::new().await;
    let world_region = region(&world, "world", None).await;
    let emea = region(&world, "emea", Some(&world_region)).await;
    let ams = region(&world, "ams", Some(&emea)).await;
    let apac = region(&world, "apac", Some(&world_region)).await;
    for (what, parent) in [(&emea, &emea), (&emea, &ams), (&world_region, &ams)] {
        let answer = world.patch(&format!("{REGIONS}/{what}"), json!({"parent": parent})).await.expect(422);
        assert_eq!(answer.faults(), ["/parent circle"]);
    }
    world.patch(&format!("{REGIONS}/{ams}"), json!({"parent": apac})).await.expect(200);
    world.patch(&format!("{REGIONS}/{ams}"), json!({"parent": emea})).await.expect(200);
    for (name, place) in [("r1", &ams), ("r2", &emea), ("r3", &apac)] {
        world.post(RACKS, json!({"name": name, "region": place})).await.expect(201);
    }
    for (query, names) in [
        ("region.slug=emea", vec!["r2"]),
        ("region.slug__below=emea", vec!["r1", "r2"]),
        ("region.slug__below=world&region.slug__ne=apac", vec!["r1", "r2"]),
        ("region.slug__below=emea&region.slug__below=apac", vec!["r1", "r2", "r3"]),
        ("region.parent.slug__in=emea,world", vec!["r1", "r2", "r3"]),
        ("region.parent.slug=none", vec![]),
    ] {
        assert_eq!(world.get(&format!("{RACKS}?{query}")).await.expect(200).column("name"), names, "{query}");
    }
    for (query, word) in [
        ("region.nme=x", "Did you mean `name`"),
        ("regio.name=x", "Did you mean `region`"),
        ("region.slug__under=emea", "cannot be compared by"),
        ("name__below=x", "cannot be compared by"),
        ("region.parent.parent.parent.parent.slug=x", "go through"),
        (".slug=x", "go through"),
    ] {
        let answer = world.get(&format!("{RACKS}?{query}")).await.expect(400);
        assert!(answer.text.contains(word), "{query}: {}", answer.text);
    }
    let counted = world.get(&format!("{REGIONS}?sort=slug")).await.expect(200);
    assert_eq!(counted.column("racks"), [1, 1, 1, 0], "ams, apac, emea, world");
    let moved = world.patch(&format!("{REGIONS}/{emea}"), json!({"name": "EMEA"})).await.expect(200);
    assert_eq!(moved.body["racks"], 1);
    let history = world.get(&format!("{REGIONS}/{emea}/history")).await.expect(200);
    let changes = history.body["items"][0]["changes"].as_object().expect("changes");
    assert_eq!(changes.keys().collect::<Vec<_>>(), ["name"], "a count is no change: {}", history.text);
    let operations = json!([{"op": "update", "id": emea, "data": {"name": "E"}}, {"op": "update", "id": ams, "data": {"name": "A"}}]);
    let batch = format!("{REGIONS}/actions/batch");
    let both = world.post(&batch, json!({"operations": operations})).await.expect(200);
    let racks: Vec<&Value> = (0..2).map(|at| &both.body["results"][at]["record"]["racks"]).collect();
    assert_eq!(racks, [1, 1], "{}", both.text);
    world.delete(&format!("{REGIONS}/{ams}")).await.expect(409);
}

#[tokio::test]
async fn numbers_are_unique_in_the_tenant_and_never_used_again() {
    let world = World::new().await;
    let first = world.post(REGIONS, json!({"name": "a", "slug": "a"})).await.expect(201);
    assert_eq!(first.body["number"], 1);
    let many: Vec<Value> =
        (0..150).map(|n| json!({"name": n.to_string(), "slug": format!("s{n}")})).collect();
    let made = world.post(REGIONS, json!(many)).await.expect(201);
    let numbers: Vec<i64> = made.column("number").iter().filter_map(Value::as_i64).collect();
    assert_eq!(numbers, (2..=151).collect::<Vec<i64>>(), "in the order sent");
    let path = format!("{REGIONS}/{}", first.id());
    world.delete(&path).await.expect(204);
    let next = world.post(REGIONS, json!({"name": "a", "slug": "a"})).await.expect(201);
    assert!(next.body["number"].as_i64() > Some(151), "{}", next.text);
    assert_eq!(
        world.post(REGIONS, json!({"name": "b", "slug": "b", "number": 5})).await.expect(422).faults(),
        ["/number read_only"]
    );
    let foreign = world.foreign();
    let other = world.send_as(&foreign, http::Method::POST, REGIONS, json!({"name": "a", "slug": "a"})).await;
    assert_eq!(other.expect(201).body["number"], 1, "every tenant counts for itself");
    let found = world.get(&format!("{REGIONS}?number=7")).await.expect(200);
    assert_eq!(found.column("slug"), ["s5"]);
    let rack = world.post(RACKS, json!({"name": "by number", "region": {"number": 7}})).await.expect(201);
    assert_eq!(rack.body["region"]["display"], "5");

    let ctx = world.ctx();
    let mut tx = ctx
        .write(ctx.authorize(kit::Permission::new("lab/regions", kit::Act::Write)).unwrap())
        .await
        .unwrap();
    // Some with their own number and some without, in one transaction.
    let both =
        [json!({"name": "kept", "slug": "kept", "number": 5000}), json!({"name": "new", "slug": "new"})];
    let both = both.iter().map(|record| record.as_object().unwrap().clone()).collect();
    let made = world.engine.insert(&mut tx, &crate::models::REGION, both).await.unwrap();
    assert_eq!((&made[0]["number"], &made[1]["number"]), (&json!(5000), &json!(5001)));
    tx.commit().await.unwrap();
    let after = world.post(REGIONS, json!({"name": "z", "slug": "z"})).await.expect(201);
    assert_eq!(after.body["number"], 5002);
}

#[tokio::test]
async fn a_generic_reference_leads_to_one_of_several_models() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let emea = region(&world, "emea", None).await;
    let rack =
        async |name: &str, place: Value| world.post(RACKS, json!({"name": name, "stands_in": place})).await;
    let made = rack("a", json!({"type": "lab.site", "id": site})).await.expect(201);
    assert_eq!(made.body["stands_in"], json!({"type": "lab.site", "id": site, "display": "Lab"}));
    rack("b", json!({"type": "lab.region", "slug": "emea"})).await.expect(201);
    rack("c", Value::Null).await.expect(201);
    for (place, fault) in [
        (json!({"type": "lab.key", "id": site}), "/stands_in invalid_choice"),
        (json!({"id": site}), "/stands_in invalid_choice"),
        (json!(site), "/stands_in wrong_type"),
        (json!({"type": "lab.region", "id": site}), "/stands_in not_found"),
        (json!({"type": "lab.site"}), "/stands_in required"),
    ] {
        assert_eq!(rack("d", place.clone()).await.expect(422).faults(), [fault], "{place}");
    }
    for (query, names) in [
        (format!("stands_in_id={site}"), vec!["a"]),
        ("stands_in_type=lab.region".to_owned(), vec!["b"]),
        ("stands_in_id__isnull=true".to_owned(), vec!["c"]),
    ] {
        assert_eq!(world.get(&format!("{RACKS}?{query}")).await.expect(200).column("name"), names, "{query}");
    }
    let path = format!("{REGIONS}/{emea}");
    let answer = world.delete(&path).await.expect(409);
    assert!(answer.text.contains("1 racks (Stands in)"), "{}", answer.text);
}

#[tokio::test]
async fn rules_look_at_other_records() {
    let world = World::new().await;
    let (blue, closed) = (region(&world, "0000ff", None).await, region(&world, "closed", None).await);
    let racks = json!([{"name": "a", "region": blue}, {"name": "b", "region": blue, "color": "ffffff"}]);
    let made = world.post(RACKS, racks).await.expect(201);
    assert_eq!(made.column("color"), ["0000ff", "ffffff"]);
    let racks = json!([{"name": "c", "region": blue}, {"name": "d", "region": closed}]);
    assert_eq!(world.post(RACKS, racks).await.expect(422).faults(), ["/1/region closed"]);
    let place = json!({"type": "lab.region", "id": blue});
    let twice = json!([{"name": "e", "stands_in": place}, {"name": "e", "stands_in": place}]);
    assert_eq!(world.post(RACKS, twice).await.expect(422).faults(), ["/1/name not_unique"]);
    world.post(RACKS, json!({"name": "e", "stands_in": place})).await.expect(201);
    let again = json!([{"name": "f"}, {"name": "E", "stands_in": place}]);
    assert_eq!(world.post(RACKS, again).await.expect(422).faults(), ["/1/name not_unique"]);
}

#[tokio::test]
async fn values_have_one_stored_form() {
    let world = World::new().await;
    let made = world
        .post(RACKS, json!({
            "name": "a", "weight": 12.5, "bought": "2026-02-28", "color": "AbCdEf", "mac": "001a.2b3C.4d5e",
            "units": [3, 1, 2], "address": "192.0.2.1/24",
        }))
        .await
        .expect(201);
    for (field, value) in [
        ("weight", json!(12.5)),
        ("bought", json!("2026-02-28")),
        ("color", json!("abcdef")),
        ("mac", json!("00:1A:2B:3C:4D:5E")),
        ("units", json!([3, 1, 2])),
        ("address", json!("192.0.2.1/24")),
    ] {
        assert_eq!(made.body[field], value);
    }
    let bad = json!({
        "name": "b", "weight": 12.345, "bought": "2026-02-30", "color": "red", "mac": "00:11", "units": [0],
        "address": "192.0.2.256/24",
    });
    assert_eq!(
        world.post(RACKS, bad).await.expect(422).faults(),
        [
            "/address invalid",
            "/bought invalid",
            "/color invalid",
            "/mac invalid",
            "/units/0 out_of_range",
            "/weight too_precise"
        ]
    );
    let hosts = [("b", "192.0.2.1/32"), ("c", "192.0.3.1/24"), ("d", "2001:db8::1/64")];
    for (name, address) in hosts {
        world.post(RACKS, json!({"name": name, "address": address})).await.expect(201);
    }
    for (query, names) in [
        ("address=192.0.2.1", vec!["a", "b"]),
        ("address=192.0.2.1/24", vec!["a"]),
        ("address__within=192.0.2.0/23", vec!["a", "b", "c"]),
        ("address__ne=192.0.2.1/24", vec!["b", "c", "d"]),
        ("weight__gt=12", vec!["a"]),
        ("bought__lt=2026-03-01", vec!["a"]),
        ("units__contains=2", vec!["a"]),
        ("q=2001:db8", vec!["d"]),
        ("name__endswith=A", vec!["a"]),
        ("name__iexact=A", vec!["a"]),
        ("name__iregex=^[AB]$", vec!["a", "b"]),
        ("name__regex=^[AB]$", vec![]),
        ("mac__startswith=00:1a", vec!["a"]),
    ] {
        assert_eq!(world.get(&format!("{RACKS}?{query}")).await.expect(200).column("name"), names, "{query}");
    }
    let sorted = world.get(&format!("{RACKS}?sort=-address&limit=2")).await.expect(200);
    assert_eq!(sorted.column("name"), ["d", "c"]);
    let next = sorted.body["next_cursor"].as_str().expect("a next page");
    let rest = world.get(&format!("{RACKS}?sort=-address&limit=2&cursor={next}")).await.expect(200);
    assert_eq!(rest.column("name").len(), 2);
}

#[tokio::test]
async fn case_matters_where_the_model_says_so() {
    let world = World::new().await;
    region(&world, "a", None).await;
    region(&world, "A", None).await;
    let twice = world.post(REGIONS, json!({"name": "other", "slug": "a"})).await.expect(422);
    assert_eq!(twice.faults(), ["/slug not_unique"]);
    let twice = world.post(REGIONS, json!({"name": "a", "slug": "other"})).await.expect(422);
    assert_eq!(twice.faults(), ["/name not_unique"], "also without a parent");
    assert_eq!(world.get(&format!("{REGIONS}?slug=A")).await.expect(200).column("name"), ["A"]);
    assert_eq!(
        world.get(&format!("{REGIONS}?slug__iexact=A&sort=slug")).await.expect(200).column("name"),
        ["A", "a"]
    );
}
