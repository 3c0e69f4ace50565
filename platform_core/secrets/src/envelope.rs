//! Keys and the sealed format, without I/O.
//!
//! ```text
//! sealed  = 0x01 | number u32 BE | fingerprint 8 | nonce 12 | AES-256-GCM(data key, text) + tag 16
//! wrapped = nonce 12 | AES-256-GCM(master key, data key 32) + tag 16
//! ```
//! Additional data of a secret: everything before the nonce, then tenant, model, row and field, each
//! text with its length before it, so that no two places read the same.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use kit::SecretText;
use kit::TenantId;
use kit::secrets::SecretPlace;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const HEAD: usize = 1 + 4 + FINGERPRINT;
const FINGERPRINT: usize = 8;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Longest secret, bytes: a private key with its chain fits.
pub(crate) const MAX_SECRET: usize = 64 << 10;

/// What was sealed does not open here: another place, another key, or changed bytes. Which of them
/// cannot be told apart, and must not be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DoesNotOpen;

/// 32 bytes, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    pub(crate) fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Tells whether two keys are the same without telling the key.
    pub(crate) fn id(&self) -> String {
        let mac = mac(&self.0, &[b"portolan/master-key/id"]);
        mac.first_chunk::<8>().map(|first| format!("{:016x}", u64::from_be_bytes(*first))).unwrap_or_default()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(*self.0))
    }

    /// Wraps a data key for this tenant.
    pub(crate) fn wrap(&self, tenant: TenantId, row: Uuid, key: &Self) -> Result<Vec<u8>, DoesNotOpen> {
        self.encrypt(&wrap_context(tenant, row), key.bytes())
    }

    /// Unwraps a data key of this tenant.
    pub(crate) fn unwrap(&self, tenant: TenantId, row: Uuid, wrapped: &[u8]) -> Result<Self, DoesNotOpen> {
        let bytes = self.decrypt(&wrap_context(tenant, row), wrapped)?;
        Self::from_bytes(&bytes).ok_or(DoesNotOpen)
    }

    fn encrypt(&self, context: &[u8], clear: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        let nonce: [u8; NONCE] = rand::random();
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: clear, aad: context })
            .map_err(|_| DoesNotOpen)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn decrypt(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
        let clear = self
            .cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: context })
            .map_err(|_| DoesNotOpen)?;
        Ok(Zeroizing::new(clear))
    }
}

fn wrap_context(tenant: TenantId, row: Uuid) -> Vec<u8> {
    [b"portolan/tenant-key".as_slice(), tenant.0.as_bytes(), row.as_bytes()].concat()
}

/// Seals a secret for its place with the tenant's data key of this number.
pub(crate) fn seal(
    key: &SecretKey,
    number: u32,
    tenant: TenantId,
    place: SecretPlace<'_>,
    clear: &SecretText,
) -> Result<Vec<u8>, DoesNotOpen> {
    let print = mac(&mac(key.bytes(), &[b"portolan/fingerprint"]), &[clear.expose().as_bytes()]);
    let mut sealed = vec![FORMAT];
    sealed.extend_from_slice(&number.to_be_bytes());
    sealed.extend(print.iter().take(FINGERPRINT));
    let context = context(&sealed, tenant, place);
    sealed.extend(key.encrypt(&context, clear.expose().as_bytes())?);
    Ok(sealed)
}

/// Opens a secret at its place.
pub(crate) fn open(
    key: &SecretKey,
    tenant: TenantId,
    place: SecretPlace<'_>,
    sealed: &[u8],
) -> Result<SecretText, DoesNotOpen> {
    let (head, body) = sealed.split_at_checked(HEAD).ok_or(DoesNotOpen)?;
    let clear = key.decrypt(&context(head, tenant, place), body)?;
    let text = std::str::from_utf8(&clear).map_err(|_| DoesNotOpen)?;
    Ok(SecretText::new(text.to_owned()))
}

/// The number of the data key, when this is a sealed secret at all.
pub(crate) fn key_number(sealed: &[u8]) -> Option<u32> {
    let complete = sealed.first() == Some(&FORMAT)
        && (HEAD + NONCE + TAG..=HEAD + NONCE + TAG + MAX_SECRET).contains(&sealed.len());
    let number = sealed.get(1..5).filter(|_| complete)?;
    Some(u32::from_be_bytes(number.try_into().ok()?))
}

/// The fingerprint as 16 hexadecimal digits; empty when this is no sealed secret.
pub(crate) fn fingerprint(sealed: &[u8]) -> String {
    let print = key_number(sealed).and_then(|_| sealed.get(5..HEAD)?.first_chunk::<FINGERPRINT>());
    print.map(|print| format!("{:016x}", u64::from_be_bytes(*print))).unwrap_or_default()
}

fn context(head: &[u8], tenant: TenantId, place: SecretPlace<'_>) -> Vec<u8> {
    let mut context = head.to_vec();
    context.extend_from_slice(tenant.0.as_bytes());
    context.extend_from_slice(place.id.as_bytes());
    for text in [place.model, place.field] {
        context.extend_from_slice(&(text.len() as u64).to_be_bytes());
        context.extend_from_slice(text.as_bytes());
    }
    context
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // HMAC takes keys of every length; the error type is a formality.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return Zeroizing::default() };
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(id: u128) -> SecretPlace<'static> {
        SecretPlace { model: "monitoring.credential", id: Uuid::from_u128(id), field: "community" }
    }

    fn tenant(id: u128) -> TenantId {
        TenantId(Uuid::from_u128(id))
    }

    #[test]
    fn it_opens_only_where_it_was_sealed() {
        let (key, other) = (SecretKey::random(), SecretKey::random());
        let clear = SecretText::new("public ☂".into());
        let sealed = seal(&key, 3, tenant(1), place(1), &clear).unwrap();
        assert_eq!(open(&key, tenant(1), place(1), &sealed).unwrap(), clear);
        assert_eq!(key_number(&sealed), Some(3));
        assert!(!sealed.windows(6).any(|window| window == b"public"));
        // Model and field must not run into each other.
        let shifted = SecretPlace { model: "monitoring.credentialc", field: "ommunity", ..place(1) };
        for (key, tenant, place) in [
            (&other, tenant(1), place(1)),
            (&key, tenant(2), place(1)),
            (&key, tenant(1), place(2)),
            (&key, tenant(1), SecretPlace { field: "other", ..place(1) }),
            (&key, tenant(1), SecretPlace { model: "other", ..place(1) }),
            (&key, tenant(1), shifted),
        ] {
            assert_eq!(open(key, tenant, place, &sealed), Err(DoesNotOpen));
        }
    }

    #[test]
    fn fingerprints_show_equality_within_a_tenant_key_only() {
        let (key, other) = (SecretKey::random(), SecretKey::random());
        let print = |key: &SecretKey, id, text: &str| {
            fingerprint(&seal(key, 1, tenant(1), place(id), &SecretText::new(text.into())).unwrap())
        };
        assert_eq!(print(&key, 1, "public"), print(&key, 2, "public"));
        assert_ne!(print(&key, 1, "public"), print(&key, 1, "private"));
        assert_ne!(print(&key, 1, "public"), print(&other, 1, "public"));
        assert_eq!(print(&key, 1, "public").len(), 16);
        assert_eq!(fingerprint(b"not sealed"), "");
    }

    proptest! {
        #[test]
        fn changed_bytes_never_open_and_nothing_panics(flip in 0..60_usize, junk: Vec<u8>) {
            let key = SecretKey::from_bytes(&[7; 32]).unwrap();
            let mut sealed = seal(&key, 1, tenant(1), place(1), &SecretText::new("x".repeat(20))).unwrap();
            let position = flip % sealed.len();
            sealed[position] ^= 1;
            prop_assert_eq!(open(&key, tenant(1), place(1), &sealed), Err(DoesNotOpen));
            prop_assert_eq!(open(&key, tenant(1), place(1), &junk), Err(DoesNotOpen));
            key_number(&junk);
            fingerprint(&junk);
        }
    }

    #[test]
    fn wrapped_keys_belong_to_one_tenant() {
        let (master, key) = (SecretKey::random(), SecretKey::random());
        let wrapped = master.wrap(tenant(1), Uuid::from_u128(5), &key).unwrap();
        assert_eq!(wrapped.len(), 60);
        assert!(master.unwrap(tenant(1), Uuid::from_u128(5), &wrapped) == Ok(key));
        assert!(master.unwrap(tenant(2), Uuid::from_u128(5), &wrapped).is_err());
        assert!(SecretKey::random().unwrap(tenant(1), Uuid::from_u128(5), &wrapped).is_err());
    }

    impl std::fmt::Debug for SecretKey {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("[redacted]")
        }
    }
}
