//! Orders of the contract that are no column here: trees by the names along the path, interfaces by the numbers
//! in their names, what belongs to a VRF behind what does not. They are made in memory, of lists that are whole.

use std::collections::HashMap;

use kit::record::{Model, Record};
use kit::{Ctx, Problem, Records};
use serde_json::Value;
use uuid::Uuid;

use super::super::contract::Endpoint;
use super::super::pool::record_id;
use crate::reading::{reference, text};

/// Deepest path of a tree.
const LEVELS: usize = 100;

/// How an endpoint's objects are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Path,
    Numbers,
    Vrf,
}

fn order(endpoint: &Endpoint) -> Option<Order> {
    endpoint.ordering.iter().find_map(|key| match key.as_str() {
        "sort_path" => Some(Order::Path),
        "CollateAsChar(F(_name))" => Some(Order::Numbers),
        key if key.starts_with("OrderBy(F(vrf)") => Some(Order::Vrf),
        _ => None,
    })
}

/// Is the order one that is made here?
pub(super) fn special(endpoint: &Endpoint) -> bool {
    order(endpoint).is_some()
}

/// Brings a whole list into the order of the contract; its own order decides between equals.
pub(super) async fn arranged(
    records: &dyn Records,
    ctx: &Ctx,
    endpoint: &Endpoint,
    model: &'static Model,
    mut list: Vec<Record>,
) -> Result<Vec<Record>, Problem> {
    match order(endpoint) {
        Some(Order::Path) => {
            let paths = paths(records, ctx, model, &list).await?;
            list.sort_by_cached_key(|record| paths.get(&record_id(record)).cloned().unwrap_or_default());
        }
        Some(Order::Numbers) => {
            let owner = if model.field("device").is_some() { "device" } else { "virtual_machine" };
            let of = |record: &Record| {
                record
                    .get(owner)
                    .and_then(|owner| owner.get("display"))
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            list.sort_by_cached_key(|record| (of(record), natural(text(record, "name"))));
        }
        Some(Order::Vrf) => list.sort_by_cached_key(|record| reference(record, "vrf")),
        None => {}
    }
    Ok(list)
}

/// The names from the root to each record.
async fn paths(
    records: &dyn Records,
    ctx: &Ctx,
    model: &'static Model,
    list: &[Record],
) -> Result<HashMap<Uuid, Vec<String>>, Problem> {
    let Some(parent) = model.parent else { return Ok(HashMap::new()) };
    let step = |record: &Record| (reference(record, parent), text(record, "name").to_lowercase());
    let mut known: HashMap<Uuid, (Option<Uuid>, String)> =
        list.iter().map(|record| (record_id(record), step(record))).collect();
    for _ in 0..LEVELS {
        let mut missing: Vec<Uuid> =
            known.values().filter_map(|(above, _)| *above).filter(|id| !known.contains_key(id)).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            break;
        }
        let mut found = records.referenced(ctx, &[(model.name, missing.clone())]).await?;
        let found = found.remove(model.name).unwrap_or_default();
        for id in missing {
            known.insert(id, found.get(&id).map(step).unwrap_or_default());
        }
    }
    let path = |id: Uuid| {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some((above, name)) = at.and_then(|id| known.get(&id)).filter(|_| path.len() < LEVELS) {
            path.push(name.clone());
            at = *above;
        }
        path.reverse();
        path
    };
    Ok(list.iter().map(|record| (record_id(record), path(record_id(record)))).collect())
}

/// What interfaces are ordered by: the numbers before slashes, then the letters, then the numbers behind.
/// A place without a number comes last.
fn natural(name: &str) -> (Vec<u64>, String, Vec<u64>) {
    const NONE: u64 = 9_999;
    let digits = name.find(|letter: char| letter.is_ascii_digit()).unwrap_or(name.len());
    let (letters, rest) = name.split_at(digits);
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    let mut parts: Vec<&str> = rest.split('/').collect();
    let last = parts.pop().unwrap_or_default();
    let mut places: Vec<u64> = parts.into_iter().map(number).collect();
    places.resize(4, NONE);
    let behind = last.split([':', '.']).map(number).collect();
    (places, letters.to_owned(), behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_ordered_by_their_numbers() {
        let mut names = ["xe-0/0/10", "lo0", "xe-0/0/2", "Ethernet1/1", "ae1", "ge-0/0/1", "ge-0/0/1.5"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["ge-0/0/1", "ge-0/0/1.5", "xe-0/0/2", "xe-0/0/10", "Ethernet1/1", "ae1", "lo0"]);
    }

    #[test]
    fn orders_of_the_contract() {
        let of = |path: &str| order(Endpoint::at(path).unwrap());
        assert_eq!(of("dcim/regions"), Some(Order::Path));
        assert_eq!(of("dcim/interfaces"), Some(Order::Numbers));
        assert_eq!(of("ipam/prefixes"), Some(Order::Vrf));
        assert_eq!(of("dcim/sites"), None);
    }
}
