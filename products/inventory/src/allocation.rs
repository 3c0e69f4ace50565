//! What a parent has left - addresses, prefixes, VLAN ids, AS numbers - and the next of it as new
//! records. Who asks for the same parent waits for the one before, so that nothing is given twice.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use kit::record::Record;
use kit::records::Write;
use kit::{Ctx, Problem, Records, RowAct};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::free::{self, Span};
use crate::reading::{id_of, reference};
use crate::store::space;

/// Most records of one allocation.
pub(crate) const MAX_RECORDS: usize = 1_000;

/// What is asked of a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Addresses,
    Prefixes,
    Vlans,
    Asns,
}

impl Kind {
    /// The model of what is given.
    pub(crate) fn model(self) -> &'static str {
        match self {
            Self::Addresses => "inventory.ip_address",
            Self::Prefixes => "inventory.prefix",
            Self::Vlans => "inventory.vlan",
            Self::Asns => "inventory.asn",
        }
    }

    /// The fields that the parent decides.
    pub(crate) fn decided(self) -> &'static [&'static str] {
        match self {
            Self::Addresses => &["address", "vrf"],
            Self::Prefixes => &["prefix", "vrf"],
            Self::Vlans => &["vid", "group"],
            Self::Asns => &["asn", "rir"],
        }
    }
}

/// One thing that is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Free {
    /// An address with the length of its network.
    Address(IpAddr, u8),
    Prefix(IpNet),
    /// A VLAN id or an AS number.
    Number(u128),
}

/// One record that is asked for.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Its fields, without those that the parent decides.
    pub(crate) fields: Record,
    /// The length of the network; needed for prefixes.
    pub(crate) length: Option<u8>,
}

/// A parent with what is free in it.
pub(crate) struct Parent<'a> {
    record: &'a Record,
    kind: Kind,
    gaps: Vec<Span>,
    /// An address of its family.
    like: IpAddr,
    /// Length of the networks of its addresses.
    length: u8,
}

/// The network in a column.
pub(crate) fn net_of(record: &Record, column: &str) -> Option<IpNet> {
    record.get(column).and_then(Value::as_str)?.parse().ok()
}

fn whole(record: &Record, column: &str) -> i64 {
    record.get(column).and_then(Value::as_i64).unwrap_or_default()
}

/// The addresses a parent consists of: the hosts of a prefix, or a range from its start to its end.
fn addresses(record: &Record) -> Span {
    let end = |column| net_of(record, column).map_or(0, |net| free::number(net.addr()));
    match net_of(record, "prefix") {
        Some(prefix) => free::hosts(prefix, record.get("is_pool") == Some(&Value::Bool(true))),
        None => Span { first: end("start_address"), last: end("end_address") },
    }
}

/// The gaps between the VLANs of a group.
async fn vlan_gaps(conn: &mut PgConnection, group: &Record) -> Result<Vec<Span>, Problem> {
    let mut used = space::used_vids(conn, id_of(group).unwrap_or_default()).await?;
    let ranges = group.get("vid_ranges").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let end = |range: &Value, at: usize| range.get(at).and_then(Value::as_u64).map_or(0, u128::from);
    let span = |range: &Value| Span { first: end(range, 0), last: end(range, 1) };
    Ok(ranges.iter().flat_map(|range| free::gaps(span(range), &mut used)).collect())
}

impl<'a> Parent<'a> {
    /// Reads what is used, and keeps what is left.
    pub(crate) async fn load(
        conn: &mut PgConnection,
        kind: Kind,
        record: &'a Record,
    ) -> Result<Self, Problem> {
        let vrf = reference(record, "vrf");
        let prefix = net_of(record, "prefix");
        let net = prefix.or_else(|| net_of(record, "start_address"));
        let like = net.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |net| net.addr());
        let gaps = match (kind, prefix) {
            (Kind::Prefixes, Some(prefix)) => {
                let mut used = space::child_prefixes(conn, prefix, vrf).await?;
                free::gaps(Span::of_net(prefix), &mut used)
            }
            (Kind::Addresses | Kind::Prefixes, _) => {
                let span = addresses(record);
                let ends = (free::address(span.first, like), free::address(span.last, like));
                free::gaps(span, &mut space::used_addresses(conn, ends, vrf).await?)
            }
            (Kind::Vlans, _) => vlan_gaps(conn, record).await?,
            (Kind::Asns, _) => {
                let (first, last) = (whole(record, "start"), whole(record, "end"));
                let mut used = space::used_asns(conn, first, last).await?;
                let number = |number: i64| u128::try_from(number).unwrap_or_default();
                free::gaps(Span { first: number(first), last: number(last) }, &mut used)
            }
        };
        Ok(Self { record, kind, gaps, like, length: net.map_or(32, |net| net.prefix_len()) })
    }

    /// 4 or 6.
    pub(crate) fn family(&self) -> u8 {
        if self.like.is_ipv4() { 4 } else { 6 }
    }

    /// What is left, in order: all free networks, or the first numbers.
    pub(crate) fn free(&self, limit: usize) -> Vec<Free> {
        let numbers = free::numbers(&self.gaps).take(limit);
        match self.kind {
            Kind::Prefixes => free::networks(&self.gaps, self.like).into_iter().map(Free::Prefix).collect(),
            Kind::Addresses => {
                let address = |number| Free::Address(free::address(number, self.like), self.length);
                numbers.map(address).collect()
            }
            Kind::Vlans | Kind::Asns => numbers.map(Free::Number).collect(),
        }
    }

    /// The fields of the next record that the parent decides; none when nothing is left.
    fn next(&mut self, length: Option<u8>) -> Option<Record> {
        let values: [Value; 2] = match self.kind {
            Kind::Prefixes => {
                let taken = free::take_network(&mut self.gaps, length?, self.like)?;
                [json!(taken.to_string()), json!(reference(self.record, "vrf"))]
            }
            Kind::Addresses => {
                let taken = free::address(free::take_number(&mut self.gaps)?, self.like);
                let length = length.unwrap_or(self.length);
                [json!(format!("{taken}/{length}")), json!(reference(self.record, "vrf"))]
            }
            Kind::Vlans => [json!(self.number()?), json!(id_of(self.record))],
            Kind::Asns => [json!(self.number()?), json!(reference(self.record, "rir"))],
        };
        Some(self.kind.decided().iter().map(|name| (*name).to_owned()).zip(values).collect())
    }

    fn number(&mut self) -> Option<i64> {
        i64::try_from(free::take_number(&mut self.gaps)?).ok()
    }
}

/// Gives the next ones of a parent as new records, all or none.
///
/// # Errors
/// 403 without the right to write them, 409 `exhausted` when not so many are left, and what the
/// record engine refuses.
pub(crate) async fn allocate(
    records: &dyn Records,
    ctx: &Ctx,
    kind: Kind,
    parent: &Record,
    wanted: Vec<Wanted>,
) -> Result<Vec<Record>, Problem> {
    let model =
        records.model(kind.model()).ok_or_else(|| Problem::internal(format!("no model {}", kind.model())))?;
    let granted = ctx.authorize_rows(model, RowAct::Add)?;
    let mut tx = ctx.write(granted).await?;
    space::lock_parent(&mut tx, id_of(parent).unwrap_or_default()).await?;
    let mut parent = Parent::load(tx.conn(), kind, parent).await?;
    let mut writes = Vec::with_capacity(wanted.len());
    for Wanted { mut fields, length } in wanted {
        let exhausted =
            || Problem::conflict("exhausted", "There is not so much left here. Ask for less, or elsewhere.");
        fields.extend(parent.next(length).ok_or_else(exhausted)?);
        writes.push(Write::Create(fields));
    }
    let made = records.write_asked(&mut tx, model, writes).await?;
    tx.commit().await?;
    Ok(made)
}
