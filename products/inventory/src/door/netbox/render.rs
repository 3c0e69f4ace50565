//! Records as the objects of the contract, written straight as JSON in the order of its fields.

use kit::record::Record;
use serde_json::Value;
use uuid::Uuid;

use super::contract::{Endpoint, Fact, Kind, is_choice};
use super::custom;
use super::display;
use super::pool::{self, Pool, record_id, referrer};
use super::resolve::MASK;
use super::tokens;
use crate::cabling::Port;
use crate::free;
use crate::reading::reference;

/// Which fields of an object are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Form {
    /// All.
    #[default]
    Full,
    /// The short form.
    Brief,
    /// These.
    Only(Vec<String>),
    /// All but these.
    Without(Vec<String>),
}

impl Form {
    /// The facts of this form, in order.
    pub(super) fn facts(&self, endpoint: &'static Endpoint) -> Vec<&'static Fact> {
        let wanted = |fact: &&'static Fact| match self {
            Self::Full | Self::Brief => true,
            Self::Only(names) => names.contains(&fact.name),
            Self::Without(names) => !names.contains(&fact.name),
        };
        match self {
            Self::Brief => endpoint.brief.iter().filter_map(|name| endpoint.fact(name)).collect(),
            _ => endpoint.fields.iter().filter(|fact| !fact.write_only).filter(wanted).collect(),
        }
    }

    /// Leaves the wanted members of an object that is no record; `brief` are those of its short form.
    pub(super) fn trim(&self, object: &mut Value, brief: &[&str]) {
        let Value::Object(members) = object else { return };
        members.retain(|name, _| match self {
            Self::Full => true,
            Self::Brief => brief.contains(&name.as_str()),
            Self::Only(names) => names.contains(name),
            Self::Without(names) => !names.contains(name),
        });
    }
}

/// Fields of an object in the older short form.
const OLDER: [&str; 5] = ["id", "url", "display_url", "display", "name"];

/// Writes objects.
pub(super) struct Writer<'a> {
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pool: &'a Pool,
}

fn json(out: &mut Vec<u8>, value: &Value) {
    // Writing into memory cannot fail.
    let _ = serde_json::to_writer(out, value);
}

fn text(out: &mut Vec<u8>, value: &str) {
    let _ = serde_json::to_writer(out, value);
}

impl Writer<'_> {
    /// One object with these facts.
    pub(super) fn object(
        &self,
        out: &mut Vec<u8>,
        endpoint: &Endpoint,
        record: &Record,
        facts: &[&'static Fact],
    ) {
        self.members(out, endpoint, record, facts, false);
    }

    fn members(
        &self,
        out: &mut Vec<u8>,
        endpoint: &Endpoint,
        record: &Record,
        facts: &[&'static Fact],
        nested: bool,
    ) {
        out.push(b'{');
        for (at, fact) in facts.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            text(out, &fact.name);
            out.push(b':');
            self.value(out, endpoint, record, fact, nested);
        }
        out.push(b'}');
    }

    /// An object where another refers to it.
    fn short(
        &self,
        out: &mut Vec<u8>,
        endpoint: &'static Endpoint,
        record: &Record,
        shape: Option<&[String]>,
    ) {
        let Some(names) = shape else {
            return self.members(out, endpoint, record, pool::nested(endpoint), true);
        };
        // The contract's older short form: what such an object refers to is in it too.
        let older = names.iter().any(|name| name == "display_url");
        out.push(b'{');
        for (at, fact) in names.iter().filter_map(|name| endpoint.fact(name)).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            text(out, &fact.name);
            out.push(b':');
            let target = fact.column.as_ref().and_then(|column| self.pool.target(fact, record.get(column)?));
            match target.filter(|_| older && fact.kind == Kind::Fk && fact.shape.is_none()) {
                Some((endpoint, record)) => {
                    let facts: Vec<&'static Fact> =
                        OLDER.iter().filter_map(|name| endpoint.fact(name)).collect();
                    self.members(out, endpoint, record, &facts, true);
                }
                None => self.value(out, endpoint, record, fact, true),
            }
        }
        out.push(b'}');
    }

    fn value(
        &self,
        out: &mut Vec<u8>,
        endpoint: &Endpoint,
        record: &Record,
        fact: &'static Fact,
        nested: bool,
    ) {
        let number = record.get("number").and_then(Value::as_i64).unwrap_or_default();
        match fact.name.as_str() {
            "url" => return text(out, &format!("{}/api/{}/{number}/", self.base, endpoint.path)),
            "display_url" => return text(out, &format!("{}/{}/{number}/", self.base, endpoint.path)),
            "display" => return text(out, &display::of(endpoint, record, self.pool)),
            _ => {}
        }
        match &fact.column {
            Some(column) => self.stored(out, fact, record.get(column).unwrap_or(&Value::Null)),
            None => self.worked_out(out, record, fact, nested),
        }
    }

    fn stored(&self, out: &mut Vec<u8>, fact: &Fact, value: &Value) {
        match fact.kind {
            Kind::Fk | Kind::Generic if !fact.many => self.reference(out, fact, value),
            Kind::M2m | Kind::Fk | Kind::Generic => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let items = items.iter().filter_map(|item| self.pool.target(fact, item));
                self.list(out, items, fact.shape.as_deref());
            }
            Kind::Slugs => {
                let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let slugs =
                    items.iter().filter_map(|item| self.pool.target(fact, item)?.1.get("slug").cloned());
                json(out, &slugs.collect());
            }
            Kind::GenericType => {
                let model = value.get("type").and_then(Value::as_str).and_then(Endpoint::of_model);
                json(out, &model.map_or(Value::Null, |endpoint| Value::from(endpoint.kind.as_str())));
            }
            Kind::GenericId | Kind::Pk => {
                let found = self.pool.target(fact, value).and_then(|(_, record)| record.get("number"));
                json(out, found.unwrap_or(&Value::Null));
            }
            Kind::CustomFields => self.custom_fields(out, fact, value),
            Kind::ContentType => json(out, &content_types(value)),
            Kind::Count if value.is_null() => json(out, &Value::from(0)),
            // A secret is not told, only that there is one.
            Kind::Text if value.is_object() => {
                let set = value.get("has_value") == Some(&Value::Bool(true));
                text(out, if set { MASK } else { "" });
            }
            Kind::Choice => choice(out, fact, value),
            Kind::ChoicePlain => json(out, choice_value(fact, value).map_or(value, |(raw, _)| raw)),
            Kind::Text | Kind::Slug if value.is_null() => {
                json(out, &if fact.nullable { Value::Null } else { Value::from("") });
            }
            Kind::Decimal => match value.as_f64() {
                Some(number) => json(out, &Value::from(number)),
                None => json(out, value),
            },
            Kind::DateTime => {
                json(out, &value.as_str().map_or(Value::Null, |time| Value::from(micros(time))))
            }
            _ => json(out, value),
        }
    }

    /// Values of custom fields; references as short objects, choices with their label.
    fn custom_fields(&self, out: &mut Vec<u8>, fact: &Fact, values: &Value) {
        out.push(b'{');
        for (at, (name, value)) in values.as_object().into_iter().flatten().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            text(out, name);
            out.push(b':');
            let target = |item: &Value| item.get("type").and_then(|_| self.pool.target(fact, item));
            match value {
                Value::Array(items) if items.iter().any(|item| target(item).is_some()) => {
                    self.list(out, items.iter().filter_map(target), None);
                }
                one => match target(one) {
                    Some((endpoint, record)) => self.short(out, endpoint, record, None),
                    None => json(out, &self.pool.definitions().shown(name, one)),
                },
            }
        }
        out.push(b'}');
    }

    fn reference(&self, out: &mut Vec<u8>, fact: &Fact, value: &Value) {
        match self.pool.target(fact, value) {
            Some((endpoint, record)) => self.short(out, endpoint, record, fact.shape.as_deref()),
            None => json(out, &Value::Null),
        }
    }

    fn list<'r>(
        &self,
        out: &mut Vec<u8>,
        items: impl Iterator<Item = (&'static Endpoint, &'r Record)>,
        shape: Option<&[String]>,
    ) {
        out.push(b'[');
        for (at, (endpoint, record)) in items.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.short(out, endpoint, record, shape);
        }
        out.push(b']');
    }

    /// What a port says of its cable. False when the field is none of those.
    fn cabled(&self, out: &mut Vec<u8>, record: &Record, fact: &Fact, id: Uuid) -> bool {
        let link = self.pool.link(id);
        let kind_of = |ports: &[Port]| {
            let endpoint = ports.first().and_then(|port| Endpoint::of_model(&port.model));
            endpoint.map_or(Value::Null, |endpoint| Value::from(endpoint.kind.as_str()))
        };
        match fact.name.as_str() {
            "cable" | "wireless_link" if fact.column.is_none() => {
                let by = link.map(|link| &link.by);
                let meant = by
                    .and_then(|by| Endpoint::of_model(&by.model))
                    .filter(|endpoint| fact.to.as_deref() == Some(endpoint.path.as_str()));
                match meant.zip(by.and_then(|by| self.pool.get(&by.model, by.id))) {
                    Some((endpoint, link)) => self.short(out, endpoint, link, fact.shape.as_deref()),
                    None => json(out, &Value::Null),
                }
            }
            "cable_end" if fact.column.is_none() => {
                let cable = link.filter(|link| link.cable().is_some());
                json(out, &cable.map_or(Value::Null, |link| Value::from(link.side.as_str())));
            }
            "link_peers" => self.ports(out, &self.pool.peers(id)),
            // The contract tells it of cables only.
            "link_peers_type" if link.is_some_and(|link| link.cable().is_none()) => json(out, &Value::Null),
            "link_peers_type" => json(out, &kind_of(&self.pool.peers(id))),
            "connected_endpoints" => match self.ends(id) {
                [] => json(out, &Value::Null),
                ends => self.ports(out, ends),
            },
            "connected_endpoints_type" => json(out, &kind_of(self.ends(id))),
            "connected_endpoints_reachable" => {
                json(out, &Value::from(self.pool.path(id).is_some_and(|path| !path.ends.is_empty())))
            }
            "_occupied" if fact.kind != Kind::Bool => {
                let marked = record.get("mark_connected") == Some(&Value::Bool(true));
                json(out, &Value::from(marked || link.is_some()));
            }
            _ => return false,
        }
        true
    }

    /// What a port is connected with: over cables, or through a virtual circuit.
    fn ends(&self, id: Uuid) -> &[Port] {
        let path = self.pool.path(id).map(|path| path.ends.as_slice());
        path.filter(|ends| !ends.is_empty()).unwrap_or_else(|| self.pool.over_circuit(id))
    }

    fn ports(&self, out: &mut Vec<u8>, ports: &[Port]) {
        let items = ports.iter().filter_map(|port| {
            Some((Endpoint::of_model(&port.model)?, self.pool.get(&port.model, port.id)?))
        });
        self.list(out, items, None);
    }

    /// Records that the contract writes inside of the object. False when the field is none of those.
    fn part(&self, out: &mut Vec<u8>, fact: &'static Fact, id: Uuid) -> bool {
        let Some(back) = &fact.back else { return false };
        let rows = self.pool.back(referrer(back), id);
        let number = |row: &Record, field: &str| {
            let found = self.pool.referred(row, field).and_then(|(_, record)| record.get("number"));
            found.cloned().unwrap_or(Value::Null)
        };
        let value = |row: &Record, field: &str| row.get(field).cloned().unwrap_or(Value::Null);
        let mapping = |row: &Record, other: &str, own: &str, there: &str| {
            format!(
                "{{\"position\":{},\"{other}\":{},\"{other}_position\":{}}}",
                value(row, own),
                number(row, other),
                value(row, there)
            )
        };
        let items: Vec<String> = match fact.name.as_str() {
            "rear_ports" => {
                rows.iter().map(|row| mapping(row, "rear_port", "front_position", "rear_position")).collect()
            }
            "front_ports" => {
                rows.iter().map(|row| mapping(row, "front_port", "rear_position", "front_position")).collect()
            }
            "a_terminations" | "b_terminations" => {
                let side = if fact.name.starts_with('a') { "A" } else { "B" };
                let at_side = |row: &&Record| row.get("cable_end").and_then(Value::as_str) == Some(side);
                rows.iter().filter(at_side).filter_map(|row| self.termination(row)).collect()
            }
            _ => return false,
        };
        out.push(b'[');
        out.extend_from_slice(items.join(",").as_bytes());
        out.push(b']');
        true
    }

    fn termination(&self, row: &Record) -> Option<String> {
        let (endpoint, port) = self.pool.referred(row, "termination")?;
        let mut object = Vec::with_capacity(512);
        self.short(&mut object, endpoint, port, None);
        Some(format!(
            "{{\"object_type\":\"{}\",\"object_id\":{},\"object\":{}}}",
            endpoint.kind,
            port.get("number")?,
            String::from_utf8_lossy(&object)
        ))
    }

    /// The device whose bay a device is in.
    fn parent_device(&self, out: &mut Vec<u8>, fact: &'static Fact, id: Uuid) {
        let Some(bay) = fact.back.as_ref().and_then(|back| self.pool.back(referrer(back), id).first()) else {
            return json(out, &Value::Null);
        };
        let Some(((at, device), (bay_at, bay))) = self.pool.referred(bay, "device").zip(pool::shown(bay))
        else {
            return json(out, &Value::Null);
        };
        let named = |out: &mut Vec<u8>, endpoint: &'static Endpoint, record: &Record, names: &[&str]| {
            let facts: Vec<&'static Fact> = names.iter().filter_map(|name| endpoint.fact(name)).collect();
            self.members(out, endpoint, record, &facts, true);
            out.pop();
        };
        let short = ["id", "url", "display_url", "display"];
        named(out, at, device, &OLDER);
        out.extend_from_slice(b",\"device_bay\":");
        named(out, bay_at, bay, &short);
        out.extend_from_slice(b",\"device\":");
        named(out, at, device, &OLDER);
        out.extend_from_slice(b"},\"name\":");
        json(out, bay.get("name").unwrap_or(&Value::Null));
        out.extend_from_slice(b"}}");
    }

    /// Fields that no column of ours holds.
    fn worked_out(&self, out: &mut Vec<u8>, record: &Record, fact: &'static Fact, nested: bool) {
        let id = record_id(record);
        if self.cabled(out, record, fact, id) || self.part(out, fact, id) {
            return;
        }
        if fact.name == "parent_device" {
            return self.parent_device(out, fact, id);
        }
        if let Some(back) = fact.back.as_ref().filter(|_| !fact.many) {
            let meant = |row: &&Record| {
                fact.only
                    .as_ref()
                    .is_none_or(|(field, value)| row.get(field).and_then(Value::as_str) == Some(value))
            };
            return match self.pool.back(referrer(back), id).iter().find(meant).and_then(pool::shown) {
                Some((endpoint, record)) => self.short(out, endpoint, record, fact.shape.as_deref()),
                None => json(out, &Value::Null),
            };
        }
        if let Some(back) = &fact.back {
            let items = self.pool.back(referrer(back), id).iter().filter_map(pool::shown);
            return self.list(out, items, fact.shape.as_deref());
        }
        if let Some(count) = &fact.count {
            let count = if nested && !fact.kept { 0 } else { self.pool.count(referrer(count), id) };
            return json(out, &Value::from(count));
        }
        let value = match fact.name.as_str() {
            // A bay with something in it.
            "_occupied" => Value::from(
                record.get("installed_device").is_some_and(|device| !device.is_null())
                    || !self.pool.back(("inventory.module", "module_bay"), id).is_empty(),
            ),
            "is_primary" => {
                let object = self.pool.referred(record, "assigned_object");
                Value::from(
                    object.is_some_and(|(_, object)| reference(object, "primary_mac_address") == Some(id)),
                )
            }
            "allocated_vcpus" => Value::from(self.pool.allocated(id).vcpus),
            "allocated_memory" => Value::from(self.pool.allocated(id).memory),
            "allocated_disk" => Value::from(self.pool.allocated(id).disk),
            "family" => family(record),
            "data_type" => Value::from(custom::data_type(record)),
            "children" | "tagged_items" => Value::from(self.pool.children(id)),
            "total_vlan_ids" => Value::from(vlan_ids(record)),
            "utilization" => {
                let used = record.get("vlan_count").and_then(Value::as_f64).unwrap_or_default();
                let all = vlan_ids(record);
                #[expect(clippy::cast_precision_loss, reason = "at most 4094")]
                Value::from(format!("{:.1}", if all > 0 { used / all as f64 * 100.0 } else { 0.0 }))
            }
            "image" if fact.kind == Kind::Image => match record.get("file_name").and_then(Value::as_str) {
                Some(file) => Value::from(format!("{}{}{file}", self.base, super::media::PATH)),
                None => Value::Null,
            },
            "is_module_compatible" | "is_bay_compatible" | "action_is_available" => Value::from(true),
            "version" => Value::from(tokens::VERSION),
            "write_enabled" => Value::from(tokens::writes(record)),
            // Told once, when it is made.
            "token" => record.get("token").cloned().unwrap_or_default(),
            "_depth" => Value::from(self.pool.depth(id)),
            "primary_ip" => {
                let address = ["primary_ip6", "primary_ip4"]
                    .into_iter()
                    .find_map(|column| self.pool.referred(record, column));
                return match address {
                    Some((endpoint, record)) => self.short(out, endpoint, record, fact.shape.as_deref()),
                    None => json(out, &Value::Null),
                };
            }
            "mac_address" => self
                .pool
                .referred(record, "primary_mac_address")
                .and_then(|(_, record)| record.get("mac_address").cloned())
                .unwrap_or(Value::Null),
            "size" => range_size(record),
            "unit_count" => Value::from(record.get("units").and_then(Value::as_array).map_or(0, Vec::len)),
            "config_context" => self.pool.context(id),
            _ => absent(fact),
        };
        json(out, &value);
    }
}

/// Names of our models as content types.
fn content_types(value: &Value) -> Value {
    let one = |model: &Value| {
        let kind = model.as_str().and_then(Endpoint::of_model).map(|endpoint| endpoint.kind.as_str());
        kind.map_or_else(|| model.clone(), Value::from)
    };
    match value {
        Value::Array(models) => models.iter().map(one).collect(),
        model => one(model),
    }
}

/// What is shown for a field without a counterpart here.
fn absent(fact: &Fact) -> Value {
    match fact.kind {
        Kind::CustomFields => Value::Object(serde_json::Map::new()),
        Kind::M2m => Value::Array(Vec::new()),
        Kind::Int | Kind::Count if !fact.nullable => Value::from(0),
        Kind::Bool => Value::from(false),
        Kind::Other if fact.many => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

pub(super) fn choice_value<'a>(fact: &Fact, value: &Value) -> Option<&'a (Value, String)> {
    let wanted = match value {
        Value::String(text) => text.clone(),
        Value::Null => return None,
        other => other.to_string(),
    };
    fact.choices().iter().find(|(raw, _)| is_choice(raw, &wanted))
}

fn choice(out: &mut Vec<u8>, fact: &Fact, value: &Value) {
    match choice_value(fact, value) {
        Some((raw, label)) => {
            out.extend_from_slice(b"{\"value\":");
            json(out, raw);
            out.extend_from_slice(b",\"label\":");
            text(out, label);
            out.push(b'}');
        }
        None => json(out, &Value::Null),
    }
}

/// Times with six digits behind the second, as Python writes them.
pub(super) fn micros(time: &str) -> String {
    match time.strip_suffix('Z').and_then(|time| time.split_once('.')) {
        Some((whole, part)) => format!("{whole}.{part:0<6.6}Z"),
        None => time.to_owned(),
    }
}

fn family(record: &Record) -> Value {
    let address = ["prefix", "address", "start_address"]
        .into_iter()
        .find_map(|column| record.get(column).and_then(Value::as_str));
    match address {
        Some(address) if address.contains(':') => serde_json::json!({"value": 6, "label": "IPv6"}),
        Some(_) => serde_json::json!({"value": 4, "label": "IPv4"}),
        None => Value::Null,
    }
}

/// How many ids the ranges of a VLAN group hold.
fn vlan_ids(record: &Record) -> i64 {
    let ranges = record.get("vid_ranges").and_then(Value::as_array);
    let size = |range: &Value| Some(range.get(1)?.as_i64()? - range.get(0)?.as_i64()? + 1);
    ranges.into_iter().flatten().filter_map(size).sum()
}

fn range_size(record: &Record) -> Value {
    let number = |column: &str| {
        let text = record.get(column).and_then(Value::as_str)?.split('/').next()?;
        text.parse().ok().map(free::number)
    };
    let size = match (number("start_address"), number("end_address")) {
        (Some(start), Some(end)) => end.saturating_sub(start).saturating_add(1),
        _ => 0,
    };
    Value::from(u64::try_from(size).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn times() {
        assert_eq!(micros("2026-11-30T01:02:03.123Z"), "2026-11-30T01:02:03.123000Z");
        assert_eq!(micros("2026-11-30T01:02:03Z"), "2026-11-30T01:02:03Z");
    }
}
