//! Descriptions: migrations, `/api/v1/meta/models`, OpenAPI, and the check of descriptors.

use std::collections::BTreeSet;

use kit::permission::Act;
use kit::record::{Choice, DefaultValue, Field, FieldKind, Model, NoHooks, OnDelete, Operations};
use kit::{Permission, Services};
use records::{Engine, Options};
use serde_json::{Value, json};

use crate::models::ALL;
use crate::world::World;

#[test]
fn the_migration_is_what_the_models_generate() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/0001_records.sql");
    records::schema::assert_migration_matches(&ALL, path);
}

#[test]
#[should_panic(expected = "differs from the models")]
fn a_migration_that_differs_is_found() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/0001_records.sql");
    records::schema::assert_migration_matches(&ALL[..1], path);
}

/// The site as it may be a release later.
static SITE_LATER: Model = Model {
    name: "lab.site",
    table: "lab.site",
    collection: "sites",
    permission: "lab/sites",
    fields: &[
        Field::text("name", "Name", 80).required().unique(),
        Field::integer("floors", "Floors", 1, 200).required().default(DefaultValue::Integer(1)).filter(),
        Field::new("supernet", "Supernet", FieldKind::Prefix),
    ],
    ..GOOD
};
static ROOM: Model = Model {
    name: "lab.room",
    table: "lab.room",
    collection: "rooms",
    permission: "lab/rooms",
    fields: &[
        Field::text("name", "Name", 80).required().unique(),
        Field::new("site", "Site", FieldKind::Reference { model: "lab.site", on_delete: OnDelete::Cascade }),
    ],
    ..GOOD
};

#[tokio::test]
async fn a_difference_becomes_the_next_migration() {
    static FIRST: [&Model; 1] = [&crate::models::SITE];
    static LATER: [&Model; 2] = [&SITE_LATER, &ROOM];
    let first = records::schema::create(&FIRST).expect("right");
    assert_eq!(records::schema::diff(&FIRST, &[], &[&first]).expect("right"), None);
    let next = records::schema::diff(&LATER, &[], &[&first]).expect("right").expect("a difference");
    records::schema::assert_migrations_match(&LATER, &[], &[&first, &next]);
    let back = records::schema::diff(&FIRST, &[], &[&first, &next]).expect("right").expect("a difference");
    records::schema::assert_migrations_match(&FIRST, &[], &[&first, &next, &back]);

    // PostgreSQL agrees: forth and back, and the catalogue stays sound.
    let migration =
        |version, sql: &str| kit::plugin::Migration { version, name: "m", sql: sql.to_owned().leak() };
    let all: &'static [kit::plugin::Migration] =
        vec![migration(1, &first), migration(2, &next), migration(3, &back)].leak();
    let database = db::testing::TestDatabase::new(&[("records", records::MIGRATIONS), ("lab", all)]).await;
    assert_eq!(database.check_isolation().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_description_shows_what_one_may_read() {
    let world = World::new().await;
    let meta = world.get("/api/v1/meta/models").await.expect(200);
    assert_eq!(meta.body["models"].as_array().map(Vec::len), Some(6 + 2));
    let device = meta.body["models"]
        .as_array()
        .expect("models")
        .iter()
        .find(|model| model["name"] == "lab.device")
        .expect("device")
        .clone();
    assert_eq!(device["path"], "/api/v1/lab/devices");
    assert_eq!(device["operations"], json!(["list", "read", "create", "update", "delete"]));
    let field = |name: &str| {
        device["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .find(|field| field["name"] == name)
            .expect("field")
            .clone()
    };
    assert_eq!(field("kind")["choices"][0], json!({"value": "router", "label": "Router", "tone": "ok"}));
    assert_eq!(field("site")["reference"]["path"], "/api/v1/lab/sites");
    assert_eq!(field("bgp_id")["show_when"], json!({"field": "kind", "in": ["router"]}));
    assert_eq!(
        (&field("height")["max"], &field("height")["default"], &field("height")["unit"]),
        (&json!(48), &json!(1), &json!("U"))
    );
    let few = world.database.ctx(world.tenant, &[Permission::new("lab/keys", Act::Read)]);
    let few = world.send_as(&few, http::Method::GET, "/api/v1/meta/models", Value::Null).await.expect(200);
    assert_eq!(few.body["models"].as_array().map(Vec::len), Some(1));
    assert!(few.text.contains("\"write_only\":true"));
}

#[tokio::test]
async fn openapi_names_every_route_with_its_permission() {
    let world = World::new().await;
    let document = records::openapi::document(&world.engine);
    let paths = document["paths"].as_object().expect("paths");
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        for (verb, operation) in item.as_object().expect("operations") {
            let permission = operation["x-permission"].as_str().unwrap_or_default();
            assert!(permission == "authenticated" || permission.contains(':'), "{verb} {path}");
            assert!(
                ids.insert(operation["operationId"].as_str().expect("an id").to_owned()),
                "{verb} {path}"
            );
            assert!(
                operation["responses"]["401"]["content"]["application/problem+json"].is_object(),
                "{verb} {path}"
            );
            if let Some(body) = operation.get("requestBody") {
                assert!(!body["content"]["application/json"]["example"].is_null(), "{verb} {path}");
            }
            // It is served: without a login it answers 401, not 404 or 405.
            let request = http::Request::builder()
                .method(verb.to_uppercase().as_str())
                .uri(path.replace("{id}", "0193a0c4-0000-7000-8000-000000000009"))
                .header("content-type", "application/json")
                .body(axum::body::Body::from("{}"))
                .expect("a request");
            let answer = tower::ServiceExt::oneshot(world.router.clone(), request).await.expect("an answer");
            assert_eq!(answer.status(), 401, "{verb} {path}");
        }
    }
    assert_eq!(paths.len(), 3 + 7 * 5 + 4);
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    for reference in references {
        let name = reference.trim_start_matches("#/components/schemas/");
        assert!(document["components"]["schemas"][name].is_object(), "{reference}");
    }
    // Examples are right: they differ from a valid record only in what they refer to.
    let example = &document["paths"]["/api/v1/lab/keys"]["post"]["requestBody"]["content"]["application/json"]
        ["example"];
    world.post("/api/v1/lab/keys?dry_run=true", example.clone()).await.expect(200);
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.insert(reference.clone());
            }
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

const GOOD: Model = Model {
    name: "lab.thing",
    table: "lab.thing",
    product: "lab",
    collection: "things",
    title: "thing",
    title_plural: "things",
    description: "A thing.",
    icon: "box",
    nav_group: None,
    permission: "lab/things",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[Field::text("name", "Name", 10).unique()],
    unique: &[],
    hooks: &NoHooks,
    ..Model::BASE
};

/// Models with one fault each, and what is said of it.
static FAULTY: &[(&str, Model)] = &[
    ("must be `lab.<noun>`", Model { name: "other.thing", ..GOOD }),
    ("must be `<schema>.<table>`", Model { table: "thing; drop", ..GOOD }),
    ("kebab case", Model { collection: "Things", ..GOOD }),
    ("`<product>/<kind>`", Model { permission: "lab:things", ..GOOD }),
    ("must not be empty", Model { title: "", ..GOOD }),
    ("display field `title`", Model { display: "title", ..GOOD }),
    ("default order `title`", Model { default_sort: "-title", ..GOOD }),
    (
        "snake case",
        Model { fields: &[Field::text("name", "N", 9).unique(), Field::text("bad__name", "B", 9)], ..GOOD },
    ),
    (
        "built-in columns",
        Model { fields: &[Field::text("name", "N", 9).unique(), Field::text("tenant_id", "B", 9)], ..GOOD },
    ),
    (
        "declared twice",
        Model { fields: &[Field::text("name", "N", 9).unique(), Field::text("name", "N", 9)], ..GOOD },
    ),
    (
        "needs the column `name_ci`",
        Model { fields: &[Field::text("name", "N", 9).unique(), Field::text("name_ci", "N", 9)], ..GOOD },
    ),
    (
        "query parameter of every list",
        Model {
            fields: &[Field::text("name", "N", 9).unique(), Field::text("sort", "S", 9).filter()],
            ..GOOD
        },
    ),
    (
        "cannot be a filter",
        Model {
            fields: &[Field::text("name", "N", 9).unique(), Field::new("j", "J", FieldKind::Json).filter()],
            ..GOOD
        },
    ),
    (
        "cannot be unique",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::new("l", "L", FieldKind::PrefixList { max_items: 2 }).unique(),
            ],
            ..GOOD
        },
    ),
    (
        "cannot be searched",
        Model {
            fields: &[Field::text("name", "N", 9).unique(), Field::integer("n", "N", 0, 9).search()],
            ..GOOD
        },
    ),
    (
        "min is above max",
        Model { fields: &[Field::text("name", "N", 9).unique(), Field::integer("n", "N", 9, 0)], ..GOOD },
    ),
    (
        "which does not exist",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::new("r", "R", FieldKind::References { model: "lab.none" }),
            ],
            ..GOOD
        },
    ),
    (
        "set to null",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::new(
                    "r",
                    "R",
                    FieldKind::Reference { model: "lab.thing", on_delete: OnDelete::SetNull },
                )
                .required(),
            ],
            ..GOOD
        },
    ),
    (
        "default is no value",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::integer("n", "N", 0, 9).default(DefaultValue::Integer(10)),
            ],
            ..GOOD
        },
    ),
    (
        "default is no value",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::choice("c", "C", &[Choice::new("a", "A")]).default(DefaultValue::Text("b")),
            ],
            ..GOOD
        },
    ),
    (
        "shown by `none`",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::integer("n", "N", 0, 9).show_when("none", &["a"]),
            ],
            ..GOOD
        },
    ),
    (
        "shown by the value `b`",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::choice("c", "C", &[Choice::new("a", "A")]),
                Field::integer("n", "N", 0, 9).show_when("c", &["b"]),
            ],
            ..GOOD
        },
    ),
    ("index name `thing_name_key` is taken", Model { unique: &[&["name"]], ..GOOD }),
    ("no reference to the model itself", Model { parent: Some("name"), ..GOOD }),
    (
        "cannot have a field `number`",
        Model {
            numbered: true,
            fields: &[Field::text("name", "N", 9).unique(), Field::integer("number", "N", 0, 9)],
            ..GOOD
        },
    ),
    (
        "a decimal has 1 to 15 digits",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::new("d", "D", FieldKind::Decimal { digits: 2, places: 3 }),
            ],
            ..GOOD
        },
    ),
    (
        "its columns must be",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::generic("g", "G", ["g_kind", "g_id"], &["lab.thing"], OnDelete::SetNull),
            ],
            ..GOOD
        },
    ),
    (
        "counts by `none`",
        Model {
            fields: &[Field::text("name", "N", 9).unique(), Field::count("c", "C", "lab.thing", "none")],
            ..GOOD
        },
    ),
    ("unique over `none`", Model { unique: &[&["name", "none"]], ..GOOD }),
    (
        "tone `red`",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::choice("c", "C", &[Choice::toned("a", "A", "red")]),
            ],
            ..GOOD
        },
    ),
    (
        "longer than 63",
        Model {
            fields: &[
                Field::text("name", "N", 9).unique(),
                Field::text("a_very_long_name_for_a_field_indeed", "A", 9).filter(),
                Field::text("another_very_long_name_for_a_field", "B", 9).filter(),
            ],
            unique: &[&["a_very_long_name_for_a_field_indeed", "another_very_long_name_for_a_field"]],
            ..GOOD
        },
    ),
];

#[test]
fn every_fault_of_a_descriptor_is_found() {
    static FINE: Model = GOOD;
    assert!(Engine::new(&[&FINE], Services::default(), Options::default()).is_ok());
    for (words, model) in FAULTY {
        let error =
            Engine::new(&[model], Services::default(), Options::default()).map(drop).expect_err(words);
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert!(records::schema::create(&[model]).is_err());
    }
    let twice =
        Engine::new(&[&FINE, &FINE], Services::default(), Options::default()).map(drop).expect_err("twice");
    assert_eq!(twice.0.len(), 3, "{twice}");
}
