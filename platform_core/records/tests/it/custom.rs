//! Custom fields: definitions, values, what a changed definition does, filters.

use http::Method;
use serde_json::{Value, json};

use crate::world::World;

const FIELDS: &str = "/api/v1/platform/custom-fields";
const SETS: &str = "/api/v1/platform/custom-field-choice-sets";
const RACKS: &str = "/api/v1/lab/racks";

/// Defines a field of racks; its id.
async fn define(world: &World, name: &str, kind: &str, more: Value) -> String {
    let mut body = json!({"name": name, "type": kind, "object_types": ["lab.rack"]});
    let members = body.as_object_mut().expect("an object");
    members.extend(more.as_object().cloned().unwrap_or_default());
    world.post(FIELDS, body).await.expect(201).id()
}

async fn set(world: &World) -> String {
    let body = json!({"name": "Colours", "extra_choices": [["r", "Red"], ["g", "Green"], ["b", "Blue"]]});
    world.post(SETS, body).await.expect(201).id()
}

async fn fields_of(world: &World, rack: &str) -> Value {
    world.get(&format!("{RACKS}/{rack}")).await.expect(200).body["custom_fields"].clone()
}

#[tokio::test]
async fn values_are_checked_kept_and_completed() {
    let world = World::new().await;
    let old = world.post(RACKS, json!({"name": "old"})).await.expect(201).id();
    assert_eq!(fields_of(&world, &old).await, json!({}));
    define(&world, "height", "integer", json!({"default": 42, "validation_maximum": 60})).await;
    define(&world, "note", "text", json!({})).await;
    // Records that were there have the new fields.
    assert_eq!(fields_of(&world, &old).await, json!({"height": 42, "note": null}));
    let new = world.post(RACKS, json!({"name": "new", "custom_fields": {"note": "x"}})).await.expect(201);
    assert_eq!(new.body["custom_fields"], json!({"height": 42, "note": "x"}));
    let path = format!("{RACKS}/{}", new.id());
    // A patch leaves the others as they are.
    let changed = world.patch(&path, json!({"custom_fields": {"height": 10}})).await.expect(200);
    assert_eq!(changed.body["custom_fields"], json!({"height": 10, "note": "x"}));
    let wrong = world.patch(&path, json!({"custom_fields": {"height": 61, "notes": 1}})).await.expect(422);
    assert_eq!(wrong.faults(), ["/custom_fields/height out_of_range", "/custom_fields/notes unknown_field"]);
    assert_eq!(
        world.patch(&path, json!({"custom_fields": []})).await.expect(422).faults(),
        ["/custom_fields wrong_type"]
    );
    // What was read may be sent back.
    let seen = fields_of(&world, &new.id()).await;
    world.patch(&path, json!({"custom_fields": seen})).await.expect(200);
    // Another tenant knows nothing of it.
    let foreign = world.foreign();
    let theirs = world.send_as(&foreign, Method::POST, RACKS, json!({"name": "theirs"})).await.expect(201);
    assert_eq!(theirs.body["custom_fields"], json!({}));
    let history = world.get(&format!("{path}/history")).await.expect(200);
    let change = &history.body["items"][0]["changes"]["custom_fields"];
    assert_eq!((&change["before"]["height"], &change["after"]["height"]), (&json!(42), &json!(10)));
}

#[tokio::test]
async fn required_and_unique_fields() {
    let world = World::new().await;
    define(&world, "contract", "text", json!({"required": true, "unique": true})).await;
    let faults = async |body: Value| world.post(RACKS, body).await.expect(422).faults();
    for fields in [json!({}), json!({"contract": null}), json!({"contract": ""})] {
        assert_eq!(
            faults(json!({"name": "a", "custom_fields": fields})).await,
            ["/custom_fields/contract required"]
        );
    }
    let one = |name: &str, value: &str| json!({"name": name, "custom_fields": {"contract": value}});
    let first = world.post(RACKS, one("a", "C-1")).await.expect(201).id();
    assert_eq!(faults(one("b", "C-1")).await, ["/custom_fields/contract not_unique"]);
    // Two of one write, too; and a record does not stand in its own way.
    let both = world.post(RACKS, json!([one("b", "C-2"), one("c", "C-2")])).await.expect(422);
    assert_eq!(both.faults(), ["/1/custom_fields/contract not_unique"]);
    let path = format!("{RACKS}/{first}");
    world.patch(&path, json!({"custom_fields": {"contract": "C-1"}, "name": "d"})).await.expect(200);
}

#[tokio::test]
async fn references_and_choices() {
    let world = World::new().await;
    let berlin = world.site("Berlin").await;
    let bonn = world.site("Bonn").await;
    define(&world, "home", "object", json!({"related_object_type": "lab.site"})).await;
    define(&world, "homes", "multiobject", json!({"related_object_type": "lab.site"})).await;
    let colours = set(&world).await;
    define(&world, "colour", "select", json!({"choice_set": colours})).await;
    define(&world, "colours", "multiselect", json!({"choice_set": colours})).await;
    let fields = json!({"home": {"name": "Berlin"}, "homes": [bonn, {"id": berlin}], "colour": "r", "colours": ["g", "b"]});
    let rack = world.post(RACKS, json!({"name": "a", "custom_fields": fields})).await.expect(201);
    let site = |id: &str, name: &str| json!({"type": "lab.site", "id": id, "display": name});
    assert_eq!(
        rack.body["custom_fields"],
        json!({"colour": "r", "colours": ["g", "b"], "home": site(&berlin, "Berlin"),
               "homes": [site(&bonn, "Bonn"), site(&berlin, "Berlin")]})
    );
    let path = format!("{RACKS}/{}", rack.id());
    world.patch(&path, json!({"custom_fields": rack.body["custom_fields"]})).await.expect(200);
    let wrong =
        json!({"home": {"name": "Bremen"}, "homes": [berlin, "x"], "colour": "Red", "colours": ["x"]});
    assert_eq!(
        world.patch(&path, json!({"custom_fields": wrong})).await.expect(422).faults(),
        [
            "/custom_fields/colour invalid_choice",
            "/custom_fields/colours invalid_choice",
            "/custom_fields/home not_found",
            "/custom_fields/homes no_reference"
        ]
    );
    // A choice that a record has cannot go; another can. What is gone is not shown.
    let choices = |pairs: Value| json!({"extra_choices": pairs});
    let set = format!("{SETS}/{colours}");
    let kept = world.patch(&set, choices(json!([["r", "Red"], ["b", "Blue"]]))).await.expect(422);
    assert_eq!(kept.faults(), ["/extra_choices in_use"]);
    world.patch(&path, json!({"custom_fields": {"colours": ["b"]}})).await.expect(200);
    world.patch(&set, choices(json!([["r", "Red"], ["b", "Blue"]]))).await.expect(200);
    world.delete(&format!("/api/v1/lab/sites/{bonn}")).await.expect(204);
    let left = fields_of(&world, &rack.id()).await;
    assert_eq!(
        (&left["home"], &left["homes"]),
        (&site(&berlin, "Berlin"), &json!([site(&berlin, "Berlin")]))
    );
}

#[tokio::test]
async fn a_changed_definition_changes_its_records() {
    let world = World::new().await;
    let field = define(&world, "note", "text", json!({"default": "none"})).await;
    let path = format!("{FIELDS}/{field}");
    let rack = world.post(RACKS, json!({"name": "a", "custom_fields": {"note": "x"}})).await.expect(201).id();
    world.patch(&path, json!({"name": "remark"})).await.expect(200);
    assert_eq!(fields_of(&world, &rack).await, json!({"remark": "x"}));
    assert_eq!(
        world.patch(&path, json!({"type": "integer"})).await.expect(422).faults(),
        ["/type immutable"]
    );
    world.patch(&path, json!({"object_types": []})).await.expect(200);
    assert_eq!(fields_of(&world, &rack).await, json!({}));
    world.patch(&path, json!({"object_types": ["lab.rack"]})).await.expect(200);
    assert_eq!(fields_of(&world, &rack).await, json!({"remark": "none"}));
    world.delete(&path).await.expect(204);
    assert_eq!(fields_of(&world, &rack).await, json!({}));
}

#[tokio::test]
async fn a_wrong_definition_is_refused() {
    let world = World::new().await;
    let set = set(&world).await;
    let cases = [
        (json!({"name": "a-b"}), "/name invalid"),
        (json!({"name": "a__b"}), "/name double_underscore"),
        (json!({"object_types": ["lab.bogus"]}), "/object_types invalid"),
        (json!({"object_types": ["lab.region"]}), "/object_types invalid"),
        (json!({"type": "select"}), "/choice_set not_applicable"),
        (json!({"choice_set": set}), "/choice_set not_applicable"),
        (json!({"type": "object"}), "/related_object_type not_applicable"),
        (json!({"type": "object", "related_object_type": "lab.no"}), "/related_object_type invalid"),
        (json!({"validation_minimum": 1}), "/validation_minimum not_applicable"),
        (json!({"type": "integer", "validation_regex": "x"}), "/validation_regex not_applicable"),
        (json!({"validation_regex": "["}), "/validation_regex invalid"),
        (json!({"type": "boolean", "unique": true}), "/unique not_applicable"),
        (json!({"type": "integer", "default": "x"}), "/default invalid"),
        (json!({"type": "json", "validation_schema": {"type": 5}}), "/validation_schema invalid"),
    ];
    for (more, fault) in cases {
        let mut body = json!({"name": "f", "type": "text", "object_types": ["lab.rack"]});
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        assert_eq!(world.post(FIELDS, body.clone()).await.expect(422).faults(), [fault], "{body}");
    }
    let unknown = json!({"name": "s", "base_choices": "bogus", "extra_choices": []});
    let unknown = world.post(SETS, unknown).await.expect(422);
    assert!(unknown.faults().iter().any(|fault| fault.starts_with("/base_choices")), "{}", unknown.text);
    for (pairs, fault) in [
        (json!([]), "/extra_choices no_choices"),
        (json!([["a"]]), "/extra_choices invalid"),
        (json!([["a", "A"], ["a", "B"]]), "/extra_choices duplicate"),
    ] {
        let body = json!({"name": "s", "extra_choices": pairs});
        assert_eq!(world.post(SETS, body).await.expect(422).faults(), [fault], "{pairs}");
    }
}

#[tokio::test]
async fn lists_are_filtered_by_custom_fields() {
    let world = World::new().await;
    let berlin = world.site("Berlin").await;
    define(&world, "height", "integer", json!({})).await;
    define(&world, "note", "text", json!({})).await;
    define(&world, "home", "object", json!({"related_object_type": "lab.site"})).await;
    let set = set(&world).await;
    define(&world, "colours", "multiselect", json!({"choice_set": set})).await;
    let rows = json!([
        {"name": "a", "custom_fields": {"height": 9, "note": "Core switch", "home": berlin, "colours": ["r", "g"]}},
        {"name": "b", "custom_fields": {"height": 10, "note": "edge", "colours": ["b"]}},
        {"name": "c"},
    ]);
    world.post(RACKS, rows).await.expect(201);
    let cases: &[(&str, &[&str])] = &[
        ("cf_height=10", &["b"]),
        ("cf_height__in=9,10", &["a", "b"]),
        ("cf_height__gt=9", &["b"]),
        ("cf_height__lte=10", &["a", "b"]),
        ("cf_height__ne=9", &["b", "c"]),
        ("cf_height__isnull=true", &["c"]),
        ("cf_height__isnull=false", &["a", "b"]),
        ("cf_note=edge", &["b"]),
        ("cf_note__contains=SWITCH", &["a"]),
        ("cf_note__startswith=core", &["a"]),
        ("cf_note__endswith=Ge", &["b"]),
        ("cf_note__iexact=EDGE", &["b"]),
        ("cf_note__regex=^e", &["b"]),
        ("cf_colours=g", &["a"]),
        ("cf_colours__isnull=true", &["c"]),
        ("cf_nothing=x", &[]),
        ("cf_height=1%27%20OR%20true", &[]),
    ];
    for (query, names) in cases {
        let found = world.get(&format!("{RACKS}?{query}")).await.expect(200).column("name");
        assert_eq!(found, *names, "{query}");
    }
    let by_site = world.get(&format!("{RACKS}?cf_home={berlin}")).await.expect(200);
    assert_eq!(by_site.column("name"), ["a"]);
    let fault = world.get(&format!("{RACKS}?cf_height__near=9")).await.expect(400).faults();
    assert_eq!(fault, ["?cf_height unknown_operator"]);
}

#[tokio::test]
async fn a_set_can_stand_on_a_known_list() {
    let world = World::new().await;
    let body = json!({"name": "Countries", "base_choices": "ISO_3166", "extra_choices": [["XX", "Nowhere"]]});
    let set = world.post(SETS, body).await.expect(201);
    assert_eq!(set.body["choices_count"], json!(250));
    define(&world, "country", "select", json!({"choice_set": set.id()})).await;
    let rack = |name: &str, country: &str| json!({"name": name, "custom_fields": {"country": country}});
    for country in ["DE", "XX"] {
        world.post(RACKS, rack(country, country)).await.expect(201);
    }
    let wrong = world.post(RACKS, rack("wrong", "ZZ")).await.expect(422);
    assert_eq!(wrong.faults(), ["/custom_fields/country invalid_choice"]);
    let path = format!("{SETS}/{}", set.id());
    let page = world.get(&format!("{path}/choices?q=united&limit=2")).await.expect(200);
    assert_eq!(page.body["items"][0], json!({"value": "AE", "label": "AE (United Arab Emirates)"}));
    assert_eq!(
        (&page.body["next_cursor"], page.body["items"].as_array().map(Vec::len)),
        (&json!("2"), Some(2))
    );
    let end = world.get(&format!("{path}/choices?cursor=249")).await.expect(200);
    assert_eq!(end.body["items"], json!([{"value": "XX", "label": "Nowhere"}]));
    world.get(&format!("{path}/choices?limit=0")).await.expect(400);
    world.get(&format!("{path}/choices?colour=1")).await.expect(400);
    // What a record has does not go with its list.
    let kept = world.patch(&path, json!({"base_choices": null})).await.expect(422);
    assert_eq!(kept.faults(), ["/extra_choices in_use"]);
    world
        .patch(&path, json!({"base_choices": null, "extra_choices": [["DE", "x"], ["XX", "y"]]}))
        .await
        .expect(200);
}
