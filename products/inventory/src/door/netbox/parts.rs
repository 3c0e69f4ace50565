//! What the contract writes inside of an object and we keep as records of their own: the ends of cables,
//! the mappings of panel ports, the permissions of users.

use std::collections::BTreeSet;

use kit::record::Record;
use kit::records::Write;
use kit::{Problem, Records, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::input::{Given, Key, key};
use super::users;
use crate::reading::{Reader, id_of};

/// Records that belong to an object under one of its fields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// Our model.
    pub(super) model: &'static str,
    /// Its field that names the object.
    pub(super) owner: &'static str,
    /// The side of a cable.
    pub(super) side: Option<&'static str>,
}

/// What is kept apart under a field of an endpoint.
pub(super) fn of(kind: &str, field: &str) -> Option<Part> {
    let part = |model, owner, side| Some(Part { model, owner, side });
    match (kind, field) {
        ("dcim.cable", "a_terminations") => part("inventory.cable_termination", "cable", Some("A")),
        ("dcim.cable", "b_terminations") => part("inventory.cable_termination", "cable", Some("B")),
        ("dcim.frontport", "rear_ports") => part("inventory.port_mapping", "front_port", None),
        ("dcim.rearport", "front_ports") => part("inventory.port_mapping", "rear_port", None),
        ("dcim.frontporttemplate", "rear_ports") => {
            part("inventory.port_template_mapping", "front_port", None)
        }
        ("dcim.rearporttemplate", "front_ports") => {
            part("inventory.port_template_mapping", "rear_port", None)
        }
        // Permissions name users and groups; the contract also writes it from the other side.
        ("users.user", "permissions") => part(users::PERMISSIONS, "users", None),
        ("users.group", "permissions") => part(users::PERMISSIONS, "groups", None),
        _ => None,
    }
}

/// The rows of a part, as given.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) part: Part,
    /// The field, for messages.
    pub(super) name: String,
    pub(super) items: Vec<Vec<(&'static str, Given)>>,
}

type Messages = Vec<String>;

/// Checks the value of a part.
pub(super) fn rows(part: Part, name: &str, value: &Value) -> Result<Rows, Messages> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Null => return Err(vec!["This field may not be null.".to_owned()]),
        other => {
            let kind = super::input::python_type(other);
            return Err(vec![format!("Expected a list of items but got type \"{kind}\".")]);
        }
    };
    let row = |item: &Value| match item {
        item if part.model == users::PERMISSIONS => permission(item),
        Value::Object(members) if part.side.is_some() => termination(members),
        Value::Object(members) => mapping(part, members),
        other => Err(vec![format!(
            "Invalid data. Expected a dictionary, but got {}.",
            super::input::python_type(other)
        )]),
    };
    let items = items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(Rows { part, name: name.to_owned(), items })
}

type Row = Vec<(&'static str, Given)>;

fn termination(members: &Map<String, Value>) -> Result<Row, Messages> {
    let required =
        |name: &str| members.get(name).ok_or_else(|| vec![format!("{name}: This field is required.")]);
    let named = required("object_type")?.as_str().unwrap_or_default();
    let endpoint = Endpoint::of_kind(named).ok_or_else(|| vec![format!("Invalid content type: {named}")])?;
    Ok(vec![("termination", Given::One(endpoint, key(required("object_id")?)?))])
}

/// The field under which a permission is among the rows.
const PERMISSION: &str = "id";

fn permission(item: &Value) -> Result<Row, Messages> {
    let endpoint = Endpoint::of_model(users::PERMISSIONS)
        .ok_or_else(|| vec!["This server does not keep this field yet.".to_owned()])?;
    Ok(vec![(PERMISSION, Given::One(endpoint, key(item)?))])
}

fn mapping(part: Part, members: &Map<String, Value>) -> Result<Row, Messages> {
    let templates = part.model == "inventory.port_template_mapping";
    let (own, other, path) = match (part.owner, templates) {
        ("front_port", false) => ("front_position", "rear_port", "dcim/rear-ports"),
        ("front_port", true) => ("front_position", "rear_port", "dcim/rear-port-templates"),
        (_, false) => ("rear_position", "front_port", "dcim/front-ports"),
        (_, true) => ("rear_position", "front_port", "dcim/front-port-templates"),
    };
    let there = if other == "rear_port" { "rear_position" } else { "front_position" };
    let position = |name: &str| match members.get(name) {
        None => Ok(json!(1)),
        Some(Value::Number(number)) => Ok(Value::Number(number.clone())),
        Some(_) => Err(vec![format!("{name}: A valid integer is required.")]),
    };
    let port = members.get(other).ok_or_else(|| vec![format!("{other}: This field is required.")])?;
    let endpoint =
        Endpoint::at(path).ok_or_else(|| vec!["This server does not keep this field yet.".to_owned()])?;
    Ok(vec![
        (own, Given::Value(position("position")?)),
        (other, Given::One(endpoint, key(port)?)),
        (there, Given::Value(position(&format!("{other}_position"))?)),
    ])
}

impl Rows {
    /// What the rows refer to.
    pub(super) fn references(&self) -> impl Iterator<Item = (&'static Endpoint, &Key)> {
        self.items.iter().flatten().filter_map(|(_, given)| match given {
            Given::One(endpoint, key) => Some((*endpoint, key)),
            _ => None,
        })
    }

    /// Puts the rows in the place of those the object has.
    pub(super) async fn store(
        records: &dyn Records,
        tx: &mut WriteTx,
        (part, rows): (Part, Vec<Record>),
        owner: Uuid,
        fresh: bool,
    ) -> Result<(), Problem> {
        if part.model == users::PERMISSIONS {
            let id = |row: &Record| row.get(PERMISSION)?.as_str()?.parse::<Uuid>().ok();
            let wanted: BTreeSet<Uuid> = rows.iter().filter_map(id).collect();
            return users::assign(records, tx, part.owner, (owner, &wanted)).await;
        }
        let model =
            records.model(part.model).ok_or_else(|| Problem::internal(format!("no model {}", part.model)))?;
        let mut writes = Vec::new();
        if !fresh {
            let mut old =
                Reader::In(tx).listed(records, part.model, part.owner, &BTreeSet::from([owner])).await?;
            old.retain(|record| {
                part.side.is_none() || record.get("cable_end").and_then(Value::as_str) == part.side
            });
            writes.extend(old.iter().filter_map(id_of).map(|id| Write::Delete { id, expect: None }));
        }
        writes.extend(rows.into_iter().map(|mut row| {
            row.insert(part.owner.to_owned(), json!(owner));
            if let Some(side) = part.side {
                row.insert("cable_end".to_owned(), json!(side));
            }
            Write::Create(row)
        }));
        records.write_in(tx, model, writes).await.map(drop)
    }
}
