//! Who the machine is.

use std::fs;

use model::documents::System;

/// The machine's key and its System document.
pub(super) struct Identity {
    pub(super) key: String,
    pub(super) system: System,
}

pub(super) fn read() -> Identity {
    let name = text("/proc/sys/kernel/hostname").unwrap_or_default();
    let machine = text("/etc/machine-id").or_else(|| text("/var/lib/dbus/machine-id"));
    let release = text("/proc/sys/kernel/osrelease").unwrap_or_default();
    let distribution = fs::read_to_string("/etc/os-release").ok().and_then(|file| pretty_name(&file));
    let system = System {
        description: [distribution, Some(format!("Linux {release}"))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        forwarding: text("/proc/sys/net/ipv4/ip_forward").map(|flag| flag == "1"),
        boot_time: boot_time().map(|seconds| (seconds + 5).div_euclid(10) * 10),
        // A virtual machine's maker often leaves a placeholder here; atlas knows those.
        serial: text("/sys/class/dmi/id/product_serial"),
        services: Some(72),
        name: name.clone(),
        ..System::default()
    };
    Identity { key: machine.unwrap_or_else(|| format!("hostname:{name}")), system }
}

/// A file's first line, trimmed; `None` when it is missing or empty.
fn text(path: &str) -> Option<String> {
    let content = fs::read_to_string(path).ok()?;
    Some(content.lines().next()?.trim().to_owned()).filter(|line| !line.is_empty())
}

fn pretty_name(file: &str) -> Option<String> {
    let value = file.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim_matches(['"', '\'']).to_owned())
}

fn boot_time() -> Option<i64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_is_named() {
        let file = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(pretty_name(file).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
    }
}
