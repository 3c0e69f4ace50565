//! Hashes, message digests, key derivation and encryption of the User-based Security Model.

use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::digest::Digest;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::keys::{AuthProtocol, PrivProtocol};

/// Bytes a password is repeated to before it is hashed (RFC 3414 section A.2).
const EXPANSION: usize = 1 << 20;

/// Length of the "salt" in msgPrivacyParameters, for DES and AES alike.
pub(crate) const SALT: usize = 8;

/// Key material: wiped when dropped, never shown.
pub type KeyBytes = Zeroizing<Vec<u8>>;

fn hash_with<D: Digest>(parts: &[&[u8]]) -> KeyBytes {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    let mut output = hash.finalize();
    let bytes = Zeroizing::new(output.to_vec());
    output.as_mut_slice().zeroize();
    bytes
}

fn hash(protocol: AuthProtocol, parts: &[&[u8]]) -> KeyBytes {
    match protocol {
        AuthProtocol::Md5 => hash_with::<Md5>(parts),
        AuthProtocol::Sha1 => hash_with::<Sha1>(parts),
        AuthProtocol::Sha224 => hash_with::<Sha224>(parts),
        AuthProtocol::Sha256 => hash_with::<Sha256>(parts),
        AuthProtocol::Sha384 => hash_with::<Sha384>(parts),
        AuthProtocol::Sha512 => hash_with::<Sha512>(parts),
    }
}

fn mac_with<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// The message digest, cut to the protocol's length.
pub(crate) fn mac(protocol: AuthProtocol, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = match protocol {
        AuthProtocol::Md5 => mac_with::<Hmac<Md5>>(key, parts),
        AuthProtocol::Sha1 => mac_with::<Hmac<Sha1>>(key, parts),
        AuthProtocol::Sha224 => mac_with::<Hmac<Sha224>>(key, parts),
        AuthProtocol::Sha256 => mac_with::<Hmac<Sha256>>(key, parts),
        AuthProtocol::Sha384 => mac_with::<Hmac<Sha384>>(key, parts),
        AuthProtocol::Sha512 => mac_with::<Hmac<Sha512>>(key, parts),
    };
    digest.truncate(protocol.digest_length());
    digest
}

/// Compares in a time that does not depend on where the digests differ.
pub(crate) fn same_digest(a: &[u8], b: &[u8]) -> bool {
    bool::from(a.ct_eq(b))
}

/// The password-to-key algorithm (RFC 3414 section A.2, RFC 7860 section 9.3): a hash over the
/// password repeated to one megabyte. The caller has made sure that it is not empty.
pub(crate) fn password_to_key(protocol: AuthProtocol, password: &[u8]) -> KeyBytes {
    // Whole repetitions in blocks of some kilobytes keep the hash busy.
    let block = Zeroizing::new(password.repeat((4096 / password.len().max(1)).max(1)));
    let full = EXPANSION / block.len().max(1);
    let rest = block.get(..EXPANSION - full * block.len()).unwrap_or_default();
    let mut parts: Vec<&[u8]> = vec![&block; full];
    parts.push(rest);
    hash(protocol, &parts)
}

/// The key of one user at one engine (RFC 3414 section 2.6).
pub(crate) fn localise(protocol: AuthProtocol, master: &[u8], engine_id: &[u8]) -> KeyBytes {
    hash(protocol, &[master, engine_id, master])
}

/// The privacy key of one user at one engine, as long as the cipher needs it.
pub(crate) fn localise_privacy(
    auth: AuthProtocol,
    privacy: PrivProtocol,
    master: &[u8],
    engine_id: &[u8],
) -> KeyBytes {
    let mut key = localise(auth, master, engine_id);
    let wanted = privacy.key_length();
    if key.len() < wanted {
        let more = match privacy {
            // draft-reeder-snmpv3-usm-3desede-00 section 2.1: the key is the next password.
            PrivProtocol::Aes192Reeder | PrivProtocol::Aes256Reeder => {
                localise(auth, &password_to_key(auth, &key), engine_id)
            }
            // draft-blumenthal-aes-usm-04 section 3.1.2.1: the hash of the key so far.
            _ => hash(auth, &[&key]),
        };
        // A fresh buffer: growing the old one would leave an unwiped copy behind.
        let mut longer = Zeroizing::new(Vec::with_capacity(key.len() + more.len()));
        longer.extend_from_slice(&key);
        longer.extend_from_slice(&more);
        key = longer;
    }
    key.truncate(wanted);
    key
}

/// AES's initialisation vector (RFC 3826 section 3.1.2.1).
fn aes_iv(boots: u32, time: u32, salt: [u8; SALT]) -> [u8; 16] {
    let mut iv = [0; 16];
    let bytes = boots.to_be_bytes().into_iter().chain(time.to_be_bytes()).chain(salt);
    for (slot, byte) in iv.iter_mut().zip(bytes) {
        *slot = byte;
    }
    iv
}

/// DES's key and initialisation vector from the 16-byte privacy key (RFC 3414 section 8.1.1.1).
fn des_key_iv(key: &[u8], salt: [u8; SALT]) -> Option<(&[u8], [u8; 8])> {
    let (key, pre_iv) = key.split_at_checked(8)?;
    let mut iv = salt;
    for (byte, mask) in iv.iter_mut().zip(pre_iv) {
        *byte ^= mask;
    }
    Some((key, iv))
}

/// Encrypts in place (DES pads to whole blocks); gives the salt to send along. `None` only for a
/// key of the wrong length, which [`localise_privacy`] does not make.
pub(crate) fn encrypt(
    protocol: PrivProtocol,
    key: &[u8],
    boots: u32,
    time: u32,
    counter: u64,
    data: &mut Vec<u8>,
) -> Option<[u8; SALT]> {
    if protocol == PrivProtocol::Des {
        let mut salt = [0; SALT];
        let bytes = boots.to_be_bytes().into_iter().chain((counter as u32).to_be_bytes());
        for (slot, byte) in salt.iter_mut().zip(bytes) {
            *slot = byte;
        }
        let (key, iv) = des_key_iv(key, salt)?;
        data.resize(data.len().next_multiple_of(8), 0);
        let length = data.len();
        let cipher = cbc::Encryptor::<des::Des>::new_from_slices(key, &iv).ok()?;
        cipher.encrypt_padded::<NoPadding>(data, length).ok()?;
        return Some(salt);
    }
    let salt = counter.to_be_bytes();
    let iv = aes_iv(boots, time, salt);
    match protocol.key_length() {
        16 => cfb_mode::Encryptor::<aes::Aes128>::new_from_slices(key, &iv).ok()?.encrypt(data),
        24 => cfb_mode::Encryptor::<aes::Aes192>::new_from_slices(key, &iv).ok()?.encrypt(data),
        _ => cfb_mode::Encryptor::<aes::Aes256>::new_from_slices(key, &iv).ok()?.encrypt(data),
    }
    Some(salt)
}

/// Decrypts in place. `None` when the salt or the data cannot be of this cipher. A wrong key gives
/// garbage, not `None`: the digest has been checked before.
pub(crate) fn decrypt(
    protocol: PrivProtocol,
    key: &[u8],
    boots: u32,
    time: u32,
    salt: &[u8],
    data: &mut [u8],
) -> Option<()> {
    let salt: [u8; SALT] = salt.try_into().ok()?;
    if protocol == PrivProtocol::Des {
        let (key, iv) = des_key_iv(key, salt)?;
        let cipher = cbc::Decryptor::<des::Des>::new_from_slices(key, &iv).ok()?;
        cipher.decrypt_padded::<NoPadding>(data).ok()?;
        return Some(());
    }
    let iv = aes_iv(boots, time, salt);
    match protocol.key_length() {
        16 => cfb_mode::Decryptor::<aes::Aes128>::new_from_slices(key, &iv).ok()?.decrypt(data),
        24 => cfb_mode::Decryptor::<aes::Aes192>::new_from_slices(key, &iv).ok()?.decrypt(data),
        _ => cfb_mode::Decryptor::<aes::Aes256>::new_from_slices(key, &iv).ok()?.decrypt(data),
    }
    Some(())
}
