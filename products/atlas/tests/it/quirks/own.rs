//! Rows that our own simulator and lab brought to light.

use atlas::map::{Layer, LinkKind, NodeKind};
use model::Mac;
use model::documents::{Bgp, BgpPeer, Cdp, CdpNeighbour, LldpNeighbour, LldpPort};

use super::Case;
use crate::net::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            row: 45,
            symptom: "routing sessions between loopback-network addresses are dropped as ambiguous",
            right: "an address that answered, or that one device alone has, tells; 127.0.0.1 never does",
            map: loopback_sessions,
            devices: &["r1", "r2", "r3"],
            cables: &[],
            reasons: &["neighbour-not-queried"],
        },
        Case {
            row: 46,
            symptom: "numeric local port ids that are no ifIndex and no interface name",
            right: "the local port number, then the port description of either side; two of one name are none",
            map: numeric_port_ids,
            devices: &["hp", "sw1"],
            cables: &["hp:? - sw1:eth4", "hp:A1 - sw1:eth1", "hp:A2 - sw1:eth2", "hp:A3 - sw1:eth3"],
            reasons: &["unknown-port"],
        },
        Case {
            row: 47,
            symptom: "an unasked neighbour is taken for the asked device of the same name",
            right: "another chassis MAC outweighs the name: a neighbour of its own",
            map: same_name_other_chassis,
            devices: &["core", "plain", "sw1"],
            cables: &["core:eth7 - sw1:eth1", "plain:eth1 - sw1:eth3", "plain:eth7 - sw1:eth2"],
            reasons: &["no-management-address"],
        },
    ]
}

fn loopback_sessions() -> atlas::Map {
    let router = |number: u16, name: &str, asked: &str, peers: &[&str]| {
        let mut router = Agent::new(number, name, asked).ports(["eth1"]);
        router.typed_port("lo", 24);
        router.address("lo", "127.0.0.1/8").address("lo", &format!("{asked}/32"));
        let session = |remote: &&str| BgpPeer {
            remote: ip(remote),
            local: Some(ip(asked)),
            remote_as: 65000,
            identifier: None,
            state: 6,
        };
        let peers = peers.iter().map(session).collect();
        router.bgp = Some(Bgp { local_as: Some(65000), identifier: None, peers });
        router
    };
    let r1 = router(1, "r1", "127.1.0.1", &["127.1.0.2"]);
    // 127.1.9.9 belongs to r1 without having been asked; 127.0.0.1 to everybody.
    let r2 = router(2, "r2", "127.1.0.2", &["127.1.0.1", "127.0.0.1"]);
    let r3 = router(3, "r3", "127.1.0.3", &["127.1.9.9", "127.1.7.7"]);
    let mut r1 = r1;
    r1.address("lo", "127.1.9.9/32");
    let map = build(&[&r1, &r2, &r3]);
    assert_eq!(links(&map, Layer::L3, LinkKind::Bgp), ["r1:lo - r2:lo", "r1:lo - r3:lo"]);
    map
}

fn numeric_port_ids() -> atlas::Map {
    let mut hp = Agent::new(1, "hp", "10.0.0.1").ports(["A1", "A2", "A3", "A4", "A5"]).with_lldp();
    for name in ["A4", "A5"] {
        hp.port_mut(name).alias = "uplink".into();
    }
    let (mac, rows) = (hp.mac(0), &mut hp.lldp.as_mut().unwrap().ports);
    *rows = [(49, text_id(7, "49"), "A1"), (50, mac_id(3, mac), "A2"), (52, text_id(7, "52"), "uplink")]
        .into_iter()
        .map(|(number, id, description)| LldpPort {
            number,
            id: Some(id),
            description: description.into(),
            number_is_if_index: false,
        })
        .collect();
    let mut sw1 = Agent::new(2, "sw1", "10.0.0.2").ports(["eth1", "eth2", "eth3", "eth4"]).with_lldp();
    for (port, id, description) in
        [("eth1", "49", ""), ("eth2", "50", ""), ("eth3", "51", "A3"), ("eth4", "52", "uplink")]
    {
        let row = LldpNeighbour {
            port: Some(text_id(7, id)),
            port_description: description.into(),
            ..hp.announcement("", 0, 0)
        };
        sw1.hear(port, row);
    }
    build(&[&hp, &sw1])
}

fn same_name_other_chassis() -> atlas::Map {
    // Asked, tells its chassis; another box of that name, asked by nobody, hangs on sw1.
    let core = Agent::new(1, "core", "10.0.0.1").ports(["eth1"]).with_lldp();
    // Asked, speaks no LLDP itself: the name of an announced box of the same maker is believed ...
    let plain = Agent::new(2, "plain", "10.0.0.2").ports(["eth1", "eth2"]);
    let mut sw1 = Agent::new(3, "sw1", "10.0.0.3").ports(["eth1", "eth2", "eth3"]).with_lldp();
    let heard = |name: &str, chassis: [u8; 6], port: &str| LldpNeighbour {
        chassis: Some(mac_id(4, Mac(chassis))),
        port: Some(text_id(5, port)),
        name: name.into(),
        ..LldpNeighbour::default()
    };
    sw1.hear("eth1", heard("core", [0x00, 0x1b, 0x21, 9, 9, 9], "eth7"));
    // ... and of another maker is not.
    sw1.hear("eth2", heard("plain", [0x00, 0x50, 0x56, 9, 9, 9], "eth7"));
    sw1.hear("eth3", heard("plain", [0x00, 0x1b, 0x21, 0, 2, 0x77], "eth1"));
    // What CDP says on the port of the first one is its name only: it is the same neighbour.
    let twin = CdpNeighbour {
        if_index: sw1.index("eth1"),
        index: 1,
        device_id: "core".into(),
        port: "eth7".into(),
        ..CdpNeighbour::default()
    };
    sw1.cdp = Some(Cdp { device_id: "sw1".into(), neighbours: vec![twin] });
    let map = build(&[&core, &plain, &sw1]);
    let stubs: Vec<&str> =
        map.nodes.iter().filter(|node| node.kind == NodeKind::Stub).map(|node| node.name.as_str()).collect();
    assert_eq!(stubs.len(), 2, "{stubs:?}");
    map
}
