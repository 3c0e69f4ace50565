//! A discovery as users order it, checked and turned into the engine's work order.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::secrets::SecretPlace;
use kit::{FieldError, Problem, ReadTx, SecretText, Secrets};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::discovery::{CrawlOrder, DeviceLimits};
use crate::models::CREDENTIAL;
use crate::snmp::{Credential, Secret, SnmpAuth, V3User};
use crate::store::{self, CredentialRow};

/// Seeds, credentials and limits of a discovery.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// Addresses at which it begins.
    #[schema(value_type = Vec<String>, example = json!(["10.1.99.1"]))]
    pub(crate) seeds: Vec<String>,
    /// Credentials to be tried, in this order; all of the tenant when empty.
    #[serde(default)]
    pub(crate) credentials: Vec<Uuid>,
    /// Only addresses inside these prefixes are asked.
    #[schema(value_type = Vec<String>, example = json!(["10.0.0.0/8"]))]
    pub(crate) allow: Vec<String>,
    /// Addresses inside these are never asked.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) deny: Vec<String>,
    /// Steps away from the seeds.
    #[serde(default = "default_depth")]
    pub(crate) max_depth: u32,
    /// Devices at most.
    #[serde(default = "default_devices")]
    pub(crate) max_devices: usize,
    /// UDP port of the agents.
    #[serde(default = "default_port")]
    pub(crate) port: u16,
    /// Packets per second and device at most.
    #[serde(default = "default_rate")]
    pub(crate) rate: u32,
    /// Routing domain in which the addresses are meant.
    #[serde(default = "default_partition")]
    pub(crate) partition: String,
}

fn default_depth() -> u32 {
    8
}
fn default_devices() -> usize {
    5000
}
fn default_port() -> u16 {
    161
}
fn default_rate() -> u32 {
    50
}
fn default_partition() -> String {
    "default".to_owned()
}

impl Request {
    /// The work order without credentials.
    ///
    /// # Errors
    /// 422 with every wrong field.
    pub(crate) fn order(&self, credentials: Vec<Credential>) -> Result<CrawlOrder, Problem> {
        let mut errors = Vec::new();
        let seeds =
            parse::<IpAddr>("seeds", &self.seeds, "an IPv4 or IPv6 address like 10.1.99.1", &mut errors);
        let allow = parse::<IpNet>("allow", &self.allow, "a prefix like 10.0.0.0/8", &mut errors);
        let deny = parse::<IpNet>("deny", &self.deny, "a prefix like 10.0.0.0/8", &mut errors);
        if self.partition.is_empty() || self.partition.chars().count() > 64 || self.partition.contains('\0') {
            push(&mut errors, "/partition", "length", "A routing domain has 1 to 64 characters.");
        }
        let mut order = CrawlOrder::new(seeds, credentials, allow);
        order.deny = deny;
        order.max_depth = self.max_depth;
        order.max_devices = self.max_devices;
        order.port = self.port;
        order.partition.clone_from(&self.partition);
        order.limits = DeviceLimits { rate: self.rate, ..DeviceLimits::default() };
        if errors.is_empty() {
            for error in order.check() {
                push(
                    &mut errors,
                    &format!("/{}", error.field),
                    "invalid",
                    &format!("{}: {}", error.field, error.message),
                );
            }
        }
        if errors.is_empty() { Ok(order) } else { Err(Problem::invalid(errors)) }
    }
}

fn push(errors: &mut Vec<FieldError>, pointer: &str, code: &'static str, message: &str) {
    errors.push(FieldError { pointer: pointer.to_owned(), code: code.into(), message: message.to_owned() });
}

fn parse<T: std::str::FromStr>(
    field: &str,
    texts: &[String],
    form: &str,
    errors: &mut Vec<FieldError>,
) -> Vec<T> {
    if texts.len() > 256 {
        push(errors, &format!("/{field}"), "too_many", "At most 256 are taken.");
        return Vec::new();
    }
    let mut values = Vec::with_capacity(texts.len());
    for (n, text) in texts.iter().enumerate() {
        match text.trim().parse() {
            Ok(value) => values.push(value),
            Err(_) => {
                push(
                    errors,
                    &format!("/{field}/{n}"),
                    "format",
                    &format!("`{}` is not {form}.", shown(text)),
                );
            }
        }
    }
    values
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Opens credentials, in the order of `ids`.
///
/// # Errors
/// 422 for an unknown id; 503 when secrets cannot be opened.
pub(crate) async fn open_credentials(
    tx: &mut ReadTx,
    secrets: &dyn Secrets,
    ids: &[Uuid],
) -> Result<Vec<Credential>, Problem> {
    let rows = store::credentials(tx, ids).await?;
    let mut opened = Vec::with_capacity(ids.len());
    for (n, id) in ids.iter().enumerate() {
        let row = rows.iter().find(|row| row.id == *id).ok_or_else(|| {
            Problem::field(
                format!("/credentials/{n}"),
                "unknown",
                "There is no such credential in this tenant.",
            )
        })?;
        opened.push(open(tx, secrets, row).await?);
    }
    Ok(opened)
}

async fn open(tx: &mut ReadTx, secrets: &dyn Secrets, row: &CredentialRow) -> Result<Credential, Problem> {
    let mut clear =
        async |field: &'static str, sealed: &Option<Vec<u8>>| -> Result<Option<SecretText>, Problem> {
            let place = SecretPlace { model: CREDENTIAL.name, id: row.id, field };
            match sealed {
                Some(sealed) => secrets.open(tx, place, sealed).await.map(Some),
                None => Ok(None),
            }
        };
    let community = clear("community", &row.community).await?;
    let auth_key = clear("auth_key", &row.auth_key).await?;
    let priv_key = clear("priv_key", &row.priv_key).await?;
    let secret =
        |text: Option<SecretText>| Secret::new(text.map(|t| t.expose().to_owned()).unwrap_or_default());
    let protocol = |name: &Option<String>| name.clone().filter(|name| name != "none");
    let auth = match row.kind.as_str() {
        "v1" => SnmpAuth::V1 { community: secret(community) },
        "v3" => {
            let auth = protocol(&row.auth_protocol)
                .map(|name| name.parse().map(|protocol| (protocol, secret(auth_key))))
                .transpose()
                .map_err(|_| Problem::internal("unknown authentication protocol"))?;
            let privacy = protocol(&row.priv_protocol)
                .map(|name| name.parse().map(|protocol| (protocol, secret(priv_key))))
                .transpose()
                .map_err(|_| Problem::internal("unknown privacy protocol"))?;
            SnmpAuth::V3(V3User {
                user: row.username.clone().unwrap_or_default(),
                auth,
                privacy,
                context: row.context.clone().unwrap_or_default(),
            })
        }
        _ => SnmpAuth::V2c { community: secret(community) },
    };
    Ok(Credential { id: row.id.to_string(), auth })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let request: Request = serde_json::from_value(serde_json::json!({
            "seeds": ["10.1.99.1", "core1"], "allow": ["10.0.0.0/33"], "port": 161,
        }))
        .unwrap();
        let pointers: Vec<String> = match request.order(vec![Credential::v2c("x", "public")]) {
            Err(problem) => problem.errors.into_iter().map(|error| error.pointer).collect(),
            Ok(_) => Vec::new(),
        };
        assert_eq!(pointers, ["/seeds/1", "/allow/0"]);
    }
}
