//! A device as it was observed becomes records: the device, its interfaces, MAC addresses, addresses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use ipnet::IpNet;
use kit::Problem;
use kit::record::Record;
use kit::records::Write;
use model::adoption::{ObservedAddress, ObservedDevice, ObservedInterface, Plan, Wishes};
use model::names::canonical_interface;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::vocabulary::Vocabulary;
use super::words::{clip, interface_type};
use super::writer::{Writer, change, record};
use crate::store::adoption as store;

/// Largest MTU the inventory takes.
const MTU: u32 = 65_536;

/// What adopting devices would do.
pub(super) async fn plans(
    connection: &mut PgConnection,
    devices: &[ObservedDevice],
    wishes: Wishes,
) -> Result<Vec<Plan>, Problem> {
    let words = Vocabulary::load(connection).await?;
    let known = Known::load(connection, devices).await?;
    let hosts: Vec<IpAddr> = observed_addresses(devices).map(|address| address.net.addr()).collect();
    let addresses = store::addresses(connection, &hosts).await?;
    // Of the global table, like the addresses that devices tell without a VRF.
    let taken: HashMap<IpAddr, &store::Address> = addresses
        .iter()
        .filter(|known| known.vrf.is_none() && known.assigned.is_some())
        .map(|known| (known.net.addr(), known))
        .collect();
    let mut names: HashSet<(String, String)> = HashSet::new();
    let mut hosts: HashSet<(IpAddr, &str)> = HashSet::new();
    let mut plans = Vec::with_capacity(devices.len());
    for device in devices {
        let description = words.describe(device, wishes)?;
        let mut plan = Plan {
            entity: device.entity,
            creates: description.creates(),
            site: description.site.name.clone(),
            role: description.role.name.clone(),
            device_type: format!("{} {}", description.manufacturer.name, description.kind.name),
            platform: description.platform.as_ref().map(|word| word.name.clone()).unwrap_or_default(),
            ..Plan::default()
        };
        match known.of(device, description.site.id) {
            Standing::Free => {}
            Standing::Exists(id) => plan.exists = Some(id),
            Standing::Clashes(why) => plan.obstacles.push(why),
        }
        let name = (description.site.name.clone(), device.name.to_lowercase());
        if !names.insert(name) {
            plan.obstacles.push(format!(
                "Another discovered device at {} is named {} as well: give one of them another name.",
                description.site.name, device.name
            ));
        }
        let mut of_device = 0;
        for address in device.interfaces.iter().flat_map(|interface| &interface.addresses) {
            let host = address.net.addr();
            if let Some(known) = taken.get(&host).filter(|_| address.vrf.is_empty()) {
                let on = known.on.as_deref().unwrap_or("something without a name");
                plan.notes.push(format!("{host} is left out: it is on {on} already."));
            } else if !hosts.insert((host, address.vrf.as_str())) {
                plan.notes.push(format!("{host} is left out: another discovered interface has it as well."));
            } else if !assignable(address.net) {
                plan.notes.push(format!("{host} is left out: it is the address of the network itself."));
            } else {
                of_device += 1;
            }
        }
        let macs = device.interfaces.iter().filter(|interface| interface.mac.is_some()).count();
        for (kind, number) in [
            ("device", 1),
            ("interface", device.interfaces.len()),
            ("mac_address", macs),
            ("ip_address", of_device),
        ] {
            if number > 0 {
                plan.creates.push((kind.to_owned(), number));
            }
        }
        plans.push(plan);
    }
    Ok(plans)
}

fn observed_addresses(devices: &[ObservedDevice]) -> impl Iterator<Item = &ObservedAddress> {
    devices.iter().flat_map(|device| &device.interfaces).flat_map(|interface| &interface.addresses)
}

/// How a device stands to the records there are.
enum Standing {
    Free,
    Exists(Uuid),
    Clashes(String),
}

/// Devices of the inventory that may be the observed ones, found by what they are looked up by.
struct Known {
    /// By serial number in upper case.
    serials: HashMap<String, Uuid>,
    /// By site and name in lower case: the record, its name, its serial number.
    names: HashMap<(Uuid, String), (Uuid, String, String)>,
}

impl Known {
    async fn load(connection: &mut PgConnection, devices: &[ObservedDevice]) -> Result<Self, Problem> {
        let names: Vec<String> = devices.iter().map(|device| device.name.to_lowercase()).collect();
        let serials: Vec<String> = devices
            .iter()
            .filter_map(|device| device.serial.as_ref())
            .map(|serial| serial.to_uppercase())
            .collect();
        Ok(Self::index(store::devices(connection, &names, &serials).await?))
    }

    /// Of several with one serial number, or one name at a site, the first counts.
    fn index(records: Vec<store::Known>) -> Self {
        let (mut serials, mut names) = (HashMap::new(), HashMap::new());
        for (id, name, serial, site) in records {
            if !serial.is_empty() {
                serials.entry(serial.to_uppercase()).or_insert(id);
            }
            names.entry((site, name.to_lowercase())).or_insert((id, name, serial));
        }
        Self { serials, names }
    }

    fn of(&self, device: &ObservedDevice, site: Option<Uuid>) -> Standing {
        let serial = device.serial.as_ref().map(|serial| serial.to_uppercase()).unwrap_or_default();
        if let Some(id) = self.serials.get(&serial).filter(|_| !serial.is_empty()) {
            return Standing::Exists(*id);
        }
        match site.and_then(|site| self.names.get(&(site, device.name.to_lowercase()))) {
            Some((id, _, other)) if other.is_empty() || serial.is_empty() => Standing::Exists(*id),
            Some((_, name, other)) => Standing::Clashes(format!(
                "The inventory has a device {name} there, with the serial number {other} instead of {serial}."
            )),
            None => Standing::Free,
        }
    }
}

/// An interface may have it: neither the network itself nor its broadcast address.
fn assignable(net: IpNet) -> bool {
    let pair = if net.addr().is_ipv4() { 31 } else { 127 };
    net.prefix_len() >= pair
        || (net.addr() != net.network() && (net.addr().is_ipv6() || net.addr() != net.broadcast()))
}

/// Creates a device with everything on it; its record.
pub(super) async fn adopt(
    writer: &mut Writer<'_>,
    words: &mut Vocabulary,
    device: &ObservedDevice,
    wishes: Wishes,
) -> Result<Uuid, Problem> {
    let mut description = words.describe(device, wishes)?;
    let known = Known::load(writer.tx.conn(), std::slice::from_ref(device)).await?;
    match known.of(device, description.site.id) {
        Standing::Free => {}
        Standing::Exists(id) => {
            return Err(Problem::conflict("exists", format!("The inventory has this device already: {id}.")));
        }
        Standing::Clashes(why) => return Err(Problem::conflict("exists", why)),
    }
    description.create(writer, words, &device.role).await?;
    let fields = json!({
        "name": clip(&device.name, 64),
        "device_type": description.kind.id,
        "role": description.role.id,
        "site": description.site.id,
        "platform": description.platform.as_ref().and_then(|word| word.id),
        "serial": device.serial.as_deref().map(|serial| clip(serial, 50)),
        "status": "active",
    });
    let id = writer.create("inventory.device", record(fields)).await?;
    let made = add_interfaces(writer, words, id, &device.interfaces).await?;
    let mut primary = Record::new();
    for ip in &device.primary {
        let field = if ip.is_ipv4() { "primary_ip4" } else { "primary_ip6" };
        if let (false, Some(address)) = (primary.contains_key(field), made.get(ip)) {
            primary.insert(field.to_owned(), json!(address));
        }
    }
    if !primary.is_empty() {
        writer.change("inventory.device", id, primary).await?;
    }
    Ok(id)
}

/// Creates interfaces, or fills in those that came with the type. Gives the addresses now on them.
pub(super) async fn add_interfaces(
    writer: &mut Writer<'_>,
    words: &mut Vocabulary,
    device: Uuid,
    interfaces: &[ObservedInterface],
) -> Result<BTreeMap<IpAddr, Uuid>, Problem> {
    let aggregates: HashSet<String> = interfaces
        .iter()
        .filter_map(|interface| interface.aggregate.as_deref())
        .map(canonical_interface)
        .collect();
    let there = store::interfaces(writer.tx.conn(), device).await?;
    // What is virtual by its type is in no aggregate, whatever the device says.
    let mut loose: HashSet<Uuid> =
        there.iter().filter(|(.., kind)| kind == "virtual").map(|(id, ..)| *id).collect();
    let mut ids: HashMap<String, Uuid> =
        there.into_iter().map(|(id, name, _)| (canonical_interface(&name), id)).collect();
    let fields = |interface: &ObservedInterface| {
        json!({
            "enabled": interface.enabled,
            "mtu": interface.mtu.filter(|mtu| (1..=MTU).contains(mtu)),
            "speed": interface.speed_bps.map(|bps| bps / 1_000).filter(|speed| *speed > 0),
            "description": Some(clip(&interface.description, 200)).filter(|text| !text.is_empty()),
        })
    };
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let mut virtual_names: HashSet<String> = HashSet::new();
    for interface in interfaces {
        let canonical = canonical_interface(&interface.name);
        let mut record = record(fields(interface));
        if let Some(id) = ids.get(&canonical) {
            changed.push(change(*id, record));
            continue;
        }
        let aggregate = aggregates.contains(&canonical);
        let kind = interface_type(interface.if_type, interface.speed_bps, interface.cabled, aggregate);
        if kind == "virtual" {
            virtual_names.insert(canonical.clone());
        }
        record.insert("device".to_owned(), json!(device));
        record.insert("name".to_owned(), json!(clip(&interface.name, 64)));
        record.insert("type".to_owned(), json!(kind));
        new.push((canonical, record));
    }
    writer.write("inventory.interface", changed).await?;
    let (names, records): (Vec<String>, Vec<Record>) = new.into_iter().unzip();
    let made = writer.create_all("inventory.interface", records).await?;
    ids.extend(names.into_iter().zip(made));
    loose.extend(virtual_names.iter().filter_map(|name| ids.get(name).copied()));
    let id_of = |name: &str| ids.get(&canonical_interface(name)).copied();
    stations(writer, interfaces, &id_of, &loose).await?;
    addresses(writer, words, interfaces, &id_of).await
}

/// MAC addresses, and what refers to interfaces of the same write.
async fn stations(
    writer: &mut Writer<'_>,
    interfaces: &[ObservedInterface],
    id_of: &impl Fn(&str) -> Option<Uuid>,
    loose: &HashSet<Uuid>,
) -> Result<(), Problem> {
    let mut macs = Vec::new();
    for interface in interfaces {
        if let (Some(mac), Some(id)) = (interface.mac, id_of(&interface.name)) {
            macs.push((id, record(json!({"mac_address": mac.to_string(), "assigned_object": on(id)}))));
        }
    }
    let (owners, records): (Vec<Uuid>, Vec<Record>) = macs.into_iter().unzip();
    let made = writer.create_all("inventory.mac_address", records).await?;
    let mut fields: BTreeMap<Uuid, Record> = BTreeMap::new();
    for (owner, mac) in owners.into_iter().zip(made) {
        fields.entry(owner).or_default().insert("primary_mac_address".to_owned(), json!(mac));
    }
    for interface in interfaces {
        let lag = interface.aggregate.as_deref().and_then(id_of);
        if let (Some(lag), Some(id)) = (lag, id_of(&interface.name).filter(|id| !loose.contains(id))) {
            fields.entry(id).or_default().insert("lag".to_owned(), json!(lag));
        }
    }
    let writes = fields.into_iter().map(|(id, fields)| change(id, fields)).collect();
    writer.write("inventory.interface", writes).await.map(drop)
}

/// A reference to an interface.
pub(super) fn on(interface: Uuid) -> Value {
    json!({"type": "inventory.interface", "id": interface})
}

/// Addresses: unassigned records of them are used, those that are elsewhere are left alone.
async fn addresses(
    writer: &mut Writer<'_>,
    words: &mut Vocabulary,
    interfaces: &[ObservedInterface],
    id_of: &impl Fn(&str) -> Option<Uuid>,
) -> Result<BTreeMap<IpAddr, Uuid>, Problem> {
    let hosts: Vec<IpAddr> =
        interfaces.iter().flat_map(|interface| &interface.addresses).map(|a| a.net.addr()).collect();
    let known = store::addresses(writer.tx.conn(), &hosts).await?;
    let (mut seen, mut new, mut used) = (HashSet::new(), Vec::new(), Vec::new());
    for interface in interfaces {
        let Some(id) = id_of(&interface.name) else { continue };
        for address in interface.addresses.iter().filter(|address| assignable(address.net)) {
            if !seen.insert((address.net.addr(), address.vrf.clone())) {
                continue;
            }
            let vrf = table(writer, words, &address.vrf).await?;
            let same = |known: &&store::Address| known.net.addr() == address.net.addr() && known.vrf == vrf;
            let mut there = known.iter().filter(same);
            let fields = json!({
                "address": address.net.to_string(), "vrf": vrf, "status": "active", "assigned_object": on(id),
            });
            match there.clone().find(|known| known.assigned.is_none()) {
                Some(free) => used.push((address.net.addr(), free.id, record(fields))),
                None if there.next().is_some() => {}
                None => new.push((address.net.addr(), record(fields))),
            }
        }
    }
    let mut made: BTreeMap<IpAddr, Uuid> = used.iter().map(|(ip, id, _)| (*ip, *id)).collect();
    let writes: Vec<Write> = used.into_iter().map(|(_, id, fields)| change(id, fields)).collect();
    writer.write("inventory.ip_address", writes).await?;
    let (ips, records): (Vec<IpAddr>, Vec<Record>) = new.into_iter().unzip();
    let ids = writer.create_all("inventory.ip_address", records).await?;
    made.extend(ips.into_iter().zip(ids));
    Ok(made)
}

/// The VRF of a name; a new one when there is none. The empty name is the global table.
async fn table(writer: &mut Writer<'_>, words: &mut Vocabulary, name: &str) -> Result<Option<Uuid>, Problem> {
    let name = clip(name, 100);
    if name.is_empty() { Ok(None) } else { words.vrf_record(writer, &name).await.map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thousands of devices with one name, each looked up once: a look is a look-up, not a search.
    #[test]
    fn devices_are_found_by_serial_number_then_by_name_at_their_site() {
        let id = Uuid::from_u128;
        let record = |n: u128| (id(n), "Switch".to_owned(), format!("s{n}"), id(1_000_000 + n));
        let known = Known::index((0..20_000).map(record).collect());
        let device = |name: &str, serial: Option<&str>| ObservedDevice {
            name: name.to_owned(),
            serial: serial.map(str::to_owned),
            ..ObservedDevice::default()
        };
        let standing = |device: &ObservedDevice, site: u128| match known.of(device, Some(id(site))) {
            Standing::Free => "free".to_owned(),
            Standing::Exists(id) => id.as_u128().to_string(),
            Standing::Clashes(_) => "clashes".to_owned(),
        };
        for n in 0..20_000 {
            assert_eq!(standing(&device("switch", Some(&format!("S{n}"))), 7), n.to_string());
        }
        for (name, serial, site, right) in [
            ("SWITCH", None, 1_000_005, "5"),
            ("switch", Some("other"), 1_000_005, "clashes"),
            ("switch", None, 5, "free"),
            ("router", None, 1_000_005, "free"),
        ] {
            assert_eq!(standing(&device(name, serial), site), right, "{name} {serial:?}");
        }
    }
}
