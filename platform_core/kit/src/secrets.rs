//! Secrets: envelope-encrypted at rest, opened just in time, never printed.

use std::fmt;

use zeroize::Zeroizing;

use crate::BoxFuture;
use crate::problem::Problem;
use crate::tx::{ReadTx, WriteTx};

/// A secret in clear, wiped when dropped, never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The clear text; every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What a sealed secret is bound to: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct SecretPlace<'a> {
    /// The model, e.g. `monitoring.credential`.
    pub model: &'a str,
    /// The row.
    pub id: uuid::Uuid,
    /// The field.
    pub field: &'a str,
}

/// Seals and opens secrets of the transaction's tenant. Implemented by `platform_core/secrets`.
pub trait Secrets: Send + Sync {
    /// Encrypts for this place.
    fn seal<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        place: SecretPlace<'a>,
        clear: &'a SecretText,
    ) -> BoxFuture<'a, Result<Vec<u8>, Problem>>;
    /// Decrypts what was sealed for this place in this tenant.
    fn open<'a>(
        &'a self,
        tx: &'a mut ReadTx,
        place: SecretPlace<'a>,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretText, Problem>>;
    /// A short fingerprint that shows equality to its owner without telling the secret.
    fn fingerprint(&self, sealed: &[u8]) -> String;
}
