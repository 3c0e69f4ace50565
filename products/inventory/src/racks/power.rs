//! Power of a rack: what its feeds give, and what hangs on them. A port of a power strip that states no
//! draw of its own draws what is plugged into its outlets.

use std::collections::{BTreeSet, HashMap};

use kit::record::Record;
use kit::{Ctx, Problem, Records};
use serde_json::Value;
use uuid::Uuid;

use crate::cabling::Cabling;
use crate::reading::{Reader, by_id, id_of, reference};

/// Power in watts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Power {
    /// What the feeds may give, without their reserve.
    pub(crate) available: i64,
    pub(crate) allocated: i64,
    /// What everything draws at most.
    pub(crate) maximum: i64,
}

fn whole(record: &Record, field: &str) -> Option<i64> {
    record.get(field).and_then(Value::as_i64)
}

/// What a feed may give: voltage by current by the share that may be used, and the square root of
/// three for three phases.
fn available(feed: &Record) -> i64 {
    let number = |field| i32::try_from(whole(feed, field).unwrap_or_default()).map_or(0.0, f64::from);
    let phases =
        if feed.get("phase").and_then(Value::as_str) == Some("three-phase") { 3_f64.sqrt() } else { 1.0 };
    let watts = number("voltage").abs() * number("amperage") * number("max_utilization") / 100.0 * phases;
    #[expect(clippy::cast_possible_truncation, reason = "below 2^31 by the limits of the fields")]
    let watts = watts.round() as i64;
    watts
}

/// What a port states: allocated and most, none when it states neither.
fn stated(port: &Record) -> Option<(i64, i64)> {
    let (allocated, maximum) = (whole(port, "allocated_draw"), whole(port, "maximum_draw"));
    if allocated.is_none() && maximum.is_none() {
        return None;
    }
    Some((allocated.unwrap_or_default(), maximum.or(allocated).unwrap_or_default()))
}

/// The ports at the other side of the cables of these.
async fn plugged(
    records: &dyn Records,
    ctx: &Ctx,
    sockets: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Vec<Record>>, Problem> {
    let mut cabling = Cabling::default();
    cabling.load(records, ctx, sockets).await?;
    let far: HashMap<Uuid, Vec<Uuid>> = sockets
        .iter()
        .map(|socket| (*socket, cabling.far(*socket).iter().map(|port| port.id).collect()))
        .collect();
    let ids = far.values().flatten().copied().collect();
    let mut ports = by_id(Reader::Of(ctx).listed(records, "inventory.power_port", "id", &ids).await?);
    let take =
        |(socket, far): (Uuid, Vec<Uuid>)| (socket, far.iter().filter_map(|id| ports.remove(id)).collect());
    Ok(far.into_iter().map(take).collect())
}

/// The power of a rack.
pub(crate) async fn of_rack(records: &dyn Records, ctx: &Ctx, rack: Uuid) -> Result<Power, Problem> {
    let racks = BTreeSet::from([rack]);
    let feeds = Reader::Of(ctx).listed(records, "inventory.power_feed", "rack", &racks).await?;
    let mut power = Power { available: feeds.iter().map(available).sum(), ..Power::default() };
    if feeds.is_empty() {
        return Ok(power);
    }
    let on_feeds = plugged(records, ctx, &feeds.iter().filter_map(id_of).collect()).await?;
    let ports: Vec<Record> = on_feeds.into_values().flatten().collect();
    let mut add = |(allocated, maximum): (i64, i64)| {
        power.allocated += allocated;
        power.maximum += maximum;
    };
    ports.iter().filter_map(stated).for_each(&mut add);
    let strips = ports.iter().filter(|port| stated(port).is_none()).filter_map(id_of).collect();
    let outlets = Reader::Of(ctx).listed(records, "inventory.power_outlet", "power_port", &strips).await?;
    let outlets = outlets.iter().filter(|outlet| reference(outlet, "power_port").is_some());
    let on_outlets = plugged(records, ctx, &outlets.filter_map(id_of).collect()).await?;
    on_outlets.values().flatten().filter_map(stated).for_each(&mut add);
    Ok(power)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_feed_may_give() {
        for (phase, voltage, watts) in
            [("single-phase", 230, 5_888), ("three-phase", 230, 10_198), ("single-phase", -48, 1_229)]
        {
            let feed = json!({"phase": phase, "voltage": voltage, "amperage": 32, "max_utilization": 80});
            assert_eq!(available(feed.as_object().unwrap()), watts, "{phase} {voltage}");
        }
    }

    #[test]
    fn what_a_port_states() {
        for (port, draw) in [
            (json!({"allocated_draw": 200, "maximum_draw": 450}), Some((200, 450))),
            (json!({"allocated_draw": 200, "maximum_draw": null}), Some((200, 200))),
            (json!({"maximum_draw": 450}), Some((0, 450))),
            (json!({"allocated_draw": null}), None),
        ] {
            assert_eq!(stated(port.as_object().unwrap()), draw, "{port}");
        }
    }
}
