//! What can be asked of the simulator.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use ipnet::Ipv4Net;

use crate::plan::Lame;

/// Which lame agents are planted, one device for each kind named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LameChoice {
    /// None.
    #[default]
    None,
    /// One of every kind.
    All,
    /// One of each kind listed.
    Only(Vec<Lame>),
}

impl std::str::FromStr for LameChoice {
    type Err = SimulatorError;

    /// `none`, `all`, or names of [`Lame`] separated by commas.
    fn from_str(text: &str) -> Result<Self, SimulatorError> {
        match text.trim() {
            "" | "none" => Ok(Self::None),
            "all" => Ok(Self::All),
            list => list
                .split(',')
                .map(|name| {
                    let name = name.trim();
                    Lame::parse(name).ok_or_else(|| SimulatorError::UnknownLame(name.to_owned()))
                })
                .collect::<Result<Vec<_>, _>>()
                .map(Self::Only),
        }
    }
}

impl LameChoice {
    /// The kinds to plant.
    pub fn kinds(&self) -> &[Lame] {
        match self {
            Self::None => &[],
            Self::All => Lame::ALL,
            Self::Only(list) => list,
        }
    }
}

/// The SNMPv3 user every agent knows (authPriv).
#[derive(Clone)]
pub struct V3Access {
    /// User name.
    pub user: String,
    /// Authentication pass phrase (HMAC-SHA-256), at least 8 characters.
    pub auth_password: String,
    /// Privacy pass phrase (AES-128-CFB), at least 8 characters.
    pub priv_password: String,
}

impl std::fmt::Debug for V3Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("V3Access").field("user", &self.user).finish_non_exhaustive()
    }
}

/// All settings of a simulation. `Options::default()` is a healthy network of 50 devices.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of devices that speak SNMP (`--devices`), 1 to 16,000.
    pub devices: usize,
    /// Seed (`--seed`): equal seeds and options give equal networks.
    pub seed: u64,
    /// Interfaces per network device (`--interfaces`); a device that needs more ports gets more,
    /// servers have a handful.
    pub interfaces: usize,
    /// End hosts without SNMP per access switch (`--hosts`), seen in FDB, ARP and ND.
    pub hosts: usize,
    /// Where management addresses are taken from (`--listen`), inside 127.0.0.0/8.
    pub listen: Ipv4Net,
    /// UDP port of all agents (`--port`); 0 takes a free one.
    pub port: u16,
    /// Where the truth is written (`--truth`).
    pub truth: Option<PathBuf>,
    /// v1/v2c read community (`--community`).
    pub community: String,
    /// SNMPv3 user.
    pub v3: V3Access,
    /// Share of devices that neither send nor receive LLDP and CDP (`--no-lldp`), 0 to 1.
    pub no_lldp: f64,
    /// Share of Cisco devices that speak CDP but no LLDP (`--cdp-only`), 0 to 1.
    pub cdp_only: f64,
    /// Share of devices that carry the name of another one, half of them its serial number and
    /// engine id too (`--clones`), 0 to 1.
    pub clones: f64,
    /// Share of access switches below which an unmanaged switch hides (`--unmanaged`), 0 to 1.
    pub unmanaged: f64,
    /// Share of campus sites that use the same private prefix 192.168.1.0/24 (`--overlap`), 0 to 1.
    pub overlap: f64,
    /// Share of end hosts that are phones announcing themselves by LLDP (`--phones`), 0 to 1.
    pub phones: f64,
    /// Share of forwarding table rows that are missing, aged out (`--fdb-loss`), 0 to 1.
    pub fdb_loss: f64,
    /// Lame agents (`--lame all|none|NAME,NAME`).
    pub lame: LameChoice,
    /// Receiving threads (`--workers`).
    pub workers: usize,
    /// Largest answer in octets, as most agents have it (`--max-message`).
    pub max_message: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            devices: 50,
            seed: 1,
            interfaces: 50,
            hosts: 6,
            listen: Ipv4Net::new_assert(Ipv4Addr::new(127, 1, 0, 0), 16),
            port: 16_161,
            truth: None,
            community: "public".to_owned(),
            v3: V3Access {
                user: "portolan".to_owned(),
                auth_password: "portolan-auth".to_owned(),
                priv_password: "portolan-priv".to_owned(),
            },
            no_lldp: 0.0,
            cdp_only: 0.0,
            clones: 0.0,
            unmanaged: 0.0,
            overlap: 0.0,
            phones: 0.1,
            fdb_loss: 0.0,
            lame: LameChoice::None,
            workers: 2,
            max_message: 1472,
        }
    }
}

/// Most devices of one simulation: device ids fill 14 bits of the MAC addresses.
pub const MAX_DEVICES: usize = 16_000;

impl Options {
    /// Refuses settings that cannot work, naming the option, the reason and the remedy.
    pub fn check(&self) -> Result<(), SimulatorError> {
        let bad = |option, reason: String| Err(SimulatorError::Option { option, reason });
        if !(1..=MAX_DEVICES).contains(&self.devices) {
            return bad("devices", format!("{} is outside 1 to {MAX_DEVICES}", self.devices));
        }
        if !(4..=512).contains(&self.interfaces) {
            return bad("interfaces", format!("{} is outside 4 to 512", self.interfaces));
        }
        if self.hosts > 256 {
            return bad("hosts", format!("{} is more than 256 per switch", self.hosts));
        }
        if !self.listen.addr().is_loopback() || self.listen.prefix_len() < 8 {
            return bad("listen", format!("{} is not inside 127.0.0.0/8", self.listen));
        }
        if self.community.is_empty() || self.community.contains('@') {
            return bad("community", "it must not be empty and not contain `@`".to_owned());
        }
        if self.v3.auth_password.len() < 8 || self.v3.priv_password.len() < 8 {
            return bad("v3", "pass phrases need at least 8 characters (RFC 3414)".to_owned());
        }
        if !(1..=64).contains(&self.workers) {
            return bad("workers", format!("{} is outside 1 to 64", self.workers));
        }
        if !(484..=65_507).contains(&self.max_message) {
            return bad("max-message", format!("{} is outside 484 to 65507", self.max_message));
        }
        for (option, share) in [
            ("no-lldp", self.no_lldp),
            ("cdp-only", self.cdp_only),
            ("clones", self.clones),
            ("unmanaged", self.unmanaged),
            ("overlap", self.overlap),
            ("phones", self.phones),
            ("fdb-loss", self.fdb_loss),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return bad(option, format!("{share} is no share between 0 and 1"));
            }
        }
        Ok(())
    }
}

/// Why a simulation cannot be made or started.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// A setting outside its limits.
    #[error("option {option}: {reason}")]
    Option {
        /// The option's long name.
        option: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A name that is no lame agent.
    #[error("option lame: `{0}` is unknown; use all, none, or names from `portolan simulate --help`")]
    UnknownLame(String),
    /// The prefix has too few addresses.
    #[error(
        "option listen: {listen} has too few addresses for {devices} devices; use a shorter prefix such as 127.0.0.0/8"
    )]
    NoAddresses {
        /// The prefix.
        listen: Ipv4Net,
        /// Devices wanted.
        devices: usize,
    },
    /// The port cannot be had.
    #[error("UDP port {port} cannot be opened: {source}; choose another with --port")]
    Bind {
        /// The port.
        port: u16,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The truth cannot be written.
    #[error("truth file {path}: {source}")]
    Truth {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_options_name_themselves() {
        assert!(Options::default().check().is_ok());
        let cases: [(&str, Options); 5] = [
            ("devices", Options { devices: 0, ..Options::default() }),
            ("clones", Options { clones: 1.5, ..Options::default() }),
            ("listen", Options { listen: "10.0.0.0/8".parse().unwrap(), ..Options::default() }),
            ("community", Options { community: "a@b".into(), ..Options::default() }),
            ("max-message", Options { max_message: 100, ..Options::default() }),
        ];
        for (name, options) in cases {
            let text = options.check().unwrap_err().to_string();
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn lame_choices_are_read() {
        assert_eq!("all".parse::<LameChoice>().unwrap().kinds().len(), Lame::ALL.len());
        assert_eq!("silent, slow".parse::<LameChoice>().unwrap().kinds(), [Lame::Silent, Lame::Slow]);
        assert!("silent,nonsense".parse::<LameChoice>().unwrap_err().to_string().contains("nonsense"));
    }
}
