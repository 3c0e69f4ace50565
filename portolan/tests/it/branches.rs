//! Branches over the API: nobody else sees them until they are merged, and then everybody does.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Principal, Server};

const SITES: &str = "/api/v1/inventory/sites";
const BRANCHES: &str = "/api/v1/platform/branches";

async fn site(who: &Principal<'_>, name: &str, query: &str) -> String {
    let body = json!({"name": name, "slug": name.to_lowercase()});
    who.create(&format!("{SITES}{query}"), &body).await
}

async fn new_branch(who: &Principal<'_>, name: &str) -> String {
    who.create(BRANCHES, &json!({"name": name})).await
}

/// Names of all sites, in order, as seen in a branch or on the main line.
async fn names(who: &Principal<'_>, query: &str) -> Vec<String> {
    let (status, list) = who.get(&format!("{SITES}?sort=name{query}")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let name = |site: &Value| site["name"].as_str().unwrap_or_default().to_owned();
    list["items"].as_array().unwrap().iter().map(name).collect()
}

async fn patch(who: &Principal<'_>, path: &str, body: Value) -> Value {
    let (status, answer) = who.call(Method::PATCH, path, Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    answer
}

async fn act(who: &Principal<'_>, branch: &str, action: &str, body: Value) -> (StatusCode, Value) {
    who.post(&format!("{BRANCHES}/{branch}/actions/{action}"), &body).await
}

/// Merges and waits; the job.
async fn merge(server: &Server, who: &Principal<'_>, branch: &str, dry_run: bool) -> Value {
    let (status, started) = act(who, branch, "merge", json!({"dry_run": dry_run})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let path = format!("/api/v1/platform/jobs/{}", started["job_id"].as_str().unwrap());
    let ended = ["completed", "discarded", "cancelled"];
    server
        .until(Duration::from_mins(1), async || {
            let (_, job) = who.get(&path).await;
            ended.contains(&job["state"].as_str().unwrap_or_default())
        })
        .await;
    who.get(&path).await.1
}

async fn conflicts(who: &Principal<'_>, branch: &str) -> Vec<(String, String)> {
    let (status, found) = who.get(&format!("{BRANCHES}/{branch}/conflicts")).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let part = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| (part(item, "id"), part(item, "code"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_seen_in_itself_alone() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (a, b) = (site(&admin, "A", "").await, site(&admin, "B", "").await);
    let branch = new_branch(&admin, "move").await;
    new_branch(&admin, "other").await;

    let in_it = "?branch=move";
    site(&admin, "C", in_it).await;
    let changed = patch(&admin, &format!("{SITES}/{a}{in_it}"), json!({"description": "new"})).await;
    let (status, _) = admin.call(Method::DELETE, &format!("{SITES}/{b}{in_it}"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(names(&admin, "").await, ["A", "B"]);
    assert_eq!(names(&admin, "&branch=other").await, ["A", "B"]);
    assert_eq!(names(&admin, &format!("&branch={branch}")).await, ["A", "C"]);
    let (_, main) = admin.get(&format!("{SITES}/{a}")).await;
    assert_eq!((&main["description"], &main["version"]), (&json!(null), &json!(1)));

    // The version goes on from write to write, so that If-Match means something.
    let again = patch(&admin, &format!("{SITES}/{a}{in_it}"), json!({"description": "newer"})).await;
    assert!(again["version"].as_i64() > changed["version"].as_i64(), "{again}");

    // Main goes on, and the branch with it.
    patch(&admin, &format!("{SITES}/{a}"), json!({"facility": "F1"})).await;
    let (_, seen) = admin.get(&format!("{SITES}/{a}{in_it}")).await;
    assert_eq!((&seen["description"], &seen["facility"]), (&json!("newer"), &json!("F1")));

    // References, hooks and uniqueness work in it: a rack in a site that only the branch has.
    let rack = json!({"name": "R1", "site": {"name": "C"}});
    admin.create(&format!("/api/v1/inventory/racks{in_it}"), &rack).await;
    let (status, problem) = admin.post("/api/v1/inventory/racks", &rack).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let (status, problem) = admin.post(&format!("{SITES}{in_it}"), &json!({"name": "A", "slug": "x"})).await;
    assert_eq!(
        (status, &problem["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("not_unique"))
    );
    // What the branch deleted has left its name.
    site(&admin, "B", in_it).await;

    let (_, diff) = admin.get(&format!("{BRANCHES}/{branch}/diff")).await;
    let mut actions: Vec<(&str, &str)> = diff["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["action"].as_str().unwrap(), item["display"].as_str().unwrap()))
        .collect();
    actions.sort_unstable();
    assert_eq!(
        actions,
        [("create", "B"), ("create", "C"), ("create", "R1"), ("delete", "B"), ("update", "A")],
        "{diff}"
    );
    let update = diff["items"].as_array().unwrap().iter().find(|item| item["action"] == "update").unwrap();
    assert_eq!(update["changes"], json!({"description": {"base": null, "main": null, "after": "newer"}}));

    // A change that is taken back is none.
    patch(&admin, &format!("{SITES}/{a}{in_it}"), json!({"description": null})).await;
    let (_, diff) = admin.get(&format!("{BRANCHES}/{branch}/diff")).await;
    assert!(diff["items"].as_array().unwrap().iter().all(|item| item["action"] != "update"), "{diff}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_merged_is_as_if_it_had_been_written_there_and_can_be_undone() {
    let server = Server::start().await;
    let admin = server.admin().await;
    admin.add_user("oleg", "admin").await;
    let oleg = server.login("oleg", crate::server::PASSWORD).await;
    let (a, b) = (site(&admin, "A", "").await, site(&admin, "B", "").await);
    let branch = new_branch(&admin, "move").await;
    let c = site(&admin, "C", "?branch=move").await;
    // Another author, by the header.
    let answer = server
        .http
        .patch(format!("{}{SITES}/{a}", server.url))
        .bearer_auth(&oleg.token)
        .header("X-Portolan-Branch", "move")
        .json(&json!({"description": "new"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let (status, _) = admin.call(Method::DELETE, &format!("{SITES}/{b}?branch=move"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);

    let tried = merge(&server, &admin, &branch, true).await;
    assert_eq!((&tried["state"], &tried["result"]["records"]), (&json!("completed"), &json!(3)), "{tried}");
    assert_eq!(names(&admin, "").await, ["A", "B"]);
    let done = merge(&server, &admin, &branch, false).await;
    assert_eq!((&done["state"], &done["result"]["records"]), (&json!("completed"), &json!(3)), "{done}");
    assert_eq!(names(&admin, "").await, ["A", "C"]);
    let (_, history) = admin.get(&format!("{SITES}/{a}/history")).await;
    let newest = &history["items"][0];
    assert_eq!(
        (&newest["actor"]["name"], &newest["reason"], &newest["changes"]),
        (&json!("oleg"), &json!("Branch move"), &json!({"description": {"before": null, "after": "new"}}))
    );
    let (_, history) = admin.get(&format!("{SITES}/{b}/history")).await;
    assert_eq!(history["items"][0]["action"], "delete");
    let (_, merged) = admin.get(&format!("{BRANCHES}/{branch}")).await;
    assert_eq!((&merged["state"], &merged["merged_by"]["display"]), (&json!("merged"), &json!("admin")));
    let (status, problem) = admin.get(&format!("{SITES}?branch=move")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not-in-branch")));

    // Back again, by a branch with the opposite; what was changed since must be decided about.
    patch(&admin, &format!("{SITES}/{c}"), json!({"description": "used"})).await;
    let (status, revert) = act(&admin, &branch, "revert", json!({})).await;
    assert_eq!(status, StatusCode::CREATED, "{revert}");
    let back = revert["id"].as_str().unwrap();
    assert_eq!(conflicts(&admin, back).await, [(c.clone(), "changed-deleted".to_owned())]);
    let failed = merge(&server, &admin, back, false).await;
    assert_eq!(failed["state"], "discarded", "{failed}");
    let (_, given_back) = admin.get(&format!("{BRANCHES}/{back}")).await;
    assert_eq!(given_back["state"], "open");
    let decision = json!({"model": "inventory.site", "id": c, "take": "mine"});
    assert_eq!(act(&admin, back, "resolve", decision).await.0, StatusCode::NO_CONTENT);
    assert_eq!(merge(&server, &admin, back, false).await["state"], "completed");
    assert_eq!(names(&admin, "").await, ["A", "B"]);
    // The record is the same one.
    let (_, restored) = admin.get(&format!("{SITES}/{b}")).await;
    assert_eq!(restored["name"], "B");
    let (_, reverted) = admin.get(&format!("{BRANCHES}/{branch}")).await;
    assert_eq!(reverted["state"], "reverted");
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_are_shown_and_decided() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (a, b, c) = (site(&admin, "A", "").await, site(&admin, "B", "").await, site(&admin, "C", "").await);
    let branch = new_branch(&admin, "plan").await;
    let in_it = "?branch=plan";
    patch(&admin, &format!("{SITES}/{a}{in_it}"), json!({"description": "mine", "facility": "F1"})).await;
    patch(&admin, &format!("{SITES}/{b}{in_it}"), json!({"description": "mine"})).await;
    patch(&admin, &format!("{SITES}/{c}{in_it}"), json!({"description": "same"})).await;
    let d = site(&admin, "D", in_it).await;
    // The main line goes another way.
    patch(&admin, &format!("{SITES}/{a}"), json!({"description": "theirs"})).await;
    let (status, _) = admin.call(Method::DELETE, &format!("{SITES}/{b}"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    patch(&admin, &format!("{SITES}/{c}"), json!({"description": "same"})).await;
    site(&admin, "D", "").await;

    let mut found = conflicts(&admin, &branch).await;
    found.sort_by(|x, y| x.1.cmp(&y.1));
    let expected = [("changed", &a), ("deleted", &b), ("no-room", &d)];
    let expected: Vec<(String, String)> =
        expected.into_iter().map(|(code, id)| (id.clone(), code.to_owned())).collect();
    assert_eq!(found, expected);
    // Both are seen until somebody decides.
    assert_eq!(names(&admin, "&branch=plan").await, ["A", "C", "D", "D"]);
    let (_, diff) = admin.get(&format!("{BRANCHES}/{branch}/diff")).await;
    let of_a = diff["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(a)).unwrap();
    assert_eq!(of_a["changes"]["description"], json!({"base": null, "main": "theirs", "after": "mine"}));
    assert_eq!(of_a["conflict"], json!({"code": "changed", "fields": ["description"]}));
    assert_eq!(merge(&server, &admin, &branch, false).await["state"], "discarded");

    // What the main line has already is no change any more.
    let (_, synced) = act(&admin, &branch, "sync", json!({})).await;
    assert_eq!(synced["dropped"], 1, "{synced}");
    for (id, fields, take) in
        [(&a, json!(["description"]), "theirs"), (&b, Value::Null, "mine"), (&d, Value::Null, "theirs")]
    {
        let decision = json!({"model": "inventory.site", "id": id, "fields": fields, "take": take});
        let (status, answer) = act(&admin, &branch, "resolve", decision).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    }
    assert!(conflicts(&admin, &branch).await.is_empty());
    assert_eq!(merge(&server, &admin, &branch, false).await["state"], "completed");
    let (_, a) = admin.get(&format!("{SITES}/{a}")).await;
    assert_eq!((&a["description"], &a["facility"]), (&json!("theirs"), &json!("F1")));
    let (_, b) = admin.get(&format!("{SITES}/{b}")).await;
    assert_eq!(b["description"], "mine");
    assert_eq!(names(&admin, "").await, ["A", "B", "C", "D"]);
}

/// What no unique index holds - two devices in one place - is found by the rules of the models.
#[tokio::test(flavor = "multi_thread")]
async fn rules_between_records_are_asked_when_it_is_merged() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let inventory = "/api/v1/inventory";
    site(&admin, "A", "").await;
    admin.create(&format!("{inventory}/vrfs"), &json!({"name": "V", "enforce_unique": true})).await;
    let prefix = json!({"prefix": "10.0.0.0/24", "vrf": {"name": "V"}});
    let branch = new_branch(&admin, "net").await;
    admin.create(&format!("{inventory}/prefixes?branch=net"), &prefix).await;
    admin.create(&format!("{inventory}/prefixes"), &prefix).await;
    let failed = merge(&server, &admin, &branch, false).await;
    assert_eq!(failed["state"], "discarded", "{failed}");
    assert!(failed["error"].to_string().contains("Duplicate prefix"), "{failed}");
    let (_, list) = admin.get(&format!("{inventory}/prefixes?count=exact")).await;
    assert_eq!(list["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_do_what() {
    let server = Server::start().await;
    let admin = server.admin().await;
    admin.add_user("vera", "viewer").await;
    let vera = server.login("vera", crate::server::PASSWORD).await;
    let a = site(&admin, "A", "").await;
    let branch = new_branch(&admin, "plan").await;
    patch(&admin, &format!("{SITES}/{a}?branch=plan"), json!({"description": "x"})).await;

    // A right is the same in every branch.
    let (status, _) = vera.get(&format!("{SITES}/{a}?branch=plan")).await;
    assert_eq!(status, StatusCode::OK);
    let body = json!({"description": "y"});
    for (method, path) in [
        (Method::PATCH, format!("{SITES}/{a}?branch=plan")),
        (Method::POST, format!("{BRANCHES}/{branch}/actions/merge")),
        (Method::POST, format!("{BRANCHES}/{branch}/actions/submit")),
    ] {
        let (status, answer) = vera.call(method, &path, Some(&body)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}: {answer}");
    }

    // Another tenant has other branches.
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    for path in [
        format!("{SITES}?branch=plan"),
        format!("{SITES}/{a}?branch=plan"),
        format!("{BRANCHES}/{branch}/diff"),
    ] {
        assert_eq!(inside.get(&path).await.0, StatusCode::NOT_FOUND, "{path}");
    }

    // What is no record of a product is the same in every branch, and never lost silently.
    let user = json!({"name": "mallory", "password": crate::server::PASSWORD});
    let (status, problem) = admin.post("/api/v1/platform/users?branch=plan", &user).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not-in-branch")), "{problem}");
    let answer = server
        .http
        .post(format!("{}{SITES}?branch=plan", server.url))
        .bearer_auth(&admin.token)
        .header("Idempotency-Key", "once")
        .json(&json!({"name": "K", "slug": "k"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);

    // Review by somebody else.
    let policy = json!({"review": "other"});
    let (status, _) = admin.call(Method::PUT, "/api/v1/platform/branch-policy", Some(&policy)).await;
    assert_eq!(status, StatusCode::OK);
    let (status, problem) = act(&admin, &branch, "merge", json!({})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not-approved")), "{problem}");
    assert_eq!(act(&admin, &branch, "submit", json!({})).await.0, StatusCode::OK);
    let (status, _) = admin.call(Method::PATCH, &format!("{SITES}/{a}?branch=plan"), Some(&body)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, problem) = act(&admin, &branch, "approve", json!({})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("own-changes")), "{problem}");
    admin.add_user("anna", "admin").await;
    let anna = server.login("anna", crate::server::PASSWORD).await;
    let (status, approved) = act(&anna, &branch, "approve", json!({})).await;
    assert_eq!((status, &approved["reviewed_by"]["display"]), (StatusCode::OK, &json!("anna")), "{approved}");
    assert_eq!(merge(&server, &admin, &branch, false).await["state"], "completed");
}

/// Rights on some records hold in a branch as on the main line, and for whoever merges.
#[tokio::test(flavor = "multi_thread")]
async fn rights_on_some_records_hold_in_a_branch_and_at_its_merge() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let user = json!({"name": "joe", "password": crate::server::PASSWORD, "must_change_password": false});
    let joe_id = admin.create("/api/v1/platform/users", &user).await;
    let rules = json!(["platform/branches:read", "platform/branches:execute", "platform/jobs:read"]);
    let role = admin.create("/api/v1/platform/roles", &json!({"name": "merger", "rules": rules})).await;
    admin.create("/api/v1/platform/role-bindings", &json!({"user": joe_id, "role": role})).await;
    let permission = json!({
        "name": "active sites", "object_types": ["inventory.site"], "users": [joe_id],
        "actions": ["view", "add", "change", "delete"], "constraints": {"status": "active"},
    });
    admin.create("/api/v1/platform/object-permissions", &permission).await;
    let joe = server.login("joe", crate::server::PASSWORD).await;
    let (open, hidden) = (site(&admin, "Open", "").await, site(&admin, "Hidden", "").await);
    patch(&admin, &format!("{SITES}/{hidden}"), json!({"status": "planned"})).await;
    let branch = new_branch(&admin, "plan").await;

    assert_eq!(names(&joe, "&branch=plan").await, ["Open"]);
    patch(&joe, &format!("{SITES}/{open}?branch=plan"), json!({"description": "mine"})).await;
    for (id, body, refused) in [
        (&open, json!({"status": "planned"}), StatusCode::FORBIDDEN),
        (&hidden, json!({"description": "x"}), StatusCode::NOT_FOUND),
    ] {
        let (status, answer) =
            joe.call(Method::PATCH, &format!("{SITES}/{id}?branch=plan"), Some(&body)).await;
        assert_eq!(status, refused, "{answer}");
    }

    // What somebody else changed in it must be within the rights of whoever merges: before, and after.
    for (id, body, back) in [
        (&hidden, json!({"description": "x"}), "planned"),
        (&hidden, json!({"status": "active"}), "planned"),
        (&open, json!({"status": "retired"}), "active"),
    ] {
        patch(&admin, &format!("{SITES}/{id}?branch=plan"), body).await;
        let (status, refused) = act(&joe, &branch, "merge", json!({"dry_run": false})).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{refused}");
        assert!(refused["detail"].to_string().contains("limited to some of them"), "{refused}");
        let (_, main) = admin.get(&format!("{SITES}/{id}")).await;
        assert_eq!((&main["status"], &main["description"]), (&json!(back), &Value::Null));
        let undone = json!({"description": null, "status": back});
        let undone = if *id == open { json!({"status": back}) } else { undone };
        patch(&admin, &format!("{SITES}/{id}?branch=plan"), undone).await;
    }
    assert_eq!(merge(&server, &joe, &branch, false).await["state"], "completed");
    let (_, main) = admin.get(&format!("{SITES}/{open}")).await;
    assert_eq!(main["description"], "mine");
}

async fn searched(who: &Principal<'_>, query: &str) -> Value {
    let (status, found) = who.get(&format!("/api/v1/search?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_is_of_the_main_line_and_calls_of_tools_of_the_branch() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let a = site(&admin, "Alpha", "").await;
    let branch = new_branch(&admin, "plan").await;
    patch(&admin, &format!("{SITES}/{a}?branch=plan"), json!({"name": "Zulu", "slug": "zulu"})).await;

    let found = searched(&admin, "q=alpha&models=inventory.site&branch=plan").await;
    assert_eq!(
        (&found["items"][0]["display"], found["notice"].is_string()),
        (&json!("Alpha"), true),
        "{found}"
    );
    for branch in ["", "&branch=plan"] {
        let found = searched(&admin, &format!("q=zulu&models=inventory.site{branch}")).await;
        assert_eq!(found["items"], json!([]), "{found}");
    }
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "find", "arguments": {"model": "sites"}}});
    for (branch, name) in [("", "Alpha"), ("?branch=plan", "Zulu")] {
        let (status, answer) = admin.post(&format!("/mcp{branch}"), &call).await;
        assert!(status == StatusCode::OK && answer.to_string().contains(name), "{answer}");
    }
    // What writes more than records is refused before it writes anything.
    let order = json!({"ids": [a]});
    let (status, problem) = admin.post("/api/v1/atlas/drift/actions/accept?branch=plan", &order).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not-in-branch")), "{problem}");

    assert_eq!(merge(&server, &admin, &branch, false).await["state"], "completed");
    let found = searched(&admin, "q=zulu&models=inventory.site").await;
    assert_eq!((&found["items"][0]["display"], &found["notice"]), (&json!("Zulu"), &Value::Null), "{found}");
    let found = searched(&admin, "q=alpha&models=inventory.site").await;
    assert_eq!(found["items"], json!([]), "{found}");
}
