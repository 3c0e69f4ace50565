//! The walker against agents that behave and agents that do not.

use snmp::{ErrorStatus, Fed, Oid, Pdu, Value, VarBind, Walk, WalkEnd, WalkLimits};

use crate::support::{Agent, Quirks, oid};

const ENTRY: &str = "1.3.6.1.2.1.2.2.1";

fn columns(numbers: &[u32]) -> Vec<Oid> {
    numbers.iter().map(|n| oid(ENTRY).child(*n)).collect()
}

/// One case: the agent's quirk and what the walk must say.
struct Case {
    name: &'static str,
    quirks: Quirks,
    rows: usize,
    end: WalkEnd,
    most_requests: u32,
}

#[test]
fn reads_a_table_from_every_kind_of_agent() {
    let q = Quirks::default();
    let muted_column = Some(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 3][..]);
    let regular = WalkEnd::EndOfTable;
    let cases = [
        Case { name: "plain", quirks: q, rows: 100, end: regular, most_requests: 8 },
        Case { name: "v1", quirks: Quirks { v1: true, ..q }, rows: 100, end: regular, most_requests: 101 },
        Case {
            name: "bulk answered genErr",
            quirks: Quirks { bulk_error: Some(ErrorStatus::GenErr), ..q },
            rows: 100,
            end: regular,
            most_requests: 102,
        },
        Case {
            name: "bulk not answered",
            quirks: Quirks { bulk_mute: true, ..q },
            rows: 100,
            end: WalkEnd::EndOfTable,
            most_requests: 120,
        },
        Case {
            name: "too big above 7 bindings",
            quirks: Quirks { too_big_above: Some(7), ..q },
            rows: 100,
            end: regular,
            most_requests: 60,
        },
        Case {
            name: "too big above 1 binding",
            quirks: Quirks { too_big_above: Some(1), ..q },
            rows: 100,
            end: regular,
            most_requests: 310,
        },
        Case {
            name: "answers cut to 10 bindings",
            quirks: Quirks { truncate_to: Some(10), ..q },
            rows: 100,
            end: regular,
            most_requests: 40,
        },
        Case {
            name: "answers cut to nothing",
            quirks: Quirks { truncate_to: Some(0), ..q },
            rows: 0,
            end: WalkEnd::NoProgress,
            most_requests: 12,
        },
        Case {
            name: "listed order",
            quirks: Quirks { listed_order: true, ..q },
            rows: 100,
            end: regular,
            most_requests: 8,
        },
        Case {
            name: "first answer lost",
            quirks: Quirks { late_answer: true, ..q },
            rows: 100,
            end: regular,
            most_requests: 9,
        },
        Case {
            name: "mute from the start",
            quirks: Quirks { dies_after: Some(0), ..q },
            rows: 0,
            end: WalkEnd::TimedOut,
            most_requests: 4,
        },
        Case {
            name: "dies on the way",
            quirks: Quirks { dies_after: Some(2), ..q },
            rows: 30,
            end: WalkEnd::TimedOut,
            most_requests: 14,
        },
        Case {
            name: "mute over one column",
            quirks: Quirks { mute_below: muted_column, ..q },
            rows: 0,
            end: WalkEnd::TimedOut,
            most_requests: 4,
        },
    ];
    for case in cases {
        let mut agent = Agent::with_table(ENTRY, &[1, 2, 3], 100, case.quirks);
        let limits = if case.quirks.v1 { WalkLimits::v1() } else { WalkLimits::default() };
        let table = agent.walk(&columns(&[1, 2, 3]), limits);
        assert_eq!(table.rows.len(), case.rows, "{}: rows", case.name);
        assert_eq!(table.completeness.end, case.end, "{}: end", case.name);
        assert_eq!(table.completeness.complete, case.end == WalkEnd::EndOfTable, "{}", case.name);
        let requests = table.requests;
        assert!(requests <= case.most_requests, "{}: {requests} requests", case.name);
        for (column, index, value) in table.cells() {
            let expected = (column as i32 + 1) * 1000 + index[0] as i32;
            assert_eq!(value, &Value::Integer(expected), "{}", case.name);
        }
        if table.completeness.complete {
            assert_eq!(table.cells().count(), 300, "{}: cells", case.name);
        }
    }
}

#[test]
fn a_column_that_silences_the_agent_does_not_hide_the_others() {
    // The agent answers the first step over all columns, then falls silent whenever it is asked
    // for what follows row 60 of column 3.
    let quirks = Quirks { mute_below: Some(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 3, 30]), ..Quirks::default() };
    let mut agent = Agent::with_table(ENTRY, &[1, 2, 3, 4], 100, quirks);
    let table = agent.walk(&columns(&[1, 2, 3, 4]), WalkLimits { max_varbinds: 40, ..WalkLimits::default() });
    let read: Vec<_> = (0..4).map(|c| table.column(c).count()).collect();
    assert_eq!(read, [100, 100, 30, 100]);
    let ends: Vec<_> = table.column_ends.iter().map(|c| c.end.code()).collect();
    assert_eq!(ends, ["end-of-table", "end-of-table", "timed-out", "end-of-table"]);
    assert!(!table.completeness.complete);
}

#[test]
fn rows_in_another_order_are_all_read() {
    // Quirk 6: Hikvision serves its LLDP table in non-ascending order.
    let base = oid("1.0.8802.1.1.2.1.4.1.1.9");
    let order = [7, 3, 9, 1, 22, 4];
    let mut objects: Vec<_> = order.iter().map(|r| (base.child(*r), Value::Integer(*r as i32))).collect();
    objects.push((oid("1.0.8802.1.1.2.1.5"), Value::Integer(0)));
    let mut agent = Agent::new(objects, Quirks { listed_order: true, ..Quirks::default() });
    let table = agent.walk(std::slice::from_ref(&base), WalkLimits::default());
    assert_eq!(table.rows.len(), order.len());
    assert!(table.completeness.complete);
    assert!(table.disordered);
}

#[test]
fn loops_are_noticed() {
    let base = oid("1.3.6.1.2.1.1.9.1.2");
    let objects: Vec<_> = (1..=5).map(|r| (base.child(r), Value::Integer(r as i32))).collect();
    // After the last row comes the last row, the third row, or the first object of the MIB again.
    for (wraps_to, end) in [(4, WalkEnd::Looped), (2, WalkEnd::Looped), (5, WalkEnd::WentBackwards)] {
        let mut objects = objects.clone();
        objects.push((oid("1.3.6.1.2.1.1.1.0"), Value::from("first")));
        objects.truncate(if wraps_to == 5 { 6 } else { 5 });
        let listed_order = true;
        let quirks = Quirks { wraps_to: Some(wraps_to), listed_order, ..Quirks::default() };
        for bulk in [true, false] {
            let limits = WalkLimits { bulk, ..WalkLimits::default() };
            let table = Agent::new(objects.clone(), quirks).walk(std::slice::from_ref(&base), limits);
            assert_eq!(table.rows.len(), 5);
            assert_eq!(table.completeness.end, end);
            assert!(!table.completeness.complete);
        }
    }
}

#[test]
fn the_end_of_the_mib_is_regular() {
    for v1 in [true, false] {
        let mut agent = Agent::with_table(ENTRY, &[1, 2], 9, Quirks { v1, ..Quirks::default() });
        agent.objects.pop();
        let limits = if v1 { WalkLimits::v1() } else { WalkLimits::default() };
        let table = agent.walk(&columns(&[1, 2]), limits);
        assert_eq!(table.rows.len(), 9);
        assert_eq!(table.column_ends[1].end, WalkEnd::EndOfMib);
        assert!(table.completeness.complete);
    }
}

#[test]
fn limits_end_a_walk() {
    let mut agent = Agent::with_table(ENTRY, &[1, 2], 500, Quirks::default());
    let rows = agent.walk(&columns(&[1, 2]), WalkLimits { max_rows: 70, ..WalkLimits::default() });
    assert_eq!((rows.rows.len(), rows.completeness.end), (70, WalkEnd::RowLimit));
    let bytes = agent.walk(&columns(&[1, 2]), WalkLimits { max_bytes: 10_000, ..WalkLimits::default() });
    assert!(bytes.rows.len() > 10 && bytes.rows.len() < 100);
    assert_eq!(bytes.completeness.end, WalkEnd::SizeLimit);
}

#[test]
fn refusals_are_told_apart() {
    for (status, end) in [
        (ErrorStatus::AuthorizationError, WalkEnd::Unauthorised),
        (ErrorStatus::NoAccess, WalkEnd::Unauthorised),
        (ErrorStatus::GenErr, WalkEnd::ErrorStatus(ErrorStatus::GenErr)),
        (ErrorStatus::Other(77), WalkEnd::ErrorStatus(ErrorStatus::Other(77))),
    ] {
        let mut walk = Walk::new(&columns(&[1, 2, 3]), WalkLimits::default());
        let mut requests = 0;
        while let Some(request) = walk.next_request(requests) {
            requests += 1;
            assert!(requests < 10);
            walk.on_response(&Pdu::error_response(&request, status, 1));
        }
        assert_eq!(walk.finish().completeness.end, end);
    }
}

#[test]
fn exceptions_in_place_of_a_step_end_the_column_as_not_served() {
    let mut walk = Walk::new(&columns(&[1]), WalkLimits::default());
    let request = walk.next_request(1).expect("first request");
    let name = oid(ENTRY).child(1);
    let varbinds = vec![VarBind::new(name, Value::NoSuchObject)];
    assert_eq!(walk.on_response(&Pdu::response_to(&request, varbinds)), Fed::Taken { cells: 0 });
    assert_eq!(walk.next_request(2), None);
    assert_eq!(walk.finish().completeness.end, WalkEnd::NotServed);
}

#[test]
fn foreign_answers_leave_the_walk_waiting() {
    let mut walk = Walk::new(&columns(&[1]), WalkLimits::default());
    let request = walk.next_request(1).expect("first request");
    let foreign = Pdu { request_id: 99, ..Pdu::response_to(&request, vec![]) };
    assert_eq!(walk.on_response(&foreign), Fed::Ignored);
    assert_eq!(walk.on_response(&request), Fed::Ignored, "a request is no response");
    let good = vec![VarBind::new(oid("1.3.9"), Value::Null)];
    assert_eq!(walk.on_response(&Pdu::response_to(&request, good.clone())), Fed::Taken { cells: 0 });
    assert!(walk.is_done());
    assert_eq!(walk.on_response(&Pdu::response_to(&request, good)), Fed::Ignored, "a duplicate");
}

#[test]
fn a_stopped_walk_says_why() {
    let mut agent = Agent::with_table(ENTRY, &[1], 500, Quirks::default());
    let mut walk = Walk::new(&columns(&[1]), WalkLimits::default());
    let request = walk.next_request(1).expect("first request");
    let response = agent.answer(&request).expect("an answer");
    assert_eq!(walk.on_response(&response), Fed::Taken { cells: 10 });
    assert_eq!(walk.rows_read(), 10);
    let mut refused = Walk::new(&columns(&[1]), WalkLimits::default());
    refused.stop(WalkEnd::Unauthorised);
    assert_eq!(refused.finish().completeness.end, WalkEnd::Unauthorised);
    let table = walk.finish();
    assert_eq!((table.rows.len(), table.completeness.end), (10, WalkEnd::Cancelled));
}

#[test]
fn bulk_returns_after_a_time_of_losses() {
    // Three losses in a row at the start of a long table, then a good network.
    let mut agent = Agent::with_table(ENTRY, &[1], 2000, Quirks::default());
    let mut walk = Walk::new(&columns(&[1]), WalkLimits::default());
    for id in 0..3 {
        walk.next_request(id).expect("a request");
        walk.on_timeout();
    }
    let mut requests = 0;
    while let Some(request) = walk.next_request(requests) {
        requests += 1;
        walk.on_response(&agent.answer(&request).expect("an answer"));
    }
    assert!(walk.finish().completeness.complete);
    assert!(requests < 500, "{requests} requests for 2000 rows");
}
