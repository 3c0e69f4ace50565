//! Branches from the command line, through the API.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Client, ServerArgs, cell, escaped, table};

const BRANCHES: &str = "/api/v1/platform/branches";
/// Records of one page.
const PAGE: usize = 500;

/// Changes that nobody else sees until they are merged.
#[derive(Subcommand)]
pub(crate) enum BranchCommand {
    /// List branches.
    List {
        /// open, review, merging, merged, reverted or archived; all when absent.
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Make a branch. Then: portolan set devices/sw1 status=planned --branch NAME
    Create {
        /// Its name.
        name: String,
        /// What it is for.
        #[arg(long)]
        description: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Show what a branch changed. Exit code 1 when the main line changed the same.
    Diff {
        /// Name or id.
        name: String,
        /// As JSON, one record a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Bring what a branch changed to the main line.
    Merge {
        /// Name or id.
        name: String,
        /// Try it with all rules and write nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Undo a merged branch by another one with the opposite.
    Revert {
        /// Name or id.
        name: String,
        /// Only make that branch, to be looked at.
        #[arg(long)]
        no_merge: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// Runs the command.
pub(crate) async fn branch(command: BranchCommand) -> Result<(), Failure> {
    match command {
        BranchCommand::List { state, server } => list(&connect(&server).await?, state.as_deref()).await,
        BranchCommand::Create { name, description, server } => {
            let body = json!({"name": name, "description": description});
            let made = connect(&server).await?.post(BRANCHES, &body).await?;
            println!("{}", cell(&made, "id"));
            Ok(())
        }
        BranchCommand::Diff { name, json, server } => {
            let client = connect(&server).await?;
            let id = id_of(&client, &name).await?;
            diff(&client, &id, json).await
        }
        BranchCommand::Merge { name, dry_run, server } => {
            let client = connect(&server).await?;
            let id = id_of(&client, &name).await?;
            merge(&client, &id, dry_run).await
        }
        BranchCommand::Revert { name, no_merge, server } => {
            let client = connect(&server).await?;
            let id = id_of(&client, &name).await?;
            let made = client.post(&format!("{BRANCHES}/{id}/actions/revert"), &json!({})).await?;
            println!("{} {}", cell(&made, "id"), cell(&made, "name"));
            if no_merge { Ok(()) } else { merge(&client, &cell(&made, "id"), false).await }
        }
    }
}

/// Branches themselves are in no branch.
async fn connect(server: &ServerArgs) -> Result<Client, Failure> {
    Ok(Client::connect(server).await?.on_main())
}

async fn id_of(client: &Client, name: &str) -> Result<String, Failure> {
    let found = client.get(&format!("{BRANCHES}?limit=1&name={}", escaped(name))).await?;
    let id = found["items"].get(0).map(|branch| cell(branch, "id"));
    // What has no such name may be an id; the server says so when it is none.
    Ok(id.unwrap_or_else(|| escaped(name)))
}

async fn list(client: &Client, state: Option<&str>) -> Result<(), Failure> {
    let filter = state.map(|state| format!("&state={}", escaped(state))).unwrap_or_default();
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{BRANCHES}?limit={PAGE}{filter}{cursor}")).await?;
        for branch in page["items"].as_array().into_iter().flatten() {
            rows.push(
                ["name", "state", "author", "created_at", "merged_at", "description"]
                    .map(|field| cell(branch, field))
                    .to_vec(),
            );
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", escaped(next)),
            None => break,
        }
    }
    println!("{}", table(&["name", "state", "author", "made", "merged", "description"], rows));
    Ok(())
}

async fn diff(client: &Client, id: &str, as_json: bool) -> Result<(), Failure> {
    let (mut conflicts, mut cursor) = (0, String::new());
    let totals = loop {
        let mut page = client.get(&format!("{BRANCHES}/{id}/diff?limit={PAGE}{cursor}")).await?;
        for item in page["items"].as_array().into_iter().flatten() {
            conflicts += usize::from(!item["conflict"].is_null());
            if as_json {
                println!("{item}");
            } else {
                show(item);
            }
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", escaped(next)),
            None => break page["totals"].take(),
        }
    };
    if !as_json {
        for part in totals.as_array().into_iter().flatten() {
            println!("{} {}: {}", cell(part, "action"), cell(part, "model"), part["count"]);
        }
    }
    if conflicts > 0 {
        return Err(Failure::new(format!("{conflicts} records were changed on the main line as well")));
    }
    Ok(())
}

/// One record in a few lines.
fn show(item: &Value) {
    let sign = match item["action"].as_str() {
        Some("create") => '+',
        Some("delete") => '-',
        _ => '~',
    };
    let conflict = item["conflict"]["code"].as_str().map(|code| format!("  ! {code}")).unwrap_or_default();
    println!("{sign} {} {}{conflict}", cell(item, "model"), cell(item, "display"));
    if sign == '~' {
        for (field, change) in item["changes"].as_object().into_iter().flatten() {
            println!("    {field}: {} -> {}", shown(&change["base"]), shown(&change["after"]));
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Object(reference) if reference.contains_key("display") => shown(&reference["display"]),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

async fn merge(client: &Client, id: &str, dry_run: bool) -> Result<(), Failure> {
    let body = json!({"dry_run": dry_run});
    let started = client.post(&format!("{BRANCHES}/{id}/actions/merge"), &body).await?;
    let job = client.finished(&cell(&started, "job_id"), "merge").await?;
    let verb = if dry_run { "could be merged" } else { "merged" };
    println!("{} records {verb}", job["result"]["records"]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_people_know_them() {
        for (value, text) in [
            (json!(null), "null"),
            (json!("a"), "a"),
            (json!({"id": "x", "display": "AMS 1"}), "AMS 1"),
            (json!([1, 2]), "[1,2]"),
        ] {
            assert_eq!(shown(&value), text);
        }
    }
}
