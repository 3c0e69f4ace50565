//! The work order of a crawl.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::snmp::{Credential, DeviceLimits};

/// What to discover, with which credentials, within which limits.
#[derive(Clone, Debug)]
pub struct CrawlOrder {
    /// Where to begin.
    pub seeds: Vec<IpAddr>,
    /// Tried in this order, those that worked elsewhere first.
    pub credentials: Vec<Credential>,
    /// The routing domain in which addresses are meant.
    pub partition: String,
    /// Only addresses within these prefixes are ever asked.
    pub allow: Vec<IpNet>,
    /// Exceptions from `allow`.
    pub deny: Vec<IpNet>,
    /// Steps from a seed.
    pub max_depth: u32,
    /// Devices.
    pub max_devices: usize,
    /// UDP port of the agents.
    pub port: u16,
    /// Limits for each device.
    pub limits: DeviceLimits,
    /// Devices asked at once.
    pub concurrency: usize,
    /// Also ask addresses that are only seen: ARP and ND entries, routing neighbours. Each gets one
    /// cheap question. Finds devices that announce nothing; costs time where many hosts are silent.
    pub ask_seen: bool,
}

/// A field of an order that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderError {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

impl CrawlOrder {
    /// An order with the default limits.
    pub fn new(seeds: Vec<IpAddr>, credentials: Vec<Credential>, allow: Vec<IpNet>) -> Self {
        Self {
            seeds,
            credentials,
            partition: "default".to_owned(),
            allow,
            deny: Vec::new(),
            max_depth: 8,
            max_devices: 5000,
            port: 161,
            limits: DeviceLimits::default(),
            concurrency: 256,
            ask_seen: true,
        }
    }

    /// Everything that is wrong with the order; empty when it can be carried out.
    pub fn check(&self) -> Vec<OrderError> {
        let mut errors = Vec::new();
        let mut wrong = |field, message: &str| errors.push(OrderError { field, message: message.to_owned() });
        if self.seeds.is_empty() {
            wrong("seeds", "empty; name at least one address to begin with");
        }
        if self.seeds.iter().any(|seed| seed.is_multicast() || seed.is_unspecified()) {
            wrong("seeds", "must be unicast addresses");
        }
        if self.credentials.is_empty() {
            wrong("credentials", "empty; give at least one credential");
        }
        for credential in &self.credentials {
            if let Err(message) = credential.check() {
                wrong("credentials", &format!("{}: {message}", credential.id));
            }
        }
        if self.allow.is_empty() {
            wrong("allow", "empty; name the prefixes within which devices may be asked, e.g. 10.0.0.0/8");
        }
        let ranges = [
            ("max_devices", self.max_devices as u64, 1..=100_000),
            ("max_depth", u64::from(self.max_depth), 0..=1000),
            ("port", u64::from(self.port), 1..=65_535),
            ("rate", u64::from(self.limits.rate), 1..=10_000),
            ("concurrency", self.concurrency as u64, 1..=10_000),
        ];
        for (field, value, range) in ranges {
            if !range.contains(&value) {
                wrong(field, &format!("is {value}; must be {} to {}", range.start(), range.end()));
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_all_that_is_wrong() {
        let mut order = CrawlOrder::new(Vec::new(), vec![Credential::v2c("c", "")], Vec::new());
        order.max_devices = 0;
        let fields: Vec<&str> = order.check().iter().map(|error| error.field).collect();
        assert_eq!(fields, ["seeds", "credentials", "allow", "max_devices"]);
        let good = CrawlOrder::new(
            vec!["10.1.99.1".parse().unwrap()],
            vec![Credential::v2c("c", "labro")],
            vec!["10.0.0.0/8".parse().unwrap()],
        );
        assert_eq!(good.check(), []);
    }
}
