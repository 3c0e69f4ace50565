//! Routes: inetCidrRouteTable, ipCidrRouteTable (RFC 4292), ipRouteTable (RFC 1213). Counted first:
//! a full table of the internet is not walked.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use model::address::mask_length;
use model::documents::Route;
use model::{Document, DocumentKind, Reason, ReasonCode};
use snmp::{IndexReader, Oid, Row, Table, Value};

use super::{Agent, Gather, Reading, cell_u32, oid};
use crate::snmp::report::TableReport;

const INET_COUNT: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 24, 6, 0);
const CIDR_COUNT: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 24, 3, 0);
const INET_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 24, 7, 1);
const CIDR_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 24, 4, 1);
const OLD_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 21, 1);

/// Declared counts.
pub const SCALARS: &[Oid] = &[INET_COUNT, CIDR_COUNT];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[INET_ENTRY, CIDR_ENTRY, OLD_ENTRY];

/// inetCidrRouteType: other(1) and the discarding kinds have no next hop to follow.
const LOCAL: u32 = 3;

/// Makes a route of a row.
type Decode = fn(&[u32], &Row) -> Option<Route>;

/// Reads the routes of the first table that has any.
pub async fn read(agent: &Agent<'_>) -> Reading {
    let inet = ("inetCidrRouteTable", INET_ENTRY, &[7, 8, 9, 12][..], agent.scalar_u32(&INET_COUNT));
    let cidr = ("ipCidrRouteTable", CIDR_ENTRY, &[5, 6, 7, 11][..], agent.scalar_u32(&CIDR_COUNT));
    let old = ("ipRouteTable", OLD_ENTRY, &[2, 8, 9, 3, 7, 11][..], None);
    let decoders: [Decode; 3] = [inet_route, cidr_route, old_route];
    for ((name, entry, columns, count), decode) in [inet, cidr, old].into_iter().zip(decoders) {
        if !agent.has(&entry) {
            continue;
        }
        if let Some(count) = count.filter(|count| *count > agent.max_routes) {
            return too_many(name, count, agent.max_routes);
        }
        let table = agent.walk(&entry, columns).await;
        if table.rows.is_empty() {
            continue;
        }
        let routes = sorted(&table, decode);
        let rows = routes.len();
        let mut gather = Gather::default();
        gather.add(name, &table, table.rows.len(), None);
        return gather.finish(DocumentKind::Routes, rows, Some(Document::Routes(routes)));
    }
    Reading::not_supported(DocumentKind::Routes, "inetCidrRouteTable")
}

fn too_many(name: &str, count: u32, limit: u32) -> Reading {
    let text = format!("{name} declares {count} routes, more than the limit of {limit}; it was not walked.");
    let reason = Reason::new(ReasonCode::RowLimit, text);
    let mut completeness = model::Completeness::partial(0, reason);
    completeness.declared = Some(count);
    let tables = vec![TableReport::of(name, &completeness, None)];
    Reading { kind: DocumentKind::Routes, document: None, completeness, tables }
}

fn sorted(table: &Table, decode: Decode) -> Vec<Route> {
    let mut routes: Vec<Route> = table.rows.iter().filter_map(|(index, row)| decode(index, row)).collect();
    routes.sort_unstable_by_key(|r| (r.prefix, r.next_hop, r.if_index, r.protocol, r.metric));
    routes.dedup();
    routes
}

fn route(prefix: IpNet, next_hop: Option<IpAddr>, row: &Row) -> Route {
    let local = cell_u32(row, 1) == Some(LOCAL);
    Route {
        prefix: prefix.trunc(),
        next_hop: next_hop.filter(|hop| !local && !hop.is_unspecified()),
        if_index: cell_u32(row, 0).filter(|if_index| *if_index > 0),
        protocol: cell_u32(row, 2).unwrap_or(1),
        // -1 stands for "not used".
        metric: cell_u32(row, 3),
    }
}

/// Index: destination, prefix length, policy, next hop.
fn inet_route(index: &[u32], row: &Row) -> Option<Route> {
    let mut reader = IndexReader::new(index);
    let destination = reader.inet_address()?.ip()?;
    let length = u8::try_from(reader.u32()?).ok()?;
    reader.prefixed_arcs()?;
    let next_hop = reader.inet_address().and_then(|address| address.ip());
    Some(route(IpNet::new(destination, length).ok()?, next_hop, row))
}

/// Index: destination, mask, type of service, next hop.
fn cidr_route(index: &[u32], row: &Row) -> Option<Route> {
    let mut reader = IndexReader::new(index);
    let destination = reader.ipv4()?;
    let length = mask_length(reader.ipv4()?)?;
    reader.u32()?;
    let next_hop = reader.ipv4().map(IpAddr::V4);
    Some(route(IpNet::V4(Ipv4Net::new(destination, length).ok()?), next_hop, row))
}

/// Index: destination. Next hop and mask are columns.
fn old_route(index: &[u32], row: &Row) -> Option<Route> {
    let destination = IndexReader::new(index).ipv4()?;
    let mask: Ipv4Addr = row.get(5).and_then(Value::as_ipv4)?;
    let next_hop = row.get(4).and_then(Value::as_ipv4).map(IpAddr::V4);
    Some(route(IpNet::V4(Ipv4Net::new(destination, mask_length(mask)?).ok()?), next_hop, row))
}
