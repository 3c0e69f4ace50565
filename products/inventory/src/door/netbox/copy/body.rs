//! From an object as it is read to one that can be written.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::contract::{Endpoint, Fact, Kind};
use super::super::resolve::MASK;
use super::super::{custom, parts};
use super::{ACCOUNTS, Object, Step, Way, says, way};

/// Fields of older versions that say what another field says now.
pub(super) const OLDER: [(&str, &str); 4] = [
    ("dcim/front-ports", "rear_port"),
    ("dcim/front-ports", "rear_port_position"),
    ("dcim/front-port-templates", "rear_port"),
    ("dcim/front-port-templates", "rear_port_position"),
];

/// Which of an object's fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Without what waits.
    First,
    /// All.
    Whole,
}

/// What is known of the place an object comes from.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Custom fields whose values are objects.
    pub objects: HashSet<String>,
    /// Accounts: their id there, and their id here. `None`: they are the same.
    pub accounts: Option<HashMap<i64, i64>>,
}

/// A value that has no place here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lost {
    /// Its field.
    pub field: String,
    /// Why.
    pub reason: &'static str,
}

/// An object as it can be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapped {
    /// Its fields.
    pub body: Object,
    /// Objects of the same endpoint that must be there before.
    pub parents: Vec<i64>,
    /// What has no place here.
    pub lost: Vec<Lost>,
    /// Fields of which only is told that they have a value.
    pub(super) masked: BTreeSet<String>,
}

impl Mapped {
    fn lose(&mut self, field: &str, reason: &'static str) {
        self.lost.push(Lost { field: field.to_owned(), reason });
    }
}

impl Known {
    /// The id of what a value refers to: null for nothing, `None` when it is not here.
    fn id(&self, fact: &Fact, value: &Value) -> Option<Value> {
        let id = match value {
            Value::Object(members) => members.get("id").unwrap_or(&Value::Null),
            other => other,
        };
        match (fact.to.as_deref(), &self.accounts, id.as_i64()) {
            (Some(ACCOUNTS), Some(accounts), Some(id)) => accounts.get(&id).map(|id| json!(id)),
            _ => Some(id.clone()),
        }
    }

    /// Values of custom fields as they are written. Objects wait: they may be of any type.
    fn custom(&self, values: &Map<String, Value>, moment: Moment) -> Value {
        let id = |value: &Value| value.get("id").unwrap_or(value).clone();
        let mut plain = Map::new();
        let mut objects = Map::new();
        for (name, value) in values {
            if !self.objects.contains(name) {
                plain.insert(name.clone(), value.clone());
            } else if moment == Moment::Whole {
                let value: Value = match value {
                    Value::Array(items) => items.iter().map(id).collect(),
                    one => id(one),
                };
                objects.insert(name.clone(), value);
            }
        }
        let mut all = custom::given(&Value::Object(plain));
        if let Some(members) = all.as_object_mut() {
            members.extend(objects);
        }
        all
    }
}

impl Step {
    /// The object as it can be written.
    pub fn map(&self, object: &Object, known: &Known, moment: Moment) -> Mapped {
        let mut mapped = Mapped::default();
        for fact in &self.endpoint.fields {
            let Some(value) = object.get(&fact.name) else { continue };
            match way(self.endpoint, fact) {
                Way::Elsewhere => {}
                Way::Nowhere if fact.kind == Kind::Image && says(value) => {
                    mapped.lose(&fact.name, "Pictures of types are not kept here.");
                }
                Way::Nowhere if says(value) => mapped.lose(&fact.name, "There is no field for it here."),
                Way::Nowhere => {}
                Way::Here => self.put(fact, value, known, moment, &mut mapped),
            }
        }
        older(object, &mut mapped);
        if object.get("data_file").is_some_and(says) {
            // The content is in the object; the file would come with the next synchronisation.
            for name in ["data_source", "auto_sync_enabled"] {
                mapped.body.remove(name);
            }
        }
        let parameters = mapped.body.get_mut("parameters").and_then(Value::as_object_mut);
        // It is not shown here, so a second copy could not tell whether it is the same.
        if parameters.and_then(|parameters| parameters.remove("password")).is_some_and(|it| says(&it)) {
            mapped.lose("parameters", "The password of a repository is to be written anew.");
        }
        mapped
    }

    fn put(&self, fact: &Fact, value: &Value, known: &Known, moment: Moment, mapped: &mut Mapped) {
        if moment == Moment::First && self.late.contains(fact.name.as_str()) {
            // A rule that waits must not act before.
            if fact.kind == Kind::Bool {
                mapped.body.insert(fact.name.clone(), Value::Bool(false));
            }
            return;
        }
        let target = fact.to.as_deref().and_then(Endpoint::at);
        if target.is_some_and(|target| target.read_only) {
            if says(value) {
                mapped.lose(&fact.name, "Files of data sources come with a synchronisation here.");
            }
            return;
        }
        let Some(value) = self.written(fact, value, known, moment) else {
            return mapped.lose(&fact.name, "The account it names was not copied.");
        };
        if value == MASK {
            mapped.masked.insert(fact.name.clone());
            return mapped.lose(&fact.name, "The secret is not told.");
        }
        if value.is_null() && !takes_null(fact) {
            return;
        }
        if fact.name == "parent" && fact.to.as_deref() == Some(self.path()) {
            mapped.parents.extend(value.as_i64());
        }
        mapped.body.insert(fact.name.clone(), value);
    }

    /// A value as it is written; `None` when what it refers to is not here.
    fn written(&self, fact: &Fact, value: &Value, known: &Known, moment: Moment) -> Option<Value> {
        if let Some(part) = parts::of(&self.endpoint.kind, &fact.name) {
            let wanted: &[&str] = match part.side {
                Some(_) => &["object_type", "object_id"],
                None => &["position", "rear_port", "rear_port_position"],
            };
            let only = |item: &Value| -> Value {
                wanted.iter().filter_map(|name| Some(((*name).to_owned(), item.get(name)?.clone()))).collect()
            };
            return Some(value.as_array().into_iter().flatten().map(only).collect());
        }
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        match fact.kind {
            Kind::Fk | Kind::Pk => known.id(fact, value),
            Kind::M2m => {
                items.iter().map(|item| known.id(fact, item)).collect::<Option<Vec<_>>>().map(Value::from)
            }
            Kind::Slugs => {
                let slug = |item: &Value| item.get("slug").unwrap_or(item).clone();
                Some(items.iter().map(slug).collect())
            }
            Kind::Choice | Kind::ChoicePlain => Some(value.get("value").unwrap_or(value).clone()),
            Kind::CustomFields => {
                let empty = Map::new();
                Some(known.custom(value.as_object().unwrap_or(&empty), moment))
            }
            _ => Some(value.clone()),
        }
    }
}

fn takes_null(fact: &Fact) -> bool {
    fact.nullable || (fact.blank && matches!(fact.kind, Kind::Choice | Kind::ChoicePlain))
}

/// A front port of before NetBox 4.5 leads to one rear port.
fn older(object: &Object, mapped: &mut Mapped) {
    let Some(rear) = object.get("rear_port").filter(|rear| says(rear)) else { return };
    if object.contains_key("rear_ports") {
        return;
    }
    let position = object.get("rear_port_position").cloned().unwrap_or(json!(1));
    let rear = rear.get("id").unwrap_or(rear);
    let mapping = json!([{"position": 1, "rear_port": rear, "rear_port_position": position}]);
    mapped.body.insert("rear_ports".to_owned(), mapping);
}

#[cfg(test)]
mod tests {
    use super::super::Plan;
    use super::*;

    fn mapped(path: &str, object: &Value, known: &Known, moment: Moment) -> Mapped {
        let plan = Plan::new();
        let step = plan.steps().iter().find(|step| step.path() == path).unwrap();
        step.map(object.as_object().unwrap(), known, moment)
    }

    fn body(path: &str, object: &Value, moment: Moment) -> Value {
        Value::Object(mapped(path, object, &Known::default(), moment).body)
    }

    #[test]
    fn objects_become_what_is_written() {
        let device = json!({
            "id": 7, "url": "http://x/", "display": "sw1", "name": "sw1",
            "role": {"id": 2, "display": "Access", "slug": "access"}, "status": {"value": "active", "label": "Active"},
            "site": {"id": 1}, "rack": null, "face": null, "position": 12.5, "airflow": {"value": "passive", "label": "P"},
            "primary_ip4": {"id": 9}, "tags": [{"id": 3, "slug": "a"}, {"id": 4, "slug": "b"}], "interface_count": 4,
            "custom_fields": {"plain": 1, "choice": {"value": "x", "label": "X"}},
        });
        let first = json!({"name": "sw1", "role": 2, "site": 1, "rack": null, "position": 12.5, "face": null,
            "status": "active", "airflow": "passive", "tags": [3, 4], "custom_fields": {"plain": 1, "choice": "x"}});
        assert_eq!(body("dcim/devices", &device, Moment::First), first);
        let whole = body("dcim/devices", &device, Moment::Whole);
        assert_eq!(whole["primary_ip4"], json!(9));
    }

    #[test]
    fn ends_of_cables_and_ports_are_written_with_their_owners() {
        let end =
            json!({"object_type": "dcim.interface", "object_id": 5, "object": {"id": 5, "name": "eth0"}});
        let cable = json!({"id": 1, "a_terminations": [end], "b_terminations": []});
        let wanted = json!({"a_terminations": [{"object_type": "dcim.interface", "object_id": 5}], "b_terminations": []});
        assert_eq!(body("dcim/cables", &cable, Moment::First), wanted);
        let mapping = json!([{"position": 1, "rear_port": 4, "rear_port_position": 2}]);
        for front in
            [json!({"rear_ports": mapping}), json!({"rear_port": {"id": 4}, "rear_port_position": 2})]
        {
            assert_eq!(body("dcim/front-ports", &front, Moment::First), json!({"rear_ports": mapping}));
        }
        assert_eq!(body("dcim/rear-ports", &json!({"front_ports": mapping}), Moment::First), json!({}));
    }

    #[test]
    fn trees_name_their_parents_and_rules_wait() {
        let region = mapped("dcim/regions", &json!({"parent": {"id": 4}}), &Known::default(), Moment::First);
        assert_eq!((region.parents, region.body["parent"].clone()), (vec![4], json!(4)));
        let rule = json!({"enabled": true});
        assert_eq!(body("extras/event-rules", &rule, Moment::First), json!({"enabled": false}));
        assert_eq!(body("extras/event-rules", &rule, Moment::Whole), rule);
    }

    #[test]
    fn what_has_no_place_is_told() {
        let known = Known { accounts: Some(HashMap::from([(5, 50)])), ..Known::default() };
        let cases = [
            ("dcim/device-types", json!({"front_image": "http://x/a.png"}), Some("front_image")),
            ("dcim/device-types", json!({"front_image": null}), None),
            ("extras/webhooks", json!({"secret": MASK}), Some("secret")),
            ("extras/journal-entries", json!({"created_by": 6}), Some("created_by")),
            ("extras/journal-entries", json!({"created_by": 5}), None),
            (
                "extras/config-templates",
                json!({"data_file": {"id": 3}, "data_source": {"id": 1}}),
                Some("data_file"),
            ),
        ];
        for (path, object, field) in cases {
            let mapped = mapped(path, &object, &known, Moment::Whole);
            assert_eq!(mapped.lost.first().map(|lost| lost.field.as_str()), field, "{path} {object}");
        }
        let entry = mapped("extras/journal-entries", &json!({"created_by": 5}), &known, Moment::Whole);
        assert_eq!(entry.body["created_by"], json!(50));
    }

    #[test]
    fn objects_in_custom_fields_wait() {
        let known = Known { objects: HashSet::from(["of".to_owned()]), accounts: None };
        let site = json!({"custom_fields": {"of": [{"id": 1}, {"id": 2}], "text": "x"}});
        let values = |moment| mapped("dcim/sites", &site, &known, moment).body["custom_fields"].clone();
        assert_eq!(values(Moment::First), json!({"text": "x"}));
        assert_eq!(values(Moment::Whole), json!({"text": "x", "of": [1, 2]}));
    }
}
