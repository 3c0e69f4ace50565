//! Two small tables and ways to fill them.

use db::testing::{Migrations, TestDatabase};
use kit::plugin::Migration;
use kit::{Act, Ctx, Permission, Problem, TenantId};
use sqlx::Row;
use uuid::Uuid;

pub(crate) const WRITE: Permission = Permission::new("shop/sites", Act::Write);

const SHOP: &[Migration] = &[Migration {
    version: 1,
    name: "shop",
    sql: "
        CREATE SCHEMA shop;
        CREATE TABLE shop.site (
            tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
            id uuid NOT NULL,
            name text NOT NULL CHECK (length(name) > 0),
            kind text NOT NULL DEFAULT 'office' CHECK (kind IN ('office', 'pop')),
            secret bytea,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            version bigint NOT NULL DEFAULT 1,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, name)
        );
        SELECT app.make_tenant_table('shop.site', history => true);
        CREATE TABLE shop.rack (
            tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
            id uuid NOT NULL,
            site_id uuid,
            parts inet[] NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            version bigint NOT NULL DEFAULT 1,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, site_id) REFERENCES shop.site (tenant_id, id) ON DELETE SET NULL (site_id)
        );
        CREATE INDEX rack_site ON shop.rack (tenant_id, site_id);
        SELECT app.make_tenant_table('shop.rack');
        CREATE TABLE shop.log (
            tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
            id uuid NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, id)
        );
        SELECT app.make_tenant_table('shop.log', append_only => true);
        CREATE FUNCTION shop.find_site(wanted text) RETURNS TABLE (tenant_id uuid, id uuid)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS $$ SELECT s.tenant_id, s.id FROM shop.site s WHERE s.name = wanted LIMIT 10 $$;
        SELECT app.definer_reads('shop.site');
        SELECT app.allow_definer('shop.find_site(text)');
    ",
}];

pub(crate) const MIGRATIONS: &[Migrations] = &[("shop", SHOP)];

pub(crate) async fn add_site(ctx: &Ctx, name: &str) -> Result<Uuid, Problem> {
    let id = Uuid::now_v7();
    let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
    sqlx::query("INSERT INTO shop.site (id, name, secret) VALUES ($1, $2, '\\x01')")
        .bind(id)
        .bind(name)
        .execute(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) async fn sites(ctx: &Ctx) -> Vec<String> {
    let mut tx = ctx.read().await.unwrap();
    let rows = sqlx::query("SELECT name FROM shop.site ORDER BY name").fetch_all(tx.conn()).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Two tenants with one site each.
pub(crate) struct Two {
    pub(crate) database: TestDatabase,
    pub(crate) tenants: [TenantId; 2],
    pub(crate) ctx: [Ctx; 2],
    pub(crate) site: [Uuid; 2],
}

impl Two {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new(MIGRATIONS).await;
        let tenants = [database.tenant("acme").await, database.tenant("globex").await];
        let ctx = tenants.map(|tenant| database.ctx(tenant, &[WRITE]));
        let site = [add_site(&ctx[0], "a1").await.unwrap(), add_site(&ctx[1], "b1").await.unwrap()];
        Self { database, tenants, ctx, site }
    }
}
