//! Finds the credential an agent accepts.

use std::net::SocketAddr;
use std::sync::Arc;

use model::{Reason, ReasonCode};
use snmp::v3::UserKeys;
use snmp::{Value, Version};
use zeroize::Zeroizing;

use super::client::Client;
use super::credential::{AuthProtocol, Credential, PrivProtocol, SnmpAuth, V3User};
use super::pacing::DeviceLimits;
use super::session::{Device, Failure, Session};
use super::tables::system;

/// A credential made ready for the wire: keys are derived once, not per device.
#[derive(Clone)]
pub(super) enum Door {
    Community { version: Version, community: Zeroizing<Vec<u8>> },
    User { keys: Arc<UserKeys>, context: String },
}

/// A credential with its derived keys.
#[derive(Clone)]
pub struct ReadyCredential {
    /// [`Credential::id`].
    pub id: String,
    door: Door,
}

impl std::fmt::Debug for ReadyCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadyCredential").field("id", &self.id).finish_non_exhaustive()
    }
}

impl ReadyCredential {
    /// Derives the keys. Takes some milliseconds for an SNMPv3 user.
    pub fn new(credential: &Credential) -> Result<Self, String> {
        credential.check()?;
        let community = |version, community: &super::Secret| Door::Community {
            version,
            community: Zeroizing::new(community.expose().as_bytes().to_vec()),
        };
        let door = match &credential.auth {
            SnmpAuth::V1 { community: text } => community(Version::V1, text),
            SnmpAuth::V2c { community: text } => community(Version::V2c, text),
            SnmpAuth::V3(user) => Door::User {
                keys: Arc::new(user_keys(user).map_err(|error| error.to_string())?),
                context: user.context.clone(),
            },
        };
        Ok(Self { id: credential.id.clone(), door })
    }

    fn is_v3(&self) -> bool {
        matches!(self.door, Door::User { .. })
    }
}

fn user_keys(user: &V3User) -> Result<UserKeys, snmp::v3::KeyError> {
    use snmp::v3::{AuthProtocol as Auth, PrivProtocol as Privacy};
    let auth = user.auth.as_ref().map(|(protocol, phrase)| {
        let protocol = match protocol {
            AuthProtocol::Md5 => Auth::Md5,
            AuthProtocol::Sha1 => Auth::Sha1,
            AuthProtocol::Sha224 => Auth::Sha224,
            AuthProtocol::Sha256 => Auth::Sha256,
            AuthProtocol::Sha384 => Auth::Sha384,
            AuthProtocol::Sha512 => Auth::Sha512,
        };
        (protocol, phrase.expose().as_bytes())
    });
    let privacy = user.privacy.as_ref().map(|(protocol, phrase)| {
        let protocol = match protocol {
            PrivProtocol::Des => Privacy::Des,
            PrivProtocol::Aes128 => Privacy::Aes128,
            PrivProtocol::Aes192 => Privacy::Aes192,
            PrivProtocol::Aes256 => Privacy::Aes256,
            PrivProtocol::Aes192Cisco => Privacy::Aes192Reeder,
            PrivProtocol::Aes256Cisco => Privacy::Aes256Reeder,
        };
        (protocol, phrase.expose().as_bytes())
    });
    UserKeys::new(&user.user, auth, privacy)
}

/// An agent that let us in.
#[derive(Debug)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Its answers to [`system::SCALARS`].
    pub values: Vec<Option<Value>>,
    /// [`Credential::id`] of the credential it accepted.
    pub credential: String,
}

/// Tries the credentials in turn, each once: an agent that locks users out after failures counts
/// one failure per user. Fails with the reason that helps most.
pub async fn open(
    client: &Arc<Client>,
    peer: SocketAddr,
    limits: DeviceLimits,
    credentials: &[ReadyCredential],
    retries: u32,
) -> Result<Opened, Reason> {
    let device = Device::new(Arc::clone(client), peer, limits);
    let mut refusals: Vec<Reason> = Vec::new();
    let mut silent: Vec<&str> = Vec::new();
    let mut no_engine = false;
    for credential in credentials {
        if credential.is_v3() && no_engine {
            silent.push(&credential.id);
            continue;
        }
        let session = Session::new(Arc::clone(&device), &credential.door);
        // The first credential also finds out whether anybody is there, the others need not be as
        // patient.
        let retries = if silent.is_empty() && refusals.is_empty() { retries } else { retries / 2 };
        match session.get_some(system::SCALARS, retries).await {
            Ok(mut values) => {
                put_engine_id(&session, &mut values);
                return Ok(Opened { session, values, credential: credential.id.clone() });
            }
            Err(failure @ Failure::Unreachable(_)) => return Err(failure.reason("")),
            Err(Failure::Timeout) => {
                no_engine |= credential.is_v3() && session.engine_id().is_none();
                silent.push(&credential.id);
            }
            Err(failure) => refusals.push(failure.reason(&format!("(credential {})", credential.id))),
        }
    }
    Err(worst(refusals, &silent, peer))
}

/// An agent that refuses says more than one that is silent; among refusals the one closest to
/// success says most.
fn worst(refusals: Vec<Reason>, silent: &[&str], peer: SocketAddr) -> Reason {
    let rank = |reason: &Reason| match reason.code {
        ReasonCode::NotInTimeWindow => 0,
        ReasonCode::SecurityLevel => 1,
        ReasonCode::WrongCredentials => 2,
        _ => 3,
    };
    refusals.into_iter().min_by_key(rank).unwrap_or_else(|| {
        let tried = match silent {
            [] => "no credential was given".to_owned(),
            [one] => format!("credential {one}"),
            many => format!("{} credentials: {}", many.len(), many.join(", ")),
        };
        Reason::new(ReasonCode::Timeout, format!("No answer from {peer} to {tried}."))
    })
}

/// SNMPv3 tells the engine id in every message; an agent that hides the object has one all the same.
fn put_engine_id(session: &Session, values: &mut [Option<Value>]) {
    let position = system::SCALARS.iter().position(|oid| *oid == system::ENGINE_ID);
    if let (Some(slot), Some(id)) = (position.and_then(|p| values.get_mut(p)), session.engine_id())
        && slot.is_none()
    {
        *slot = Some(Value::OctetString(id));
    }
}
