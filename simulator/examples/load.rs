//! Walks every agent of a simulation as fast as it answers and prints what that cost the simulator:
//! `cargo run --release -p simulator --example load -- [devices] [interfaces]`.

use std::io::Write;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use simulator::{Options, Plan, Simulation, Truth};
use snmp::{Message, Oid, Pdu, Value, Version};

/// User and system CPU time of the threads whose name begins so, and of the process.
fn cpu() -> (f64, f64) {
    let seconds = |stat: &str| {
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    };
    let mut agents = 0.0;
    let mut all = 0.0;
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        all += seconds(&stat);
        if stat.contains("(sim-") {
            agents += seconds(&stat);
        }
    }
    (agents, all)
}

fn resident(kind: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(kind)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

/// Walks these agents, one request in flight for each of 64 at a time; answers requests and bindings.
fn walk(simulation: &Simulation, addresses: &[std::net::Ipv4Addr]) -> (u64, u64) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a UDP port");
    socket.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    let port = simulation.port();
    let send = |at: usize, name: Oid| {
        let pdu = Pdu::get_bulk(at as i32, 0, 60, [name]);
        let datagram = Message::new(Version::V2c, "public", pdu).encode().expect("a request");
        socket.send_to(&datagram, (addresses[at], port)).expect("sent");
    };
    let (mut next, mut open, mut requests, mut bindings) = (0, 0, 0, 0);
    let mut buffer = vec![0; 65_535];
    loop {
        while open < 64 && next < addresses.len() {
            send(next, Oid::from([1, 0]));
            (next, open, requests) = (next + 1, open + 1, requests + 1);
        }
        if open == 0 {
            return (requests, bindings);
        }
        let (length, _) = socket.recv_from(&mut buffer).expect("an answer");
        let pdu = Message::decode(&buffer[..length]).expect("a message").pdu;
        let at = pdu.request_id as usize;
        match pdu.varbinds.last() {
            Some(last) if last.value != Value::EndOfMibView => {
                bindings += pdu.varbinds.len() as u64;
                requests += 1;
                send(at, last.name.clone());
            }
            _ => open -= 1,
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let devices = arguments.next().unwrap_or(1_000);
    let interfaces = arguments.next().unwrap_or(50);
    let options = Options { devices, interfaces, port: 0, ..Options::default() };
    let mut out = std::io::stdout();
    let started = Instant::now();
    let plan = Plan::generate(&options).expect("a plan");
    let drawn = started.elapsed();
    let started = Instant::now();
    let truth = Truth::of(&plan, 0);
    let told = started.elapsed();
    let _ = writeln!(
        out,
        "plan: {} devices, {} interfaces, {} cables, {} hosts in {drawn:.2?}, truth in {told:.2?}, RssAnon {} MB",
        plan.devices.len(),
        plan.devices.iter().map(|device| device.interfaces.len()).sum::<usize>(),
        truth.cables.len(),
        plan.hosts.len(),
        resident("RssAnon"),
    );
    drop(truth);
    let simulation = Simulation::start(plan).expect("a simulation");
    let addresses = simulation.addresses();
    for pass in ["first walk (builds tables)", "second walk"] {
        let (before, started) = (cpu().0, Instant::now());
        let (requests, bindings) = walk(&simulation, &addresses);
        let (spent, seconds) = (cpu().0 - before, started.elapsed().as_secs_f64());
        let _ = writeln!(
            out,
            "{pass}: {requests} requests, {bindings} bindings in {seconds:.2} s; agents {spent:.2} CPU s, \
             {:.1} us a request, {:.0} requests/s; tables {} MB, RssAnon {} MB",
            spent * 1e6 / requests as f64,
            requests as f64 / seconds,
            simulation.statistics().table_bytes >> 20,
            resident("RssAnon"),
        );
    }
}
