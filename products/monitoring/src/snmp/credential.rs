//! Credentials: how an agent lets us in. Wiped when dropped, never shown by `Debug`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A secret text: wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The clear text, for the protocol engine only.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// One way to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What reports call it: a record's id or a label, never secret.
    pub id: String,
    /// Version and secrets.
    pub auth: SnmpAuth,
}

/// SNMP version with its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnmpAuth {
    /// SNMPv1 (RFC 1157).
    V1 {
        /// Community.
        community: Secret,
    },
    /// SNMPv2c (RFC 1901).
    V2c {
        /// Community.
        community: Secret,
    },
    /// SNMPv3 with the user-based security model (RFC 3414).
    V3(V3User),
}

/// An SNMPv3 user. The security level follows from what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct V3User {
    /// msgUserName.
    pub user: String,
    /// Authentication protocol and pass phrase.
    pub auth: Option<(AuthProtocol, Secret)>,
    /// Privacy protocol and pass phrase; needs authentication.
    pub privacy: Option<(PrivProtocol, Secret)>,
    /// contextName; empty for the default one.
    pub context: String,
}

macro_rules! protocols {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl FromStr for $name {
            type Err = UnknownProtocol;

            fn from_str(text: &str) -> Result<Self, UnknownProtocol> {
                match text.to_ascii_lowercase().as_str() {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(UnknownProtocol { known: concat!($($text, " ",)*).trim_end() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)* })
            }
        }
    };
}

protocols! {
    /// Authentication protocols of RFC 3414 and RFC 7860.
    AuthProtocol {
        /// HMAC-MD5-96.
        Md5 = "md5",
        /// HMAC-SHA-96.
        Sha1 = "sha1",
        /// HMAC-SHA-224-128.
        Sha224 = "sha224",
        /// HMAC-SHA-256-192.
        Sha256 = "sha256",
        /// HMAC-SHA-384-256.
        Sha384 = "sha384",
        /// HMAC-SHA-512-384.
        Sha512 = "sha512",
    }
}

protocols! {
    /// Privacy protocols of RFC 3414, RFC 3826 and the vendors' longer AES keys.
    PrivProtocol {
        /// CBC-DES.
        Des = "des",
        /// CFB128-AES-128.
        Aes128 = "aes128",
        /// AES-192 with the key extension of draft-blumenthal-aes-usm-04.
        Aes192 = "aes192",
        /// AES-256 with the key extension of draft-blumenthal-aes-usm-04.
        Aes256 = "aes256",
        /// AES-192 with Cisco's key extension (draft-reeder-snmpv3-usm-3desede).
        Aes192Cisco = "aes192c",
        /// AES-256 with Cisco's key extension.
        Aes256Cisco = "aes256c",
    }
}

/// The text names no protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProtocol {
    known: &'static str,
}

impl fmt::Display for UnknownProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown protocol; known are: {}", self.known)
    }
}

impl std::error::Error for UnknownProtocol {}

impl Credential {
    /// An SNMPv1 community.
    pub fn v1(id: impl Into<String>, community: impl Into<String>) -> Self {
        Self { id: id.into(), auth: SnmpAuth::V1 { community: Secret::new(community) } }
    }

    /// An SNMPv2c community.
    pub fn v2c(id: impl Into<String>, community: impl Into<String>) -> Self {
        Self { id: id.into(), auth: SnmpAuth::V2c { community: Secret::new(community) } }
    }

    /// An SNMPv3 user.
    pub fn v3(id: impl Into<String>, user: V3User) -> Self {
        Self { id: id.into(), auth: SnmpAuth::V3(user) }
    }

    /// Says what is wrong with the credential, naming the part and the remedy, never the secret.
    pub fn check(&self) -> Result<(), String> {
        match &self.auth {
            SnmpAuth::V1 { community } | SnmpAuth::V2c { community } => check_community(community),
            SnmpAuth::V3(user) => user.check(),
        }
    }
}

fn check_community(community: &Secret) -> Result<(), String> {
    match community.expose().len() {
        0 => Err("community: empty; give the community the device expects".to_owned()),
        1..=255 => Ok(()),
        length => Err(format!("community: {length} octets; at most 255 are possible")),
    }
}

impl V3User {
    fn check(&self) -> Result<(), String> {
        if self.user.is_empty() || self.user.len() > 32 {
            return Err("user: must have 1 to 32 octets (RFC 3414)".to_owned());
        }
        if self.privacy.is_some() && self.auth.is_none() {
            return Err("privacy: needs authentication; give an authentication protocol too".to_owned());
        }
        let phrases = [
            ("auth", self.auth.as_ref().map(|(_, phrase)| phrase)),
            ("privacy", self.privacy.as_ref().map(|(_, phrase)| phrase)),
        ];
        for (field, phrase) in phrases {
            if phrase.is_some_and(|phrase| phrase.expose().len() < 8) {
                return Err(format!("{field}: pass phrases have at least 8 octets (RFC 3414 section 11.2)"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> V3User {
        V3User {
            user: "labv3".into(),
            auth: Some((AuthProtocol::Sha1, "labAuthPass1".into())),
            privacy: Some((PrivProtocol::Aes128, "labPrivPass1".into())),
            context: String::new(),
        }
    }

    #[test]
    fn debug_never_shows_a_secret() {
        let text = format!("{:?} {:?}", Credential::v2c("a", "hunter2"), Credential::v3("b", user()));
        assert!(!text.contains("hunter2") && !text.contains("Pass1"), "{text}");
        assert!(text.contains("labv3") && text.contains("***"), "{text}");
    }

    #[test]
    fn bad_credentials_are_named() {
        assert_eq!(Credential::v3("b", user()).check(), Ok(()));
        let unauthenticated = V3User { auth: None, ..user() };
        let short = V3User { auth: Some((AuthProtocol::Sha256, "short".into())), ..user() };
        let nameless = V3User { user: String::new(), ..user() };
        for (credential, word) in [
            (Credential::v2c("a", ""), "community"),
            (Credential::v1("a", "x".repeat(256)), "community"),
            (Credential::v3("a", unauthenticated), "privacy"),
            (Credential::v3("a", short), "auth"),
            (Credential::v3("a", nameless), "user"),
        ] {
            let message = credential.check().unwrap_err();
            assert!(message.starts_with(word), "{message}");
        }
    }

    #[test]
    fn protocols_are_read_by_name() {
        assert_eq!("SHA256".parse::<AuthProtocol>(), Ok(AuthProtocol::Sha256));
        assert_eq!("aes256c".parse::<PrivProtocol>(), Ok(PrivProtocol::Aes256Cisco));
        let error = "rot13".parse::<PrivProtocol>().unwrap_err().to_string();
        assert!(error.contains("aes128"), "{error}");
    }
}
