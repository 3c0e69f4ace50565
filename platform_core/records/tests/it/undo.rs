//! Taking back what one request wrote for one reason.

use kit::permission::Act;
use kit::record::Record;
use kit::records::Write;
use kit::{Ctx, Permission, Problem, Records as _, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::models::SITE;
use crate::world::World;

const SITES: &str = "/api/v1/lab/sites";

fn record(value: Value) -> Record {
    serde_json::from_value(value).expect("an object")
}

fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).expect("an id")
}

async fn begin(ctx: &Ctx, reason: &str) -> WriteTx {
    let granted = ctx.authorize(Permission::new("lab/sites", Act::Write)).expect("the right to write");
    let mut tx = ctx.write(granted).await.expect("a transaction");
    tx.because(reason);
    tx
}

/// One site more, one with another name, one less.
async fn written(world: &World, ctx: &Ctx, renamed: &str, gone: &str) {
    let mut tx = begin(ctx, "seen so").await;
    let rename = record(json!({"name": "renamed"}));
    let writes = vec![
        Write::Create(record(json!({"name": "new"}))),
        Write::Change { id: id(renamed), expect: None, fields: rename, replace: false },
        Write::Delete { id: id(gone), expect: None },
    ];
    world.engine.write_in(&mut tx, &SITE, writes).await.expect("written");
    tx.commit().await.expect("committed");
}

async fn taken_back(world: &World, ctx: &Ctx, reason: &str) -> Result<usize, Problem> {
    let other = world.ctx();
    let mut tx = begin(&other, "taken back").await;
    let done = world.engine.take_back(&mut tx, ctx.request_id(), reason, &[]).await?;
    tx.commit().await?;
    Ok(done)
}

async fn names(world: &World) -> Vec<Value> {
    world.get(&format!("{SITES}?sort=name")).await.expect(200).column("name")
}

#[tokio::test]
async fn what_one_request_wrote_is_taken_back_as_a_whole_or_not_at_all() {
    let world = World::new().await;
    let (kept, gone) = (world.site("kept").await, world.site("gone").await);
    let ctx = world.ctx();
    written(&world, &ctx, &kept, &gone).await;
    assert_eq!(names(&world).await, ["new", "renamed"]);
    assert_eq!(
        taken_back(&world, &ctx, "for another reason").await.expect_err("no such change").code,
        "not-found"
    );
    assert_eq!(taken_back(&world, &ctx, "seen so").await.expect("taken back"), 3);
    assert_eq!(names(&world).await, ["gone", "kept"]);
    world.get(&format!("{SITES}/{gone}")).await.expect(200);
    let history = world.get(&format!("{SITES}/{kept}/history")).await.expect(200);
    assert_eq!(history.body["items"][0]["reason"], "taken back", "{}", history.text);

    // One of the records was changed since: nothing is taken back, and that one is named.
    let ctx = world.ctx();
    written(&world, &ctx, &kept, &gone).await;
    world.patch(&format!("{SITES}/{kept}"), json!({"name": "by hand"})).await.expect(200);
    let refused = taken_back(&world, &ctx, "seen so").await.expect_err("changed since");
    assert_eq!((refused.code, refused.errors.len()), ("changed-since", 1));
    assert_eq!(refused.errors[0].pointer, format!("/lab.site/{kept}"));
    assert_eq!(names(&world).await, ["by hand", "new"]);
}
