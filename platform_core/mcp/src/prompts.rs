//! Questions worth asking, ready to be filled in.

use serde_json::{Map, Value, json};

use crate::protocol::Fault;

struct Prompt {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// Its one argument, and what it is.
    argument: (&'static str, &'static str),
    /// The question; `{}` is the argument.
    question: &'static str,
}

static PROMPTS: [Prompt; 3] = [
    Prompt {
        name: "explain_drift",
        title: "Explain the drift of a device",
        description: "What differs between a device as it is meant to be and as it was observed, and what to do about it.",
        argument: ("device", "The name of the device."),
        question: "Explain how the device {} differs from what it is meant to be. Read its record (get, model \
            inventory/devices), the differences (drift, q = its name) and for each of them the evidence (drift_item). Look \
            into history for a recent change of the record that explains it. For every difference say whether the record or \
            the network should change, and why.",
    },
    Prompt {
        name: "site_overview",
        title: "Overview of a site",
        description: "What stands in a site, how it is connected, how full its address space is, what is wrong there.",
        argument: ("site", "The name of the site."),
        question: "Describe the site {}. Count its devices by role (find, model inventory/devices, filters {\"site.name\": \
            ...}), its racks and prefixes, show its map (map with site), how full its prefixes are (prefix_tree), and list \
            open differences (drift with site). Begin with a summary of five sentences.",
    },
    Prompt {
        name: "plan_addresses",
        title: "Plan addresses",
        description: "Where in a prefix there is room for what is needed.",
        argument: ("need", "What is needed, like: two /26 and 30 addresses in 10.20.0.0/16."),
        question: "Propose where to take this from: {}. Look at the prefix and what is below it (prefix_tree), and at what \
            is free (available). Keep what belongs together next to each other and leave room to grow. Name exact prefixes \
            and addresses; write nothing.",
    },
];

/// All of them.
pub(crate) fn list() -> Vec<Value> {
    let shown = |prompt: &Prompt| {
        let (name, description) = prompt.argument;
        json!({
            "name": prompt.name,
            "title": prompt.title,
            "description": prompt.description,
            "arguments": [{"name": name, "description": description, "required": true}],
        })
    };
    PROMPTS.iter().map(shown).collect()
}

/// One, filled in.
pub(crate) fn get(params: &Map<String, Value>) -> Result<Value, Fault> {
    let name = params.get("name").and_then(Value::as_str).unwrap_or_default();
    let prompt = PROMPTS.iter().find(|prompt| prompt.name == name);
    let prompt = prompt.ok_or_else(|| Fault::params(format!("There is no prompt `{name}`.")))?;
    let (argument, _) = prompt.argument;
    let given = params.get("arguments").and_then(|given| given.get(argument)).and_then(Value::as_str);
    let given = given.map(str::trim).filter(|given| !given.is_empty() && given.len() <= 1000);
    let given =
        given.ok_or_else(|| Fault::params(format!("The argument `{argument}` is missing or too long.")))?;
    let text = prompt.question.replacen("{}", given, 1);
    let message = json!({"role": "user", "content": {"type": "text", "text": text}});
    Ok(json!({"description": prompt.description, "messages": [message]}))
}
