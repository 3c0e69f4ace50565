//! Settings from file, environment and flags, in rising order. One table says everything about each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;

use crate::Failure;

/// Flags of the commands that touch the server's data.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ServeArgs {
    /// Settings file (TOML); /etc/portolan/portolan.toml when it exists.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the data is.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// Address of the public listener; anything but loopback serves HTTPS.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Address of the admin listener (health, metrics); loopback only.
    #[arg(long, value_name = "ADDR:PORT")]
    admin_listen: Option<String>,
    /// URL of a PostgreSQL of your own instead of the private one.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Serve the web pages from a directory instead of from the binary.
    #[arg(long, value_name = "DIR")]
    ui_dir: Option<String>,
    /// Any other setting, as section.key=value.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// One setting: everything the reference says about it.
struct Known {
    key: &'static str,
    default: &'static str,
    meaning: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        key: "server.data_dir",
        default: "/var/lib/portolan",
        meaning: "Directory of all data: database, keys, certificate.",
    },
    Known {
        key: "server.listen",
        default: "127.0.0.1:8080",
        meaning: "Public listener. Anything but loopback serves HTTPS; port 0 lets the system choose.",
    },
    Known {
        key: "server.admin_listen",
        default: "127.0.0.1:9090",
        meaning: "Admin listener with /livez, /readyz, /metrics; loopback only, empty for none.",
    },
    Known {
        key: "server.tls_certificate",
        default: "",
        meaning: "PEM file with a certificate chain; one is made in the data directory when empty.",
    },
    Known { key: "server.tls_key", default: "", meaning: "PEM file with the key of the certificate." },
    Known {
        key: "server.cors_origins",
        default: "",
        meaning: "Origins (comma-separated) whose pages may call the API; none by default.",
    },
    Known {
        key: "server.ui_dir",
        default: "",
        meaning: "Directory with web pages instead of those in the binary.",
    },
    Known {
        key: "database.url",
        default: "",
        meaning: "PostgreSQL 15 or newer of your own, e.g. postgres://user@host/portolan; a private one is started when empty.",
    },
    Known {
        key: "database.connections",
        default: "16",
        meaning: "Connections for requests and jobs, 2 to 200.",
    },
    Known {
        key: "admin.password",
        default: "",
        meaning: "Password of the first administrator; generated and printed once when empty. Environment PORTOLAN_ADMIN_PASSWORD.",
    },
    Known {
        key: "log.level",
        default: "info",
        meaning: "trace, debug, info, warn, error, or directives like info,db=debug.",
    },
    Known { key: "log.format", default: "text", meaning: "text or json." },
    Known {
        key: "atlas.drift_debounce",
        default: "30m",
        meaning: "The longest time a difference from what is intended must last before it opens; rules that ask for more are cut to it. 0s to 24h.",
    },
    Known {
        key: "monitoring.links_interval",
        default: "30s",
        meaning: "How often known devices are asked for interfaces, LLDP, CDP, STP, LAG; 5s to 1h.",
    },
    Known {
        key: "monitoring.tables_interval",
        default: "5m",
        meaning: "How often known devices are asked for everything; 10s to 24h.",
    },
    Known {
        key: "sources.local_directories",
        default: "",
        meaning: "Directories (comma-separated) of this machine that data sources may read; none by default.",
    },
    Known {
        key: "webhooks.allowed_networks",
        default: "",
        meaning: "Networks (comma-separated, like 10.0.0.0/8) that webhooks and Git repositories may be in although they are private, link-local or loopback.",
    },
    Known { key: "jobs.workers", default: "8", meaning: "Jobs at once in this process, 1 to 64." },
];

/// The settings in effect.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) admin_listen: Option<SocketAddr>,
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) ui_dir: Option<PathBuf>,
    pub(crate) database_url: Option<String>,
    pub(crate) connections: u32,
    pub(crate) admin_password: Option<kit::SecretText>,
    pub(crate) log_level: String,
    pub(crate) log_json: bool,
    pub(crate) drift_debounce: Duration,
    pub(crate) links_interval: Duration,
    pub(crate) tables_interval: Duration,
    pub(crate) job_workers: usize,
    pub(crate) webhook_networks: Vec<IpNet>,
    pub(crate) source_directories: Vec<PathBuf>,
}

/// Values by key, each layer over the one before.
type Values = BTreeMap<String, String>;

/// Loads the settings.
pub(crate) fn load(args: &ServeArgs) -> Result<Settings, Failure> {
    let mut values: Values =
        KNOWN.iter().map(|known| (known.key.to_owned(), known.default.to_owned())).collect();
    let file = args.config.clone().or_else(|| {
        let usual = PathBuf::from("/etc/portolan/portolan.toml");
        usual.exists().then_some(usual)
    });
    if let Some(file) = file {
        let text = std::fs::read_to_string(&file)
            .map_err(|error| Failure::config(format!("settings file {}: {error}", file.display())))?;
        from_toml(&text, &mut values)
            .map_err(|error| Failure::config(format!("{}: {error}", file.display())))?;
    }
    from_environment(std::env::vars(), &mut values);
    from_flags(args, &mut values).map_err(Failure::config)?;
    settings(&values).map_err(Failure::config)
}

fn put(values: &mut Values, key: &str, value: String) -> Result<(), String> {
    if KNOWN.iter().any(|known| known.key == key) {
        values.insert(key.to_owned(), value);
        return Ok(());
    }
    Err(format!("there is no setting {key}.{}", nearest(key)))
}

fn nearest(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    KNOWN
        .iter()
        .find(|known| known.key.ends_with(last) || known.key.split('.').next() == key.split('.').next())
        .map(|known| format!(" Did you mean {}?", known.key))
        .unwrap_or_default()
}

fn from_toml(text: &str, values: &mut Values) -> Result<(), String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    for (section, entries) in table {
        let toml::Value::Table(entries) = entries else {
            return Err(format!("{section} must be a section like [server]"));
        };
        for (name, value) in entries {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(items) => {
                    items.iter().map(|item| item.as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            };
            put(values, &format!("{section}.{name}"), value)?;
        }
    }
    Ok(())
}

/// `PORTOLAN_SECTION_KEY`. Names with another meaning to this program are left alone.
fn from_environment(variables: impl Iterator<Item = (String, String)>, values: &mut Values) {
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix("PORTOLAN_") else { continue };
        let lower = rest.to_lowercase();
        let key = KNOWN.iter().map(|known| known.key).find(|key| key.replace('.', "_") == lower);
        if let Some(key) = key {
            values.insert(key.to_owned(), value);
        }
    }
}

fn from_flags(args: &ServeArgs, values: &mut Values) -> Result<(), String> {
    let flags = [
        ("server.data_dir", &args.data_dir),
        ("server.listen", &args.listen),
        ("server.admin_listen", &args.admin_listen),
        ("server.ui_dir", &args.ui_dir),
        ("database.url", &args.database_url),
    ];
    for (key, value) in flags {
        if let Some(value) = value {
            put(values, key, value.clone())?;
        }
    }
    for pair in &args.set {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| format!("--set {pair}: write section.key=value"))?;
        put(values, key, value.to_owned())?;
    }
    Ok(())
}

fn settings(values: &Values) -> Result<Settings, String> {
    let text = |key: &str| values.get(key).cloned().unwrap_or_default();
    let optional = |key: &str| Some(text(key)).filter(|value| !value.is_empty());
    let address = |key: &str| -> Result<SocketAddr, String> {
        text(key)
            .parse()
            .map_err(|_| format!("{key}: `{}` is no address. Write 127.0.0.1:8080 or [::1]:8080.", text(key)))
    };
    let number = |key: &str, range: std::ops::RangeInclusive<u32>| -> Result<u32, String> {
        text(key).parse().ok().filter(|value| range.contains(value)).ok_or_else(|| {
            format!("{key}: `{}` is no number from {} to {}.", text(key), range.start(), range.end())
        })
    };
    let interval = |key: &str, range: std::ops::RangeInclusive<u64>| -> Result<Duration, String> {
        duration(&text(key)).filter(|value| range.contains(&value.as_secs())).ok_or_else(|| {
            format!(
                "{key}: `{}` is no time from {} s to {} s. Write 30s, 5m or 1h.",
                text(key),
                range.start(),
                range.end()
            )
        })
    };
    let admin_listen = optional("server.admin_listen").map(|_| address("server.admin_listen")).transpose()?;
    if let Some(admin) = admin_listen
        && !admin.ip().is_loopback()
    {
        return Err("server.admin_listen must be a loopback address: it has no login.".to_owned());
    }
    let tls = match (optional("server.tls_certificate"), optional("server.tls_key")) {
        (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
        (None, None) => None,
        _ => return Err("server.tls_certificate and server.tls_key go together.".to_owned()),
    };
    let log_json = match text("log.format").as_str() {
        "json" => true,
        "text" => false,
        other => return Err(format!("log.format: `{other}` is neither text nor json.")),
    };
    Ok(Settings {
        data_dir: absolute(&text("server.data_dir"))?,
        listen: address("server.listen")?,
        admin_listen,
        tls,
        cors_origins: text("server.cors_origins")
            .split(',')
            .map(str::trim)
            .filter(|o| !o.is_empty())
            .map(str::to_owned)
            .collect(),
        ui_dir: optional("server.ui_dir").map(PathBuf::from),
        database_url: optional("database.url"),
        connections: number("database.connections", 2..=200)?,
        admin_password: optional("admin.password").map(kit::SecretText::new),
        log_level: text("log.level"),
        log_json,
        drift_debounce: interval("atlas.drift_debounce", 0..=86_400)?,
        links_interval: interval("monitoring.links_interval", 5..=3600)?,
        tables_interval: interval("monitoring.tables_interval", 10..=86_400)?,
        job_workers: number("jobs.workers", 1..=64)? as usize,
        source_directories: text("sources.local_directories")
            .split(',')
            .map(str::trim)
            .filter(|directory| !directory.is_empty())
            .map(PathBuf::from)
            .collect(),
        webhook_networks: networks("webhooks.allowed_networks", &text("webhooks.allowed_networks"))?,
    })
}

/// Networks with commas between them.
fn networks(key: &str, text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| part.parse().map_err(|_| format!("{key}: `{part}` is no network. Write 10.0.0.0/8.")))
        .collect()
}

fn absolute(path: &str) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("server.data_dir: {error}"))
}

/// `30s`, `5m`, `1h`, `500ms`, or plain seconds.
fn duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let value: u64 = digits.parse().ok()?;
    match unit {
        "" | "s" => Some(Duration::from_secs(value)),
        "ms" => Some(Duration::from_millis(value)),
        "m" => Some(Duration::from_secs(value.checked_mul(60)?)),
        "h" => Some(Duration::from_secs(value.checked_mul(3600)?)),
        _ => None,
    }
}

/// The reference as Markdown, generated from the table above.
pub(crate) fn reference() -> String {
    let mut text = String::from(
        "# Settings\n\nGenerated by `portolan settings`. A setting is taken from the settings file (`[section]` `key = value`), \
         the environment (`PORTOLAN_SECTION_KEY`) and flags (`--set section.key=value`), each over the one before.\n\n\
         | key | default | meaning |\n| --- | --- | --- |\n",
    );
    for known in KNOWN {
        let default = if known.default.is_empty() { "" } else { known.default };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            known.key,
            if default.is_empty() { "-".to_owned() } else { format!("`{default}`") },
            known.meaning
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Values {
        KNOWN.iter().map(|known| (known.key.to_owned(), known.default.to_owned())).collect()
    }

    #[test]
    fn layers_lie_over_each_other() {
        let mut values = defaults();
        from_toml("[server]\nlisten = \"127.0.0.1:1\"\n[jobs]\nworkers = 2\n", &mut values).unwrap();
        from_environment(
            [("PORTOLAN_SERVER_LISTEN".into(), "127.0.0.1:2".into()), ("PORTOLAN_OTHER".into(), "x".into())]
                .into_iter(),
            &mut values,
        );
        let args = ServeArgs { listen: Some("127.0.0.1:3".into()), ..ServeArgs::default() };
        assert_eq!(settings(&values).unwrap().listen.port(), 2);
        from_flags(&args, &mut values).unwrap();
        let settings = settings(&values).unwrap();
        assert_eq!((settings.listen.port(), settings.job_workers), (3, 2));
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, part) in [
            ("server.listen", "8080", "no address"),
            ("server.admin_listen", "0.0.0.0:9090", "loopback"),
            ("server.tls_key", "x.pem", "go together"),
            ("log.format", "xml", "neither"),
            ("monitoring.links_interval", "1s", "5 s to"),
            ("database.connections", "0", "2 to 200"),
            ("webhooks.allowed_networks", "10.0.0.0/8, 10.0.0.x", "`10.0.0.x` is no network"),
        ] {
            let mut values = defaults();
            values.insert(key.into(), value.into());
            let error = settings(&values).unwrap_err();
            assert!(error.contains(part), "{key}: {error}");
        }
        assert!(
            from_toml("[server]\nlissten = \"x\"\n", &mut defaults()).unwrap_err().contains("Did you mean")
        );
    }

    #[test]
    fn the_committed_reference_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, reference()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap_or_default(),
            reference(),
            "run UPDATE=1 cargo test -p portolan"
        );
    }
}
