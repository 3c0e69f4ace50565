use std::collections::BTreeMap;
use std::time::Instant;

use super::*;
use crate::map::{End, Freshness, Grade, Status};

fn node(number: u128, role: Role) -> Node {
    Node {
        id: Uuid::from_u128(number),
        kind: NodeKind::Device,
        role,
        name: format!("device{number}"),
        addresses: Vec::new(),
        x: 0.0,
        y: 0.0,
        state: Freshness::Fresh,
        status: Status::Ok,
        vendor: None,
        model: None,
        site: None,
        degree: 0,
        pinned: false,
    }
}

fn cable(a: u128, b: u128) -> Link {
    let end = |number| End { device: Uuid::from_u128(number), interface: None };
    Link {
        id: Uuid::from_u128(a * 100_000 + b),
        layer: Layer::L1,
        kind: LinkKind::Cable,
        a: end(a),
        b: end(b),
        state: LinkState::Up,
        confidence: 0.98,
        grade: Grade::Confirmed,
        first_seen: chrono::DateTime::UNIX_EPOCH,
        last_seen: chrono::DateTime::UNIX_EPOCH,
        lag: None,
        blocked: false,
        evidence: Vec::new(),
        contradictions: Vec::new(),
    }
}

/// Core, distribution, access, hosts: `count` nodes in all.
fn campus(count: u128) -> (Vec<Node>, Vec<Link>) {
    let mut nodes = Vec::new();
    let mut links = Vec::new();
    for at in 0..count {
        let role = match at {
            0..=1 => Role::Router,
            2..=11 => Role::L3Switch,
            12..=111 => Role::Switch,
            _ => Role::Host,
        };
        nodes.push(node(at, role));
        match at {
            0 => {}
            1 => links.push(cable(0, 1)),
            2..=11 => links.extend([cable(0, at), cable(1, at)]),
            12..=111 => links.push(cable(2 + at % 10, at)),
            _ => links.push(cable(12 + at % 100, at)),
        }
    }
    (nodes, links)
}

fn overlaps(nodes: &[Node]) -> usize {
    let close = |a: &Node, b: &Node| (a.x - b.x).abs() < 50.0 && (a.y - b.y).abs() < 50.0;
    nodes.iter().enumerate().map(|(at, a)| nodes[at + 1..].iter().filter(|b| close(a, b)).count()).sum()
}

fn prior(nodes: &[Node]) -> Prior {
    let positions = nodes.iter().map(|n| (n.id, Position { x: n.x, y: n.y })).collect();
    Prior { positions, ..Prior::default() }
}

#[test]
fn a_thousand_nodes_in_well_under_a_second() {
    let (mut nodes, links) = campus(1000);
    let start = Instant::now();
    place(&mut nodes, &links, &Prior::default());
    assert!(start.elapsed().as_secs() < 30, "the layout hangs");
    assert_eq!(overlaps(&nodes), 0);
    assert!(nodes.iter().all(|n| n.x.is_finite() && n.y.is_finite()));
    // The core lies above the end systems.
    let mean = |role: Role| {
        let ys: Vec<f64> = nodes.iter().filter(|n| n.role == role).map(|n| n.y).collect();
        ys.iter().sum::<f64>() / ys.len() as f64
    };
    assert!(mean(Role::Router) < mean(Role::Host));
    // Links are short against the whole picture.
    let at = |id: Uuid| nodes.iter().find(|n| n.id == id).unwrap();
    let length = |l: &Link| (at(l.a.device).x - at(l.b.device).x).hypot(at(l.a.device).y - at(l.b.device).y);
    let mean_link = links.iter().map(length).sum::<f64>() / links.len() as f64;
    let width = nodes.iter().map(|n| n.x).fold(f64::MIN, f64::max)
        - nodes.iter().map(|n| n.x).fold(f64::MAX, f64::min);
    assert!(mean_link < width / 4.0, "{mean_link} {width}");
}

#[test]
fn equal_input_gives_equal_places() {
    let (mut first, links) = campus(60);
    let (mut second, _) = campus(60);
    place(&mut first, &links, &Prior::default());
    place(&mut second, &links, &Prior::default());
    assert_eq!(first, second);
}

#[test]
fn a_new_node_moves_nobody() {
    let (mut nodes, mut links) = campus(60);
    place(&mut nodes, &links, &Prior::default());
    let before = prior(&nodes);
    let (mut more, _) = campus(60);
    more.push(node(900, Role::Switch));
    more.push(node(901, Role::Host));
    more.push(node(902, Role::Host));
    links.extend([cable(3, 900), cable(900, 901)]);
    place(&mut more, &links, &before);
    for (old, new) in nodes.iter().zip(&more) {
        assert_eq!((old.x, old.y), (new.x, new.y), "{}", old.name);
    }
    assert_eq!(overlaps(&more), 0);
    let distance = (more[60].x - more[3].x).hypot(more[60].y - more[3].y);
    assert!(distance < 900.0, "{distance}");
}

#[test]
fn pins_stay_and_carry_their_mark() {
    let (mut nodes, links) = campus(40);
    let pin = Position { x: 777.25, y: -333.0 };
    let pins = BTreeMap::from([(nodes[5].id, pin)]);
    place(&mut nodes, &links, &Prior { pins: pins.clone(), ..Prior::default() });
    assert_eq!((nodes[5].x, nodes[5].y, nodes[5].pinned), (777.25, -333.0, true));
    assert_eq!(nodes.iter().filter(|n| n.pinned).count(), 1);
    // A pin on a map that is already placed moves that node only.
    let before = Prior { pins: BTreeMap::from([(nodes[7].id, pin)]), ..prior(&nodes) };
    let old = nodes.clone();
    place(&mut nodes, &links, &before);
    let moved = nodes.iter().zip(&old).filter(|(n, o)| (n.x, n.y) != (o.x, o.y)).count();
    assert_eq!(moved, 1);
}

#[test]
fn lonely_nodes_lie_beside_each_other() {
    let mut nodes: Vec<Node> = (0..30).map(|at| node(at, Role::Host)).collect();
    place(&mut nodes, &[], &Prior::default());
    assert_eq!(overlaps(&nodes), 0);
    place(&mut [], &[], &Prior::default());
}
