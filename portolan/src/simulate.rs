//! `portolan simulate`: flags of the network in a box.

use std::path::PathBuf;

use simulator::Options;

use crate::Failure;

/// A network in a box.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Devices that speak SNMP.
    #[arg(long, default_value_t = 50)]
    devices: usize,
    /// Equal seeds give equal networks.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Interfaces of a network device.
    #[arg(long, default_value_t = 50)]
    interfaces: usize,
    /// End hosts without SNMP behind each access switch.
    #[arg(long, default_value_t = 6)]
    hosts: usize,
    /// Management addresses, inside 127.0.0.0/8.
    #[arg(long, default_value = "127.1.0.0/16", value_name = "PREFIX")]
    listen: ipnet::Ipv4Net,
    /// UDP port of all agents; 0 takes a free one.
    #[arg(long, default_value_t = 16_161)]
    port: u16,
    /// Write the truth here.
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Read community.
    #[arg(long, default_value = "public")]
    community: String,
    /// Share of devices without LLDP and CDP, 0 to 1.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    no_lldp: f64,
    /// Share of devices with CDP but no LLDP.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    cdp_only: f64,
    /// Share of devices that carry another one's name.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    clones: f64,
    /// Share of access switches with an unmanaged switch below.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    unmanaged: f64,
    /// Share of sites with the same private addresses.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    overlap: f64,
    /// Share of forwarding table rows that are missing.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    fdb_loss: f64,
    /// Agents that behave badly: all, none, or names.
    #[arg(long, default_value = "none", value_name = "KINDS")]
    lame: simulator::LameChoice,
}

/// Answers until Ctrl-C.
pub(crate) async fn simulate(args: Args) -> Result<(), Failure> {
    let options = Options {
        devices: args.devices,
        seed: args.seed,
        interfaces: args.interfaces,
        hosts: args.hosts,
        listen: args.listen,
        port: args.port,
        truth: args.truth,
        community: args.community,
        no_lldp: args.no_lldp,
        cdp_only: args.cdp_only,
        clones: args.clones,
        unmanaged: args.unmanaged,
        overlap: args.overlap,
        fdb_loss: args.fdb_loss,
        lame: args.lame,
        ..Options::default()
    };
    options.check()?;
    Ok(simulator::run(options).await?)
}
