//! `portolan import`: types of devices from files (`library`), and all of a NetBox (everything else).
//!
//! `portolan import netbox`: a running NetBox into a tenant of a running Portolan, over the REST API of
//! the one and the NetBox door of the other.
//!
//! With `--follow` it goes on after the copy: see `follow`.
//!
//! What there is at the target is the memory of the import: an object whose id is there is not made
//! again, a field that is equal is not written again. So a run that was stopped goes on where it was, and
//! a second run writes nothing.

mod accounts;
mod follow;
mod library;
mod pictures;
mod progress;
mod remote;
mod report;
mod run;
mod writing;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use inventory::netbox_copy::Plan;

use self::follow::Follow;
use self::remote::Remote;
use self::report::Report;
use self::run::{Options, Run};
use crate::Failure;

/// What is imported.
#[derive(Subcommand)]
pub(crate) enum ImportCommand {
    /// Copy a running NetBox over its REST API into a tenant, ids kept. Can be stopped and run again.
    Netbox(Box<Args>),
    /// Types of devices, modules and racks from YAML files of the community's form. Can be run again.
    DeviceTypes(Box<library::LibraryArgs>),
}

/// From where, to where, and how.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags of a command line")]
pub(crate) struct Args {
    /// The NetBox, like https://netbox.example.net
    #[arg(value_name = "URL")]
    url: String,
    /// Token of the NetBox: v1, or v2 (nbt_...). Better in the environment or in a file.
    #[arg(long, env = "NETBOX_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// A file with the token of the NetBox.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Accept any certificate of the NetBox.
    #[arg(long)]
    insecure: bool,
    /// The Portolan.
    #[arg(long, env = "PORTOLAN_SERVER", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    to: String,
    /// Token of the Portolan; its owner must be an administrator of the tenant.
    #[arg(long, env = "PORTOLAN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    to_token: String,
    /// Accept any certificate of the Portolan.
    #[arg(long)]
    to_insecure: bool,
    /// Into this tenant; else into the one of the token's owner.
    #[arg(long, value_name = "UUID")]
    tenant: Option<String>,
    /// Read, count and check only.
    #[arg(long)]
    dry_run: bool,
    /// Make objects that are here under the same id, but are other ones, like those of the NetBox.
    #[arg(long)]
    overwrite: bool,
    /// Leave out an endpoint like extras/bookmarks; may be repeated.
    #[arg(long, value_name = "ENDPOINT")]
    skip: Vec<String>,
    /// Objects of one write.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=1000))]
    batch: u16,
    /// After the copy, go on with every change of the NetBox until stopped (Ctrl-C). Can be run again.
    #[arg(long, conflicts_with = "dry_run")]
    follow: bool,
    /// Look for changes this often, seconds.
    #[arg(long, default_value_t = 10, value_name = "SECONDS", requires = "follow",
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    every: u32,
    /// Where to remember which changes were followed.
    #[arg(long, default_value = "netbox-follow.json", value_name = "FILE", requires = "follow")]
    state: PathBuf,
    /// Write the report here, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs the command.
pub(crate) async fn import(command: ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::Netbox(args) => netbox(*args).await,
        ImportCommand::DeviceTypes(args) => library::device_types(*args).await,
    }
}

async fn netbox(args: Args) -> Result<(), Failure> {
    let plan = Plan::new();
    for path in &args.skip {
        if !plan.steps().iter().any(|step| step.path() == path) {
            return Err(Failure::new(format!("--skip {path}: there is no such endpoint")));
        }
    }
    let source = Remote::netbox(&args.url, &token(&args)?, args.insecure)?;
    let target = Remote::portolan(&args.to, &args.to_token, args.tenant.as_deref(), args.to_insecure)?;
    let options = Options {
        dry_run: args.dry_run,
        overwrite: args.overwrite,
        batch: usize::from(args.batch),
        skip: args.skip.clone(),
    };
    let mut run = Run::new(&source, &target, &plan, options);
    if args.follow {
        let follow = Follow {
            every: Duration::from_secs(args.every.into()),
            into: format!("{} {}", target.base(), args.tenant.as_deref().unwrap_or("-")),
            state: args.state.clone(),
        };
        return follow.run(&mut run, |report| told(&args, report)).await;
    }
    run.whole().await?;
    told(&args, &run.report)?;
    if run.report.is_whole() {
        Ok(())
    } else {
        Err(Failure::incomplete("not everything could be copied; the report above says what and why"))
    }
}

/// The report of a copy: for people, and as a file.
fn told(args: &Args, report: &Report) -> Result<(), Failure> {
    if let Some(path) = &args.report {
        let mut file = std::fs::File::create(path)?;
        file.write_all(serde_json::to_string_pretty(&report.document())?.as_bytes())?;
        file.write_all(b"\n")?;
    }
    print!("{}", report.text());
    Ok(())
}

/// The token of the NetBox.
fn token(args: &Args) -> Result<String, Failure> {
    let token = match &args.token_file {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("--token-file {}: {error}", path.display())))?,
        None => args.token.clone().unwrap_or_default(),
    };
    let token = token.trim().to_owned();
    if token.is_empty() {
        return Err(Failure::new("give the token of the NetBox: NETBOX_TOKEN, --token-file or --token"));
    }
    Ok(token)
}
