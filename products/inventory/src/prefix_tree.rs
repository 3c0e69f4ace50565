//! Prefixes as a tree, a level at a time: what lies directly in a prefix or at the top of a table, how
//! full each is, and what is free between them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Model, Problem, Records};
use serde_json::Value;
use uuid::Uuid;

use crate::allocation::net_of;
use crate::free::{self, Span};
use crate::reading::{id_of, reference};
use crate::store::space::{self, Place};
use crate::store::tree;

/// What is asked.
pub(crate) struct Level {
    /// The table; none is the global one.
    pub(crate) vrf: Option<Uuid>,
    /// What the prefixes lie in; the top of the table when `None`.
    pub(crate) parent: Option<Uuid>,
    /// The last prefix of the page before.
    pub(crate) behind: Option<IpNet>,
    /// At most this many prefixes.
    pub(crate) limit: usize,
}

/// A prefix with its place.
pub(crate) struct Row {
    pub(crate) record: Record,
    pub(crate) place: Place,
    /// Percent of it that is in use.
    pub(crate) utilisation: f64,
    /// Different addresses in it.
    pub(crate) addresses: i64,
}

/// A line of a level.
pub(crate) enum Line {
    Prefix(Box<Row>),
    /// A network that nobody has.
    Free(IpNet),
}

/// One level of the tree.
#[derive(Default)]
pub(crate) struct Page {
    /// The prefixes around it, the widest first, the parent last.
    pub(crate) above: Vec<Row>,
    pub(crate) lines: Vec<Line>,
    /// The last prefix when there are more behind it.
    pub(crate) more: Option<IpNet>,
}

fn prefixes(records: &dyn Records) -> Result<&'static Model, Problem> {
    records.model("inventory.prefix").ok_or_else(|| Problem::internal("no model inventory.prefix"))
}

/// The length of the whole family.
fn bits(net: IpNet) -> u8 {
    net.max_prefix_len()
}

/// The first network that may lie in this one, in the order of PostgreSQL.
fn first_within(net: IpNet) -> Option<IpNet> {
    IpNet::new(net.network(), net.prefix_len() + 1).ok()
}

/// The first network behind the last address of this one; none behind the last of all.
fn first_behind(net: IpNet) -> Option<IpNet> {
    let next = match net.broadcast() {
        IpAddr::V4(last) => match u32::from(last).checked_add(1) {
            Some(next) => IpAddr::V4(Ipv4Addr::from(next)),
            None => return IpNet::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0).ok(),
        },
        IpAddr::V6(last) => IpAddr::V6(Ipv6Addr::from(u128::from(last).checked_add(1)?)),
    };
    let aligned = free::number(next).trailing_zeros().min(u32::from(bits(net)));
    IpNet::new(next, bits(net) - u8::try_from(aligned).unwrap_or(0)).ok()
}

/// All networks there are, in the order of PostgreSQL.
fn everything() -> (IpNet, IpNet) {
    (IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::from(Ipv6Addr::from(u128::MAX))))
}

/// A level of the tree, as the principal may see it.
pub(crate) async fn level(records: &dyn Records, ctx: &Ctx, asked: &Level) -> Result<Page, Problem> {
    let parent = match asked.parent {
        Some(id) => {
            Some(by_id(records, ctx, &[id]).await?.remove(&id).ok_or_else(|| Problem::not_found("prefix"))?)
        }
        None => None,
    };
    let within = parent.as_ref().and_then(|parent| net_of(parent, "prefix"));
    let vrf = parent.as_ref().map_or(asked.vrf, |parent| reference(parent, "vrf"));
    let (mut from, to) = match within {
        Some(net) => match first_within(net) {
            Some(first) => (first, IpNet::from(net.broadcast())),
            None => return Ok(Page { above: chain(records, ctx, parent).await?, ..Page::default() }),
        },
        None => everything(),
    };
    if let Some(last) = asked.behind {
        match first_behind(last) {
            Some(first) => from = first.max(from),
            None => return Ok(Page::default()),
        }
    }
    let mut tx = ctx.read().await?;
    let mut found = tree::level(&mut tx, (from, to), vrf, asked.limit + 1).await?;
    drop(tx);
    let more = found.len() > asked.limit;
    found.truncate(asked.limit);
    let last = found.last().map(|(_, net)| *net);
    let ids: Vec<Uuid> = found.iter().map(|(id, _)| *id).collect();
    let rows = rows(records, ctx, &ids).await?;
    let mut lines: Vec<Line> = rows.into_iter().map(|row| Line::Prefix(Box::new(row))).collect();
    if let Some(net) = within {
        let start = asked.behind.map_or_else(|| Span::of_net(net).first, |last| Span::of_net(last).last + 1);
        let end = last.filter(|_| more).map_or(Span::of_net(net).last, |last| Span::of_net(last).last);
        let mut used: Vec<Span> = found.iter().map(|(_, net)| Span::of_net(*net)).collect();
        let gaps =
            if start > end { Vec::new() } else { free::gaps(Span { first: start, last: end }, &mut used) };
        lines.extend(free::networks(&gaps, net.addr()).into_iter().map(Line::Free));
        lines.sort_by_key(|line| match line {
            Line::Prefix(row) => net_of(&row.record, "prefix"),
            Line::Free(net) => Some(*net),
        });
    }
    let above = if asked.behind.is_none() { chain(records, ctx, parent).await? } else { Vec::new() };
    Ok(Page { above, lines, more: last.filter(|_| more) })
}

/// Prefixes that hold an address or network, lie in it, or have the text in one of their fields.
pub(crate) async fn search(
    records: &dyn Records,
    ctx: &Ctx,
    vrf: Option<Uuid>,
    text: &str,
    limit: u32,
) -> Result<Page, Problem> {
    let is_net = text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok();
    let matches = if is_net {
        Where::Any(vec![Where::is("prefix", "contains", text), Where::is("prefix", "within", text)])
    } else {
        Where::Search(text.to_owned())
    };
    let table = match vrf {
        Some(vrf) => Where::is("vrf", "eq", vrf.to_string()),
        None => Where::is("vrf", "isnull", "true"),
    };
    let filter = Where::All(vec![table, matches]);
    let ask = Ask { filter, sort: Some("prefix".to_owned()), limit, ..Ask::default() };
    let found = records.find(ctx, prefixes(records)?, &ask).await?.records;
    let ids: Vec<Uuid> = found.iter().filter_map(id_of).collect();
    let rows = rows(records, ctx, &ids).await?;
    Ok(Page { lines: rows.into_iter().map(|row| Line::Prefix(Box::new(row))).collect(), ..Page::default() })
}

/// A prefix and what is around it.
async fn chain(records: &dyn Records, ctx: &Ctx, parent: Option<Record>) -> Result<Vec<Row>, Problem> {
    let Some(parent) = parent else { return Ok(Vec::new()) };
    let Some(net) = net_of(&parent, "prefix") else { return Ok(Vec::new()) };
    let mut ids = tree::above(&mut ctx.read().await?, net, reference(&parent, "vrf")).await?;
    ids.extend(id_of(&parent));
    rows(records, ctx, &ids).await
}

/// The records with these ids that the principal may see.
async fn by_id(records: &dyn Records, ctx: &Ctx, ids: &[Uuid]) -> Result<HashMap<Uuid, Record>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let values = ids.iter().map(Uuid::to_string).collect();
    let filter = Where::Is { field: "id".to_owned(), op: "eq", values };
    let found = records.find(ctx, prefixes(records)?, &Ask { filter, ..Ask::default() }).await?;
    Ok(found.records.into_iter().filter_map(|record| Some((id_of(&record)?, record))).collect())
}

/// Prefixes with their places, in the order of their ids here.
async fn rows(records: &dyn Records, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Row>, Problem> {
    let mut found = by_id(records, ctx, ids).await?;
    let mut tx = ctx.read().await?;
    let places: HashMap<Uuid, Place> = space::places(&mut tx, ids).await?.into_iter().collect();
    let addresses: HashMap<Uuid, i64> = tree::addresses(&mut tx, ids).await?.into_iter().collect();
    let mut lengths: HashMap<Uuid, Vec<(i32, i64)>> = HashMap::new();
    for (id, length, count) in tree::child_lengths(&mut tx, ids).await? {
        lengths.entry(id).or_default().push((length, count));
    }
    let mut full: HashMap<Uuid, Vec<Span>> = HashMap::new();
    for (id, span) in tree::full_ranges(&mut tx, ids).await? {
        full.entry(id).or_default().push(span);
    }
    drop(tx);
    let row = |id: &Uuid| {
        let record = found.remove(id)?;
        let addresses = addresses.get(id).copied().unwrap_or_default();
        let none = Vec::new();
        let used = Used {
            children: lengths.get(id).unwrap_or(&none),
            full: full.get(id).map(Vec::as_slice).unwrap_or_default(),
            addresses,
        };
        let utilisation = utilisation(&record, &used);
        Some(Row { record, place: places.get(id).copied().unwrap_or_default(), utilisation, addresses })
    };
    Ok(ids.iter().filter_map(row).collect())
}

/// What of a prefix is in use.
struct Used<'a> {
    /// Lengths of direct children with their number.
    children: &'a [(i32, i64)],
    full: &'a [Span],
    addresses: i64,
}

/// Percent of a prefix that is in use: of a container by the prefixes in it, of others by addresses
/// and ranges that count as full, as a share of those that hosts may have.
fn utilisation(record: &Record, used: &Used<'_>) -> f64 {
    let Some(net) = net_of(record, "prefix") else { return 0.0 };
    let is = |field: &str| record.get(field) == Some(&Value::Bool(true));
    if is("mark_utilized") {
        return 100.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a percentage of two digits")]
    let share =
        |part: u128, whole: u128| ((part as f64 / whole as f64 * 10_000.0).round() / 100.0).min(100.0);
    if record.get("status").and_then(Value::as_str) == Some("container") {
        // In units of the smallest network, so that the whole of IPv6 has a number.
        let part: f64 = used
            .children
            .iter()
            .map(|(length, count)| {
                let below = length - i32::from(net.prefix_len());
                #[expect(clippy::cast_precision_loss, reason = "a percentage of two digits")]
                let count = *count as f64;
                count / 2_f64.powi(below)
            })
            .sum();
        return ((part * 10_000.0).round() / 100.0).min(100.0);
    }
    let hosts = free::hosts(net, is("is_pool"));
    let size = (hosts.last - hosts.first).saturating_add(1);
    let of_ranges: u128 = used
        .full
        .iter()
        .filter_map(|span| {
            let (first, last) = (span.first.max(hosts.first), span.last.min(hosts.last));
            (last >= first).then(|| (last - first).saturating_add(1))
        })
        .fold(0, u128::saturating_add);
    let addresses = u128::try_from(used.addresses).unwrap_or_default();
    share(of_ranges.saturating_add(addresses), size)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_next_network_in_order() {
        for (net, within, behind) in [
            ("10.0.0.0/8", Some("10.0.0.0/9"), Some("11.0.0.0/8")),
            ("10.0.0.0/32", None, Some("10.0.0.1/32")),
            ("10.255.0.0/16", Some("10.255.0.0/17"), Some("11.0.0.0/8")),
            ("127.0.0.0/8", Some("127.0.0.0/9"), Some("128.0.0.0/1")),
            ("255.255.255.255/32", None, Some("::/0")),
            ("2001:db8::/32", Some("2001:db8::/33"), Some("2001:db9::/32")),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", None, None),
        ] {
            let parsed: IpNet = net.parse().unwrap();
            let text = |net: Option<IpNet>| net.map(|net| net.to_string());
            assert_eq!(text(first_within(parsed)).as_deref(), within, "{net}");
            assert_eq!(text(first_behind(parsed)).as_deref(), behind, "{net}");
        }
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "rounded to two digits")]
    fn how_full_a_prefix_is() {
        let of = |prefix: &str, more: &[(&str, Value)], used: &Used<'_>| {
            let mut record = Record::new();
            record.insert("prefix".into(), json!(prefix));
            record.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            utilisation(&record, used)
        };
        let used = Used { children: &[(26, 2), (28, 1)], full: &[], addresses: 127 };
        let status = ("status", json!("container"));
        assert_eq!(of("10.0.0.0/24", std::slice::from_ref(&status), &used), 56.25);
        assert_eq!(of("10.0.0.0/24", &[], &used), 50.0);
        assert_eq!(of("10.0.0.0/24", &[("is_pool", json!(true))], &used), 49.61);
        assert_eq!(of("10.0.0.0/24", &[("mark_utilized", json!(true))], &used), 100.0);
        let span = Span {
            first: free::number("10.0.0.0".parse().unwrap()),
            last: free::number("10.0.0.1".parse().unwrap()),
        };
        let ranges = Used { children: &[], full: &[span], addresses: 0 };
        assert_eq!(of("10.0.0.0/30", &[], &ranges), 50.0, "the address of the network is no host");
        let whole = Used { children: &[(33, 1)], full: &[], addresses: 0 };
        assert_eq!(of("2001:db8::/32", &[status], &whole), 50.0);
        assert_eq!(of("2001:db8::/32", &[], &used), 0.0);
    }
}
