//! ISIS-MIB (RFC 4444): system id and adjacencies.

use std::collections::BTreeMap;

use model::documents::{Isis, IsisAdjacency};
use model::{Document, DocumentKind};
use snmp::{Oid, Value};

use super::{Agent, Gather, Reading, cell_bytes, cell_u32, oid};

const SYSTEM_ID: Oid = oid!(1, 3, 6, 1, 2, 1, 138, 1, 1, 1, 3, 0);
const CIRCUIT_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 138, 1, 3, 2, 1);
const ADJACENCY_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 138, 1, 6, 1, 1);

/// System id.
pub const SCALARS: &[Oid] = &[SYSTEM_ID];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[CIRCUIT_ENTRY, ADJACENCY_ENTRY];

/// isisISAdjState up(3).
const UP: u32 = 3;

/// Reads the IS-IS adjacencies.
pub async fn read(agent: &Agent<'_>) -> Reading {
    let system_id = agent.scalar(&SYSTEM_ID).and_then(Value::as_bytes).unwrap_or_default().to_vec();
    if system_id.is_empty() && !agent.has(&ADJACENCY_ENTRY) {
        return Reading::not_supported(DocumentKind::Isis, "isisISAdjTable");
    }
    let (table, circuits) =
        futures::join!(agent.walk(&ADJACENCY_ENTRY, &[2, 6]), agent.walk(&CIRCUIT_ENTRY, &[2]));
    let interfaces: BTreeMap<u32, u32> = circuits
        .rows
        .iter()
        .filter_map(|(index, row)| Some((*index.last()?, cell_u32(row, 0).filter(|n| *n > 0)?)))
        .collect();
    let mut adjacencies = Vec::new();
    for (index, row) in &table.rows {
        let (Some(circuit), Some(neighbour)) = (index.first(), cell_bytes(row, 1)) else { continue };
        adjacencies.push(IsisAdjacency {
            if_index: interfaces.get(circuit).copied(),
            neighbour: neighbour.to_vec(),
            up: cell_u32(row, 0) == Some(UP),
        });
    }
    let rows = adjacencies.len();
    let mut gather = Gather::default();
    gather.add("isisISAdjTable", &table, rows, None);
    gather.finish(DocumentKind::Isis, rows, Some(Document::Isis(Isis { system_id, adjacencies })))
}
