//! Bridges that show one VLAN at a time: `community@vlan` (SNMPv1, v2c), context `vlan-N` (SNMPv3).

use snmp::{Table, WalkEnd};

use crate::snmp::tables::bridge::{self, BridgeTable};
use crate::snmp::tables::fdb::{self, FdbTable};
use crate::snmp::tables::stp::{self, StpTable};
use crate::snmp::tables::{Agent, CISCO, vlans};

/// VLANs asked one by one, at most.
const MAX_VLANS: usize = 256;

struct Seen {
    vlan: u16,
    fdb: Table,
    stp: Table,
    ports: bridge::PortMap,
}

/// Repeats the bridge tables per VLAN when the default context shows only part of them: Cisco's
/// switches do, and any other that declares VLANs and ports but shows no forwarding entry.
pub(super) async fn read(
    agent: &Agent<'_>,
    vlans: &[u16],
    bridge: &mut BridgeTable,
    fdb: &mut FdbTable,
    stp: &mut StpTable,
) {
    let withheld = fdb.entries.is_empty() && (vlans::declared(agent) > 0 || !bridge.ports.is_empty());
    let by_vlan = agent.enterprise == CISCO && fdb.entries.keys().all(|(vlan, _, _)| *vlan == 0);
    if vlans.is_empty() || !(withheld || by_vlan) {
        return;
    }
    let seen = ask(agent, vlans).await;
    if ignores_contexts(&seen) {
        return;
    }
    if seen.iter().any(|seen| !seen.fdb.rows.is_empty()) {
        // The default context repeats one VLAN's entries without naming it.
        fdb.entries.retain(|(vlan, _, _), _| *vlan != 0);
    }
    let trees = are_needed_for_stp(agent, stp);
    for Seen { vlan, fdb: entries, stp: tree, ports } in seen {
        fdb.take_vlan(vlan, &entries);
        if trees {
            stp.take_vlan(vlan, &tree);
        }
        bridge.ports.extend(ports);
    }
}

/// True when the default context does not show the whole spanning tree: always so on Cisco's
/// switches, else when it shows no port although there are VLANs.
pub(super) fn are_needed_for_stp(agent: &Agent<'_>, stp: &StpTable) -> bool {
    agent.enterprise == CISCO || (stp.is_empty() && vlans::declared(agent) > 0)
}

async fn ask(agent: &Agent<'_>, vlans: &[u16]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for vlan in vlans.iter().take(MAX_VLANS) {
        let Some(source) = agent.source.in_vlan(*vlan) else { break };
        let fdb = fdb::read_in_vlan(source.as_ref()).await;
        let refused = matches!(fdb.completeness.end, WalkEnd::TimedOut | WalkEnd::Unauthorised);
        if refused && fdb.rows.is_empty() {
            // Agents stay silent on contexts they do not know. One silent VLAN among others is a
            // VLAN without a bridge; the first one silent means that there are no contexts.
            if seen.is_empty() {
                break;
            }
            continue;
        }
        let (ports, stp) =
            futures::join!(bridge::read_in_vlan(source.as_ref()), stp::read_in_vlan(source.as_ref()));
        seen.push(Seen { vlan: *vlan, fdb, stp, ports });
    }
    seen
}

/// An agent that answers the same in every VLAN does not look at the context at all.
fn ignores_contexts(seen: &[Seen]) -> bool {
    let stations = |seen: &Seen| -> Vec<Vec<u32>> { seen.fdb.rows.keys().cloned().collect() };
    let mut filled = seen.iter().filter(|seen| !seen.fdb.rows.is_empty());
    let Some(first) = filled.next().map(stations) else { return false };
    let mut others = filled.peekable();
    others.peek().is_some() && others.all(|other| stations(other) == first)
}
