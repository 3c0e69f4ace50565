//! The `portolan` binary: argument parsing and wiring, nothing else.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program talks on its terminal"
)]

mod account;
mod branch;
mod client;
mod discover;
mod doctor;
mod drift;
mod import;
mod mcp;
mod plugins;
mod records;
mod serve;
mod settings;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Gives memory back after a big map was rebuilt; the C library's allocator keeps most of it.
/// Tuned in `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A network infrastructure platform: one live model of the network.
#[derive(Parser)]
#[command(name = "portolan", version, about, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(settings::ServeArgs),
    /// Bring the database to this version and stop.
    Migrate(settings::ServeArgs),
    /// Discover a network: against a server, or once without one.
    Discover(discover::Args),
    /// Show one record: portolan get devices/sw1
    Get(records::GetArgs),
    /// List records: portolan find devices name~=core --fields name,site
    Find(records::FindArgs),
    /// Change one record: portolan set devices/sw1 status=planned
    Set(records::SetArgs),
    /// Serve the Model Context Protocol on standard input and output, for a program that uses a language model.
    Mcp(mcp::Args),
    /// Import from elsewhere: a running NetBox, files with types of devices.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Users: list, add, set a password.
    #[command(subcommand)]
    User(account::UserCommand),
    /// API tokens: list, create, revoke.
    #[command(subcommand)]
    Token(account::TokenCommand),
    /// Tenants: list, create.
    #[command(subcommand)]
    Tenant(account::TenantCommand),
    /// What differs from what is intended: list, accept, ignore, import.
    #[command(subcommand)]
    Drift(drift::DriftCommand),
    /// Changes that nobody else sees until they are merged: list, create, diff, merge, revert.
    #[command(subcommand)]
    Branch(branch::BranchCommand),
    /// Look at what the server needs and has: binaries, data directory, database catalogue.
    Doctor(settings::ServeArgs),
    /// A network in a box: simulated devices that answer SNMP on loopback.
    Simulate(simulate::Args),
    /// Version, and what this build contains.
    Version,
    /// The reference of all settings, as Markdown.
    Settings,
    /// The OpenAPI document of this build.
    Openapi(settings::ServeArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("portolan: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    // The ring provider for every TLS client and server of this process.
    let _installed = rustls::crypto::ring::default_provider().install_default().is_ok();
    let result = runtime.block_on(run(cli.command));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("portolan: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => serve::serve(&settings::load(&args)?).await,
        Command::Migrate(args) => serve::migrate(&settings::load(&args)?).await,
        Command::Openapi(args) => serve::openapi(&settings::load(&args)?).await,
        Command::Doctor(args) => doctor::doctor(&settings::load(&args)?).await,
        Command::Discover(args) => discover::discover(args).await,
        Command::Branch(command) => branch::branch(command).await,
        Command::Drift(command) => drift::drift(command).await,
        Command::Get(args) => records::get(args).await,
        Command::Find(args) => records::find(args).await,
        Command::Set(args) => records::set(args).await,
        Command::Mcp(args) => mcp::mcp(args).await,
        Command::Import(command) => import::import(command).await,
        Command::User(command) => account::user(command).await,
        Command::Token(command) => account::token(command).await,
        Command::Tenant(command) => account::tenant(command).await,
        Command::Simulate(args) => simulate::simulate(args).await,
        Command::Version => {
            println!("portolan {}", env!("CARGO_PKG_VERSION"));
            for manifest in plugins::manifests() {
                println!("  {} {}: {}", manifest.name, manifest.version, manifest.description);
            }
            Ok(())
        }
        Command::Settings => {
            print!("{}", settings::reference());
            Ok(())
        }
    }
}

/// Why a command ended badly, in one line for people, with its exit code.
pub(crate) struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    /// Exit code 1.
    pub(crate) fn new(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), code: 1 }
    }

    /// Done, but not all of it: exit code 3.
    pub(crate) fn incomplete(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), code: 3 }
    }

    /// Wrong settings or a wrong composition: exit code 78 (EX_CONFIG).
    pub(crate) fn config(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), code: 78 }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}
