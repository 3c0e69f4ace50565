//! The audit finds every planted fault, and the behavioural test covers every table.

use sqlx::Executor;

use crate::support::Two;

#[tokio::test]
async fn a_good_database_has_no_findings() {
    let two = Two::new().await;
    assert_eq!(two.database.check_isolation().await, Vec::<String>::new());
    // The test itself left nothing.
    assert_eq!(crate::support::sites(&two.ctx[0]).await, ["a1"]);
}

#[tokio::test]
async fn planted_faults_are_found() {
    for (fault, code) in [
        ("CREATE TABLE shop.naked (id int)", "tenant-column"),
        ("CREATE TABLE shop.naked (tenant_id uuid NOT NULL)", "not-registered"),
        ("ALTER TABLE shop.site NO FORCE ROW LEVEL SECURITY", "row-security"),
        ("DROP POLICY tenant_isolation ON shop.site", "policy-missing"),
        ("CREATE POLICY wide ON shop.site FOR SELECT TO portolan_app USING (true)", "policy-extra"),
        ("CREATE POLICY wide ON shop.site FOR SELECT USING (true)", "policy-extra"),
        ("CREATE POLICY wide ON shop.site FOR SELECT TO portolan_relay USING (true)", "policy-relay"),
        (
            "ALTER TABLE shop.site ADD UNIQUE (id); \
             ALTER TABLE shop.rack ADD FOREIGN KEY (site_id) REFERENCES shop.site (id)",
            "foreign-key",
        ),
        (
            "ALTER TABLE shop.rack ADD FOREIGN KEY (tenant_id, site_id) REFERENCES shop.site ON DELETE SET NULL",
            "set-null",
        ),
        ("ALTER TABLE shop.site ADD UNIQUE (name)", "unique"),
        ("CREATE INDEX ON shop.site (kind)", "index"),
        ("CREATE VIEW shop.v AS SELECT * FROM shop.site", "view"),
        (
            "CREATE MATERIALIZED VIEW shop.m AS SELECT 1 AS x; GRANT SELECT ON shop.m TO portolan_app",
            "materialized-view",
        ),
        ("GRANT TRUNCATE ON shop.site TO portolan_app", "privilege"),
        ("GRANT INSERT ON app.tenant TO portolan_app", "global-writable"),
        (
            "CREATE TABLE shop.key (tenant_id uuid); SELECT app.make_definer_table('shop.key'); \
             GRANT SELECT ON shop.key TO portolan_app",
            "global-tenant",
        ),
        ("GRANT SELECT ON shop.site TO PUBLIC", "public"),
        ("RESET ROLE; ALTER TABLE shop.site OWNER TO portolan_cluster", "owner"),
        ("RESET ROLE; ALTER FUNCTION app.touch() OWNER TO portolan_cluster", "function-owner"),
        ("RESET ROLE; ALTER FUNCTION app.touch() SECURITY DEFINER", "definer"),
        ("CREATE SEQUENCE shop.s; GRANT USAGE ON SEQUENCE shop.s TO portolan_app", "sequence"),
    ] {
        let database = Two::new().await.database;
        let mut connection = database.superuser().await;
        connection.execute("SET ROLE portolan_owner").await.unwrap();
        sqlx::raw_sql(fault)
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{fault}: {error}"));
        let codes: Vec<String> =
            database.store.audit().await.unwrap().into_iter().map(|finding| finding.code).collect();
        assert!(codes.iter().any(|found| found == code), "{fault}: {codes:?}");
    }
}

#[tokio::test]
async fn planted_faults_show_in_behaviour() {
    let two = Two::new().await;
    let mut connection = two.database.superuser().await;
    connection
        .execute("CREATE POLICY wide ON shop.site TO portolan_app USING (true) WITH CHECK (true)")
        .await
        .unwrap();
    let faults = two.database.check_isolation().await.join("\n");
    for expected in [
        "shop.site: 4 rows without a tenant",
        "shop.site: a tenant sees 4 rows",
        "shop.site: a row of another tenant was inserted",
        "shop.site: a row of another tenant was updated",
        "shop.site: a row of another tenant was deleted",
    ] {
        assert!(faults.contains(expected), "{expected} not in\n{faults}");
    }
}
