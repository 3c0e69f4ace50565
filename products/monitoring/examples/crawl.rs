//! Runs one discovery and prints frames and report as JSON:
//! `crawl SEED --community NAME | --v3 USER:AUTHPROTO:AUTHPASS:PRIVPROTO:PRIVPASS --allow PREFIX.. [--port N] [--rate N] [--out FILE]`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool")]

use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use monitoring::discovery::{CrawlOrder, NoProgress, TargetState, crawl};
use monitoring::snmp::{Client, ClientOptions, Credential, V3User};
use tokio_util::sync::CancellationToken;

fn order() -> Result<(CrawlOrder, Option<String>), Box<dyn Error>> {
    let mut order = CrawlOrder::new(Vec::new(), Vec::new(), Vec::new());
    let mut out = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let number = order.credentials.len() + 1;
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--community" => order.credentials.push(Credential::v2c(format!("v2c-{number}"), value()?)),
            "--community-v1" => order.credentials.push(Credential::v1(format!("v1-{number}"), value()?)),
            "--v3" => order.credentials.push(v3(&value()?)?),
            "--allow" => order.allow.push(value()?.parse()?),
            "--deny" => order.deny.push(value()?.parse()?),
            "--port" => order.port = value()?.parse()?,
            "--rate" => order.limits.rate = value()?.parse()?,
            "--max-depth" => order.max_depth = value()?.parse()?,
            "--concurrency" => order.concurrency = value()?.parse()?,
            "--out" => out = Some(value()?),
            seed => order.seeds.push(seed.parse::<IpAddr>()?),
        }
    }
    let wrong: Vec<String> = order.check().iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
    if wrong.is_empty() { Ok((order, out)) } else { Err(wrong.join("; ").into()) }
}

fn v3(text: &str) -> Result<Credential, Box<dyn Error>> {
    let parts: Vec<&str> = text.split(':').collect();
    let (user, auth, privacy) = match parts[..] {
        [user] => (user, None, None),
        [user, auth, pass] => (user, Some((auth.parse()?, pass.into())), None),
        [user, auth, pass, privacy, secret] => {
            (user, Some((auth.parse()?, pass.into())), Some((privacy.parse()?, secret.into())))
        }
        _ => return Err("--v3 USER[:AUTHPROTO:PASS[:PRIVPROTO:PASS]]".into()),
    };
    Ok(Credential::v3("v3", V3User { user: user.to_owned(), auth, privacy, context: String::new() }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (order, out) = order()?;
    let client = Client::bind(ClientOptions::default())?;
    let frames = Arc::new(Mutex::new(Vec::new()));
    let report = crawl(&client, order, frames.clone(), Arc::new(NoProgress), CancellationToken::new()).await;
    for target in report.targets.iter().filter(|target| target.state != TargetState::Skipped) {
        let reason = target.reason.as_ref().map(|reason| reason.text.clone()).unwrap_or_default();
        eprintln!(
            "{:?} {} {} depth {} {} {} ms {reason}",
            target.state,
            target.address,
            target.name.as_deref().unwrap_or("-"),
            target.depth,
            target.origin.as_deref().unwrap_or("-"),
            target.duration_ms.unwrap_or(0),
        );
    }
    eprintln!("{:?} in {:?}, {} datagrams", report.counts, report.duration, report.requests);
    let frames = std::mem::take(&mut *frames.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let document = serde_json::json!({
        "frames": frames,
        "targets": report.targets,
        "counts": report.counts,
        "cancelled": report.cancelled,
        "duration_ms": u64::try_from(report.duration.as_millis())?,
        "requests": report.requests,
    });
    match out {
        Some(path) => std::fs::write(path, serde_json::to_vec_pretty(&document)?)?,
        None => println!("{document:#}"),
    }
    Ok(())
}
