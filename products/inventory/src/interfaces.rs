//! What must hold of interfaces, of devices and of virtual machines: what they are part of is of the same
//! machine or stack, VLANs fit to their mode and site, and only a radio has settings of radios.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Drafted, Hooks, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reading::{Reader, by_id, id_of, moved, reference, text};
use crate::rules::wrong;
use crate::wireless::is_wireless;

/// Interfaces of devices.
pub(crate) struct OfDevice;

/// Interfaces of virtual machines.
pub(crate) struct OfMachine;

fn has(record: &Record, field: &str) -> bool {
    match record.get(field) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

/// Which VLANs an interface has follows from its mode (IEEE 802.1Q).
fn vlans_by_mode(record: &Record, errors: &mut Vec<FieldError>) {
    let mode = text(record, "mode");
    for (field, fits) in [
        ("untagged_vlan", !mode.is_empty()),
        ("tagged_vlans", mode == "tagged"),
        ("qinq_svlan", mode == "q-in-q"),
    ] {
        if has(record, field) && !fits {
            wrong(errors, field, "mode_without", "An interface in this mode has none of these.");
        }
    }
}

/// Nothing is part of itself.
fn not_itself(record: &Record, fields: &[&str], errors: &mut Vec<FieldError>) {
    for field in fields {
        if reference(record, field).is_some_and(|other| Some(other) == id_of(record)) {
            wrong(errors, field, "itself", "This is the interface itself.");
        }
    }
}

/// What a type of interface cannot have.
fn by_type(record: &mut Record, errors: &mut Vec<FieldError>) {
    let kind = text(record, "type").to_owned();
    let virtual_kind = matches!(kind.as_str(), "virtual" | "bridge" | "lag");
    let radio = is_wireless(&kind);
    let mut refuse = |field: &str, when: bool, message: &str| {
        if when {
            wrong(errors, field, "type_without", message);
        }
    };
    let marked = record.get("mark_connected") == Some(&Value::Bool(true));
    refuse("lag", kind == "virtual" && has(record, "lag"), "A virtual interface is in no aggregate.");
    refuse("mark_connected", marked && (virtual_kind || radio), "Nothing can be plugged into this type.");
    for field in ["poe_mode", "poe_type"] {
        refuse(field, virtual_kind && has(record, field), "A virtual interface gives and takes no power.");
    }
    refuse(
        "poe_type",
        has(record, "poe_type") && !has(record, "poe_mode"),
        "A kind of power over Ethernet needs its mode.",
    );
    for field in ["rf_role", "rf_channel", "rf_channel_frequency", "rf_channel_width", "tx_power"] {
        refuse(field, has(record, field) && !radio, "Only a wireless interface has it.");
    }
    refuse(
        "parent",
        has(record, "parent") && kind != "virtual" && !has(record, "channel_id"),
        "Only virtual interfaces, and channels of a port, have a parent.",
    );
    refuse(
        "channel_id",
        has(record, "channel_id") && (virtual_kind || radio),
        "Only a port of hardware is a channel of another.",
    );
}

/// A channel says its frequency and width, as in `5g-36-5180-20`.
fn channel(record: &mut Record, errors: &mut Vec<FieldError>) {
    let channel = text(record, "rf_channel").to_owned();
    let mut parts = channel.split('-').skip(2).map(str::parse::<f64>);
    let (Some(Ok(frequency)), Some(Ok(width))) = (parts.next(), parts.next()) else { return };
    for (field, value) in [("rf_channel_frequency", frequency), ("rf_channel_width", width)] {
        match record.get(field).and_then(Value::as_f64) {
            None => drop(record.insert(field.to_owned(), json!(value))),
            // The contract's numbers have three places.
            Some(given) if (given - value).abs() < 0.000_5 => {}
            Some(_) => wrong(errors, field, "other_channel", "The channel says another value."),
        }
    }
}

/// A world wide name (INCITS 423) in its usual form.
fn wwn(record: &mut Record, errors: &mut Vec<FieldError>) {
    let given = text(record, "wwn");
    let digits: Vec<char> = given.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    if given.is_empty() {
        return;
    }
    if digits.len() != 16 || !digits.iter().all(char::is_ascii_hexdigit) {
        return wrong(errors, "wwn", "invalid", "Expected are eight bytes, like 00:11:22:33:44:55:66:77.");
    }
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    record.insert("wwn".to_owned(), json!(pairs.join(":").to_ascii_uppercase()));
}

/// Devices with the stack each is in.
struct Stacks {
    devices: HashMap<Uuid, Record>,
}

impl Stacks {
    /// Are both in the same device, or in devices of one stack?
    fn together(&self, one: Option<Uuid>, other: Option<Uuid>) -> bool {
        let stack = |id: Option<Uuid>| reference(self.devices.get(&id?)?, "virtual_chassis");
        one == other || (stack(one).is_some() && stack(one) == stack(other))
    }
}

/// The primary MAC address is one of the interface.
fn own_mac(draft: &mut Drafted, macs: &HashMap<Uuid, Record>) {
    let mac = reference(&draft.record, "primary_mac_address").and_then(|id| macs.get(&id));
    if mac.is_some_and(|mac| reference(mac, "assigned_object") != id_of(&draft.record)) {
        let message = "This MAC address is not one of the interface.";
        wrong(&mut draft.errors, "primary_mac_address", "other_interface", message);
    }
}

/// VLANs are of the site of the machine, or of no site.
async fn vlans_of_site(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    drafts: &mut [Drafted],
    site: impl Fn(&Record) -> Option<Uuid>,
) -> Result<(), Problem> {
    let tagged = |record: &Record| -> Vec<Uuid> {
        let items = record.get("tagged_vlans").and_then(Value::as_array);
        items.into_iter().flatten().filter_map(crate::reading::reference_id).collect()
    };
    let ids: BTreeSet<Uuid> = drafts
        .iter()
        .flat_map(|draft| tagged(&draft.record).into_iter().chain(reference(&draft.record, "untagged_vlan")))
        .collect();
    let vlans = by_id(reader.listed(records, "inventory.vlan", "id", &ids).await?);
    for draft in drafts {
        let home = site(&draft.record);
        let elsewhere = |id: &Uuid| {
            let of_vlan = vlans.get(id).and_then(|vlan| reference(vlan, "site"));
            of_vlan.is_some() && of_vlan != home
        };
        for (field, ids) in [
            ("untagged_vlan", reference(&draft.record, "untagged_vlan").into_iter().collect()),
            ("tagged_vlans", tagged(&draft.record)),
        ] {
            if ids.iter().any(elsewhere) {
                let message = "A VLAN of an interface is of the same site, or of none.";
                wrong(&mut draft.errors, field, "other_site", message);
            }
        }
    }
    Ok(())
}

/// Is this write about anything that other records decide?
fn concerned(draft: &Drafted, fields: &[&str]) -> bool {
    let before = |field: &str| draft.before.as_ref().and_then(|before| before.get(field));
    fields.iter().any(|field| has(&draft.record, field) && before(field) != draft.record.get(*field))
}

impl Hooks for OfDevice {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        vlans_by_mode(record, errors);
        not_itself(record, &["parent", "bridge", "lag"], errors);
        by_type(record, errors);
        channel(record, errors);
        wwn(record, errors);
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        const PARTS: [(&str, &str); 3] = [("parent", "parent"), ("bridge", "bridge"), ("lag", "aggregate")];
        const ALL: [&str; 7] =
            ["parent", "bridge", "lag", "channel_id", "primary_mac_address", "untagged_vlan", "tagged_vlans"];
        Box::pin(async move {
            if !drafts.iter().any(|draft| concerned(draft, &ALL)) {
                return Ok(());
            }
            let mut reader = Reader::In(tx);
            let ids = drafts
                .iter()
                .flat_map(|draft| PARTS.iter().filter_map(|(field, _)| reference(&draft.record, field)))
                .collect();
            let others = by_id(reader.listed(records, "inventory.interface", "id", &ids).await?);
            let ids = drafts.iter().map(|draft| &draft.record).chain(others.values());
            let ids = ids.filter_map(|interface| reference(interface, "device")).collect();
            let stacks =
                Stacks { devices: by_id(reader.listed(records, "inventory.device", "id", &ids).await?) };
            let macs =
                reader.referred(records, drafts, "primary_mac_address", "inventory.mac_address").await?;
            for draft in drafts.iter_mut() {
                let device = reference(&draft.record, "device");
                for (field, what) in PARTS {
                    let other = reference(&draft.record, field).and_then(|id| others.get(&id));
                    let foreign =
                        other.is_some_and(|other| !stacks.together(device, reference(other, "device")));
                    if moved(draft, field) && foreign {
                        let message =
                            format!("This {what} is of another device, and in no stack with this one.");
                        wrong(&mut draft.errors, field, "other_device", &message);
                    }
                }
                in_parent(draft, &others);
                own_mac(draft, &macs);
            }
            let site =
                |interface: &Record| reference(stacks.devices.get(&reference(interface, "device")?)?, "site");
            vlans_of_site(&mut reader, records, drafts, site).await
        })
    }
}

/// A channel is one that its parent has.
fn in_parent(draft: &mut Drafted, others: &HashMap<Uuid, Record>) {
    let Some(channel) = draft.record.get("channel_id").and_then(Value::as_i64) else { return };
    // What comes with a type gets its parent after it was made.
    let Some(parent) = reference(&draft.record, "parent").and_then(|id| others.get(&id)) else { return };
    let channels = parent.get("channels").and_then(Value::as_i64).unwrap_or(0);
    if channel > channels {
        let message = format!("Its parent has {channels} channels.");
        wrong(&mut draft.errors, "channel_id", "no_channel", &message);
    }
}

impl Hooks for OfMachine {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        vlans_by_mode(record, errors);
        not_itself(record, &["parent", "bridge"], errors);
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        const ALL: [&str; 5] = ["parent", "bridge", "primary_mac_address", "untagged_vlan", "tagged_vlans"];
        Box::pin(async move {
            if !drafts.iter().any(|draft| concerned(draft, &ALL)) {
                return Ok(());
            }
            let mut reader = Reader::In(tx);
            for field in ["parent", "bridge"] {
                let others = reader.referred(records, drafts, field, "inventory.vm_interface").await?;
                for draft in drafts.iter_mut() {
                    let other = reference(&draft.record, field).and_then(|id| others.get(&id));
                    let machine = reference(&draft.record, "virtual_machine");
                    if other.is_some_and(|other| reference(other, "virtual_machine") != machine) {
                        let message = "This interface belongs to another virtual machine.";
                        wrong(&mut draft.errors, field, "other_machine", message);
                    }
                }
            }
            let macs =
                reader.referred(records, drafts, "primary_mac_address", "inventory.mac_address").await?;
            for draft in drafts.iter_mut() {
                own_mac(draft, &macs);
            }
            let machines =
                reader.referred(records, drafts, "virtual_machine", "inventory.virtual_machine").await?;
            let site = |interface: &Record| {
                reference(machines.get(&reference(interface, "virtual_machine")?)?, "site")
            };
            vlans_of_site(&mut reader, records, drafts, site).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(record: &Value) -> (Record, Vec<String>) {
        let mut record = record.as_object().unwrap().clone();
        let mut errors = Vec::new();
        vlans_by_mode(&record, &mut errors);
        by_type(&mut record, &mut errors);
        channel(&mut record, &mut errors);
        wwn(&mut record, &mut errors);
        (record, errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let vlan = json!({"id": "0190d6b8-0000-7000-8000-000000000001"});
        for (record, wrong) in [
            (json!({"type": "1000base-t"}), vec![]),
            (json!({"type": "virtual", "lag": vlan}), vec!["/lag"]),
            (json!({"type": "1000base-t", "parent": vlan}), vec!["/parent"]),
            (json!({"type": "1000base-t", "parent": vlan, "channel_id": 1}), vec![]),
            (json!({"type": "lag", "channel_id": 1}), vec!["/channel_id"]),
            (json!({"type": "1000base-t", "poe_type": "a"}), vec!["/poe_type"]),
            (json!({"type": "virtual", "poe_mode": "pd"}), vec!["/poe_mode"]),
            (json!({"type": "1000base-t", "rf_role": "ap"}), vec!["/rf_role"]),
            (json!({"type": "virtual", "mark_connected": true}), vec!["/mark_connected"]),
            (json!({"type": "x", "wwn": "zz"}), vec!["/wwn"]),
            (json!({"type": "x", "untagged_vlan": vlan}), vec!["/untagged_vlan"]),
            (json!({"type": "x", "mode": "access", "tagged_vlans": [vlan]}), vec!["/tagged_vlans"]),
            (json!({"type": "x", "mode": "tagged", "tagged_vlans": [vlan], "untagged_vlan": vlan}), vec![]),
            (json!({"type": "x", "mode": "tagged", "qinq_svlan": vlan}), vec!["/qinq_svlan"]),
            (
                json!({"type": "ieee802.11ac", "rf_channel": "5g-36-5180-20", "rf_channel_frequency": 5000}),
                vec!["/rf_channel_frequency"],
            ),
        ] {
            assert_eq!(cleaned(&record).1, wrong, "{record}");
        }
    }

    #[test]
    fn what_follows_is_filled_in() {
        let (record, _) = cleaned(&json!({"type": "ieee802.11ac", "rf_channel": "2.4g-1-2412-22"}));
        assert_eq!(
            (&record["rf_channel_frequency"], &record["rf_channel_width"]),
            (&json!(2412.0), &json!(22.0))
        );
        let (record, _) = cleaned(&json!({"type": "x", "wwn": "aabb.ccdd.eeff.0011"}));
        assert_eq!(record["wwn"], json!("AA:BB:CC:DD:EE:FF:00:11"));
    }
}
