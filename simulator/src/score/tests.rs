use super::*;
use crate::options::{LameChoice, Options};
use crate::plan::Plan;

fn truth() -> Truth {
    let options = Options { devices: 80, clones: 0.1, no_lldp: 0.2, unmanaged: 0.2, ..Options::default() };
    Truth::of(&Plan::generate(&options).unwrap(), 1)
}

fn end(end: &TrueEnd) -> MapEnd {
    MapEnd { device: format!("n{}", end.device), interface: Some(end.interface.clone()) }
}

fn link(layer: &str, kind: &str, a: &TrueEnd, b: &TrueEnd) -> MapLink {
    MapLink { layer: layer.into(), kind: kind.into(), a: end(a), b: end(b), state: None }
}

/// A map that is the truth.
fn perfect(truth: &Truth) -> Map {
    let nodes = truth
        .devices
        .iter()
        .map(|device| MapNode {
            id: format!("n{}", device.id),
            kind: "device".into(),
            name: Some(device.name.clone()),
            addresses: device.management.iter().map(ToString::to_string).collect(),
            state: None,
        })
        .collect();
    let mut links: Vec<MapLink> =
        truth.cables.iter().map(|cable| link("l1", "cable", &cable.a, &cable.b)).collect();
    links.extend(truth.lags.iter().map(|lag| link("l1", "lag", &lag.a, &lag.b)));
    links.extend(truth.lags.iter().map(|lag| link("l2", "lag", &lag.a, &lag.b)));
    links.extend(truth.cables.iter().map(|cable| link("l2", "cable", &cable.a, &cable.b)));
    links.extend(truth.adjacencies.iter().map(|entry| link("l3", &entry.kind, &entry.a, &entry.b)));
    Map { nodes, links }
}

#[test]
fn the_truth_is_perfect() {
    let truth = truth();
    let score = score(&truth, &[perfect(&truth)]);
    assert_eq!(score.devices.found, truth.devices.len());
    assert_eq!((score.devices.duplicates, score.devices.merged, score.devices.unknown), (0, 0, 0));
    for layer in [&score.l1, &score.l2, &score.l3] {
        assert!(layer.expected > 20, "{layer:?}");
        assert_eq!(layer.false_links, 0, "{layer:?}");
        assert!((layer.f1 - 1.0).abs() < f64::EPSILON, "{layer:?}");
    }
}

#[test]
fn errors_are_counted() {
    let truth = truth();
    let mut map = perfect(&truth);
    // A missing device, a duplicate, a merge.
    let gone = map.nodes.remove(5);
    let again = map.nodes[0].clone();
    map.nodes.push(MapNode { id: "again".into(), ..again });
    let other = map.nodes[2].addresses.clone();
    map.nodes[1].addresses.extend(other);
    // A cable to the wrong port, a cable missing, one drawn twice, one that is only remembered.
    let cables: Vec<usize> = (0..map.links.len()).filter(|link| map.links[*link].layer == "l1").collect();
    let provable = |id: usize| {
        let cable = &truth.cables[id];
        !cable.provable_by.is_empty()
            && ![1, 2, 5].contains(&cable.a.device)
            && ![1, 2, 5].contains(&cable.b.device)
    };
    let chosen: Vec<usize> = (0..truth.cables.len()).filter(|id| provable(*id)).take(3).collect();
    map.links[cables[chosen[0]]].a.interface = Some("Gi9/9/9".into());
    map.links[cables[chosen[1]]].state = Some("gone".into());
    let twice = map.links[cables[chosen[2]]].clone();
    map.links.push(twice);
    let score = score(&truth, &[map]);
    assert_eq!(score.devices.found + 1, score.devices.expected, "{:?}", gone.name);
    assert!(score.devices.duplicates >= 1);
    assert_eq!(score.devices.merged, 1);
    assert!(score.l1.wrong_interface >= 1 && score.l1.duplicates >= 1, "{:?}", score.l1);
    assert!(score.l1.precision < 1.0 && score.l1.recall < 1.0 && score.l1.f1 < 1.0);
}

/// An aggregate whose other end nobody can name may be drawn with that end open.
#[test]
fn open_ends_are_right_only_where_nothing_tells() {
    let mut truth = truth();
    let lag =
        truth.lags.iter().position(|lag| truth.cables[lag.cables[0] as usize].kind == "bridged").unwrap();
    let with_open_end = |truth: &Truth| {
        let mut map = perfect(truth);
        let end = end(&truth.lags[lag].a);
        let open = |link: &&mut MapLink| {
            link.layer == "l2" && link.a.device == end.device && link.a.interface == end.interface
        };
        map.links.iter_mut().find(open).unwrap().b.interface = None;
        score(truth, &[map]).l2
    };
    assert_eq!((with_open_end(&truth).false_links, with_open_end(&truth).wrong_interface), (1, 1));
    truth.lags[lag].provable = false;
    let fair = with_open_end(&truth);
    assert_eq!((fair.false_links, fair.recall), (0, 1.0), "{fair:?}");
}

#[test]
fn vendor_spellings_of_interfaces_are_equal() {
    let truth = truth();
    let mut map = perfect(&truth);
    for link in &mut map.links {
        for end in [&mut link.a, &mut link.b] {
            if let Some(name) = &end.interface
                && let Some(number) = name.strip_prefix("Gi")
            {
                end.interface = Some(format!("GigabitEthernet{number}"));
            }
        }
    }
    assert_eq!(score(&truth, &[map]).l1.false_links, 0);
}

#[test]
fn most_cables_are_provable_even_without_lldp() {
    let share = |options: Options| {
        let truth = Truth::of(&Plan::generate(&options).unwrap(), 1);
        assert!(
            truth.devices.iter().all(|device| device.reachable || !device.answers),
            "a device cannot be met"
        );
        let provable = truth.cables.iter().filter(|cable| !cable.provable_by.is_empty()).count();
        provable as f64 / truth.cables.len() as f64
    };
    let base = Options { devices: 1_000, ..Options::default() };
    assert!((share(base.clone()) - 1.0).abs() < f64::EPSILON);
    let silent = share(Options { no_lldp: 0.2, clones: 0.05, ..base.clone() });
    assert!(silent > 0.80, "{silent}");
    let lame = share(Options { lame: LameChoice::All, ..base });
    assert!(lame > 0.97, "{lame}");
}
