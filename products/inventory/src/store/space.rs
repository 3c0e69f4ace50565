//! Address space: duplicates where a table forbids them, and the tree of prefixes.
//!
//! Containment is asked as ranges of PostgreSQL's order of `inet`: unlike its containment operators,
//! comparisons are leakproof and may use the index below row-level security.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::{Problem, ReadTx, WriteTx};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::free::{Span, number};

/// Two writers of the same value wait for each other; who comes second sees what the first wrote.
const LOCK_PREFIXES: &str = "SELECT pg_advisory_xact_lock(k.key) FROM (\
    SELECT DISTINCT hashtextextended(concat_ws('|', p.tenant_id, p.vrf, p.prefix), 1) AS key \
    FROM inventory.prefix p WHERE p.id = ANY($1) ORDER BY 1) k";
const LOCK_ADDRESSES: &str = "SELECT pg_advisory_xact_lock(k.key) FROM (\
    SELECT DISTINCT hashtextextended(concat_ws('|', a.tenant_id, a.vrf, host(a.address)), 2) AS key \
    FROM inventory.ip_address a WHERE a.id = ANY($1) ORDER BY 1) k";
const DUPLICATE_PREFIXES: &str = "SELECT p.id, p.prefix::text, v.name, v.rd FROM inventory.prefix p \
    LEFT JOIN inventory.vrf v ON v.id = p.vrf \
    WHERE p.id = ANY($1) AND coalesce(v.enforce_unique, true) AND EXISTS (\
    SELECT 1 FROM inventory.prefix o WHERE o.prefix = p.prefix AND o.vrf IS NOT DISTINCT FROM p.vrf \
    AND o.id <> p.id AND (NOT o.id = ANY($1) OR o.id < p.id))";
/// Addresses of roles that several hosts have at once do not collide with each other.
const DUPLICATE_ADDRESSES: &str = "SELECT a.id, text(d.address), v.name, v.rd FROM inventory.ip_address a \
    LEFT JOIN inventory.vrf v ON v.id = a.vrf CROSS JOIN LATERAL (\
    SELECT o.address FROM inventory.ip_address o WHERE o.address_host = a.address_host \
    AND o.vrf IS NOT DISTINCT FROM a.vrf AND o.id <> a.id AND (NOT o.id = ANY($1) OR o.id < a.id) \
    AND NOT coalesce(o.role = ANY($2) AND a.role = ANY($2), false) LIMIT 1) d \
    WHERE a.id = ANY($1) AND coalesce(v.enforce_unique, true)";
const TREE: &str = "SELECT p.id, \
    (SELECT count(*) FROM inventory.prefix c WHERE c.vrf IS NOT DISTINCT FROM p.vrf AND c.prefix > p.prefix \
     AND c.prefix <= network(set_masklen(broadcast(p.prefix), CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END))), \
    (SELECT count(*) FROM generate_series(0, masklen(p.prefix) - 1) n JOIN inventory.prefix c \
     ON c.prefix = network(set_masklen(p.prefix::inet, n)) AND c.vrf IS NOT DISTINCT FROM p.vrf) \
    FROM inventory.prefix p WHERE p.id = ANY($1)";

/// Roles that may be on several hosts at once.
const SHARED_ROLES: [&str; 6] = ["anycast", "vip", "vrrp", "hsrp", "glbp", "carp"];

/// A value that is there already.
pub(crate) struct Duplicate {
    pub(crate) id: Uuid,
    /// The prefix or address.
    pub(crate) value: String,
    /// Name of the table; none is the global one.
    pub(crate) vrf: Option<String>,
    pub(crate) rd: Option<String>,
}

type Row = (Uuid, String, Option<String>, Option<String>);

fn duplicate((id, value, vrf, rd): Row) -> Duplicate {
    Duplicate { id, value, vrf, rd }
}

/// Those of the prefixes that their table has already, after waiting for whoever writes the same.
pub(crate) async fn duplicate_prefixes(tx: &mut WriteTx, ids: &[Uuid]) -> Result<Vec<Duplicate>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query(LOCK_PREFIXES).bind(ids).execute(tx.conn()).await?;
    let rows: Vec<Row> = sqlx::query_as(DUPLICATE_PREFIXES).bind(ids).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(duplicate).collect())
}

/// Those of the addresses that their table has already.
pub(crate) async fn duplicate_addresses(tx: &mut WriteTx, ids: &[Uuid]) -> Result<Vec<Duplicate>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query(LOCK_ADDRESSES).bind(ids).execute(tx.conn()).await?;
    let roles: Vec<String> = SHARED_ROLES.iter().map(|role| (*role).to_owned()).collect();
    let rows: Vec<Row> =
        sqlx::query_as(DUPLICATE_ADDRESSES).bind(ids).bind(&roles).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(duplicate).collect())
}

/// Where a prefix is in the tree of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Prefixes within it.
    pub(crate) children: i64,
    /// Prefixes around it.
    pub(crate) depth: i64,
}

/// The places of prefixes.
pub(crate) async fn places(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<(Uuid, Place)>, Problem> {
    let rows = places_on(tx.conn(), ids).await?;
    Ok(rows.into_iter().map(|(id, children, depth)| (id, Place { children, depth })).collect())
}

async fn places_on(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<(Uuid, i64, i64)>, Problem> {
    Ok(sqlx::query_as(TREE).bind(ids).fetch_all(conn).await?)
}

/// One allocation from a parent at a time.
const LOCK_PARENT: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 3))";
const USED_ADDRESSES: &str = "SELECT DISTINCT a.address_host FROM inventory.ip_address a \
    WHERE a.address_host >= $1 AND a.address_host <= $2 AND a.vrf IS NOT DISTINCT FROM $3 ORDER BY 1";
const USED_RANGES: &str = "SELECT r.start_address_host, r.end_address_host FROM inventory.ip_range r \
    WHERE r.start_address_host <= $2 AND r.end_address_host >= $1 AND r.vrf IS NOT DISTINCT FROM $3 \
    AND r.mark_populated";
const CHILD_PREFIXES: &str = "SELECT c.prefix FROM inventory.prefix c \
    WHERE c.prefix > $1 AND c.prefix <= $2 AND c.vrf IS NOT DISTINCT FROM $3";
const USED_VIDS: &str = r#"SELECT v.vid FROM inventory.vlan v WHERE v."group" = $1"#;
const USED_ASNS: &str = "SELECT a.asn FROM inventory.asn a WHERE a.asn BETWEEN $1 AND $2";

/// Waits until nobody else allocates from this record.
pub(crate) async fn lock_parent(tx: &mut WriteTx, parent: Uuid) -> Result<(), Problem> {
    sqlx::query(LOCK_PARENT).bind(parent.to_string()).execute(tx.conn()).await?;
    Ok(())
}

/// Addresses and populated ranges of a table between two addresses.
pub(crate) async fn used_addresses(
    conn: &mut PgConnection,
    (first, last): (IpAddr, IpAddr),
    vrf: Option<Uuid>,
) -> Result<Vec<Span>, Problem> {
    let (first, last) = (IpNet::from(first), IpNet::from(last));
    let hosts: Vec<IpNet> =
        sqlx::query_scalar(USED_ADDRESSES).bind(first).bind(last).bind(vrf).fetch_all(&mut *conn).await?;
    let ranges: Vec<(IpNet, IpNet)> =
        sqlx::query_as(USED_RANGES).bind(first).bind(last).bind(vrf).fetch_all(conn).await?;
    let hosts = hosts.into_iter().map(|host| Span::one(number(host.addr())));
    let ranges = ranges
        .into_iter()
        .map(|(first, last)| Span { first: number(first.addr()), last: number(last.addr()) });
    Ok(hosts.chain(ranges).collect())
}

/// Prefixes of a table within a prefix.
pub(crate) async fn child_prefixes(
    conn: &mut PgConnection,
    prefix: IpNet,
    vrf: Option<Uuid>,
) -> Result<Vec<Span>, Problem> {
    let last = IpNet::from(prefix.broadcast());
    let found: Vec<IpNet> =
        sqlx::query_scalar(CHILD_PREFIXES).bind(prefix).bind(last).bind(vrf).fetch_all(conn).await?;
    Ok(found.into_iter().map(Span::of_net).collect())
}

fn spans(numbers: Vec<i64>) -> Vec<Span> {
    numbers.into_iter().filter_map(|number| u128::try_from(number).ok()).map(Span::one).collect()
}

/// VLAN ids of a group.
pub(crate) async fn used_vids(conn: &mut PgConnection, group: Uuid) -> Result<Vec<Span>, Problem> {
    Ok(spans(sqlx::query_scalar(USED_VIDS).bind(group).fetch_all(conn).await?))
}

/// AS numbers between two.
pub(crate) async fn used_asns(conn: &mut PgConnection, first: i64, last: i64) -> Result<Vec<Span>, Problem> {
    Ok(spans(sqlx::query_scalar(USED_ASNS).bind(first).bind(last).fetch_all(conn).await?))
}

/// Few are written, and those that overlap must not pass each other.
const LOCK_KIND: &str = "SELECT pg_advisory_xact_lock(hashtextextended(app.tenant_id()::text || $1, 4))";
const OVERLAPPING_AGGREGATES: &str = "SELECT a.id, o.prefix::text FROM inventory.aggregate a \
    CROSS JOIN LATERAL (SELECT o.prefix FROM inventory.aggregate o WHERE o.id <> a.id AND o.prefix && a.prefix LIMIT 1) o \
    WHERE a.id = ANY($1)";
const OVERLAPPING_RANGES: &str = "SELECT a.id, concat(host(o.start_address), '-', host(o.end_address)) FROM inventory.ip_range a \
    CROSS JOIN LATERAL (SELECT o.start_address, o.end_address FROM inventory.ip_range o WHERE o.id <> a.id \
    AND o.vrf IS NOT DISTINCT FROM a.vrf AND o.start_address_host <= a.end_address_host \
    AND o.end_address_host >= a.start_address_host LIMIT 1) o WHERE a.id = ANY($1)";

/// Waits until nobody else writes records of the kind that must not pass each other.
pub(crate) async fn lock_kind(tx: &mut WriteTx, kind: &str) -> Result<(), Problem> {
    sqlx::query(LOCK_KIND).bind(kind).execute(tx.conn()).await?;
    Ok(())
}

/// Those of the aggregates that share addresses with another, and which.
pub(crate) async fn overlapping_aggregates(
    tx: &mut WriteTx,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock_kind(tx, "aggregate").await?;
    Ok(sqlx::query_as(OVERLAPPING_AGGREGATES).bind(ids).fetch_all(tx.conn()).await?)
}

/// Those of the ranges that share addresses with another of their table, and which.
pub(crate) async fn overlapping_ranges(
    tx: &mut WriteTx,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock_kind(tx, "range").await?;
    Ok(sqlx::query_as(OVERLAPPING_RANGES).bind(ids).fetch_all(tx.conn()).await?)
}
