//! CISCO-CDP-MIB.

use model::documents::{Cdp, CdpNeighbour};
use model::{Document, DocumentKind};
use snmp::Oid;

use super::{Agent, Gather, Reading, cell_bytes, cell_text, ip_value, is_unicast, oid};

const CACHE_ENTRY: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1);
const DEVICE_ID: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 3, 4, 0);

/// Local identity.
pub const SCALARS: &[Oid] = &[DEVICE_ID];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[CACHE_ENTRY];

/// Address, version, device id, port, platform, capabilities, sysName, primary management address.
const COLUMNS: &[u32] = &[4, 5, 6, 7, 8, 9, 17, 20];

/// Reads the CDP cache.
pub async fn read(agent: &Agent<'_>) -> (Reading, Cdp) {
    if !agent.has(&CACHE_ENTRY) && agent.scalar(&DEVICE_ID).is_none() {
        return (Reading::not_supported(DocumentKind::Cdp, "cdpCacheTable"), Cdp::default());
    }
    let table = agent.walk(&CACHE_ENTRY, COLUMNS).await;
    let mut neighbours = Vec::new();
    for (index, row) in &table.rows {
        let [if_index, index] = index.as_slice() else { continue };
        let (device_id, port) = (cell_text(row, 2), cell_text(row, 3));
        if device_id.is_empty() && port.is_empty() {
            continue;
        }
        let mut addresses: Vec<_> = [7, 0]
            .iter()
            .filter_map(|c| row.get(*c))
            .filter_map(ip_value)
            .filter(|ip| is_unicast(*ip))
            .collect();
        addresses.sort_unstable();
        addresses.dedup();
        // Four octets, most significant first.
        let capabilities = cell_bytes(row, 5)
            .unwrap_or_default()
            .iter()
            .fold(0u32, |bits, octet| bits << 8 | u32::from(*octet));
        neighbours.push(CdpNeighbour {
            if_index: *if_index,
            index: *index,
            device_id,
            port,
            platform: cell_text(row, 4),
            version: cell_text(row, 1),
            name: cell_text(row, 6),
            addresses,
            capabilities,
        });
    }
    let rows = neighbours.len();
    let cdp = Cdp { device_id: agent.scalar_text(&DEVICE_ID).unwrap_or_default(), neighbours };
    let mut gather = Gather::default();
    gather.add("cdpCacheTable", &table, rows, None);
    (gather.finish(DocumentKind::Cdp, rows, Some(Document::Cdp(cdp.clone()))), cdp)
}
