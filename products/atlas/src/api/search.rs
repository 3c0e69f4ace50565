//! Search over everything on the map: `GET /api/v1/atlas/search`.

use axum::Json;
use axum::extract::{Query, State};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SharedState;
use crate::search::Hit;
use crate::service::READ;

/// Characters of a query at most.
const LONGEST: usize = 200;

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// A name, an address or subnet, a MAC address in any notation, a serial number, the text on an
    /// interface; or the beginning or a part of one. 1 to 200 characters.
    q: String,
    /// 1 to 100, 20 when absent.
    limit: Option<usize>,
}

/// The best hits, best first.
#[derive(Serialize, ToSchema)]
pub(super) struct Found {
    items: Vec<Hit>,
    /// Always null: a longer list is asked for by a higher limit or a narrower query.
    next_cursor: Option<String>,
}

/// Find devices, interfaces, addresses and subnets.
#[utoipa::path(get, path = "/search", tag = "atlas", operation_id = "atlas_search", params(Wanted),
    extensions(("x-permission" = json!("atlas/topology:read"))),
    responses((status = 200, body = Found), (status = 422, description = "An empty or too long query")))]
pub(super) async fn search(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Found>, Problem> {
    ctx.authorize(READ)?;
    let limit = wanted.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Problem::field("?limit", "range", "The limit lies between 1 and 100."));
    }
    if wanted.q.trim().is_empty() || wanted.q.chars().count() > LONGEST {
        return Err(Problem::field("?q", "length", "Write 1 to 200 characters to look for."));
    }
    let items = shared.atlas()?.search(ctx.tenant(), wanted.q, limit).await?;
    Ok(Json(Found { items, next_cursor: None }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::StatusCode;
    use kit::permission::{PermSet, PermissionRegistry};
    use kit::{
        Actor, BoxFuture, Database, Granted, OpKind, PermissionObject, ReadTx, Services, TenantId, WriteTx,
    };
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::api::Shared;
    use crate::search::tests::{device, drawn};
    use crate::service::Atlas;

    /// Search needs no database.
    struct NoDatabase;

    impl Database for NoDatabase {
        fn begin_read<'a>(&'a self, _: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>> {
            Box::pin(async { Err(Problem::unavailable("there is none")) })
        }
        fn begin_write<'a>(&'a self, _: &'a Ctx, _: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>> {
            Box::pin(async { Err(Problem::unavailable("there is none")) })
        }
        fn begin_aside<'a>(&'a self, _: &'a Ctx, _: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>> {
            Box::pin(async { Err(Problem::unavailable("there is none")) })
        }
    }

    fn tenant(number: u128) -> TenantId {
        TenantId(Uuid::from_u128(number))
    }

    fn ctx(tenant: TenantId, may: bool) -> Ctx {
        let object = PermissionObject { object: READ.object, title: "Map" };
        let mut rights = PermSet::none(Arc::new(PermissionRegistry::new([object])));
        if may {
            rights.insert(READ);
        }
        let actor = Actor::User(Uuid::nil());
        Ctx::new(tenant, actor, Arc::new(rights), Uuid::nil(), OpKind::Request, Arc::new(NoDatabase))
    }

    /// Two tenants with a device of the same address.
    async fn shared() -> SharedState {
        let atlas = Atlas::new(Services::default(), tokio_util::sync::CancellationToken::new());
        for (number, name) in [(1, "core1"), (2, "other9")] {
            let (map, subjects) = drawn(vec![device(7, name, "10.1.0.1", 2)]);
            atlas.show(tenant(number), map, subjects).await;
        }
        let shared = Arc::new(Shared::default());
        shared.start(atlas);
        shared
    }

    async fn ask(
        shared: &SharedState,
        ctx: Ctx,
        q: &str,
        limit: Option<usize>,
    ) -> Result<serde_json::Value, Problem> {
        let wanted = Query(Wanted { q: q.to_owned(), limit });
        search(State(shared.clone()), ctx, wanted).await.map(|Json(found)| json!(found))
    }

    #[tokio::test]
    async fn each_tenant_finds_its_own() {
        let shared = shared().await;
        for (number, own, foreign) in [(1, "core1", "other9"), (2, "other9", "core1")] {
            let answer = ask(&shared, ctx(tenant(number), true), "10.1.0.1", None).await.unwrap();
            let titles: Vec<&str> = answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|hit| hit["title"].as_str().unwrap())
                .collect();
            assert_eq!(titles[..2], [&format!("{own}.example.net"), "10.1.0.1"]);
            let answer = ask(&shared, ctx(tenant(number), true), foreign, None).await.unwrap();
            assert_eq!(answer["items"], json!([]), "{foreign}");
        }
    }

    #[tokio::test]
    async fn the_answer_is_a_page_of_hits() {
        let shared = shared().await;
        let answer = ask(&shared, ctx(tenant(1), true), "core1.example.net", Some(1)).await.unwrap();
        let id = answer["items"][0]["id"].as_str().unwrap();
        let hit = json!({"kind": "device", "id": id, "title": "core1.example.net",
            "subtitle": "10.1.0.1, host", "url": format!("/devices/{id}")});
        assert_eq!(answer, json!({"items": [hit], "next_cursor": null}));
    }

    #[tokio::test]
    async fn what_is_refused() {
        let shared = shared().await;
        let longest = "x".repeat(LONGEST + 1);
        for (may, q, limit, status) in [
            (false, "core1", None, StatusCode::FORBIDDEN),
            (true, " ", None, StatusCode::UNPROCESSABLE_ENTITY),
            (true, &longest, None, StatusCode::UNPROCESSABLE_ENTITY),
            (true, "core1", Some(0), StatusCode::UNPROCESSABLE_ENTITY),
            (true, "core1", Some(101), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let problem = ask(&shared, ctx(tenant(1), may), q, limit).await.unwrap_err();
            assert_eq!(problem.status, status, "{q} {limit:?}");
        }
    }
}
