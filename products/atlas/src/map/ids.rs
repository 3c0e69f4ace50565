//! Identifiers: minted for entities, derived for everything else.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Mints identifiers of new entities.
pub trait IdSource {
    /// A new identifier; UUID version 7, so that age can be read from it.
    fn next_id(&mut self) -> Uuid;
}

/// Identifiers from the clock and the system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockIds;

impl IdSource for ClockIds {
    fn next_id(&mut self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A reproducible sequence of version 7 identifiers, for tests, fixtures and one-shot maps.
#[derive(Clone, Debug)]
pub struct SequentialIds {
    unix_seconds: u64,
    next: u32,
}

impl SequentialIds {
    /// Starts a sequence whose embedded time is `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { unix_seconds: u64::try_from(start.timestamp()).unwrap_or(0), next: 0 }
    }
}

impl IdSource for SequentialIds {
    fn next_id(&mut self) -> Uuid {
        self.next += 1;
        let mut tail = [0u8; 10];
        tail[6..].copy_from_slice(&self.next.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.unix_seconds * 1000 + u64::from(self.next), &tail)
            .into_uuid()
    }
}

/// Derives a stable identifier (UUID version 8) from what it names.
pub fn derived_id(domain: &str, parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(domain.as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut octets = [0u8; 16];
    octets.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(octets).into_uuid()
}
