//! What the engine needs of a document. The whole of it lies in PostgreSQL and is read when
//! somebody opens the page of its device.

use model::Document;
use model::documents::{Component, IntendedPort};

/// Leaves out what no rule of identity or topology reads and search does not find, and gives spare
/// room back.
pub(crate) fn slim(mut document: Document) -> Document {
    match &mut document {
        Document::System(system) => system.contact = String::new(),
        Document::Interfaces(rows) => {
            for row in rows.iter_mut() {
                // Most agents repeat the name; an empty description means the same.
                if row.description == row.name {
                    row.description = String::new();
                }
                tight(&mut row.name);
                tight(&mut row.description);
                tight(&mut row.alias);
                row.lower.shrink_to_fit();
            }
            rows.shrink_to_fit();
        }
        Document::Lldp(lldp) => {
            for row in &mut lldp.neighbours {
                row.description = String::new();
            }
            for port in &mut lldp.ports {
                tight(&mut port.description);
            }
            lldp.ports.shrink_to_fit();
            lldp.neighbours.shrink_to_fit();
        }
        Document::Cdp(cdp) => {
            for row in &mut cdp.neighbours {
                (row.version, row.platform) = (String::new(), String::new());
            }
            cdp.neighbours.shrink_to_fit();
        }
        Document::Hardware(parts) => {
            parts.retain(|part| part.class == CHASSIS || part.if_index.is_some());
            parts.iter_mut().for_each(bare);
            parts.shrink_to_fit();
        }
        Document::Addresses(rows) => rows.shrink_to_fit(),
        Document::IpNeighbours(rows) => rows.shrink_to_fit(),
        Document::Fdb(rows) => rows.shrink_to_fit(),
        Document::Vlans(rows) => *rows = Vec::new(),
        Document::Routes(rows) => *rows = Vec::new(),
        Document::Sockets(rows) => *rows = Vec::new(),
        Document::Bridge(bridge) => bridge.ports.shrink_to_fit(),
        Document::Stp(stp) => stp.ports.shrink_to_fit(),
        Document::Lag(rows) => rows.shrink_to_fit(),
        Document::Intended(device) => {
            device.ports.iter_mut().for_each(bare_port);
            device.ports.shrink_to_fit();
        }
        Document::IntendedRoster(devices) => devices.shrink_to_fit(),
        Document::Ospf(_) | Document::Bgp(_) | Document::Isis(_) | Document::Vrrp(_) => {}
    }
    document
}

/// entPhysicalClass of a chassis.
const CHASSIS: u32 = 3;

/// A port is looked up by its name or index only, a chassis tells maker, model and serial number.
fn bare(part: &mut Component) {
    part.hardware_revision = String::new();
    part.software_revision = String::new();
    if part.class != CHASSIS {
        part.description = String::new();
        part.serial = String::new();
        part.model = String::new();
        part.manufacturer = String::new();
    }
    tight(&mut part.name);
}

fn bare_port(port: &mut IntendedPort) {
    tight(&mut port.name);
    tight(&mut port.kind);
    tight(&mut port.description);
    port.macs.shrink_to_fit();
    port.addresses.shrink_to_fit();
}

fn tight(text: &mut String) {
    text.shrink_to_fit();
}
