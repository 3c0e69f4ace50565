//! The map for readers: no places on a canvas, no evidence unless asked for, not more devices than fit.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, Operation};
use crate::{Api, answer};

/// Devices of an answer, when nothing is said.
const NODES: u64 = 200;
/// Devices of an answer at most.
const MOST: u64 = 1000;
/// What is left out of nodes, and of links unless evidence is wanted.
const OF_NODES: [&str; 3] = ["x", "y", "pinned"];
const OF_LINKS: [&str; 2] = ["evidence", "contradictions"];

/// The parameters of the operation, and what is done here.
pub(super) fn schema(operation: &Operation) -> Value {
    let mut schema = operation.schema();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let limit = json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": NODES,
            "description": "Devices at most, those with the most links first."});
        properties.insert("limit".to_owned(), limit);
        let evidence =
            json!({"type": "boolean", "default": false, "description": "Also why each link is believed."});
        properties.insert("evidence".to_owned(), evidence);
    }
    schema
}

/// Calls it.
pub(super) async fn call(document: &Document, api: &dyn Api, id: &str, given: &Map<String, Value>) -> Value {
    let Some(operation) = document.operation(id) else {
        return answer::failed("This is not part of this server.");
    };
    let answer = api.get(&operation.target(given)).await;
    if answer.status >= 300 {
        return answer::of(answer);
    }
    let limit = given.get("limit").and_then(Value::as_u64).unwrap_or(NODES).min(MOST);
    let evidence = given.get("evidence") == Some(&Value::Bool(true));
    answer::good(smaller(answer.body, usize::try_from(limit).unwrap_or(1), evidence))
}

/// The nodes with the most links, and the links between them, by their names.
fn smaller(mut map: Value, limit: usize, evidence: bool) -> Value {
    let mut taken = |name: &str| match map.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let (mut nodes, mut links) = (taken("nodes"), taken("links"));
    let totals = json!({"nodes": nodes.len(), "links": links.len()});
    nodes.sort_by_key(|node| std::cmp::Reverse(node.get("degree").and_then(Value::as_u64)));
    nodes.truncate(limit);
    let kept: HashSet<String> = nodes.iter().filter_map(|node| word(node, "id")).collect();
    links.retain(|link| ["a", "b"].iter().all(|end| device(link, end).is_some_and(|id| kept.contains(&id))));
    let names: HashMap<String, String> =
        nodes.iter().filter_map(|node| Some((word(node, "id")?, word(node, "name")?))).collect();
    for node in &mut nodes {
        without(node, &OF_NODES);
    }
    for link in &mut links {
        if !evidence {
            without(link, &OF_LINKS);
        }
        for end in ["a", "b"] {
            let name = device(link, end).and_then(|id| names.get(&id)).cloned();
            if let (Some(name), Some(end)) = (name, link.get_mut(end).and_then(Value::as_object_mut)) {
                end.insert("name".to_owned(), json!(name));
            }
        }
    }
    let part = |name: &str| map.get(name).cloned().unwrap_or_default();
    json!({
        "layer": part("layer"),
        "revision": part("revision"),
        "generated_at": part("generated_at"),
        "totals": totals,
        "nodes": nodes,
        "links": links,
    })
}

fn word(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn device(link: &Value, end: &str) -> Option<String> {
    link.get(end).and_then(|end| word(end, "device"))
}

fn without(value: &mut Value, names: &[&str]) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_keeps_what_hangs_together() {
        let node = |id: &str, degree: u32| json!({"id": id, "name": format!("sw-{id}"), "degree": degree, "x": 1.0, "y": 2.0});
        let link = |a: &str, b: &str| json!({"a": {"device": a}, "b": {"device": b}, "evidence": [1], "state": "up"});
        let map = json!({"layer": "l1", "nodes": [node("1", 1), node("2", 2), node("3", 1)],
            "links": [link("1", "2"), link("2", "3")], "groups": []});
        let small = smaller(map.clone(), 2, false);
        assert_eq!(small["totals"], json!({"nodes": 3, "links": 2}));
        assert_eq!(
            small["nodes"],
            json!([{"id": "2", "name": "sw-2", "degree": 2}, {"id": "1", "name": "sw-1", "degree": 1}])
        );
        let link = json!({"a": {"device": "1", "name": "sw-1"}, "b": {"device": "2", "name": "sw-2"}, "state": "up"});
        assert_eq!(small["links"], json!([link]));
        assert_eq!(smaller(map, 9, true)["links"][1]["evidence"], json!([1]));
    }
}
