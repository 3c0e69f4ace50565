//! Users, protocols and keys.

use std::fmt;

use super::crypto::{self, KeyBytes};

/// Authentication protocols: RFC 3414 (MD5, SHA-1) and RFC 7860 (SHA-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthProtocol {
    /// usmHMACMD5AuthProtocol, broken, still deployed.
    Md5,
    /// usmHMACSHAAuthProtocol.
    Sha1,
    /// usmHMAC128SHA224AuthProtocol.
    Sha224,
    /// usmHMAC192SHA256AuthProtocol.
    Sha256,
    /// usmHMAC256SHA384AuthProtocol.
    Sha384,
    /// usmHMAC384SHA512AuthProtocol.
    Sha512,
}

impl AuthProtocol {
    /// Bytes of the digest in a message.
    pub fn digest_length(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 => 12,
            Self::Sha224 => 16,
            Self::Sha256 => 24,
            Self::Sha384 => 32,
            Self::Sha512 => 48,
        }
    }
}

/// Privacy protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrivProtocol {
    /// DES in CBC mode (RFC 3414), broken, still deployed.
    Des,
    /// AES-128 in CFB mode (RFC 3826).
    Aes128,
    /// AES-192, short keys extended as in draft-blumenthal-aes-usm-04.
    Aes192,
    /// AES-256, short keys extended as in draft-blumenthal-aes-usm-04.
    Aes256,
    /// AES-192, short keys extended as in draft-reeder-snmpv3-usm-3desede-00: Cisco's way.
    Aes192Reeder,
    /// AES-256, short keys extended as in draft-reeder-snmpv3-usm-3desede-00: Cisco's way.
    Aes256Reeder,
}

impl PrivProtocol {
    /// Bytes of the privacy key.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Des | Self::Aes128 => 16,
            Self::Aes192 | Self::Aes192Reeder => 24,
            Self::Aes256 | Self::Aes256Reeder => 32,
        }
    }
}

/// How well a message is protected (RFC 3411 section 3.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecurityLevel {
    /// Neither authenticated nor encrypted.
    NoAuthNoPriv,
    /// Authenticated.
    AuthNoPriv,
    /// Authenticated and encrypted.
    AuthPriv,
}

/// Why user name and passwords make no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// RFC 3414 section 2.4: 1 to 32 bytes.
    #[error("the user name must have 1 to 32 bytes")]
    UserName,
    /// RFC 3414 section 11.2: 8 characters.
    #[error("an SNMPv3 password must have at least 8 characters")]
    PasswordTooShort,
    /// There is no such security level.
    #[error("a privacy protocol needs an authentication protocol with it")]
    PrivacyWithoutAuthentication,
}

/// A user's keys, not yet bound to an engine. Making them is expensive (a hash over a megabyte per
/// password, some milliseconds): make them once per credential and share them, in an `Arc`, among
/// all sessions.
#[derive(Clone)]
pub struct UserKeys {
    user: Vec<u8>,
    auth: Option<(AuthProtocol, KeyBytes)>,
    privacy: Option<(PrivProtocol, KeyBytes)>,
}

impl UserKeys {
    /// From a user name and passwords. The passwords are not kept.
    pub fn new(
        user: &str,
        auth: Option<(AuthProtocol, &[u8])>,
        privacy: Option<(PrivProtocol, &[u8])>,
    ) -> Result<Self, KeyError> {
        if !(1..=32).contains(&user.len()) {
            return Err(KeyError::UserName);
        }
        let passwords = [auth.map(|(_, p)| p), privacy.map(|(_, p)| p)];
        if passwords.iter().flatten().any(|p| p.len() < 8) {
            return Err(KeyError::PasswordTooShort);
        }
        let Some((auth_protocol, auth_password)) = auth else {
            let missing = KeyError::PrivacyWithoutAuthentication;
            let none = Self { user: user.into(), auth: None, privacy: None };
            return if privacy.is_some() { Err(missing) } else { Ok(none) };
        };
        let key = |password| crypto::password_to_key(auth_protocol, password);
        let auth_key = key(auth_password);
        let privacy = privacy.map(|(protocol, password)| {
            (protocol, if password == auth_password { auth_key.clone() } else { key(password) })
        });
        Ok(Self { user: user.into(), auth: Some((auth_protocol, auth_key)), privacy })
    }

    /// The user name.
    pub fn user(&self) -> &[u8] {
        &self.user
    }

    /// The highest level these keys allow, and the one sessions use.
    pub fn level(&self) -> SecurityLevel {
        match (&self.auth, &self.privacy) {
            (None, _) => SecurityLevel::NoAuthNoPriv,
            (Some(_), None) => SecurityLevel::AuthNoPriv,
            (Some(_), Some(_)) => SecurityLevel::AuthPriv,
        }
    }

    /// The keys at one engine. Cheap, except for the Reeder extension of a short key, which costs
    /// as much as a password.
    pub(crate) fn localise(&self, engine_id: &[u8]) -> LocalKeys {
        let auth = self.auth.as_ref().map(|(p, key)| (*p, crypto::localise(*p, key, engine_id)));
        let privacy = self
            .auth
            .as_ref()
            .zip(self.privacy.as_ref())
            .map(|((auth, _), (p, key))| (*p, crypto::localise_privacy(*auth, *p, key, engine_id)));
        LocalKeys { auth, privacy }
    }

    /// The localised authentication and privacy keys, for those who must hand keys to other
    /// software, and for checks against published vectors. Key material: handle with care.
    pub fn localised_key_bytes(&self, engine_id: &[u8]) -> (Option<KeyBytes>, Option<KeyBytes>) {
        let local = self.localise(engine_id);
        (local.auth.map(|(_, k)| k), local.privacy.map(|(_, k)| k))
    }
}

impl fmt::Debug for UserKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserKeys")
            .field("user", &String::from_utf8_lossy(&self.user))
            .field("auth", &self.auth.as_ref().map(|(p, _)| p))
            .field("privacy", &self.privacy.as_ref().map(|(p, _)| p))
            .finish_non_exhaustive()
    }
}

/// A user's keys at one engine.
#[derive(Clone)]
pub(crate) struct LocalKeys {
    pub(crate) auth: Option<(AuthProtocol, KeyBytes)>,
    pub(crate) privacy: Option<(PrivProtocol, KeyBytes)>,
}

impl LocalKeys {
    pub(crate) fn level(&self) -> SecurityLevel {
        match (&self.auth, &self.privacy) {
            (None, _) => SecurityLevel::NoAuthNoPriv,
            (Some(_), None) => SecurityLevel::AuthNoPriv,
            (Some(_), Some(_)) => SecurityLevel::AuthPriv,
        }
    }
}
