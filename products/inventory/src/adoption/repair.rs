//! Single repairs of what the inventory says.

use std::collections::{BTreeMap, HashMap};

use kit::Problem;
use kit::record::Record;
use model::adoption::{DeviceFact, InterfaceFact, PortRef, Repair, Wishes};
use model::names::canonical_interface;
use serde_json::{Value, json};
use uuid::Uuid;

use super::device::{add_interfaces, adopt, on};
use super::vocabulary::Vocabulary;
use super::words::clip;
use super::writer::{Writer, change, record};
use crate::store::adoption as store;

/// The model of devices.
const DEVICE: &str = "inventory.device";
/// The model of virtual machines.
const MACHINE: &str = "inventory.virtual_machine";

/// Makes the repairs in order; the main record of each. Cables that move are taken off first, so that
/// two of them can exchange their ends.
pub(super) async fn repair(
    writer: &mut Writer<'_>,
    repairs: &[Repair],
    wishes: Wishes,
) -> Result<Vec<Uuid>, Problem> {
    let mut kept = loosen(writer, repairs).await?;
    let mut words = None;
    let mut records = Vec::with_capacity(repairs.len());
    for repair in repairs {
        records.push(one(writer, repair, wishes, &mut kept, &mut words).await?);
    }
    Ok(records)
}

/// The model of a device's record, which may be a virtual machine.
async fn owner(writer: &mut Writer<'_>, id: Uuid) -> Result<&'static str, Problem> {
    let machine = store::is_machine(writer.tx.conn(), id).await?;
    Ok(if machine { MACHINE } else { DEVICE })
}

/// The model of an interface's record, which may be one of a virtual machine.
async fn port_model(writer: &mut Writer<'_>, id: Uuid) -> Result<&'static str, Problem> {
    let machine = store::is_machine_interface(writer.tx.conn(), id).await?;
    Ok(if machine { "inventory.vm_interface" } else { "inventory.interface" })
}

/// A reference to an interface, of a device or of a virtual machine.
async fn on_any(writer: &mut Writer<'_>, interface: Uuid) -> Result<Value, Problem> {
    Ok(json!({"type": port_model(writer, interface).await?, "id": interface}))
}

/// What ended at the sides of cables that move: cable and port.
type Kept = HashMap<Uuid, HashMap<Uuid, String>>;

/// Takes the ends off all cables that move or go.
async fn loosen(writer: &mut Writer<'_>, repairs: &[Repair]) -> Result<Kept, Problem> {
    let moved: Vec<Uuid> = repairs
        .iter()
        .filter_map(|repair| match repair {
            Repair::MoveCable { cable, .. } => Some(*cable),
            _ => None,
        })
        .collect();
    let gone: Vec<Uuid> = repairs
        .iter()
        .filter_map(|repair| match repair {
            Repair::RemoveCable { cable } => Some(*cable),
            _ => None,
        })
        .collect();
    let mut kept = Kept::new();
    let ends = store::ends(writer.tx.conn(), &moved).await?;
    let ids: Vec<Uuid> = ends.iter().map(|(_, (id, ..))| *id).collect();
    for (cable, (_, side, port)) in ends {
        kept.entry(cable).or_default().insert(port, side);
    }
    if moved.iter().any(|cable| !kept.contains_key(cable)) {
        return Err(Problem::not_found("cable"));
    }
    writer.delete("inventory.cable_termination", &ids).await?;
    writer.delete("inventory.cable", &gone).await?;
    Ok(kept)
}

async fn one(
    writer: &mut Writer<'_>,
    repair: &Repair,
    wishes: Wishes,
    kept: &mut Kept,
    words: &mut Option<Vocabulary>,
) -> Result<Uuid, Problem> {
    match repair {
        Repair::AdoptDevice { device } => {
            let words = Vocabulary::once(words, writer.tx.conn()).await?;
            adopt(writer, words, device, wishes).await
        }
        Repair::RetireDevice { device } => {
            let model = owner(writer, *device).await?;
            writer.change(model, *device, record(json!({"status": "offline"}))).await?;
            Ok(*device)
        }
        Repair::SetDevice { device, fact, value } => {
            set_device(writer, words, *device, *fact, value).await?;
            Ok(*device)
        }
        Repair::AddInterface { device, interface } => {
            let words = Vocabulary::once(words, writer.tx.conn()).await?;
            add_interfaces(writer, words, *device, std::slice::from_ref(interface)).await?;
            port(writer, &PortRef { device: *device, interface: interface.name.clone() }).await
        }
        Repair::SetInterface { interface, fact } => {
            set_interface(writer, *interface, fact).await?;
            Ok(*interface)
        }
        Repair::RemoveInterface { interface } => {
            let addresses = store::addresses_of(writer.tx.conn(), *interface).await?;
            release(writer, &addresses, json!({"assigned_object": null})).await?;
            let model = port_model(writer, *interface).await?;
            writer.delete(model, &[*interface]).await?;
            Ok(*interface)
        }
        Repair::AddAddress { interface, address } => {
            let words = Vocabulary::once(words, writer.tx.conn()).await?;
            add_address(writer, words, *interface, address).await
        }
        Repair::MoveAddress { address, interface, net } => {
            detach(writer, *address, *interface).await?;
            let there = on_any(writer, *interface).await?;
            let fields = json!({"address": net.to_string(), "assigned_object": there});
            writer.change("inventory.ip_address", *address, record(fields)).await?;
            Ok(*address)
        }
        Repair::ReleaseAddress { address } => {
            release(writer, &[*address], json!({"assigned_object": null, "status": "deprecated"})).await?;
            Ok(*address)
        }
        Repair::AddCable { ends } => {
            let cable = writer.create("inventory.cable", record(json!({"status": "connected"}))).await?;
            connect(writer, cable, ends, &HashMap::new()).await?;
            Ok(cable)
        }
        Repair::MoveCable { cable, ends } => {
            let before = kept.remove(cable).unwrap_or_default();
            connect(writer, *cable, ends, &before).await?;
            Ok(*cable)
        }
        Repair::RemoveCable { cable } => Ok(*cable),
    }
}

async fn set_device(
    writer: &mut Writer<'_>,
    words: &mut Option<Vocabulary>,
    device: Uuid,
    fact: DeviceFact,
    value: &str,
) -> Result<(), Problem> {
    let model = owner(writer, device).await?;
    let fields = match fact {
        DeviceFact::Name => json!({"name": clip(value, 64)}),
        DeviceFact::Serial => json!({"serial": clip(value, 50)}),
        DeviceFact::Status => json!({"status": value}),
        DeviceFact::Platform => {
            let words = Vocabulary::once(words, writer.tx.conn()).await?;
            json!({"platform": words.platform_record(writer, value).await?})
        }
        DeviceFact::Site => {
            let words = Vocabulary::once(words, writer.tx.conn()).await?;
            let site = words.named_site(value).ok_or_else(|| {
                Problem::conflict("no-site", format!("The inventory has no site {value}: create it first."))
            })?;
            // Its rack and location are those of the old site.
            match model {
                MACHINE => json!({"site": site}),
                _ => {
                    json!({"site": site, "location": null, "rack": null, "position": null, "face": null})
                }
            }
        }
    };
    writer.change(model, device, record(fields)).await
}

async fn set_interface(
    writer: &mut Writer<'_>,
    interface: Uuid,
    fact: &InterfaceFact,
) -> Result<(), Problem> {
    let fields = match fact {
        InterfaceFact::Enabled(enabled) => json!({"enabled": enabled}),
        InterfaceFact::Mtu(mtu) => json!({"mtu": mtu}),
        InterfaceFact::Speed(bps) => json!({"speed": bps / 1_000}),
        InterfaceFact::Description(text) => {
            json!({"description": Some(clip(text, 200)).filter(|text| !text.is_empty())})
        }
        InterfaceFact::Mac(mac) => {
            let there = on_any(writer, interface).await?;
            let fields = json!({"mac_address": mac.to_string(), "assigned_object": there});
            let mac = writer.create("inventory.mac_address", record(fields)).await?;
            json!({"primary_mac_address": mac})
        }
        InterfaceFact::Lag(None) => json!({"lag": null}),
        InterfaceFact::Lag(Some(name)) => {
            let device = store::device_of(writer.tx.conn(), interface).await?;
            let device = device.ok_or_else(|| Problem::not_found("interface"))?;
            let lag = port(writer, &PortRef { device, interface: name.clone() }).await?;
            json!({"lag": lag})
        }
    };
    let model = port_model(writer, interface).await?;
    writer.change(model, interface, record(fields)).await
}

/// The record of a port.
async fn port(writer: &mut Writer<'_>, wanted: &PortRef) -> Result<Uuid, Problem> {
    let name = canonical_interface(&wanted.interface);
    let all = store::interfaces(writer.tx.conn(), wanted.device).await?;
    let found = all.into_iter().find(|(_, known, _)| canonical_interface(known) == name);
    let missing =
        || Problem::conflict("no-interface", format!("The device has no interface {}.", wanted.interface));
    found.map(|(id, ..)| id).ok_or_else(missing)
}

/// Devices are no longer reached by these addresses, which then get the fields.
async fn release(writer: &mut Writer<'_>, addresses: &[Uuid], fields: Value) -> Result<(), Problem> {
    unreach(writer, addresses, None).await?;
    let fields = record(fields);
    let writes = addresses.iter().map(|id| change(*id, fields.clone())).collect();
    writer.write("inventory.ip_address", writes).await.map(drop)
}

/// An address that moves to another device is no longer what the old one is reached by.
async fn detach(writer: &mut Writer<'_>, address: Uuid, interface: Uuid) -> Result<(), Problem> {
    let to = store::device_of(writer.tx.conn(), interface).await?;
    unreach(writer, &[address], to).await
}

/// Nothing is reached by these addresses any longer, but for one.
async fn unreach(writer: &mut Writer<'_>, addresses: &[Uuid], but: Option<Uuid>) -> Result<(), Problem> {
    let mut found: BTreeMap<String, HashMap<Uuid, Record>> = BTreeMap::new();
    for (model, id, field) in store::reached_by(writer.tx.conn(), addresses).await? {
        if Some(id) != but {
            found.entry(model).or_default().entry(id).or_default().insert(field, Value::Null);
        }
    }
    for (model, records) in found {
        let writes = records.into_iter().map(|(id, fields)| change(id, fields)).collect();
        writer.write(&model, writes).await?;
    }
    Ok(())
}

async fn add_address(
    writer: &mut Writer<'_>,
    words: &Vocabulary,
    interface: Uuid,
    address: &model::adoption::ObservedAddress,
) -> Result<Uuid, Problem> {
    let vrf = match address.vrf.as_str() {
        "" => None,
        name => Some(words.vrf(name).ok_or_else(|| {
            Problem::conflict("no-vrf", format!("The inventory has no VRF {name}: create it first."))
        })?),
    };
    let known = store::addresses(writer.tx.conn(), &[address.net.addr()]).await?;
    let there = on_any(writer, interface).await?;
    let fields = record(json!({
        "address": address.net.to_string(), "vrf": vrf, "status": "active", "assigned_object": there,
    }));
    match known.iter().find(|known| known.vrf == vrf && known.assigned.is_none()) {
        Some(free) => {
            writer.change("inventory.ip_address", free.id, fields).await?;
            Ok(free.id)
        }
        None => writer.create("inventory.ip_address", fields).await,
    }
}

/// Puts a cable between two ports. A port that had it keeps its side.
async fn connect(
    writer: &mut Writer<'_>,
    cable: Uuid,
    ends: &[PortRef; 2],
    before: &HashMap<Uuid, String>,
) -> Result<(), Problem> {
    let (mut a, mut b) = (port(writer, &ends[0]).await?, port(writer, &ends[1]).await?);
    let side = |port: Uuid| before.get(&port).map(String::as_str);
    if side(a) == Some("B") || side(b) == Some("A") {
        (a, b) = (b, a);
    }
    let end =
        |side: &str, port: Uuid| record(json!({"cable": cable, "cable_end": side, "termination": on(port)}));
    writer.create_all("inventory.cable_termination", vec![end("A", a), end("B", b)]).await.map(drop)
}
