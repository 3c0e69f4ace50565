//! `portolan simulate`.

use std::io::Write;

use crate::options::{Options, SimulatorError};
use crate::simulation::Simulation;

/// Draws a network, answers for it, writes the truth, says how to ask, and ends at Ctrl-C.
pub async fn run(options: Options) -> Result<(), SimulatorError> {
    let simulation = Simulation::from_options(&options)?;
    let truth = simulation.truth();
    if let Some(path) = &options.truth {
        truth.write(path)?;
    }
    let mut lines = vec![
        format!(
            "{} devices answer SNMP on {} port {} (community {}, SNMPv3 user {} SHA-256/AES-128)",
            truth.devices.len(),
            options.listen,
            simulation.port(),
            options.community,
            options.v3.user,
        ),
        format!(
            "{} cables, {} aggregates, {} hosts; start a discovery at {} and allow {}",
            truth.cables.len(),
            truth.lags.len(),
            truth.hosts,
            truth.seed_address,
            options.listen,
        ),
    ];
    lines.extend(options.truth.iter().map(|path| format!("truth: {}", path.display())));
    lines.push("Ctrl-C ends it\n".to_owned());
    // A closed standard output is no reason to end.
    let _ = std::io::stdout().write_all(lines.join("\n").as_bytes());
    let _ = std::io::stdout().flush();
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "Ctrl-C cannot be awaited; end the process to stop the simulation");
        std::future::pending::<()>().await;
    }
    let done = simulation.statistics();
    tracing::info!(requests = done.requests, answers = done.answers, "simulation ended");
    Ok(())
}
