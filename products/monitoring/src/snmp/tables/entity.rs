//! ENTITY-MIB: entPhysicalTable and entAliasMappingTable (RFC 6933).

use std::collections::BTreeMap;

use model::documents::Component;
use model::{Document, DocumentKind};
use snmp::{Oid, Table};

use super::{Agent, Gather, Reading, cell_text, cell_u32, oid};

const PHYSICAL_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1);
const ALIAS_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1);
const IF_INDEX: Oid = oid!(1, 3, 6, 1, 2, 1, 2, 2, 1, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[PHYSICAL_ENTRY, ALIAS_ENTRY];

/// Description, contained in, class, name, hardware and software revision, serial, manufacturer,
/// model.
const COLUMNS: &[u32] = &[2, 4, 5, 7, 8, 10, 11, 12, 13];

/// Reads the physical components.
pub async fn read(agent: &Agent<'_>) -> Reading {
    if !agent.has(&PHYSICAL_ENTRY) {
        return Reading::not_supported(DocumentKind::Hardware, "entPhysicalTable");
    }
    let (table, aliases) =
        futures::join!(agent.walk(&PHYSICAL_ENTRY, COLUMNS), agent.walk(&ALIAS_ENTRY, &[2]));
    let interfaces = interfaces_of(&aliases);
    let mut components = Vec::new();
    for (index, row) in &table.rows {
        let [index] = *index.as_slice() else { continue };
        components.push(Component {
            index,
            contained_in: cell_u32(row, 1).unwrap_or(0),
            class: cell_u32(row, 2).unwrap_or(0),
            name: cell_text(row, 3),
            description: cell_text(row, 0),
            serial: cell_text(row, 6),
            model: cell_text(row, 8),
            manufacturer: cell_text(row, 7),
            hardware_revision: cell_text(row, 4),
            software_revision: cell_text(row, 5),
            if_index: interfaces.get(&index).copied(),
        });
    }
    let rows = components.len();
    let mut gather = Gather::default();
    gather.add("entPhysicalTable", &table, rows, None);
    gather.add_optional("entAliasMappingTable", &aliases, interfaces.len());
    gather.finish(DocumentKind::Hardware, rows, Some(Document::Hardware(components)))
}

/// Component -> ifIndex: entAliasMappingIdentifier.<component>.<logical> = ifIndex.<n>.
fn interfaces_of(table: &Table) -> BTreeMap<u32, u32> {
    let mut interfaces = BTreeMap::new();
    for (index, value) in table.column(0) {
        let Some(component) = index.first() else { continue };
        if let Some([if_index]) = value.as_oid().and_then(|oid: &Oid| oid.suffix(&IF_INDEX)) {
            interfaces.entry(*component).or_insert(*if_index);
        }
    }
    interfaces
}
