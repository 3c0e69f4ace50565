//! Opaque credentials: 256 random bits, of which the server stores the SHA-256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::{Problem, SecretText};
use sha2::{Digest, Sha256};

/// What an API token begins with, so that secret scanners know it.
pub const API_PREFIX: &str = "ptl_";
/// What clients of NetBox write before key and token.
const NETBOX_PREFIX: &str = "nbt_";
/// What an access token of a login begins with.
pub const ACCESS_PREFIX: &str = "pta_";

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOOKUP: usize = 12;
const SECRET: usize = 43;
const CHECK: usize = 6;

/// A fresh credential: the text for its owner and what is stored.
pub struct Issued {
    /// Given to the owner, once.
    pub clear: SecretText,
    /// Public part by which the row is found.
    pub lookup: String,
    /// SHA-256 of the clear text.
    pub digest: Vec<u8>,
}

/// A session value for cookies and access tokens: `prefix` and 43 characters base64url.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn session(prefix: &str) -> Result<Issued, Problem> {
    let clear = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()?));
    Ok(Issued { digest: digest(&clear), lookup: String::new(), clear: SecretText::new(clear) })
}

/// An API token `ptl_<12 lookup>_<43 secret><6 checksum>`, base62, so that a scanner can verify the
/// form offline.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn api_token() -> Result<Issued, Problem> {
    let lookup = base62(&random::<LOOKUP>()?);
    let secret = base62(&random::<SECRET>()?);
    let body = format!("{API_PREFIX}{lookup}_{secret}");
    let clear = format!("{body}{}", checksum(&body));
    Ok(Issued { digest: digest(&clear), lookup, clear: SecretText::new(clear) })
}

/// A password for people to copy once: 20 characters without those that look alike, in groups.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn readable() -> Result<String, Problem> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let characters: Vec<char> = random::<20>()?
        .iter()
        .map(|octet| ALPHABET.get(usize::from(*octet) % ALPHABET.len()).map_or('x', |c| char::from(*c)))
        .collect();
    Ok(characters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// The lookup part of a well-formed API token. A mistyped token fails here, without a query.
pub fn api_lookup(clear: &str) -> Option<&str> {
    let rest = clear.strip_prefix(API_PREFIX)?;
    if !clear.is_ascii() || rest.len() != LOOKUP + 1 + SECRET + CHECK {
        return None;
    }
    let (body, check) = clear.split_at(clear.len() - CHECK);
    let (lookup, secret) = rest.split_once('_')?;
    let base62 = secret.bytes().chain(lookup.bytes()).all(|b| b.is_ascii_alphanumeric());
    (base62 && lookup.len() == LOOKUP && checksum(body) == check).then_some(lookup)
}

/// The token in what clients of NetBox present: `nbt_<lookup>.<token>`; anything else as it is.
pub fn bare(presented: &str) -> &str {
    let parts = presented.strip_prefix(NETBOX_PREFIX).and_then(|rest| rest.split_once('.'));
    match parts {
        Some((lookup, token)) if api_lookup(token) == Some(lookup) => token,
        _ => presented,
    }
}

/// What is stored and compared.
pub fn digest(clear: &str) -> Vec<u8> {
    Sha256::digest(clear.as_bytes()).to_vec()
}

/// The CSRF token of a session: derived from it, useless without it.
pub fn csrf(session: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"portolan csrf\0");
    hasher.update(session.as_bytes());
    URL_SAFE_NO_PAD.encode(hasher.finalize())
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut octets = [0u8; N];
    rand::TryRng::try_fill_bytes(&mut rand::rngs::SysRng, &mut octets).map_err(Problem::internal)?;
    Ok(octets)
}

/// Maps each octet into the alphabet. The bias (256 is no multiple of 62) costs 0.1 bit of 5.95 a
/// character; the secret keeps more than 250 bits.
fn base62(octets: &[u8]) -> String {
    octets.iter().map(|octet| BASE62.get(usize::from(*octet) % 62).map_or('0', |c| char::from(*c))).collect()
}

fn checksum(body: &str) -> String {
    let hash = Sha256::digest(body.as_bytes());
    base62(hash.get(..CHECK).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_tokens_carry_a_checksum() {
        let issued = api_token().unwrap();
        let clear = issued.clear.expose();
        assert_eq!(api_lookup(clear), Some(issued.lookup.as_str()));
        let mut mistyped = clear.to_owned();
        let last = mistyped.pop().unwrap();
        mistyped.push(if last == 'x' { 'y' } else { 'x' });
        assert_eq!(api_lookup(&mistyped), None);
        for text in ["", "ptl_", "ptl_short_x", &clear.replace("ptl_", "ptx_"), &"ü".repeat(33)] {
            assert_eq!(api_lookup(text), None, "{text}");
        }
    }

    #[test]
    fn key_and_token_are_one_credential() {
        let issued = api_token().unwrap();
        let clear = issued.clear.expose();
        let presented = format!("nbt_{}.{clear}", issued.lookup);
        assert_eq!(bare(&presented), clear);
        for other in
            [clear.to_owned(), format!("nbt_other.{clear}"), format!("nbt_{clear}"), "nbt_.".to_owned()]
        {
            assert_eq!(bare(&other), other);
        }
    }

    #[test]
    fn sessions_differ_and_debug_hides_them() {
        let (a, b) = (session("").unwrap(), session("").unwrap());
        assert_ne!(a.digest, b.digest);
        assert_eq!(a.clear.expose().len(), 43);
        assert_eq!(format!("{:?}", a.clear), "[redacted]");
        assert_ne!(csrf(a.clear.expose()), csrf(b.clear.expose()));
    }
}
