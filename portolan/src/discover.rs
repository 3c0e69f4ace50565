//! `portolan discover`: against a server with a progress bar, or once without one.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use ipnet::IpNet;
use model::{Document, Frame};
use monitoring::discovery::{CrawlOrder, CrawlReport, Progress, crawl};
use monitoring::snmp::{AuthProtocol, Client as Snmp, ClientOptions, Credential, PrivProtocol, V3User};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Failure;
use crate::client::{Client, ServerArgs, cell, table};

/// What to discover, and how.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Addresses at which the discovery begins.
    #[arg(required = true)]
    seeds: Vec<IpAddr>,
    /// SNMP v2c community; may be repeated.
    #[arg(long, env = "PORTOLAN_COMMUNITY", hide_env_values = true)]
    community: Vec<String>,
    /// Use SNMP v1 with the communities.
    #[arg(long)]
    v1: bool,
    /// SNMP v3 user.
    #[arg(long, value_name = "NAME")]
    v3_user: Option<String>,
    /// Authentication protocol: md5, sha1, sha224, sha256, sha384, sha512.
    #[arg(long, default_value = "sha256", value_name = "PROTOCOL")]
    v3_auth: AuthProtocol,
    /// Authentication password.
    #[arg(long, env = "PORTOLAN_V3_AUTH_KEY", hide_env_values = true, value_name = "PASSWORD")]
    v3_auth_key: Option<String>,
    /// Privacy protocol: des, aes128, aes192, aes256, aes192c, aes256c.
    #[arg(long, default_value = "aes128", value_name = "PROTOCOL")]
    v3_priv: PrivProtocol,
    /// Privacy password.
    #[arg(long, env = "PORTOLAN_V3_PRIV_KEY", hide_env_values = true, value_name = "PASSWORD")]
    v3_priv_key: Option<String>,
    /// Only addresses inside these prefixes are asked; may be repeated.
    #[arg(long, required = true, value_name = "PREFIX")]
    allow: Vec<IpNet>,
    /// Addresses inside these are never asked.
    #[arg(long, value_name = "PREFIX")]
    deny: Vec<IpNet>,
    /// Steps away from the seeds.
    #[arg(long, default_value_t = 8)]
    max_depth: u32,
    /// Devices at most.
    #[arg(long, default_value_t = 5000)]
    max_devices: usize,
    /// UDP port of the agents.
    #[arg(long, default_value_t = 161)]
    port: u16,
    /// Packets per second and device at most.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// Work without a server: ask, print, write --out, end.
    #[arg(long)]
    once: bool,
    /// With --once: write the map here; the ending tells the form (html, svg, png, pdf, graphml, mmd, drawio, json).
    #[arg(long, value_name = "FILE", requires = "once")]
    out: Option<PathBuf>,
    /// With --once: write everything that was read here, as JSON lines.
    #[arg(long, value_name = "FILE", requires = "once")]
    frames: Option<PathBuf>,
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs the command.
pub(crate) async fn discover(args: Args) -> Result<(), Failure> {
    if args.community.is_empty() && args.v3_user.is_none() {
        return Err(Failure::new("give a --community or a --v3-user"));
    }
    if args.once { once(args).await } else { on_server(args).await }
}

// ---- without a server ------------------------------------------------------------------------

async fn once(args: Args) -> Result<(), Failure> {
    let mut order = CrawlOrder::new(args.seeds.clone(), credentials(&args), args.allow.clone());
    (order.deny, order.max_depth, order.max_devices) = (args.deny.clone(), args.max_depth, args.max_devices);
    (order.port, order.limits.rate) = (args.port, args.rate);
    let errors: Vec<String> =
        order.check().into_iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
    if !errors.is_empty() {
        return Err(Failure::new(errors.join("\n")));
    }
    let client = Snmp::bind(ClientOptions::default())?;
    let frames = Arc::new(Mutex::new(Vec::<Frame>::new()));
    let bar = bar();
    let cancel = CancellationToken::new();
    let cancelled = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            cancelled.cancel();
        }
    });
    let shown = bar.clone();
    let progress = move |event: Progress| match event {
        Progress::Counts(counts) => {
            let done = counts.answered + counts.failed + counts.skipped;
            shown.set_length((done + counts.queued).max(counts.asked) as u64);
            shown.set_position(done as u64);
        }
        Progress::Target(target) => {
            shown.set_message(target.name.unwrap_or_else(|| target.address.to_string()))
        }
    };
    let report = crawl(&client, order, frames.clone(), Arc::new(progress), cancel).await;
    bar.finish_and_clear();
    let frames = std::mem::take(&mut *frames.lock().unwrap_or_else(PoisonError::into_inner));
    if let Some(path) = &args.frames {
        let lines: Result<Vec<String>, _> = frames.iter().map(serde_json::to_string).collect();
        std::fs::write(path, lines?.join("\n"))?;
    }
    let map = draw(frames);
    print_map(&map);
    print_failures(&report);
    println!(
        "{} devices, {} addresses failed, {} requests in {:.1} s",
        report.counts.answered,
        report.counts.failed,
        report.requests,
        report.duration.as_secs_f64()
    );
    if let Some(path) = &args.out {
        write(&map, path)?;
        println!("Map written to {}", path.display());
    }
    Ok(())
}

fn credentials(args: &Args) -> Vec<Credential> {
    let mut credentials: Vec<Credential> = Vec::new();
    if let Some(user) = &args.v3_user {
        let auth = args.v3_auth_key.as_deref().map(|key| (args.v3_auth, key.into()));
        let privacy = args.v3_priv_key.as_deref().map(|key| (args.v3_priv, key.into()));
        let user = V3User { user: user.clone(), auth, privacy, context: String::new() };
        credentials.push(Credential::v3("v3", user));
    }
    for (n, community) in args.community.iter().enumerate() {
        let id = format!("community {}", n + 1);
        credentials.push(if args.v1 {
            Credential::v1(id, community.as_str())
        } else {
            Credential::v2c(id, community.as_str())
        });
    }
    credentials
}

/// The frames of one run as a map.
fn draw(frames: Vec<Frame>) -> atlas::Map {
    let mut subjects: BTreeMap<model::Subject, atlas::SubjectView> = BTreeMap::new();
    for frame in frames {
        let view = subjects.entry(frame.subject.clone()).or_insert_with(|| atlas::SubjectView {
            subject: frame.subject.clone(),
            method: frame.method,
            documents: BTreeMap::new(),
            failures: Vec::new(),
        });
        if let (false, Some(reason)) = (frame.completeness.complete, &frame.completeness.reason) {
            let whole = frame.document.is_none() && frame.kind == model::DocumentKind::System;
            view.failures.push(atlas::map::Failure {
                kind: (!whole).then_some(frame.kind),
                at: frame.ended,
                declared: frame.completeness.declared,
                read: frame.completeness.read,
                reason: reason.clone(),
            });
        }
        if let Some(document) = frame.document {
            let document: Arc<Document> = Arc::new(document);
            let (seen_at, ttl_seconds) = (frame.ended, frame.ttl_seconds);
            let completeness = frame.completeness;
            view.documents.insert(
                frame.kind,
                atlas::map::DocumentView { document, seen_at, completeness, ttl_seconds },
            );
        }
    }
    let subjects: Vec<atlas::SubjectView> = subjects.into_values().collect();
    let prior = atlas::map::Prior::default();
    atlas::build(&atlas::Input::new(Utc::now(), &subjects, &prior), &mut atlas::map::ClockIds)
}

fn print_map(map: &atlas::Map) {
    let devices = map
        .entities
        .iter()
        .map(|entity| {
            let addresses: Vec<String> = entity.addresses.iter().take(3).map(IpAddr::to_string).collect();
            let more = entity.addresses.len().saturating_sub(3);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            vec![
                entity.name.clone(),
                entity.role.as_str().to_owned(),
                format!("{}{more}", addresses.join(" ")),
                entity.vendor.clone().unwrap_or_default(),
                entity.site.clone().unwrap_or_default(),
            ]
        })
        .collect();
    println!("{}", table(&["device", "role", "addresses", "vendor", "site"], devices));
    let name = |id| map.nodes.iter().find(|node| node.id == id).map_or("?", |node| node.name.as_str());
    let cables = map
        .links
        .iter()
        .filter(|link| link.layer == atlas::map::Layer::L1)
        .map(|link| {
            let mut methods: Vec<&str> =
                link.evidence.iter().map(|evidence| evidence.method.as_str()).collect();
            methods.sort_unstable();
            methods.dedup();
            vec![
                name(link.a.device).to_owned(),
                link.a.interface.clone().unwrap_or_default(),
                name(link.b.device).to_owned(),
                link.b.interface.clone().unwrap_or_default(),
                link.state.as_str().to_owned(),
                format!("{:.2}", link.confidence),
                methods.join(" "),
            ]
        })
        .collect();
    println!("{}", table(&["from", "port", "to", "port", "state", "conf.", "evidence"], cables));
    if !map.unplaced.is_empty() {
        println!(
            "{} things could not be placed; the map file lists each with its reason.",
            map.unplaced.len()
        );
    }
}

fn print_failures(report: &CrawlReport) {
    let failed: Vec<Vec<String>> = report
        .targets
        .iter()
        .filter_map(|target| {
            let reason = target.reason.as_ref()?;
            Some(vec![target.address.to_string(), reason.code.as_str().to_owned(), reason.text.clone()])
        })
        .take(50)
        .collect();
    if !failed.is_empty() {
        println!("{}", table(&["not asked or not answered", "reason", "facts"], failed));
    }
}

fn write(map: &atlas::Map, path: &PathBuf) -> Result<(), Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("html");
    if ending == "json" {
        let topologies: Vec<_> = atlas::map::Layer::ALL.iter().map(|layer| map.topology(*layer, 1)).collect();
        let text =
            serde_json::to_string_pretty(&json!({"topologies": topologies, "unplaced": map.unplaced}))?;
        return Ok(std::fs::write(path, text)?);
    }
    let ending = if ending == "mmd" { "mermaid" } else { ending };
    let format = atlas::export::Format::parse(ending).ok_or_else(|| {
        Failure::new(format!(
            "--out: the ending .{ending} is none of html, svg, png, pdf, graphml, mmd, drawio, json"
        ))
    })?;
    let bytes =
        atlas::export::export(map, atlas::map::Layer::L1, 1, "Network map", format).map_err(Failure::new)?;
    Ok(std::fs::write(path, bytes)?)
}

// ---- against a server ------------------------------------------------------------------------

async fn on_server(args: Args) -> Result<(), Failure> {
    let client = Client::connect(&args.server).await?;
    let credentials = stored_credentials(&client, &args).await?;
    let body = json!({
        "seeds": args.seeds, "credentials": credentials, "allow": args.allow, "deny": args.deny,
        "max_depth": args.max_depth, "max_devices": args.max_devices, "port": args.port, "rate": args.rate,
    });
    let started = client.post("/api/v1/monitoring/discoveries", &body).await?;
    let discovery = cell(&started, "id");
    let bar = bar();
    let result = loop {
        let job = client.get(&format!("/api/v1/platform/jobs/{}", cell(&started, "job_id"))).await?;
        let progress = &job["progress"];
        bar.set_length(progress["total"].as_u64().unwrap_or(1));
        bar.set_position(progress["done"].as_u64().unwrap_or(0));
        bar.set_message(cell(progress, "message"));
        match job["state"].as_str().unwrap_or_default() {
            "completed" => break Ok(()),
            "cancelled" => break Err(Failure::new("the discovery was cancelled")),
            "discarded" => break Err(Failure::new(format!("the discovery failed: {}", cell(&job, "error")))),
            _ => tokio::time::sleep(Duration::from_millis(400)).await,
        }
    };
    bar.finish_and_clear();
    result?;
    print_discovery(&client, &discovery).await
}

/// Credentials are stored on the server under a name that tells where they come from.
async fn stored_credentials(client: &Client, args: &Args) -> Result<Vec<String>, Failure> {
    let mut wanted: Vec<Value> = Vec::new();
    if let Some(user) = &args.v3_user {
        let mut body = json!({"name": format!("command line v3 {user}"), "kind": "v3", "username": user,
            "auth_protocol": "none", "priv_protocol": "none"});
        if let Some(key) = &args.v3_auth_key {
            (body["auth_protocol"], body["auth_key"]) = (json!(args.v3_auth), json!(key));
        }
        if let Some(key) = &args.v3_priv_key {
            (body["priv_protocol"], body["priv_key"]) = (json!(args.v3_priv), json!(key));
        }
        wanted.push(body);
    }
    for (n, community) in args.community.iter().enumerate() {
        let kind = if args.v1 { "v1" } else { "v2c" };
        wanted.push(
            json!({"name": format!("command line {kind} {}", n + 1), "kind": kind, "community": community}),
        );
    }
    let mut ids = Vec::new();
    for body in wanted {
        let name = cell(&body, "name").replace(' ', "%20");
        let found = client.get(&format!("/api/v1/monitoring/credentials?name={name}")).await?;
        let stored = match found.pointer("/items/0/id").and_then(Value::as_str) {
            Some(id) => {
                let path = format!("/api/v1/monitoring/credentials/{id}");
                client.call(reqwest::Method::PATCH, &path, Some(&body)).await?
            }
            None => client.post("/api/v1/monitoring/credentials", &body).await?,
        };
        ids.push(cell(&stored, "id"));
    }
    Ok(ids)
}

async fn print_discovery(client: &Client, id: &str) -> Result<(), Failure> {
    let discovery = client.get(&format!("/api/v1/monitoring/discoveries/{id}")).await?;
    let rows = discovery["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|target| target["state"] == "answered" || !target["reason"].is_null())
        .map(|target| {
            let reason = &target["reason"];
            let complete = target["tables"].as_array().into_iter().flatten();
            let partial = complete
                .filter(|table| table["complete"] == false && table["reason"]["code"] != "not-supported")
                .count();
            vec![
                cell(target, "address"),
                cell(target, "state"),
                cell(target, "name"),
                if partial > 0 { format!("{partial} tables in part") } else { String::new() },
                cell(reason, "code"),
            ]
        })
        .collect();
    println!("{}", table(&["address", "state", "name", "tables", "reason"], rows));
    let topology = client.get("/api/v1/atlas/topology?layer=l1").await?;
    let count = |field: &str| topology[field].as_array().map_or(0, Vec::len);
    println!(
        "{} nodes and {} cables on the map; counts of this discovery: {}",
        count("nodes"),
        count("links"),
        discovery["counts"]
    );
    Ok(())
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar
}
