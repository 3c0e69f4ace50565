//! The change log of all records: order, both sides, who may read it, and its indexes.

use kit::permission::Act;
use kit::records::{AskChanges, Changes, Where};
use kit::{Ctx, Permission, Records as _, TenantId};
use serde_json::json;
use sqlx::Row as _;

use crate::world::{World, all_rights};

fn auditor(world: &World, tenant: TenantId) -> Ctx {
    let mut rights = all_rights();
    rights.push(Permission::new("audit/entries", Act::Read));
    world.database.ctx(tenant, &rights)
}

fn ask(filter: Where) -> AskChanges {
    AskChanges {
        models: vec!["lab.site", "lab.device", "lab.unknown"],
        filter,
        sort: "-created_at".to_owned(),
        offset: 0,
        limit: 100,
        count: true,
        sides: true,
    }
}

fn all() -> Where {
    Where::All(Vec::new())
}

fn shape(changes: &Changes) -> Vec<(String, String)> {
    changes.items.iter().map(|one| (one.action.clone(), one.display.clone())).collect()
}

#[tokio::test]
async fn changes_tell_what_was_before_and_after() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    world.patch(&format!("/api/v1/lab/sites/{site}"), json!({"name": "Lab 2"})).await.expect(200);
    world.delete(&format!("/api/v1/lab/sites/{site}")).await.expect(204);
    let ctx = auditor(&world, world.tenant);
    let changes = world.engine.changes(&ctx, &ask(all())).await.expect("changes");
    let pair = |action: &str, display: &str| (action.to_owned(), display.to_owned());
    assert_eq!(shape(&changes), [pair("delete", "Lab 2"), pair("update", "Lab 2"), pair("create", "Lab")]);
    assert_eq!(changes.total, Some(3));
    let name = |record: &Option<kit::record::Record>| record.as_ref().map(|record| record["name"].clone());
    let sides: Vec<_> = changes.items.iter().map(|one| (name(&one.before), name(&one.after))).collect();
    let (first, second) = (Some(json!("Lab")), Some(json!("Lab 2")));
    assert_eq!(sides, [(second.clone(), None), (first.clone(), second), (None, first)]);
    let numbers: Vec<i64> = changes.items.iter().map(|one| one.number).collect();
    assert!(numbers.is_sorted_by(|a, b| a > b), "{numbers:?}");

    let one = Where::is("number", "eq", numbers[1].to_string());
    let found = world.engine.changes(&ctx, &ask(one)).await.expect("changes");
    assert_eq!(shape(&found), [pair("update", "Lab 2")]);
    let named = Where::is("display", "contains", "LAB 2");
    assert_eq!(world.engine.changes(&ctx, &ask(named)).await.expect("changes").total, Some(2));
    // A right to read records is none to read who changed them, and the other way round.
    let refused = world.engine.changes(&world.ctx(), &ask(all())).await.expect_err("no right");
    assert_eq!(refused.status.as_u16(), 403);
    let log_only = world.database.ctx(world.tenant, &[Permission::new("audit/entries", Act::Read)]);
    let nothing = world.engine.changes(&log_only, &ask(all())).await.expect("changes");
    assert_eq!((nothing.items.len(), nothing.total), (0, Some(0)));
    let foreign = auditor(&world, world.other);
    assert_eq!(world.engine.changes(&foreign, &ask(all())).await.expect("changes").total, Some(0));
}

const SEED: &str = "INSERT INTO app.change_log \
    (tenant_id, id, created_at, number, model, record_id, record_number, record_version, actor_kind, request_id, action, changes) \
    SELECT $1, gen_random_uuid(), now() - n * interval '1 s', n + 1000, 'lab.site', gen_random_uuid(), n, 1, 'user', \
    gen_random_uuid(), 'create', '{}'::jsonb FROM generate_series(1, 20000) n";
/// As `sql/changes.rs` writes it.
const PAGE: &str = "EXPLAIN SELECT t.display FROM (SELECT t.number FROM app.change_log t WHERE t.model = ANY($1) \
    ORDER BY t.created_at DESC, t.number DESC LIMIT 50 OFFSET 100) p JOIN app.change_log t ON t.number = p.number \
    ORDER BY t.created_at DESC, t.number DESC";
const OBJECT: &str =
    "EXPLAIN SELECT t.number FROM app.change_log t WHERE t.model = ANY($1) AND t.record_number = 7";

#[tokio::test]
async fn pages_use_their_index_below_row_level_security() {
    let world = World::new().await;
    let mut superuser = world.database.superuser().await;
    for tenant in [world.tenant, world.other] {
        sqlx::query(SEED).bind(tenant.0).execute(&mut superuser).await.expect("seeded");
    }
    sqlx::query("ANALYZE app.change_log").execute(&mut superuser).await.expect("analyzed");
    let models = vec!["lab.site".to_owned(), "lab.device".to_owned()];
    for (text, indexes) in
        [(PAGE, vec!["change_log_time", "change_log_number"]), (OBJECT, vec!["change_log_object"])]
    {
        let mut tx = world.ctx().read().await.expect("a transaction");
        let rows = sqlx::query(text).bind(&models).fetch_all(tx.conn()).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(indexes.iter().all(|index| plan.contains(index)), "{plan}");
    }
}
