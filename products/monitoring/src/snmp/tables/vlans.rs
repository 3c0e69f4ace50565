//! VLANs and their member ports: Q-BRIDGE-MIB, IEEE8021-Q-BRIDGE-MIB, CISCO-VTP-MIB.

use std::collections::{BTreeMap, BTreeSet};

use model::documents::Vlan;
use model::{Document, DocumentKind};
use snmp::{Oid, Table};

use super::bridge::PortMap;
use super::{Agent, CISCO, Gather, Reading, cell_bytes, cell_text, cell_u32, oid, port_list};

const NUM_VLANS: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 1, 4, 0);
const CURRENT_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1);
const STATIC_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 3, 1);
const PORT_VLAN_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 5, 1);
const IEEE_STATIC_ENTRY: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 4, 1, 4, 3, 1);
const VTP_VLAN_ENTRY: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 46, 1, 3, 1, 1);
const VTP_TRUNK_ENTRY: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 46, 1, 6, 1, 1);
const VM_ENTRY: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 68, 1, 2, 2, 1);

/// dot1qNumVlans.
pub const SCALARS: &[Oid] = &[NUM_VLANS];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[
    CURRENT_ENTRY,
    STATIC_ENTRY,
    PORT_VLAN_ENTRY,
    IEEE_STATIC_ENTRY,
    VTP_VLAN_ENTRY,
    VTP_TRUNK_ENTRY,
    VM_ENTRY,
];

/// Cisco's reserved VLANs for FDDI and Token Ring.
const RESERVED: std::ops::RangeInclusive<u16> = 1002..=1005;

#[derive(Debug, Default)]
struct Members {
    name: String,
    egress: BTreeSet<u32>,
    untagged: BTreeSet<u32>,
}

type Vlans = BTreeMap<u16, Members>;

/// Reads the VLANs. `ports` maps interfaces, by which Cisco names members, to bridge ports.
pub async fn read(agent: &Agent<'_>, ports: &PortMap) -> (Reading, Vec<u16>) {
    let mut vlans = Vlans::new();
    let mut gather = Gather::default();
    let (current, fixed, port_vlans) = futures::join!(
        agent.walk(&CURRENT_ENTRY, &[4, 5]),
        agent.walk(&STATIC_ENTRY, &[1, 2, 4]),
        agent.walk(&PORT_VLAN_ENTRY, &[1]),
    );
    put_members(&current, [0, 1], &mut vlans);
    put_static(&fixed, &mut vlans);
    gather.add_optional("dot1qVlanCurrentTable", &current, current.rows.len());
    gather.add_optional("dot1qVlanStaticTable", &fixed, fixed.rows.len());
    if vlans.is_empty() {
        let ieee = agent.walk(&IEEE_STATIC_ENTRY, &[3, 4, 6]).await;
        put_static(&ieee, &mut vlans);
        gather.add_optional("ieee8021QBridgeVlanStaticTable", &ieee, ieee.rows.len());
    }
    put_port_vlans(&port_vlans, &mut vlans);
    if agent.enterprise == CISCO {
        read_vtp(agent, ports, &mut vlans, &mut gather).await;
    }
    if vlans.is_empty() && gather.reports.is_empty() {
        return (Reading::not_supported(DocumentKind::Vlans, "dot1qVlanCurrentTable"), Vec::new());
    }
    let ids = vlans.keys().copied().collect();
    let rows = vlans.len();
    let document: Vec<Vlan> = vlans
        .into_iter()
        .map(|(id, members)| Vlan {
            id,
            name: members.name,
            tagged: members.egress.difference(&members.untagged).copied().collect(),
            untagged: members.untagged.into_iter().collect(),
        })
        .collect();
    (gather.finish(DocumentKind::Vlans, rows, Some(Document::Vlans(document))), ids)
}

/// VLANs the device declares without listing them.
pub fn declared(agent: &Agent<'_>) -> u32 {
    agent.scalar_u32(&NUM_VLANS).unwrap_or(0)
}

fn vlan_id(index: &[u32]) -> Option<u16> {
    index.last().and_then(|id| u16::try_from(*id).ok()).filter(|id| (1..=4094).contains(id))
}

fn put_members(table: &Table, [egress, untagged]: [usize; 2], vlans: &mut Vlans) {
    for (index, row) in &table.rows {
        let Some(id) = vlan_id(index) else { continue };
        let members = vlans.entry(id).or_default();
        members.egress.extend(cell_bytes(row, egress).map(port_list).unwrap_or_default());
        members.untagged.extend(cell_bytes(row, untagged).map(port_list).unwrap_or_default());
    }
}

/// Names always; members only where the current table named none.
fn put_static(table: &Table, vlans: &mut Vlans) {
    for (index, row) in &table.rows {
        let Some(id) = vlan_id(index) else { continue };
        let members = vlans.entry(id).or_default();
        members.name = cell_text(row, 0);
        if members.egress.is_empty() {
            members.egress.extend(cell_bytes(row, 1).map(port_list).unwrap_or_default());
            members.untagged.extend(cell_bytes(row, 2).map(port_list).unwrap_or_default());
        }
    }
}

/// dot1qPvid: the VLAN of untagged frames, for agents that serve no member lists.
fn put_port_vlans(table: &Table, vlans: &mut Vlans) {
    for (index, row) in &table.rows {
        let Some(port) = index.last().copied() else { continue };
        let Some(members) = cell_u32(row, 0).and_then(|id| vlans.get_mut(&u16::try_from(id).ok()?)) else {
            continue;
        };
        if members.egress.is_empty() {
            members.untagged.insert(port);
        }
    }
}

/// Cisco: VLANs of the VTP domain, access ports by vmVlan, trunks by their enabled VLANs.
async fn read_vtp(agent: &Agent<'_>, ports: &PortMap, vlans: &mut Vlans, gather: &mut Gather) {
    let (vtp, access, trunks) = futures::join!(
        agent.walk(&VTP_VLAN_ENTRY, &[2, 4]),
        agent.walk(&VM_ENTRY, &[2]),
        agent.walk(&VTP_TRUNK_ENTRY, &[4, 5, 14]),
    );
    let ports: BTreeMap<u32, u32> = ports.iter().map(|(port, if_index)| (*if_index, *port)).collect();
    for (index, row) in &vtp.rows {
        // vtpVlanState operational(1).
        let Some(id) = vlan_id(index).filter(|id| !RESERVED.contains(id)) else { continue };
        if cell_u32(row, 0) == Some(1) {
            vlans.entry(id).or_default().name = cell_text(row, 1);
        }
    }
    for (index, row) in &access.rows {
        let port = index.last().and_then(|if_index| ports.get(if_index));
        let vlan = cell_u32(row, 0).and_then(|id| vlans.get_mut(&u16::try_from(id).ok()?));
        if let (Some(port), Some(members)) = (port, vlan) {
            members.egress.insert(*port);
            members.untagged.insert(*port);
        }
    }
    for (index, row) in &trunks.rows {
        // vlanTrunkPortDynamicStatus trunking(1).
        let Some(port) = index.last().and_then(|if_index| ports.get(if_index)) else { continue };
        if cell_u32(row, 2) != Some(1) {
            continue;
        }
        let native = cell_u32(row, 1);
        // vlanTrunkPortVlansEnabled counts from VLAN 0.
        for id in cell_bytes(row, 0).map(port_list).unwrap_or_default() {
            let id = id - 1;
            let Some(members) = u16::try_from(id).ok().and_then(|id| vlans.get_mut(&id)) else { continue };
            members.egress.insert(*port);
            if native == Some(id) {
                members.untagged.insert(*port);
            }
        }
    }
    gather.add_optional("vtpVlanTable", &vtp, vtp.rows.len());
    gather.add_optional("vlanTrunkPortTable", &trunks, trunks.rows.len());
}
