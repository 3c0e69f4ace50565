//! The field's wire-level failures (quirks.md), each as a fixture agent: the right document, or the
//! stated reason why it is not complete. The numbers are the rows of that table.

use model::{DocumentKind, ReasonCode};
use serde_json::{Value, json};

use super::agent::{Fixture, Quirk, body, objects, read, reading, system};

const LLDP: &str = "1.0.8802.1.1.2.1";
const GENERIC: &str = "1.3.6.1.4.1.8072.3.2.10";

fn oid(text: &str) -> snmp::Oid {
    text.parse().unwrap()
}

/// The system group, interfaces 1 to `count`, and more.
fn device(count: u32, more: &str) -> String {
    use std::fmt::Write as _;
    let mut text = system("sw1", GENERIC);
    let _ = writeln!(text, "[1.3.6.1.2.1.2]\n1.0 i {count}");
    for index in 1..=count {
        let _ = writeln!(
            text,
            "2.1.2.{index} s port{index}\n2.1.3.{index} i 6\n2.1.7.{index} i 1\n2.1.8.{index} i 1"
        );
    }
    text + more
}

/// A row of lldpRemTable under the given index.
fn remote(index: &str, name: &str) -> String {
    format!(
        "[{LLDP}.4.1.1]\n4.{index} i 4\n5.{index} x 00 1b 21 0a 0b 0c\n6.{index} i 5\n7.{index} s eth1\n9.{index} s {name}\n"
    )
}

fn local_ports(numbers: &[u32]) -> String {
    let row = |n: &u32| format!("2.{n} i 5\n3.{n} s port{n}\n4.{n} s to somewhere\n");
    format!("[{LLDP}.3.7.1]\n{}", numbers.iter().map(row).collect::<String>())
}

fn neighbours(lldp: &Value) -> Vec<(u64, String)> {
    let rows = lldp["neighbours"].as_array().unwrap();
    rows.iter().map(|n| (n["local_port"].as_u64().unwrap(), n["name"].as_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn row_1_two_part_index_without_time_mark() {
    let text = device(2, "") + &local_ports(&[49, 50]) + &remote("49.3", "core1");
    let fixture = Fixture::new(&text);
    assert_eq!(neighbours(&body(&fixture, DocumentKind::Lldp).await), [(49, "core1".to_owned())]);
    assert!(reading(&fixture, DocumentKind::Lldp).await.completeness.complete);
}

#[tokio::test]
async fn row_2_nul_in_port_id_and_bare_number_as_name() {
    let text = device(2, "")
        + &local_ports(&[1, 2])
        + &format!(
            "[{LLDP}.4.1.1]\n4.0.1.1 i 4\n5.0.1.1 x 00 1b 21 0a 0b 0c\n6.0.1.1 i 5\n7.0.1.1 x 31 32 00 00\n9.0.1.1 x 73 77 32 00\n"
        );
    let lldp = body(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(lldp["neighbours"][0]["port"], json!({"subtype": 5, "octets": "3132"}));
    assert_eq!(lldp["neighbours"][0]["name"], "sw2");
    assert!(!lldp.to_string().contains("\\u0000"));
}

#[tokio::test]
async fn row_2_one_mac_on_all_ports_is_reported_as_it_is() {
    let mac = "0.27.33.1.2.3";
    let text = device(3, "[1.3.6.1.2.1.17]\n1.2.0 i 3\n1.4.1.2.1 i 1\n1.4.1.2.2 i 2\n1.4.1.2.3 i 3\n")
        + &format!(
            "[1.3.6.1.2.1.17.7.1.2.2.1]\n2.1.{mac} i 1\n2.2.{mac} i 2\n2.3.{mac} i 3\n3.1.{mac} i 3\n3.2.{mac} i 3\n3.3.{mac} i 3\n"
        );
    let fdb = body(&Fixture::new(&text), DocumentKind::Fdb).await;
    let ports: Vec<_> = fdb.as_array().unwrap().iter().map(|entry| entry["port"].as_u64().unwrap()).collect();
    assert_eq!(ports, [1, 2, 3]);
}

#[tokio::test]
async fn row_3_subtype_7_keeps_its_subtype() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &format!(
            "[{LLDP}.4.1.1]\n4.0.1.1 i 4\n5.0.1.1 x 00 1b 21 0a 0b 0c\n6.0.1.1 i 7\n7.0.1.1 s 24\n9.0.1.1 s hp1\n"
        );
    let lldp = body(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(lldp["neighbours"][0]["port"], json!({"subtype": 7, "octets": "3234"}));
}

#[tokio::test]
async fn row_4_and_5_local_ports_have_their_own_numbers() {
    let text = device(2, "")
        + &format!("[{LLDP}.3.7.1]\n2.568 i 5\n3.568 s ethernet1/1/14:1\n4.568 s uplink\n")
        + &remote("100.568.1", "spine1");
    let lldp = body(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(neighbours(&lldp), [(568, "spine1".to_owned())]);
    assert_eq!(lldp["ports"][0]["number"], 568);
    assert_eq!(lldp["ports"][0]["number_is_if_index"], false);
}

#[tokio::test]
async fn row_4_a_walk_cut_short_is_no_complete_table() {
    let text = device(1, "") + &local_ports(&[1]) + &remote("0.1.1", "a") + &remote("0.1.2", "b");
    let fixture = Fixture::new(&text).with(Quirk::FallsSilent(oid(&format!("{LLDP}.4.1.1.9.0.1.2"))));
    let reading = reading(&fixture, DocumentKind::Lldp).await;
    assert!(!reading.completeness.complete);
    assert_eq!(reading.completeness.reason.unwrap().code, ReasonCode::PartialTable);
}

#[tokio::test]
async fn row_6_rows_out_of_order_are_all_read() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &["7", "2", "9"]
            .iter()
            .map(|n| remote(&format!("0.1.{n}"), &format!("cam{n}")))
            .collect::<String>();
    let fixture = Fixture::new(&text).with(Quirk::Disordered(oid(&format!("{LLDP}.4.1.1")), vec![7, 2, 9]));
    let reading = reading(&fixture, DocumentKind::Lldp).await;
    assert!(reading.completeness.complete, "{:?}", reading.completeness);
    assert_eq!(reading.completeness.read, 3);
}

#[tokio::test]
async fn row_7_lldp_v2_only() {
    let v2 = "1.3.111.2.802.1.1.13.1";
    let text = device(12, "")
        + &format!(
            "[{v2}.3.7.1]\n2.10 i 5\n3.10 s eth10\n4.10 s uplink\n[{v2}.4.1.1]\n5.5000.10.1.4 i 4\n6.5000.10.1.4 x 00 1b 21 0a 0b 0c\n\
             7.5000.10.1.4 i 5\n8.5000.10.1.4 s xe1\n10.5000.10.1.4 s ocnos2\n[{v2}.4.2.1]\n3.5000.10.1.4.1.4.10.0.0.2 i 2\n"
        );
    let lldp = body(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(neighbours(&lldp), [(10, "ocnos2".to_owned())]);
    assert_eq!(lldp["neighbours"][0]["management"], json!(["10.0.0.2"]));
    assert_eq!(lldp["ports"][0]["number_is_if_index"], true);
}

#[tokio::test]
async fn row_8_a_switch_with_nothing_but_a_forwarding_table() {
    let text = device(
        2,
        "[1.3.6.1.2.1.17]\n1.2.0 i 2\n1.4.1.2.1 i 1\n1.4.1.2.2 i 2\n4.3.1.2.0.27.33.1.2.3 i 2\n4.3.1.3.0.27.33.1.2.3 i 3\n",
    );
    let fixture = Fixture::new(&text);
    assert_eq!(
        body(&fixture, DocumentKind::Fdb).await,
        json!([{"vlan": 0, "mac": "00:1b:21:01:02:03", "port": 2, "if_index": 2, "status": "learned"}])
    );
    let lldp = reading(&fixture, DocumentKind::Lldp).await;
    assert!(lldp.is_not_supported());
}

#[tokio::test]
async fn row_9_a_device_that_answers_its_system_group_only() {
    let readings = read(&Fixture::new(&system("ups1", GENERIC))).await;
    let subject = model::Subject::new("snmp", "10.0.0.1");
    let frames: Vec<_> = readings.iter().filter_map(|timed| timed.frame(&subject)).collect();
    let kinds: Vec<_> = frames.iter().map(|frame| frame.kind).collect();
    assert_eq!(kinds, [DocumentKind::System], "nothing it does not answer is taken for empty");
}

#[tokio::test]
async fn row_17_an_agent_that_repeats_one_row_for_ever() {
    let text = device(1, "") + &local_ports(&[1]) + &remote("0.1.1", "a") + &remote("0.1.2", "b");
    let fixture = Fixture::new(&text).with(Quirk::RepeatsRow(oid(&format!("{LLDP}.4.1.1.5"))));
    let reading = reading(&fixture, DocumentKind::Lldp).await;
    assert_eq!(reading.completeness.reason.unwrap().code, ReasonCode::WalkLooped);
    assert!(reading.document.is_some(), "what was read is kept");
    assert!(*fixture.requests.lock().unwrap() < 200);
}

#[tokio::test]
async fn row_17_an_agent_that_goes_backwards() {
    let text = device(3, "");
    let fixture = Fixture::new(&text).with(Quirk::GoesBackwards(oid("1.3.6.1.2.1.2.2.1.7.2")));
    let reading = reading(&fixture, DocumentKind::Interfaces).await;
    assert_eq!(reading.completeness.reason.unwrap().code, ReasonCode::WalkBackwards);
    assert_eq!(reading.completeness.read, 3);
}

#[tokio::test]
async fn row_17_declared_rows_that_are_not_served() {
    let short = device(23, "").replace("1.0 i 23", "1.0 i 52");
    let reading = reading(&Fixture::new(&short), DocumentKind::Interfaces).await;
    assert_eq!((reading.completeness.declared, reading.completeness.read), (Some(52), 23));
    assert_eq!(reading.completeness.reason.unwrap().code, ReasonCode::PartialTable);
}

#[tokio::test]
async fn row_17_subtype_as_text_printed_mac_and_ghost_rows() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &format!(
            "[{LLDP}.4.1.1]\n4.0.1.1 s 4\n5.0.1.1 s 00:1b:21:0a:0b:0c\n6.0.1.1 s interfaceName(5)\n7.0.1.1 s ge1\n9.0.1.1 s sw2\n\
             4.0.1.2 i 4\n5.0.1.2 x\n6.0.1.2 i 5\n7.0.1.2 x 00 00\n9.0.1.2 x\n"
        );
    let fixture = Fixture::new(&text);
    let lldp = body(&fixture, DocumentKind::Lldp).await;
    assert_eq!(neighbours(&lldp), [(1, "sw2".to_owned())]);
    assert_eq!(lldp["neighbours"][0]["chassis"], json!({"subtype": 4, "octets": "001b210a0b0c"}));
    assert_eq!(lldp["neighbours"][0]["port"], json!({"subtype": 5, "octets": "676531"}));
    let reading = reading(&fixture, DocumentKind::Lldp).await;
    assert!(
        reading.tables[0].note.as_ref().is_some_and(|note| note.contains("ghost")),
        "{:?}",
        reading.tables
    );
}

#[tokio::test]
async fn row_30_serial_from_the_vendors_scalar() {
    for (object_id, scalar) in [
        ("1.3.6.1.4.1.2636.1.1.1.2.9", "1.3.6.1.4.1.2636.3.1.3.0"),
        ("1.3.6.1.4.1.14988.1", "1.3.6.1.4.1.14988.1.1.7.3.0"),
    ] {
        let fixture = Fixture::new(&format!("{}[{scalar}]\n", system("r1", object_id)).replace(
            &format!("[{scalar}]\n"),
            &format!("[{}]\n0 s JN1234\n", scalar.strip_suffix(".0").unwrap()),
        ));
        assert_eq!(body(&fixture, DocumentKind::System).await["serial"], "JN1234", "{object_id}");
    }
}

#[tokio::test]
async fn row_36_declared_neighbours_that_are_hidden() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &format!(
            "[{LLDP}]\n2.2.0 u 9\n2.3.0 u 2\n2.5.0 u 1\n3.1.0 i 4\n3.2.0 x 00 1b 21 00 00 01\n3.3.0 s sw1\n"
        );
    let reading = reading(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(reading.completeness.declared, Some(6));
    assert_eq!(reading.completeness.reason.unwrap().code, ReasonCode::TableWithheld);
}

#[tokio::test]
async fn row_4_fewer_neighbours_than_declared() {
    let table = |inserts: u32| {
        device(1, "")
            + &local_ports(&[1, 2, 3])
            + &remote("0.1.1", "a")
            + &format!("[{LLDP}]\n2.2.0 u {inserts}\n2.3.0 u 1\n2.5.0 u 1\n")
    };
    let cut = reading(&Fixture::new(&table(5)), DocumentKind::Lldp).await;
    assert_eq!((cut.completeness.declared, cut.completeness.read), (Some(3), 1));
    assert_eq!(cut.completeness.reason.unwrap().code, ReasonCode::PartialTable);
    // A counter that counts something else declares nothing.
    let odd = reading(&Fixture::new(&table(100_000)), DocumentKind::Lldp).await;
    assert!(odd.completeness.complete, "{:?}", odd.completeness);
}

#[tokio::test]
async fn no_neighbours_is_a_complete_answer_when_nothing_contradicts_it() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &format!("[{LLDP}]\n2.2.0 u 3\n2.3.0 u 3\n2.5.0 u 3\n3.1.0 i 4\n3.2.0 x 00 1b 21 00 00 01\n");
    let reading = reading(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert!(reading.completeness.complete);
    assert!(reading.document.is_some());
}

#[tokio::test]
async fn row_41_forwarding_database_ids_are_mapped_to_vlans() {
    let map = "[1.3.6.1.2.1.17.7.1.4.2.1]\n3.0.10 u 65536\n3.0.20 u 65537\n3.0.30 u 7\n3.0.31 u 7\n";
    let rows = "[1.3.6.1.2.1.17.7.1.2.2.1]\n2.65536.0.27.33.1.2.3 i 1\n2.65537.0.27.33.1.2.4 i 1\n2.7.0.27.33.1.2.5 i 1\n";
    let vlans = |fdb: &Value| -> Vec<u64> {
        fdb.as_array().unwrap().iter().map(|e| e["vlan"].as_u64().unwrap()).collect()
    };
    let mapped = body(&Fixture::new(&(device(1, "") + map + rows)), DocumentKind::Fdb).await;
    assert_eq!(vlans(&mapped), [0, 10, 20], "a database shared by two VLANs names neither");
    // Without a map the id is the VLAN.
    let unmapped = body(&Fixture::new(&(device(1, "") + rows)), DocumentKind::Fdb).await;
    assert_eq!(vlans(&unmapped), [0, 0, 7]);
}

#[tokio::test]
async fn a_length_octet_before_the_mac_is_understood() {
    let text = device(1, "[1.3.6.1.2.1.17.7.1.2.2.1]\n2.6.6.0.27.33.1.2.3 i 1\n2.20.0.27.33.1.2.4 i 1\n");
    let fdb = body(&Fixture::new(&text), DocumentKind::Fdb).await;
    let seen: Vec<_> =
        fdb.as_array().unwrap().iter().map(|e| (e["vlan"].as_u64(), e["mac"].as_str())).collect();
    assert_eq!(seen, [(Some(6), Some("00:1b:21:01:02:03")), (Some(20), Some("00:1b:21:01:02:04"))]);
}

#[tokio::test]
async fn row_44_a_chassis_id_that_is_no_mac_stays_text() {
    let text = device(1, "")
        + &local_ports(&[1])
        + &format!(
            "[{LLDP}.4.1.1]\n4.0.1.1 i 7\n5.0.1.1 s FOC1234X0AB\n6.0.1.1 i 7\n7.0.1.1 s 1\n9.0.1.1 s sw2\n"
        );
    let lldp = body(&Fixture::new(&text), DocumentKind::Lldp).await;
    assert_eq!(lldp["neighbours"][0]["chassis"], json!({"subtype": 7, "octets": "464f433132333458304142"}));
}

#[tokio::test]
async fn agents_that_refuse_big_or_many_are_asked_small_and_one_by_one() {
    for quirk in
        [Quirk::TooBig(3), Quirk::OneNameOnly, Quirk::NoSuchInstanceAtEnd(oid("1.3.6.1.2.1.2.2.1.8"))]
    {
        let fixture = Fixture::new(&device(7, "")).with(quirk.clone());
        let reading = reading(&fixture, DocumentKind::Interfaces).await;
        assert_eq!(reading.completeness.read, 7, "{quirk:?}");
        assert!(reading.completeness.complete, "{quirk:?} {:?}", reading.completeness);
    }
}

const CISCO: &str = "1.3.6.1.4.1.9.1.1745";

fn cisco() -> String {
    device(3, "").replace(GENERIC, CISCO)
        + "[1.3.6.1.4.1.9.9.46.1.3.1.1]\n2.1.1 i 1\n4.1.1 s default\n2.1.10 i 1\n4.1.10 s users\n2.1.20 i 1\n4.1.20 s servers\n2.1.1002 i 1\n4.1.1002 s fddi\n\
           [1.3.6.1.2.1.17]\n1.2.0 i 1\n1.4.1.2.1 i 1\n4.3.1.2.0.27.33.0.0.1 i 1\n4.3.1.3.0.27.33.0.0.1 i 3\n"
}

fn vlan(port: u32, last: u8) -> std::collections::BTreeMap<snmp::Oid, snmp::Value> {
    objects(&format!(
        "[1.3.6.1.2.1.17]\n1.4.1.2.{port} i {port}\n4.3.1.2.0.27.33.0.0.{last} i {port}\n4.3.1.3.0.27.33.0.0.{last} i 3\n2.15.1.3.{port} i 5\n"
    ))
}

#[tokio::test]
async fn cisco_bridges_are_read_vlan_by_vlan() {
    let vlans = [(1, vlan(1, 1)), (10, vlan(2, 7)), (20, vlan(3, 8))].into_iter().collect();
    let fixture = Fixture { vlans: Some(vlans), ..Fixture::new(&cisco()) };
    let fdb = body(&fixture, DocumentKind::Fdb).await;
    let seen: Vec<_> = fdb
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["vlan"].as_u64().unwrap(), e["if_index"].as_u64().unwrap()))
        .collect();
    assert_eq!(seen, [(1, 1), (10, 2), (20, 3)]);
    let ports = body(&fixture, DocumentKind::Bridge).await["ports"].as_array().unwrap().len();
    assert_eq!(ports, 3);
    let stp = body(&fixture, DocumentKind::Stp).await;
    assert_eq!(stp["ports"].as_array().unwrap().len(), 3);
    let names = body(&fixture, DocumentKind::Vlans).await;
    assert_eq!(names.as_array().unwrap().len(), 3, "reserved VLANs are left out: {names}");
}

#[tokio::test]
async fn agents_without_vlan_contexts_keep_their_default_table() {
    // One stays silent in every context, the other answers the same in each.
    for vlans in [Some(std::collections::BTreeMap::new()), None] {
        let fixture = Fixture { vlans, ..Fixture::new(&cisco()) };
        let reading = reading(&fixture, DocumentKind::Fdb).await;
        assert!(reading.completeness.complete, "{:?}", reading.completeness);
        let fdb = serde_json::to_value(&reading.document).unwrap()["body"].clone();
        assert_eq!(fdb.as_array().unwrap().len(), 1, "{fdb}");
        assert_eq!(fdb[0]["vlan"], 0);
    }
}

#[tokio::test]
async fn the_links_plan_never_shows_less_than_the_tables_plan() {
    use super::agent::read_plan;
    use crate::snmp::survey::Plan;
    let vlans = [(1, vlan(1, 1)), (10, vlan(2, 7))].into_iter().collect();
    let by_vlan = Fixture { vlans: Some(vlans), ..Fixture::new(&cisco()) };
    let plain = Fixture::new(&device(
        2,
        "[1.3.6.1.2.1.17]\n1.2.0 i 1\n1.4.1.2.1 i 1\n2.5.0 x 10 00 00 1b 21 00 00 01\n2.15.1.3.1 i 5\n",
    ));
    for fixture in [by_vlan, plain] {
        let whole = read_plan(&fixture, Plan::Tables).await;
        for timed in read_plan(&fixture, Plan::Links).await {
            let kind = timed.reading.kind;
            // The time of its boot is rounded and may step between two readings.
            if kind == DocumentKind::System {
                continue;
            }
            let same = whole.iter().find(|other| other.reading.kind == kind).unwrap();
            assert_eq!(timed.reading.document, same.reading.document, "{kind:?}");
        }
    }
}
