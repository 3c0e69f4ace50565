//! SNMP credentials and discovery scopes as records.

use std::net::IpAddr;

use kit::record::{Choice, DefaultValue, FieldKind, Hooks, Model, Operations, Record};
use kit::{Ctx, Field, FieldError};
use serde_json::Value;

/// All models of monitoring.
pub const MODELS: &[&Model] = &[&CREDENTIAL, &SCOPE];

const VERSIONS: &[Choice] = &[
    Choice::toned("v2c", "SNMP v2c", "muted"),
    Choice::toned("v3", "SNMP v3", "ok"),
    Choice::toned("v1", "SNMP v1", "warning"),
];

const AUTH: &[Choice] = &[
    Choice::new("none", "None"),
    Choice::toned("md5", "MD5", "warning"),
    Choice::new("sha1", "SHA-1"),
    Choice::new("sha224", "SHA-224"),
    Choice::toned("sha256", "SHA-256", "ok"),
    Choice::toned("sha384", "SHA-384", "ok"),
    Choice::toned("sha512", "SHA-512", "ok"),
];

const PRIVACY: &[Choice] = &[
    Choice::new("none", "None"),
    Choice::toned("des", "DES", "warning"),
    Choice::toned("aes128", "AES-128", "ok"),
    Choice::toned("aes192", "AES-192", "ok"),
    Choice::toned("aes256", "AES-256", "ok"),
    Choice::new("aes192c", "AES-192 (Cisco key extension)"),
    Choice::new("aes256c", "AES-256 (Cisco key extension)"),
];

/// How devices are asked.
pub static CREDENTIAL: Model = Model {
    name: "monitoring.credential",
    table: "monitoring.credential",
    product: "monitoring",
    collection: "credentials",
    title: "Credential",
    title_plural: "Credentials",
    description: "SNMP communities and users with which devices are asked. Secrets can be written, never read.",
    icon: "key",
    nav_group: Some("Discovery"),
    permission: "monitoring/credentials",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[
        Field::text("name", "Name", 64).required().unique().search().list().placeholder("campus read-only"),
        Field::choice("kind", "Version", VERSIONS).default(DefaultValue::Text("v2c")).list(),
        Field::new("community", "Community", FieldKind::Secret { min: 1, max: 255 })
            .required()
            .show_when("kind", &["v1", "v2c"]),
        Field::text("username", "User", 32).required().list().show_when("kind", &["v3"]),
        Field::choice("auth_protocol", "Authentication", AUTH)
            .default(DefaultValue::Text("sha256"))
            .show_when("kind", &["v3"]),
        Field::new("auth_key", "Authentication password", FieldKind::Secret { min: 8, max: 255 })
            .show_when("kind", &["v3"])
            .help("At least 8 characters (RFC 3414)."),
        Field::choice("priv_protocol", "Privacy", PRIVACY)
            .default(DefaultValue::Text("aes128"))
            .show_when("kind", &["v3"]),
        Field::new("priv_key", "Privacy password", FieldKind::Secret { min: 8, max: 255 })
            .show_when("kind", &["v3"]),
        Field::text("context", "Context", 64).show_when("kind", &["v3"]).help("Empty on most devices."),
        Field::text("description", "Description", 256).list(),
    ],
    unique: &[],
    hooks: &CredentialHooks,
    ..Model::BASE
};

/// Where to look, how far, and how gently.
pub static SCOPE: Model = Model {
    name: "monitoring.scope",
    table: "monitoring.scope",
    product: "monitoring",
    collection: "scopes",
    title: "Discovery scope",
    title_plural: "Discovery scopes",
    description: "Seeds and limits of a discovery that can be started again at any time, or by itself.",
    icon: "radar",
    nav_group: Some("Discovery"),
    permission: "monitoring/scopes",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[
        Field::text("name", "Name", 64).required().unique().search().list().placeholder("head office"),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::new("seeds", "Seeds", FieldKind::TextList { max_items: 256, max: 64 })
            .required()
            .list()
            .placeholder("10.1.99.1")
            .help("Addresses at which the discovery begins."),
        Field::new("allow", "Allowed prefixes", FieldKind::PrefixList { max_items: 256 })
            .required()
            .list()
            .help("Only addresses inside these are ever asked."),
        Field::new("deny", "Denied prefixes", FieldKind::PrefixList { max_items: 256 })
            .default(DefaultValue::Empty),
        Field::new("credentials", "Credentials", FieldKind::References { model: "monitoring.credential" })
            .required()
            .help("Tried in this order."),
        Field::integer("max_depth", "Depth", 0, 64)
            .default(DefaultValue::Integer(8))
            .help("Steps away from the seeds."),
        Field::integer("max_devices", "Devices at most", 1, 100_000).default(DefaultValue::Integer(5000)),
        Field::integer("port", "UDP port", 1, 65_535).default(DefaultValue::Integer(161)),
        Field::integer("rate", "Packets per second and device", 1, 1000)
            .default(DefaultValue::Integer(50))
            .unit("1/s"),
        Field::text("partition", "Routing domain", 64)
            .default(DefaultValue::Text("default"))
            .help("Networks with overlapping addresses get different names here."),
        Field::integer("interval_hours", "Repeat every", 1, 720).unit("h").help("Empty: only when started."),
    ],
    unique: &[],
    hooks: &ScopeHooks,
    ..Model::BASE
};

fn wrong(
    errors: &mut Vec<FieldError>,
    pointer: impl Into<String>,
    code: &'static str,
    message: impl Into<String>,
) {
    errors.push(FieldError { pointer: pointer.into(), code: code.into(), message: message.into() });
}

fn text<'a>(record: &'a Record, field: &str) -> Option<&'a str> {
    record.get(field).and_then(Value::as_str)
}

/// Given now, or kept from before.
fn has(record: &Record, field: &str) -> bool {
    match record.get(field) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Object(kept)) => kept.get("has_value") == Some(&Value::Bool(true)),
        _ => false,
    }
}

struct CredentialHooks;

impl Hooks for CredentialHooks {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if text(record, "kind") != Some("v3") {
            return;
        }
        let auth = text(record, "auth_protocol").unwrap_or("none") != "none";
        let privacy = text(record, "priv_protocol").unwrap_or("none") != "none";
        if auth && !has(record, "auth_key") {
            wrong(
                errors,
                "/auth_key",
                "required",
                "Authentication needs a password, or set the protocol to none.",
            );
        }
        if privacy && !auth {
            wrong(
                errors,
                "/priv_protocol",
                "auth_needed",
                "Privacy needs authentication (RFC 3414). Choose a protocol for it.",
            );
        }
        if privacy && !has(record, "priv_key") {
            wrong(errors, "/priv_key", "required", "Privacy needs a password, or set the protocol to none.");
        }
    }
}

struct ScopeHooks;

impl Hooks for ScopeHooks {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let Some(seeds) = record.get("seeds").and_then(Value::as_array) else { return };
        for (n, seed) in seeds.iter().enumerate() {
            if seed.as_str().is_none_or(|seed| seed.parse::<IpAddr>().is_err()) {
                wrong(
                    errors,
                    format!("/seeds/{n}"),
                    "format",
                    "Write an IPv4 or IPv6 address, like 10.1.99.1.",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migration_is_generated() {
        records::schema::assert_migration_matches(
            MODELS,
            concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql"),
        );
    }
}
