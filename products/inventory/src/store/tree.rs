//! The tree of prefixes, a level at a time. The children of a prefix are found by leaping: from one to
//! the first that lies behind its last address. A level costs as many looks into the index as it has
//! prefixes, however much lies below.

use ipnet::IpNet;
use kit::{Problem, ReadTx};
use uuid::Uuid;

use crate::free::{Span, number};

const LEVEL: &str = "WITH RECURSIVE step(prefix, n) AS (\
    (SELECT c.prefix, 1 FROM inventory.prefix c WHERE c.prefix >= $1 AND c.prefix <= $2 \
     AND c.vrf IS NOT DISTINCT FROM $3 ORDER BY c.prefix LIMIT 1) \
    UNION ALL SELECT x.prefix, s.n + 1 FROM step s CROSS JOIN LATERAL (\
     SELECT c.prefix FROM inventory.prefix c \
     WHERE c.prefix > network(set_masklen(broadcast(s.prefix), CASE family(s.prefix) WHEN 4 THEN 32 ELSE 128 END)) \
     AND c.prefix <= $2 AND c.vrf IS NOT DISTINCT FROM $3 ORDER BY c.prefix LIMIT 1) x WHERE s.n < $4) \
    SELECT p.id, p.prefix FROM step s JOIN inventory.prefix p \
    ON p.prefix = s.prefix AND p.vrf IS NOT DISTINCT FROM $3 ORDER BY p.prefix, p.id LIMIT $4";
const ABOVE: &str = "SELECT c.id FROM generate_series(0, masklen($1) - 1) n JOIN inventory.prefix c \
    ON c.prefix = network(set_masklen($1::inet, n)) AND c.vrf IS NOT DISTINCT FROM $2 ORDER BY c.prefix, c.id";
/// Lengths of the direct children of each prefix, and how many have it.
const CHILD_LENGTHS: &str = "SELECT p.id, masklen(s.prefix), count(*) FROM inventory.prefix p CROSS JOIN LATERAL (\
    WITH RECURSIVE step(prefix, n) AS (\
    (SELECT c.prefix, 1 FROM inventory.prefix c WHERE c.prefix > p.prefix \
     AND c.prefix <= network(set_masklen(broadcast(p.prefix), CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END)) \
     AND c.vrf IS NOT DISTINCT FROM p.vrf ORDER BY c.prefix LIMIT 1) \
    UNION ALL SELECT x.prefix, s.n + 1 FROM step s CROSS JOIN LATERAL (\
     SELECT c.prefix FROM inventory.prefix c \
     WHERE c.prefix > network(set_masklen(broadcast(s.prefix), CASE family(s.prefix) WHEN 4 THEN 32 ELSE 128 END)) \
     AND c.prefix <= network(set_masklen(broadcast(p.prefix), CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END)) \
     AND c.vrf IS NOT DISTINCT FROM p.vrf ORDER BY c.prefix LIMIT 1) x WHERE s.n < 65536) \
    SELECT step.prefix FROM step) s WHERE p.id = ANY($1) GROUP BY 1, 2";
/// Different addresses in each prefix, without those in ranges that count as full.
const ADDRESSES: &str = "SELECT p.id, (SELECT count(DISTINCT a.address_host) FROM inventory.ip_address a \
    WHERE a.address_host >= set_masklen(p.prefix::inet, CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END) \
    AND a.address_host <= set_masklen(broadcast(p.prefix), CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END) \
    AND a.vrf IS NOT DISTINCT FROM p.vrf AND NOT EXISTS (SELECT 1 FROM inventory.ip_range r \
     WHERE r.mark_utilized AND r.vrf IS NOT DISTINCT FROM p.vrf \
     AND r.start_address_host <= a.address_host AND r.end_address_host >= a.address_host)) \
    FROM inventory.prefix p WHERE p.id = ANY($1)";
const FULL_RANGES: &str = "SELECT p.id, r.start_address_host, r.end_address_host \
    FROM inventory.prefix p JOIN inventory.ip_range r ON r.vrf IS NOT DISTINCT FROM p.vrf AND r.mark_utilized \
    AND r.start_address_host <= set_masklen(broadcast(p.prefix), CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END) \
    AND r.end_address_host >= set_masklen(p.prefix::inet, CASE family(p.prefix) WHEN 4 THEN 32 ELSE 128 END) \
    WHERE p.id = ANY($1)";

/// The prefixes of a table from `from` to `to` that lie in no other of these, in order.
pub(crate) async fn level(
    tx: &mut ReadTx,
    (from, to): (IpNet, IpNet),
    vrf: Option<Uuid>,
    limit: usize,
) -> Result<Vec<(Uuid, IpNet)>, Problem> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let level = sqlx::query_as(LEVEL).bind(from).bind(to).bind(vrf).bind(limit);
    Ok(level.fetch_all(tx.conn()).await?)
}

/// The prefixes of a table around a prefix, the widest first.
pub(crate) async fn above(tx: &mut ReadTx, prefix: IpNet, vrf: Option<Uuid>) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(ABOVE).bind(prefix).bind(vrf).fetch_all(tx.conn()).await?)
}

/// Of each prefix the lengths of its direct children with their number.
pub(crate) async fn child_lengths(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<(Uuid, i32, i64)>, Problem> {
    Ok(sqlx::query_as(CHILD_LENGTHS).bind(ids).fetch_all(tx.conn()).await?)
}

/// Of each prefix the number of its addresses outside of ranges that count as full.
pub(crate) async fn addresses(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>, Problem> {
    Ok(sqlx::query_as(ADDRESSES).bind(ids).fetch_all(tx.conn()).await?)
}

/// The ranges that count as full and reach into each prefix.
pub(crate) async fn full_ranges(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<(Uuid, Span)>, Problem> {
    let found: Vec<(Uuid, IpNet, IpNet)> = sqlx::query_as(FULL_RANGES).bind(ids).fetch_all(tx.conn()).await?;
    let span = |(id, first, last): (Uuid, IpNet, IpNet)| {
        (id, Span { first: number(first.addr()), last: number(last.addr()) })
    };
    Ok(found.into_iter().map(span).collect())
}
