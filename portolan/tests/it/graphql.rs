//! GraphQL, native and at the NetBox door: what is asked comes nested, bounded, and only to who may see it.
//! What the door answers is held against recorded answers by `tests/netbox/run`.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const NATIVE: &str = "/api/v1/graphql";
const DOOR: &str = "/netbox/graphql/";

/// The answer to a query, which comes with 200 whatever is wrong with it.
async fn ask(who: &Principal<'_>, path: &str, query: &str) -> Value {
    let (status, answer) = who.post(path, &json!({"query": query})).await;
    assert_eq!(status, StatusCode::OK, "{query} {answer}");
    answer
}

/// Two sites in regions one below the other, with racks.
async fn some_sites(admin: &Principal<'_>) -> String {
    let europe =
        admin.create("/api/v1/inventory/regions", &json!({"name": "Europe", "slug": "europe"})).await;
    let germany = json!({"name": "Germany", "slug": "germany", "parent": europe});
    let germany = admin.create("/api/v1/inventory/regions", &germany).await;
    let mut first = String::new();
    for (name, region) in [("Berlin", Some(&germany)), ("Nowhere", None)] {
        let body = json!({"name": name, "slug": name.to_lowercase(), "region": region});
        let site = admin.create("/api/v1/inventory/sites", &body).await;
        for rack in ["A1", "A2"] {
            admin.create("/api/v1/inventory/racks", &json!({"name": rack, "site": site})).await;
        }
        if first.is_empty() {
            first = site;
        }
    }
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn records_come_nested_filtered_and_in_pages() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = some_sites(&admin).await;

    let answer = ask(
        &admin,
        NATIVE,
        "{inventory_sites(sort: \"name\"){total next items{name region{name parent{name}} racks(sort: \"-name\"){name site{name}}}}}",
    )
    .await;
    let rack = |name: &str, site: &str| json!({"name": name, "site": {"name": site}});
    assert_eq!(
        answer,
        json!({"data": {"inventory_sites": {"total": 2, "next": null, "items": [
            {"name": "Berlin", "region": {"name": "Germany", "parent": {"name": "Europe"}},
                "racks": [rack("A2", "Berlin"), rack("A1", "Berlin")]},
            {"name": "Nowhere", "region": null, "racks": [rack("A2", "Nowhere"), rack("A1", "Nowhere")]},
        ]}}})
    );

    let names = async |filter: &str| -> Value {
        let query = format!("{{inventory_sites(sort: \"name\", filter: {filter}){{items{{name}}}}}}");
        let answer = ask(&admin, NATIVE, &query).await;
        let items = answer["data"]["inventory_sites"]["items"].as_array();
        items.unwrap_or_else(|| panic!("{answer}")).iter().map(|item| item["name"].clone()).collect()
    };
    for (filter, expected) in [
        ("{name: {eq: \"Berlin\"}}", json!(["Berlin"])),
        ("{name: {in: [\"Berlin\", \"Nowhere\"]}}", json!(["Berlin", "Nowhere"])),
        ("{any: [{name: {startswith: \"Ber\"}}, {slug: {eq: \"nowhere\"}}]}", json!(["Berlin", "Nowhere"])),
        ("{not: {name: {eq: \"Berlin\"}}}", json!(["Nowhere"])),
        ("{region: {name: {eq: \"Germany\"}}}", json!(["Berlin"])),
        ("{region: {below: {name: {eq: \"Europe\"}}}}", json!(["Berlin"])),
        ("{not: {region: {}}}", json!(["Nowhere"])),
        ("{q: \"berl\"}", json!(["Berlin"])),
    ] {
        assert_eq!(names(filter).await, expected, "{filter}");
    }

    // A page goes on where the one before ended.
    let first = ask(&admin, NATIVE, "{inventory_racks(sort: \"name\", limit: 3){next items{name}}}").await;
    let page = &first["data"]["inventory_racks"];
    assert_eq!(page["items"].as_array().map(Vec::len), Some(3), "{first}");
    let query =
        "query($after: String){inventory_racks(sort: \"name\", limit: 3, after: $after){next items{name}}}";
    let body = json!({"query": query, "variables": {"after": page["next"]}});
    let (_, second) = admin.post(NATIVE, &body).await;
    assert_eq!(
        second["data"]["inventory_racks"],
        json!({"next": null, "items": [{"name": "A2"}]}),
        "{second}"
    );

    let one = ask(&admin, NATIVE, &format!("{{inventory_site(id: \"{site}\"){{name __typename}}}}")).await;
    assert_eq!(one["data"]["inventory_site"], json!({"name": "Berlin", "__typename": "InventorySite"}));
    let absent = "00000000-0000-7000-8000-000000000000";
    let none = ask(&admin, NATIVE, &format!("{{inventory_site(id: \"{absent}\"){{name}}}}")).await;
    assert_eq!(none, json!({"data": {"inventory_site": null}}));
    let types = ask(&admin, NATIVE, "{__type(name: \"InventorySiteFilter\"){inputFields{name}}}").await;
    assert!(types["data"]["__type"]["inputFields"].as_array().is_some_and(|all| all.len() > 10), "{types}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_read_sees_something() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = some_sites(&admin).await;
    let rules = json!({"name": "sites", "rules": ["inventory/sites:read"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("sam", "sites").await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;

    // Another tenant has nothing of it, whatever way it is asked.
    let bob = server.login("bob", PASSWORD).await;
    let query = format!("{{inventory_sites{{total items{{name}}}} inventory_site(id: \"{site}\"){{name}}}}");
    assert_eq!(
        ask(&bob, NATIVE, &query).await,
        json!({"data": {"inventory_sites": {"total": 0, "items": []}, "inventory_site": null}})
    );
    assert_eq!(ask(&bob, DOOR, "{site_list{name}}").await, json!({"data": {"site_list": []}}));

    // Who may read sites sees no racks and no regions, and is told why.
    let sam = server.login("sam", PASSWORD).await;
    let answer = ask(
        &sam,
        NATIVE,
        "{inventory_sites(filter: {name: {eq: \"Berlin\"}}){items{name region{name}}} inventory_racks{items{name}}}",
    )
    .await;
    assert_eq!(answer["data"]["inventory_sites"]["items"][0], json!({"name": "Berlin", "region": null}));
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{answer}");
    for error in errors {
        assert_eq!(error["extensions"]["code"], json!("forbidden"), "{error}");
    }
    assert!(errors[0]["message"].as_str().unwrap().contains("inventory/regions:read"), "{answer}");
    assert_eq!(errors[0]["path"], json!(["inventory_sites", "items", 0, "region"]));
    let answer =
        ask(&sam, DOOR, "{site_list(filters: {name: {exact: \"Berlin\"}}){name region{name} racks{name}}}")
            .await;
    assert_eq!(answer["data"]["site_list"], json!([{"name": "Berlin", "region": null, "racks": []}]));

    let anonymous =
        server.http.post(format!("{}{NATIVE}", server.url)).json(&json!({"query": "{__typename}"}));
    assert_eq!(anonymous.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let anonymous = server.http.post(format!("{}{DOOR}", server.url)).json(&json!({"query": "{__typename}"}));
    assert_eq!(anonymous.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_or_wrong_is_refused_with_the_remedy() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let mut deep = "name".to_owned();
    for _ in 0..15 {
        deep = format!("parent{{{deep}}}");
    }
    let wide: Vec<String> = (0..600).map(|_| "name".to_owned()).collect();
    let aliases: Vec<String> = (0..51).map(|at| format!("a{at}: name")).collect();
    for (query, said) in [
        (format!("{{inventory_regions{{items{{{deep}}}}}}}"), "deeper than 12 levels"),
        (format!("{{inventory_sites{{items{{{}}}}}}}", wide.join(" ")), "more than 500 fields"),
        (format!("{{inventory_sites{{items{{{}}}}}}}", aliases.join(" ")), "51 aliases found"),
        ("{inventory_sites(limit: 5000){items{name}}}".to_owned(), "limit: must be from 1 to 1000"),
        ("{inventory_sites(sort: \"bogus\"){items{name}}}".to_owned(), "bogus"),
        ("{inventory_sites(filter: {nmae: {eq: \"x\"}}){items{name}}}".to_owned(), "Did you mean 'name'"),
        ("{inventory_sites(filter: {name: {regex: \"(\"}}){items{name}}}".to_owned(), "regular expression"),
        ("{inventory_site(id: \"7\"){name}}".to_owned(), "id: must be a UUID"),
        ("{inventory_sites{items{nam}}}".to_owned(), "Cannot query field 'nam' on type 'InventorySite'"),
        ("mutation{x}".to_owned(), "The mutation operation is not supported"),
        ("{".to_owned(), "Syntax Error"),
    ] {
        let answer = ask(&admin, NATIVE, &query).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(said), "{query} {answer}");
    }
    for body in [json!({}), json!([]), json!({"query": 1}), json!({"query": "{__typename}", "bogus": 1})] {
        let (status, answer) = admin.post(NATIVE, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body} {answer}");
    }
    let answer = ask(&admin, DOOR, "{site_list(filters: {created: {year: {exact: 2026}}}){name}}").await;
    let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("does not filter dcim/sites by created with year yet"), "{answer}");
}
