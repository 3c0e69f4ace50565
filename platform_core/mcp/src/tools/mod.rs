//! What can be called.

mod map;
mod operations;
mod records;

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::{Api, answer};

/// How a tool does its work.
enum Kind {
    /// Records of a model.
    Find,
    /// One record.
    Get,
    /// Who changed it.
    History,
    /// Which models there are, and what one of them has.
    Describe,
    /// An operation of the API, by its `operationId`.
    Operation(&'static str),
    /// The map, smaller.
    Map(&'static str),
    /// What is asked of a record of several collections: parts whose names begin so.
    Part(&'static str),
}

/// One tool.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    title: &'static str,
    description: &'static str,
    kind: Kind,
}

const fn tool(name: &'static str, title: &'static str, kind: Kind, description: &'static str) -> Tool {
    Tool { name, title, description, kind }
}

static TOOLS: [Tool; 17] = [
    tool(
        "describe_models",
        "Describe models",
        Kind::Describe,
        "The kinds of records there are; with `model`, its fields, what it can be filtered and sorted by.",
    ),
    tool(
        "find",
        "Find records",
        Kind::Find,
        "Records of a model that match: what the network is meant to be, and settings. Pages with next_cursor; as_of shows a past time.",
    ),
    tool(
        "get",
        "Get a record",
        Kind::Get,
        "One record with all its fields, by id, number or name; as_of shows it at a past time.",
    ),
    tool(
        "history",
        "History of a record",
        Kind::History,
        "Who changed a record, when, and what, newest first.",
    ),
    tool(
        "search",
        "Search the observed network",
        Kind::Operation("search"),
        "Devices, interfaces, addresses and subnets that were seen, by name, address, MAC address or serial number.",
    ),
    tool(
        "trace_cable",
        "Trace a cable",
        Kind::Part("trace"),
        "The whole way from a port, interface or cable through patch panels and circuits to the far ends.",
    ),
    tool(
        "available",
        "What is free",
        Kind::Part("available-"),
        "Free addresses and prefixes of a prefix, free addresses of a range, free VLANs of a group, free AS numbers of a range.",
    ),
    tool(
        "prefix_tree",
        "Prefix tree",
        Kind::Operation("inventory_prefix_tree"),
        "Prefixes below each other with how full they are.",
    ),
    tool(
        "rack_elevation",
        "Rack elevation",
        Kind::Operation("inventory_racks_elevation"),
        "What stands in a rack, unit by unit.",
    ),
    tool(
        "map",
        "Map of the network",
        Kind::Map("atlas_topology"),
        "Devices and links as observed, of one layer: l1 cables, l2 frames, l3 packets. Narrow it with site or q.",
    ),
    tool(
        "observed_devices",
        "Observed devices",
        Kind::Operation("atlas_devices_list"),
        "Devices that were seen.",
    ),
    tool(
        "observed_device",
        "An observed device",
        Kind::Operation("atlas_devices_read"),
        "What is known of a device that was seen, with its interfaces, neighbours and the evidence.",
    ),
    tool(
        "observed_history",
        "History of an observed device",
        Kind::Operation("atlas_devices_history"),
        "What happened to a device that was seen, newest first.",
    ),
    tool(
        "drift",
        "Drift",
        Kind::Operation("atlas_drift_list"),
        "Differences between what is meant to be and what was observed: missing, unexpected, different, stale.",
    ),
    tool(
        "drift_item",
        "One difference",
        Kind::Operation("atlas_drift_read"),
        "One difference with its evidence and what was decided about it.",
    ),
    tool(
        "drift_summary",
        "Drift in numbers",
        Kind::Operation("atlas_drift_summary"),
        "How many differences there are of each kind.",
    ),
    tool(
        "whoami",
        "Who asks",
        Kind::Operation("auth_me"),
        "The user, the tenant and the permissions of this connection.",
    ),
];

/// The tool of this name.
pub(crate) fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The tools that the caller can use.
pub(crate) fn list(document: &Document, api: &dyn Api) -> Vec<Value> {
    let shown = |tool: &Tool| {
        let schema = tool.schema(document, api)?;
        Some(json!({
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": schema,
            "annotations": {"title": tool.title, "readOnlyHint": true, "openWorldHint": false},
        }))
    };
    TOOLS.iter().filter_map(shown).collect()
}

impl Tool {
    /// The schema of its arguments; none when this caller or this build cannot use it.
    fn schema(&self, document: &Document, api: &dyn Api) -> Option<Value> {
        match self.kind {
            Kind::Find => Some(records::find_schema()),
            Kind::Get => Some(records::get_schema()),
            Kind::History => Some(records::history_schema()),
            Kind::Describe => Some(records::describe_schema()),
            Kind::Operation(id) => {
                document.operation(id).filter(|_| api.allows(id)).map(crate::document::Operation::schema)
            }
            Kind::Map(id) => document.operation(id).filter(|_| api.allows(id)).map(map::schema),
            Kind::Part(name) => operations::schema(&operations::parts(document, api, name)),
        }
    }
}

/// Calls a tool. What is wrong with the call is told in the result, so that a model can mend it.
pub(crate) async fn call(
    document: &Document,
    api: &dyn Api,
    tool: &Tool,
    given: &Map<String, Value>,
) -> Value {
    let Some(schema) = tool.schema(document, api) else {
        return answer::failed("You have not the permission for this, or it is not part of this server.");
    };
    if let Err(why) = conforms(&schema, given) {
        return answer::failed(&why);
    }
    match tool.kind {
        Kind::Find => records::find(document, api, given).await,
        Kind::Get => records::get(document, api, given).await,
        Kind::History => records::history(document, api, given).await,
        Kind::Describe => records::describe(api, given).await,
        Kind::Operation(id) => operations::call(document, api, id, given).await,
        Kind::Map(id) => map::call(document, api, id, given).await,
        Kind::Part(name) => operations::of_record(document, api, name, given).await,
    }
}

fn conforms(schema: &Value, given: &Map<String, Value>) -> Result<(), String> {
    let validator = jsonschema::options()
        .build(schema)
        .map_err(|error| format!("The schema of this tool cannot be read: {error}"))?;
    validator.validate(&Value::Object(given.clone())).map_err(|error| {
        let place = error.instance_path().to_string();
        format!("Wrong arguments: {error}{}{place}", if place.is_empty() { "" } else { " at " })
    })
}

/// A text among the arguments.
fn text<'a>(given: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    given.get(name).and_then(Value::as_str)
}
