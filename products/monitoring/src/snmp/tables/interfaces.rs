//! IF-MIB: ifTable, ifXTable, ifStackTable (RFC 2863).

use std::collections::BTreeMap;

use model::documents::Interface;
use model::{Document, DocumentKind};
use snmp::{Oid, Table, Value};

use super::{Agent, Gather, Reading, below, cell_text, cell_u32, mac_value, oid};

const IF_NUMBER: Oid = oid!(1, 3, 6, 1, 2, 1, 2, 1, 0);
const IF_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 2, 2, 1);
const IF_X_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 31, 1, 1, 1);
const IF_STACK_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 31, 1, 2, 1);

/// Declared counts.
pub const SCALARS: &[Oid] = &[IF_NUMBER];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[IF_X_ENTRY, IF_STACK_ENTRY];

/// Columns of ifTable in the order of the cells below, then those of ifXTable.
const IF_COLUMNS: &[u32] = &[2, 3, 4, 5, 6, 7, 8];
const IF_X_COLUMNS: &[u32] = &[1, 15, 17, 18];
const DESCRIPTION: usize = 0;
const TYPE: usize = 1;
const MTU: usize = 2;
const SPEED: usize = 3;
const MAC: usize = 4;
const ADMIN: usize = 5;
const OPER: usize = 6;
const NAME: usize = 7;
const HIGH_SPEED: usize = 8;
const CONNECTOR: usize = 9;
const ALIAS: usize = 10;

/// ifSpeed's value for "faster than I can say" (RFC 2863).
const SPEED_CAPPED: u64 = 4_294_967_295;

/// Reads the interfaces.
pub async fn read(agent: &Agent<'_>) -> (Reading, Vec<Interface>) {
    let mut columns = below(&IF_ENTRY, IF_COLUMNS);
    if agent.has(&IF_X_ENTRY) {
        columns.extend(below(&IF_X_ENTRY, IF_X_COLUMNS));
    }
    let (table, stack) = futures::join!(agent.source.walk(&columns), agent.walk(&IF_STACK_ENTRY, &[3]));
    let mut interfaces: BTreeMap<u32, Interface> = decode(&table);
    let layers = put_stack(&stack, &mut interfaces);
    let interfaces: Vec<Interface> = interfaces.into_values().collect();
    let rows = interfaces.len();
    let mut gather = Gather::default();
    gather.add("ifTable", &table, rows, agent.scalar_u32(&IF_NUMBER));
    gather.add_optional("ifStackTable", &stack, layers);
    // Every agent has interfaces (RFC 1213 demands the table): none at all is an answer only when
    // the device says itself that it has none.
    if rows == 0 && gather.reason.is_none() && agent.scalar_u32(&IF_NUMBER).is_none() {
        return (Reading::not_supported(DocumentKind::Interfaces, "ifTable"), interfaces);
    }
    let document = (rows > 0 || gather.reason.is_none()).then(|| Document::Interfaces(interfaces.clone()));
    (gather.finish(DocumentKind::Interfaces, rows, document), interfaces)
}

fn decode(table: &Table) -> BTreeMap<u32, Interface> {
    let mut interfaces = BTreeMap::new();
    for (index, row) in &table.rows {
        let [index] = index.as_slice() else { continue };
        // A row without a single ifTable cell is a leftover of ifXTable (ghost row).
        if (DESCRIPTION..=OPER).all(|column| row.get(column).is_none()) && row.get(NAME).is_none() {
            continue;
        }
        let description = cell_text(row, DESCRIPTION);
        let name = Some(cell_text(row, NAME)).filter(|name| !name.is_empty());
        let high = row.get(HIGH_SPEED).and_then(Value::as_u64).filter(|mbit| *mbit > 0);
        let low = row.get(SPEED).and_then(Value::as_u64).filter(|bps| *bps > 0 && *bps < SPEED_CAPPED);
        // Slow interfaces have a rounded ifHighSpeed (0 or 1): the exact one wins below 20 Mbit/s.
        let speed_bps = match (low, high) {
            (Some(bps), Some(mbit)) if mbit >= 20 => Some(mbit * 1_000_000).filter(|h| *h != 0).or(Some(bps)),
            (Some(bps), _) => Some(bps),
            (None, high) => high.map(|mbit| mbit.saturating_mul(1_000_000)),
        };
        let interface = Interface {
            index: *index,
            name: name.unwrap_or_else(|| description.clone()),
            description,
            alias: cell_text(row, ALIAS),
            if_type: cell_u32(row, TYPE).unwrap_or(0),
            mtu: cell_u32(row, MTU).filter(|mtu| *mtu > 0),
            speed_bps,
            mac: row.get(MAC).and_then(mac_value),
            admin_up: cell_u32(row, ADMIN) == Some(1),
            oper_up: cell_u32(row, OPER) == Some(1),
            connector: match cell_u32(row, CONNECTOR) {
                Some(1) => Some(true),
                Some(2) => Some(false),
                _ => None,
            },
            lower: Vec::new(),
        };
        interfaces.insert(*index, interface);
    }
    interfaces
}

/// ifStackStatus.<higher>.<lower> = active(1): `lower` runs below `higher`. 0 stands for none.
fn put_stack(stack: &Table, interfaces: &mut BTreeMap<u32, Interface>) -> usize {
    let mut layers = 0;
    for (index, status) in stack.column(0) {
        let [higher, lower] = index else { continue };
        if *higher == 0 || *lower == 0 || status.as_u32() != Some(1) {
            continue;
        }
        if let Some(interface) = interfaces.get_mut(higher) {
            interface.lower.push(*lower);
            layers += 1;
        }
    }
    layers
}
