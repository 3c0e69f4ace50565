//! Drift from the command line, through the API: list, accept, ignore, order changes, undo, and import what
//! was discovered.

use clap::Subcommand;
use reqwest::Method;
use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Client, ServerArgs, cell, escaped, table};

const DRIFT: &str = "/api/v1/atlas/drift";
/// Items of one page.
const PAGE: usize = 500;
/// Items of one decision.
const MANY: usize = 200;

/// What differs from what is intended.
#[derive(Subcommand)]
pub(crate) enum DriftCommand {
    /// List differences. Exit code 1 when there are open ones of high severity.
    List {
        /// open (when absent), pending, ignored, accepted, change_requested, resolved or all.
        #[arg(long)]
        state: Option<String>,
        /// device, interface, address or cable.
        #[arg(long)]
        kind: Option<String>,
        /// missing, unexpected, different, misplaced, conflict, duplicate or stale.
        #[arg(long = "type", value_name = "TYPE")]
        how: Option<String>,
        /// high, medium, low or info.
        #[arg(long)]
        severity: Option<String>,
        /// Only changes whose time is over.
        #[arg(long)]
        overdue: bool,
        /// Only changes of this person.
        #[arg(long)]
        assignee: Option<String>,
        /// As JSON instead of a table.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Write what was observed into the inventory.
    Accept {
        /// Ids, as listed.
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Hide differences for a while.
    Ignore {
        /// Ids, as listed.
        #[arg(required = true)]
        ids: Vec<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Until when (RFC 3339); 90 days when absent.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Order a change of the network that puts differences right.
    Change {
        /// Ids, as listed.
        #[arg(required = true)]
        ids: Vec<String>,
        /// What is to be done.
        #[arg(long)]
        reason: String,
        /// Who is to do it.
        #[arg(long)]
        assignee: Option<String>,
        /// When it is to be done (RFC 3339).
        #[arg(long, value_name = "TIME")]
        due: Option<String>,
        /// Number or address of the ticket.
        #[arg(long, value_name = "TICKET")]
        reference: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Take decisions back: the differences are open again.
    Reopen {
        /// Ids, as listed.
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Take back what accepting a difference wrote to the inventory.
    Undo {
        /// Id, as listed.
        id: String,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// List the rules that accept by themselves.
    Rules {
        /// As JSON instead of a table.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Import what was discovered into the inventory.
    Import {
        /// Show what would be created and write nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// Runs the command.
pub(crate) async fn drift(command: DriftCommand) -> Result<(), Failure> {
    match command {
        DriftCommand::List { state, kind, how, severity, overdue, assignee, json, server } => {
            // Changes are in a state of their own.
            let state = state.or_else(|| assignee.is_some().then(|| "change_requested".to_owned()));
            let filters = [
                ("state", state),
                ("kind", kind),
                ("type", how),
                ("severity", severity),
                ("overdue", overdue.then(|| "true".to_owned())),
                ("assignee", assignee),
            ];
            list(&Client::connect(&server).await?, &filters, json).await
        }
        DriftCommand::Accept { ids, server } => {
            decide(&Client::connect(&server).await?, "accept", &ids, json!({})).await
        }
        DriftCommand::Ignore { ids, reason, until, server } => {
            let body = json!({"reason": reason, "until": until});
            decide(&Client::connect(&server).await?, "ignore", &ids, body).await
        }
        DriftCommand::Change { ids, reason, assignee, due, reference, server } => {
            let body = json!({"reason": reason, "assignee": assignee, "due": due, "reference": reference});
            decide(&Client::connect(&server).await?, "change", &ids, body).await
        }
        DriftCommand::Reopen { ids, server } => {
            decide(&Client::connect(&server).await?, "reopen", &ids, json!({})).await
        }
        DriftCommand::Undo { id, server } => {
            let path = format!("{DRIFT}/{}/actions/undo", escaped(&id));
            Client::connect(&server).await?.post(&path, &json!(null)).await?;
            println!("taken back");
            Ok(())
        }
        DriftCommand::Rules { json, server } => rules(&Client::connect(&server).await?, json).await,
        DriftCommand::Import { dry_run, server } => {
            let client = Client::connect(&server).await?;
            if dry_run { preview(&client).await } else { import(&client).await }
        }
    }
}

async fn list(client: &Client, filters: &[(&str, Option<String>)], as_json: bool) -> Result<(), Failure> {
    let given = filters.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let query: String = given.map(|(name, value)| format!("&{name}={}", escaped(value))).collect();
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut page = client.get(&format!("{DRIFT}?limit={PAGE}{query}{cursor}")).await?;
        items.extend(page["items"].as_array_mut().map(std::mem::take).unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", escaped(next)),
            None => break,
        }
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&items)?);
    } else {
        let row = |item: &Value| {
            let what = [cell(item, "kind"), cell(item, "type"), cell(item, "attr")];
            let what: Vec<String> = what.into_iter().filter(|word| !word.is_empty()).collect();
            let side = |name: &str| Some(cell(item, name)).filter(|text| !text.is_empty());
            vec![
                cell(item, "id"),
                cell(item, "severity"),
                what.join(" "),
                cell(item, "title"),
                side("intended").unwrap_or_else(|| "nothing".to_owned()),
                side("observed").unwrap_or_else(|| "nothing".to_owned()),
                change_text(item),
            ]
        };
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        println!("{}", table(&["id", "severity", "what", "where", "intended", "observed", "change"], rows));
    }
    let bad = items.iter().filter(|item| item["state"] == "open" && item["severity"] == "high").count();
    if bad > 0 {
        return Err(Failure::new(format!("{bad} open differences of high severity")));
    }
    Ok(())
}

/// Who changes the network until when; empty when nobody was asked to.
fn change_text(item: &Value) -> String {
    let change = &item["change"];
    if item["state"] != "change_requested" {
        return String::new();
    }
    let late = if change["overdue"] == true { "overdue" } else { "ordered" };
    let words = [late.to_owned(), cell(change, "assignee"), cell(change, "due"), cell(change, "reference")];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

async fn rules(client: &Client, as_json: bool) -> Result<(), Failure> {
    let list = client.get(&format!("{DRIFT}/acceptance-rules")).await?;
    if as_json {
        println!("{}", serde_json::to_string_pretty(&list["items"])?);
        return Ok(());
    }
    let row = |rule: &Value| {
        let words = |name: &str| {
            let all = rule[name].as_array().into_iter().flatten().filter_map(Value::as_str);
            all.collect::<Vec<_>>().join(", ")
        };
        vec![
            cell(rule, "name"),
            if rule["enabled"] == true { "on" } else { "off" }.to_owned(),
            words("kinds"),
            words("types"),
            words("fields"),
            words("devices"),
            words("sites"),
            words("sources"),
            format!("{} min", rule["min_age_minutes"]),
        ]
    };
    let rows = list["items"].as_array().into_iter().flatten().map(row).collect();
    let names = ["rule", "", "kinds", "types", "fields", "devices", "sites", "sources", "open for"];
    println!("{}", table(&names, rows));
    Ok(())
}

async fn decide(client: &Client, decision: &str, ids: &[String], body: Value) -> Result<(), Failure> {
    let (mut done, mut refused) = (0, Vec::new());
    for batch in ids.chunks(MANY) {
        let mut body = body.clone();
        body["ids"] = json!(batch);
        let mut answer =
            client.call(Method::POST, &format!("{DRIFT}/actions/{decision}"), Some(&body)).await?;
        done += answer["done"].as_u64().unwrap_or(0);
        refused.extend(answer["refused"].as_array_mut().map(std::mem::take).unwrap_or_default());
    }
    println!("{done} done");
    for one in &refused {
        println!("{}: {}", cell(one, "id"), cell(&one["problem"], "detail"));
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::new(format!("{} refused", refused.len()))) }
}

async fn preview(client: &Client) -> Result<(), Failure> {
    let preview = client.get(&format!("{DRIFT}/import")).await?;
    let empty = Vec::new();
    let devices = preview["devices"].as_array().unwrap_or(&empty);
    let row = |device: &Value| {
        let plan = &device["plan"];
        let obstacles = plan["obstacles"].as_array().into_iter().flatten().filter_map(Value::as_str);
        vec![
            cell(device, "name"),
            cell(plan, "site"),
            cell(plan, "role"),
            cell(plan, "device_type"),
            cell(device, "interfaces"),
            cell(device, "addresses"),
            obstacles.collect::<Vec<_>>().join(" "),
        ]
    };
    let rows = devices.iter().map(row).collect();
    println!("{}", table(&["device", "site", "role", "type", "interfaces", "addresses", "cannot"], rows));
    println!("{} cables; {} devices are there already", preview["cables"], preview["known"]);
    for left in preview["ambiguous"].as_array().into_iter().flatten() {
        println!("{}: {} {}", cell(left, "name"), cell(left, "why"), cell(left, "remedy"));
    }
    Ok(())
}

async fn import(client: &Client) -> Result<(), Failure> {
    let started = client.post(&format!("{DRIFT}/import"), &json!({})).await?;
    let job = client.finished(&cell(&started, "job_id"), "import").await?;
    let result = &job["result"];
    println!(
        "{} devices and {} cables created, {} devices were there already, {} refused",
        result["created"], result["cables"], result["existed"], result["failed"]
    );
    for problem in result["problems"].as_array().into_iter().flatten() {
        println!("{}: {}", cell(problem, "name"), cell(problem, "why"));
    }
    Ok(())
}
