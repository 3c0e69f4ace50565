//! Each table reader on a small, hand-written device.

use model::DocumentKind;
use serde_json::json;

use super::agent::{Fixture, body, reading, system};

const GENERIC: &str = "1.3.6.1.4.1.8072.3.2.10";

fn device(more: &str) -> Fixture {
    Fixture::new(&(system("r1", GENERIC) + more))
}

#[tokio::test]
async fn interfaces_with_stack_and_speeds() {
    let fixture = device(
        "[1.3.6.1.2.1.2]\n1.0 i 3\n2.1.2.1 s ge1\n2.1.3.1 i 6\n2.1.4.1 i 1500\n2.1.5.1 u 4294967295\n2.1.6.1 x 00 1b 21 01 02 03\n2.1.7.1 i 1\n2.1.8.1 i 1\n\
         2.1.2.2 s modem\n2.1.3.2 i 23\n2.1.5.2 u 56000\n2.1.6.2 x\n2.1.7.2 i 2\n2.1.8.2 i 2\n2.1.2.9 s ae0\n2.1.3.9 i 161\n2.1.7.9 i 1\n2.1.8.9 i 1\n\
         [1.3.6.1.2.1.31.1.1.1]\n1.1 s xe-0/0/1\n15.1 u 40000\n17.1 i 1\n18.1 s to core\n15.2 u 0\n17.2 i 2\n\
         [1.3.6.1.2.1.31.1.2.1]\n3.0.9 i 1\n3.9.1 i 1\n3.9.2 i 2\n3.1.0 i 1\n",
    );
    let interfaces = body(&fixture, DocumentKind::Interfaces).await;
    assert_eq!(
        interfaces[0],
        json!({"index": 1, "name": "xe-0/0/1", "description": "ge1", "alias": "to core", "if_type": 6, "mtu": 1500,
            "speed_bps": 40_000_000_000_u64, "mac": "00:1b:21:01:02:03", "admin_up": true, "oper_up": true,
            "connector": true, "lower": []})
    );
    assert_eq!((&interfaces[1]["speed_bps"], &interfaces[1]["connector"]), (&json!(56000), &json!(false)));
    assert_eq!(interfaces[2]["lower"], json!([1]), "only active layers count");
    // Without a LAG MIB the stack below an ieee8023adLag interface names the members.
    let lag = body(&fixture, DocumentKind::Lag).await;
    assert_eq!((&lag[0]["if_index"], &lag[0]["aggregate"]), (&json!(1), &json!(9)));
}

#[tokio::test]
async fn addresses_of_all_tables_are_joined() {
    let fixture = device(
        "[1.3.6.1.2.1.4.34.1]\n3.1.4.10.0.0.1 i 1\n4.1.4.10.0.0.1 i 1\n5.1.4.10.0.0.1 o 1.3.6.1.2.1.4.32.1.5.1.1.4.10.0.0.0.24\n\
         3.1.4.10.0.0.255 i 1\n4.1.4.10.0.0.255 i 3\n5.1.4.10.0.0.255 o 0.0\n3.1.4.10.9.9.9 i 2\n4.1.4.10.9.9.9 i 2\n5.1.4.10.9.9.9 o 0.0\n\
         3.1.4.10.0.1.1 i 2\n4.1.4.10.0.1.1 i 1\n5.1.4.10.0.1.1 o 0.0\n3.1.4.10.0.1.254 i 2\n4.1.4.10.0.1.254 i 1\n5.1.4.10.0.1.254 o 0.0\n\
         3.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2 i 2\n4.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2 i 1\n\
         [1.3.6.1.2.1.4.20.1]\n2.10.0.1.1 i 2\n3.10.0.1.1 a 255.255.255.252\n\
         [1.3.6.1.2.1.55.1.8.1]\n2.2.253.0.0.0.0.0.0.0.0.0.0.0.0.0.0.9 i 64\n\
         [1.3.6.1.2.1.68.1]\n3.1.3.2.7 i 3\n4.1.2.2.7.10.0.1.254 i 1\n",
    );
    let addresses = body(&fixture, DocumentKind::Addresses).await;
    let rows: Vec<_> = addresses
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            format!("{} {} {} {}", a["if_index"], a["ip"].as_str().unwrap(), a["prefix_length"], a["shared"])
        })
        .collect();
    assert_eq!(
        rows,
        [
            "1 10.0.0.1 24 false",
            "2 10.0.1.1 30 false",
            "2 10.0.1.254 null true",
            "2 10.9.9.9 null true",
            "2 fd00::9 64 false",
            "2 fe80::1 null false",
        ]
    );
    assert_eq!(
        body(&fixture, DocumentKind::Vrrp).await,
        json!([{"if_index": 2, "vrid": 7, "addresses": ["10.0.1.254"], "master": true}])
    );
}

#[tokio::test]
async fn neighbours_of_both_tables() {
    let fixture = device(
        "[1.3.6.1.2.1.4.35.1]\n4.2.1.4.10.0.0.2 x 00 1b 21 00 00 02\n6.2.1.4.10.0.0.2 i 3\n7.2.1.4.10.0.0.2 i 1\n\
         4.2.1.4.10.0.0.3 x 00 1b 21 00 00 03\n6.2.1.4.10.0.0.3 i 5\n4.2.1.4.10.0.0.4 x 00 1b 21 00 00 04\n7.2.1.4.10.0.0.4 i 7\n\
         4.2.2.16.255.2.0.0.0.0.0.0.0.0.0.0.0.0.0.1 x 33 33 00 00 00 01\n\
         [1.3.6.1.2.1.4.22.1]\n2.2.10.0.0.2 x 00 1b 21 00 00 02\n4.2.10.0.0.2 i 3\n2.2.10.0.0.5 x 00 1b 21 00 00 05\n4.2.10.0.0.5 i 4\n2.2.10.0.0.6 x\n",
    );
    let neighbours = body(&fixture, DocumentKind::IpNeighbours).await;
    assert_eq!(
        neighbours,
        json!([{"if_index": 2, "ip": "10.0.0.2", "mac": "00:1b:21:00:00:02", "fixed": false},
               {"if_index": 2, "ip": "10.0.0.5", "mac": "00:1b:21:00:00:05", "fixed": true}])
    );
}

#[tokio::test]
async fn routing_neighbours() {
    let fixture = device(
        "[1.3.6.1.2.1.14]\n1.1.0 a 10.255.0.1\n10.1.3.10.0.12.2.0 a 10.255.0.2\n10.1.6.10.0.12.2.0 i 8\n10.1.3.0.0.0.0.7 a 10.255.0.7\n10.1.6.0.0.0.0.7 i 3\n\
         [1.3.6.1.2.1.191.1]\n1.1.0 u 184483841\n9.1.4.5.0.184483842 i 2\n9.1.5.5.0.184483842 x fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02\n9.1.8.5.0.184483842 i 8\n\
         [1.3.6.1.2.1.15]\n2.0 i 65001\n4.0 a 10.255.0.1\n3.1.1.10.9.1.2 a 10.255.0.9\n3.1.2.10.9.1.2 i 6\n3.1.5.10.9.1.2 a 10.9.1.1\n3.1.7.10.9.1.2 a 10.9.1.2\n3.1.9.10.9.1.2 i -94967296\n\
         [1.3.6.1.2.1.138.1]\n1.1.3.0 x 00 00 00 00 00 01\n3.2.1.2.6 i 4\n6.1.1.2.6.1 i 3\n6.1.1.6.6.1 x 00 00 00 00 00 02\n",
    );
    assert_eq!(
        body(&fixture, DocumentKind::Ospf).await,
        json!({"router_id": "10.255.0.1", "router_id_v3": "10.255.0.1", "neighbours": [
            {"version": 2, "address": null, "if_index": 7, "router_id": "10.255.0.7", "state": 3},
            {"version": 2, "address": "10.0.12.2", "if_index": null, "router_id": "10.255.0.2", "state": 8},
            {"version": 3, "address": "fe80::2", "if_index": 5, "router_id": "10.255.0.2", "state": 8}]})
    );
    assert_eq!(
        body(&fixture, DocumentKind::Bgp).await,
        json!({"local_as": 65001, "identifier": "10.255.0.1", "peers": [
            {"remote": "10.9.1.2", "local": "10.9.1.1", "remote_as": 4_200_000_000_u32, "identifier": "10.255.0.9", "state": 6}]})
    );
    assert_eq!(
        body(&fixture, DocumentKind::Isis).await,
        json!({"system_id": "000000000001", "adjacencies": [{"if_index": 4, "neighbour": "000000000002", "up": true}]})
    );
}

#[tokio::test]
async fn cisco_bgp_knows_what_the_standard_table_does_not() {
    let fixture = Fixture::new(
        &(system("r1", "1.3.6.1.4.1.9.1.1")
            + "[1.3.6.1.2.1.15]\n2.0 i 65001\n3.1.2.10.9.1.2 i 6\n3.1.7.10.9.1.2 a 10.9.1.2\n3.1.9.10.9.1.2 i 23456\n\
               [1.3.6.1.4.1.9.9.187.1.2.5.1]\n3.1.4.10.9.1.2 i 6\n11.1.4.10.9.1.2 u 4200000001\n\
               3.2.16.253.0.0.0.0.0.0.0.0.0.0.0.0.0.0.9 i 3\n11.2.16.253.0.0.0.0.0.0.0.0.0.0.0.0.0.0.9 u 65009\n"),
    );
    let peers = body(&fixture, DocumentKind::Bgp).await["peers"].clone();
    let seen: Vec<_> = peers
        .as_array()
        .unwrap()
        .iter()
        .map(|p| format!("{} {} {}", p["remote"], p["remote_as"], p["state"]))
        .collect();
    assert_eq!(seen, ["\"10.9.1.2\" 4200000001 6", "\"fd00::9\" 65009 3"]);
}

#[tokio::test]
async fn routes_of_each_table_and_too_many_of_them() {
    let inet = "[1.3.6.1.2.1.4.24]\n6.0 u 2\n7.1.7.1.4.10.1.0.0.16.2.0.0.1.4.10.0.0.9 i 3\n7.1.8.1.4.10.1.0.0.16.2.0.0.1.4.10.0.0.9 i 4\n\
        7.1.9.1.4.10.1.0.0.16.2.0.0.1.4.10.0.0.9 i 13\n7.1.12.1.4.10.1.0.0.16.2.0.0.1.4.10.0.0.9 i 20\n\
        7.1.7.1.4.10.0.0.0.24.2.0.0.1.4.0.0.0.0 i 2\n7.1.8.1.4.10.0.0.0.24.2.0.0.1.4.0.0.0.0 i 3\n7.1.9.1.4.10.0.0.0.24.2.0.0.1.4.0.0.0.0 i 2\n";
    let cidr = "[1.3.6.1.2.1.4.24.4.1]\n5.10.1.0.0.255.255.0.0.0.10.0.0.9 i 3\n6.10.1.0.0.255.255.0.0.0.10.0.0.9 i 4\n7.10.1.0.0.255.255.0.0.0.10.0.0.9 i 13\n11.10.1.0.0.255.255.0.0.0.10.0.0.9 i 20\n";
    let old = "[1.3.6.1.2.1.4.21.1]\n2.10.1.0.0 i 3\n3.10.1.0.0 i 20\n7.10.1.0.0 a 10.0.0.9\n8.10.1.0.0 i 4\n9.10.1.0.0 i 13\n11.10.1.0.0 a 255.255.0.0\n";
    let route =
        json!({"prefix": "10.1.0.0/16", "next_hop": "10.0.0.9", "if_index": 3, "protocol": 13, "metric": 20});
    let local =
        json!({"prefix": "10.0.0.0/24", "next_hop": null, "if_index": 2, "protocol": 2, "metric": null});
    assert_eq!(body(&device(inet), DocumentKind::Routes).await, json!([local, route]));
    assert_eq!(body(&device(cidr), DocumentKind::Routes).await, json!([route]));
    assert_eq!(body(&device(old), DocumentKind::Routes).await, json!([route]));

    let full = reading(&device(&inet.replace("6.0 u 2", "6.0 u 900000")), DocumentKind::Routes).await;
    assert!(full.document.is_none());
    assert_eq!(full.completeness.declared, Some(900_000));
    assert_eq!(full.completeness.reason.unwrap().code, model::ReasonCode::RowLimit);
}

#[tokio::test]
async fn aggregates_components_and_cdp() {
    let fixture = device(
        "[1.2.840.10006.300.43.1.2.1.1]\n3.1 x 00 1b 21 00 00 01\n9.1 x 00 1b 21 00 00 02\n11.1 i 7\n12.1 i 9\n13.1 i 9\n14.1 i 1\n17.1 i 3\n13.2 i 0\n9.2 x 00 00 00 00 00 00\n\
         [1.3.6.1.2.1.47.1]\n1.1.1.2.1 s Chassis\n1.1.1.4.1 i 0\n1.1.1.5.1 i 3\n1.1.1.11.1 s FOC1\n1.1.1.13.1 s C9300\n1.1.1.5.8 i 10\n1.1.1.4.8 i 1\n1.1.1.7.8 s Gi1/0/1\n3.2.1.2.8.0 o 1.3.6.1.2.1.2.2.1.1.4\n\
         [1.3.6.1.4.1.9.9.23.1]\n3.4.0 s r1\n2.1.1.4.4.1 x 0a 00 00 02\n2.1.1.6.4.1 s core1.lab\n2.1.1.7.4.1 s Gi0/1\n2.1.1.8.4.1 s cisco ASR\n2.1.1.9.4.1 x 00 00 00 29\n",
    );
    let lag = body(&fixture, DocumentKind::Lag).await;
    assert_eq!(
        lag,
        json!([{"if_index": 1, "aggregate": 9, "actor_system": "00:1b:21:00:00:01", "actor_port": 1,
            "partner_system": "00:1b:21:00:00:02", "partner_key": 7, "partner_port": 3}])
    );
    let hardware = body(&fixture, DocumentKind::Hardware).await;
    assert_eq!((&hardware[0]["serial"], &hardware[0]["class"]), (&json!("FOC1"), &json!(3)));
    assert_eq!((&hardware[1]["if_index"], &hardware[1]["contained_in"]), (&json!(4), &json!(1)));
    let cdp = body(&fixture, DocumentKind::Cdp).await;
    assert_eq!(cdp["neighbours"][0]["addresses"], json!(["10.0.0.2"]));
    assert_eq!(cdp["neighbours"][0]["capabilities"], 0x29);
    assert_eq!(cdp["neighbours"][0]["port"], "Gi0/1");
}

#[tokio::test]
async fn vlans_with_members_and_port_vlans() {
    let members = "[1.3.6.1.2.1.17.7.1.4]\n2.1.4.0.10 x e0 00\n2.1.5.0.10 x 20 00\n3.1.1.10 s users\n3.1.1.20 s servers\n3.1.2.20 x 10\n3.1.4.20 x 10\n";
    assert_eq!(
        body(&device(members), DocumentKind::Vlans).await,
        json!([{"id": 10, "name": "users", "tagged": [1, 2], "untagged": [3]},
               {"id": 20, "name": "servers", "tagged": [], "untagged": [4]}])
    );
    let bare = "[1.3.6.1.2.1.17.7.1.4]\n3.1.1.10 s users\n5.1.1.5 u 10\n";
    assert_eq!(
        body(&device(bare), DocumentKind::Vlans).await,
        json!([{"id": 10, "name": "users", "tagged": [], "untagged": [5]}])
    );
}
