//! Discovers a simulated network and compares it with its truth:
//! `scale [--devices N] [--seed S] [--no-lldp F] [--clones F] [--lame all|NAME,..] [--rate N] [--v3] [--frames FILE]`
#![allow(clippy::print_stdout, reason = "a command line tool")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use monitoring::discovery::{CrawlOrder, CrawlReport, NoProgress, TargetState, crawl};
use monitoring::snmp::{AuthProtocol, Client, ClientOptions, Credential, PrivProtocol, V3User};
use simulator::{Options, Simulation, Truth};
use tokio_util::sync::CancellationToken;

struct Settings {
    options: Options,
    rate: u32,
    v3: bool,
    frames: Option<String>,
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let options = Options { devices: 1_000, port: 0, ..Options::default() };
    let mut settings = Settings { options, rate: 50, v3: false, frames: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        let options = &mut settings.options;
        match argument.as_str() {
            "--devices" => options.devices = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--no-lldp" => options.no_lldp = value()?.parse()?,
            "--clones" => options.clones = value()?.parse()?,
            "--overlap" => options.overlap = value()?.parse()?,
            "--lame" => options.lame = value()?.parse()?,
            "--rate" => settings.rate = value()?.parse()?,
            "--v3" => settings.v3 = true,
            "--frames" => settings.frames = Some(value()?),
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    Ok(settings)
}

/// CPU seconds of the simulator's threads and of all others.
fn cpu() -> (f64, f64) {
    let (mut simulator, mut rest) = (0.0, 0.0);
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let seconds = (ticks(11) + ticks(12)) / 100.0;
        if stat.contains("(sim-") { simulator += seconds } else { rest += seconds }
    }
    (simulator, rest)
}

/// Devices missed and devices found more than once.
fn compare(truth: &Truth, report: &CrawlReport) {
    let owner: BTreeMap<IpAddr, usize> = truth
        .devices
        .iter()
        .enumerate()
        .flat_map(|(place, device)| device.management.iter().map(move |ip| (IpAddr::V4(*ip), place)))
        .collect();
    let mut found: BTreeMap<usize, Vec<IpAddr>> = BTreeMap::new();
    for target in report.targets.iter().filter(|target| target.state == TargetState::Answered) {
        match owner.get(&target.address) {
            Some(device) => found.entry(*device).or_default().push(target.address),
            None => println!("UNKNOWN {}", target.address),
        }
    }
    for (device, addresses) in found.iter().filter(|(_, addresses)| addresses.len() > 1) {
        println!("TWICE {} {addresses:?}", truth.devices[*device].name);
    }
    let wanted = truth.devices.iter().enumerate().filter(|(_, device)| device.answers && device.reachable);
    let mut count = 0;
    for (place, device) in wanted {
        count += 1;
        if !found.contains_key(&place) {
            println!("MISSED {} {:?} lame {:?}", device.name, device.management, device.lame);
        }
    }
    println!("{} of {count} reachable devices found", found.len());
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    let simulation = Simulation::from_options(&settings.options)?;
    let truth = simulation.truth();
    let access = &settings.options.v3;
    let credential = if settings.v3 {
        let user = V3User {
            user: access.user.clone(),
            auth: Some((AuthProtocol::Sha256, access.auth_password.as_str().into())),
            privacy: Some((PrivProtocol::Aes128, access.priv_password.as_str().into())),
            context: String::new(),
        };
        Credential::v3("v3", user)
    } else {
        Credential::v2c("v2c", settings.options.community.clone())
    };
    let allow = vec![ipnet::IpNet::V4(settings.options.listen)];
    let mut order = CrawlOrder::new(vec![truth.seed_address.into()], vec![credential], allow);
    order.port = simulation.port();
    order.max_depth = 64;
    order.limits.rate = settings.rate;
    let client = Client::bind(ClientOptions::default())?;
    let frames = Arc::new(Mutex::new(Vec::new()));
    let before = cpu();
    let report = crawl(&client, order, frames.clone(), Arc::new(NoProgress), CancellationToken::new()).await;
    let after = cpu();
    compare(&truth, &report);
    let frames = std::mem::take(&mut *frames.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for frame in frames.iter().filter(|frame| !frame.completeness.complete) {
        let code = frame.completeness.reason.as_ref().map_or("none", |reason| reason.code.as_str());
        *reasons.entry(format!("{} {code}", frame.kind.as_str())).or_default() += 1;
    }
    println!("incomplete frames: {reasons:?} of {}", frames.len());
    println!(
        "{:?} in {:.2} s, {} datagrams, CPU simulator {:.2} s, crawler {:.2} s",
        report.counts,
        report.duration.as_secs_f64(),
        report.requests,
        after.0 - before.0,
        after.1 - before.1,
    );
    if let Some(path) = settings.frames {
        std::fs::write(&path, serde_json::to_vec(&frames)?)?;
        truth.write(std::path::Path::new(&format!("{path}.truth")))?;
    }
    Ok(())
}
