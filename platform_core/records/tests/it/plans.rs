//! Below row-level security every leakproof filter and every order still uses its index.

use records::Query;

use crate::models::DEVICE;
use crate::world::World;

const SEED: &str = "WITH site AS (SELECT tenant_id, id FROM lab.site) \
    INSERT INTO lab.device (tenant_id, id, name, asset_tag, site, height, asn, kind, address, network, owner, installed_at) \
    SELECT site.tenant_id, gen_random_uuid(), 'device ' || n, 'T' || n, site.id, 1 + n % 48, n, 'switch', \
    '10.0.0.0'::inet + n, set_masklen(('10.0.0.0'::inet + n * 256)::cidr, 24), gen_random_uuid(), now() - n * interval '1 minute' \
    FROM site, generate_series(1, 5000) n";

#[tokio::test]
async fn filters_and_orders_use_their_index() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    world
        .send_as(
            &world.foreign(),
            http::Method::POST,
            "/api/v1/lab/sites",
            serde_json::json!({"name": "Lab"}),
        )
        .await
        .expect(201);
    let mut superuser = world.database.superuser().await;
    // Neither foreign keys nor history matter here; they would take most of the time.
    sqlx::query("SET session_replication_role = replica").execute(&mut superuser).await.expect("set");
    sqlx::query(SEED).execute(&mut superuser).await.expect("seeded");
    sqlx::query("ANALYZE lab.device").execute(&mut superuser).await.expect("analyzed");
    let cursor = world.get("/api/v1/lab/devices?limit=50").await.expect(200).body["next_cursor"].clone();
    let cursor = cursor.as_str().expect("a cursor").to_owned();
    let some_id = world.get("/api/v1/lab/devices?limit=1").await.body["items"][0]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let cases: Vec<(Vec<(&str, &str)>, &str)> = vec![
        (vec![], "device_name_idx"),
        (vec![("cursor", &cursor)], "device_name_idx"),
        (vec![("sort", "-name")], "device_name_idx"),
        (vec![("sort", "height")], "device_height_idx"),
        (vec![("name", "Device 77")], "device_name_idx"),
        (vec![("name__in", "device 1,DEVICE 2")], "device_name_idx"),
        (vec![("name__startswith", "DEVICE 499")], "device_name_idx"),
        (vec![("asset_tag", "t5")], "device_asset_tag_key"),
        (vec![("asn", "5")], "device_asn_idx"),
        (vec![("asn__gte", "4990")], "device_asn_idx"),
        (vec![("address", "10.0.0.9")], "device_address_idx"),
        (vec![("address__within", "10.0.1.0/28")], "device_address_idx"),
        (vec![("network__within", "10.9.0.0/22")], "device_network_idx"),
        (vec![("network__contains", "10.9.1.7")], "device_network_idx"),
        (vec![("owner", &site)], "device_owner_idx"),
        (vec![("kind", "router")], "device_kind_idx"),
        (vec![("installed_at__lt", "2000-01-01T00:00:00Z")], "device_installed_at_idx"),
        (vec![("id", &some_id)], "device_pkey"),
    ];
    let ctx = world.ctx();
    for (pairs, index) in cases {
        let owned: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let query = Query::parse(&DEVICE, &owned).expect("a query");
        let mut tx = ctx.read().await.expect("a transaction");
        let plan = world.engine.explain(&mut tx, world.tenant, &DEVICE, &query).await.expect("a plan");
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{pairs:?}:\n{plan}");
        assert!(plan.contains("Index Cond"), "{pairs:?}:\n{plan}");
    }
}

#[tokio::test]
async fn the_tables_fit_the_models() {
    let world = World::new().await;
    assert_eq!(world.engine.verify(&world.ctx()).await, Vec::<String>::new());
    let mut superuser = world.database.superuser().await;
    sqlx::query("ALTER TABLE lab.device DROP COLUMN slug_ci").execute(&mut superuser).await.expect("altered");
    let faults = world.engine.verify(&world.ctx()).await;
    assert_eq!(faults.len(), 2, "{faults:?}");
}
