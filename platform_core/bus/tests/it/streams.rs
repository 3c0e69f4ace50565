//! Live streams of one tenant.

use std::pin::Pin;
use std::time::Duration;

use bus::{Filter, StreamItem};
use futures::{Stream, StreamExt};
use kit::{Ctx, Event};
use serde_json::json;

use crate::support::{READ, WRITE, World, device_added, name, publish};

type Items = Pin<Box<dyn Stream<Item = StreamItem> + Send>>;

async fn open(world: &World, ctx: &Ctx, types: &str, after: Option<&str>) -> Items {
    let filter = Filter::parse(types, None).unwrap();
    Box::pin(world.bus.stream(ctx.clone(), filter, after).await.unwrap())
}

async fn next(items: &mut Items) -> String {
    match tokio::time::timeout(Duration::from_secs(10), items.next()).await.unwrap() {
        Some(StreamItem::Event(event)) => name(&event),
        Some(StreamItem::Resync) => "resync".to_owned(),
        None => "end".to_owned(),
    }
}

async fn next_cursor(items: &mut Items) -> String {
    match items.next().await {
        Some(StreamItem::Event(event)) => event.cursor,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_stream_shows_its_tenant_its_types_and_what_the_reader_may_read() {
    let world = World::new(vec![]).await;
    let (a, b) = (world.tenant("acme").await, world.tenant("globex").await);
    let blind = world.database.ctx(a.tenant(), &[WRITE]);
    let mut seen_a = open(&world, &a, "device.*,vault.*", None).await;
    let mut seen_b = open(&world, &b, "*", None).await;
    let mut seen_blind = open(&world, &blind, "*", None).await;
    publish(&b, "b", 1).await;
    let mut tx = a.write(a.authorize(WRITE).unwrap()).await.unwrap();
    for (event_type, number) in [("vault.opened", 2), ("undeclared", 3), ("device.added", 4)] {
        tx.publish(&Event::now(event_type, "a", json!({ "number": number }))).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(next(&mut seen_a).await, "a:4");
    assert_eq!(next(&mut seen_b).await, "b:1");
    tokio::time::timeout(Duration::from_millis(200), seen_blind.next()).await.unwrap_err();
    assert_eq!(world.bus.status().await.unwrap().streams, 3);
    drop((seen_a, seen_b, seen_blind));
    assert_eq!(world.bus.status().await.unwrap().streams, 0);
}

#[tokio::test]
async fn a_cursor_resumes_without_gap_or_repetition() {
    let world = World::new(vec![]).await;
    let (ctx, stranger) = (world.tenant("acme").await, world.tenant("globex").await);
    let mut items = open(&world, &ctx, "*", None).await;
    publish(&ctx, "d", 0).await;
    let cursor = next_cursor(&mut items).await;
    drop(items);
    for number in 1..=450 {
        let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
        tx.publish(&device_added("d", number)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut resumed = open(&world, &ctx, "*", Some(&cursor)).await;
    publish(&ctx, "d", 451).await;
    for number in 1..=451 {
        assert_eq!(next(&mut resumed).await, format!("d:{number}"));
    }
    // Another tenant's cursor is an unknown one.
    assert_eq!(next(&mut open(&world, &stranger, "*", Some(&cursor)).await).await, "resync");
    let filter = Filter::parse("*", None).unwrap();
    let wrong = world.bus.stream(ctx.clone(), filter, Some("17")).await.err().unwrap();
    assert_eq!(wrong.status.as_u16(), 422);
}

#[tokio::test]
async fn a_slow_reader_catches_up_from_the_log() {
    let world = World::new(vec![]).await;
    let ctx = world.tenant("acme").await;
    let mut items = open(&world, &ctx, "*", None).await;
    // More than the live buffer holds, before the first look.
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    for number in 0..3000 {
        tx.publish(&device_added("d", number)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut other = open(&world, &world.database.ctx(ctx.tenant(), &[READ, WRITE]), "*", None).await;
    publish(&ctx, "d", 3000).await;
    // The other stream has seen the newest: all were broadcast.
    while next(&mut other).await != "d:3000" {}
    for number in 0..=3000 {
        assert_eq!(next(&mut items).await, format!("d:{number}"));
    }
}

#[tokio::test]
async fn streams_are_limited_per_principal() {
    let world = World::new(vec![]).await;
    let ctx = world.tenant("acme").await;
    let mut held = Vec::new();
    for _ in 0..16 {
        held.push(open(&world, &ctx, "*", None).await);
    }
    let refused = world.bus.stream(ctx.clone(), Filter::parse("*", None).unwrap(), None).await.err().unwrap();
    assert_eq!(refused.code, "too-many-streams");
    held.pop();
    held.push(open(&world, &ctx, "*", None).await);
}
