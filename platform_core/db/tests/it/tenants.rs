//! Creating and changing tenants, and who sees whom.

use db::testing::TestDatabase;
use db::{NewTenant, TenantChange, TenantKind, TenantStatus};
use kit::{Problem, TenantId};
use sqlx::Row;

fn new(parent: Option<TenantId>, slug: &str) -> NewTenant {
    NewTenant { parent, kind: TenantKind::Customer, slug: slug.to_owned(), name: "A name".to_owned() }
}

#[tokio::test]
async fn a_tenant_sees_itself_and_its_descendants() {
    let database = TestDatabase::new(&[]).await;
    let store = &database.store;
    let provider = database.tenant("provider").await;
    let customer = store.create_tenant(&new(Some(provider), "customer")).await.unwrap();
    let site = store.create_tenant(&new(Some(customer), "site")).await.unwrap();
    database.tenant("stranger").await;
    for (tenant, expected) in [(provider, vec!["customer", "provider", "site"]), (site, vec!["site"])] {
        let ctx = database.ctx(tenant, &[]);
        let mut tx = ctx.read().await.unwrap();
        let rows =
            sqlx::query("SELECT slug FROM app.tenant ORDER BY slug").fetch_all(tx.conn()).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get::<&str, _>(0)).collect::<Vec<_>>(), expected);
    }
    assert_eq!(store.tenants().await.unwrap().len(), 4);
}

#[tokio::test]
async fn mistakes_name_the_field() {
    let database = TestDatabase::new(&[]).await;
    let store = &database.store;
    let mut parent = database.tenant("t0").await;
    let pointer = |problem: Problem| problem.errors[0].pointer.clone();
    for bad in ["", "Upper", "under_score", "-x", &"a".repeat(64), "a b", "x'; DROP TABLE app.tenant"] {
        assert_eq!(pointer(store.create_tenant(&new(None, bad)).await.unwrap_err()), "/slug", "{bad}");
    }
    assert_eq!(pointer(store.create_tenant(&new(None, "t0")).await.unwrap_err()), "/slug");
    let absent = TenantId(uuid::Uuid::now_v7());
    assert_eq!(pointer(store.create_tenant(&new(Some(absent), "x")).await.unwrap_err()), "/parent");
    for depth in 1..=4 {
        parent = store.create_tenant(&new(Some(parent), &format!("t{depth}"))).await.unwrap();
    }
    assert_eq!(pointer(store.create_tenant(&new(Some(parent), "t5")).await.unwrap_err()), "/parent");
}

#[tokio::test]
async fn status_changes_raise_the_epoch() {
    let database = TestDatabase::new(&[]).await;
    let store = &database.store;
    let tenant = database.tenant("acme").await;
    let rename = TenantChange { name: Some("Acme Ltd".into()), ..TenantChange::default() };
    store.update_tenant(tenant, &rename).await.unwrap();
    let suspend = TenantChange { status: Some(TenantStatus::Suspended), ..TenantChange::default() };
    store.update_tenant(tenant, &suspend).await.unwrap();
    let stored = &store.tenants().await.unwrap()[0];
    assert_eq!(
        (stored.name.as_str(), stored.status, stored.authz_epoch),
        ("Acme Ltd", TenantStatus::Suspended, 2)
    );
    assert_eq!(store.bump_authz_epoch(tenant).await.unwrap(), 3);
    assert!(database.contexts(&[]).active_tenants().await.unwrap().is_empty());
    let absent = TenantId(uuid::Uuid::now_v7());
    assert_eq!(store.update_tenant(absent, &rename).await.unwrap_err().code, "not-found");
}
