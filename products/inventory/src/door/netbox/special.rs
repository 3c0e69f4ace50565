//! Filters with a meaning of their own: address space, what a device has, the ends of cables.

use kit::record::FieldKind;
use kit::records::Where;

use super::contract::{Endpoint, Filter};
use super::filter::{Asked, Wrong, numbers, truth, via};

impl Asked<'_> {
    /// Filters with a meaning of their own.
    pub(super) fn special(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let values: Vec<String> =
            self.values.iter().filter(|value| !value.is_empty()).map(|value| (*value).to_owned()).collect();
        if values.is_empty() {
            return Ok(None);
        }
        let method = filter.method.as_deref().unwrap_or_default();
        if method == "_check_action" {
            let action = filter.name.trim_start_matches("can_");
            let condition = Where::is("actions", "contains", action);
            let yes = values.last().and_then(|value| truth(value));
            return Ok(yes.map(|yes| if yes { condition } else { Where::Not(Box::new(condition)) }));
        }
        if method.starts_with('_') {
            let condition = self.has(method).ok_or_else(|| self.not_served())?;
            let yes = values.last().and_then(|value| truth(value));
            return Ok(yes.map(|yes| if yes { condition } else { Where::Not(Box::new(condition)) }));
        }
        let is = |field: &str| Where::Is { field: field.to_owned(), op: "eq", values: values.clone() };
        let by_id = filter.name.ends_with("_id");
        Ok(Some(match method {
            "filter_device" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let is = is(if by_id { "number" } else { "name" });
                if self.model.field("parent_object").is_some() {
                    generic("parent_object", "inventory.device", is)
                } else if self.model.field("device").is_some() {
                    via("device", is)
                } else {
                    generic("assigned_object", "inventory.interface", via("device", is))
                }
            }
            "filter_virtual_machine" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let is = is(if by_id { "number" } else { "name" });
                if self.model.field("parent_object").is_some() {
                    generic("parent_object", "inventory.virtual_machine", is)
                } else {
                    generic("assigned_object", "inventory.vm_interface", via("virtual_machine", is))
                }
            }
            "filter_fhrp_group" => {
                if by_id {
                    numbers(&self.values)?;
                }
                generic("parent_object", "inventory.fhrp_group", is(if by_id { "number" } else { "name" }))
            }
            "filter_scope" => {
                numbers(&self.values)?;
                let name = format!("inventory.{}", filter.name);
                match self.records.model(&name) {
                    Some(model) => generic("scope", model.name, is("number")),
                    None => Self::nothing(),
                }
            }
            "filter_site" | "filter_region" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let is = is(if by_id { "number" } else { "slug" });
                let site = |then: Where| via("site", then);
                let at = if method == "filter_site" { site(is) } else { site(via("region", is)) };
                Where::Any(vec![
                    generic("assigned_object", "inventory.vlan", at.clone()),
                    generic("assigned_object", "inventory.interface", via("device", at.clone())),
                    generic("assigned_object", "inventory.vm_interface", via("virtual_machine", at)),
                ])
            }
            "filter_circuit" | "filter_virtual_circuit" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let member = if method == "filter_circuit" {
                    "inventory.circuit"
                } else {
                    "inventory.virtual_circuit"
                };
                generic("member", member, is(if by_id { "number" } else { "cid" }))
            }
            "filter_provider" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let provider = via("provider", is(if by_id { "number" } else { "slug" }));
                Where::Any(vec![
                    generic("member", "inventory.circuit", provider.clone()),
                    generic("member", "inventory.virtual_circuit", via("provider_network", provider)),
                ])
            }
            "filter_virtual_chassis_member" | "filter_virtual_chassis_member_or_master" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let master = method.ends_with("_or_master");
                in_stack(&is(if by_id { "number" } else { "name" }), master)
            }
            "filter_prefix"
            | "search_within"
            | "search_within_include"
            | "search_contains"
            | "search_by_parent"
            | "filter_address" => self.in_space(filter, &networks(&values)),
            "filter_present_in_vrf" => {
                if by_id {
                    numbers(&self.values)?;
                }
                via("vrf", is(if by_id { "number" } else { "rd" }))
            }
            "filter_assigned" | "filter_primary" => {
                let method = if method == "filter_assigned" { "_assigned" } else { "_primary" };
                let condition = self.has(method).ok_or_else(|| self.not_served())?;
                match values.last().and_then(|value| truth(value)) {
                    Some(true) => condition,
                    Some(false) => Where::Not(Box::new(condition)),
                    None => return Ok(None),
                }
            }
            "filter_interface_id" | "filter_vminterface_id" => {
                let values = numbers(&self.values)?;
                let model = if method == "filter_interface_id" {
                    "inventory.interface"
                } else {
                    "inventory.vm_interface"
                };
                let is = Where::Is { field: "number".to_owned(), op: "eq", values };
                let fields = ["untagged_vlan", "tagged_vlans"].into_iter();
                Where::Any(
                    fields
                        .map(|field| Where::Back {
                            model,
                            field: field.to_owned(),
                            then: Box::new(is.clone()),
                        })
                        .collect(),
                )
            }
            "filter_kind" => kind_of_interface(&values),
            "filter_vlan_id" | "filter_vlan" => {
                let values = numbers(&self.values)?;
                vlan_of_interface(if method == "filter_vlan" { "vid" } else { "number" }, &values)
            }
            _ => return Err(self.not_served()),
        }))
    }

    /// What a yes-or-no filter says of a record when it says yes.
    fn has(&self, method: &str) -> Option<Where> {
        let set = |field: &str| self.model.field(field).map(|_| Where::is(field, "isnull", "false"));
        let components = |kind: &'static str| {
            let field = match self.model.name {
                "inventory.device" => "device",
                "inventory.device_type" => "device_type",
                "inventory.module_type" => "module_type",
                _ => return None,
            };
            let model = if field == "device" {
                format!("inventory.{kind}")
            } else {
                format!("inventory.{kind}_template")
            };
            let model = self.records.model(&model)?.name;
            Some(Where::Back { model, field: field.to_owned(), then: Box::new(Where::All(Vec::new())) })
        };
        match method {
            "_has_primary_ip" => Some(Where::Any(vec![set("primary_ip4")?, set("primary_ip6")?])),
            "_has_oob_ip" => set("oob_ip"),
            "_virtual_chassis_member" => set("virtual_chassis"),
            "_has_virtual_device_context" => Some(Where::Back {
                model: "inventory.virtual_device_context",
                field: "device".to_owned(),
                then: Box::new(Where::All(Vec::new())),
            }),
            "_assigned_to_interface" | "_assigned" => {
                let generic = |field: &&kit::Field| matches!(field.kind, FieldKind::Generic { .. });
                let [_, id] = self.model.fields.iter().find(generic)?.generic_columns();
                Some(Where::is(id, "isnull", "false"))
            }
            "_local_context_data" => set("local_context_data"),
            "_primary" => {
                let of = |model: &'static str| Where::Back {
                    model,
                    field: "primary_mac_address".to_owned(),
                    then: Box::new(Where::All(Vec::new())),
                };
                Some(Where::Any(vec![of("inventory.interface"), of("inventory.vm_interface")]))
            }
            "_interfaces" => components("interface"),
            "_console_ports" => components("console_port"),
            "_console_server_ports" => components("console_server_port"),
            "_power_ports" => components("power_port"),
            "_power_outlets" => components("power_outlet"),
            "_module_bays" => components("module_bay"),
            "_device_bays" => components("device_bay"),
            "_inventory_items" => components("inventory_item"),
            "_pass_through_ports" => {
                Some(Where::Any(vec![components("front_port")?, components("rear_port")?]))
            }
            _ => None,
        }
    }

    /// Where an address or prefix is. What is no network matches nothing.
    fn in_space(&self, filter: &Filter, values: &[String]) -> Where {
        if values.is_empty() {
            return Self::nothing();
        }
        let field = ["prefix", "address", "start_address"]
            .into_iter()
            .find(|name| self.model.field(name).is_some())
            .unwrap_or_default();
        let is = |op: &'static str| Where::Is { field: field.to_owned(), op, values: values.to_vec() };
        match filter.method.as_deref().unwrap_or_default() {
            "search_within" => Where::All(vec![is("within"), Where::Not(Box::new(is("eq")))]),
            "search_within_include" | "search_by_parent" => is("within"),
            "search_contains" => is("contains"),
            _ => is("eq"),
        }
    }

    /// Filters over the ends of cables: which cable a port has, which ports a cable has.
    pub(super) fn cabling(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let values: Vec<String> =
            self.values.iter().filter(|value| !value.is_empty()).map(|value| (*value).to_owned()).collect();
        let ends = |field: &str, then: Where| Where::Back {
            model: "inventory.cable_termination",
            field: field.to_owned(),
            then: Box::new(then),
        };
        let is = |field: &str| Where::Is { field: field.to_owned(), op: "eq", values: values.clone() };
        let yes = || values.last().and_then(|value| truth(value));
        let when = |condition: Where| match yes() {
            Some(true) => Some(condition),
            Some(false) => Some(Where::Not(Box::new(condition))),
            None => Some(Where::All(Vec::new())),
        };
        if self.model.name != "inventory.cable" {
            let port = self.endpoint.fact("link_peers").is_some();
            return Ok(match filter.name.as_str() {
                "cabled" | "occupied" if port => when(ends("termination", Where::All(Vec::new()))),
                "cable_end" if port => Some(ends("termination", is("cable_end"))),
                "cable_id" if port => {
                    numbers(&self.values)?;
                    Some(ends("termination", via("cable", is("number"))))
                }
                _ => None,
            });
        }
        let side = |side: &str, test: Where| {
            ends("cable", Where::All(vec![Where::is("cable_end", "eq", side), test]))
        };
        let at = |model: &'static str, then: Where| {
            ends(
                "cable",
                Where::Via { field: "termination".to_owned(), model: Some(model), then: Box::new(then) },
            )
        };
        let components = || {
            let generic = self
                .records
                .model("inventory.cable_termination")
                .and_then(|model| model.field("termination"));
            match generic.map(|field| field.kind) {
                Some(FieldKind::Generic { models, .. }) => models,
                _ => &[],
            }
        };
        let on_device = |then: Where| {
            let of_devices = components().iter().filter(|model| {
                self.records.model(model).is_some_and(|model| model.field("device").is_some())
            });
            Where::Any(of_devices.map(|model| at(model, via("device", then.clone()))).collect())
        };
        let in_rack = |rack: Where| {
            let feed = at("inventory.power_feed", via("rack", rack.clone()));
            Where::Any(vec![on_device(via("rack", rack)), feed])
        };
        let by_id = filter.name.ends_with("_id");
        if by_id {
            numbers(&self.values)?;
        }
        let method = filter.method.as_deref().unwrap_or_default();
        let kind = method.strip_prefix("filter_by_").unwrap_or_default();
        let model = components()
            .iter()
            .find(|model| model.strip_prefix("inventory.").is_some_and(|name| name.replace('_', "") == kind));
        Ok(match (filter.name.as_str(), model) {
            ("device", _) => Some(on_device(is("name"))),
            ("device_id", _) => Some(on_device(is("number"))),
            ("rack", _) => Some(in_rack(is("name"))),
            ("rack_id", _) => Some(in_rack(is("number"))),
            ("termination_a_id" | "termination_b_id", _) => {
                let of_model = components().iter().map(|model| Where::Via {
                    field: "termination".to_owned(),
                    model: Some(model),
                    then: Box::new(is("number")),
                });
                let test = Where::Any(of_model.collect());
                Some(side(if filter.name.contains("_a_") { "A" } else { "B" }, test))
            }
            ("location", _) => Some(on_device(via("location", is("name")))),
            ("location_id", _) => Some(on_device(via("location", is("number")))),
            ("site", _) => Some(on_device(via("site", is("slug")))),
            ("site_id", _) => Some(on_device(via("site", is("number")))),
            ("unterminated", _) => when(Where::Not(Box::new(Where::All(vec![
                side("A", Where::All(Vec::new())),
                side("B", Where::All(Vec::new())),
            ])))),
            ("termination_a_type" | "termination_b_type", _) => {
                let models = values.iter().filter_map(|value| Endpoint::of_kind(value));
                let values = models.map(|endpoint| endpoint.model.clone()).collect();
                let test = Where::Is { field: "termination_type".to_owned(), op: "eq", values };
                Some(side(if filter.name.contains("_a_") { "A" } else { "B" }, test))
            }
            (_, Some(model)) => Some(at(model, is("number"))),
            _ => None,
        })
    }
}

/// What a generic reference of the record leads to.
fn generic(field: &str, model: &'static str, then: Where) -> Where {
    Where::Via { field: field.to_owned(), model: Some(model), then: Box::new(then) }
}

/// Interfaces of a device and those of the stack it is in, but for ports of management. `master`: the
/// stack counts only for its master.
fn in_stack(device: &Where, master: bool) -> Where {
    let stack = if master {
        via("master", device.clone())
    } else {
        let (model, field) = ("inventory.device", "virtual_chassis".to_owned());
        Where::Back { model, field, then: Box::new(device.clone()) }
    };
    let of_stack = via("device", via("virtual_chassis", stack));
    Where::Any(vec![
        via("device", device.clone()),
        Where::All(vec![of_stack, Where::is("mgmt_only", "eq", "false")]),
    ])
}

fn kind_of_interface(values: &[String]) -> Where {
    let virtual_types = ["virtual", "bridge", "lag"];
    let wireless = Where::Is {
        field: "type".to_owned(),
        op: "eq",
        values: vec![
            "ieee802.11a".into(),
            "ieee802.11g".into(),
            "ieee802.11n".into(),
            "ieee802.11ac".into(),
            "ieee802.11ad".into(),
            "ieee802.11ax".into(),
            "ieee802.11ay".into(),
            "ieee802.11be".into(),
            "ieee802.15.1".into(),
            "ieee802.15.4".into(),
            "other-wireless".into(),
        ],
    };
    let not_physical = Where::Is {
        field: "type".to_owned(),
        op: "eq",
        values: virtual_types.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    let any = values.iter().filter_map(|value| match value.as_str() {
        "physical" => Some(Where::Not(Box::new(Where::Any(vec![not_physical.clone(), wireless.clone()])))),
        "virtual" => Some(Where::is("type", "eq", "virtual")),
        "wireless" => Some(wireless.clone()),
        _ => None,
    });
    Where::Any(any.collect())
}

fn vlan_of_interface(column: &str, values: &[String]) -> Where {
    let is = Where::Is { field: column.to_owned(), op: "eq", values: values.to_vec() };
    let any = ["untagged_vlan", "tagged_vlans"].into_iter().map(|field| Where::Via {
        field: field.to_owned(),
        model: None,
        then: Box::new(is.clone()),
    });
    Where::Any(any.collect())
}

/// Those of the values that are addresses or networks; bits behind the length are not looked at.
fn networks(values: &[String]) -> Vec<String> {
    let network = |value: &String| {
        let value = value.trim();
        match (value.parse::<ipnet::IpNet>(), value.parse::<std::net::IpAddr>()) {
            (Ok(net), _) if net.addr() == net.network() => Some(net.to_string()),
            (Ok(_), _) | (_, Ok(_)) => Some(value.to_owned()),
            _ => None,
        }
    };
    values.iter().filter_map(network).collect()
}
