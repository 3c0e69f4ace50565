use std::collections::HashSet;

use super::*;
use crate::options::LameChoice;

fn plan(devices: usize, change: impl FnOnce(&mut Options)) -> Plan {
    let mut options = Options { devices, ..Options::default() };
    change(&mut options);
    Plan::generate(&options).unwrap()
}

#[test]
fn every_size_gives_that_many_devices_with_unique_identities() {
    for devices in [1, 2, 3, 4, 5, 6, 7, 11, 12, 19, 20, 36, 50, 77, 140, 500, 1_000, 3_000] {
        let plan = plan(devices, |_| {});
        assert_eq!(plan.devices.len(), devices);
        let mut addresses = HashSet::new();
        let mut macs = HashSet::new();
        let mut names = HashSet::new();
        for device in &plan.devices {
            assert!(plan.options.listen.contains(&device.address), "{} {}", device.name, device.address);
            assert!(names.insert(&device.name), "{}", device.name);
            assert!(macs.insert(device.base_mac));
            for address in std::iter::once(&device.address).chain(&device.other_addresses) {
                assert!(addresses.insert(*address), "{address}");
                assert_eq!(plan.by_address[address], device.id);
            }
            let indexes: HashSet<u32> = device.interfaces.iter().map(|port| port.if_index).collect();
            assert_eq!(indexes.len(), device.interfaces.len(), "{} {:?}", device.name, device.vendor);
            let names: HashSet<&str> = device.interfaces.iter().map(|port| &*port.name).collect();
            assert_eq!(names.len(), device.interfaces.len(), "{} {:?}", device.name, device.vendor);
        }
    }
}

#[test]
fn equal_options_equal_networks() {
    let text = |seed| {
        let plan = plan(200, |options| {
            options.seed = seed;
            options.clones = 0.05;
            options.lame = LameChoice::All;
        });
        format!("{:?} {:?} {:?}", plan.devices, plan.cables, plan.hosts)
    };
    assert_eq!(text(3), text(3));
    assert_ne!(text(3), text(4));
}

#[test]
fn a_port_holds_one_cable() {
    let plan = plan(300, |options| options.unmanaged = 0.3);
    let mut used = HashSet::new();
    for (id, cable) in plan.cables.iter().enumerate() {
        for end in [cable.a, cable.b] {
            assert!(used.insert(end), "{end:?}");
            assert_eq!(plan.port(end).attached, Attached::Cable(id as u32));
            assert!(plan.port(end).is_physical());
        }
    }
    for segment in &plan.segments {
        for end in &segment.ends {
            assert!(used.insert(*end), "{end:?}");
        }
    }
    for host in &plan.hosts {
        if let HostAt::Port(end) = host.at {
            assert!(used.insert(end), "{end:?}");
        }
    }
    assert!(plan.segments.iter().any(|segment| segment.ends.len() > 1));
}

#[test]
fn shares_are_planted() {
    let plan = plan(1_000, |options| {
        options.no_lldp = 0.2;
        options.clones = 0.05;
        options.cdp_only = 0.1;
        options.overlap = 0.5;
        options.lame = LameChoice::All;
    });
    let count = |test: &dyn Fn(&Device) -> bool| plan.devices.iter().filter(|device| test(device)).count();
    let healthy = count(&|device| device.lame.is_none()) - 1;
    let silent = count(&|device| device.lame.is_none() && !device.lldp && !device.cdp);
    assert_eq!(silent, (healthy as f64 * 0.2).round() as usize);
    assert_eq!(count(&|device| device.clone_of.is_some()), 50);
    assert!(count(&|device| device.cdp && !device.lldp) > 10);
    for kind in Lame::ALL {
        assert!(count(&|device| device.is(*kind)) >= 1, "{}", kind.name());
    }
    let overlapping = plan.subnets.iter().filter(|subnet| subnet.overlapping).count();
    assert!(overlapping >= 2, "{overlapping}");
}

#[test]
fn too_small_a_prefix_is_refused() {
    let options = Options { devices: 1_000, listen: "127.1.0.0/24".parse().unwrap(), ..Options::default() };
    let text = Plan::generate(&options).unwrap_err().to_string();
    assert!(text.contains("127.1.0.0/24"), "{text}");
}

#[test]
fn ten_thousand_devices_fit_the_default_prefix() {
    let plan = plan(10_000, |_| {});
    assert_eq!(plan.devices.len(), 10_000);
    assert!(plan.devices.iter().all(|device| device.interfaces.len() < 250));
}
