//! A walk against an agent that answers anything. It must end, within its limits.
//!
//! The input is a list of steps: the first byte of a step chooses silence, an error status, or a
//! response whose bindings are made of three bytes each (column, row, kind of value).
#![no_main]

use libfuzzer_sys::fuzz_target;
use snmp::{ErrorStatus, Oid, Pdu, Value, VarBind, Walk, WalkLimits};

const ROWS: usize = 40;

fn binding(bytes: &[u8; 3]) -> VarBind {
    let [column, row, kind] = *bytes;
    let value = match kind % 8 {
        0 => Value::EndOfMibView,
        1 => Value::NoSuchInstance,
        2 => Value::OctetString(vec![kind; usize::from(kind)]),
        _ => Value::Gauge32(kind.into()),
    };
    let name = match column % 8 {
        0 => Oid::from([1, 2, row.into()]),
        7 => Oid::from([1, 4, row.into()]),
        column => Oid::from([1, 3, column.into(), row.into()]),
    };
    VarBind::new(name, value)
}

fuzz_target!(|input: &[u8]| {
    let Some((mode, mut rest)) = input.split_first() else { return };
    let columns: Vec<Oid> = (1..=6).map(|c| Oid::from([1, 3, c])).collect();
    let limits =
        WalkLimits { bulk: mode & 1 == 0, max_rows: ROWS, max_bytes: 20_000, ..WalkLimits::default() };
    let mut walk = Walk::new(&columns, limits);
    let mut requests = 0;
    while let Some(request) = walk.next_request(requests) {
        requests += 1;
        assert!(requests < 5000, "the walk does not end");
        // When the input is used up the agent is silent.
        let Some((step, more)) = rest.split_first() else {
            walk.on_timeout();
            continue;
        };
        rest = more;
        match step % 8 {
            0 => walk.on_timeout(),
            1 => {
                walk.on_response(&Pdu::error_response(
                    &request,
                    ErrorStatus::from_number((step / 8).into()),
                    1,
                ));
            }
            2 => {
                walk.on_response(&Pdu { request_id: requests + 1, ..Pdu::response_to(&request, vec![]) });
                walk.on_timeout();
            }
            _ => {
                let count = usize::from(step / 8) * 3;
                let (bytes, more) = rest.split_at(count.min(rest.len()));
                rest = more;
                let varbinds = bytes.as_chunks().0.iter().map(binding).collect();
                walk.on_response(&Pdu::response_to(&request, varbinds));
            }
        }
    }
    let table = walk.finish();
    assert!(table.rows.len() <= ROWS);
    assert_eq!(table.completeness.complete, table.column_ends.iter().all(|c| c.complete));
});
