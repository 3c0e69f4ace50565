//! The simulation over real UDP: our codec, SNMPv3, and net-snmp's clients as an independent oracle.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use simulator::plan::{Attached, Role};
use simulator::{Lame, LameChoice, Options, Plan, Simulation};
use snmp::v3::{AuthProtocol, Opened, PrivProtocol, UserKeys, UsmSession};
use snmp::walk::{Walk, WalkLimits};
use snmp::{Message, Oid, Pdu, Value, Version};

fn simulation(change: impl FnOnce(&mut Options)) -> Simulation {
    let mut options = Options { devices: 60, port: 0, ..Options::default() };
    change(&mut options);
    Simulation::from_options(&options).unwrap()
}

fn oid(text: &str) -> Oid {
    text.parse().unwrap()
}

struct Manager {
    socket: UdpSocket,
    port: u16,
}

impl Manager {
    fn new(simulation: &Simulation) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        Self { socket, port: simulation.port() }
    }

    /// One datagram out, one in; it must come from the address that was asked.
    fn exchange(&self, address: Ipv4Addr, datagram: &[u8]) -> Option<Vec<u8>> {
        self.socket.send_to(datagram, (address, self.port)).unwrap();
        let mut buffer = vec![0; 65_535];
        let (length, from) = self.socket.recv_from(&mut buffer).ok()?;
        assert_eq!(from, (address, self.port).into());
        Some(buffer[..length].to_vec())
    }

    fn ask(&self, address: Ipv4Addr, pdu: Pdu) -> Option<Pdu> {
        let datagram = Message::new(Version::V2c, "public", pdu).encode().unwrap();
        Message::decode(&self.exchange(address, &datagram)?).ok().map(|message| message.pdu)
    }

    fn walk(&self, address: Ipv4Addr, columns: &[&str]) -> BTreeMap<Vec<u32>, Vec<Option<Value>>> {
        let columns: Vec<Oid> = columns.iter().map(|text| oid(text)).collect();
        let mut walk = Walk::new(&columns, WalkLimits::default());
        let mut id = 1;
        while let Some(pdu) = walk.next_request(id) {
            match self.ask(address, pdu) {
                Some(answer) => {
                    walk.on_response(&answer);
                }
                None => walk.on_timeout(),
            }
            id += 1;
        }
        let table = walk.finish();
        table
            .rows
            .iter()
            .map(|(index, row)| (index.clone(), (0..columns.len()).map(|c| row.get(c).cloned()).collect()))
            .collect()
    }
}

#[test]
fn every_device_answers_from_its_own_addresses() {
    let simulation = simulation(|_| {});
    let manager = Manager::new(&simulation);
    let mut asked = 0;
    for device in &simulation.plan().devices {
        for address in std::iter::once(&device.address).chain(&device.other_addresses) {
            let answer = manager.ask(*address, Pdu::get(1, [oid("1.3.6.1.2.1.1.5.0")])).unwrap();
            assert_eq!(answer.varbinds[0].value, Value::from(device.full_name()));
            asked += 1;
        }
    }
    assert!(asked > 60);
    assert!(manager.ask(Ipv4Addr::new(127, 1, 255, 254), Pdu::get(1, [oid("1.3.6")])).is_none());
    let done = simulation.statistics();
    assert_eq!((done.requests, done.answers), (asked, asked));
}

#[test]
fn snmp_v3_answers_and_refuses() {
    let simulation = simulation(|options| options.lame = LameChoice::Only(vec![Lame::VlanContexts]));
    let manager = Manager::new(&simulation);
    let ask = |address: Ipv4Addr, password: &str, context: &str, pdu: Pdu| {
        let keys = UserKeys::new(
            "portolan",
            Some((AuthProtocol::Sha256, password.as_bytes())),
            Some((PrivProtocol::Aes128, b"portolan-priv")),
        );
        let mut session = UsmSession::new(Arc::new(keys.unwrap()), 7);
        let started = Instant::now();
        for id in 1..5 {
            let request = session.request(id, context, &pdu, started.elapsed()).unwrap();
            let answer = manager.exchange(address, &request)?;
            match session.open(&answer, started.elapsed()).unwrap() {
                Opened::Response(scoped) => return Some(Ok(scoped.pdu)),
                Opened::Refused(kind) => return Some(Err(kind)),
                Opened::Retry(_) | Opened::Ignored => {}
            }
        }
        None
    };
    let get = || Pdu::get(9, [oid("1.3.6.1.2.1.1.5.0"), oid("1.3.6.1.6.3.10.2.1.1.0")]);
    let device = &simulation.plan().devices[0];
    let answer = ask(device.address, "portolan-auth", "", get()).unwrap().unwrap();
    assert_eq!(answer.varbinds[1].value, Value::OctetString(device.engine_id.clone()));
    assert!(ask(device.address, "wrong-password", "", get()).unwrap().is_err());
    assert!(ask(device.address, "portolan-auth", "vlan-10", get()).unwrap().is_err());
    let bulk = Pdu::get_bulk(3, 0, 50, [oid("1.3.6.1.2.1.17.4.3.1.2")]);
    let lame = simulation.plan().devices.iter().find(|device| device.is(Lame::VlanContexts)).unwrap();
    let answer = ask(lame.address, "portolan-auth", "vlan-10", bulk).unwrap().unwrap();
    assert!(answer.varbinds.len() > 5, "{answer:?}");
}

/// net-snmp reads the same view as our own codec.
#[test]
fn net_snmp_agrees() {
    if Command::new("snmpbulkwalk").arg("-V").output().is_err() {
        eprintln!("SKIPPED: net_snmp_agrees needs snmpbulkwalk (Debian package snmp)");
        return;
    }
    let simulation = simulation(|_| {});
    let manager = Manager::new(&simulation);
    for device in simulation.plan().devices.iter().step_by(11) {
        let target = format!("{}:{}", device.address, simulation.port());
        let output = Command::new("snmpbulkwalk")
            .args(["-v2c", "-c", "public", "-On", "-Oe", "-m", "", "-Cc", &target, ".1"])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text} {}", String::from_utf8_lossy(&output.stderr));
        let lines =
            text.lines().filter(|line| line.starts_with('.') && !line.contains("No more variables")).count();
        let ours = manager.walk(device.address, &["1"]).len();
        assert_eq!(lines, ours, "{}", device.name);
        assert!(text.contains(&format!("STRING: \"{}\"", device.full_name())));
        let status = Command::new("snmpget")
            .args(["-v3", "-u", "portolan", "-l", "authPriv", "-a", "SHA-256", "-A", "portolan-auth"])
            .args(["-x", "AES", "-X", "portolan-priv", "-On", "-m", "", &target, ".1.3.6.1.2.1.1.5.0"])
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&status.stdout).contains(&device.full_name()), "{status:?}");
    }
}

#[test]
fn a_pulled_cable_shows_on_both_sides_and_heals() {
    let simulation = simulation(|_| {});
    let manager = Manager::new(&simulation);
    let plan = simulation.plan();
    // A single cable from an access switch to a distribution switch.
    let (id, cable) = plan
        .cables
        .iter()
        .enumerate()
        .find(|(_, cable)| {
            cable.lag.is_none()
                && plan.device(cable.a.device).role == Role::Access
                && plan.device(cable.b.device).role == Role::Distribution
        })
        .unwrap();
    let seen = || {
        [cable.a, cable.b].map(|end| {
            let device = plan.device(end.device);
            let port = device.port(end.port);
            let oper = oid("1.3.6.1.2.1.2.2.1.8").child(port.if_index);
            let status = manager.ask(device.address, Pdu::get(1, [oper])).unwrap().varbinds[0].value.clone();
            let heard = manager
                .walk(device.address, &["1.0.8802.1.1.2.1.4.1.1.9"])
                .keys()
                .filter(|index| index[1] == port.lldp_number)
                .count();
            (status, heard)
        })
    };
    let up = (Value::Integer(1), 1);
    let down = (Value::Integer(2), 0);
    assert_eq!(seen(), [up.clone(), up.clone()]);
    simulation.set_link(id as u32, false);
    assert_eq!(seen(), [down.clone(), down]);
    simulation.set_link(id as u32, true);
    assert_eq!(seen(), [up.clone(), up]);
    simulation.set_link(u32::MAX, false);
}

#[test]
fn silence_and_forgotten_neighbours() {
    let simulation = simulation(|_| {});
    let manager = Manager::new(&simulation);
    let plan = simulation.plan();
    let (device, neighbour) = plan
        .cables
        .iter()
        .find(|cable| plan.device(cable.a.device).role == Role::Access)
        .map(|cable| (plan.device(cable.a.device), plan.device(cable.b.device)))
        .unwrap();
    let name = Pdu::get(1, [oid("1.3.6.1.2.1.1.5.0")]);
    simulation.silence(device.id, true);
    assert!(manager.ask(device.address, name.clone()).is_none());
    simulation.silence(device.id, false);
    assert!(manager.ask(device.address, name).is_some());
    let heard = || {
        let full = device.full_name();
        manager
            .walk(neighbour.address, &["1.0.8802.1.1.2.1.4.1.1.9"])
            .values()
            .filter(|row| row[0] == Some(Value::from(full.as_str())))
            .count()
    };
    let own = || manager.walk(device.address, &["1.0.8802.1.1.2.1.4.1.1.9"]).len();
    assert!(heard() >= 1 && own() >= 1);
    simulation.forget_lldp(device.id);
    assert_eq!((heard(), own()), (0, 0));
    simulation.set_lldp(device.id, true);
    assert!(heard() >= 1 && own() >= 1);
}

#[test]
fn tables_of_both_ends_agree() {
    let simulation = simulation(|options| options.devices = 40);
    let manager = Manager::new(&simulation);
    let plan = simulation.plan();
    for cable in plan.cables.iter().filter(|cable| cable.lag.is_none()) {
        let [near, far] = [cable.a, cable.b].map(|end| (plan.device(end.device), plan.port(end)));
        // LLDP names the other end's chassis and port.
        let rows = manager.walk(near.0.address, &["1.0.8802.1.1.2.1.4.1.1.5", "1.0.8802.1.1.2.1.4.1.1.7"]);
        let row = rows.iter().find(|(index, _)| index[1] == near.1.lldp_number).unwrap().1;
        let (_, port_id) = far.0.vendor.lldp_port_id(far.1);
        assert_eq!(row[1], Some(Value::OctetString(port_id)), "{} {}", near.0.name, near.1.name);
        // A bridged cable has exactly one designated end.
        if near.1.bridge_port > 0 && far.1.bridge_port > 0 {
            let own = [near, far].map(|(device, port)| {
                let designated = oid("1.3.6.1.2.1.17.2.15.1.8").child(u32::from(port.bridge_port));
                let answer = manager.ask(device.address, Pdu::get(1, [designated])).unwrap();
                answer.varbinds[0].value.as_bytes().unwrap()[2..] == device.base_mac.0
            });
            assert_ne!(own[0], own[1], "{} {}", near.0.name, near.1.name);
        }
    }
    let plugged = plan.devices.iter().flat_map(|device| &device.interfaces);
    assert!(plugged.filter(|port| matches!(port.attached, Attached::Cable(_))).count() > 50);
}

#[test]
fn the_port_is_closed_at_the_end_and_never_shared() {
    let first = simulation(|_| {});
    let port = first.port();
    let same = Options { devices: 3, port, ..Options::default() };
    let error = Simulation::from_options(&same).err().unwrap().to_string();
    assert!(error.contains(&port.to_string()), "{error}");
    first.stop();
    let again = Simulation::from_options(&same).unwrap();
    assert_eq!(again.port(), port);
}

#[test]
fn the_truth_is_written_and_read() {
    let plan = Plan::generate(&Options { devices: 30, ..Options::default() }).unwrap();
    let path = std::env::temp_dir().join(format!("simulator-truth-{}.json", std::process::id()));
    let truth = simulator::Truth::of(&plan, 1);
    truth.write(&path).unwrap();
    let read = simulator::Truth::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.devices.len(), 30);
    assert_eq!(read.cables.len(), truth.cables.len());
}

#[tokio::test]
async fn slow_agents_answer_late() {
    let simulation = simulation(|options| options.lame = LameChoice::Only(vec![Lame::Slow]));
    let manager = Manager::new(&simulation);
    let slow = simulation.plan().devices.iter().find(|device| device.is(Lame::Slow)).unwrap();
    let started = Instant::now();
    assert!(manager.ask(slow.address, Pdu::get(1, [oid("1.3.6.1.2.1.1.5.0")])).is_some());
    assert!(started.elapsed() >= Duration::from_millis(300));
}
